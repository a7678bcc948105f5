"""Lines of widgets: what they ask for is asked once for each change, and each change is followed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot

from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look


class Sized(QPushButton):
    """A button of a size that can be changed."""

    def __init__(self, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.size_wanted = QSize(width, 20)

    def want(self, width: int) -> None:
        self.size_wanted = QSize(width, 20)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self.size_wanted

    def minimumSizeHint(self) -> QSize:
        return self.size_wanted


class Counted(QWidgetItem):
    """Counts how often it is asked for its size (Qt's own items keep what the widget has said)."""

    asked = 0

    def sizeHint(self) -> QSize:
        self.asked += 1
        return super().sizeHint()


class Lines:
    """A window of 200 points with a flow inside its layout, as every flow of the program stands."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        self.look = Look(self.window)
        self.flow = FlowLayout(self.look, gap=0.5)
        self.buttons = [Sized(width, self.window) for width in (60, 60, 60)]
        for button in self.buttons:
            self.flow.addWidget(button)
        column.addLayout(self.flow)
        column.addStretch(1)
        self.window.resize(200, 300)
        self.window.show()
        qtbot.waitExposed(self.window)

    def places(self) -> list[tuple[int, int]]:
        """Return where the buttons in sight stand, in points from the first: right and down in whole lines."""
        self.window.layout().activate()
        shown = [button for button in self.buttons if not button.isHidden()]
        rows = sorted({button.y() for button in shown})
        return [(button.x(), rows.index(button.y())) for button in shown]


@pytest.fixture
def lines(qtbot: QtBot) -> Lines:
    return Lines(qtbot)


def test_a_line_breaks_where_it_is_full(lines: Lines) -> None:
    gap = lines.flow.spacing()
    assert 0 < gap < 10
    assert lines.places() == [(0, 0), (60 + gap, 0), (120 + 2 * gap, 0)]
    lines.window.resize(130, 300)
    assert lines.places() == [(0, 0), (60 + gap, 0), (0, 1)]


def test_every_change_of_an_item_is_followed(lines: Lines) -> None:
    gap, first = lines.flow.spacing(), lines.buttons[0]
    first.want(100)
    assert lines.places() == [(0, 0), (100 + gap, 0), (0, 1)]
    assert lines.flow.heightForWidth(200) > 40
    first.hide()
    assert lines.places() == [(0, 0), (60 + gap, 0)]
    first.show()
    assert lines.places() == [(0, 0), (100 + gap, 0), (0, 1)]
    first.want(10)
    assert lines.places() == [(0, 0), (10 + gap, 0), (70 + 2 * gap, 0)]
    first.want(30)  # the lines take the same room as before
    assert lines.places() == [(0, 0), (30 + gap, 0), (90 + 2 * gap, 0)]


def test_the_type_and_other_items_are_followed(lines: Lines) -> None:
    narrow = lines.flow.spacing()
    lines.look.set(scale=4.0)
    gap = lines.flow.spacing()
    assert gap > max(narrow, 10)
    assert lines.places() == [(0, 0), (60 + gap, 0), (0, 1)]
    lines.look.set(scale=1.0)
    gap = lines.flow.spacing()
    assert gap == narrow
    taken = lines.flow.takeAt(1)
    assert taken is not None
    lines.buttons.pop(1).setParent(None)
    assert lines.places() == [(0, 0), (60 + gap, 0)]
    wide = Sized(150, lines.window)
    lines.buttons.append(wide)
    lines.flow.addWidget(wide)
    wide.show()
    assert lines.places() == [(0, 0), (60 + gap, 0), (0, 1)]
    assert lines.flow.sizeHint() == QSize(270 + 2 * gap, 20)
    assert lines.flow.minimumSize() == QSize(150, 20)


def test_between_changes_the_items_are_not_asked_again(lines: Lines) -> None:
    item = Counted(Sized(60, lines.window))
    lines.flow.addItem(item)
    item.widget().show()
    lines.places()
    before = item.asked
    assert before > 0
    heights = [lines.flow.heightForWidth(width) for width in (300, 130, 130, 60, 300)]
    assert heights[0] == 20 == heights[4]
    assert heights[1] == heights[2]
    assert 20 < heights[1] < heights[3]
    lines.flow.sizeHint()
    lines.flow.setGeometry(QRect(0, 0, 130, heights[1]))
    assert item.asked == before
    assert lines.buttons[2].y() > 0
    lines.buttons[0].want(70)
    lines.places()
    assert item.asked > before
