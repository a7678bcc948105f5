"""The log file, and what happens to an unexpected error: it is logged and becomes a report that can be copied."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

import playground

LOG_NAME = "playground.log"
CRASH_NAME = "crash.log"
_MAX_BYTES = 1_000_000
_OLD_FILES = 3
_LINES_IN_REPORT = 40
_PACKAGES = ("torch", "numpy", "scipy", "safetensors", "PySide6-Essentials", "pyqtgraph")

_log = logging.getLogger("playground")


@dataclass(frozen=True)
class Report:
    """An unexpected error: ``sentence`` for the window, ``text`` for "copy report"."""

    sentence: str
    text: str


class LogFile:
    """The rotating log file of the program in ``folder``; ``path`` is None where none could be opened."""

    def __init__(self, folder: Path) -> None:
        self.path: Path | None = None
        self._handler: logging.Handler | None = None
        self._crash: IO[str] | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                folder / LOG_NAME, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8", errors="replace"
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
        except OSError:
            return
        self._handler = handler
        self.path = folder / LOG_NAME
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.info("playground %s begins", playground.__version__)

    def note_versions(self) -> None:
        """Write down what runs: to look it up takes a while, so it can wait until the window stands."""
        if self.path is not None:
            _log.info("%s", ", ".join(versions()))

    def watch_crashes(self) -> None:
        """Let what kills the interpreter itself, a fault in a library, leave its trace in ``crash.log`` beside it."""
        if self.path is not None and self._crash is None:
            with contextlib.suppress(OSError):
                self._crash = self.path.with_name(CRASH_NAME).open("a", encoding="utf-8")
                faulthandler.enable(self._crash)

    def close(self) -> None:
        """End the logging."""
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            self._crash = None
        if self._handler is not None:
            _log.removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def last_lines(self, count: int = _LINES_IN_REPORT) -> list[str]:
        """Return the last lines of the log."""
        if self.path is None:
            return []
        with contextlib.suppress(OSError), self.path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - 200 * count))
            return stream.read().decode("utf-8", "replace").splitlines()[-count:]
        return []


class ErrorWatch(QObject):
    """Catches what nobody caught, in every thread, and what Qt complains about.

    Each place in the code is reported once; what happens there again (in every frame, perhaps) is only counted.
    """

    reported = Signal(object)  # Report; comes in the thread of the receiver

    def __init__(self, log: LogFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._counts: dict[tuple[str, str, int], int] = {}
        self._lock = threading.RLock()
        self._old: tuple[Any, Any, Any, Any] | None = None

    def install(self) -> None:
        """Take the hooks over."""
        if self._old is None:
            qt = qInstallMessageHandler(_log_qt)
            self._old = (sys.excepthook, threading.excepthook, sys.unraisablehook, qt)
            sys.excepthook = self._main_hook
            threading.excepthook = self._thread_hook
            sys.unraisablehook = self._unraisable_hook

    def uninstall(self) -> None:
        """Give the hooks back."""
        if self._old is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook, qt = self._old
            qInstallMessageHandler(qt)
            self._old = None

    def report(self, error: BaseException, where: str = "") -> Report:
        """Make a report of an error that was caught, and tell whoever listens; ``where``: "the training thread"."""
        return self._note(type(error), error, error.__traceback__, where)

    def _note(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, where: str
    ) -> Report:
        with self._lock:
            place = _place(kind, trace)
            count = self._counts[place] = self._counts.get(place, 0) + 1
            report = self.made_report("".join(traceback.format_exception(kind, error, trace)), where)
            if count == 1:
                _log.error("unexpected error%s\n%s", f" in {where}" if where else "", report.text)
            elif count in (10, 100, 1_000, 10_000):
                _log.error("the same error for the %d. time: %s in %s:%d", count, *place)
        if count == 1:
            with contextlib.suppress(RuntimeError):  # the window is gone already
                self.reported.emit(report)
        return report

    def made_report(self, trace: str, where: str = "") -> Report:
        """Return a report on a traceback that has come as text, such as from the training thread."""
        log = self._log.path
        last = trace.strip().splitlines()[-1] if trace.strip() else "unknown"
        sentence = f"Something unexpected went wrong{f' in {where}' if where else ''} ({last[:200]})."
        sentence += f" The log is {log}." if log else ""
        parts = [
            f"playground {playground.__version__}, {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}",
            *versions(),
            f"\n{f'In {where}: ' if where else ''}{trace.strip()}",
            "\nThe log before it:",
            *self._log.last_lines(),
        ]
        return Report(sentence, without_home("\n".join(parts)))

    def _main_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception) and self._old is not None:  # Ctrl+C
            self._old[0](kind, error, trace)
            return
        self._note(kind, error, trace, "")

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread is not None else "a thread"
            self._note(args.exc_type, args.exc_value, args.exc_traceback, f"the thread {name}")

    def _unraisable_hook(self, args: Any) -> None:
        self._note(args.exc_type, args.exc_value, args.exc_traceback, str(args.err_msg or "a destructor"))


def versions() -> list[str]:
    """Return what runs, without importing any of it."""
    system = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return [system, ", ".join(_version(name) for name in _PACKAGES)]


@cache  # each is looked for in the folders of all packages
def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # not needed before the window stands

    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} missing"


def without_home(text: str) -> str:
    """Return ``text`` with the user's home folder, and the name in it, as ~."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 3 else text


def _place(kind: type[BaseException], trace: TracebackType | None) -> tuple[str, str, int]:
    frames = traceback.extract_tb(trace)
    last = frames[-1] if frames else None
    return kind.__name__, last.filename if last else "", (last.lineno or 0) if last else 0


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    levels |= {QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL}
    level = levels.get(kind, logging.WARNING)
    _log.log(level, "Qt (%s): %s", context.category or "default", message)
    if level >= logging.CRITICAL and sys.stderr is not None:
        sys.stderr.write(f"{message}\n")
