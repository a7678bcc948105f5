"""A person who does anything: seeded random clicks, drags, wheels, keys, words and menu entries on the real window."""

from __future__ import annotations

import random
from collections import Counter, deque
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QSplitterHandle,
    QWidget,
)

from playground.engine.checkpoint import Checkpoint
from playground.session.network_document import NetworkDocument
from playground.session.undo import Face
from tests.app.journeys.desk import LEFT, NO_KEYS, RIGHT, Answers, Desk

ENDS_THE_WALK = {"file.quit"}  # what closing asks and does is told in test_keeping
TRAINS = {"training.play", "training.step", "training.epoch"}
TRAINING_BUTTONS = {"play_button", "step_button", "epoch_button"}
WORDS = ("0.5", "-1", "abc", "32", "1e9", "", "0", "0.003", "7", "π", "1,5", "50 %", "--", "999999999999")
STRUCTURES = ("784-16-16-10", "784-8-10", "784-10", "784-12-12-12-10", "784--16", "0-0", "30-10", "784-16-16-10-")
KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
    *(Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_1),
    *(Qt.Key.Key_F, Qt.Key.Key_X, Qt.Key.Key_G, Qt.Key.Key_M, Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_Plus),
    *(Qt.Key.Key_Minus, Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
KEYS_THAT_TRAIN = (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_E)
MODIFIERS = (NO_KEYS, NO_KEYS, NO_KEYS, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
LARGEST = 100_000  # parameters; beyond, the walker types the first structure again
DEEPEST = 7


class Walker:
    """Acts one after the other; ``trail`` holds the last acts, so that a failure can be replayed."""

    def __init__(self, desk: Desk, answers: Answers, seed: int, folder: Path, *, trains: bool) -> None:
        self.desk, self.answers, self.seed, self.folder, self.trains = desk, answers, seed, folder, trains
        self.random = random.Random(seed)
        self.popups = random.Random(seed + 1)
        self.trail: deque[str] = deque(maxlen=40)
        self.counts: Counter[str] = Counter()  # how often each action of the table was triggered, by whatever means
        self.turns: Counter[str] = Counter()  # how often it was this walker's choice: all get their turn
        self.troubles: list[str] = []
        self.start: list[tuple[Face, Checkpoint | None]] = []
        self._forbidden = ENDS_THE_WALK if trains else ENDS_THE_WALK | TRAINS
        self._timer = QTimer(desk.window, interval=15)
        self._timer.timeout.connect(self._meet_popup)
        self._timer.start()
        for row in desk.window.actions_table.rows:
            desk.window.actions_table[row.id].triggered.connect(partial(self._count, row.id))
        desk.document.trouble_happened.connect(self._note_trouble)
        self._watch(desk.document)

    def stop(self) -> None:
        self._timer.stop()

    def _count(self, action: str, _is_checked: bool = False) -> None:
        self.counts[action] += 1

    def _note_trouble(self, trouble: Any) -> None:
        if trouble.kind == "error":
            self.troubles.append(trouble.report)

    def _watch(self, document: NetworkDocument) -> None:
        """Remember how a document began, also one that takes the place of the first: all undoing leads there."""

        def remember() -> None:
            face = document.face
            self.start.clear()
            document.request_checkpoint(lambda found: self.start.append((face, found)))

        def wrapped(name: str) -> None:
            original = getattr(document, name)

            def act(*args: Any) -> None:
                original(*args)
                remember()

            setattr(document, name, act)

        wrapped("restore")
        wrapped("start_anew")
        remember()

    # ---- one act -----------------------------------------------------------------------------------------------

    def act(self) -> None:
        """Do something."""
        self._answer_question()
        self._choose_files()
        kind = self.random.choices(
            (self._trigger, self._click, self._drag, self._press, self._type, self._turn), (40, 22, 16, 10, 6, 6)
        )[0]
        kind()
        QCoreApplication.processEvents()
        self._stay_small()

    def note(self, words: str) -> None:
        self.trail.append(words)

    def _choose_files(self) -> None:
        files = [path for path in self.folder.iterdir() if path.is_file()]
        self.answers.save = self.random.choice((None, self.folder / "walk.playground", self.folder / "other.png"))
        self.answers.open = (self.random.choice(files),) if files and self.random.random() < 0.7 else ()

    def _answer_question(self) -> None:
        for box in self.desk.window.findChildren(QMessageBox):
            if box.isVisible():
                button = self.random.choice(box.buttons())
                self.note(f"answer {button.text()}")
                button.click()
        for dialog in self.desk.window.findChildren(QDialog):
            if dialog.isVisible() and self.random.random() < 0.5:
                self.note(f"close {dialog.objectName()}")
                dialog.reject()

    def _trigger(self) -> None:
        table = self.desk.window.actions_table
        enabled = [row.id for row in table.rows if table[row.id].isEnabled() and row.id not in self._forbidden]
        least = min(self.turns[action] for action in enabled)
        chosen = self.random.choice([action for action in enabled if self.turns[action] == least])
        self.turns[chosen] += 1
        self.note(f"trigger {chosen}")
        table[chosen].trigger()

    def _widgets(self) -> list[QWidget]:
        kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QAbstractItemView, QSplitterHandle)
        found: list[QWidget] = []
        for top in QApplication.topLevelWidgets():
            if not top.isVisible() or isinstance(top, QMenu):
                continue
            for widget in top.findChildren(QWidget):
                is_hand = isinstance(widget, kinds) or widget.focusPolicy() & Qt.FocusPolicy.StrongFocus
                if is_hand and widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty():
                    found.append(widget)
        if not self.trains:
            found = [widget for widget in found if widget.objectName() not in TRAINING_BUTTONS]
        return found

    def _surfaces(self) -> list[QWidget]:
        """Return what can be painted, panned and dragged on."""
        neuron = self.desk.view.inspector.neuron
        wanted: list[QWidget] = [neuron.canvas, self.desk.view.data_panel.drawing.pad, self.desk.view.diagram]
        wanted += [area.viewport() for area in self.desk.view.curves.findChildren(QAbstractScrollArea)]
        wanted += [widget for widget in self._widgets() if isinstance(widget, QAbstractSlider | QSplitterHandle)]
        return [widget for widget in wanted if widget.isVisible() and widget.isEnabled()]

    def _spot(self, widget: QWidget) -> QPoint:
        room = widget.visibleRegion().boundingRect()
        return QPoint(
            self.random.randint(room.left(), max(room.left(), room.right())),
            self.random.randint(room.top(), max(room.top(), room.bottom())),
        )

    def _name(self, widget: QWidget) -> str:
        return f"{type(widget).__name__} {widget.objectName()}"

    def _click(self) -> None:
        widgets = [*self._widgets(), *self._surfaces() * 3]
        widget = self.random.choice(widgets)
        spot = self._spot(widget)
        button = self.random.choice((LEFT, LEFT, LEFT, RIGHT))
        modifier = self.random.choice(MODIFIERS)
        self.note(f"click {self._name(widget)} at {spot.toTuple()} with {button.name} {modifier.name}")
        if self.random.random() < 0.1:
            QTest.mouseDClick(widget, button, modifier, spot)
        else:
            QTest.mouseClick(widget, button, modifier, spot)

    def _drag(self) -> None:
        widget = self.random.choice(self._surfaces() or [self.desk.window])  # for a class all may be hidden
        points = [self._spot(widget) for _ in range(self.random.randint(2, 5))]
        button = self.random.choice((LEFT, LEFT, RIGHT))
        self.note(f"drag {self._name(widget)} over {[point.toTuple() for point in points]} with {button.name}")
        self.desk.press_at(widget, QPointF(points[0]), button=button)
        for point in points[1:]:
            self.desk.move_to(widget, QPointF(point), button)
            if self.random.random() < 0.3:
                QCoreApplication.processEvents()
        if self.random.random() < 0.1:
            self.note("Esc in mid-drag")
            QTest.keyClick(widget, Qt.Key.Key_Escape)
        QTest.mouseRelease(widget, button, NO_KEYS, points[-1])

    def _press(self) -> None:
        keys = KEYS + KEYS_THAT_TRAIN * self.trains
        key, modifier = self.random.choice(keys), self.random.choice(MODIFIERS)
        focus = QApplication.focusWidget() or self.desk.window
        self.note(f"press {key.name} {modifier.name} in {self._name(focus)}")
        QTest.keyClick(focus, key, modifier)

    def _type(self) -> None:
        fields = [widget for widget in self._widgets() if isinstance(widget, QLineEdit) and not widget.isReadOnly()]
        if not fields:
            return
        field = self.random.choice(fields)
        words = self.random.choice(STRUCTURES if field.objectName() == "structure_text" else WORDS)
        end = self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape, None))
        self.note(f"type {words!r} {end and end.name} in {self._name(field)}")
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        for letter in words:  # QTest itself knows ASCII only
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(field, QKeyEvent(kind, 0, NO_KEYS, letter))
        if end is not None:
            QTest.keyClick(field, end)

    def _turn(self) -> None:
        widget = self.random.choice(self._surfaces() or [self.desk.window])  # for a class all may be hidden
        spot = QPointF(self._spot(widget))
        modifier = self.random.choice(MODIFIERS)
        by = QPoint(0, self.random.choice((-240, -120, 120, 240)))
        self.note(f"turn the wheel by {by.y()} over {self._name(widget)} {modifier.name}")
        there = QPointF(widget.mapToGlobal(spot.toPoint()))
        event = QWheelEvent(
            spot, there, QPoint(), by, Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(widget, event)

    def _stay_small(self) -> None:
        spec = self.desk.document.spec
        if spec.parameter_count > LARGEST or len(spec.layers) > DEEPEST:
            self.note("back to a small structure")
            self.desk.view.building.type_structure(f"{spec.inputs}-8-{spec.outputs}")

    # ---- menus that open: they may hold up the event loop that the click runs in -------------------------------

    def _meet_popup(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is None:
            return
        if not isinstance(popup, QMenu) or self.popups.random() < 0.3:
            self.note(f"close the popup {self._name(popup)}")
            popup.close()
            return
        entries = [
            action
            for action in popup.actions()
            if action.isEnabled() and action.isVisible() and not action.isSeparator()
            if action.objectName() not in self._forbidden and action.menu() is None
        ]
        if not entries:
            popup.close()
            return
        entry = self.popups.choice(entries)
        self.note(f"choose {entry.text()!r} of {self._name(popup)}")
        QTest.mouseClick(popup, LEFT, NO_KEYS, popup.actionGeometry(entry).center())
        if popup.isVisible():
            popup.close()

    # ---- the end -----------------------------------------------------------------------------------------------

    def come_to_rest(self) -> None:
        """Close what is open, pause, and wait until all that was asked for is done."""
        desk = self.desk
        while popup := QApplication.activePopupWidget():
            popup.close()
        for box in desk.window.findChildren(QMessageBox):
            if box.isVisible():
                box.button(QMessageBox.StandardButton.Cancel).click()
        desk.view.inspector.end_stroke()
        keeping, loading = desk.program.workspace.keeping, desk.program.workspace.loading
        desk.wait(lambda: not keeping.is_busy and not loading._alive and loading._download is None)
        if desk.view.running.is_playing:
            desk.trigger("training.play")
        desk.document.pause()
        desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running and self.start)

    def undo_everything(self) -> None:
        """Take all changes back."""
        stack = self.desk.document.undo_stack
        assert stack.count() < stack.undoLimit()
        while stack.canUndo():
            stack.undo()
        self.desk.document.pause()
        self.desk.settle()
