"""Which process wrote a file, and whether it still runs. A process number alone may belong to another one by now."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PLATFORM: str = sys.platform
_QUERY_LIMITED_INFORMATION = 0x1000


@dataclass(frozen=True)
class Process:
    """A process: its number, when it began (in the words of the system), since which start of which computer."""

    pid: int
    started: str
    boot: str
    host: str

    @property
    def is_here(self) -> bool:
        """Say whether it ran on this computer; of one elsewhere nothing can be said."""
        return self.host == _host()

    @property
    def is_alive(self) -> bool:
        """Say whether it still runs; a process of another computer counts as alive."""
        if not self.is_here:
            return True
        if self.boot != _boot():
            return False
        started = _started(self.pid)
        return started is not None and started == self.started

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> Process | None:
        """Read what ``to_json`` gave; None where it is something else."""
        if not isinstance(value, Mapping):
            return None
        pid = value.get("pid")
        texts = [value.get(name) for name in ("started", "boot", "host")]
        if isinstance(pid, bool) or not isinstance(pid, int) or not 0 < pid < 2**31:
            return None
        if not all(isinstance(text, str) and len(text) < 300 for text in texts):
            return None
        return cls(pid, *(str(text) for text in texts))


def this_process() -> Process:
    """Return the process that asks."""
    return Process(os.getpid(), _started(os.getpid()) or "", _boot(), _host())


@functools.cache
def _host() -> str:
    return socket.gethostname()


@functools.cache
def _boot() -> str:
    """Return what is the same from one start of the computer to the next; empty where the system does not say."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    if _PLATFORM == "darwin":
        return _answer("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid") or ""
    return ""


def _started(pid: int) -> str | None:
    """Return when a process began, None where there is none of this number."""
    if _PLATFORM == "linux":
        return _started_on_linux(pid)
    if _PLATFORM == "win32":
        return _started_on_windows(pid)
    return _answer("/bin/ps", "-o", "lstart=", "-p", str(pid)) or None


def _started_on_linux(pid: int) -> str | None:
    try:
        content = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # the name of the program, in brackets, may hold brackets and spaces itself
    rest = content.rpartition(")")[2].split()
    is_gone = rest[0] in "ZX"  # killed, but nobody has asked yet how it ended
    return None if is_gone else rest[19]


def _started_on_windows(pid: int) -> str | None:
    kernel = ctypes.CDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, 0, pid))
    if not handle:
        return None
    try:
        times = [ctypes.c_ulonglong() for _ in range(4)]  # began, ended, in the kernel, in the program
        if not kernel.GetProcessTimes(handle, *(ctypes.byref(moment) for moment in times)):
            return None
        return None if times[1].value else str(times[0].value)
    finally:
        kernel.CloseHandle(handle)


def _answer(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
