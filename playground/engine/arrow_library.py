"""Loading the reader of tables without stopping the window. Torch-free."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

_PYTHON = "python"  # libarrow_python is the one of them that needs the interpreter


def load_arrow() -> None:
    """Load pyarrow's libraries, of 100 MB and more, before Python does: an import would hold the interpreter meanwhile.

    A window's thread had to wait for up to 600 ms. Called through ctypes, the loader runs without the interpreter; the
    import that follows finds the libraries there. Where this cannot be done the import does it all.
    """
    if os.name != "posix" or "pyarrow" in sys.modules:
        return
    for path in _libraries():
        _load(path)


def _libraries() -> list[Path]:
    found = importlib.util.find_spec("pyarrow")
    if found is None or found.origin is None:
        return []
    files = sorted(Path(found.origin).parent.glob("lib*"))
    return [path for path in files if path.name.startswith(("libarrow", "libparquet")) and _PYTHON not in path.name]


def _load(path: Path) -> None:
    loader = ctypes.CDLL(None).dlopen
    loader.restype, loader.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    loader(os.fsencode(path), os.RTLD_NOW)
