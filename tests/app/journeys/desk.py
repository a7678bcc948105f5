"""A person before the window: finds things by name, clicks, drags, types, and waits for what is to follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from playground.app.program import Program
from playground.engine.checkpoint import Checkpoint
from playground.engine.snapshots import Snapshot
from playground.labs.network.view import NetworkView
from playground.session.network_document import NetworkDocument
from playground.views.diagram.headers import heads, insert_buttons

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 30_000

_W = TypeVar("_W", bound=QWidget)


class Answers:
    """What the file dialogs answer, as soon as they are open: one path each, or nothing (cancelled)."""

    def __init__(self) -> None:
        self.save: Path | None = None
        self.open: tuple[Path, ...] = ()
        self.asked = 0

    def answer(self, dialog: QFileDialog) -> None:
        """Stand in for ``QFileDialog.open``."""
        self.asked += 1
        QTimer.singleShot(0, dialog, partial(self._choose, dialog))

    def _choose(self, dialog: QFileDialog) -> None:
        is_save = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        paths = [str(path) for path in ((self.save,) if is_save else self.open) if path is not None]
        if not paths:
            dialog.reject()
            return
        dialog.fileSelected.emit(paths[0])
        dialog.filesSelected.emit(paths)
        dialog.done(QFileDialog.DialogCode.Accepted.value)

    def save_name(self, *_: Any, **__: Any) -> tuple[str, str]:
        """Stand in for ``QFileDialog.getSaveFileName``."""
        self.asked += 1
        return ("" if self.save is None else str(self.save)), ""

    def open_name(self, *_: Any, **__: Any) -> tuple[str, str]:
        """Stand in for ``QFileDialog.getOpenFileName``."""
        self.asked += 1
        return (str(self.open[0]) if self.open else ""), ""

    def open_names(self, *_: Any, **__: Any) -> tuple[list[str], str]:
        """Stand in for ``QFileDialog.getOpenFileNames``."""
        self.asked += 1
        return [str(path) for path in self.open], ""


class Desk:
    """The program with hands on it. What has no public way in is looked at, never changed."""

    def __init__(self, qtbot: QtBot, program: Program) -> None:
        self.qtbot = qtbot
        self.program = program
        self.window = program.window
        self.document: NetworkDocument = program.workspace.document
        self.is_gone = False
        self.window.destroyed.connect(self._note_gone)

    def _note_gone(self) -> None:
        self.is_gone = True

    # ---- looking -----------------------------------------------------------------------------------------------

    @property
    def view(self) -> NetworkView:
        """Return the network's lab, also where another one is in front."""
        lab = self.window.findChild(NetworkView)
        assert isinstance(lab, NetworkView)
        return lab

    @property
    def snapshot(self) -> Snapshot:
        assert self.document.snapshot is not None
        return self.document.snapshot

    @property
    def parameters(self) -> NDArray[np.float32]:
        return self.snapshot.parameters

    @property
    def messages(self) -> tuple[str, ...]:
        return self.window.messages.texts()

    def find(self, kind: type[_W], name: str) -> _W:
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no {kind.__name__} named {name}"
        return found

    def sentence(self, name: str) -> str:
        """Return what the label of that name says; an empty text where none can be seen."""
        return next((label.text() for label in self.window.findChildren(QLabel, name) if label.isVisible()), "")

    # ---- waiting -----------------------------------------------------------------------------------------------

    def wait(self, fact: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(fact()), timeout=PATIENCE_MS)

    def wait_until_ready(self) -> None:
        self.wait(lambda: len(self.document.data.train))
        self.settle()
        self.wait(lambda: self.snapshot.evaluation is not None)

    def settle(self) -> None:
        """Wait until everything that was asked of the training thread is on the screen."""
        self.wait(lambda: self.document.is_settled)

    def wait_for_steps(self, count: int) -> None:
        goal = self.snapshot.step + count
        self.wait(lambda: self.snapshot.step >= goal)

    def wait_for_message(self, words: str) -> str:
        self.wait(lambda: any(words in text for text in self.messages))
        return next(text for text in self.messages if words in text)

    def checkpoint(self) -> Checkpoint:
        """Return the whole state, as the thread knows it."""
        found: list[Checkpoint | None] = []
        self.document.request_checkpoint(found.append)
        self.wait(lambda: found)
        assert found[0] is not None
        return found[0]

    # ---- acting ------------------------------------------------------------------------------------------------

    def click(self, name: str, at: QPoint | None = None) -> None:
        widget = self.find(QWidget, name)
        assert widget.isVisible(), f"{name} cannot be seen"
        assert widget.isEnabled(), f"{name} is disabled"
        QTest.mouseClick(widget, LEFT, NO_KEYS, at or widget.rect().center())

    def trigger(self, action: str) -> None:
        assert self.window.actions_table[action].isEnabled(), f"{action} is disabled"
        self.window.actions_table[action].trigger()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press a key wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def undo(self) -> None:
        before = self.document.undo_stack.index()
        self.press(Qt.Key.Key_Z, CTRL)
        assert self.document.undo_stack.index() == before - 1
        self.settle()

    def type_in(self, name: str, text: str, end: Qt.Key = Qt.Key.Key_Return) -> QLineEdit:
        """Type into a field in the place of what is there, and confirm."""
        field = self.find(QLineEdit, name)
        assert field.isVisible(), f"{name} cannot be seen"
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, end)
        return field

    def drag(self, widget: QWidget, points: Iterable[QPointF], button: Qt.MouseButton = LEFT) -> None:
        self.press_at(widget, *(path := list(points))[:1], button=button)
        for point in path[1:]:
            self.move_to(widget, point, button)
        QTest.mouseRelease(widget, button, NO_KEYS, path[-1].toPoint())

    def press_at(self, widget: QWidget, point: QPointF, *, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(widget, button, NO_KEYS, point.toPoint())

    def move_to(self, widget: QWidget, point: QPointF, button: Qt.MouseButton = LEFT) -> None:
        """Move with the button down (QTest's own move knows of no button)."""
        there = QPointF(widget.mapToGlobal(point.toPoint()))
        event = QMouseEvent(QEvent.Type.MouseMove, point, there, Qt.MouseButton.NoButton, button, NO_KEYS)
        QApplication.sendEvent(widget, event)

    def drop(self, *paths: Path) -> None:
        """Drop files on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle, actions = self.window.rect().center(), Qt.DropAction.CopyAction
        entering = QDragEnterEvent(middle, actions, data, LEFT, NO_KEYS)
        QApplication.sendEvent(self.window, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(middle), actions, data, LEFT, NO_KEYS))

    # ---- the diagram -------------------------------------------------------------------------------------------

    def click_head(self, part: str, place: int) -> None:
        """Click a button in the head of a column: plus, minus, or insert (in front of layer ``place``)."""
        diagram = self.view.diagram
        if part != "insert":  # where the column is narrow the buttons come with the mouse
            title = next(head.title for head in heads(diagram._state) if head.place == place)
            self.move_to(diagram, title.center(), Qt.MouseButton.NoButton)
        if part == "insert":
            spot = dict(insert_buttons(diagram._state))[place]
        else:
            head = next(head for head in heads(diagram._state) if head.place == place)
            spot = head.plus if part == "plus" else head.minus
        assert spot.width() > 0, f"no room for {part}"
        QTest.mouseClick(diagram, LEFT, NO_KEYS, spot.center().toPoint())
        self.settle()

    def click_unit(self, place: int, row: int) -> None:
        diagram = self.view.diagram
        layout = diagram._state.layout
        assert layout is not None
        cell = layout.column(place).cell(row)
        assert cell is not None
        QTest.mouseClick(diagram, LEFT, NO_KEYS, diagram._state.view.rect(cell).center().toPoint())

    # ---- the canvas of the inspector ---------------------------------------------------------------------------

    def canvas_points(self, *places: tuple[float, float]) -> list[QPointF]:
        """Return points of the canvas for places in rows and columns of the grid."""
        frame = self.view.inspector.neuron.canvas._frame
        return [frame.point(row, column) for row, column in places]
