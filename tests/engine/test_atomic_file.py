from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from playground.engine.atomic_file import WriteError, remove_leftovers, write_atomically, write_text_atomically


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.txt"
    made.write_text("old")
    return made


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full: free some space"),
        (errno.EROFS, "that disk is read-only"),
        (errno.EACCES, "you may not write there"),
        (errno.EIO, "the disk reports an error"),
        (errno.EMFILE, "the system says: Too many open files"),
    ],
)
def test_a_write_that_fails_in_its_middle_leaves_the_old_file(path: Path, number: int, sentence: str) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"half of the new")
        raise OSError(number, os.strerror(number))

    with pytest.raises(WriteError, match=rf"^a\.txt could not be saved in {path.parent}: {sentence}"):
        write_atomically(path, write)
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("a sentence")])
def test_what_else_ends_the_writing_passes_through(path: Path, fault: BaseException) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise fault

    with pytest.raises(type(fault)):
        write_atomically(path, write)
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


def test_the_file_is_synced_before_it_takes_its_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(handle: int) -> None:
        synced.append(path.read_text())
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    write_text_atomically(path, "new")
    assert synced == ["old", "new"]  # the file, then the folder


def test_a_link_is_followed_and_permissions_stay(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_text_atomically(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_text_atomically(tmp_path / "new", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_what_dead_processes_left_is_swept_but_not_what_others_are_writing(path: Path) -> None:
    old = path.with_name(f".{path.name}.{'a' * 32}.part")
    young = path.with_name(f".{path.name}.{'b' * 32}.part")
    other = path.with_name(".something.part")
    for file in (old, young, other):
        file.write_text("x")
        os.utime(file, (1, 1) if file != young else None)
    write_text_atomically(path, "new")
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)
    remove_leftovers(path)
    assert (young.exists(), other.exists()) == (False, True)


def test_a_loop_of_links_and_names_of_any_length(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(WriteError):
        write_text_atomically(tmp_path / "a", "x")
    long = tmp_path / ("ü" * 127)  # 254 bytes: as long as a name can be
    write_text_atomically(long, "x")
    assert long.read_text() == "x"
    with pytest.raises(WriteError, match="the name is too long"):
        write_text_atomically(tmp_path / ("x" * 256), "x")
