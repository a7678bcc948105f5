"""Meters on a running window: what its drawing costs, how late its events come, and a hand that moves the mouse."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

DELAY_MS = 5  # between two looks at how late the event loop is
MOUSE_MS = 8  # a mouse tells its place 125 times a second


class PaintMeter(QObject):
    """Times each painting of a window: from the request to its return, all widgets included.

    ``wall`` and ``cpu`` are seconds per painting; the first counts waiting for the interpreter too, the second
    only what the window's thread computed. ``painted`` is called after each.
    """

    def __init__(self, window: QWidget, painted: Callable[[], None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._painted = painted
        self.wall: list[float] = []
        self.cpu: list[float] = []
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Carry out a request for painting between two readings of the clocks."""
        if event.type() != QEvent.Type.UpdateRequest or watched is not self._window:
            return False
        wall, cpu = time.perf_counter(), time.thread_time()
        self._window.event(event)
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.thread_time() - cpu)
        if self._painted is not None:
            self._painted()
        return True

    def clear(self) -> None:
        """Begin anew."""
        self.wall.clear()
        self.cpu.clear()

    def close(self) -> None:
        """Leave the window alone."""
        self._window.removeEventFilter(self)


class DelayMeter(QObject):
    """Posts a precise timer event every few milliseconds and notes how late it came; ``late`` in seconds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Begin."""
        self._due = time.perf_counter() + DELAY_MS / 1000
        self._timer.start(DELAY_MS)

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def _note(self) -> None:
        self.late.append(max(0.0, time.perf_counter() - self._due))
        self.start()


class Mouse(QObject):
    """Puts mouse events in the queue of a window, as the system does, and can move about by itself."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ways: list[QWidget] = []
        self._count = 0
        self._timer = QTimer(self, interval=MOUSE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._wander)

    def post(
        self, kind: QEvent.Type, at: QPointF, widget: QWidget, *, button: Qt.MouseButton = Qt.MouseButton.NoButton
    ) -> None:
        """Post a mouse event at a point of ``widget``; ``button`` is down, or (release) goes up."""
        inside = QPointF(widget.mapTo(self._window, QPoint(0, 0))) + at
        is_move, is_up = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            inside,
            QPointF(self._window.mapToGlobal(QPoint(0, 0))) + inside,
            Qt.MouseButton.NoButton if is_move else button,
            Qt.MouseButton.NoButton if is_up else button,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.postEvent(self._window.windowHandle(), event)

    def click(self, widget: QWidget) -> None:
        """Press and release the left button in the middle of ``widget``."""
        middle = QPointF(widget.rect().center())
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            self.post(kind, middle, widget, button=Qt.MouseButton.LeftButton)

    def wander(self, *widgets: QWidget) -> None:
        """Move over these widgets in turn until ``rest``."""
        self._ways, self._count = list(widgets), 0
        self._timer.start()

    def rest(self) -> None:
        """Move no more."""
        self._timer.stop()

    def _wander(self) -> None:
        self._count += 1
        seconds = self._count * MOUSE_MS / 1000
        widget = self._ways[int(seconds / 1.25) % len(self._ways)]
        across, down = 0.5 + 0.47 * math.sin(2.1 * seconds), 0.5 + 0.45 * math.sin(3.3 * seconds)
        self.post(QEvent.Type.MouseMove, QPointF(widget.width() * across, widget.height() * down), widget)


def share_of(values: list[float], percent: float) -> float:
    """Return the value below which ``percent`` of ``values`` lie; NaN where there are none."""
    return float(np.percentile(values, percent)) if values else math.nan
