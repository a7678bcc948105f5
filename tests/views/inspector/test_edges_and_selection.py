"""Edges one and many, several neurons, and which panel is in front."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from playground.engine.commands import SetCells, SetMask, TransformUnits
from playground.engine.snapshots import Measure, Snapshot, StrokeEffect
from playground.engine.structure import remove_units
from playground.views.grid import WeightGallery
from playground.views.inspector import Inspector
from tests.views.inspector.conftest import with_readings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def inspector(qtbot: Any, look: Any, snapshot: Snapshot) -> Iterator[Inspector]:
    widget = Inspector(look)
    qtbot.addWidget(widget)
    widget.resize(330, 900)
    widget.render_snapshot(snapshot)
    widget.show()
    yield widget
    widget.close()


@pytest.fixture
def owner(inspector: Inspector, own: Any) -> Any:
    return own(inspector)


@pytest.fixture
def edge(snapshot: Snapshot) -> tuple[int, int, int]:
    """Return the edge from neuron 3 of hidden 1 to neuron 5 of hidden 2."""
    first, second, _ = snapshot.spec.layers
    return second.id, second.units[4], first.units[2]


@pytest.fixture
def pair(snapshot: Snapshot, edge: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """Return edges of two layers."""
    first = snapshot.spec.layers[0]
    return [edge, (first.id, first.units[1], 400)]


def weight_of(snapshot: Snapshot) -> float:
    return float(snapshot.weight(1)[4, 2])


def child(inspector: Inspector, name: str) -> Any:
    found = inspector.findChild(QWidget, name)
    assert found is not None
    return found


def type_number(inspector: Inspector, name: str, text: str) -> None:
    number = inspector.findChild(QLineEdit, f"{name}_number")
    assert number is not None
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, text)
    QTest.keyClick(number, Qt.Key.Key_Return)


def test_the_selection_brings_its_panel_to_the_front(
    inspector: Inspector, snapshot: Snapshot, edge: tuple[int, int, int]
) -> None:
    layer = snapshot.spec.layers[0]
    inspector.set_selection([(layer.id, layer.units[0])], [])
    assert (inspector.neuron.isVisible(), inspector.group.isVisible(), inspector.edges.isVisible()) == (
        True,
        False,
        False,
    )
    inspector.set_selection([(layer.id, unit) for unit in layer.units], [])
    assert (inspector.neuron.isVisible(), inspector.group.isVisible(), inspector.edges.isVisible()) == (
        False,
        True,
        False,
    )
    inspector.set_selection([], [edge])
    assert (inspector.neuron.isVisible(), inspector.group.isVisible(), inspector.edges.isVisible()) == (
        False,
        False,
        True,
    )
    inspector.set_selection([], [])
    assert [inspector.nothing.isVisible(), inspector.neuron.isVisible(), inspector.edges.isVisible()] == [1, 0, 0]


def test_one_edge_is_named_and_set(
    inspector: Inspector, owner: Any, snapshot: Snapshot, edge: tuple[int, int, int]
) -> None:
    inspector.set_selection([], [edge])
    assert child(inspector, "edge_name").text() == "neuron 3 of hidden 1 → neuron 5 of hidden 2"
    assert inspector.edges.weight_field.value() == pytest.approx(weight_of(snapshot), abs=1e-4)
    type_number(inspector, "edge_weight", "1.5")
    command = owner.commands[-1]
    assert isinstance(command, SetCells)
    assert (command.cells.layer, command.cells.units[0], command.cells.sources[0]) == edge
    assert command.values.tolist() == [1.5]
    assert owner.ended == [command.stroke]


def test_zero_flip_cut_and_freeze(
    inspector: Inspector, owner: Any, snapshot: Snapshot, edge: tuple[int, int, int]
) -> None:
    inspector.set_selection([], [edge])
    QTest.mouseClick(child(inspector, "edge_zero"), LEFT)
    QTest.mouseClick(child(inspector, "edge_flip"), LEFT)
    assert [command.values[0] for command in owner.commands] == [0.0, pytest.approx(-weight_of(snapshot))]
    QTest.mouseClick(child(inspector, "edge_cut"), LEFT)
    QTest.mouseClick(child(inspector, "edge_freeze"), LEFT)
    cut, frozen = owner.commands[2:]
    assert isinstance(cut, SetMask)
    assert (cut.mask, cut.on, cut.stroke) == ("present", False, None)
    assert (frozen.mask, frozen.on) == ("movable", False)
    present = np.ones(snapshot.spec.parameter_count, np.bool_)
    present[snapshot.spec.slots[1].weight.start + 4 * 16 + 2] = False
    inspector.render_snapshot(replace(snapshot, present=present))
    assert "(cut)" in child(inspector, "edge_flow").text()
    QTest.mouseClick(child(inspector, "edge_cut"), LEFT)
    assert owner.commands[-1].on is True


def test_edges_of_two_layers_are_one_edit(
    inspector: Inspector, owner: Any, snapshot: Snapshot, pair: list[tuple[int, int, int]]
) -> None:
    inspector.set_selection([], pair)
    QTest.mouseClick(child(inspector, "edge_flip"), LEFT)
    assert len(owner.commands) == 2
    assert {command.stroke for command in owner.commands} == set(owner.ended)
    values = {command.cells.layer: command.values[0] for command in owner.commands}
    assert values[pair[0][0]] == pytest.approx(-weight_of(snapshot))
    assert values[pair[1][0]] == pytest.approx(-float(snapshot.weight(0)[1, 400]))
    QTest.mouseClick(child(inspector, "edge_cut"), LEFT)
    assert owner.commands[2].stroke == owner.commands[3].stroke is not None
    assert owner.ended[-1] == owner.commands[3].stroke


def test_set_all_and_scale_all(
    inspector: Inspector, owner: Any, snapshot: Snapshot, pair: list[tuple[int, int, int]]
) -> None:
    inspector.set_selection([], pair)
    assert inspector.edges.all_field.value() is None
    type_number(inspector, "edge_weight_of_all", "2")
    assert [command.values.tolist() for command in owner.commands[-2:]] == [[2.0], [2.0]]
    owner.commands.clear()
    inspector.render_snapshot(replace(snapshot, applied_seq=owner.seq))
    type_number(inspector, "edge_factor", "3")
    last = {command.cells.layer: command.values[0] for command in owner.commands}
    assert last[pair[0][0]] == pytest.approx(3 * weight_of(snapshot))
    inspector.render_snapshot(replace(snapshot, applied_seq=owner.seq))
    assert inspector.edges.factor_field.value() == 1.0


def test_the_list_shows_and_takes_numbers(inspector: Inspector, owner: Any, pair: list[tuple[int, int, int]]) -> None:
    inspector.set_selection([], pair)
    model = inspector.edges.model
    assert model.data(model.index(0, 0)) == "3 of hidden 1 → 5 of hidden 2"
    assert model.data(model.index(1, 0)) == "row 14, column 8 → 2 of hidden 1"
    assert model.setData(model.index(1, 1), "0.125")
    assert owner.commands[-1].cells.sources.tolist() == [400]
    assert owner.commands[-1].values.tolist() == [0.125]
    assert not model.setData(model.index(1, 1), "x")
    assert "'x'" in child(inspector, "edge_error").text()


def test_edges_that_are_gone_are_left_out(
    inspector: Inspector, owner: Any, snapshot: Snapshot, pair: list[tuple[int, int, int]]
) -> None:
    inspector.set_selection([], pair)
    spec = remove_units(snapshot.spec, pair[1][0], [pair[1][1]]).spec
    inspector.render_snapshot(
        replace(snapshot, spec=spec, parameters=np.zeros(spec.parameter_count, np.float32), readings=None)
    )
    assert inspector.edges.values().size == 1
    spec = remove_units(spec, pair[0][0], [pair[0][1]]).spec
    inspector.render_snapshot(
        replace(snapshot, spec=spec, parameters=np.zeros(spec.parameter_count, np.float32), readings=None)
    )
    assert inspector.edges.values().size == 0
    QTest.mouseClick(child(inspector, "edge_flip"), LEFT)
    assert owner.commands == []
    inspector.grab()


def test_several_neurons_are_treated_alike(inspector: Inspector, owner: Any, snapshot: Snapshot) -> None:
    first, second, _ = snapshot.spec.layers
    units = [(first.id, first.units[1]), (first.id, first.units[3]), (second.id, second.units[0])]
    inspector.set_selection(units, [])
    asked: list[Any] = []
    inspector.transforms_requested.connect(asked.append)
    inspector.freeze_requested.connect(lambda some, is_frozen: asked.append(("freeze", some, is_frozen)))
    inspector.duplicate_requested.connect(lambda some: asked.append(("duplicate", some)))
    inspector.delete_requested.connect(lambda some: asked.append(("delete", some)))
    QTest.mouseClick(child(inspector, "group_transform_invert"), LEFT)
    assert asked.pop() == (
        TransformUnits(first.id, (first.units[1], first.units[3]), "invert"),
        TransformUnits(second.id, (second.units[0],), "invert"),
    )
    QTest.mouseClick(child(inspector, "group_freeze"), LEFT)
    assert asked.pop() == ("freeze", tuple(units), True)
    inspector.set_selection(units[:2], [])
    QTest.mouseClick(child(inspector, "group_duplicate"), LEFT)
    QTest.mouseClick(child(inspector, "group_delete"), LEFT)
    assert asked == [("duplicate", tuple(units[:2])), ("delete", tuple(units[:2]))]
    assert owner.commands == []


def test_a_face_of_the_group_selects_its_neuron(inspector: Inspector, snapshot: Snapshot, qtbot: Any) -> None:
    layer = snapshot.spec.layers[0]
    inspector.set_selection([(layer.id, layer.units[2]), (layer.id, layer.units[7])], [])
    wall = inspector.group.wall
    with qtbot.waitSignal(inspector.selection_requested) as asked:
        QTest.mouseClick(wall.viewport(), LEFT, pos=wall.tile_rect(7).center().toPoint())
    assert asked.args == [[(layer.id, layer.units[7])], []]


def test_copy_and_paste_through_the_inspector(inspector: Inspector, owner: Any, snapshot: Snapshot) -> None:
    layer = snapshot.spec.layers[0]
    inspector.set_selection([(layer.id, layer.units[2])], [])
    inspector.copy_grid()
    inspector.set_selection([(layer.id, layer.units[3])], [])
    inspector.paste_grid()
    command = owner.commands[0]
    assert set(command.cells.units.tolist()) == {layer.units[3]}
    np.testing.assert_array_equal(command.values, snapshot.weight(0)[2])


def test_the_card_stays_in_sight_in_a_low_window(inspector: Inspector, snapshot: Snapshot, pair: Any) -> None:
    part = Measure(0.3, 0.9, 4000)
    moment = replace(snapshot, stroke_effect=StrokeEffect(1, 12, part, part, is_open=True))
    inspector.render_snapshot(moment)
    inspector.resize(310, 640)
    QApplication.processEvents()
    neuron, card = inspector.neuron, inspector.card
    assert card.isVisible()
    assert inspector.rect().contains(card.geometry())
    canvas_bottom = neuron.canvas.mapTo(inspector, neuron.canvas.rect().bottomLeft()).y()
    assert canvas_bottom < card.geometry().top(), "it stands beside what is painted, not over it"
    for units, edges in (([], pair), ([(snapshot.spec.layers[0].id, unit) for unit in (0, 1)], [])):
        inspector.set_selection(units, edges)
        assert card.isVisible(), "edges are set by hand too"
        assert card.rows()[0].without == "90.0 %"


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf, 3e38])
def test_weights_that_are_no_numbers_are_shown_all_the_same(
    poison: float, inspector: Inspector, snapshot: Snapshot, pair: Any, look: Any
) -> None:
    weights = np.full_like(snapshot.parameters, poison)
    with np.errstate(all="ignore"):
        readings = with_readings(snapshot.spec, weights, snapshot.readings.inputs)
    nowhere = Measure(float("nan"), 0.1, 4000)
    effect = StrokeEffect(1, 12, nowhere, nowhere, is_open=True)
    moment = replace(snapshot, parameters=weights, readings=readings, stroke_effect=effect)
    units = [(layer.id, unit) for layer in snapshot.spec.layers for unit in layer.units[:2]]
    gallery = WeightGallery(look)
    gallery.resize(600, 400)
    for chosen, edges in (([units[0]], []), ([units[-1]], []), (units[:2], []), ([], pair), ([], pair[:1])):
        inspector.set_selection(chosen, edges)
        for shown in (snapshot, moment, moment):
            inspector.render_snapshot(shown)
            gallery.render_snapshot(shown)
            inspector.grab()
            gallery.grab()
    inspector.set_selection([units[0]], [])
    inspector.neuron.bias_field.setFocus()
    QTest.keyClick(inspector.neuron.canvas, Qt.Key.Key_Right)
    inspector.copy_grid()
    gallery.close()
