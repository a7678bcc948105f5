"""Neurons as pictures of what they answer over the plane, looked at through the widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.engine.snapshots import Snapshot, UnitSurfaces
from playground.engine.spec import build
from playground.engine.targets import CLASSES, TWO, VALUES
from playground.views.diagram import NetworkDiagram, wording
from playground.views.diagram.face_sheet import FaceSheet
from playground.views.diagram.layout import arrange
from playground.views.diagram.picture import INPUT
from playground.views.diagram.response_colours import curve_pixels, face_pixels
from playground.views.diagram.responses import PlaneInputs, Responses, responses, zero_surface
from playground.views.look import Look
from playground.views.palette import light
from playground.views.plane.colours import class_colours, surface_rgb
from tests.views.diagram.conftest import MakeDiagram, MakeSnapshot

SIDE = 100  # points a side of a surface
LOW, HIGH = -6.0, 6.0
Floats = NDArray[np.float32]


def grid() -> tuple[Floats, Floats]:
    line = np.linspace(LOW, HIGH, SIDE, dtype=np.float32)
    x2, x1 = np.meshgrid(line, line, indexing="ij")
    return x1, x2


def plane(task: str = TWO, names: tuple[str, ...] = ("x1", "x2"), *, is_line: bool = False, **more: Any) -> PlaneInputs:
    x1, x2 = grid()
    known = {"x1": x1, "x2": x2, "x1²": x1**2, "sin x1": np.sin(x1)}
    inputs = np.stack([known[name][:1] if is_line else known[name] for name in names]).astype(np.float32)
    variables = tuple(names.index(name) for name in ("x1", "x2")[: 1 if is_line else 2] if name in names)
    return PlaneInputs(names, inputs, task, LOW, HIGH, variables=variables, **more)


def measured(snapshot: Snapshot, inputs: PlaneInputs) -> Any:
    """Return the snapshot with its surfaces: the forward pass at every point of the grid, by hand."""
    shape = inputs.inputs.shape[1:]
    below = inputs.inputs.reshape(len(inputs.inputs), -1)
    pre, act = [], []
    for index, layer in enumerate(snapshot.spec.layers):
        pre.append((snapshot.weight(index) @ below + snapshot.bias(index)[:, None]).astype(np.float32))
        is_last = index == len(snapshot.spec.layers) - 1
        if is_last and snapshot.settings.loss == "cross_entropy" and layer.width > 1:
            shares = np.exp(pre[-1] - pre[-1].max(0))
            below = shares / shares.sum(0)
        elif layer.activation == "tanh":
            below = np.tanh(pre[-1])
        else:
            below = np.maximum(pre[-1], 0) if layer.activation == "relu" else pre[-1]
        act.append(below.astype(np.float32))
    before, after = (tuple(each.reshape(-1, *shape) for each in kind) for kind in (pre, act))
    return replace(snapshot, surfaces=UnitSurfaces(LOW, HIGH, before, after))


@pytest.fixture
def make_plane(make_snapshot: MakeSnapshot, make_diagram: MakeDiagram) -> Any:
    """Return a function that shows a network of the plane in a window."""

    def make(
        inputs: PlaneInputs,
        hidden: tuple[int, ...] = (4, 2),
        outputs: int = 1,
        *,
        activation: str = "tanh",
        output: str = "tanh",
        loss: str = "squared_error",
        look: Look | None = None,
        size: tuple[int, int] = (920, 690),
    ) -> tuple[NetworkDiagram, Snapshot]:
        spec = build(
            (len(inputs.names), *hidden, outputs), activation=activation, output_activation=output, first_id=100
        )
        snapshot = measured(make_snapshot(spec=spec, loss=loss), inputs)
        diagram = make_diagram(snapshot, size, look)
        diagram.set_plane(inputs)
        diagram.settle()
        return diagram, snapshot

    return make


def picture_of(diagram: NetworkDiagram) -> QImage:
    return diagram.grab().toImage()


def cell_of(diagram: NetworkDiagram, place: int, row: int) -> QRectF:
    layout = diagram._state.layout
    assert layout is not None
    cell = layout.column(place).cell(row)
    assert cell is not None
    return cell


def spots(diagram: NetworkDiagram, place: int, row: int) -> Iterator[tuple[QPoint, int, int]]:
    """Yield pixels of a face with the grid point (row from below, column) that the middle of each stands for."""
    box = diagram._state.view.rect(cell_of(diagram, place, row))
    side = round(box.width())
    left, top = round(box.left()), round(box.top())
    for across in (0.2, 0.35, 0.5, 0.65, 0.8):
        for down in (0.2, 0.35, 0.5, 0.65, 0.8):
            x, y = round(across * (side - 1)), round(down * (side - 1))
            point = np.rint(np.array([side - 1 - y, x]) / (side - 1) * (SIDE - 1)).astype(int)
            yield QPoint(left + x, top + y), int(point[0]), int(point[1])


def parts(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)


def near(colour: QColor, wanted: Any, reach: int) -> bool:
    return bool(np.abs(parts(colour) - np.asarray(wanted, int)[:3]).max() <= reach)


def around(values: Floats, row: int, column: int) -> Floats:
    """Return the values at a grid point and its neighbours: a pixel shows one of them."""
    return values[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]


def matches(image: QImage, diagram: NetworkDiagram, place: int, row: int, colours: NDArray[Any]) -> bool:
    """Return whether a face shows ``colours`` ``[rows, columns, 3]``, row 0 below, to within one grid point."""
    for at, up, across in spots(diagram, place, row):
        shown = image.pixelColor(at)
        wanted = around(colours, up, across).reshape(-1, colours.shape[-1])
        if not any(near(shown, each, 2) for each in wanted):
            return False
    return True


# ---- the colours of faces --------------------------------------------------------------------------------------


def test_a_hidden_neuron_has_the_colours_of_its_activations_over_their_own_range(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    image, palette = picture_of(diagram), diagram._state.look.palette
    for place, count in ((0, 4), (1, 2)):
        for row in range(count):
            act = snapshot.surfaces.act[place][row]
            assert matches(image, diagram, place, row, palette.signed_rgba(act, 1.0))


def test_a_layer_without_bounds_has_one_scale_its_largest_magnitude(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane(), activation="relu")
    image, palette = picture_of(diagram), diagram._state.look.palette
    largest = float(np.abs(snapshot.surfaces.act[0]).max())
    assert largest > 2
    for row in range(4):
        assert matches(image, diagram, 0, row, palette.signed_rgba(snapshot.surfaces.act[0][row], largest))


def test_inputs_show_themselves_each_by_its_own_scale(make_plane: Any) -> None:
    inputs = plane(names=("x1", "x2", "x1²", "sin x1"))
    diagram, _ = make_plane(inputs)
    image, palette = picture_of(diagram), diagram._state.look.palette
    for row, values in enumerate(inputs.inputs):
        assert matches(image, diagram, INPUT, row, palette.signed_rgba(values, float(np.abs(values).max())))


@pytest.mark.parametrize(("output", "centre", "half"), [("tanh", 0.0, 1.0), ("relu", 0.5, 0.5)])
def test_the_output_has_the_colours_of_the_large_plane(
    make_plane: Any, output: str, centre: float, half: float
) -> None:
    diagram, snapshot = make_plane(plane(), output=output)
    values = (snapshot.surfaces.act[-1] - np.float32(centre)) / np.float32(half)
    wanted = surface_rgb(values, TWO, diagram._state.look.palette)
    assert matches(picture_of(diagram), diagram, 2, 0, wanted)


def test_numbers_have_the_scale_of_what_is_to_be_predicted(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane(VALUES, value_scale=3.0), output="identity")
    wanted = surface_rgb(snapshot.surfaces.act[-1], VALUES, diagram._state.look.palette, scale=3.0)
    assert matches(picture_of(diagram), diagram, 2, 0, wanted)


def test_each_of_several_classes_has_its_colour_where_it_is_the_answer(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane(CLASSES), outputs=3, loss="cross_entropy")
    image, palette = picture_of(diagram), diagram._state.look.palette
    ground = parts(QColor(palette.zero))
    for row, colour in enumerate(class_colours(3, CLASSES, palette)):
        share = snapshot.surfaces.act[-1][row][..., None]
        wanted = ground + (parts(colour) - ground) * 0.5 * share  # half of the full colour, as on the large plane
        assert matches(image, diagram, 2, row, wanted)


def test_pictures_follow_another_palette_and_another_moment(make_plane: Any, make_snapshot: MakeSnapshot) -> None:
    look, inputs = Look(), plane()
    diagram, snapshot = make_plane(inputs, look=look)
    look.set(palette=light())
    diagram.settle()
    act = snapshot.surfaces.act[0]
    assert matches(picture_of(diagram), diagram, 0, 1, look.palette.signed_rgba(act[1], 1.0))
    later = measured(replace(snapshot, step=2, parameters=-snapshot.parameters), inputs)
    diagram.render_snapshot(later)
    assert matches(picture_of(diagram), diagram, 0, 1, look.palette.signed_rgba(later.surfaces.act[0][1], 1.0))


def test_what_diverged_is_painted_without_a_warning(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane(), activation="relu")
    broken = [each.copy() for each in snapshot.surfaces.act]
    broken[0][0] = np.nan
    broken[0][1] = np.inf
    broken[1][:] = 3e38
    surfaces = UnitSurfaces(LOW, HIGH, snapshot.surfaces.pre, tuple(broken))
    diagram.render_snapshot(replace(snapshot, step=2, surfaces=surfaces))
    zero = QColor(diagram._state.look.palette.zero).getRgb()
    image = picture_of(diagram)
    for at, _, _ in spots(diagram, 0, 0):
        assert near(image.pixelColor(at), zero, 1)


# ---- over a line -----------------------------------------------------------------------------------------------


def test_over_a_line_a_face_is_the_curve(make_plane: Any) -> None:
    inputs = plane(VALUES, ("x1",), is_line=True)
    _, snapshot = make_plane(inputs, output="identity")
    values = np.sin(inputs.inputs).astype(np.float32)
    side, palette = 81, Look().palette
    pixels = curve_pixels(Responses(values, np.ones(1, np.float32)), range(1), side, palette)[0]
    drawn = QColor(palette.activation).rgb()
    for column in range(4, side - 4, 4):
        height = np.interp(column / (side - 1) * (SIDE - 1), np.arange(SIDE), values[0, 0])
        wanted = (side - 1) / 2 * (1 - height / 1.15)
        line = np.flatnonzero(pixels[:, column] == drawn)
        assert len(line)
        assert abs(line.mean() - wanted) < 1.5
    assert responses_of(snapshot, inputs) == [1, 4, 2, 1]


def responses_of(snapshot: Snapshot, inputs: PlaneInputs) -> list[int]:
    from playground.views.diagram.picture import Picture

    found = [responses(Picture(snapshot), inputs, place) for place in range(INPUT, len(snapshot.spec.layers))]
    return [len(each.values) for each in found if each is not None]


def test_the_curve_stands_in_the_face_of_the_diagram(make_plane: Any) -> None:
    diagram, _ = make_plane(plane(VALUES, ("x1",), is_line=True), output="identity")
    image, palette = picture_of(diagram), diagram._state.look.palette
    cell = diagram._state.layout.column(INPUT).cell(0)
    middle = cell.center().toPoint()
    assert near(image.pixelColor(middle), QColor(palette.activation).getRgb(), 30)  # x1 passes 0 in the middle
    low = QPoint(round(cell.left() + 0.15 * cell.width()), round(cell.center().y() + 0.15 * cell.height()))
    shown = image.pixelColor(low)
    assert shown != image.pixelColor(QPoint(low.x(), round(cell.top() + 0.2 * cell.height())))  # the sign's colour


# ---- layout ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2-4-2-1", "7-8-8-8-1", "2-8-8-8-8-8-8-1"])
@pytest.mark.parametrize(("size", "least"), [((812, 640), 2.2), ((612, 500), 1.5)])
def test_faces_are_large_enough_and_stand_on_the_stage(text: str, size: tuple[int, int], least: float) -> None:
    em = 15.0
    spec = build(tuple(int(part) for part in text.split("-")))
    layout = arrange(spec, *size, em, label_width=90, surfaces=True, name_width=20)
    for column in layout.columns:
        assert column.kind == "surfaces"
        assert column.size >= least * em
        assert column.shown == column.total
        for row in range(column.total):
            cell = column.cell(row)
            assert cell is not None
            assert layout.stage.contains(cell)
    for left, right in zip(layout.columns, layout.columns[1:], strict=False):
        assert right.body.left() - left.body.right() > 1.1 * em


def test_a_wide_layer_stands_abreast_or_shows_a_part() -> None:
    column = arrange(build((2, 400, 1)), 812, 640, 15.0, surfaces=True).column(0)
    assert column.across > 1
    assert column.shown <= column.total


def test_data_in_the_plane_switch_the_layout_at_once_and_back(make_plane: Any) -> None:
    diagram, _ = make_plane(plane())
    assert {column.kind for column in diagram._state.layout.columns} == {"surfaces"}
    diagram.set_plane(None)
    assert {column.kind for column in diagram._state.layout.columns} == {"lamps"}
    diagram.set_plane(plane(names=("x1", "x2", "x1²")))  # which this network does not take
    assert {column.kind for column in diagram._state.layout.columns} == {"lamps"}
    diagram.set_plane(plane())
    assert {column.kind for column in diagram._state.layout.columns} == {"surfaces"}


def test_before_anything_is_measured_faces_are_empty_but_there(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    diagram.render_snapshot(replace(snapshot, step=2, surfaces=None))
    zero = QColor(diagram._state.look.palette.zero).getRgb()
    image = picture_of(diagram)
    for at, _, _ in spots(diagram, 0, 2):
        assert near(image.pixelColor(at), zero, 1)


def test_points_that_were_drawn_leave_edges_and_layout_as_they_are(make_plane: Any) -> None:
    diagram, _ = make_plane(plane())
    layout, edges = diagram._state.layout, diagram._edges.edges
    diagram.set_plane(plane(value_scale=2.0))
    diagram.grab()
    assert diagram._state.layout is layout
    assert diagram._edges.edges is edges


# ---- marks and words -------------------------------------------------------------------------------------------


def test_the_bar_at_the_side_is_as_long_as_the_activation(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    image, palette = picture_of(diagram), diagram._state.look.palette
    column = diagram._state.layout.column(0)
    lit = {QColor(palette.activation).rgb(), QColor(palette.negative).rgb()}
    for row, act in enumerate(snapshot.readings.act[0].tolist()):
        cell = column.cell(row)
        x = round(cell.left() - column.bar + 0.3 * column.bar)
        pixels = [image.pixel(x, y) for y in range(round(cell.top()) + 1, round(cell.bottom()))]
        share = sum(pixel in lit for pixel in pixels) / len(pixels)
        assert share == pytest.approx(min(abs(act), 1), abs=0.08)


def test_a_frozen_neuron_bears_its_mark(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    before = picture_of(diagram)
    movable = np.ones(snapshot.spec.parameter_count, np.bool_)
    slots = snapshot.spec.slots[0]
    movable[slots.weight.start + 2 : slots.weight.start + 4] = movable[slots.bias.start + 1] = False  # neuron 2
    diagram.render_snapshot(replace(snapshot, movable=movable))
    after = picture_of(diagram)
    changed = []
    for row in range(4):
        box = diagram._state.layout.column(0).cell(row).toRect()
        changed.append(before.copy(box) != after.copy(box))
    assert changed == [False, True, False, False]


def test_a_click_selects_and_a_frame_stands_around_the_face(make_plane: Any, qtbot: QtBot) -> None:
    diagram, snapshot = make_plane(plane())
    cell = diagram._state.layout.column(0).cell(2)
    with qtbot.waitSignal(diagram.selection_changed):
        QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=cell.center().toPoint())
    layer = snapshot.spec.layers[0]
    assert diagram.selection()[0] == [(layer.id, layer.units[2])]
    move(diagram, QPointF(4, 100))
    corner = QPoint(round(cell.left()), round(cell.center().y()))
    text = QColor(diagram._state.look.palette.text).getRgb()
    image = picture_of(diagram)
    assert any(near(image.pixelColor(corner + QPoint(dx, 0)), text, 40) for dx in (-1, 0, 1))


def test_inputs_are_called_by_their_names(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane(names=("x1", "x2", "x1²")))
    value = float(snapshot.readings.inputs[2])
    assert wording.spoken(diagram._state, INPUT, 2) == f"input 3, x1², value {wording.plain(value, 2)}"


# ---- the card --------------------------------------------------------------------------------------------------


def move(diagram: NetworkDiagram, at: QPointF) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        QPointF(diagram.mapToGlobal(at.toPoint())),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    diagram.mouseMoveEvent(event)


def hover(diagram: NetworkDiagram, place: int, row: int) -> None:
    move(diagram, cell_of(diagram, place, row).center())


@pytest.mark.parametrize(("place", "row"), [(INPUT, 0), (0, 3), (1, 1), (2, 0)])
@pytest.mark.parametrize("size", [(920, 690), (612, 470)])
def test_the_card_stands_beside_its_neuron_on_the_stage(
    make_plane: Any, place: int, row: int, size: tuple[int, int]
) -> None:
    diagram, _ = make_plane(plane(), size=size)
    assert diagram._painter._card.area().isEmpty()
    hover(diagram, place, row)
    area = diagram._painter._card.area()
    assert diagram._state.layout.stage.contains(area)
    assert not area.intersects(diagram._state.layout.column(place).cell(row))
    move(diagram, QPointF(4, diagram._state.layout.stage.bottom() - 4))
    assert diagram._painter._card.area().isEmpty()


def test_the_card_shows_the_neuron_large_and_goes_with_the_training(make_plane: Any) -> None:
    inputs = plane()
    diagram, snapshot = make_plane(inputs)
    hover(diagram, 0, 1)
    card, palette = diagram._painter._card, diagram._state.look.palette
    diagram.grab()
    first = card._kept
    assert first is not None
    expected = face_pixels(Responses(snapshot.surfaces.act[0], np.ones(4, np.float32)), range(1, 2), 400, palette)
    assert np.array_equal(first[2], expected)
    wanted = palette.signed_rgba(snapshot.surfaces.act[0][1], 1.0)[::-1, :, :3].astype(np.uint32)
    assert np.array_equal(first[2][0] & 0xFFFFFF, wanted[..., 0] << 16 | wanted[..., 1] << 8 | wanted[..., 2])
    later = measured(replace(snapshot, step=2, parameters=snapshot.parameters * 2), inputs)
    diagram.render_snapshot(later)
    diagram.grab()
    assert card._kept is not None
    assert not np.array_equal(card._kept[2], expected)


def test_the_line_on_the_card_is_where_the_weighted_sum_is_zero(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    hover(diagram, 0, 1)
    diagram.grab()
    kept = diagram._painter._card._kept
    assert kept is not None
    box = kept[0][4]
    ends = [end for line in kept[3] for end in (line.p1(), line.p2())]
    assert ends
    (w1, w2), bias = snapshot.weight(0)[1].tolist(), float(snapshot.bias(0)[1])
    for end in ends:
        x1 = LOW + (end.x() - box.left()) / box.width() * (HIGH - LOW)
        x2 = LOW + (box.bottom() - end.y()) / box.height() * (HIGH - LOW)
        assert abs(w1 * x1 + w2 * x2 + bias) < 1e-3


def test_the_line_of_a_class_is_where_the_answer_changes(make_plane: Any) -> None:
    inputs = plane(CLASSES)
    diagram, snapshot = make_plane(inputs, outputs=3, loss="cross_entropy")
    found = zero_surface(diagram._state.picture, inputs, 2, 1)
    assert found is not None
    assert np.array_equal(found[0] > 0, snapshot.surfaces.act[-1].argmax(0) == 1)


def test_the_keyboard_shows_the_card_too(make_plane: Any) -> None:
    diagram, _ = make_plane(plane())
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(diagram, Qt.Key.Key_Down)
    assert diagram._painter._card.spot() == diagram._state.focus
    assert not diagram._painter._card.area().isEmpty()


def test_the_card_says_name_and_value_and_there_is_no_tooltip_over_it(make_plane: Any) -> None:
    diagram, snapshot = make_plane(plane())
    hover(diagram, 0, 1)
    lines = wording.card_lines(diagram._state, 0, 1)
    assert lines[0] == "neuron 2 of hidden 1"
    assert any(wording.plain(float(snapshot.readings.act[0][1]), 4) in line for line in lines)
    assert wording.card_lines(diagram._state, INPUT, 1)[0] == "input 2: x2"
    assert wording.tooltip(diagram._state, diagram._state.hover) == ""


# ---- cost ------------------------------------------------------------------------------------------------------


def test_pictures_are_made_once_for_each_moment(make_plane: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    render = FaceSheet.render

    def counted(sheet: FaceSheet, found: dict[int, Responses]) -> None:
        made.append(len(found))
        render(sheet, found)

    monkeypatch.setattr(FaceSheet, "render", counted)
    inputs = plane()
    diagram, snapshot = make_plane(inputs)
    picture_of(diagram)
    made.clear()
    for row in range(4):
        hover(diagram, 0, row)
        picture_of(diagram)
    assert not made
    diagram.render_snapshot(measured(replace(snapshot, step=2, parameters=-snapshot.parameters), inputs))
    picture_of(diagram)
    assert made == [4]  # all columns in one go


def test_a_zoomed_face_has_no_more_pixels_than_were_measured(make_plane: Any) -> None:
    diagram, _ = make_plane(plane())
    diagram.zoom_by(12.0)
    picture_of(diagram)
    for placed in diagram._painter._surfaces._placed:
        assert placed.plan.side == SIDE


def test_what_is_painted_of_a_moment_is_all_that_looks_different(make_plane: Any) -> None:
    inputs = plane(names=("x1", "x2", "sin x1"))
    diagram, snapshot = make_plane(inputs)
    diagram.edge_interval_ms = 10_000  # edges stand still
    fed = snapshot.readings
    before = QPixmap()
    for step, values in ((1, fed.inputs), (2, fed.inputs), (3, -fed.inputs)):
        readings = replace(fed, inputs=values, act=tuple(act * (-1) ** step for act in fed.act))
        moment = replace(snapshot, step=step, is_running=True, readings=readings)
        diagram._pending = measured(replace(moment, parameters=snapshot.parameters * step), inputs)
        diagram._absorb()
        region = diagram._painter.outdated()
        if step > 1:
            column = diagram._state.layout.column(INPUT).body.center().toPoint()
            assert region.contains(column) == (step == 3)  # inputs over the plane never change, the one fed may
            painter = QPainter(before)
            diagram.render(painter, region.boundingRect().topLeft(), region)
            painter.end()
            assert before.toImage() == picture_of(diagram)
        before = diagram.grab()
