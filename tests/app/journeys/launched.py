"""The program as ``python -m playground`` starts it, with somebody at it who acts by the clock of its own event loop.

Run as a program: ``launched.py ACT [FILE]``. It prints a word once it is in the middle of what it is to be ended in.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from playground.app.main import main
from playground.app.program import Program
from playground.labs.network.view import NetworkView
from playground.session import keeping as keeping_module
from tests.app.journeys import small_digits

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class Person(QObject):
    """Acts in a program that is under way."""

    def __init__(self, program: Program, act: str, file: Path | None) -> None:
        super().__init__(program)
        self.program, self.act, self.file = program, act, file
        self.document, self.window = program.workspace.document, program.window
        self._is_within, self._is_ending = threading.Event(), threading.Event()
        self._look = QTimer(self, interval=2)
        self._when: Callable[[], bool] = bool
        self._then: Callable[[], None] = self.end
        self._look.timeout.connect(self._check)
        program.window.painted.connect(self.begin)

    def wait(self, when: Callable[[], bool], then: Callable[[], None]) -> None:
        self._when, self._then = when, then
        self._look.start()

    def _check(self) -> None:
        if self._when():
            self._look.stop()
            self._then()

    def end(self) -> None:
        say(self.act)
        self._is_ending.set()
        self.window.close_without_asking()

    def begin(self) -> None:
        """Do what ``act`` says, from the first painting on."""
        if self.act == "painted":
            self.end()
        elif self.act == "clicked at once":
            self.click_at_once()
        elif self.act == "importing":
            self.wait(lambda: "torch" in sys.modules, self.end)
        elif self.act == "drawing digits":
            self.wait(lambda: bool(self.program.workspace.loading._alive), self.end)
        else:
            self.wait(lambda: len(self.document.data.train) > 0 and self.document.is_settled, self.train)

    def click_at_once(self) -> None:
        """Say what can be seen, press play and build before torch is there."""
        view = self.window.lab
        assert isinstance(view, NetworkView)
        say("torch" if "torch" in sys.modules else "no torch")
        panels = (view.transport, view.data_panel, view.diagram, view.curves, view.gradients, view.inspector)
        say(" ".join(panel.objectName() for panel in panels if not panel.visibleRegion().isEmpty()))
        play = view.transport.findChild(QToolButton, "play_button")
        assert play is not None
        self.window.actions_table["network.insert_layer"].trigger()
        say(self.document.spec.text)
        self.document.data_changed.connect(lambda data: len(data.train) and QTest.mouseClick(play, LEFT))
        say("torch" if "torch" in sys.modules else "no torch")
        self.wait(lambda: self.step > 5, self.end)

    def train(self) -> None:
        self.document.run()
        self.wait(lambda: self.step > 10, getattr(self, f"go_{self.act.replace(' ', '_')}"))

    @property
    def step(self) -> int:
        return 0 if self.document.snapshot is None else self.document.snapshot.step

    def go_training(self) -> None:
        self.end()

    def go_saving(self) -> None:
        self.put_the_brush_down()
        self.linger_in("save_project")
        self.program.workspace.keeping.save(self.file)
        self.wait(self._is_within.is_set, self.end)

    def go_opening(self) -> None:
        keeping = self.program.workspace.keeping
        self.linger_in("load_project")
        keeping.saved.connect(lambda _path: keeping.open(self.file))
        keeping.save(self.file)
        self.wait(self._is_within.is_set, self.end)

    def linger_in(self, name: str) -> None:
        """Let reading or writing go on until the window is being closed."""
        original = getattr(keeping_module, name)

        def act(*args: Any) -> Any:
            self._is_within.set()
            self._is_ending.wait()
            return original(*args)

        setattr(keeping_module, name, act)

    def go_painting(self) -> None:
        self.put_the_brush_down()
        self.wait(self.is_painting, self.end)

    def put_the_brush_down(self) -> None:
        view = self.window.lab
        assert isinstance(view, NetworkView)
        canvas = view.inspector.neuron.canvas
        points = [canvas._frame.point(row, 12.0) for row in (4.0, 12.0)]
        QTest.mousePress(canvas, LEFT, NO_KEYS, points[0].toPoint())
        QTest.mouseMove(canvas, QPointF(points[1]).toPoint())

    def is_painting(self) -> bool:
        effect = None if self.document.snapshot is None else self.document.snapshot.stroke_effect
        return effect is not None and effect.is_open

    # ---- to be killed: what is on the disk is told, then it trains on until the end -------------------------------

    def go_to_be_killed(self) -> None:
        workspace = self.program.workspace
        workspace.autosave._timer.setInterval(150)
        workspace.autosaved.connect(self.tell)
        self.document.change_setting("batch_size", 17)
        self.document.set_speed(200.0)

    def go_killed_in_autosave(self) -> None:
        from playground.session import swap_files

        original, count = swap_files.save_project, 0

        def save_and_say(path: Path, project: object) -> None:
            nonlocal count
            count += 1
            if count == 3:
                say("within autosave")
            original(path, project)  # type: ignore[arg-type]

        swap_files.save_project = save_and_say  # type: ignore[assignment]
        self.go_to_be_killed()

    def tell(self) -> None:
        snapshot = self.document.snapshot
        if snapshot is not None:
            say(f"autosaved {snapshot.step} {float(np.abs(snapshot.parameters).sum()):.9g}")


def watched() -> None:
    """Put a person before every program that begins."""
    begin = Program.begin
    act, file = sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None

    def begin_with_person(program: Program, path: Path | None = None, *, lab: str = "") -> None:
        Person(program, act, file)
        begin(program, path, lab=lab)

    Program.begin = begin_with_person  # type: ignore[method-assign]


if __name__ == "__main__":
    if sys.argv[1] != "drawing digits":
        small_digits.install()
    watched()
    sys.exit(main([]))
