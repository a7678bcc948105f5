"""The import statement is Python's own while the program runs, whatever PySide6 puts in its place."""

from __future__ import annotations

import subprocess
import sys

READ = """
import builtins, linecache, sys
import PySide6.QtCore
{when}
import sched
from PySide6.QtWidgets import *
print(any(name.endswith("sched.py") for name in linecache.cache), "QPushButton" in globals())
"""


def lines_read(when: str) -> str:
    found = subprocess.run(
        [sys.executable, "-c", READ.format(when=when)], capture_output=True, text=True, check=True, timeout=60
    )
    return found.stdout.strip()


def test_the_source_of_what_is_imported_is_read_by_pyside_and_not_by_the_program() -> None:
    assert lines_read("") == "True True", "PySide6 leaves imports alone now: app/plain_imports.py can go"
    assert lines_read("import playground.app.plain_imports") == "False True"


def test_the_program_restores_it_before_its_own_modules() -> None:
    assert lines_read("import playground.app.program") == "False True"
    code = "import playground.app.program, linecache; print([n for n in linecache.cache if '/playground/app/' in n])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"


def test_another_import_statement_is_left_alone() -> None:
    own = "own = lambda *a, **k: builtins.__orig_import__(*a, **k)\nbuiltins.__import__ = own\n"
    end = "import playground.app.plain_imports\nassert builtins.__import__ is own"
    assert lines_read(own + end) == "False True"
