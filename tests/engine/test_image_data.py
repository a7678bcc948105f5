"""Pictures of a folder as data: fitting, splits, broken files, and what a project keeps of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from playground.engine import image_data as module
from playground.engine.datasets import Cancelled, DataError, data_from_source
from playground.engine.file_data import files_data
from playground.engine.image_data import image_data
from playground.engine.image_survey import survey_images
from playground.engine.images import fit_and_centre
from playground.engine.picture_fitting import (
    AS_DIGITS,
    BY_FOLDER,
    BY_SHARE,
    FILLED,
    STRETCHED,
    WHOLE,
    ImageChoice,
    fitted,
)
from playground.engine.plain_json import to_json
from tests.engine.picture_samples import folder_of, grey, noise


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder of three classes of different sizes."""
    return folder_of(tmp_path / "things", {"cat": 20, "dog": 20, "eel": 7})


def again(source: Any) -> Any:
    """Return a description as a project file brings it."""
    return json.loads(to_json(source))


# ---- fitting -------------------------------------------------------------------------------------------------------


def test_pictures_of_the_size_stay_as_they_are(pictures: Path) -> None:
    data = files_data([pictures])
    assert data.input_shape == (8, 8)
    assert data.classes == ("cat", "dog", "eel")
    originals = {np.asarray(Image.open(path)).tobytes() for path in pictures.rglob("*.png")}
    assert {row.tobytes() for part in (data.train, data.validation, data.test) for row in part.inputs} == originals


def test_the_whole_picture_is_kept_and_padded() -> None:
    tall = np.full((40, 20), 200, np.uint8)
    found = fitted(tall, ImageChoice(rows=10, columns=10, fit=WHOLE))
    assert (found[:, :2] == 0).all()
    assert (found[:, 3:7] == 200).all()
    inverted = fitted(tall, ImageChoice(rows=10, columns=10, fit=WHOLE, is_inverted=True))
    assert (inverted[:, :2] == 0).all()  # what is added is paper, whatever the picture is
    assert (inverted[:, 3:7] == 55).all()


def test_filling_cuts_the_edges_and_stretching_none() -> None:
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 255
    assert (fitted(wide, ImageChoice(rows=10, columns=10, fit=FILLED)) == 255).all()
    stretched = fitted(wide, ImageChoice(rows=9, columns=9, fit=STRETCHED))
    assert stretched[4, 0] == 0
    assert stretched[4, 4] == 255


def test_shrinking_means_over_areas_rather_than_dropping_pixels() -> None:
    lines = np.zeros((64, 64), np.uint8)
    lines[::2] = 255
    found = fitted(lines, ImageChoice(rows=8, columns=8))
    assert np.abs(found.astype(float)[1:-1] - 127.5).max() < 4


def test_as_digits_are_fitted_is_what_the_pad_does() -> None:
    drawing = Image.new("L", (90, 60), 255)
    ImageDraw.Draw(drawing).line((10, 10, 60, 50), fill=0, width=6)
    pixels = np.asarray(drawing)
    found = fitted(pixels, ImageChoice(fit=AS_DIGITS, is_inverted=True))
    expected = fit_and_centre((255 - pixels).astype(np.float32) / 255)
    np.testing.assert_allclose(found / 255, expected, atol=0.5 / 255)


