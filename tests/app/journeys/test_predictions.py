"""Answers beside targets: worked out from the weights on the screen, sorted, sampled, written."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from playground.engine.table_data import TableChoice, table_data
from playground.engine.targets import VALUES
from playground.views.data.prediction_sheet import PredictionSheet
from tests.app.journeys.desk import Answers, Desk


def table_of(rows: int) -> str:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, rows))
    return "a,b,y,side\n" + "".join(
        f"{p:.4f},{q:.4f},{p - q:.4f},{'left' if p < q else 'right'}\n" for p, q in zip(a, b, strict=True)
    )


def begin(desk: Desk, target: str, rows: int = 120) -> PredictionSheet:
    desk.document.set_data(table_data(table_of(rows), TableChoice(target)))
    desk.settle()
    desk.click("answer_all")
    desk.wait(lambda: "At step" in desk.sentence("prediction_words"))
    return desk.find(PredictionSheet, "prediction_sheet")


def outputs(desk: Desk, inputs: np.ndarray) -> np.ndarray:
    """Work out from the weights on the screen what the network answers."""
    act = inputs
    for index, layer in enumerate(desk.snapshot.spec.layers):
        pre = act @ desk.snapshot.weight(index).T + desk.snapshot.bias(index)
        act = 1 / (1 + np.exp(-pre)) if layer.activation == "sigmoid" else pre
    return act


def column(sheet: PredictionSheet, name: str) -> list[str]:
    heads = [sheet.model.headerData(place, Qt.Orientation.Horizontal) for place in range(sheet.model.columnCount())]
    place = heads.index(name)
    return [str(sheet.model.index(row, place).data()) for row in range(sheet.model.rowCount())]


def test_classes_are_those_of_the_weights_on_the_screen_and_mistakes_sort_to_the_top(desk: Desk) -> None:
    sheet = begin(desk, "side")
    data = desk.document.data
    answered = outputs(desk, data.validation.as_float()).argmax(axis=1)
    assert column(sheet, "answer") == [data.classes[answer] for answer in answered]
    assert column(sheet, "target") == [data.classes[label] for label in data.validation.labels]
    right = int((answered == data.validation.labels).sum())
    assert f"{100 * right / len(answered):.1f} % of all right" in desk.sentence("prediction_words")
    header = sheet.table.horizontalHeader()
    place = sheet.model.columnCount() - 1
    QTest.mouseClick(
        header.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(header.sectionViewportPosition(place) + 8, header.height() // 2),
    )
    found = column(sheet, "right")
    assert found in (sorted(found), sorted(found, reverse=True))
    assert sorted(column(sheet, "row"), key=int) == [str(row + 1) for row in range(len(answered))]


def test_numbers_are_shown_with_how_far_off_they_are_and_written_to_a_file(
    desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    sheet = begin(desk, "y")
    data = desk.document.data
    assert data.task == VALUES
    assert data.validation.values is not None
    (scale,) = data.target_scales
    assert not scale.is_plain
    given = scale.original(outputs(desk, data.validation.as_float())[:, 0])
    wanted = [float(text) for text in column(sheet, "target")]
    known = {float(line.split(",")[2]) for line in table_of(120).splitlines()[1:]}
    assert set(wanted) <= known, "targets stand in the unit of the table"
    off = given - wanted
    assert np.allclose([float(text) for text in column(sheet, "off by")], off, atol=1e-4)
    assert f"{np.sqrt((off**2).mean()):.4g} (y)" in desk.sentence("prediction_words")
    answers.save = tmp_path / "out.csv"
    desk.click("prediction_export")
    desk.wait(lambda: answers.save is not None and answers.save.exists())
    desk.wait_for_message("were written to")
    with (tmp_path / "out.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["row", "a", "b", "side", "target", "answer", "off by"]
    assert {row["side"] for row in rows} == {"left", "right"}
    assert np.allclose([float(row["answer"]) for row in rows], given, atol=2e-5)
    assert [float(row["target"]) for row in rows] == wanted
    assert {(float(row["a"]), float(row["b"])) for row in rows} <= {
        (float(line.split(",")[0]), float(line.split(",")[1])) for line in table_of(120).splitlines()[1:]
    }


def test_of_a_large_part_a_sample_is_shown_and_said_and_the_file_has_all(
    desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    sheet = begin(desk, "side", rows=9_000)
    box = desk.find(QComboBox, "prediction_part_choice")
    box.setCurrentIndex(box.findData("train"))
    box.activated.emit(box.currentIndex())
    desk.wait(lambda: "2,000 of 6,300 examples, evenly spread" in desk.sentence("prediction_words"))
    assert sheet.model.rowCount() == 2_000
    data = desk.document.data
    right = (outputs(desk, data.train.as_float()).argmax(axis=1) == data.train.labels).mean()
    assert f"{100 * right:.1f} % of all right" in desk.sentence("prediction_words"), (
        "the share is of all, not of the sample"
    )
    answers.save = tmp_path / "all.csv"
    desk.click("prediction_export")
    desk.wait_for_message("were written to")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 6_301


def test_what_was_measured_says_its_step_and_that_the_network_has_gone_on(desk: Desk) -> None:
    begin(desk, "side")
    assert "At step 0:" in desk.sentence("prediction_words")
    desk.document.advance(steps=5)
    desk.wait(lambda: desk.snapshot.step == 5)  # a frame may show a step on the way
    desk.settle()
    desk.wait(lambda: "gone on since" in desk.sentence("prediction_words"))
    desk.click("prediction_again")
    desk.wait(lambda: "At step 5:" in desk.sentence("prediction_words"))
    desk.document.set_data(table_data(table_of(50), TableChoice("side")))
    assert "measure again" in desk.sentence("prediction_words")


def test_a_file_that_cannot_be_written_is_said_in_place(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    begin(desk, "side")
    answers.save = tmp_path / "nowhere" / "out.csv"
    desk.click("prediction_export")
    desk.wait(lambda: "could not be saved" in desk.sentence("prediction_error"))


@pytest.mark.parametrize("part", ["validation", "test"])
def test_digits_have_a_table_too(desk: Desk, part: str) -> None:
    desk.trigger("data.predictions")
    box = desk.find(QComboBox, "prediction_part_choice")
    box.setCurrentIndex(box.findData(part))
    box.activated.emit(box.currentIndex())
    total = len(getattr(desk.document.data, part))
    words = f"{total:,} examples" if total else "has no examples"
    desk.wait(lambda: words in desk.sentence("prediction_words"))


def test_of_pictures_each_row_shows_the_example_and_all_columns_are_in_sight(desk: Desk) -> None:
    desk.trigger("data.predictions")
    desk.wait(lambda: "At step" in desk.sentence("prediction_words"))
    sheet = desk.find(PredictionSheet, "prediction_sheet")
    heads = [sheet.model.headerData(place, Qt.Orientation.Horizontal) for place in range(sheet.model.columnCount())]
    assert heads == ["row", "target", "answer", "right"], "no numbers of pixels"
    header = sheet.table.horizontalHeader()
    assert header.sectionPosition(3) + header.sectionSize(3) <= sheet.table.viewport().width()
    validation = desk.document.data.validation
    for row in (0, 7):
        picture = sheet.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
        assert picture.width() <= sheet.table.rowHeight(row)
        shown = np.array(
            [[picture.pixelColor(x, y).lightness() for x in range(picture.width())] for y in range(picture.height())]
        )
        place = np.arange(picture.height()) * 28 // picture.height()
        pixels = validation.as_float()[:20].reshape(20, 28, 28)[:, place][:, :, place]
        likeness = [np.corrcoef(shown.ravel(), one.ravel())[0, 1] for one in pixels]
        assert np.argmax(likeness) == row, "of the first twenty it is like no other"
        assert likeness[row] > 0.8
