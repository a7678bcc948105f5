"""A state as a text: copied, pasted into the window, named on the command line."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from playground.engine.plane import PlaneSetup, drawn_data, plane_data
from playground.engine.settings import Settings, settings_to_json
from playground.engine.share import PREFIX, share_text
from playground.engine.spec import build, spec_to_json
from playground.engine.superposition.problem import make_problem
from playground.engine.superposition.setup import Schedule, Setup
from tests.app.journeys.desk import Desk


def plane_desk(desk: Desk) -> None:
    desk.document.set_data(plane_data(PlaneSetup(shape="xor", count=60, seed=8)))
    desk.view._type_structure("2-5-1")
    desk.document.change_setting("learning_rate", 0.07)
    desk.document.advance(steps=25)
    desk.wait(lambda: desk.snapshot.step == 25 and desk.document.is_settled)


def test_a_state_is_copied_and_opened_elsewhere(desk: Desk, start: Callable[..., Desk]) -> None:
    plane_desk(desk)
    desk.trigger("file.share")
    message = desk.wait_for_message("with its weights")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("playground:")
    assert f"{len(text):,} letters" in message
    other = start()
    other.trigger("file.open_shared")
    other.wait(lambda: other.document.spec.text == "2-5-1")
    other.settle()
    assert other.document.settings.learning_rate == 0.07
    assert dict(other.document.data.source) == dict(desk.document.data.source)
    assert other.parameters.tolist() == desk.parameters.tolist()
    assert not other.document.undo_stack.count()
    other.document.advance(steps=3)
    other.wait(lambda: other.snapshot.step == 3)


def test_a_state_with_many_weights_begins_at_its_seed(desk: Desk) -> None:
    desk.document.advance(steps=5)
    desk.wait(lambda: desk.snapshot.step == 5)
    desk.trigger("file.share")
    desk.wait_for_message("with its seed")
    desk.document.reset()
    desk.settle()
    first = desk.parameters
    desk.program.workspace.sharing.take(QGuiApplication.clipboard().text())
    desk.wait(lambda: desk.document.undo_stack.count() == 0)
    desk.settle()
    assert desk.snapshot.step == 0
    assert np.array_equal(desk.parameters, first)


def test_a_clipboard_with_something_else_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    plane_desk(desk)
    QGuiApplication.clipboard().setText("hello")
    desk.trigger("file.open_shared")
    desk.wait_for_message("no shared state")
    assert desk.document.spec.text == "2-5-1"
    assert desk.snapshot.step == 25


def test_own_points_small_weights_and_what_is_hidden_arrive_elsewhere(desk: Desk, start: Callable[..., Desk]) -> None:
    rng = np.random.default_rng(4)
    points = drawn_data(rng.uniform(-5, 5, (30, 2)), rng.integers(0, 2, 30), np.arange(30) % 2 == 0)
    desk.document.set_data(points)
    desk.settle()
    desk.program.workspace.hiding.choose({"network.optimizer", "bar.step"})
    desk.trigger("file.share")
    desk.wait_for_message("with its weights")
    other = start()
    other.trigger("file.open_shared")
    other.wait(lambda: dict(other.document.data.source) == dict(points.source))
    other.settle()
    assert other.parameters.tolist() == desk.parameters.tolist()
    assert np.array_equal(other.document.data.train.inputs, points.train.inputs)
    assert not other.view.transport.fields["optimizer"].isVisible()
    assert other.sentence("hidden_words")
    assert desk.view.transport.fields["loss"].isVisible()


def test_a_table_is_named_and_never_taken_for_the_data_at_hand(desk: Desk, tmp_path: Path) -> None:
    table = tmp_path / "own numbers.csv"
    rows = "\n".join(f"{number % 7},{number % 5},{'ab'[number % 2]}" for number in range(60))
    table.write_text(f"x,y,kind\n{rows}\n")
    text = share_text(
        build((2, 3, 2)), Settings(), {"kind": "table", "path": str(table)}, None, data_name="own numbers.csv"
    )
    assert "own numbers" not in text
    desk.program.files.open_shared(text)
    message = desk.wait_for_message("own numbers.csv")
    assert "open them" in message
    assert not len(desk.document.data.train)
    desk.document.set_data(plane_data(PlaneSetup(shape="xor", count=60, seed=8)))
    desk.settle()
    desk.program.workspace.document.note_saved((desk.snapshot.segment, desk.snapshot.step), 0)
    one = share_text(build((2, 3, 1), output_activation="tanh"), Settings(), {"kind": "table"}, None, data_name="b.csv")
    desk.program.workspace.sharing.take(one)
    assert "it trains on" in desk.wait_for_message("b.csv")


def test_the_superposition_lab_arrives_with_its_models_in_front(desk: Desk, start: Callable[..., Desk]) -> None:
    desk.window.show_lab("superposition")
    sandbox = desk.program.workspace.sandbox
    setup = Setup(make_problem(5, 2, 0.7), ("relu",), (3, 4), Schedule(steps=None, learning_rate=0.02))
    desk.wait(lambda: sandbox.is_alive)
    sandbox.start_anew(setup)
    sandbox.advance(steps=5)
    desk.wait(lambda: sandbox.is_settled and sandbox.snapshot is not None and sandbox.snapshot.step == 5)
    desk.trigger("file.share")
    desk.wait_for_message("with its weights")
    other = start()
    other.trigger("file.open_shared")
    other.wait(lambda: other.window.lab_name == "superposition")
    models = other.program.workspace.sandbox
    other.wait(lambda: models.is_settled and models.snapshot is not None and models.snapshot.setup == setup)
    assert models.snapshot is not None
    assert sandbox.snapshot is not None
    assert np.array_equal(models.snapshot.weights, sandbox.snapshot.weights)
    assert np.array_equal(models.snapshot.biases, sandbox.snapshot.biases)
    assert not models.undo_stack.count()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("playground:" + "A" * 300_000, "at most"),
        ("x" * 5_000_000, "at most"),
        (PREFIX + base64.urlsafe_b64encode(zlib.compress(bytes(50_000_000))).decode(), "far too large"),
        (share_text(build((2, 3, 1)), Settings(), {"kind": "none"}, None)[:-8], "cut off"),
    ],
)
def test_wrong_texts_are_refused_in_a_sentence(text: str, words: str, desk: Desk) -> None:
    before = desk.document.spec
    QGuiApplication.clipboard().setText(text)
    desk.trigger("file.open_shared")
    desk.wait_for_message(words)
    assert desk.document.spec == before


def test_test_data_of_a_text_open_no_files_here(desk: Desk, tmp_path: Path) -> None:
    source = {**plane_data(PlaneSetup(shape="xor", count=60)).source, "test": {"kind": "idx", "folder": str(tmp_path)}}
    content = {"share": 1, "spec": spec_to_json(build((2, 3, 1))), "settings": settings_to_json(Settings())}
    packed = zlib.compress(json.dumps({**content, "data": source, "weights": None}).encode())
    desk.program.files.open_shared(PREFIX + base64.urlsafe_b64encode(packed).decode())
    desk.wait_for_message("does not draw itself")
