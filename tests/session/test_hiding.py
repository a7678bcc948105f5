"""What a project hides: told when it changes, restored from anything, bounded."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.engine.hidden import MOST_HIDDEN
from playground.session.hiding import Hiding


def test_a_choice_is_told_once_and_only_where_it_is_another(qtbot: QtBot) -> None:
    hiding = Hiding()
    heard: list[str] = []
    hiding.changed.connect(lambda: heard.append("changed"))
    hiding.chosen.connect(lambda: heard.append("chosen"))
    hiding.choose({"network.loss"})
    hiding.choose(["network.loss", "network.loss"])
    assert heard == ["changed", "chosen"]
    assert hiding.to_json() == ["network.loss"]


def test_a_file_restores_without_counting_as_a_choice(qtbot: QtBot) -> None:
    hiding = Hiding()
    chosen: list[int] = []
    hiding.chosen.connect(lambda: chosen.append(1))
    with qtbot.waitSignal(hiding.changed):
        hiding.restore(["network.loss", "part.of.later", 7])
    assert hiding.parts == {"network.loss", "part.of.later"}
    with qtbot.waitSignal(hiding.changed):  # the same, but what was restored before may have shown it
        hiding.restore(["part.of.later", "network.loss"])
    hiding.restore(None)
    assert not hiding.parts
    assert not chosen


def test_there_is_a_bound(qtbot: QtBot) -> None:
    hiding = Hiding()
    hiding.restore([f"a.b{number}" for number in range(10_000)])
    assert len(hiding.parts) == MOST_HIDDEN
    hiding.choose([f"a.b{number}" for number in range(10_000)])
    assert len(hiding.parts) == MOST_HIDDEN
