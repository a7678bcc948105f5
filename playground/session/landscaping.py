"""Measuring a loss landscape off the window's thread, on a frozen copy: one at a time, told and broken off."""

from __future__ import annotations

from PySide6.QtCore import Signal

from playground.engine.datasets import Cancelled, IsCancelled, Progress
from playground.engine.landscape_plan import Landscape, LandscapeError, LandscapePlan
from playground.session.one_job import OneJob
from playground.session.torch_libraries import load_torch_libraries


class Landscaping(OneJob):
    """``start`` begins, ``found`` carries the `Landscape`; a new start takes the place of the one that runs."""

    found = Signal(object)  # Landscape

    def start(self, plan: LandscapePlan) -> None:
        """Measure ``plan``."""
        self.cancel()
        try:
            plan.check()
        except LandscapeError as error:
            self.failed.emit(str(error))
            return

        def work(progress: Progress, cancelled: IsCancelled) -> Landscape:
            return _measured(plan, progress, cancelled)

        self._begin(work, self.found.emit)
        self.progressed.emit(0.0, "")


def _measured(plan: LandscapePlan, progress: Progress, cancelled: IsCancelled) -> Landscape:
    """Carry the plan out in the job's thread; importing torch takes seconds and happens here."""
    load_torch_libraries()
    if cancelled():
        raise Cancelled
    try:
        from playground.engine.landscape import measured_landscape
        from playground.engine.threads import use_one_thread

        use_one_thread()  # the other core trains
        return measured_landscape(plan, progress, cancelled)
    except MemoryError as error:
        raise LandscapeError("There was not enough memory to measure the landscape.") from error
