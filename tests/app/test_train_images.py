"""``playground train`` on folders of pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.app.training_command import figures, run
from tests.engine.picture_samples import folder_of


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Return pictures of upright and of lying bars, dark on light, of several sizes."""
    random = np.random.default_rng(3)
    for name in ("lying", "upright"):
        (tmp_path / "bars" / name).mkdir(parents=True)
        for number in range(40):
            rows, columns = random.integers(20, 60, 2)
            pixels = np.full((rows, columns), 250, np.uint8)
            place = random.integers(2, min(rows, columns) - 8)
            bar = pixels if name == "lying" else pixels.T
            bar[place : place + 5, 2:-2] = 5
            Image.fromarray(pixels).save(tmp_path / "bars" / name / f"{number}.png")
    return tmp_path / "bars"


def test_pictures_are_learnt_and_kept_in_the_project(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "b.playground")
    asked = ("--data", str(bars), "--image-size", "16x12", "--activation", "relu", "--epochs", "30", "--save", saved)
    found = figures(capsys, *asked, "--network", "192-16-2")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (56, 12, 12)
    assert found["test_accuracy"] > 0.9
    shutil.rmtree(bars)  # a few pictures go with the project
    assert figures(capsys, "--open", saved, "--epochs", "1")["train_count"] == 56


def test_folders_part_the_pictures_unless_a_share_is_wished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder_of(tmp_path / "train", {"a": 20, "b": 20})
    folder_of(tmp_path / "test", {"a": 5, "b": 5})
    found = figures(capsys, "--data", str(tmp_path), "--epochs", "1")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (34, 6, 10)
    found = figures(capsys, "--data", str(tmp_path), "--epochs", "1", "--image-split", "share", "--split", "0.6")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (30, 10, 10)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--image-size", "ten"), "--image-size ten"),
        (("--image-size", "9x9x9"), "write it like 28x28"),
        (("--image-size", "9999"), "a whole number from 4 to 256"),
        (("--image-fit", "loosely"), "choose one of whole, filled, stretched, as_digits"),
        (("--image-fit", "as_digits", "--image-size", "20"), "28 × 28"),
        (("--image-colours", "cmyk"), "choose one of grey, rgb"),
        (("--image-light", "dim"), "choose one of ink, paper"),
        (("--image-split", "folders"), "has no folders train and test"),
        (("--target", "y"), "--target belongs to a table"),
    ],
)
def test_wrong_options_are_sentences(
    bars: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    status, _, err = run(capsys, "--data", str(bars), *arguments)
    assert status != 0
    assert words in err


def test_options_of_pictures_go_with_pictures_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for data in (("--data", "circle"), ("--data", "digits"), ("--data", str(tmp_path / "t.csv"))):
        status, _, err = run(capsys, *data, "--image-fit", "whole")
        assert status != 0
        assert "--image-fit belongs to pictures" in err
    (tmp_path / "empty").mkdir()
    status, _, err = run(capsys, "--data", str(tmp_path / "empty"))
    assert status != 0
    assert "has no sub-folders with pictures" in err
