"""The command line: the window, or one of the commands that work without one."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

# command -> module with main(arguments) -> exit code; imported when asked for
COMMANDS = {
    "train": "playground.app.train_command",
    "superposition": "playground.app.superposition_command",
    "shot": "playground.app.shot",
    "bench": "playground.app.bench",
    "doctor": "playground.app.doctor",
}
USAGE = """usage: playground [FILE]             open the window, with a project if one is named
       playground playground:TEXT    open the window with the state of a shared text
       playground train OPTIONS      train without a window (playground train --help)
       playground superposition      train toy models of superposition without a window (--help says more)
       playground shot OUT.png       save a picture of the window without a display
       playground bench              measure how fast training is and how smooth the window
       playground doctor             say what is installed, what is there to compute on, and what is missing
       playground --version"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # training, sweeps and window have a thread each: numpy's own ones would stand in their way, and each other's, so
    # that a product of matrices of a few hundred rows takes ten times as long; read when numpy is imported, not before
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return _obey(words)
    except Exception as error:
        # the window's own hook keeps errors in the log; one that ends the program is said here as well
        traceback.print_exc()
        raise SystemExit(1) from error


def _obey(words: list[str]) -> int:
    first = words[0] if words else ""
    if first in COMMANDS:
        return int(importlib.import_module(COMMANDS[first]).main(words[1:]))
    if first in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if first == "--version":
        from playground import __version__

        print(f"playground {__version__}")
        return 0
    text = " ".join(words)
    if first.startswith("-") or (len(words) > 1 and not _is_broken_text(text)):
        print(f"playground: cannot make sense of '{text[:200]}'.\n{USAGE}", file=sys.stderr)
        return 2
    from playground.app.application import open_window

    return open_window(text)


def _is_broken_text(text: str) -> bool:
    """Say whether the words are one shared text: mail has broken its lines, and the shell parts it there."""
    from playground.engine.share import is_shared

    return is_shared(text)
