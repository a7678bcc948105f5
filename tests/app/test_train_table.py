"""``playground train`` on tables of text and numpy's arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.app.training_command import figures, run
from tests.engine.bundled_samples import install


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table whose class follows from a sum, and a number from the same columns."""
    random = np.random.default_rng(2)
    a, b = random.normal(5, 3, 400), random.normal(-1, 1, 400)
    kind = np.where(a + 3 * b > 2, "above", "below")
    rows = [f"{x:.3f};{y:.3f};{z};{2 * x - y:.3f}".replace(".", ",") for x, y, z in zip(a, b, kind, strict=True)]
    path = tmp_path / "t.csv"
    path.write_text("a;b;class;y\n" + "\n".join(rows) + "\n")
    return path


def test_classes_of_a_table_are_learnt(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "--data", str(table), "--network", "3-8-2", "--epochs", "60")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (280, 60, 60)
    assert found["test_accuracy"] > 0.9


def test_numbers_of_a_table_are_learnt_and_trained_on(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "t.playground")
    asked = ["--data", str(table), "--target", "y", "--activation", "tanh", "--save", saved]
    first = figures(capsys, *asked, "--epochs", "30")
    assert first["train_accuracy"] is None
    table.unlink()  # a small table goes with the project
    further = figures(capsys, "--open", saved, "--epochs", "30", "--lr", "0.003")
    assert further["validation_loss"] < first["validation_loss"]


def test_arrays_are_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(2)
    x = random.normal(size=(300, 2, 2))
    np.savez(tmp_path / "a.npz", x=x, y=(x.sum(axis=(1, 2)) > 0).astype(int))
    assert figures(capsys, "--data", str(tmp_path / "a.npz"), "--epochs", "30")["test_accuracy"] > 0.9


def test_options_that_cannot_be_get_a_sentence(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(table)]
    for arguments, says in (
        ([*data, "--target", "z"], "has no column 'z'"),
        ([*data, "--task", "two"], "choose one of classes, values"),
        ([*data, "--scaling", "much"], "choose one of none, 0..1, standardised"),
        ([*data, "--split", "1"], "--split 1"),
        ([*data, "--target", "class", "--task", "values"], "these are words"),
        ([*data, "--target", "y", "--loss", "cross_entropy"], "choose squared error"),
        ([*data, "--network", "9-2"], "Use 3-2."),
        (["--data", "circle", "--target", "y"], "--target belongs to a table"),
        (["--data", "digits", "--scaling", "none"], "--scaling belongs to a table"),
        (["--data", str(table.with_name("no.csv"))], "a table, a folder"),
    ):
        status, out, err = run(capsys, *arguments, "--epochs", "1")
        assert (status, out) == (2, "")
        assert says in err, arguments
    table.write_text("a,b\n1,2\n3\n")
    status, _, err = run(capsys, *data)
    assert status == 2
    assert "t.csv, line 3: there are 1 cells instead of 2" in err


def test_the_sets_of_scikit_learn_are_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    found = figures(capsys, "--data", "sklearn:iris", "--scaling", "0..1", "--split", "0.5", "--epochs", "1")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (30, 15, 15)
    found = figures(capsys, "--data", "sklearn:digits", "--network", "64-10", "--epochs", "1", "--split", "0.5")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (60, 30, 30)
    status, _, err = run(capsys, "--data", "sklearn:moons")
    assert status != 0
    assert "brings no set 'moons'" in err


def test_parts_can_be_files_of_their_own(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = table.read_text().splitlines()
    files = {"train": lines[1:301], "test": lines[301:351], "check": lines[351:]}
    for name, rows in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join([lines[0], *rows]) + "\n")
    asked = ("--data", str(tmp_path / "train.csv"), "--target", "class", "--epochs", "1")
    found = figures(capsys, *asked, "--test", str(tmp_path / "test.csv"), "--split", "0.8")
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (240, 60, 50)
    more = ("--test", str(tmp_path / "test.csv"), "--validation", str(tmp_path / "check.csv"))
    saved = str(tmp_path / "t.playground")
    found = figures(capsys, *asked, *more, "--save", saved)
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (300, 50, 50)
    again = figures(capsys, "--open", saved, "--epochs", "1")
    assert (again["train_count"], again["validation_count"], again["test_count"]) == (300, 50, 50)
    status, _, err = run(capsys, *asked, "--test", str(tmp_path / "none.csv"))
    assert status != 0
    assert "none.csv: there is no such file" in err
    (tmp_path / "test.csv").write_text("a;b\n1;2\n3;4\n")
    status, _, err = run(capsys, *asked, "--test", str(tmp_path / "test.csv"))
    assert status != 0
    assert "test.csv has no column" in err


def test_parts_of_arrays_can_be_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, count in (("train", 40), ("test", 8), ("val", 6)):
        np.savez(tmp_path / f"{name}.npz", x=np.arange(2.0 * count).reshape(count, 2), y=np.arange(count) % 2)
    asked = ("--data", str(tmp_path / "train.npz"), "--test", str(tmp_path / "test.npz"), "--epochs", "1")
    found = figures(capsys, *asked)
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (34, 6, 8)
    found = figures(capsys, *asked, "--validation", str(tmp_path / "val.npz"))
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (40, 6, 8)
