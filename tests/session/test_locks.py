from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from playground.session import locks
from playground.session.locks import Holder, LockedError, holder_of, lock_path, lock_project
from playground.session.processes import Process, this_process

HOLD = """
import sys
from playground.session.locks import lock_project
lock = lock_project(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def another_window(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.kill()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "mine.playground"
    path.write_bytes(b"content")
    return path


def test_a_second_window_of_this_program_is_told(project: Path) -> None:
    lock = lock_project(project)
    with pytest.raises(LockedError, match=r"^mine\.playground is open in another window since \d\d:\d\d: ") as caught:
        lock_project(project)
    assert caught.value.holder.process == this_process()
    lock.release()
    assert list(project.parent.iterdir()) == [project]
    lock_project(project).release()


def test_a_window_of_another_process_is_told_with_its_number(project: Path) -> None:
    with another_window(project) as other, pytest.raises(LockedError, match=rf"\(process {other.pid}\)"):
        lock_project(project)


def test_a_link_to_the_project_is_the_same_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)
    lock = lock_project(tmp_path / "link")
    with pytest.raises(LockedError):
        lock_project(project)
    lock.release()


def test_the_lock_of_a_killed_process_is_taken_over(project: Path) -> None:
    with another_window(project) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert lock_path(project).exists()
        assert holder_of(project) is None
        lock = lock_project(project)
        assert lock.is_held
        lock.release()


def test_a_killed_process_that_nobody_has_waited_for_counts_as_dead(project: Path) -> None:
    with another_window(project) as other:
        other.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # dead, but still in the list of processes
        lock_project(project).release()


@pytest.mark.parametrize(
    "change", [{"boot": "an earlier start of the computer"}, {"started": "1"}, {"pid": 2**30, "started": "5"}]
)
def test_numbers_that_belong_to_another_process_by_now(project: Path, change: dict[str, object]) -> None:
    process = replace(this_process(), **change)
    assert not process.is_alive
    lock_path(project).write_text(locks.to_json(locks._to_json(Holder(process, "token", 5.0))))
    lock = lock_project(project)
    assert lock.is_held
    lock.release()


def test_a_lock_from_another_computer_holds_until_the_user_decides(project: Path) -> None:
    process = Process(1, "1", "boot", "big-server")
    lock_path(project).write_text(locks.to_json(locks._to_json(Holder(process, "token", 5.0))))
    with pytest.raises(LockedError, match=r"on the computer big-server since 1970-01-01 "):
        lock_project(project)
    lock = lock_project(project, by_force=True)
    assert holder_of(project) is not None
    lock.release()


def test_who_lost_the_lock_does_not_remove_it_from_the_new_holder(project: Path) -> None:
    first = lock_project(project)
    second = lock_project(project, by_force=True)
    first.release()
    assert lock_path(project).exists()
    second.release()
    assert not lock_path(project).exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"process": {"pid": -1}}', b"\xff", b'{"process": 7, "token": 1}']
)
def test_a_garbled_lock_locks_nobody_out(project: Path, content: bytes) -> None:
    lock_path(project).write_bytes(content)
    lock = lock_project(project)
    assert lock.is_held
    lock.release()


def test_a_folder_that_cannot_be_written_does_not_keep_from_opening() -> None:
    lock = lock_project("/proc/none.playground")
    assert not lock.is_held
    lock.release()
