"""Work off the window's thread that reports progress and can be cancelled: loading data, exports, sweeps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from playground.engine.datasets import Cancelled, IsCancelled, Progress

Work = Callable[[Progress, IsCancelled], Any]
logger = logging.getLogger(__name__)


class Job(QThread):
    """Runs ``work(progress, cancelled)`` in a thread of its own; the outcome is told in the window's thread.

    ``ValueError`` and ``OSError`` carry sentences for the user; anything else is logged and said in one.
    """

    progressed = Signal(float, str)
    done = Signal(object)
    failed = Signal(str)
    ended = Signal()  # after done or failed, or instead of them where it was cancelled

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._is_cancelled = False
        self._result: Any = None
        self._sentence: str | None = None
        self.setObjectName("job")
        self.finished.connect(self._deliver)

    def cancel(self) -> None:
        """Ask the work to break off; its outcome is not told any more."""
        self._is_cancelled = True

    def run(self) -> None:
        """Do the work (called by Qt in the new thread)."""
        try:
            self._result = self._work(self.progressed.emit, lambda: self._is_cancelled)
        except Cancelled:
            self._is_cancelled = True
        except (ValueError, OSError) as error:
            self._sentence = str(error)
        except Exception as error:
            logger.exception("a job failed")
            self._sentence = f"Something unexpected went wrong: {error!r}. The log file has the details."

    def _deliver(self) -> None:
        self.wait()
        if not self._is_cancelled:
            if self._sentence is None:
                self.done.emit(self._result)
            else:
                self.failed.emit(self._sentence)
        self.ended.emit()
        self.deleteLater()

    def end(self) -> None:
        """Cancel and wait."""
        self.cancel()
        self.wait()
