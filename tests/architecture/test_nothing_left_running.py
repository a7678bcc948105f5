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


def test_what_is_left_running_fails_the_test(pytester: pytest.Pytester, repository: Path) -> None:
    conftest = (repository / "tests" / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("SETTLE_SECONDS = 5.0", "SETTLE_SECONDS = 0.2"))
    pytester.makepyfile(
        test_1_clean=CLEAN, test_2_timer=LEAVES_A_TIMER, test_3_qthread=LEAVES_A_QTHREAD, test_4_thread=LEAVES_A_THREAD
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-o", f"pythonpath={repository}")
    assert result.parseoutcomes() == {"passed": 5, "errors": 3}
    result.stdout.fnmatch_lines_random(
        [
            "test_2_timer.py::test_leaves_a_timer leaves running: QTimer of nobody every 50 ms",
            "test_3_qthread.py::test_leaves_a_qthread leaves running: QThread training",
            "test_4_thread.py::test_leaves_a_thread leaves running: thread forgotten",
        ]
    )
