"""What nobody planned for: structure and data change while it trains, paints and draws, and all of it is taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from playground.views.data.pad import DrawPad
from tests.app.journeys.desk import LEFT, NO_KEYS, Desk
from tests.app.journeys.test_bad_input import idx


def write_data(folder: Path, *, count: int = 90, side: int = 28, classes: int = 10) -> Path:
    """Write images of another size, or of another number of classes, as IDX files."""
    folder.mkdir()
    pixels = np.random.default_rng(5).integers(0, 256, (count, side, side))
    (folder / "train-images-idx3-ubyte").write_bytes(idx(pixels))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(np.arange(count) % classes))
    return folder


def take_all_back(desk: Desk) -> None:
    stack = desk.document.undo_stack
    while stack.canUndo():
        stack.undo()
    desk.settle()


def pause(desk: Desk) -> None:
    desk.view.running.set_playing(False)
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)


def test_layers_come_and_go_while_it_trains_and_undo_brings_them_back(desk: Desk) -> None:
    first = desk.document.spec
    desk.click("play_button")
    desk.wait_for_steps(20)
    for place in (0, 1, 3):
        desk.click_head("insert", place)
        desk.wait_for_steps(3)
    assert len(desk.document.spec.layers) == 6
    desk.click_unit(1, 0)
    assert desk.view.selection.layer == desk.document.spec.layers[1].id
    for action in ("remove_layer", "remove_layer", "move_layer_right", "add_neuron", "remove_layer"):
        desk.trigger(f"network.{action}")
        desk.wait_for_steps(3)
    pause(desk)
    take_all_back(desk)
    assert desk.document.spec.layers == first.layers
    assert desk.snapshot.spec.layers == first.layers
    assert desk.snapshot.trouble is None
    assert np.isfinite(desk.parameters).all()


def test_all_hidden_layers_go_and_come_back(desk: Desk) -> None:
    before = desk.parameters
    for _ in range(2):
        desk.view.building.remove_layer(desk.document.spec.layers[0].id)
    desk.settle()
    assert desk.document.spec.text == "784-10"
    assert desk.view.selection.layer == desk.document.spec.layers[0].id
    desk.view.building.remove_layer(desk.document.spec.layers[0].id)
    assert any("output layer follows the classes" in text for text in desk.messages)
    desk.trigger("network.insert_layer")
    desk.settle()
    assert desk.document.spec.layers[0].activation == "relu"
    take_all_back(desk)
    np.testing.assert_array_equal(desk.parameters, before)


def test_the_neuron_goes_while_it_is_painted(desk: Desk) -> None:
    canvas, before = desk.view.inspector.neuron.canvas, desk.parameters
    path = desk.canvas_points(*((4.0 + row, 13.0) for row in range(12)))
    desk.press_at(canvas, path[0])
    for point in path[1:5]:
        desk.move_to(canvas, point)
    desk.settle()
    desk.trigger("network.delete_neuron")
    desk.settle()
    assert desk.document.spec.text == "784-15-16-10"
    for point in path[5:]:
        desk.move_to(canvas, point)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, path[-1].toPoint())
    desk.settle()
    take_all_back(desk)
    assert desk.document.spec.text == "784-16-16-10"
    np.testing.assert_array_equal(desk.parameters, before)


def test_undo_in_mid_stroke_takes_the_whole_stroke(desk: Desk) -> None:
    canvas, before = desk.view.inspector.neuron.canvas, desk.parameters
    desk.view.building.add_unit(desk.document.spec.layers[0].id)
    desk.settle()
    path = desk.canvas_points(*((4.0 + row, 13.0) for row in range(12)))
    desk.press_at(canvas, path[0])
    desk.wait(lambda: desk.document.undo_stack.undoText().startswith("paint"))
    for point in path[1:]:
        desk.move_to(canvas, point)
    desk.document.undo_stack.undo()  # what the hand has not sent yet is taken back as well
    assert desk.document.undo_stack.undoText() == "1 neuron added to hidden 1"
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, path[-1].toPoint())
    desk.document.undo_stack.undo()
    desk.settle()
    assert desk.document.undo_stack.index() == 0
    assert desk.document.undo_stack.count() == 2
    np.testing.assert_array_equal(desk.parameters, before)


def test_images_of_another_size_in_mid_training_and_back(desk: Desk, tmp_path: Path) -> None:
    source = desk.document.data.source
    desk.click("play_button")
    desk.wait_for_steps(20)
    desk.drop(write_data(tmp_path / "small", side=9, classes=3))
    desk.wait(lambda: desk.document.data.input_shape == (9, 9))
    desk.settle()
    assert desk.document.spec.text == "81-16-16-3"
    assert desk.snapshot.is_running
    pad = desk.find(DrawPad, "draw_pad")
    desk.drag(pad, [QPointF(20 + 6 * step, 30 + 4 * step) for step in range(10)])
    desk.settle()
    assert desk.snapshot.readings is not None
    assert desk.snapshot.readings.inputs.shape == (81,)
    assert desk.snapshot.readings.inputs.any()
    desk.wait_for_steps(5)
    desk.drop(write_data(tmp_path / "many", side=28, classes=7))
    desk.wait(lambda: desk.document.spec.text == "784-16-16-7")
    desk.settle()
    desk.view.data_panel.add_row.request()
    desk.settle()
    assert desk.document.data.added == 1
    take_all_back(desk)
    assert desk.document.data.source == source
    assert desk.document.spec.text == "784-16-16-10"
    desk.wait_for_steps(5)
    assert desk.snapshot.readings is not None
    assert desk.snapshot.readings.inputs.shape == (784,)


def photo(path: Path) -> Path:
    """Draw a seven with a dark pen on grey paper, as a photo would show it."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(190, 185, 170))
    painter = QPainter(image)
    pen = painter.pen()
    pen.setWidth(22)
    pen.setColor(QColor(30, 30, 60))
    painter.setPen(pen)
    painter.drawPolyline([QPointF(120, 70), QPointF(270, 70), QPointF(190, 240)])
    painter.end()
    assert image.save(str(path))
    return path


