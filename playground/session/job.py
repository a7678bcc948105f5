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
    """Runs ``work(progress, cancelled)`` in a thread of its own.

    ``ValueError`` and ``OSError`` carry sentences for the user; anything else is logged and said in one.
    """

    progressed = Signal(float, str)
    done = Signal(object)
    failed = Signal(str)
    was_cancelled = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._is_cancelled = False
        self.setObjectName("job")

    def cancel(self) -> None:
        """Ask the work to break off."""
        self._is_cancelled = True

    def run(self) -> None:
        """Do the work (called by Qt in the new thread)."""
        try:
            result = self._work(self.progressed.emit, lambda: self._is_cancelled)
        except Cancelled:
            self.was_cancelled.emit()
        except (ValueError, OSError) as error:
            self.failed.emit(str(error))
        except Exception as error:
            logger.exception("a job failed")
            self.failed.emit(f"Something unexpected went wrong: {error!r}. The log file has the details.")
        else:
            self.was_cancelled.emit() if self._is_cancelled else self.done.emit(result)

    def end(self) -> None:
        """Cancel and wait."""
        self.cancel()
        self.wait()
