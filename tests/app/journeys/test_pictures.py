"""A folder of pictures in the whole window: dropped, looked at, chosen, used, left; broken, missing, found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox
from pytestqt.qtbot import QtBot

from playground.engine import image_data as images
from playground.views.data.class_balance import ClassBalance
from playground.views.data.image_sheet import ImageSheet
from playground.views.data.picture_wall import PictureWall
from tests.app.journeys.conftest import ended
from tests.app.journeys.desk import Answers, Desk
from tests.engine.picture_samples import folder_of, noise


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder of two classes of pictures, with a broken one among them."""
    path = folder_of(tmp_path / "animals", {"cat": 12, "dog": 8}, 10, 12)
    (path / "cat" / "bad.png").write_bytes(b"no picture")
    noise(9, 30, 30, 3).save(path / "dog" / "large.jpg")
    return path


def opened(desk: Desk) -> ImageSheet:
    """Return the sheet once the folder has been looked through."""
    desk.wait(lambda: desk.window.findChild(ImageSheet) is not None)
    sheet = desk.find(ImageSheet, "image_sheet")
    desk.wait(lambda: sheet.isVisible() and " pictures of " in desk.sentence("image_detail"))
    button = desk.find(QAbstractButton, "image_use")
    desk.wait(button.isEnabled)
    return sheet


def choose(desk: Desk, field: str, value: str) -> None:
    box = desk.find(QComboBox, f"{field}_choice")
    assert box.findData(value) >= 0, f"{field} does not offer {value}"
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_a_dropped_folder_is_shown_and_becomes_data_in_one_step(desk: Desk, pictures: Path) -> None:
    before = desk.document.data
    desk.drop(pictures)
    sheet = opened(desk)
    assert desk.document.data is before, "a look changes nothing"
    assert desk.sentence("image_detail") == (
        "22 pictures of 2 classes. Sizes from 12 × 10 to 30 × 30 pixels, most often 12 × 10 (20 of all)."
    )
    assert "1 broken file left out: cat/bad.png is no picture" in desk.sentence("image_notes")
    assert sheet.choices.balance.accessibleDescription() == "cat: 13, dog: 9"
    assert sheet.choices.findChild(ClassBalance) is sheet.choices.balance
    wall = desk.find(PictureWall, "picture_wall")
    assert {found.shape for found in wall.inputs()} == {(10, 12)}
    index = desk.document.undo_stack.index()
    desk.click("image_use")
    desk.wait(lambda: not sheet.isVisible())
    data = desk.document.data
    assert (data.name, data.input_shape, data.classes) == ("animals", (10, 12), ("cat", "dog"))
    assert sum(map(len, (data.train, data.validation, data.test))) == 21
    assert "1 broken file left out: cat/bad.png" in desk.sentence("data_detail").replace("\u00a0", " ")
    desk.settle()
    assert desk.document.spec.input_shape == (10, 12)
    desk.window.activateWindow()
    desk.wait(desk.window.isActiveWindow)
    assert desk.document.undo_stack.index() == index + 1
    desk.undo()
    assert desk.document.data is before


def test_size_fit_colours_light_and_split_are_chosen_and_seen_before(desk: Desk, pictures: Path) -> None:
    desk.drop(pictures)
    sheet = opened(desk)
    wall = desk.find(PictureWall, "picture_wall")
    original = wall.inputs()[0]
    choose(desk, "image_ink", "inverted")
    np.testing.assert_array_equal(wall.inputs()[0], 255 - original)
    desk.type_in("image_columns_number", "28")
    desk.type_in("image_rows_number", "28")
    choose(desk, "image_fit", "as digits")
    assert wall.inputs()[0].shape == (28, 28)
    desk.type_in("image_rows_number", "20")
    assert sheet.choices.fit.value() == "whole", "only 28 × 28 is fitted as digits are"
    choose(desk, "image_colour", "rgb")
    choose(desk, "image_fit", "stretched")
    desk.type_in("image_share_number", "50")
    desk.type_in("image_seed_number", "3")
    desk.click("image_use")
    desk.wait(lambda: not sheet.isVisible())
    data = desk.document.data
    assert data.input_shape == (60, 28)
    assert data.source["choice"] == {
        "rows": 20, "columns": 28, "colour": True, "fit": "stretched", "is_inverted": True, "split": "share",
        "train_share": 0.5, "seed": 3,
    }  # fmt: skip
    assert len(data.train) == pytest.approx(10, abs=1)


def test_the_menu_asks_for_a_folder(desk: Desk, pictures: Path, answers: Answers) -> None:
    answers.open = (pictures,)
    action = next(a for a in desk.window.findChildren(QAction) if a.objectName() == "data_folder")
    action.trigger()
    sheet = opened(desk)
    desk.click("image_leave")
    assert not sheet.isVisible()
    assert desk.document.data.name != "animals"
    desk.trigger("data.open_folder")
    opened(desk)
    assert answers.asked == 2


def test_what_cannot_be_used_is_said_in_place(desk: Desk, tmp_path: Path, pictures: Path) -> None:
    (tmp_path / "nothing").mkdir()
    desk.drop(tmp_path / "nothing")
    desk.wait(lambda: desk.window.findChild(ImageSheet) is not None)
    desk.wait(lambda: "has no sub-folders with pictures" in desk.sentence("image_error"))
    assert not desk.find(QAbstractButton, "image_use").isEnabled()
    desk.click("image_leave")
    desk.drop(pictures)  # the same sheet serves the next folder
    opened(desk)
    assert desk.sentence("image_error") == ""
    desk.click("image_leave")
    desk.drop(pictures / "cat", pictures / "dog")
    desk.wait(lambda: "cat and 1 more: put the pictures of each class" in desk.sentence("data_error"))


def test_reading_is_broken_off(desk: Desk, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop(pictures)
    sheet = opened(desk)
    before = desk.document.data
    sheet.choices.share.set_value(60)
    desk.click("image_use")
    sheet.stop_requested.emit()
    assert desk.sentence("image_error") == "Reading was stopped; nothing has changed."
    desk.click("image_use")
    desk.wait(lambda: not sheet.isVisible())
    assert desk.document.data is not before


def test_a_folder_that_was_moved_is_asked_for_by_name(
    start: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pictures: Path, qtbot: QtBot,
    answers: Answers,
) -> None:  # fmt: skip
    monkeypatch.setattr(images, "KEPT_BYTES", 10)  # so that the pictures are kept by their path
    project = tmp_path / "a.playground"
    desk = start()
    desk.document.set_data(images.image_data(pictures))
    desk.settle()
    answers.save = project
    desk.trigger("file.save")
    desk.wait(project.exists)
    desk.wait(lambda: not desk.program.workspace.keeping.is_busy)
    ended(qtbot, desk)
    new = pictures.rename(tmp_path / "pets")
    again = start(project, ready=False)
    again.wait_for_message("animals is not there")
    again.wait(lambda: again.document.snapshot is not None and again.document.is_settled)
    answers.open = (new,)
    button = next(b for b in again.window.findChildren(QAbstractButton) if b.text() == "Find the file…")
    button.click()
    again.wait(lambda: len(again.document.data.train))
    assert again.messages == ()
    assert again.document.data.source["path"] == str(new)
