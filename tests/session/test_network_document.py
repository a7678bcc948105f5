from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine import structure
from playground.engine.checkpoint import Checkpoint
from playground.engine.commands import BIAS, Cells, Paint, SetCells, SetMask, SetMaskWhole, TransformUnits
from playground.engine.settings import SettingError, Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.session.network_document import NetworkDocument
from tests.engine.blobs import blobs


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[NetworkDocument]:
    made = NetworkDocument(settings=Settings(batch_size=16, seed=2))
    made.start_anew(build((6, 5, 4, 3)), Settings(batch_size=16, seed=2), blobs())
    made.start_thread()
    yield made
    made.close()


def settled(qtbot: QtBot, document: NetworkDocument) -> Snapshot:
    """Wait until everything that was posted is in the snapshot, and measured."""

    def is_there() -> bool:
        document.poll()
        snapshot = document.snapshot
        return document.is_settled and snapshot is not None and not snapshot.is_running

    qtbot.waitUntil(is_there, timeout=20_000)
    assert document.snapshot is not None
    return document.snapshot


def trained(qtbot: QtBot, document: NetworkDocument, steps: int) -> Snapshot:
    before = settled(qtbot, document).step
    document.advance(steps=steps)
    qtbot.waitUntil(lambda: bool(document.poll()) and document.snapshot.step == before + steps, timeout=20_000)
    return settled(qtbot, document)


def cells(document: NetworkDocument, index: int, unit: int, sources: list[int]) -> Cells:
    layer = document.spec.layers[index]
    return Cells.of_unit(layer.id, layer.units[unit], sources)


def test_everything_undone_is_as_it_was_bit_for_bit(qtbot: QtBot, document: NetworkDocument) -> None:
    start = trained(qtbot, document, 25)
    spec, settings, data = document.face.spec, document.settings, document.data
    first, second = (layer.id for layer in document.spec.layers[:2])
    document.edit(Paint(1, cells(document, 0, 2, [0, 1]), np.array([1, 0.5], np.float32), 0.7), "paint")
    document.edit(Paint(1, cells(document, 0, 2, [1, 2]), np.array([0.8, 0.5], np.float32), 0.7), "paint")
    document.end_stroke(1)
    document.restructure(structure.add_units(document.spec, first, 3))
    document.edit(TransformUnits(first, document.spec.layers[0].units, "randomise", 0.3, seed=4), "randomise")
    document.change_setting("learning_rate", 0.1)
    document.restructure(structure.duplicate_units(document.spec, second, document.spec.layers[1].units[:2]))
    document.edit(SetMask("present", cells(document, 1, 0, [document.spec.layers[0].units[0]]), False), "cut")
    document.edit(SetMaskWhole("movable", first, (), False), "freeze")
    document.change_settings({"seed": 99})
    document.restructure(structure.insert_layer(document.spec, document.spec.layers[-1].id, activation="relu"))
    document.edit(SetCells(cells(document, 0, 0, [BIAS]), np.array([3.0], np.float32), "bias"), "bias")
    document.set_data(blobs(features=9, classes=4), "other")
    document.restructure(structure.retyped(document.spec, "9-2-7-4"))
    document.set_data(document.data.with_added(np.zeros((1, 9), np.float32), np.array([1])), "added")
    document.reset()
    changed = settled(qtbot, document)
    assert changed.spec.widths == (9, 2, 7, 4)
    assert changed.trouble is None
    assert document.undo_stack.count() == 14
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    back = settled(qtbot, document)
    assert back.trouble is None
    assert (document.face.spec, document.settings) == (spec, settings)
    assert document.data is data
    assert (back.spec, back.settings, back.step) == (spec, settings, start.step)
    assert np.array_equal(back.parameters, start.parameters)
    assert back.movable is None
    assert back.present is None
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    again = settled(qtbot, document)
    assert again.trouble is None
    assert again.spec == changed.spec
    assert np.array_equal(again.parameters, changed.parameters)
    assert (again.settings, again.train_count) == (changed.settings, changed.train_count)


def test_a_stroke_is_one_entry_and_a_cancelled_one_is_taken_back(qtbot: QtBot, document: NetworkDocument) -> None:
    before = settled(qtbot, document)
    for column in range(5):
        document.edit(Paint(7, cells(document, 0, 0, [column]), np.ones(1, np.float32), 1.0), "paint")
    assert document.undo_stack.count() == 1
    document.cancel_stroke(7)
    assert np.array_equal(settled(qtbot, document).parameters, before.parameters)
    assert document.undo_stack.index() == 0


def test_a_drag_on_a_setting_is_one_entry(qtbot: QtBot, document: NetworkDocument) -> None:
    for rate in (0.02, 0.03, 0.05):
        document.change_setting("learning_rate", rate, is_drag=True)
    document.end_drag()
    document.change_setting("learning_rate", 0.2, is_drag=True)
    document.end_drag()
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.settings.learning_rate == 0.05
    document.undo_stack.undo()
    assert document.settings.learning_rate == 0.01
    assert settled(qtbot, document).settings.learning_rate == 0.01


