"""What every test stands on: a home of its own, no display, and nothing left running behind it."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two test threads of torch on two cores only get in each other's way

import pytest
import shiboken6
from hypothesis import settings as checking
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest

import playground.app.plain_imports  # noqa: F401 - as in the program: it speeds up the imports after it

ROOT = Path(__file__).resolve().parent.parent
SETTLE_SECONDS = 5.0  # how long a thread that was told to end may take before it counts as left alive

# The examples of a property are the same in every run; `--hypothesis-profile=searching` draws others each time.
checking.register_profile("searching", deadline=None)
checking.register_profile("repeatable", deadline=None, derandomize=True, database=None)
checking.load_profile("repeatable")

THAW_EVERY = 300  # collections for one that looks at what outlived an earlier one too

# Python would collect wherever an object happens to be made. Widgets in cycles that an earlier test dropped are then
# deleted while a later one is being painted, and the process dies. The app has a collector of its own.
gc.disable()
_collections = 0

_started: weakref.WeakSet[QThread | QTimer] = weakref.WeakSet()


def _recorded(kind: type[QThread | QTimer]) -> None:
    """Make ``kind.start`` note what it starts, so that the end of a test can look at it."""
    start = kind.start

    def recording_start(self: Any, *args: Any) -> Any:
        _started.add(self)
        return start(self, *args)

    kind.start = recording_start  # type: ignore[method-assign]


_recorded(QThread)
_recorded(QTimer)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> None:
    """Collect what earlier tests dropped, before any widget of the next one stands."""
    global _collections
    if "qapp" not in item.fixturenames:
        return
    if _collections % THAW_EVERY == 0:
        gc.unfreeze()
    _collections += 1
    gc.collect()
    gc.freeze()  # what is left, above all the libraries, is passed over: looking at it takes a fifth of a second a test


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty home; nothing that it writes reaches the user's folders."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PLAYGROUND_HOME", str(home / "playground"))
    folders = {"CONFIG": ".config", "CACHE": ".cache", "DATA": ".local/share", "STATE": ".local/state"}
    for name, folder in folders.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    return home


@pytest.fixture(autouse=True)
def one_torch_thread() -> None:
    """Keep torch on one thread, so that sums come out the same on every machine."""
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def no_button_down() -> None:
    """Let go of any mouse button that an earlier test ended on: Qt keeps it down for the whole application."""
    if QGuiApplication.instance() is None or QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
        return
    window = QWindow()
    window.show()
    for button in Qt.MouseButton:
        if button.value.bit_count() == 1 and QGuiApplication.mouseButtons() & button:
            QTest.mouseRelease(window, button)
    window.destroy()


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or an active timer alive."""
    before = set(threading.enumerate())
    _started.clear()
    yield
    if not _started and set(threading.enumerate()) <= before:
        return
    deadline = time.monotonic() + SETTLE_SECONDS
    while (left := _still_running(before)) and time.monotonic() < deadline:
        _let_events_pass()
    if left:
        pytest.fail(f"{request.node.nodeid} leaves running: {', '.join(left)}", pytrace=False)


def _still_running(before: set[threading.Thread]) -> list[str]:
    # Python code in a QThread leaves a dummy entry behind; the QThread itself is looked at below.
    threads = [
        thread for thread in set(threading.enumerate()) - before if not isinstance(thread, threading._DummyThread)
    ]
    left = [f"thread {thread.name}" for thread in threads if thread.is_alive()]
    for item in list(_started):
        if not shiboken6.isValid(item):
            continue
        if isinstance(item, QThread) and item.isRunning():
            left.append(f"QThread {item.objectName() or type(item).__name__}")
        elif isinstance(item, QTimer) and item.isActive():
            parent = item.parent()
            left.append(f"QTimer of {type(parent).__name__ if parent else 'nobody'} every {item.interval()} ms")
    return left


def _let_events_pass() -> None:
    application = QCoreApplication.instance()
    if application is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        application.processEvents()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(0.01)
            break


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder of pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def mnist10k() -> Path:
    """Return a folder with the first 10,000 training images of MNIST as IDX files; skip where there is none."""
    folder = Path(os.environ.get("PLAYGROUND_MNIST10K", ROOT.parent / "shared" / "data" / "mnist10k"))
    if not (folder / "train-images-idx3-ubyte.gz").is_file():
        pytest.skip("no MNIST files: set PLAYGROUND_MNIST10K to a folder that holds train-images-idx3-ubyte.gz")
    return folder
