"""The drawing pad: strokes, eraser, undo, pen pressure, pictures from outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.views.data.ink import InkBuffer, PenPoint, area_mean, ink_picture, ink_table
from playground.views.data.pad import DrawPad
from playground.views.data.stroke import Stroke, smooth_pieces
from playground.views.look import Look
from playground.views.palette import dark, light
from tests.views.data.data_samples import column_of_ink, drag, photo_of_a_one

ONE_STROKE = [(0.3, 0.3), (0.7, 0.3), (0.5, 0.8)]


@pytest.fixture
def pad(look: Look, qtbot: QtBot) -> DrawPad:
    pad = DrawPad(look)
    pad.resize(282, 282)
    qtbot.addWidget(pad)
    pad.show()
    return pad


def test_a_stroke_leaves_smooth_ink_where_the_mouse_went(pad: DrawPad) -> None:
    heard: list[NDArray[np.float32]] = []
    pad.drawing_changed.connect(heard.append)
    drag(pad, [(0.2, 0.5), (0.8, 0.5)])
    ink = heard[-1]
    assert ink.shape == (280, 280)
    assert ink.dtype == np.float32
    assert not ink.flags.writeable
    assert ink[140, 80:200].min() == 1.0
    assert ink[:110].max() == 0
    assert ink[170:].max() == 0
    assert np.any((ink > 0.05) & (ink < 0.95))  # soft edges
    np.testing.assert_array_equal(ink, pad.ink())


def test_one_stroke_sends_less_often_than_the_mouse_moves(pad: DrawPad) -> None:
    heard: list[object] = []
    pad.drawing_changed.connect(heard.append)
    drag(pad, ONE_STROKE)  # ten moves without a pause
    assert 1 <= len(heard) <= 4


def test_ink_goes_out_while_the_pen_is_down(pad: DrawPad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.drawing_changed, timeout=2000) as heard:
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        QTest.mouseMove(pad, QPoint(150, 100))
    assert heard.args[0].any()
    assert not pad.can_undo
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))
    assert pad.can_undo


def test_undo_and_redo_stroke_by_stroke(pad: DrawPad) -> None:
    drag(pad, ONE_STROKE)
    first = pad.ink()
    drag(pad, [(0.5, 0.1), (0.5, 0.9)])
    second = pad.ink()
    pad.undo()
    np.testing.assert_array_equal(pad.ink(), first)
    pad.undo()
    assert pad.is_empty
    assert not pad.can_undo
    pad.redo()
    pad.redo()
    np.testing.assert_array_equal(pad.ink(), second)
    pad.clear()
    assert pad.is_empty
    pad.undo()
    np.testing.assert_array_equal(pad.ink(), second)


def test_a_new_stroke_forgets_what_was_undone(pad: DrawPad) -> None:
    drag(pad, ONE_STROKE)
    pad.undo()
    drag(pad, [(0.1, 0.1), (0.2, 0.1)])
    assert not pad.can_redo


def test_right_button_and_eraser_take_ink_away(pad: DrawPad) -> None:
    drag(pad, [(0.2, 0.5), (0.8, 0.5)])
    whole = pad.ink().sum()
    drag(pad, [(0.5, 0.3), (0.5, 0.7)], Qt.MouseButton.RightButton)
    cut = pad.ink()
    assert cut[140, 140] == 0
    assert cut[140, 80] == 1
    pad.set_pen(erasing=True)
    drag(pad, [(0.2, 0.5), (0.8, 0.5)])
    assert pad.ink().sum() < 0.02 * whole


def test_pen_width_changes_the_line(pad: DrawPad) -> None:
    sums = []
    for radius in (7.0, 16.0):
        pad.set_pen(radius)
        drag(pad, [(0.2, 0.5), (0.8, 0.5)])
        sums.append(float(pad.ink().sum()))
        pad.clear()
    assert sums[1] / sums[0] == pytest.approx((16 * 2 * 168 + np.pi * 256) / (7 * 2 * 168 + np.pi * 49), rel=0.03)


def send_tablet(pad: DrawPad, kind: QEvent.Type, x: float, pressure: float, eraser: bool = False) -> None:
    pointer = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    device = QPointingDevice(
        "pen", 1, QPointingDevice.DeviceType.Stylus, pointer, QPointingDevice.Capability.Pressure, 1, 1
    )
    place = QPointF(x, 140)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, device, place, place, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, button,
        Qt.MouseButton.LeftButton,
    )  # fmt: skip
    QApplication.sendEvent(pad, event)


def test_pressure_widens_the_stroke_and_the_other_end_erases(pad: DrawPad) -> None:
    send_tablet(pad, QEvent.Type.TabletPress, 60, 0.1)
    for x in range(70, 221, 10):
        send_tablet(pad, QEvent.Type.TabletMove, x, 0.1 + 0.9 * (x - 60) / 160)
    send_tablet(pad, QEvent.Type.TabletRelease, 220, 0.0)
    thickness = (pad.ink() > 0.5).sum(0)
    assert thickness[200] > 1.7 * thickness[70] > 0
    before = pad.ink().sum()
    send_tablet(pad, QEvent.Type.TabletPress, 140, 0.5, eraser=True)
    send_tablet(pad, QEvent.Type.TabletRelease, 140, 0.0, eraser=True)
    assert pad.ink().sum() < before


def test_keys_draw_erase_and_clear(pad: DrawPad) -> None:
    for _ in range(5):
        QTest.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    ink = pad.ink()
    assert ink[140, 140:185].min() == 1
    QTest.keyClick(pad, Qt.Key.Key_Left)
    np.testing.assert_array_equal(pad.ink(), ink)  # without Shift the pen only moves
    QTest.keyClick(pad, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert pad.ink().sum() < ink.sum()
    radius = pad.pen_radius
    QTest.keyClick(pad, Qt.Key.Key_BracketRight)
    assert pad.pen_radius > radius
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty


def test_a_key_that_the_pad_does_not_know_goes_on_to_the_window(pad: DrawPad) -> None:
    drag(pad, ONE_STROKE)
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not pad.is_empty  # the window's undo is the window's


def test_hiding_in_mid_stroke_ends_it(pad: DrawPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(150, 100))
    pad.hide()
    assert pad.can_undo
    assert not pad._frame.isActive()


# ---- pictures ------------------------------------------------------------------------------------------------------


def paste(pad: DrawPad) -> None:
    QTest.keyClick(pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_pasted_picture_becomes_ink_in_the_middle(pad: DrawPad, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setImage(photo_of_a_one())
    with qtbot.waitSignal(pad.drawing_changed):
        paste(pad)
    ink = pad.ink()
    x, y = column_of_ink(ink)
    assert (x, y) == pytest.approx((0.5, 0.5), abs=0.03)
    rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
    assert len(rows) == pytest.approx(0.8 * 280, abs=6)
    assert len(columns) == pytest.approx(0.8 * 280 * (0.07 * 600) / (0.6 * 800), abs=6)
    pad.undo()
    assert pad.is_empty


def test_pasting_without_a_picture_says_so(pad: DrawPad) -> None:
    QGuiApplication.clipboard().setText("seven")
    heard: list[str] = []
    pad.failed.connect(heard.append)
    paste(pad)
    assert "no picture in the clipboard" in heard[0]
    assert pad.is_empty


def test_an_empty_picture_says_that_nothing_stands_out(pad: DrawPad, qtbot: QtBot) -> None:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(0xFFEEEEEE)
    QGuiApplication.clipboard().setImage(image)
    with qtbot.waitSignal(pad.failed) as heard:
        paste(pad)
    assert "stands out" in heard.args[0]


def drop(pad: DrawPad, mime: QMimeData) -> bool:
    place = QPoint(100, 100)
    enter = QDragEnterEvent(
        place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter.ignore()
    QApplication.sendEvent(pad, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(
        QPointF(place), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(pad, event)
    return event.isAccepted()


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_a_dropped_photo_becomes_ink(pad: DrawPad, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "one.jpg"
    assert photo_of_a_one(3000, 4000).save(str(path))
    mime = files(path)
    with qtbot.waitSignal(pad.drawing_changed):
        assert drop(pad, mime)
    assert 0.02 < pad.ink().mean() < 0.3


def test_other_files_are_left_to_the_window(pad: DrawPad, tmp_path: Path) -> None:
    mime = files(tmp_path / "train-images-idx3-ubyte.gz")
    assert not drop(pad, mime)
    mime = files(tmp_path / "a.png", tmp_path / "b.png")
    assert not drop(pad, mime)


def hostile(tmp_path: Path) -> dict[str, Path]:
    photo_of_a_one().save(str(tmp_path / "whole.png"))
    data = (tmp_path / "whole.png").read_bytes()
    header = bytearray(data[:33])
    header[16:24] = (200_000).to_bytes(4, "big") * 2
    found = {
        "cut off": (tmp_path / "cut.png", data[: len(data) // 2]),
        "not a picture": (tmp_path / "words.png", b"seven " * 100),
        "empty": (tmp_path / "empty.png", b""),
        "enormous": (tmp_path / "bomb.png", bytes(header) + data[33:]),
        "svg": (tmp_path / "drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'),
    }
    for path, content in found.values():
        path.write_bytes(content)
    (tmp_path / "folder.png").mkdir()
    paths = {name: path for name, (path, _) in found.items()}
    return paths | {"folder": tmp_path / "folder.png", "missing": tmp_path / "missing.png"}


@pytest.mark.parametrize("kind", ["cut off", "not a picture", "empty", "enormous", "svg", "folder", "missing"])
def test_hostile_files_get_a_sentence_and_change_nothing(pad: DrawPad, tmp_path: Path, kind: str, qtbot: QtBot) -> None:
    drag(pad, ONE_STROKE)
    before = pad.ink()
    path = hostile(tmp_path)[kind]
    with qtbot.waitSignal(pad.failed) as heard:
        pad.open_picture(path)
    assert path.name in heard.args[0]
    assert heard.args[0].endswith(".")
    np.testing.assert_array_equal(pad.ink(), before)


def test_a_file_beyond_the_limit_is_not_read(
    pad: DrawPad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("playground.views.data.pictures.MAX_BYTES", 1000)
    path = tmp_path / "large.png"
    photo_of_a_one().save(str(path))
    with qtbot.waitSignal(pad.failed) as heard:
        pad.open_picture(path)
    assert "larger than" in heard.args[0]


def test_closing_while_a_photo_is_read_leaves_no_thread(pad: DrawPad, tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    photo_of_a_one(2000, 3000).save(str(path))
    pad.open_picture(path)
    finder = pad._intake._finder
    pad.open_picture(path)  # the second one waits for the first
    assert finder.isFinished()
    pad.close()
    assert not pad._intake.is_reading()


# ---- ink -----------------------------------------------------------------------------------------------------------


def test_pieces_of_a_fast_curve_join_without_a_corner() -> None:
    angles = np.linspace(0, np.pi, 7)  # seven points of a half circle: straight lines would turn by 30 degrees
    points = [PenPoint(140 + 90 * np.cos(a), 140 + 90 * np.sin(a), 6.0) for a in angles]
    line = [point for place in range(5) for point in smooth_pieces(points[place : place + 3])]
    steps = np.diff([(point.x, point.y) for point in line], axis=0)
    steps = steps[np.hypot(*steps.T) > 1e-6]  # the end of one piece is the start of the next
    assert len(steps) < len(line) - 1
    directions = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.degrees(np.abs(np.diff(directions))).max() < 8


def test_a_stroke_reaches_its_last_point() -> None:
    buffer = InkBuffer(280, 280)
    stroke = Stroke(buffer, PenPoint(50, 100, 6.0), erases=False)
    for x in (120, 190, 240):
        stroke.add(PenPoint(x, 100, 6.0))
    assert buffer.values[100, 240] == 0  # the last half piece waits for the next point
    stroke.finish()
    assert buffer.values[100, 45:245].min() == 1


def test_the_mean_over_areas_keeps_the_ink() -> None:
    image = np.random.default_rng(0).random((280, 140)).astype(np.float32)
    small = area_mean(image, 28, 14)
    np.testing.assert_allclose(small, image.reshape(28, 10, 14, 10).mean((1, 3)), atol=1e-5)
    assert area_mean(image, 33, 17).mean() == pytest.approx(image.mean(), rel=1e-3)


@pytest.mark.parametrize("palette", [dark(), light()])
def test_the_picture_goes_from_paper_to_ink(palette: object) -> None:
    table = ink_table(palette)
    picture = ink_picture(np.array([[0.0, 1.0, np.nan]]), table)
    assert picture.pixelColor(0, 0) == palette.colour("paper")
    assert picture.pixelColor(1, 0) == palette.colour("ink")
    assert picture.pixelColor(2, 0) == palette.colour("paper")
