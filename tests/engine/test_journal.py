"""The journal of undo: what it keeps, what it spills to disk, what it leaves behind."""

from __future__ import annotations

import gc
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.checkpoint import Checkpoint
from playground.engine.journal import Edit, Journal, JournalError, Part
from playground.engine.settings import Settings
from playground.engine.spec import build
from tests.engine.properties import checking

SPEC = build((3, 2))


def edit(start: int, count: int, label: str = "painted") -> Edit:
    indices = np.arange(start, start + count, dtype=np.int64)
    values = np.linspace(start, start + 1, count, dtype=np.float32)
    masks = indices % 2 == 0
    return Edit(label, (Part("parameters", SPEC, indices, values), Part("present", SPEC, indices, masks)))


def state(number: int, count: int = 8) -> Checkpoint:
    arrays = {
        "parameters": np.full(count, number, np.float32),
        "movable": np.arange(count) % 3 == 0,
        "order": np.arange(number, dtype=np.int64),
        "init_generator": np.full(5, number, np.uint8),
    }
    return Checkpoint(SPEC, Settings(), number, 0, 0, 0, arrays)


def assert_same(found: Edit | None, expected: Edit) -> None:
    assert found is not None
    assert (found.label, found.is_reverted, len(found.parts)) == (
        expected.label,
        expected.is_reverted,
        len(expected.parts),
    )
    for part, wanted in zip(found.parts, expected.parts, strict=True):
        assert (part.target, part.spec) == (wanted.target, wanted.spec)
        for array, other in ((part.indices, wanted.indices), (part.values, wanted.values)):
            assert array.dtype == other.dtype
            np.testing.assert_array_equal(array, other)


def assert_same_state(found: Checkpoint, expected: Checkpoint) -> None:
    assert found.step == expected.step
    assert set(found.arrays) == set(expected.arrays)
    for name, array in expected.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)


def test_edits_and_states_come_back_by_their_seq() -> None:
    journal = Journal()
    journal.put_edit(3, edit(0, 4))
    journal.put_state(5, state(1))
    assert_same(journal.edit(3), edit(0, 4))
    assert journal.edit(4) is None
    assert journal.edit(5) is None
    assert (journal.has_edit(3), journal.has_edit(5), journal.has_state(5), journal.has_state(3)) == (
        True,
        False,
        True,
        False,
    )
    assert journal.folder is None


def test_an_edit_takes_the_place_of_an_earlier_one_under_its_seq() -> None:
    journal = Journal()
    journal.put_edit(3, edit(0, 4))
    journal.put_edit(3, edit(2, 5, "again"))
    assert_same(journal.edit(3), edit(2, 5, "again"))
    assert journal.bytes_in_memory == 5 * (8 + 4) + 5 * (8 + 1)


def test_states_are_swapped() -> None:
    journal = Journal()
    journal.put_state(5, state(1))
    assert_same_state(journal.swap_state(5, state(2)), state(1))
    assert_same_state(journal.swap_state(5, state(3)), state(2))
    assert journal.swap_state(6, state(4)) is None
    assert not journal.has_state(6)
    journal.put_edit(7, edit(0, 1))
    assert journal.swap_state(7, state(4)) is None
    assert_same(journal.edit(7), edit(0, 1))


def test_what_is_forgotten_is_gone_from_memory_and_disk(tmp_path: Path) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    journal.put_edit(1, edit(0, 10))
    journal.put_state(2, state(2))
    assert journal.folder is not None
    assert len(list(journal.folder.iterdir())) == 8
    journal.forget((1, 99))
    assert journal.edit(1) is None
    assert len(list(journal.folder.iterdir())) == 4
    journal.clear()
    assert not journal.has_state(2)
    assert list(journal.folder.iterdir()) == []
    assert journal.bytes_in_memory == 0


def test_beyond_the_budget_the_oldest_go_to_a_private_folder(tmp_path: Path) -> None:
    one = sum(part.indices.nbytes + part.values.nbytes for part in edit(0, 100).parts)
    journal = Journal(budget=2 * one, folder=tmp_path)
    for seq in range(5):
        journal.put_edit(seq, edit(seq, 100))
        assert journal.bytes_in_memory <= 2 * one
    assert journal.folder is not None
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700
    assert len(list(journal.folder.iterdir())) == 3 * 4
    for seq in range(5):
        assert_same(journal.edit(seq), edit(seq, 100))
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_states_are_spilled_with_all_their_arrays(tmp_path: Path) -> None:
    journal = Journal(budget=100, folder=tmp_path)
    journal.put_state(1, state(4, 1000))
    journal.put_state(2, state(5, 1000))
    assert journal.bytes_in_memory == 0
    assert_same_state(journal.swap_state(1, state(6, 1000)), state(4, 1000))
    assert_same_state(journal.swap_state(1, state(7)), state(6, 1000))
    assert_same_state(journal.swap_state(2, state(7)), state(5, 1000))


