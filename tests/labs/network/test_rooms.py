"""Columns that follow the type: what was wide enough before is wide enough on a projector."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.labs.network.rooms import Rooms
from playground.views.splitter import splitter


@pytest.fixture
def rooms(qtbot: QtBot) -> Rooms:
    parts = splitter(Qt.Orientation.Horizontal, "columns", QWidget(), QWidget(), QWidget())
    parts.resize(1000, 400)
    qtbot.addWidget(parts)
    parts.show()
    return Rooms(parts, (200, 10_000, 250), elastic=1)


def test_columns_grow_and_shrink_with_the_type(rooms: Rooms) -> None:
    rooms.put([150, 648, 200])
    rooms.scale(1.4)
    assert rooms.sizes() == [210, 508, 280]
    rooms.scale(1 / 1.4)
    assert rooms.sizes() == [150, 648, 200]


def test_columns_leave_the_middle_its_share(rooms: Rooms) -> None:
    rooms.put([300, 398, 300])
    rooms.scale(1.4, most=0.7)
    left, middle, right = rooms.sizes()
    assert left == right == pytest.approx(0.35 * 998, abs=1)
    assert middle == pytest.approx(0.3 * 998, abs=2)
