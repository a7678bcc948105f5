from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from pytestqt.qtbot import QtBot

from playground.session.logs import ErrorWatch, LogFile, Report, without_home


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogFile]:
    made = LogFile(tmp_path / "log")
    yield made
    made.close()


@pytest.fixture
def watch(log: LogFile) -> Iterator[ErrorWatch]:
    made = ErrorWatch(log)
    made.install()
    yield made
    made.uninstall()


def fail(word: str) -> None:
    raise LookupError(word)


def caught(word: str) -> LookupError:
    try:
        fail(word)
    except LookupError as error:
        return error
    raise AssertionError


def test_an_error_nobody_caught_becomes_a_report(watch: ErrorWatch, log: LogFile) -> None:
    told: list[Report] = []
    watch.reported.connect(told.append)
    logging.getLogger("playground").info("opened a project")
    error = caught("no such layer")
    sys.excepthook(LookupError, error, error.__traceback__)
    assert len(told) == 1
    assert told[0].sentence.startswith("Something unexpected went wrong (LookupError: no such layer). The log is")
    for part in ("playground 0.1.0", "Python 3.", "torch 2.13", "numpy ", "PySide6", "in fail", "opened a project"):
        assert part in told[0].text
    assert "LookupError: no such layer" in "\n".join(log.last_lines())


def test_an_error_in_a_thread_reaches_the_window_in_its_own_thread(watch: ErrorWatch, qtbot: QtBot) -> None:
    seen: list[tuple[Report, int]] = []

    def note(report: Report) -> None:
        seen.append((report, threading.get_ident()))

    watch.reported.connect(note)
    thread = threading.Thread(target=fail, args=("in a thread",), name="reader")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert "in the thread reader" in seen[0][0].sentence
    assert "LookupError: in a thread" in seen[0][0].text


def test_the_same_error_in_every_frame_is_told_once(watch: ErrorWatch, log: LogFile) -> None:
    told: list[Report] = []
    watch.reported.connect(told.append)
    for number in range(100):
        watch.report(caught(f"frame {number}"), "the diagram")
    assert len(told) == 1
    text = "\n".join(log.last_lines())
    assert text.count("unexpected error in the diagram") == 1
    assert "the same error for the 100. time: LookupError" in text


def test_hooks_go_back_and_ctrl_c_is_no_error(log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_on: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: passed_on.append(kind))
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    watch = ErrorWatch(log)
    told: list[Report] = []
    watch.reported.connect(told.append)
    watch.install()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    watch.uninstall()
    assert told == []
    assert passed_on == [KeyboardInterrupt]
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


@pytest.mark.usefixtures("watch")
def test_what_qt_says_is_logged(log: LogFile) -> None:
    qWarning("a tab stop is missing")
    assert "WARNING playground: Qt (default): a tab stop is missing" in "\n".join(log.last_lines())


def test_the_log_is_bounded(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    logger = logging.getLogger("playground")
    for _ in range(60):
        logger.info("x" * 100_000)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == [f"playground.log{end}" for end in ("", ".1", ".2", ".3")]
    assert sum(path.stat().st_size for path in files) < 4_500_000


def test_a_folder_that_cannot_be_written_is_borne(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = LogFile(tmp_path / "file" / "log")
    assert log.path is None
    assert log.last_lines() == []
    report = ErrorWatch(log).made_report("Traceback\nValueError: x")
    assert report.sentence == "Something unexpected went wrong (ValueError: x)."
    log.watch_crashes()
    log.close()


def test_a_crash_of_the_interpreter_leaves_its_trace(tmp_path: Path) -> None:
    code = (
        "import sys, faulthandler; from pathlib import Path; from playground.session.logs import LogFile\n"
        "LogFile(Path(sys.argv[1])).watch_crashes(); faulthandler._sigsegv()"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert run.returncode != 0
    assert "Segmentation fault" in (tmp_path / "crash.log").read_text()


def test_reports_do_not_tell_the_name_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert without_home('File "/home/ada/x.py"') == 'File "~/x.py"'


def test_what_runs_is_written_down_once_the_window_stands(log: LogFile) -> None:
    assert "begins" in "\n".join(log.last_lines())
    assert "Qt 6." not in "\n".join(log.last_lines())
    log.note_versions()
    assert all(word in log.last_lines()[-1] for word in ("Python 3.", "Qt 6.", "torch 2.", "pyqtgraph 0."))
