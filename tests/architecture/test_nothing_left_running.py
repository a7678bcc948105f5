"""The fixture that fails tests which leave something running, shown to fail them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAVES_A_TIMER = """
from PySide6.QtCore import QTimer
kept = []
def test_leaves_a_timer(qtbot):
    timer = QTimer()
    timer.start(50)
    kept.append(timer)
"""

LEAVES_A_THREAD = """
import threading
def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, daemon=True, name="forgotten").start()
"""

LEAVES_A_QTHREAD = """
from PySide6.QtCore import QThread
kept = []
def test_leaves_a_qthread(qtbot):
    thread = QThread(objectName="training")
    thread.start()
    kept.append(thread)
def test_end_it():
    kept[0].quit()
    assert kept[0].wait(5000)
"""

CLEAN = """
from PySide6.QtCore import QThread, QTimer
def test_ends_what_it_starts(qtbot):
    thread, timer = QThread(), QTimer()
    thread.start()
    timer.start(50)
    timer.stop()
    thread.quit()
    assert thread.wait(5000)
"""


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (LEAVES_A_TIMER, "QTimer of nobody every 50 ms"),
        (LEAVES_A_THREAD, "thread forgotten"),
        (LEAVES_A_QTHREAD, "QThread training"),
        (CLEAN, ""),
    ],
)
def test_what_is_left_running_fails_the_test(
    pytester: pytest.Pytester, repository: Path, source: str, named: str
) -> None:
    conftest = (repository / "tests" / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("SETTLE_SECONDS = 5.0", "SETTLE_SECONDS = 0.2"))
    pytester.makepyfile(source)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    outcomes = result.parseoutcomes()
    if named:
        assert outcomes.get("errors") == 1
        result.stdout.fnmatch_lines([f"*leaves running: {named}*"])
    else:
        assert outcomes == {"passed": 1}
