"""Ctrl+C and SIGTERM end the program through its event loop, as closing the window does."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class EndSignals(QObject):
    """Python runs signal handlers between its own instructions; an idle event loop has none, so a socket wakes it."""

    received = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sockets = socket.socketpair()
        for end in self._sockets:
            end.settimeout(0)
        self._notifier = QSocketNotifier(self._sockets[0].fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._old_fd = signal.set_wakeup_fd(self._sockets[1].fileno(), warn_on_full_buffer=False)
        kinds = [signal.SIGINT, signal.SIGTERM] + ([] if sys.platform == "win32" else [signal.SIGHUP])
        self._old = {kind: signal.signal(kind, self._handle) for kind in kinds}

    def close(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._old_fd)
        for kind, handler in self._old.items():
            signal.signal(kind, handler)
        self._notifier.setEnabled(False)
        for end in self._sockets:
            end.close()

    def _handle(self, kind: int, _frame: object) -> None:
        """Leave the work to the event loop, which the socket wakes: here is the middle of whatever ran.

        A second signal of the kind ends the process at once, should the loop no longer turn.
        """
        signal.signal(kind, signal.SIG_DFL)

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._sockets[0].recv(4096)
        self.received.emit()
