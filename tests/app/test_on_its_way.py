"""Between the first painting and the first weights: the window says what is true."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.app.program import Program
from playground.labs.network.view import NetworkView
from playground.views.data.answer import EMPTY, NOT_YET


def told(program: Program) -> list[str]:
    """Return what status line, inspector and answer say of what is on its way."""
    view = program.window.lab
    assert isinstance(view, NetworkView)
    neuron = view.inspector.neuron
    return [
        program.window.status_line.text("torch"),
        neuron._head.text(),
        neuron.weighted_sum.missing(),
        view.data_panel.answer._empty,
        "table" if neuron.table.isVisibleTo(neuron) else "",
    ]


def test_torch_then_the_first_weights_are_on_their_way_and_no_neuron_is_denied(unborn: Program, qtbot: QtBot) -> None:
    document = unborn.workspace.document
    unborn.begin()
    waiting = [
        "Neurons are being made …",
        "The network is being made: the sum appears with its first weights.",
        NOT_YET,
        "",
    ]
    assert told(unborn) == ["loading torch …", *waiting]
    assert document.snapshot is None
    document.torch_ready.emit()  # as its thread does; where torch was loaded before, the first weights come with it
    assert told(unborn) == ["drawing the first weights …", *waiting]
    qtbot.waitUntil(lambda: document.snapshot is not None and document.snapshot.readings is not None, timeout=60_000)
    status, head, missing, empty, _ = told(unborn)
    assert (status, missing, empty) == ("", "", EMPTY)
    assert head == "neuron 1 of hidden 1"
