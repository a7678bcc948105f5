"""Random walks over the whole window: no exception, no warning, no hang, and all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.engine.checkpoint import Checkpoint
from tests.app.journeys.conftest import Complaints
from tests.app.journeys.desk import Answers, Desk
from tests.app.journeys.walker import ENDS_THE_WALK, TRAINS, Walker

pytestmark = pytest.mark.usefixtures("offline")

CHECK_EVERY = 400  # acts between two times of undoing everything


@pytest.fixture
def walk(start: Callable[..., Desk], answers: Answers, complaints: Complaints, tmp_path: Path) -> Callable[..., Walker]:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "notes.txt").write_text("milk, eggs")

    def go(seed: int, acts: int, *, trains: bool) -> Walker:
        walker = Walker(start(), answers, seed, folder, trains=trains)
        try:
            for number in range(1, acts + 1):
                walker.act()
                found = [*complaints.texts, *walker.troubles]
                assert not found, "\n".join(found)
                if number % 25 == 0:
                    walker.desk.settle()
                if number % CHECK_EVERY == 0 or number == acts:
                    check(walker, are_weights_back=not trains)
        except BaseException as error:
            complaints.texts.clear()
            error.add_note(f"seed {seed}, the last acts:\n  " + "\n  ".join(walker.trail))
            raise
        finally:
            walker.stop()
        return walker

    return go


def check(walker: Walker, *, are_weights_back: bool) -> None:
    """Pause, undo everything, and compare with how the document began."""
    desk = walker.desk
    walker.come_to_rest()
    walker.note(f"undo all {desk.document.undo_stack.index()}")
    walker.undo_everything()
    face, began = walker.start[0]
    assert began is not None
    assert desk.document.spec.layers == face.spec.layers == desk.snapshot.spec.layers
    assert desk.document.settings == face.settings == desk.snapshot.settings
    assert desk.document.data is face.data
    assert desk.snapshot.train_count == len(face.data.train)
    assert desk.snapshot.parameters.shape == began.arrays["parameters"].shape
    if are_weights_back:
        now = desk.checkpoint()
        assert now.step == began.step
        np.testing.assert_array_equal(now.arrays["parameters"], began.arrays["parameters"])
        for name in ("movable", "present"):
            np.testing.assert_array_equal(mask(now, name), mask(began, name), err_msg=name)


def mask(checkpoint: Checkpoint, name: str) -> NDArray[np.bool_]:
    count = len(checkpoint.arrays["parameters"])
    return np.asarray(checkpoint.arrays.get(name, np.ones(count, bool)))


def test_a_walk(walk: Callable[..., Walker]) -> None:
    walk(1, 150, trains=True)


def test_a_walk_that_never_trains_can_be_undone_to_the_last_bit(walk: Callable[..., Walker]) -> None:
    walk(2, 100, trains=False)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("trains", [True, False])
def test_a_long_walk(walk: Callable[..., Walker], seed: int, *, trains: bool) -> None:
    walker = walk(seed, 2_000, trains=trains)
    rows = {row.id for row in walker.desk.window.actions_table.rows} - (set() if trains else TRAINS)
    missed = sorted(action for action in rows if not walker.counts[action])
    assert len(missed) <= len(rows) / 10, missed
    assert set(missed) >= ENDS_THE_WALK
