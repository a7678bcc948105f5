from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from playground.engine.project_file import Project, ProjectError, load_project, save_project
from playground.session import autosave as autosave_file
from playground.session import swap_files
from playground.session.autosave import Autosave, recoverable
from playground.session.swap_files import SwapPair
from tests.project_samples import a_document, a_project, assert_same_document

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "autosave"


@contextmanager
def window(folder: Path, project: str = "-", width: int = 20, hung: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.session.autosaving_window", str(folder), project, str(width), str(hung)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        if process.poll() is None:
            process.kill()


def killed_at(process: subprocess.Popen[str], line: str) -> list[str]:
    """Kill it with SIGKILL the moment that it says ``line``; return all that it has said."""
    assert process.stdout is not None
    said = []
    for text in process.stdout:
        said.append(text.strip())
        if said[-1] == line:
            process.send_signal(signal.SIGKILL)
            break
    said += [text.strip() for text in process.stdout]
    process.wait()
    return said


def last(said: list[str], word: str) -> int:
    return max((int(text.split()[1]) for text in said if text.startswith(word)), default=0)


def at_step(step: int) -> Project:
    document = a_document()
    return Project((replace(document, checkpoint=replace(document.checkpoint, step=step)),))


class TestKilled:
    @pytest.mark.parametrize("line", ["begin 2", "begin 3", "begin 4", "begin 5", "stored 1", "stored 4"])
    def test_at_any_moment_the_last_whole_state_comes_back(self, folder: Path, tmp_path: Path, line: str) -> None:
        project = tmp_path / "mine.playground"
        save_project(project, a_project())
        before = project.read_bytes()
        with window(folder, str(project), width=3_000) as process:
            said = killed_at(process, line)
        found = recoverable(folder)
        assert [(entry.name, entry.project) for entry in found] == [("The work", project)]
        step = found[0].load().documents[0].checkpoint.step
        assert last(said, "stored") <= step <= last(said, "begin")
        assert step >= 1
        assert found[0].age < 60
        assert not found[0].is_older_than_file
        assert project.read_bytes() == before
        found[0].discard()
        assert list(tmp_path.glob(".mine*")) == []
        assert recoverable(folder) == []

    @pytest.mark.parametrize("state", [2, 3, 6])
    def test_in_the_very_middle_of_writing_the_state_before_comes_back(self, tmp_path: Path, state: int) -> None:
        folder = tmp_path / "autosave"
        with window(folder, str(tmp_path / "mine.playground"), hung=state) as process:
            killed_at(process, f"within {state}")
        assert len(list(tmp_path.glob("*.part"))) == 1
        (entry,) = recoverable(folder)
        assert entry.load().documents[0].checkpoint.step == state - 1
        entry.discard()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_in_the_first_autosave_of_all_nothing_is_offered_or_all_of_it(self, folder: Path) -> None:
        with window(folder, width=3_000) as process:
            killed_at(process, "begin 1")
        steps = [entry.load().documents[0].checkpoint.step for entry in recoverable(folder)]
        assert steps in ([], [1])

    def test_a_half_written_swap_file_is_not_taken_for_a_whole_one(self, folder: Path) -> None:
        with window(folder) as process:
            said = killed_at(process, "stored 3")
        newest = max(folder.glob("*.swap?"), key=lambda path: load_project(path).documents[0].checkpoint.step)
        newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
        (entry,) = recoverable(folder)
        assert entry.load().documents[0].checkpoint.step >= last(said, "stored") - 1

    def test_damage_in_the_numbers_of_the_newest_falls_back_to_the_other(self, folder: Path) -> None:
        with window(folder) as process:
            killed_at(process, "stored 3")
        (entry,) = recoverable(folder)
        step = entry.load().documents[0].checkpoint.step
        content = bytearray(entry.swaps[0].read_bytes())
        content[content.find(b"__metadata__" if b"__metadata__" in content else b'"dtype":"F32"') + 2_000] ^= 1
        entry.swaps[0].write_bytes(bytes(content))
        assert entry.load().documents[0].checkpoint.step == step - 1

    def test_work_that_has_no_file_yet(self, folder: Path) -> None:
        with window(folder) as process:
            killed_at(process, "stored 1")
        (entry,) = recoverable(folder)
        assert entry.project is None
        assert entry.load().extra.manifest == {}

    def test_it_is_offered_to_one_process_only_and_again_if_that_one_dies(self, folder: Path) -> None:
        with window(folder) as process:
            killed_at(process, "stored 1")
        ask = "import sys; from pathlib import Path; from playground.session.autosave import recoverable\n"
        ask += "print(len(recoverable(Path(sys.argv[1]))), flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", ask, str(folder)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "1\n"
            assert recoverable(folder) == []
            other.send_signal(signal.SIGKILL)
            other.wait()
        assert len(recoverable(folder)) == 1
        assert recoverable(folder) == []


class TestInOneProcess:
    def test_a_change_is_followed_by_a_call_for_a_checkpoint(self, folder: Path, qtbot: QtBot) -> None:
        autosave = Autosave(folder, interval_ms=20)
        with qtbot.waitSignal(autosave.due):
            autosave.note_change()
        with qtbot.waitSignal(autosave.due):  # nobody answered
            pass
        autosave.close()

    def test_without_a_change_there_is_none(self, folder: Path, qtbot: QtBot) -> None:
        autosave = Autosave(folder, interval_ms=0)
        with qtbot.waitSignal(autosave.stored):
            autosave.store(a_project())
        with qtbot.assertNotEmitted(autosave.due, wait=50):
            pass
        autosave.close()

    def test_at_most_ten_seconds_are_lost(self) -> None:
        assert autosave_file.INTERVAL_MS <= 8_000

    def test_a_clean_end_leaves_nothing(self, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
        autosave = Autosave(folder, tmp_path / "mine.playground", "mine")
        for step in range(3):
            with qtbot.waitSignal(autosave.stored):
                autosave.store(at_step(step))
        assert len(list(tmp_path.glob(".mine.playground.*.swap?"))) == 2
        autosave.close()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_closing_in_the_middle_of_a_write_leaves_nothing(self, folder: Path, tmp_path: Path) -> None:
        autosave = Autosave(folder, tmp_path / "mine.playground", "mine")
        for step in range(5):
            autosave.store(at_step(step))
        autosave.close()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_after_saving_there_is_nothing_to_recover(self, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
        autosave = Autosave(folder, tmp_path / "mine.playground", "mine")
        with qtbot.waitSignal(autosave.stored) as stored:
            autosave.store(a_project())
        autosave.note_saved()
        qtbot.waitUntil(lambda: not Path(stored.args[0]).exists())
        with qtbot.waitSignal(autosave.stored) as again:  # and work goes on
            autosave.store(at_step(9))
        assert load_project(again.args[0]).documents[0].checkpoint.step == 9
        autosave.close()

    def test_save_as_takes_the_swap_file_along(self, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
        autosave = Autosave(folder)
        with qtbot.waitSignal(autosave.stored) as stored:
            autosave.store(a_project())
        assert Path(stored.args[0]).parent == folder
        (tmp_path / "there").mkdir()
        autosave.move_to(tmp_path / "there" / "b.playground", "b")
        with qtbot.waitSignal(autosave.stored) as moved:
            autosave.store(a_project())
        assert Path(moved.args[0]).parent == tmp_path / "there"
        assert not Path(stored.args[0]).exists()
        autosave.close()

    def test_a_folder_that_cannot_be_written_is_replaced_by_the_autosave_folder(
        self, folder: Path, qtbot: QtBot
    ) -> None:
        autosave = Autosave(folder, Path("/proc/mine.playground"), "mine")
        with qtbot.waitSignal(autosave.stored) as stored:
            autosave.store(a_project())
        assert Path(stored.args[0]).parent == folder
        (record,) = folder.glob("*.json")
        assert json.loads(record.read_text())["project"] == "/proc/mine.playground"
        autosave.close()

    def test_a_failure_is_said_once_and_tried_again(self, tmp_path: Path, qtbot: QtBot) -> None:
        (tmp_path / "file").write_text("")
        autosave = Autosave(tmp_path / "file" / "autosave", interval_ms=0)
        said: list[str] = []
        autosave.failed.connect(said.append)
        with qtbot.waitSignal(autosave.due):
            autosave.store(a_project())
        with qtbot.waitSignal(autosave.due):
            autosave.store(a_project())
        assert len(said) == 1
        assert said[0].startswith(f"Work cannot be kept in {tmp_path / 'file' / 'autosave'}: that folder")
        autosave.close()

    def test_recovered_work_stays_until_it_is_swapped_out_again(self, folder: Path, qtbot: QtBot) -> None:
        with window(folder) as process:
            killed_at(process, "stored 2")
        (entry,) = recoverable(folder)
        project = entry.load()
        autosave = Autosave(folder, None, entry.name, interval_ms=0)
        with qtbot.waitSignal(autosave.due):
            autosave.adopt(entry)
        assert all(path.exists() for path in entry.swaps)
        with qtbot.waitSignal(autosave.stored) as stored:
            autosave.store(project)
        assert not any(path.exists() for path in entry.swaps)
        assert not entry.record.exists()
        assert_same_document(load_project(stored.args[0]).documents[0], project.documents[0])
        autosave.close()
        assert list(folder.glob("*.swap?")) == []


class TestRecords:
    def test_a_live_window_is_not_recovered(self, folder: Path) -> None:
        pair = SwapPair(folder, None, "x")
        pair.store(a_project())
        assert recoverable(folder) == []
        pair.remove()

    def test_an_empty_or_missing_folder(self, folder: Path) -> None:
        assert recoverable(folder) == []
        folder.mkdir()
        assert recoverable(folder) == []

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"process": 1}'])
    def test_a_garbled_record_is_left_alone(self, folder: Path, content: str) -> None:
        folder.mkdir()
        (folder / f"{'a' * 32}.json").write_text(content)
        assert recoverable(folder) == []

    def test_a_record_cannot_make_us_remove_other_files(self, folder: Path, tmp_path: Path) -> None:
        with window(folder) as process:
            killed_at(process, "stored 1")
        (record,) = folder.glob("*.json")
        precious = tmp_path / "precious.playground"
        save_project(precious, a_project())
        content = json.loads(record.read_text())
        record.write_text(json.dumps({**content, "swaps": [str(precious), *content["swaps"]]}))
        for entry in recoverable(folder):
            assert precious not in entry.swaps
            entry.discard()
        assert precious.exists()

    def test_a_disk_that_is_not_there_keeps_its_record(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "stick").mkdir()
        with window(folder, str(tmp_path / "stick" / "a.playground")) as process:
            killed_at(process, "stored 2")
        (tmp_path / "stick").rename(tmp_path / "unplugged")
        assert recoverable(folder) == []
        (tmp_path / "unplugged").rename(tmp_path / "stick")
        assert len(recoverable(folder)) == 1

    def test_a_file_written_since_is_noticed(self, folder: Path, tmp_path: Path) -> None:
        project = tmp_path / "a.playground"
        save_project(project, a_project())
        with window(folder, str(project)) as process:
            killed_at(process, "stored 1")
        (entry,) = recoverable(folder)
        assert not entry.is_older_than_file
        os.utime(project, (entry.saved_at + 5, entry.saved_at + 5))
        assert entry.is_older_than_file

    def test_swap_files_that_have_gone_give_a_sentence(self, folder: Path) -> None:
        with window(folder) as process:
            killed_at(process, "stored 1")
        (entry,) = recoverable(folder)
        for path in entry.swaps:
            path.unlink()
        with pytest.raises(ProjectError, match="does not exist"):
            entry.load()
        assert swap_files.Recovery(None, "x", 0.0, (), entry.record).age > 0