def test_a_wrong_setting_is_refused_and_nothing_is_posted(document: NetworkDocument) -> None:
    posted = document.channel.posted_seq
    for field, value in (("learning_rate", 0), ("learning_rate", 1e9), ("batch_size", 1.5), ("optimizer", "magic")):
        with pytest.raises(SettingError):
            document.change_setting(field, value)
    assert document.channel.posted_seq == posted
    assert document.undo_stack.count() == 0


def test_undo_in_mid_training_takes_back_the_edit_alone(qtbot: QtBot, document: NetworkDocument) -> None:
    before = trained(qtbot, document, 5)
    document.edit(SetCells(cells(document, 0, 1, [3]), np.array([2.0], np.float32), "set"), "set")
    later = trained(qtbot, document, 20)
    document.undo_stack.undo()
    back = settled(qtbot, document)
    same = back.weight(0) == later.weight(0)
    assert back.weight(0)[1, 3] == before.weight(0)[1, 3]
    assert same.sum() == same.size - 1


def test_ids_are_never_used_twice_even_after_undo(qtbot: QtBot, document: NetworkDocument) -> None:
    first = document.spec.layers[0].id
    document.restructure(structure.add_units(document.spec, first))
    gone = document.spec.layers[0].units[-1]
    document.undo_stack.undo()
    document.restructure(structure.add_units(document.spec, first))
    assert document.spec.layers[0].units[-1] != gone
    # a stroke against the neuron that is gone is dropped with a word
    words: list[str] = []
    document.said.connect(words.append)
    document.edit(SetCells(Cells.of_unit(first, gone, [0]), np.ones(1, np.float32), "set"), "set")
    settled(qtbot, document)
    assert "left out" in words[-1]


def test_dirty_means_something_would_be_lost(qtbot: QtBot, document: NetworkDocument) -> None:
    settled(qtbot, document)
    assert not document.is_dirty
    trained(qtbot, document, 1)
    assert document.is_dirty
    kept: list[Checkpoint] = []
    document.request_checkpoint(kept.append)
    qtbot.waitUntil(lambda: bool(document.poll()) or bool(kept))
    document.note_saved((kept[0].segment, kept[0].step), document.undo_stack.index())
    assert not document.is_dirty
    document.change_setting("l2", 0.1)
    assert document.is_dirty
    document.undo_stack.undo()
    assert not document.is_dirty


def test_receipts_that_undo_cannot_reach_are_forgotten(qtbot: QtBot, document: NetworkDocument) -> None:
    document.undo_stack.setUndoLimit(3) if document.undo_stack.count() == 0 else None
    for number in range(70):
        document.edit(SetCells(cells(document, 0, 0, [0]), np.array([float(number)], np.float32), "set"), "set")
    assert len(document._receipted) <= 3 + 6
    for _ in range(3):
        document.undo_stack.undo()
    assert settled(qtbot, document).weight(0)[0, 0] == 66.0
    assert not document.undo_stack.canUndo()


def test_closing_in_mid_import_ends_the_thread(qtbot: QtBot) -> None:
    made = NetworkDocument()
    made.start_thread()
    made.close()
    assert not made._thread.isRunning()


def test_what_a_view_changes_when_it_sees_the_new_structure_is_listed_after_it(
    qtbot: QtBot, document: NetworkDocument
) -> None:
    before = settled(qtbot, document).parameters
    first = document.spec.layers[0]

    def paint(_spec: object) -> None:
        document.structure_changed.disconnect(paint)
        document.edit(SetCells(cells(document, 0, 1, [2]), np.ones(1, np.float32), "late"), "late")

    document.structure_changed.connect(paint)
    document.restructure(structure.remove_units(document.spec, first.id, first.units[:1]))
    stack = document.undo_stack
    assert [stack.text(place) for place in range(stack.count())] == ["1 neuron removed from hidden 1", "late"]
    stack.setIndex(0)
    assert document.spec.text == "6-5-4-3"
    np.testing.assert_array_equal(settled(qtbot, document).parameters, before)


def test_what_the_hand_still_holds_belongs_to_the_stroke_that_closes(qtbot: QtBot, document: NetworkDocument) -> None:
    before = settled(qtbot, document).parameters
    one = np.ones(1, np.float32)

    def flush() -> None:
        document.edit(Paint(9, cells(document, 0, 2, [3]), one, 0.7), "paint")
        document.end_stroke(9)

    document.edit(Paint(9, cells(document, 0, 2, [1]), one, 0.7), "paint")
    document.stroke_closing.connect(flush)
    document.restructure(structure.add_units(document.spec, document.spec.layers[0].id))
    assert document.undo_stack.count() == 2
    document.undo_stack.setIndex(0)
    np.testing.assert_array_equal(settled(qtbot, document).parameters, before)


def test_changes_within_a_macro_can_be_undone_however_many_follow(qtbot: QtBot, document: NetworkDocument) -> None:
    before = settled(qtbot, document).parameters
    stack, one = document.undo_stack, np.ones(1, np.float32)
    stack.beginMacro("both")
    for source in (0, 1):
        document.edit(SetCells(cells(document, 0, 1, [source]), one, "one"), "one")
    stack.endMacro()
    for _ in range(150):  # more than once the receipts that nobody can ask for are looked for
        document.edit(SetCells(cells(document, 0, 2, [0]), one, "two"), "two")
    stack.setIndex(0)
    np.testing.assert_array_equal(settled(qtbot, document).parameters, before)
