"""The running program: one QApplication, one window, an orderly end. Torch is imported by none of this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playground.app.qt_libraries import problem


def open_window(path: str = "") -> int:
    """Open the window, with the project at ``path`` where one is named; return the exit status."""
    trouble = problem(os.environ)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    from playground.app.program import Program

    program = Program()
    program.begin(Path(path) if path else None)
    return program.run()
