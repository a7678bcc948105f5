"""Every kind of data in the whole window: numbers, two classes on one output, tables; each trained and taken back."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.datasets import DataSet
from playground.engine.plane import PlaneSetup, drawn_data, plane_data
from playground.engine.table_data import TableChoice, table_data
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen

TABLE = "a,b,kind,y\n" + "\n".join(f"{n % 7},{n / 9:.3f},{'xy'[n % 2]},{n % 5 + n / 7:.3f}" for n in range(80)) + "\n"
DATA = {
    "two": plane_data(PlaneSetup("circle", is_browser=True)),
    "classes": plane_data(PlaneSetup("clusters", parts=4, features=("x1", "x2", "sin x1"))),
    "values": plane_data(PlaneSetup("hills")),
    "line": plane_data(PlaneSetup("sin", inputs=1, features=("x1", "sin x1"))),
    "gate": plane_data(PlaneSetup("xor-gate")),
    "nothing": drawn_data(np.zeros((0, 2)), np.zeros(0), np.zeros(0, bool)),
    "table": table_data(TABLE, TableChoice("kind")),
    "prices": table_data(TABLE, TableChoice("y", task="values")),
}


def test_each_is_shown_trained_and_taken_back(desk: Desk) -> None:
    for name, data in DATA.items():
        shown_trained_and_taken_back(desk, name, data)


def shown_trained_and_taken_back(desk: Desk, name: str, data: DataSet) -> None:
    document = desk.document
    before, layers = document.data, document.spec.layers
    document.set_data(data)
    desk.settle()
    if len(data.train):
        begun = desk.snapshot.step
        document.advance(epochs=1)
        desk.wait(lambda: desk.snapshot.trouble or (desk.snapshot.step > begun and not desk.snapshot.is_running))
        assert desk.snapshot.trouble is None, name
    assert document.data is data, name
    assert document.spec.outputs == data.outputs, name
    desk.window.grab()
    document.undo_stack.undo()
    desk.settle()
    assert document.data is before, name
    assert document.spec.layers == layers, name


def test_from_each_to_each_other(desk: Desk) -> None:
    for name in ("two", "values", "classes", "line", "table", "prices", "gate", "two"):
        desk.document.set_data(DATA[name])
        desk.settle()
        goal = desk.snapshot.step + 3
        desk.document.advance(steps=3)
        desk.wait(lambda goal=goal: desk.snapshot.trouble or desk.snapshot.step == goal)
        assert desk.snapshot.trouble is None, name
