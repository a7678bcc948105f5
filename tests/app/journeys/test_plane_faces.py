"""Every neuron's response over the plane, in the real window: as its face, and large under the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.targets import TWO
from playground.views.diagram import NetworkDiagram
from playground.views.diagram.picture import INPUT
from playground.views.plane.colours import surface_rgb
from tests.app.journeys.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def plane(desk: Desk) -> Desk:
    """The program with a circle in the plane and a network of 2-4-2-1."""
    desk.view.plane_mode.begin()
    desk.settle()
    desk.view._type_structure("2-4-2-1")
    desk.settle()
    return desk


def diagram(desk: Desk) -> NetworkDiagram:
    found = desk.view.diagram
    assert isinstance(found, NetworkDiagram)
    return found


def cell(desk: Desk, place: int, row: int) -> QRectF:
    layout = diagram(desk)._state.layout
    assert layout is not None
    found = layout.column(place).cell(row)
    assert found is not None
    return found


def kinds(desk: Desk) -> set[str]:
    layout = diagram(desk)._state.layout
    return set() if layout is None else {column.kind for column in layout.columns}


def hover(desk: Desk, at: QPointF) -> None:
    none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    spot = QPointF(diagram(desk).mapToGlobal(at.toPoint()))
    QApplication.sendEvent(diagram(desk), QMouseEvent(QEvent.Type.MouseMove, at, spot, none, none, no_key))


def answers(desk: Desk, points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the activations of every layer at ``points``: the forward pass once more, sigmoid everywhere."""
    snapshot, found, below = desk.snapshot, [], points
    for index in range(len(snapshot.spec.layers)):
        below = 1 / (1 + np.exp(-(below @ snapshot.weight(index).T + snapshot.bias(index))))
        found.append(below)
    return found


def is_colour(image: QImage, at: QPoint, wanted: NDArray[np.uint8]) -> bool:
    colour: QColor = image.pixelColor(at)
    found = np.array([colour.red(), colour.green(), colour.blue()], int)
    return bool(np.abs(found - wanted[:3].astype(int)).max() <= 8)


def test_every_face_has_the_colour_of_what_the_neuron_answers_there(plane: Desk) -> None:
    goal = plane.snapshot.step + 300
    plane.document.advance(steps=300)
    plane.wait(lambda: plane.snapshot.step == goal and not plane.snapshot.is_running)
    plane.settle()
    assert kinds(plane) == {"surfaces"}
    image, palette = diagram(plane).grab().toImage(), diagram(plane)._state.look.palette
    for place, count in ((0, 4), (1, 2), (2, 1)):
        for row in range(count):
            box = cell(plane, place, row)
            at = [(left, down) for left in (0.25, 0.6) for down in (0.3, 0.8)]
            pixels = [QPointF(box.left() + u * box.width(), box.top() + v * box.height()).toPoint() for u, v in at]
            middles = [(one.x() + 0.5 - box.left(), box.bottom() - one.y() - 0.5) for one in pixels]
            share = np.array(middles) / box.width()
            values = answers(plane, -6 + 12 * share)[place][:, row].astype(np.float32)
            is_output = place == 2
            wanted = surface_rgb(2 * values[None] - 1, TWO, palette) if is_output else palette.signed_rgba(values, 1.0)
            for pixel, colour in zip(pixels, wanted, strict=True):
                assert is_colour(image, pixel, colour), (place, row, pixel, colour)


def test_a_neuron_under_the_mouse_is_shown_large_and_lives_while_training(plane: Desk) -> None:
    card = diagram(plane)._painter._card
    hover(plane, cell(plane, 0, 1).center())
    assert not card.area().isEmpty()
    plane.document.run()
    plane.wait_for_steps(50)
    plane.wait(lambda: card._kept is not None)
    first = card._kept
    plane.wait(lambda: card._kept is not first)  # without a move of the mouse
    plane.document.pause()
    plane.settle()
    hover(plane, QPointF(3, 3))
    assert card.area().isEmpty()


def test_other_features_and_other_data_change_the_faces_at_once(plane: Desk) -> None:
    plane.view.data_panel.plane.features.buttons["x1²"].click()
    plane.settle()
    layout = diagram(plane)._state.layout
    assert layout is not None
    assert layout.column(INPUT).total == 3
    image, palette = diagram(plane).grab().toImage(), diagram(plane)._state.look.palette
    box = cell(plane, INPUT, 2)
    for across in (0.1, 0.3, 0.75):
        at = QPointF(box.left() + across * box.width(), box.center().y()).toPoint()
        x1 = -6 + 12 * (at.x() + 0.5 - box.left()) / box.width()
        assert is_colour(image, at, palette.signed_rgba(np.array(x1**2), 36.0))
    for _ in range(3):
        plane.undo()
    assert "surfaces" not in kinds(plane)
    assert "image" in kinds(plane)


def test_over_a_line_the_faces_are_curves(plane: Desk) -> None:
    plane.document.set_data(plane_data(PlaneSetup(shape="sin", inputs=1, features=("x1",))))
    plane.settle()
    assert kinds(plane) == {"surfaces"}
    box, palette = cell(plane, INPUT, 0), diagram(plane)._state.look.palette
    image = diagram(plane).grab().toImage()
    drawn = QColor(palette.activation)
    wanted = np.array([drawn.red(), drawn.green(), drawn.blue()], np.uint8)
    for along in (0.25, 0.5, 0.75):  # x1 over x1, up to 1.15 of its scale
        x = box.left() + along * box.width()
        y = box.center().y() - (2 * along - 1) / 1.15 * box.height() / 2
        assert any(is_colour(image, QPointF(x, y + off).toPoint(), wanted) for off in (-1, 0, 1))
