"""The diagram follows snapshots: what it shows, when it works, and when it rests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFontMetricsF, QImage, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engine import structure
from playground.engine.snapshots import Measure, Snapshot, StrokeEffect
from playground.engine.spec import build
from playground.views.diagram import NetworkDiagram
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.footer import footer
from playground.views.diagram.ground import Ground
from playground.views.diagram.painting import DiagramPainter
from playground.views.diagram.picture import Picture
from playground.views.diagram.raster import Raster
from playground.views.diagram.wording import legend_text
from playground.views.look import Look
from playground.views.palette import dark, light

LOSSES = ("cross_entropy", "squared_error")


def picture_of(diagram: NetworkDiagram) -> QImage:
    diagram.settle()
    return diagram.grab().toImage()


class Counted:
    """Counts the calls of a method while it does its work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        self.calls = 0
        method = getattr(owner, name)

        def counted(this: Any, *args: Any, **options: Any) -> Any:
            self.calls += 1
            return method(this, *args, **options)

        monkeypatch.setattr(owner, name, counted)


@pytest.mark.parametrize(
    "widths", [(784, 16, 16, 10), (784, 128, 10), (2, 4, 2, 1), (6, 1), (784, 300, 100, 50, 10), (784, 2000, 10)]
)
@pytest.mark.parametrize("size", [(700, 480), (920, 690)])
def test_every_kind_of_network_is_painted(
    make_snapshot: Any, make_diagram: Any, widths: tuple[int, ...], size: tuple[int, int]
) -> None:
    picture = picture_of(make_diagram(make_snapshot(widths), size))
    window = dark().colour("window").rgb()
    for left in range(0, size[0] - 99, size[0] // 3):  # something is drawn in every third of the stage
        part = picture.copy(left, 70, size[0] // 3, size[1] - 130)
        assert any(part.pixel(x, y) != window for x in range(0, part.width(), 3) for y in range(0, part.height(), 3))


@pytest.mark.parametrize("palette", [dark(), light()])
def test_an_edge_has_the_colour_of_its_sign(make_snapshot: Any, make_diagram: Any, places: Any, palette: Any) -> None:
    snapshot = make_snapshot((2, 1, 2, 1), loss="squared_error")
    flat = snapshot.parameters.copy()
    flat[snapshot.spec.slots[1].weight] = [2.0, -2.0]
    diagram = make_diagram(
        make_snapshot(spec=snapshot.spec, flat=flat, loss="squared_error"), look=Look(palette=palette)
    )
    picture = picture_of(diagram)
    for row, sign in ((0, "positive"), (1, "negative")):
        seen = picture.pixelColor(places(diagram).edge(1, row, 0, along=0.4).toPoint())
        wanted, other = palette.colour(sign), palette.colour("negative" if sign == "positive" else "positive")
        assert distance(seen, wanted) < 0.35 * distance(seen, other)


def distance(one: Any, other: Any) -> float:
    return float(np.linalg.norm([one.red() - other.red(), one.green() - other.green(), one.blue() - other.blue()]))


def test_the_edge_picture_follows_a_weight_that_changes_its_sign(
    make_snapshot: Any, make_diagram: Any, places: Any, qtbot: QtBot
) -> None:
    snapshot = make_snapshot((2, 1, 2, 1), loss="squared_error")
    diagram = make_diagram(snapshot)
    flat = snapshot.parameters.copy()
    flat[snapshot.spec.slots[1].weight] = [-2.0, 2.0]
    diagram.render_snapshot(make_snapshot(spec=snapshot.spec, flat=flat, loss="squared_error"))
    spot = places(diagram).edge(1, 0, 0, along=0.4).toPoint()

    def is_negative() -> bool:
        seen = diagram.grab().toImage().pixelColor(spot)
        return distance(seen, dark().colour("negative")) < 60

    qtbot.waitUntil(is_negative, timeout=2000)


def test_the_same_numbers_are_not_painted_again(
    make_snapshot: Any, make_diagram: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    QApplication.processEvents()
    painted = Counted(monkeypatch, DiagramPainter, "paint")
    again = make_snapshot(spec=snapshot.spec, flat=snapshot.parameters.copy())
    assert again is not snapshot
    for _ in range(3):
        diagram.render_snapshot(again)
        QApplication.processEvents()
    assert painted.calls == 0
    diagram.render_snapshot(make_snapshot(spec=snapshot.spec, flat=snapshot.parameters + np.float32(0.1)))
    QApplication.processEvents()
    assert painted.calls == 1


def test_a_hidden_diagram_does_not_work_and_catches_up(make_snapshot: Any, make_diagram: Any, monkeypatch: Any) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    diagram.hide()
    drawn = Counted(monkeypatch, EdgeLayer, "_draw")
    arranged = Counted(monkeypatch, EdgeLayer, "arrange")
    before = diagram._state.picture
    for seed in range(1, 4):
        diagram.render_snapshot(make_snapshot(seed=seed))
    diagram.render_snapshot(make_snapshot((64, 9, 3)))
    assert (drawn.calls, arranged.calls) == (0, 0)
    assert diagram._state.picture is before
    assert not any(timer.isActive() for timer in (diagram._edges._pace, diagram._edges._idle, diagram._edges._easing))
    diagram.show()
    assert diagram._state.picture is not None
    assert diagram._state.picture.spec.text == "64-9-3"
    assert drawn.calls > 0


def test_a_jump_by_hand_and_a_pause_draw_the_edges_at_once(
    make_snapshot: Any, make_diagram: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = replace(make_snapshot(), is_running=True)
    diagram = make_diagram(first)
    diagram.edge_interval_ms = 100_000
    drawn = Counted(monkeypatch, EdgeLayer, "_draw")

    def show(**changes: Any) -> int:
        parameters = first.parameters + np.float32(0.1 * (1 + changes["step"]))
        diagram.render_snapshot(replace(first, parameters=parameters, **changes))
        return drawn.calls

    assert show(step=2) == 0
    assert show(step=3, applied_seq=2) == 1, "an edit"
    assert show(step=4, applied_seq=2) == 1
    measure = Measure(1.0, 0.5, 10)
    stroke = StrokeEffect(1, 5, measure, measure, is_open=True)
    assert show(step=5, applied_seq=3, stroke_effect=stroke) == 1, "a move of a stroke comes with the next drawing"
    assert show(step=6, applied_seq=3, is_running=False) == 2, "a pause"


@pytest.mark.parametrize("widths", [(64, 6, 5, 3), (7, 4, 2), (64, 3, 1), (400, 90, 4)])
@pytest.mark.parametrize("every", [1, 3])
def test_other_numbers_leave_nothing_stale_on_the_screen(
    make_snapshot: Any, make_diagram: Any, widths: tuple[int, ...], every: int
) -> None:
    first = replace(make_snapshot(widths), is_running=True)
    diagram = make_diagram(first)
    QApplication.processEvents()
    painted = []
    for step in range(1, 9):
        diagram.edge_interval_ms = 100_000 if step % every else 0
        flat = first.parameters * np.float32(1 - 0.1 * step)  # the legend tells other numbers each time
        moment = make_snapshot(spec=first.spec, flat=flat, loss=LOSSES[step % 4 // 2])
        diagram.render_snapshot(replace(moment, is_running=True))
        QApplication.processEvents()
        on_screen = diagram.screen().grabWindow(diagram.winId()).toImage()
        assert on_screen == diagram.grab().toImage().convertToFormat(on_screen.format()), step
        painted.append(on_screen)
    assert painted[0] != painted[1]


def test_weights_are_painted_as_often_as_the_edges_and_of_the_same_moment(
    make_snapshot: Any, make_diagram: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = replace(make_snapshot((64, 6, 5, 3)), is_running=True)
    diagram = make_diagram(first)
    QApplication.processEvents()
    made = Counted(monkeypatch, Ground, "_make")
    diagram.edge_interval_ms = 100_000

    def show(step: int, **changes: Any) -> Snapshot:
        moment = make_snapshot(spec=first.spec, flat=first.parameters * np.float32(1 + 0.1 * step), seed=1)
        moment = replace(moment, is_running=True, step=step, **changes)
        diagram.render_snapshot(moment)
        QApplication.processEvents()
        return moment

    show(1)
    calls = made.calls  # the input is another one
    for step in range(2, 6):
        show(step)
    assert made.calls == calls
    ground = diagram._painter._ground
    assert ground.picture is diagram._edges.shown
    assert ground.picture.snapshot is not diagram._state.picture.snapshot
    edited = show(6, applied_seq=2)
    assert made.calls == calls + 1, "what the hand did is on the screen at once"
    assert ground.picture.snapshot is edited
    show(7, applied_seq=2)
    diagram.edge_interval_ms = 0
    drawn = show(8, applied_seq=2)
    assert made.calls == calls + 2
    assert ground.picture.snapshot is drawn


def test_a_part_of_the_stage_is_never_painted_from_another_moment_than_the_rest(
    make_snapshot: Any, make_diagram: Any, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    first = make_snapshot((64, 6, 5, 3))
    diagram = make_diagram(first)
    QApplication.processEvents()
    made = Counted(monkeypatch, Ground, "_make")
    diagram._edges.render(Picture(make_snapshot(spec=first.spec, flat=first.parameters * np.float32(0.5))))
    diagram._edges.settle()
    QApplication.processEvents()
    calls = made.calls
    diagram._edges.drawings += 1
    diagram.render(QImage(diagram.size(), QImage.Format.Format_RGB32), QPoint(), QRegion(300, 300, 40, 40))
    assert made.calls == calls
    qtbot.waitUntil(lambda: made.calls == calls + 1, timeout=5_000)  # the whole stage is painted next


def test_edges_are_drawn_no_more_often_than_asked_for(
    make_snapshot: Any, make_diagram: Any, monkeypatch: Any, qtbot: QtBot
) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    diagram.edge_interval_ms = 100_000
    drawn = Counted(monkeypatch, EdgeLayer, "_draw")
    for step in range(20):
        flat = snapshot.parameters + np.float32(step)
        diagram.render_snapshot(make_snapshot(spec=snapshot.spec, flat=flat))
    assert drawn.calls == 0
    assert diagram._edges._pace.isActive()
    diagram.settle()
    assert drawn.calls == 1
    diagram.edge_interval_ms = 0
    diagram._edges._pace.stop()
    diagram.render_snapshot(make_snapshot(spec=snapshot.spec, flat=snapshot.parameters - 1))
    qtbot.waitUntil(lambda: drawn.calls >= 2, timeout=2000)


def test_edges_that_did_not_move_are_not_drawn_again(make_snapshot: Any, make_diagram: Any, monkeypatch: Any) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    drawn = Counted(monkeypatch, Raster, "draw")
    diagram._edges._draw()
    assert drawn.calls == 0
    nudged = snapshot.parameters.copy()
    nudged[snapshot.spec.slots[1].weight.start] += 1e-5
    diagram._edges._picture = type(diagram._state.picture)(make_snapshot(spec=snapshot.spec, flat=nudged))
    diagram._edges._draw()
    assert drawn.calls == 0
    nudged[snapshot.spec.slots[1].weight.start] += 0.5
    diagram._edges._picture = type(diagram._state.picture)(make_snapshot(spec=snapshot.spec, flat=nudged))
    diagram._edges._draw()
    assert drawn.calls == 1


def test_structure_changes_are_followed_and_lost_selections_dropped(
    make_snapshot: Any, make_diagram: Any, qtbot: QtBot
) -> None:
    snapshot = make_snapshot()
    first, second = snapshot.spec.layers[:2]
    diagram = make_diagram(snapshot)
    kept, lost = (first.id, first.units[0]), (first.id, first.units[-1])
    edges = [(second.id, second.units[0], first.units[-1]), (second.id, second.units[1], first.units[1])]
    diagram.set_selection([kept, lost], edges)
    smaller = structure.remove_units(snapshot.spec, first.id).spec
    with qtbot.waitSignal(diagram.selection_changed) as told:
        diagram.render_snapshot(make_snapshot(spec=smaller, seed=3))
    assert told.args == [[kept], [edges[1]]]
    assert diagram.selection() == ([kept], [edges[1]])
    assert diagram._state.layout is not None
    assert diagram._state.layout.column(0).shown == 5
    assert len(diagram._edges.edges) == 5 * 5 + 3 * 5
    longer = structure.insert_layer(smaller, second.id).spec
    diagram.render_snapshot(make_snapshot(spec=longer, seed=3))
    diagram.settle()
    assert len(diagram._state.layout.columns) == 5
    picture_of(diagram)


def test_cutting_an_edge_takes_it_out_of_the_picture(make_snapshot: Any, make_diagram: Any) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    assert len(diagram._edges.edges) == 45
    present = np.ones(snapshot.spec.parameter_count, np.bool_)
    present[snapshot.spec.slots[1].weight.start] = False
    diagram.render_snapshot(replace(snapshot, present=present))
    diagram.settle()
    assert len(diagram._edges.edges) == 44
    assert len(diagram._edges.cut) == 1
    picture_of(diagram)


def test_frozen_neurons_are_marked(make_snapshot: Any, make_diagram: Any, places: Any) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    before = picture_of(diagram)
    movable = np.ones(snapshot.spec.parameter_count, np.bool_)
    slots = snapshot.spec.slots[1]
    movable[slots.weight.start : slots.weight.start + slots.columns] = False
    movable[slots.bias.start] = False
    diagram.render_snapshot(replace(snapshot, movable=movable))
    after = picture_of(diagram)
    accent = dark().colour("accent")
    at = places(diagram).unit(1, 0)
    near = [at + QPoint(dx, dy) for dx in range(-40, 41) for dy in range(-40, 41)]
    assert min(distance(before.pixelColor(point), accent) for point in near) > 60
    assert min(distance(after.pixelColor(point), accent) for point in near) < 40


def test_the_answer_is_lit(make_snapshot: Any, make_diagram: Any, places: Any) -> None:
    snapshot = make_snapshot()
    diagram = make_diagram(snapshot)
    answer = int(np.argmax(snapshot.readings.act[-1]))
    picture = picture_of(diagram)
    for row in range(3):
        at = places(diagram).unit(2, row) - QPoint(0, 16)
        is_lit = distance(picture.pixelColor(at), dark().colour("good")) < 40
        assert is_lit == (row == answer)


def test_lamps_shine_with_their_activation(make_snapshot: Any, make_diagram: Any, places: Any) -> None:
    snapshot = make_snapshot((2, 3, 2, 1), loss="squared_error")
    flat = snapshot.parameters.copy()
    slots = snapshot.spec.slots[0]
    flat[slots.weight] = 0
    flat[slots.bias] = [-9.0, 0.0, 9.0]
    diagram = make_diagram(make_snapshot(spec=snapshot.spec, flat=flat, loss="squared_error"))
    picture = picture_of(diagram)
    off, half, on = (picture.pixelColor(places(diagram).unit(0, row) - QPoint(0, 20)) for row in range(3))
    assert distance(on, dark().colour("activation")) < 20
    assert distance(off, dark().colour("raised")) < 20
    assert off.lightnessF() < half.lightnessF() < on.lightnessF()


def test_negative_activations_take_the_negative_colour(make_snapshot: Any, make_diagram: Any, places: Any) -> None:
    spec = build((2, 3, 1), activation="tanh")
    flat = np.zeros(spec.parameter_count, np.float32)
    flat[spec.slots[0].bias] = [-9.0, 0.0, 9.0]
    diagram = make_diagram(make_snapshot(spec=spec, flat=flat, loss="squared_error"))
    seen = picture_of(diagram).pixelColor(places(diagram).unit(0, 0) - QPoint(0, 20))
    assert distance(seen, dark().colour("negative")) < 20


def test_weights_that_diverged_are_painted_without_complaint(make_snapshot: Any, make_diagram: Any) -> None:
    snapshot = make_snapshot()
    flat = snapshot.parameters.copy()
    flat[:] = np.nan
    with np.errstate(all="ignore"):
        bad = make_snapshot(spec=snapshot.spec, flat=flat)
    diagram = make_diagram(snapshot)
    diagram.render_snapshot(bad)
    picture_of(diagram)
    assert diagram._state.picture is not None
    assert diagram._state.picture.answer is None


def test_without_readings_the_structure_is_still_there(make_snapshot: Any, make_diagram: Any) -> None:
    diagram = make_diagram(make_snapshot(reads=False))
    assert len(diagram._edges.edges) == 45
    picture_of(diagram)


def test_look_and_size_are_followed(make_snapshot: Any, make_diagram: Any) -> None:
    look = Look()
    diagram = make_diagram(make_snapshot(), look=look)
    look.set(palette=light(), scale=1.5)
    picture = picture_of(diagram)
    assert picture.pixelColor(3, 3) == light().colour("window")
    assert diagram._state.layout is not None
    before = diagram._state.layout.column(2).middle
    diagram.resize(QSize(1200, 800))
    picture_of(diagram)
    assert diagram._state.layout.column(2).middle > before + 100
    assert diagram._edges._raster is not None
    assert diagram._edges._span == diagram._state.layout.span


def test_a_diagram_without_a_snapshot_is_empty_ground(qtbot: QtBot) -> None:
    diagram = NetworkDiagram(Look())
    qtbot.addWidget(diagram)
    diagram.resize(300, 200)
    diagram.set_output_names(("a", "b"))
    diagram.set_selection([(1, 2)], [])
    diagram.fit()
    assert diagram.grab().toImage().pixelColor(150, 100) == dark().colour("window")


def test_output_names_are_shown_beside_the_outputs(make_snapshot: Any, make_diagram: Any) -> None:
    diagram = make_diagram(make_snapshot())
    before = picture_of(diagram)
    diagram.set_output_names(("circle", "square", "star"))
    assert picture_of(diagram) != before
    assert [diagram._state.output_name(row) for row in range(3)] == ["circle", "square", "star"]


@pytest.mark.parametrize(
    ("scale", "text"),
    [(8.5e6, "8.5e6"), (1.25e12, "1.2e12"), (3e-7, "3e−7"), (412.0, "412"), (99.97, "100"), (1.5, "1.5")],
)
def test_the_numbers_at_the_legend_stand_apart(make_snapshot: Any, make_diagram: Any, scale: float, text: str) -> None:
    assert legend_text(scale) == (f"−{text}", f"+{text}")
    snapshot = make_snapshot()
    flat = snapshot.parameters * np.float32(scale / np.abs(snapshot.weight(0)).max())
    diagram = make_diagram(make_snapshot(flat=flat, reads=False))
    found = footer(diagram._state)
    assert found is not None
    metrics = QFontMetricsF(diagram._state.look.font(8.0))
    assert sum(map(metrics.horizontalAdvance, legend_text(scale))) < found.legend.width()