def test_a_photo_that_is_dropped_on_the_window_becomes_the_input(desk: Desk, tmp_path: Path) -> None:
    pad = desk.find(DrawPad, "draw_pad")
    desk.drop(photo(tmp_path / "seven.png"))
    desk.wait(lambda: not pad.is_empty)
    desk.settle()
    readings = desk.snapshot.readings
    assert readings is not None
    seen = readings.inputs.reshape(28, 28)
    rows, columns = np.flatnonzero(seen.max(1) > 0.3), np.flatnonzero(seen.max(0) > 0.3)
    assert 19 <= np.ptp(rows) + 1 <= 21
    for axis in (0, 1):  # the centre of mass stands in the middle
        mass = seen.sum(axis=1 - axis)
        assert abs((mass * np.arange(28)).sum() / mass.sum() - 13.5) < 0.75
    assert seen[rows[0] + 1, columns[0] + 2] > 0.5  # the bar on top
    assert seen[rows[-1] - 1, columns[0] + 1] < 0.1  # nothing at the lower left
    desk.drop(write_data(tmp_path / "small", side=8, classes=3))  # while the drawing is the input
    desk.wait(lambda: desk.document.data.input_shape == (8, 8))
    take_all_back(desk)
    assert desk.document.spec.text == "784-16-16-10"


def test_a_file_that_only_looks_like_a_picture_says_so(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "seven.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    desk.drop(tmp_path / "seven.png")
    desk.wait(lambda: desk.sentence("draw_error"))
    assert "seven.png" in desk.sentence("draw_error")


def test_typing_a_structure_in_mid_training_keeps_what_has_a_place(desk: Desk) -> None:
    desk.click("play_button")
    desk.wait_for_steps(20)
    desk.type_in("structure_text", "784-20-16-10")
    desk.settle()
    assert desk.snapshot.spec.text == "784-20-16-10"
    for text, words in (("784--16", "place 2"), ("0-0", "0 neurons"), ("784-16-16-10-", "place 5"), ("780-10", "784")):
        field = desk.type_in("structure_text", text)
        assert desk.document.spec.text == "784-20-16-10", text
        said = [*desk.messages, desk.sentence("structure_word")]
        assert any(words in sentence for sentence in said), (text, said)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    pause(desk)
    take_all_back(desk)
    assert desk.document.spec.text == "784-16-16-10"
