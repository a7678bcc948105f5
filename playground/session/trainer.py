"""The training thread: a QThread that imports torch and runs the engine's loop."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QObject, QThread, Signal

from playground.engine.channel import Channel
from playground.engine.commands import Stop


class TrainingThread(QThread):
    """Runs the loop behind ``channel`` until ``end``.

    Importing torch takes seconds and happens here, after the window has been painted.
    """

    torch_ready = Signal()
    failed = Signal(str)  # a report for "copy report": the loop ended by an error, or torch could not be imported

    def __init__(self, channel: Channel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel = channel
        self.setObjectName("training")

    def run(self) -> None:
        """Import torch, then obey and train (called by Qt in the new thread)."""
        try:
            import scipy.sparse  # noqa: F401 - the window draws its edges with it, and shall not wait for the import

            from playground.engine.runner import Runner

            runner = Runner(self._channel)
            self.torch_ready.emit()
            runner.loop()
        except BaseException:  # noqa: BLE001 - a silent thread would leave a window that does nothing
            self.failed.emit(traceback.format_exc())

    def end(self) -> None:
        """Ask the loop to stop and wait until it has."""
        self._channel.post(Stop())
        self.wait()
