"""Torch's large shared libraries, loaded ahead of its import, so that the window keeps answering meanwhile."""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import sys
from pathlib import Path

# what torch links to in any case, in the order of need; what a device adds, torch's own import finds and loads
_NAMES = {"linux": ("libc10.so", "libtorch_cpu.so"), "darwin": ("libc10.dylib", "libtorch_cpu.dylib")}
logger = logging.getLogger(__name__)


def load_torch_libraries() -> tuple[str, ...]:
    """Load the libraries that take long, and return their names; where that does not go, the import does it itself.

    Both the import statement and ``ctypes.CDLL`` hold the interpreter lock while the system maps a library: some 300 ms
    for the largest one, in which the window stands still. A call of the system's ``dlopen`` lets go of it.
    """
    found = importlib.util.find_spec("torch")
    names = _NAMES.get(sys.platform, ())
    if not names or found is None or found.origin is None or "torch" in sys.modules:
        return ()
    folder = Path(found.origin).parent / "lib"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
    loaded = []
    for name in names:
        if not dlopen(os.fsencode(folder / name), os.RTLD_NOW):
            logger.info("%s could not be loaded ahead of torch", name)
            break
        loaded.append(name)
    return tuple(loaded)