def test_colours_lie_one_above_the_other(tmp_path: Path) -> None:
    for name, colour in (("red", (250, 0, 0)), ("blue", (0, 0, 200))):
        (tmp_path / name).mkdir()
        for number in range(4):
            Image.new("RGB", (6, 5), colour).save(tmp_path / name / f"{number}.png")
    data = image_data(tmp_path, ImageChoice(rows=5, columns=6, colour=True))
    assert data.input_shape == (15, 6)
    red = data.train.inputs[data.train.labels == data.classes.index("red")][0].reshape(3, 5, 6)
    assert red.mean(axis=(1, 2)).tolist() == [250, 0, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 3}, {"columns": 1_000}, {"rows": 8.0}, {"colour": 1}, {"is_inverted": "no"}, {"fit": "as I like"},
        {"split": ""}, {"train_share": True}, {"train_share": float("nan")}, {"seed": -1}, {"seed": True},
        {"fit": AS_DIGITS, "rows": 30}, {"fit": AS_DIGITS, "colour": True},
    ],
)  # fmt: skip
def test_choices_are_checked(change: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        ImageChoice(**change)


# ---- splits --------------------------------------------------------------------------------------------------------


def test_every_class_is_parted_by_share_and_seed(pictures: Path) -> None:
    choice = ImageChoice(rows=8, columns=8, train_share=0.6)
    data = image_data(pictures, choice)
    counts = [np.bincount(part.labels, minlength=3).tolist() for part in (data.train, data.validation, data.test)]
    assert counts == [[12, 12, 4], [4, 4, 1], [4, 4, 2]]
    np.testing.assert_array_equal(image_data(pictures, choice).train.inputs, data.train.inputs)
    other = image_data(pictures, replace(choice, seed=1))
    assert not np.array_equal(other.train.inputs, data.train.inputs)


def test_folders_part_the_pictures_where_they_are_asked_to(tmp_path: Path) -> None:
    for part, count in (("train", 10), ("test", 4)):
        folder_of(tmp_path / part, {"a": count, "b": count})
    data = image_data(tmp_path)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [16, 4, 8]
    names = {path.name: np.asarray(Image.open(path)).tobytes() for path in (tmp_path / "test" / "a").iterdir()}
    assert set(names.values()) <= {row.tobytes() for row in data.test.inputs}
    pooled = image_data(tmp_path, ImageChoice(rows=8, columns=8, split=BY_SHARE, train_share=0.5))
    assert len(pooled.train) == 14
    folder_of(tmp_path / "val", {"a": 3, "b": 3})
    assert len(image_data(tmp_path).validation) == 6
    with pytest.raises(DataError, match="has no folders train and test"):
        image_data(tmp_path / "train", ImageChoice(split=BY_FOLDER))


# ---- what is proposed ----------------------------------------------------------------------------------------------


def test_the_commonest_small_size_is_proposed_and_dark_on_light_is_turned(tmp_path: Path) -> None:
    folder_of(tmp_path / "small", {"a": 5, "b": 5}, 20, 30)
    found = survey_images(tmp_path / "small")
    assert (found.proposed.rows, found.proposed.columns, found.proposed.is_inverted) == (20, 30, False)
    assert found.sizes == (((20, 30), 10),)
    assert [label for label, _ in found.pictures] == [0, 1] * 5
    for name in ("a", "b"):
        (tmp_path / "paper" / name).mkdir(parents=True)
        for number in range(3):
            page = grey(240, 100, 80)
            ImageDraw.Draw(page).ellipse((20, 20, 60, 60), fill=10)
            page.save(tmp_path / "paper" / name / f"{number}.png")
    proposed = survey_images(tmp_path / "paper").proposed
    assert (proposed.rows, proposed.columns, proposed.is_inverted) == (28, 28, True)


# ---- broken files --------------------------------------------------------------------------------------------------


def test_a_few_broken_files_are_counted_and_named(pictures: Path) -> None:
    (pictures / "cat" / "bad.png").write_bytes(b"no picture")
    whole = (pictures / "dog" / "000.png").read_bytes()
    (pictures / "dog" / "half.png").write_bytes(whole[: len(whole) // 2])
    survey = survey_images(pictures)
    assert survey.broken[0] == ("cat/bad.png", "is no picture, whatever its name says")
    data = image_data(pictures, survey.proposed)
    assert sum(map(len, (data.train, data.validation, data.test))) == 47
    assert "2 broken files left out: " in data.detail
    assert "cat/bad.png is no picture, whatever its name says" in data.detail
    assert "dog/half.png is damaged" in data.detail


def test_a_folder_of_broken_files_is_refused(pictures: Path) -> None:
    for path in sorted(pictures.rglob("*.png"))[:30]:
        path.write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"30 of the 47 files in .*things cannot be read as pictures: \w+/\d+.png is"):
        image_data(pictures, ImageChoice(rows=8, columns=8))
    for path in pictures.rglob("*.png"):
        path.write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"Not one picture of .* can be read"):
        image_data(pictures)


def test_too_many_pixels_are_refused_before_they_are_read(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "free_bytes", lambda: 1_000_000)
    with pytest.raises(DataError, match=r"47 pictures of 200 × 200 pixels need 0\.0 GB"):
        image_data(pictures, ImageChoice(rows=200, columns=200))


def test_reading_can_be_broken_off(pictures: Path) -> None:
    told: list[float] = []

    def progress(share: float, text: str) -> None:
        told.append(share)

    with pytest.raises(Cancelled):
        image_data(pictures, ImageChoice(), progress=progress, cancelled=lambda: len(told) > 2)
    assert told[-1] > 0


# ---- kept with a project -------------------------------------------------------------------------------------------


def test_few_pictures_are_kept_inside(pictures: Path) -> None:
    data = image_data(pictures)
    shutil.rmtree(pictures)
    back = data_from_source(again(data.source))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(back, part).inputs, getattr(data, part).inputs)
        np.testing.assert_array_equal(getattr(back, part).labels, getattr(data, part).labels)
    assert (back.name, back.detail, back.classes) == (data.name, data.detail, data.classes)


def test_many_are_known_by_path_and_checksum(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 100)
    data = image_data(pictures)
    source = again(data.source)
    assert source["path"] == str(pictures)
    np.testing.assert_array_equal(data_from_source(source).train.inputs, data.train.inputs)
    moved = pictures.parent / "moved"
    pictures.rename(moved)
    with pytest.raises(DataError, match="things is not there"):
        data_from_source(source)
    assert data_from_source({**source, "path": str(moved)}).source["sha256"] == source["sha256"]
    noise(77).save(moved / "cat" / "000.png")
    with pytest.raises(DataError, match="holds other pictures"):
        data_from_source({**source, "path": str(moved)})


@pytest.mark.parametrize(
    "change",
    [
        {"pixels": ""}, {"pixels": None}, {"pixels": "####"}, {"labels": "eJw="}, {"counts": [1, 2]},
        {"counts": [10**9, 0, 0]}, {"counts": [47, 0, -1]}, {"counts": [0, 47, 0]}, {"counts": [True, 46, 0]},
        {"classes": ["a"]}, {"classes": "abc"}, {"classes": [1, 2, 3]}, {"name": 3}, {"detail": "x" * 10_000},
        {"choice": None}, {"choice": {"rows": 10**9}}, {"choice": {"rows": 9, "columns": 8}}, {"classes": ["a", "b"]},
    ],
)  # fmt: skip
def test_a_garbled_description_is_refused(pictures: Path, change: dict[str, Any]) -> None:
    source = again(image_data(pictures).source)
    with pytest.raises(DataError):
        data_from_source({**source, **change})


@pytest.mark.parametrize("path", [None, 3, "", "x\x00y", "x" * 10_000])
def test_a_description_without_a_folder_is_refused(path: object) -> None:
    with pytest.raises(DataError, match="names no folder"):
        data_from_source({"kind": "images", "choice": asdict(ImageChoice()), "path": path})
