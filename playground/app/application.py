"""The running program: one QApplication, one window, an orderly end. Torch is imported by none of this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playground.app.qt_libraries import problem
from playground.engine.share import is_shared


def open_window(path: str = "") -> int:
    """Open the window, with the project at ``path`` or the state of a shared text; return the exit status."""
    trouble = problem(os.environ)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    from playground.app.program import Program

    program = Program()
    is_text = is_shared(path)
    program.begin(Path(path) if path and not is_text else None)
    if is_text:
        program.window.painted.connect(lambda: program.files.open_shared(path))
    return program.run()
