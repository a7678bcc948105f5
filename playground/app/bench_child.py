"""Programs of their own for the benchmark: how soon they stand, how much memory they take.

``python -m playground.app.bench_child start`` says on its output what has happened; ``memory SECONDS`` trains for so
long and ends with one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton

from playground.app.bench_meters import DelayMeter, Mouse
from playground.app.bench_stage import Stage
from playground.engine.datasets import DataSet
from playground.engine.snapshots import Snapshot


class Start(QObject):
    """Says when the window has painted, when a click has acted, and when the first step was made; then closes it.

    Last it says how late the latest event came from the painted window to the first step: torch is imported meanwhile.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.program)
        self._stage = stage
        self._has_clicked = self._has_stepped = False
        self._delays = DelayMeter(self)
        stage.window.painted.connect(self._note_painted)
        stage.document.data_changed.connect(self._play)
        stage.document.snapshot_ready.connect(self._note_snapshot)

    def _note_painted(self) -> None:
        _say("painted")
        self._delays.start()
        button = self._stage.window.findChild(QAbstractButton, "more_settings_button")
        if button is not None:
            button.toggled.connect(self._note_click)
            Mouse(self._stage.window).click(button)

    def _note_click(self) -> None:
        if not self._has_clicked:
            self._has_clicked = True
            _say("clicked")
            self._end()

    def _play(self, data: DataSet) -> None:
        if len(data.train):
            self._stage.document.run()

    def _note_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.step and not self._has_stepped:
            self._has_stepped = True
            _say("stepped")
            self._end()

    def _end(self) -> None:
        if self._has_clicked and self._has_stepped:
            self._delays.stop()
            _say(f"late {max(self._delays.late):.6f}")
            QTimer.singleShot(0, self._stage.window.close_without_asking)


class Memory(QObject):
    """Trains for a while and notes every second how much memory the process holds."""

    def __init__(self, stage: Stage, seconds: int) -> None:
        super().__init__(stage.program)
        self._stage, self._left = stage, seconds
        self._held: list[float] = []
        self._step = 0
        self._timer = QTimer(self, interval=1_000)
        self._timer.timeout.connect(self._note)
        stage.document.data_changed.connect(self._play)
        stage.document.snapshot_ready.connect(self._note_snapshot)

    def _play(self, data: DataSet) -> None:
        if len(data.train):
            self._stage.document.run()

    def _note_snapshot(self, snapshot: Snapshot) -> None:
        self._step = snapshot.step
        if self._step and self._left > 0 and not self._timer.isActive():
            self._timer.start()

    def _note(self) -> None:
        self._held.append(held_megabytes())
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
            print(json.dumps({"peak": peak_megabytes(), "held": self._held, "step": self._step}), flush=True)
            self._stage.window.close_without_asking()


def held_megabytes() -> float:
    """Return what the process holds in memory now; where the system does not tell, the most that it ever held."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return peak_megabytes()
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_megabytes() -> float:
    """Return the most that the process ever held; NaN on Windows, which has no such count."""
    if sys.platform == "win32":
        return float("nan")
    status = Path("/proc/self/status")
    if status.exists():  # the system's other count, below, begins with what the parent of the process held
        found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) * 1024 / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def _say(word: str) -> None:
    print(word, flush=True)


def main(words: Sequence[str]) -> int:
    """Run the program and return its exit status."""
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as own:
        stage = Stage(Path(own))
        if words[0] == "start":
            keeper: QObject = Start(stage)
        else:
            keeper = Memory(stage, int(words[1]))
        stage.program.begin(lab="network")
        status = stage.program.run()
        keeper.deleteLater()
        return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
