"""``playground train`` on data in the plane."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.engine.plane_shapes import SHAPES
from playground.engine.project_file import load_project
from tests.app.training_command import figures, run

BROWSER = ["--data", "circle", "--browser", "--network", "2-4-2-1"]


def test_the_circle_of_the_browser_is_learnt(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, *BROWSER, "--epochs", "120", "--seed", "0")
    assert found["train_count"] == found["validation_count"] == 250
    assert found["steps"] == 120 * 25
    assert found["validation_loss"] < 0.02


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_trains(shape: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "--data", shape, "--epochs", "2")
    assert found["train_loss"] is not None
    is_number = SHAPES[shape].task == "values"
    assert (found["train_accuracy"] is None) == is_number
    _, out, _ = run(capsys, "--data", shape, "--epochs", "1")
    assert ("accuracy" in out) != is_number


def test_features_formulas_and_parts(capsys: pytest.CaptureFixture[str]) -> None:
    features = ["--features", "x1, x2, sin x1, max(x1, x2), cos 2π x1/6"]
    assert figures(capsys, "--data", "spiral", *features, "--epochs", "1")["network"] == "5-16-16-1"
    assert figures(capsys, "--data", "spiral", "--parts", "4", "--epochs", "1")["network"] == "2-16-16-4"
    assert figures(capsys, "--data", "xor", "--output", "classes", "--epochs", "1")["network"] == "2-16-16-2"
    line = ["--data", "formula", "--inputs", "1", "--formula", "x1^2/9"]
    assert figures(capsys, *line, "--epochs", "1")["network"] == "1-16-16-1"


def test_a_perceptron_tells_what_it_fires_for(capsys: pytest.CaptureFixture[str]) -> None:
    rule = ["--optimizer", "perceptron", "--lr", "1", "--batch", "1", "--init", "zero", "--output-activation", "step"]
    status, out, _ = run(capsys, "--data", "and", "--network", "2-1", *rule, "--epochs", "20")
    assert status == 0
    assert "Fires       0 0: no, 0 1: no, 1 0: no, 1 1: yes" in out
    status, out, _ = run(capsys, "--data", "xor-gate", "--network", "2-1", *rule, "--epochs", "50")
    assert status == 0
    assert "0 0: no, 0 1: yes, 1 0: yes, 1 1: no" not in out


def test_a_saved_project_trains_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "spiral.playground"
    whole = ["--data", "spiral", "--browser", "--features", "x1,x2,sin x1,sin x2", "--network", "4-8-8-1"]
    assert run(capsys, *whole, "--epochs", "2", "--save", str(path))[0] == 0
    saved = load_project(path).documents[0]
    assert saved.data_source["features"] == ["x1", "x2", "sin x1", "sin x2"]
    further = figures(capsys, "--open", str(path), "--epochs", "3", "--schedule", "constant")
    straight = figures(capsys, *whole, "--epochs", "5", "--schedule", "constant")
    assert further["validation_loss"] == straight["validation_loss"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--data", "cirle"], "a shape of the plane (circle, xor"),
        (["--data", "circle", "--features", "x1,y2"], "'y2' is no feature of the plane"),
        (["--data", "circle", "--features", ""], "is no feature"),
        (["--data", "circle", "--noise", "7"], "--noise 7"),
        (["--data", "circle", "--examples", "1"], "--examples 1"),
        (["--data", "circle", "--train-share", "1"], "--train-share 1"),
        (["--data", "circle", "--inputs", "1"], "needs two inputs"),
        (["--data", "circle", "--inputs", "3"], "--inputs 3"),
        (["--data", "circle", "--output", "three"], "choose one of two, classes"),
        (["--data", "circle", "--test", "digits"], "--test does not go with data in the plane"),
        (["--data", "circle", "--split", "0.5"], "--split does not go"),
        (["--data", "circle", "--network", "3-1"], "Use 2-1."),
        (["--data", "clusters", "--parts", "11"], "can have 3 to 10 parts"),
        (["--data", "formula", "--formula", "x1/0"], "division by zero at line 1, column 4"),
        (["--data", "formula", "--formula", "__import__(x1)"], "is no function here"),
        (["--data", "sin", "--loss", "cross_entropy"], "choose squared error"),
        (["--data", "digits", "--noise", "0.5"], "--noise belongs to data in the plane"),
        (["--data", "digits", "--browser"], "--browser belongs to data in the plane"),
    ],
)
def test_options_that_cannot_be_get_a_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *arguments, "--epochs", "1")
    assert status == 2
    assert says in err
    assert out == ""
