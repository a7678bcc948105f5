"""kill -9 in mid-training and in mid-autosave: the next start offers the work, and brings it back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from playground.session.folders import folders
from tests.app.journeys.desk import LEFT, Desk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
MOST_SECONDS_LOST = 10.0


def killed(act: str, word: str, repository: Path) -> tuple[int, float, float]:
    """Run the program until it says ``word``, kill it, and return step and sum of its last autosave, and when."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.journeys.launched", act],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    saved: list[str] = []
    for line in process.stdout:
        if line.startswith("autosaved"):
            saved.append(line)
        if line.startswith(word) and len(saved) >= 2:
            break
    assert process.poll() is None
    process.kill()
    saved += [line for line in process.stdout if line.startswith("autosaved") and line.endswith("\n")]
    process.stdout.close()
    assert process.wait() == -9
    _, step, size = saved[-1].split()
    return int(step), float(size), time.time()


@pytest.mark.parametrize(
    ("act", "word"),
    [("killed in autosave", "within"), pytest.param("to be killed", "autosaved", marks=pytest.mark.slow)],
)
def test_work_comes_back_after_a_kill(act: str, word: str, start: Callable[..., Desk], repository: Path) -> None:
    step, _, end = killed(act, word, repository)
    desk = start()
    sentence = desk.wait_for_message("can be restored")
    assert "ended unexpectedly" in sentence
    recovery = desk.program._recovering._left[0]
    assert end - recovery.saved_at < MOST_SECONDS_LOST
    assert desk.document.settings.batch_size != 17
    kept = recovery.load().documents[0].checkpoint
    assert kept.step >= step - 60  # at 200 steps a second, what was on the screen when it was said
    QTest.mouseClick(desk.find(QPushButton, "remedy_restore"), LEFT)
    desk.wait(lambda: desk.document.settings.batch_size == 17)
    desk.settle()
    assert desk.snapshot.step == kept.step
    np.testing.assert_array_equal(desk.parameters, kept.arrays["parameters"])
    assert desk.document.is_dirty
    desk.click("play_button")
    desk.wait_for_steps(5)


@pytest.mark.slow
def test_discarding_is_for_good_and_a_clean_end_offers_nothing(start: Callable[..., Desk], repository: Path) -> None:
    killed("to be killed", "autosaved", repository)
    desk = start(ready=False)
    desk.wait_for_message("can be restored")
    QTest.mouseClick(desk.find(QPushButton, "remedy_discard"), LEFT)
    desk.wait(lambda: not desk.messages)
    desk.wait_until_ready()
    desk.click("step_button")
    desk.wait(lambda: desk.document.is_dirty)
    desk.window.close_without_asking()
    desk.wait(lambda: desk.is_gone)
    assert list(folders().autosave.glob("*.json")) == []
    again = start(ready=False)
    again.wait(lambda: again.document.snapshot is not None)
    assert again.messages == ()
