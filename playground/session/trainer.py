"""The training thread: a QThread that imports torch and runs the engine's loop."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, Signal

from playground.engine.channel import Channel
from playground.engine.commands import Stop
from playground.session.torch_libraries import load_torch_libraries


class Loop(Protocol):
    """What the thread runs: an engine's Runner."""

    def loop(self) -> None:
        """Obey and train until ``Stop`` comes."""
        ...


class TrainingThread(QThread):
    """Runs the loop that ``make_loop`` builds behind ``channel`` until ``end``.

    Importing torch takes seconds and happens here, in ``make_loop``, after the window has been painted.
    """

    torch_ready = Signal()
    failed = Signal(str)  # a report for "copy report": the loop ended by an error, or torch could not be imported

    def __init__(
        self, channel: Channel[Any], make_loop: Callable[[Channel[Any]], Loop], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._channel = channel
        self._make_loop = make_loop
        self.setObjectName("training")

    def run(self) -> None:
        """Import torch, then obey and train (called by Qt in the new thread)."""
        try:
            import scipy.sparse  # noqa: F401 - the window draws its edges with it, and shall not wait for the import

            load_torch_libraries()
            loop = self._make_loop(self._channel)
            self.torch_ready.emit()
            loop.loop()
        except BaseException:  # noqa: BLE001 - a silent thread would leave a window that does nothing
            self.failed.emit(traceback.format_exc())

    def end(self) -> None:
        """Ask the loop to stop and wait until it has."""
        self._channel.post(Stop())
        self.wait()
