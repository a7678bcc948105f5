from __future__ import annotations

import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.app import train_command
from playground.app.train_command import main
from playground.engine.project_file import Project, load_project, save_project
from playground.session.locks import lock_project
from tests.project_samples import a_document, assert_same_checkpoint

PROMISED = {"parameters", "steps", "epochs", "train_loss", "test_loss", "test_accuracy", "seconds"}
PROMISED |= {"steps_per_second", "device"}
SMALL = ("--data", "digits", "--examples", "300", "--epochs", "2", "--network", "784-8-10")


def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return what the last line of standard output says."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def write_idx(path: Path, values: np.ndarray[Any, Any]) -> None:
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    path.write_bytes(header + values.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of 200 images of 4 x 4 in which the brighter half tells the class."""
    random = np.random.default_rng(1)
    labels = np.arange(200) % 2
    images = random.integers(0, 100, (200, 4, 4))
    images[labels == 1, :2] += 120
    images[labels == 0, 2:] += 120
    made = tmp_path / "files"
    made.mkdir()
    write_idx(made / "train-images-idx3-ubyte", images)
    write_idx(made / "train-labels-idx1-ubyte", labels)
    return made


def test_the_last_line_is_one_json_object_with_all_that_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--batch", "50", "--json"]) == 0
    found = figures(capsys)
    assert set(found) >= PROMISED
    assert found["parameters"] == 784 * 8 + 8 + 80 + 10
    assert found["steps"] == 12
    assert found["epochs"] == 2
    assert found["device"] == "cpu"
    assert 0 <= found["test_accuracy"] <= 1
    assert found["test_count"] == 60
    assert found["steps_per_second"] == pytest.approx(12 / found["seconds"])


def test_a_folder_is_parted_and_learnt(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--data", str(folder), "--split", "0.8", "--network", "16-6-2", "--epochs", "30", "--batch", "8", "--json"]
    assert main(words) == 0
    found = figures(capsys)
    assert (found["train_count"], found["validation_count"], found["test_count"]) == (144, 16, 40)
    assert found["test_accuracy"] == 1.0
    assert main(words) == 0
    again = figures(capsys)
    timing = {"seconds", "steps_per_second"}
    assert {k: v for k, v in again.items() if k not in timing} == {k: v for k, v in found.items() if k not in timing}


def test_a_folder_without_test_files_can_be_the_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "--test", str(folder), "--epochs", "1", "--json"]) == 0
    found = figures(capsys)
    assert found["network"] == "16-16-16-2"
    assert found["test_count"] == 200


def test_a_folder_tested_on_drawn_digits_opens_again_with_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = np.random.default_rng(2)
    write_idx(tmp_path / "train-images-idx3-ubyte", random.integers(0, 256, (50, 28, 28)))
    write_idx(tmp_path / "train-labels-idx1-ubyte", np.arange(50) % 10)
    save = str(tmp_path / "a.playground")
    words = ["--data", str(tmp_path), "--test", "digits", "--examples", "300", "--network", "784-10", "--epochs", "1"]
    assert main([*words, "--save", save, "--json"]) == 0
    first = figures(capsys)
    assert first["test_count"] == 60
    assert main(["--open", save, "--epochs", "0", "--json"]) == 0
    assert figures(capsys)["test_loss"] == first["test_loss"]


def test_without_json_it_says_it_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "--network", "16-2", "--epochs", "1"]) == 0
    out = capsys.readouterr()
    assert "parameters 16·2 + 2 = 34" in out.out
    assert "of 150" in out.out
    assert out.err == ""  # no progress bar where there is no terminal


def test_the_cosine_ends_with_the_last_epoch(tmp_path: Path) -> None:
    save = str(tmp_path / "a.playground")
    assert main([*SMALL, "--save", save]) == 0
    settings = load_project(save).documents[0].checkpoint.settings
    assert (settings.schedule, settings.schedule_epochs, settings.learning_rate) == ("cosine", 2.0, 0.01)
    assert main(["--open", save, "--epochs", "3", "--save", save]) == 0
    saved = load_project(save).documents[0].checkpoint
    assert (saved.settings.schedule_epochs, saved.epochs_done) == (5.0, 5)


def test_options_reach_the_settings(tmp_path: Path) -> None:
    save = tmp_path / "a.playground"
    words = "--optimizer AdamW --lr 0,02 --schedule step --schedule-epochs 3 --schedule-factor 0.1 --batch 20 "
    words += "--momentum 0.5 --l1 0.001 --l2 0.002 --loss squared-error --init he --seed 9 --activation ReLU "
    words += "--output-activation tanh --dropout 0.25"
    assert main([*SMALL, *words.split(), "--save", str(save)]) == 0
    document = load_project(save).documents[0]
    settings, spec = document.checkpoint.settings, document.checkpoint.spec
    found = {name: getattr(settings, name) for name in ("optimizer", "learning_rate", "schedule", "schedule_epochs")}
    assert found == {"optimizer": "adamw", "learning_rate": 0.02, "schedule": "step", "schedule_epochs": 3.0}
    assert (settings.schedule_factor, settings.batch_size, settings.momentum) == (0.1, 20, 0.5)
    assert (settings.l1, settings.l2, settings.loss) == (0.001, 0.002, "squared_error")
    assert (settings.initialization, settings.seed) == ("he", 9)
    assert [layer.activation for layer in spec.layers] == ["relu", "tanh"]
    assert [layer.dropout for layer in spec.layers] == [0.25, 0.0]
    assert spec.input_shape == (28, 28)
    assert document.data_source["preset"] == "mnist-like"


def test_saved_and_opened_in_the_middle_it_ends_bit_for_bit_the_same(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("whole.playground", "half.playground", "both.playground")]
    words = [*SMALL[:4], "--network", "784-8-10", "--schedule", "constant", "--dropout", "0.2"]
    assert main([*words, "--epochs", "4", "--save", files[0]]) == 0
    assert main([*words, "--epochs", "2", "--save", files[1]]) == 0
    assert main(["--open", files[1], "--epochs", "2", "--save", files[2]]) == 0
    whole, both = (load_project(file).documents[0].checkpoint for file in (files[0], files[2]))
    assert_same_checkpoint(both, whole)


def test_an_opened_project_keeps_what_else_is_in_it(folder: Path, tmp_path: Path) -> None:
    first = a_document("mine", widths=(16, 3, 2), added=2, step=5)
    file = tmp_path / "a.playground"
    save_project(file, Project((first, a_document("other")), view={"lab": "network"}))
    assert main(["--open", str(file), "--data", str(folder), "--epochs", "1", "--save", str(file)]) == 0
    found = load_project(file)
    assert [document.name for document in found.documents] == ["a", "other"]
    assert found.view == {"lab": "network"}
    assert found.documents[0].view == first.view
    assert np.array_equal(found.documents[0].added_inputs, first.added_inputs)
    assert found.documents[0].added_drawings is not None


def test_zero_epochs_of_an_opened_project_only_measure(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "a.playground")
    assert main(["--data", str(folder), "--network", "16-2", "--epochs", "3", "--save", file, "--json"]) == 0
    trained = figures(capsys)
    assert main(["--open", file, "--epochs", "0", "--json"]) == 0
    measured = figures(capsys)
    assert measured["steps"] == 0
    assert measured["test_loss"] == trained["test_loss"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Say what to train on"),
        ("--data nowhere", "--data nowhere: there is no such folder"),
        ("--data digits --network 784--16", "There is no number at place 2"),
        ("--data digits --network 784-16-16-10-", "There is no number at place 5"),
        ("--data digits --network 0-0", "A layer of 0 neurons"),
        ("--data digits --examples 20 --network 6-10", "does not fit: 'Digits' has 784 inputs .* Use 784-10"),
        ("--data digits --lr 0", "learning rate must lie between"),
        ("--data digits --lr=-1", "learning rate must lie between"),
        ("--data digits --lr 1e9", "learning rate must lie between"),
        ("--data digits --lr fast", "'fast' is no number"),
        ("--data digits --optimizer magic", "'magic' is no optimizer"),
        ("--data digits --epochs 0", "--epochs 0: a whole number from 1"),
        ("--data digits --epochs 1.5", "--epochs 1.5: a whole number"),
        ("--data digits --batch 0", "batch size must lie between"),
        ("--data digits --seed x", "'x' is no number"),
        ("--data digits --activation cos --examples 20", "--activation cos: choose one of"),
        ("--data digits --preset cursive", "no digits of the kind 'cursive'"),
        ("--data digits --split 0.8", "--split parts a folder"),
        ("--data digits --device tpu", "There is no device 'tpu' here"),
        ("--data digits --threads 0", "--threads 0"),
        ("--data digits --save /nowhere/a.playground --examples 20", "there is no folder /nowhere"),
        ("--data digits --test nowhere --examples 20", "--test nowhere: there is no such folder"),
        ("--open nowhere.playground", "does not exist"),
        ("--data digits --lr", "expected one argument"),
        ("--data digits --fast", "unrecognized arguments: --fast"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_2(words: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert any(re.search(sentence, line) for line in out.err.splitlines()), out.err


def test_options_that_do_not_go_together(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "a.playground")
    save_project(file, Project((a_document(widths=(16, 3, 2)),)))
    for words, sentence in (
        (["--open", file, "--seed", "3"], "--seed cannot be given with --open"),
        (["--open", file, "--data", "digits", "--examples", "20"], "takes 16 inputs and has 2 outputs, but 'Digits'"),
        (["--data", str(folder), "--preset", "easy"], "--preset chooses how drawn digits look"),
        (["--data", str(folder), "--split", "2"], "--split 2: a number from 0.01 to 0.99"),
        (["--data", str(folder), "--test", "digits", "--examples", "20"], "choose test data of the same size"),
    ):
        assert main(words) == 2
        assert sentence in capsys.readouterr().err


def test_a_project_that_is_open_in_a_window_is_not_overwritten(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.playground"
    lock = lock_project(file)
    assert main(["--data", str(folder), "--epochs", "1", "--save", str(file)]) == 2
    assert "is open in another window since" in capsys.readouterr().err
    assert not file.exists()
    lock.release()


def test_a_training_that_diverges_ends_with_a_sentence_and_1(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.playground"
    words = "--network 16-8-8-2 --activation relu --optimizer sgd --lr 1000 --loss squared_error --epochs 40 "
    words += "--output-activation identity --schedule constant"
    assert main(["--data", str(folder), *words.split(), "--save", str(file), "--json"]) == 1
    out = capsys.readouterr()
    assert "diverged" in out.err
    assert "Try a smaller learning rate" in out.err
    assert out.out == ""
    assert not file.exists()


def test_a_result_that_cannot_be_saved_is_told_all_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise train_command.ProjectError("a.playground could not be saved in /x: the disk is full.")

    monkeypatch.setattr(train_command, "save_project", full)
    words = ["--data", str(folder), "--epochs", "1", "--save", str(tmp_path / "a.playground"), "--json"]
    assert main(words) == 1
    out = capsys.readouterr()
    assert json.loads(out.out.splitlines()[-1])["epochs"] == 1
    assert out.err == "a.playground could not be saved in /x: the disk is full.\n"


def test_it_can_be_one_of_several_commands(folder: Path) -> None:
    parser = ArgumentParser()
    train_command.add_parser(parser.add_subparsers())
    options = parser.parse_args(["train", "--data", str(folder), "--network", "16-2", "--epochs", "1"])
    assert options.run(options) == 0


def test_ctrl_c_on_a_terminal_ends_cleanly_with_130(tmp_path: Path, repository: Path) -> None:
    """Standard error is a terminal here: the bar tells when the training has begun."""
    ours, theirs = pty.openpty()
    save = tmp_path / "a.playground"
    words = [
        "--data",
        "digits",
        "--examples",
        "500",
        "--epochs",
        "100000",
        "--network",
        "784-8-10",
        "--save",
        str(save),
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "playground", "train", *words], stdout=subprocess.PIPE, stderr=theirs, cwd=repository
    ) as process:
        os.close(theirs)
        said = b""
        while b"Training 784-8-10" not in said:
            said += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        while chunk := read_or_end(ours):
            said += chunk
        process.wait()
    os.close(ours)
    assert process.returncode == 130
    assert b"#" in said
    assert said.endswith(b"playground train: Interrupted; nothing was saved.\r\n")
    assert b"Traceback" not in said
    assert not save.exists()


def read_or_end(handle: int) -> bytes:
    """Read from a terminal; Linux reports its end as an error."""
    try:
        return os.read(handle, 4096)
    except OSError:
        return b""


def test_the_command_line_needs_no_qt(folder: Path, repository: Path) -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\nfrom playground.app.main import main\nsys.exit(main(sys.argv[1:]))"
    )
    words = ["train", "--data", str(folder), "--network", "16-2", "--epochs", "1", "--json"]
    run = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=repository, check=True
    )
    assert json.loads(run.stdout.splitlines()[-1])["parameters"] == 34


def mean_accuracy(capsys: pytest.CaptureFixture[str], seeds: int, *words: str) -> float:
    found = []
    for seed in range(seeds):
        assert main([*words, "--seed", str(seed), "--json"]) == 0
        found.append(figures(capsys)["test_accuracy"])
    return sum(found) / seeds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "activation", "rate", "wanted"),
    [
        ("784-16-16-10", "sigmoid", ".01", 0.86),
        ("784-16-16-10", "relu", ".003", 0.86),
        ("784-128-10", "relu", ".002", 0.915),
    ],
)
def test_drawn_digits_teach_to_read_real_ones(
    network: str, activation: str, rate: str, wanted: float, mnist10k: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", "digits", "--preset", "mnist-like", "--optimizer", "adam", "--schedule", "cosine"]
    words += ["--batch", "64", "--epochs", "6"]
    words += ["--test", str(mnist10k), "--network", network, "--activation", activation, "--lr", rate]
    assert mean_accuracy(capsys, 3, *words) >= wanted


@pytest.mark.slow
def test_real_digits_are_learnt(mnist10k: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--split",
        "0.8",
        "--network",
        "784-16-16-10",
        "--activation",
        "sigmoid",
        "--optimizer",
        "adam",
        "--epochs",
        "20",
    ]
    assert mean_accuracy(capsys, 5, "--data", str(mnist10k), *words) >= 0.90
