"""Python's garbage collector: run by the window's thread between two events, and nowhere else."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 2_000
OLDER_EVERY = 5  # looks at the youngest objects for one at those that survived them once
ALL_EVERY = 30  # for one at all
YOUNG = 700  # objects made and not gone since the last look that make one worth while: Python's own threshold


class Collecting(QObject):
    """Takes collection out of Python's hands while it lives.

    Python would collect wherever an object happens to be made: in the middle of a painting, or in the training thread.
    A cycle with dropped widgets in it is then deleted where Qt does not expect it, and the process dies.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def settle(self) -> None:
        """What there is now, above all the libraries, stays to the end: it is passed over from now on."""
        if self._timer.isActive():  # after ``close`` nobody would give it back
            gc.freeze()

    def look(self) -> None:
        """Collect where enough has gathered: the youngest objects, now and then older ones."""
        if gc.get_count()[0] < YOUNG:
            return
        self._looks += 1
        generation = 2 if self._looks % ALL_EVERY == 0 else 1 if self._looks % OLDER_EVERY == 0 else 0
        gc.collect(generation)

    def close(self) -> None:
        """Leave collection as it was found."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()
