"""The running program: one QApplication, one window, an orderly end. Torch is imported by none of this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playground.app.qt_libraries import problem
from playground.engine.share import PREFIX


def open_window(path: str = "") -> int:
    """Open the window, with the project at ``path`` or the state of a shared text; return the exit status."""
    trouble = problem(os.environ)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    from playground.app.program import Program

    program = Program()
    is_shared = path.startswith(PREFIX)
    program.begin(Path(path) if path and not is_shared else None)
    if is_shared:
        program.window.painted.connect(lambda: program.files.open_shared(path))
    return program.run()
