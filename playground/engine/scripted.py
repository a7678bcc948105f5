"""Functions that run without Python's interpreter, so that a window can draw while they work.

Every call of torch from Python gives the interpreter up and takes it back, and has to wait for it where a window is
being drawn. TorchScript (``torch.jit.script``) is a part of Python that torch runs by itself: a loop of thousands of
operations on tensors is one call. It does the same operations in the same order: the results are the same bits.

``torch.compile``, which is to take its place one day, needs a C++ compiler on the user's machine. Where TorchScript is
missing, the function runs as the Python that it is: slower, no different.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)

_found: dict[Callable[..., Any], Callable[..., Any]] = {}
_lock = threading.Lock()


def scripted(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` as TorchScript, or itself where that cannot be. The first time takes some 0.1 s."""
    found = _found.get(function)
    if found is None:
        with _lock:
            found = _found.setdefault(function, _compiled(function))
    return found


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    try:
        compiled: Callable[P, R] = torch.jit.script(function)
    except (RuntimeError, NotImplementedError, OSError) as error:
        log.warning("%s runs in Python: %s", function.__name__, (str(error).splitlines() or [""])[0])
        return function
    return compiled
