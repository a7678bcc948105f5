"""What cannot be: each time a sentence that says what and where, and the work in the window stays as it was."""

from __future__ import annotations

import errno
import gzip
import json
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QWidget

from playground.engine.file_data import is_table
from playground.engine.project_file import Project, save_project
from playground.views.fields import NumberField
from tests.app.journeys.desk import LEFT, Answers, Desk
from tests.project_samples import a_document


def idx(values: np.ndarray[Any, Any]) -> bytes:
    head = struct.pack(">BBBB", 0, 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.astype(np.uint8).tobytes()


def images(count: int = 60, side: int = 28) -> bytes:
    return idx(np.random.default_rng(5).integers(0, 256, (count, side, side)))


def labels(count: int = 60) -> bytes:
    return idx(np.arange(count) % 10)


@contextmanager
def work_kept(desk: Desk) -> Iterator[None]:
    """Whatever happens within: weights, structure, settings, data and undo list stay as they were."""
    desk.click("step_button")
    desk.wait(lambda: desk.snapshot.step == 1)
    desk.type_in("structure_text", "784-9-10")
    desk.settle()
    parameters, face = desk.parameters.copy(), desk.document.face
    index, path = desk.document.undo_stack.index(), desk.program.workspace.keeping.path
    yield
    desk.wait(lambda: not desk.program.workspace.keeping.is_busy)
    desk.settle()
    np.testing.assert_array_equal(desk.parameters, parameters)
    assert desk.document.face.spec is face.spec
    assert desk.document.settings == face.settings
    assert desk.document.data is face.data
    assert desk.document.undo_stack.index() == index
    assert desk.program.workspace.keeping.path == path
    assert desk.snapshot.step == 1
    assert desk.document.is_dirty


def table_error(desk: Desk) -> str:
    """Return what is said of a table in its sheet when it is to be used, and leave that."""
    desk.wait(lambda: desk.window.findChild(QWidget, "table_use") and desk.find(QWidget, "table_use").isEnabled())
    desk.click("table_use")
    desk.wait(lambda: desk.sentence("table_error"))
    sentence = desk.sentence("table_error")
    desk.click("table_leave")
    return sentence


def data_error(desk: Desk) -> str:
    label = desk.find(QLabel, "data_error")
    desk.wait(label.isVisible)
    return label.text()


FILES: dict[str, tuple[dict[str, bytes], str]] = {
    "truncated images": (
        {"train-images-idx3-ubyte": images()[:5_000], "train-labels-idx1-ubyte": labels()},
        "train-images-idx3-ubyte",
    ),
    "truncated gzip": (
        {"train-images-idx3-ubyte.gz": gzip.compress(images())[:900], "train-labels-idx1-ubyte": labels()},
        "train-images-idx3-ubyte.gz",
    ),
    "more images than labels": (
        {"train-images-idx3-ubyte": images(60), "train-labels-idx1-ubyte": labels(59)},
        "59",
    ),
    "images alone": ({"train-images-idx3-ubyte": images()}, "label"),
    "labels alone": ({"train-labels-idx1-ubyte": labels()}, "image"),
    "a web page": ({"train-images-idx3-ubyte": b"<html>404</html>", "train-labels-idx1-ubyte": labels()}, "web page"),
    "empty": ({"train-images-idx3-ubyte": b"", "train-labels-idx1-ubyte": labels()}, "train-images-idx3-ubyte"),
    "a bomb in the head": (
        {"train-images-idx3-ubyte": b"\0\0\x08\x03" + b"\xff" * 12, "train-labels-idx1-ubyte": labels()},
        "train-images-idx3-ubyte",
    ),
    "anything": ({"shopping.txt": b"milk, eggs"}, "shopping.txt"),
}


def test_files_that_are_no_data(desk: Desk, tmp_path: Path) -> None:
    with work_kept(desk):
        for name, (files, words) in FILES.items():
            folder = tmp_path / name
            folder.mkdir()
            for file, content in files.items():
                (folder / file).write_bytes(content)
            desk.view.data_panel.show_error("")
            desk.drop(*folder.iterdir())
            sentence = table_error(desk) if any(is_table(folder / file) for file in files) else data_error(desk)
            assert words in sentence, name
            assert sentence.endswith("."), name


def test_good_files_after_bad_ones(desk: Desk, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    for folder, pixels in ((bad, images()[:99]), (good, images())):
        folder.mkdir()
        (folder / "train-images-idx3-ubyte").write_bytes(pixels)
        (folder / "train-labels-idx1-ubyte").write_bytes(labels())
    desk.drop(bad)
    data_error(desk)
    desk.drop(good)
    desk.wait(lambda: desk.document.data.source["kind"] == "idx")
    assert not desk.find(QLabel, "data_error").isVisible()
    parts = (desk.document.data.train, desk.document.data.validation, desk.document.data.test)
    assert sum(map(len, parts)) == 60
    desk.undo()
    assert desk.document.data.source["kind"] == "digits"


@pytest.mark.usefixtures("offline")
def test_downloading_without_a_network(desk: Desk) -> None:
    with work_kept(desk):
        for name in ("mnist", "fashion"):
            desk.view.data_panel.show_error("")
            desk.trigger(f"data.download_{name}")
            assert "MNIST" in data_error(desk)


def a_project(path: Path, change: Callable[[dict[str, bytes]], None] | None = None) -> Path:
    """Write a small project, its files changed."""
    save_project(path, Project((a_document(),)))
    if change is not None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        change(files)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    return path


def newer(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps({**manifest, "schema": 99, "program": "7.0"}).encode()


def tampered(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.endswith(".safetensors"))
    content = bytearray(files[name])
    content[3] = 0x7F  # the length of its head: beyond the file
    files[name] = bytes(content)


def without_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def bomb(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b" " * 50_000_000 + files["manifest.json"]


PROJECTS: dict[str, tuple[Callable[[dict[str, bytes]], None] | None, str]] = {
    "newer": (newer, "7.0"),
    "tampered": (tampered, "tampered.playground"),
    "no manifest": (without_manifest, "no manifest.playground"),
    "bomb": (bomb, "bomb.playground"),
    "cut off": (None, "cut off.playground"),
    "not there": (None, "not there.playground"),
}


def test_projects_that_cannot_be_opened(desk: Desk, tmp_path: Path) -> None:
    with work_kept(desk):
        for name, (change, words) in PROJECTS.items():
            path = tmp_path / f"{name}.playground"
            if name != "not there":
                a_project(path, change)
            if name == "cut off":
                path.write_bytes(path.read_bytes()[:-300])
            desk.drop(path)
            desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question"))
            box = desk.find(QMessageBox, "save_question")
            QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), LEFT)
            assert words in desk.wait_for_message(path.name), name
            desk.wait(lambda: desk.window.findChild(QMessageBox, "save_question") is None)


def test_a_learning_rate_that_cannot_be(desk: Desk) -> None:
    with work_kept(desk):
        before = desk.document.settings.learning_rate
        field = desk.find(NumberField, "learning_rate")
        for text in ("0", "-1", "1e9", "fast", "nan", "1e999", "0x10"):
            desk.type_in("learning_rate_number", text)
            assert "learning rate" in field.error(), text
            assert desk.sentence("learning_rate_error") == field.error(), text
            assert desk.document.settings.learning_rate == before, text
            desk.press(Qt.Key.Key_Escape)
            assert field.error() == "", text
            assert float(desk.find(QLineEdit, "learning_rate_number").text()) == pytest.approx(before, rel=1e-3), text


def test_a_structure_that_cannot_be(desk: Desk) -> None:
    with work_kept(desk):
        for text in ("784--16", "0-0", "784-16-16-10-", "abc", "784-0-10", "-", "784-1e9-10", "784"):
            field = desk.type_in("structure_text", text)
            assert len(desk.sentence("structure_word")) > 20, text
            assert field.text() == text  # to be mended
            desk.press(Qt.Key.Key_Escape)
            assert field.text() == "784-9-10", text


def test_a_network_that_fits_no_memory(desk: Desk) -> None:
    with work_kept(desk):
        desk.type_in("structure_text", "784-900000-900000-10")
        assert "memory" in " ".join((*desk.messages, desk.sentence("structure_word")))


def test_a_folder_that_takes_no_file(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    answers.save = tmp_path / "file" / "mine.playground"
    with work_kept(desk):
        desk.trigger("file.save_as")
        assert "mine.playground" in desk.wait_for_message("mine.playground")


def test_a_full_disk(desk: Desk, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers.save = tmp_path / "mine.playground"
    answers.save.write_bytes(b"what stood there before")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with work_kept(desk):
        monkeypatch.setattr(os, "fsync", full)
        desk.trigger("file.save_as")
        assert "disk is full" in desk.wait_for_message("mine.playground")
        monkeypatch.undo()
    assert answers.save.read_bytes() == b"what stood there before"
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith((".lock", ".guard"))] == [
        "mine.playground"
    ]


def test_pictures_that_are_none(desk: Desk, tmp_path: Path) -> None:
    with work_kept(desk):
        for number, content in enumerate((b"", b"\x89PNG broken", b"GIF89a\xff\xff\xff\xff")):
            path = tmp_path / f"photo{number}.png"
            path.write_bytes(content)
            desk.drop(path)
            desk.wait(lambda name=path.name: name in desk.sentence("draw_error"))


def test_weights_that_are_none(desk: Desk, answers: Answers, tmp_path: Path) -> None:
    with work_kept(desk):
        for number, content in enumerate((b"", b"\x08\0\0\0\0\0\0\0{}", b"cos\nsystem\n(S'true'\ntR.")):
            path = tmp_path / f"net{number}.pt"
            path.write_bytes(content)
            answers.open = (path,)
            desk.trigger("file.import_weights")
            desk.wait_for_message(path.name)


def test_a_learning_rate_that_lets_it_diverge(desk: Desk) -> None:
    desk.document.change_settings({"optimizer": "sgd", "learning_rate": 100.0})
    for layer in desk.document.spec.layers[:-1]:
        desk.view.building.set_activation(layer.id, "identity")
    desk.settle()
    good = desk.parameters.copy()
    desk.click("play_button")
    desk.wait(lambda: desk.snapshot.trouble is not None)
    assert not desk.snapshot.is_running
    assert desk.snapshot.trouble is not None
    at = desk.snapshot.trouble.step
    said = desk.wait_for_message("diverged")
    assert f"step {at:,}" in said
    assert any(f"of {name}" in said or f"at {name}" in said for name in ("hidden 1", "hidden 2", "the output layer"))
    desk.click("remedy_learning_rate_÷_10,_and_back")
    desk.settle()
    assert np.isfinite(desk.parameters).all()
    assert desk.document.settings.learning_rate == pytest.approx(10.0)
    assert desk.snapshot.step < at
    desk.click("reset_button")
    desk.settle()
    np.testing.assert_array_equal(desk.parameters, good)
