"""The reader of tables is loaded before the interpreter needs it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from pathlib import Path
from playground.engine.arrow_library import load_arrow
load_arrow()
assert "pyarrow" not in sys.modules
loaded = Path("/proc/self/maps").read_text()
print("libarrow." in loaded, "libarrow_python" in loaded)
import pyarrow.csv
print(pyarrow.csv.read_csv(__import__("io").BytesIO(b"a,b\\n1,2\\n")).num_rows)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="says what is loaded in Linux' own way")
def test_the_library_is_there_before_its_import_and_the_import_uses_it() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    assert run.stdout.split() == ["True", "False", "1"]
