"""Python's own import statement, as it was before PySide6 put one of its own in its place.

Qt for Python offers other names for its methods (``from __feature__ import snake_case``). To learn who wants them it
reads the source text of every module that is imported after it, whatever that may be, and keeps the lines: a tenth of
the time until the window stands, a quarter of that for torch, and 40 MB. This program asks for no such names.
Imported, this module puts things right; it comes before the other modules of the program for that reason.
"""

from __future__ import annotations

import builtins

import PySide6  # noqa: F401 - its import statement takes the place of Python's here


def restore() -> None:
    """Give the import statement back to Python, where PySide6 has it."""
    before = getattr(builtins, "__orig_import__", None)
    if before is not None and builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = before


restore()
