"""Functions that run without Python's interpreter, so that a window can draw while they work.

Every call of torch from Python gives the interpreter up and takes it back, and has to wait for it where a window is
being drawn. TorchScript (``torch.jit.script``) is a part of Python that torch runs by itself: a loop of thousands of
operations on tensors is one call. It does the same operations in the same order: the results are the same bits.

``torch.compile``, which is to take its place one day, needs a C++ compiler on the user's machine. Where TorchScript is
missing, the function runs as the Python that it is: slower, no different.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)

_HERE = "<--- HERE"  # stands under each call on the way to an error in TorchScript
_ERROR = re.compile(r"^[A-Za-z_][\w.]*: *(.+)$", re.MULTILINE)  # its class and its text; lines of source are indented

_found: dict[Callable[..., Any], Callable[..., Any]] = {}
_lock = threading.Lock()


def scripted(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` as TorchScript, or itself where that cannot be. The first time takes some 0.1 s."""
    found = _found.get(function)
    if found is None:
        with _lock:
            found = _found.setdefault(function, _compiled(function))
    return found


def is_scripted(function: Callable[..., Any]) -> bool:
    """Say whether `scripted` makes TorchScript of ``function``: whether it leaves Python's interpreter alone."""
    return scripted(function) is not function


def reason(error: BaseException) -> str:
    """Return in one line what went wrong: what ``error`` says first, or its class where it says nothing.

    An error in TorchScript tells the whole way to it first, with lines of source, and only then what it is.
    """
    text = str(error)
    if _HERE in text and (found := _ERROR.search(text.rpartition(_HERE)[2])):
        return found.group(1).strip()
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    try:
        compiled: Callable[P, R] = torch.jit.script(function)
    except Exception as error:  # noqa: BLE001 - whatever TorchScript stumbles over, Python does the same work
        log.warning("%s runs in Python: %s", function.__name__, reason(error))
        return function
    return compiled
