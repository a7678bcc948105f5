"""A low window on a projector: what the hands need stays in sight."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.app.program import Program
from playground.engine.snapshots import Snapshot
from playground.labs.network.view import NetworkView


def is_measured(snapshot: Snapshot | None) -> bool:
    """Say whether the digits are there, not just an empty set of data."""
    return snapshot is not None and snapshot.evaluation is not None and snapshot.evaluation.validation.count > 0


def test_pad_and_brush_are_in_sight_in_a_low_window_on_a_projector(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.resize(1280, 800)
    view = window.lab
    assert isinstance(view, NetworkView)
    document = view.document
    qtbot.waitUntil(lambda: is_measured(document.snapshot), timeout=60_000)
    assert len(view.data_panel.answer._rows) == 10  # there is room at the desk
    program.preferences.change(is_projector=True)
    view.selection.select_unit(document.spec.layers[0].id, document.spec.layers[0].units[0])
    pad, tools, card = view.data_panel.drawing.pad, view.inspector.neuron.tools, view.inspector.card

    def is_seen() -> bool:
        sheet, brush = pad.visibleRegion().boundingRect(), tools.visibleRegion().boundingRect()
        fields = tools._fields["size"].visibleRegion()
        return sheet.height() >= 0.9 * pad.height() and brush.height() >= 0.5 * tools.height() and not fields.isEmpty()

    qtbot.waitUntil(is_seen)
    assert view.data_panel.width() >= view.data_panel.answer.minimumSizeHint().width()
    qtbot.waitUntil(lambda: len(view.data_panel.answer._rows) == 3)  # the strongest
    assert "validation accuracy" in card.toolTip()  # the words that the card has no room for
    program.preferences.change(is_projector=False)
    qtbot.waitUntil(lambda: len(view.data_panel.answer._rows) == 10)


def test_the_weighted_sum_stands_whole_above_the_card_in_the_first_window(program: Program, qtbot: QtBot) -> None:
    program.window.resize(1440, 900)  # 0.9 of a screen of 1600 x 1000
    view = program.window.lab
    assert isinstance(view, NetworkView)
    document = view.document
    qtbot.waitUntil(lambda: is_measured(document.snapshot), timeout=60_000)
    view.selection.select_unit(document.spec.layers[0].id, document.spec.layers[0].units[0])
    total = view.inspector.neuron.weighted_sum
    qtbot.waitUntil(lambda: bool(total.values()) and total.visibleRegion().boundingRect() == total.rect())
    assert view.inspector.neuron.canvas.height() > 250, "not at the cost of the grid"