def test_closing_twice_is_no_harm_and_the_journal_can_be_used_again(tmp_path: Path) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    journal.put_edit(1, edit(0, 3))
    journal.close()
    journal.close()
    assert journal.edit(1) is None
    journal.put_edit(2, edit(0, 3))
    assert_same(journal.edit(2), edit(0, 3))
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_nobody_closed_leaves_nothing_on_disk(tmp_path: Path) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    journal.put_edit(1, edit(0, 3))
    assert list(tmp_path.iterdir()) != []
    del journal
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_the_undo_list_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(budget=0, folder=tmp_path / "gone")
    journal.put_edit(1, edit(0, 10))
    assert_same(journal.edit(1), edit(0, 10))
    assert journal.bytes_in_memory == 10 * (8 + 4) + 10 * (8 + 1)
    assert "stays in memory" in caplog.text


def test_a_disk_that_fills_up_leaves_no_half_written_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    journal.put_edit(1, edit(0, 10))
    save, calls = np.save, []

    def full_at_the_third(path: Path, array: Any, *, allow_pickle: bool) -> None:
        calls.append(path)
        if len(calls) == 3:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        save(path, array, allow_pickle=allow_pickle)

    monkeypatch.setattr(np, "save", full_at_the_third)
    journal.put_edit(2, edit(5, 10))
    assert journal.folder is not None
    assert len(list(journal.folder.iterdir())) == 4
    assert_same(journal.edit(1), edit(0, 10))
    assert_same(journal.edit(2), edit(5, 10))
    assert "No space left" in caplog.text


def test_what_was_lost_or_garbled_on_disk_gets_a_sentence(tmp_path: Path) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    journal.put_edit(1, edit(0, 10))
    journal.put_state(2, state(2))
    journal.put_state(3, state(3))
    assert journal.folder is not None
    files = sorted(journal.folder.iterdir(), key=lambda path: int(path.stem))
    files[0].unlink()
    files[4].write_bytes(b"\x93NUMPY\x01\x00garbled")
    with pytest.raises(JournalError, match="cannot be read back"):
        journal.edit(1)
    with pytest.raises(JournalError, match="cannot be taken back any more; everything else stays"):
        journal.swap_state(2, state(9))
    assert_same_state(journal.swap_state(3, state(9)), state(3))


def test_nothing_is_pickled(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(budget=0, folder=tmp_path)
    odd = Checkpoint(SPEC, Settings(), 1, 0, 0, 0, {"parameters": np.array([object()])})
    journal.put_state(1, odd)
    assert journal.folder is not None
    assert list(journal.folder.iterdir()) == []
    assert "stays in memory" in caplog.text


ACTION = st.tuples(st.sampled_from(["edit", "state", "swap", "forget"]), st.integers(0, 5), st.integers(0, 60))


@checking(60)
@given(st.lists(ACTION, max_size=25), st.sampled_from([0, 700, 10**9]))
def test_any_use_gives_back_what_was_put(actions: list[tuple[str, int, int]], budget: int) -> None:
    journal = Journal(budget=budget)
    edits: dict[int, Edit] = {}
    states: dict[int, Checkpoint] = {}
    try:
        for kind, seq, size in actions:
            if kind == "edit":
                edits[seq] = edit(seq, size)
                states.pop(seq, None)
                journal.put_edit(seq, edits[seq])
            elif kind == "state":
                states[seq] = state(seq, size)
                edits.pop(seq, None)
                journal.put_state(seq, states[seq])
            elif kind == "swap" and seq in states:
                fresh = state(seq + 1, size)
                assert_same_state(journal.swap_state(seq, fresh), states[seq])
                states[seq] = fresh
            elif kind == "forget":
                journal.forget((seq,))
                edits.pop(seq, None)
                states.pop(seq, None)
            assert 0 <= journal.bytes_in_memory <= budget
        for seq in range(6):
            assert journal.has_state(seq) == (seq in states)
            assert journal.has_edit(seq) == (seq in edits)
            if seq in edits:
                assert_same(journal.edit(seq), edits[seq])
    finally:
        journal.close()
