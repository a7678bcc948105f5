"""Sweeps in the background: told as they come, cancelled and closed in the middle, refused in sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.superposition import memory
from playground.engine.superposition.closed_forms import linear_optimum
from playground.engine.superposition.phase_cells import SUPERPOSED, phase_grid
from playground.engine.superposition.plans import (
    AnnealPlan,
    PairsPlan,
    PhasePlan,
    Plan,
    SparsityPlan,
    WarmPlan,
    spaced_sparsities,
)
from playground.engine.superposition.problem import CORRELATED, Group, SuperpositionError, make_problem
from playground.engine.superposition.results import (
    AnnealResult,
    PairsResult,
    PhaseResult,
    Result,
    SparsitySweepResult,
    WarmResult,
)
from playground.engine.superposition.results_file import restored_results, stored_results
from playground.session.sweeping import Sweeping

PLANE = make_problem(5, 2, 0.5)
ENDLESS = SparsityPlan(PLANE, (0.5, 0.9), ("relu",), (0, 1), steps=1_000_000)


class Listener:
    """Notes everything that a sweeping says."""

    def __init__(self, sweeping: Sweeping) -> None:
        self.told: list[tuple[str, Result]] = []
        self.progress: list[tuple[str, float, float]] = []
        self.failed: list[str] = []
        self.finished: list[str] = []
        self.ended = 0
        sweeping.told.connect(self._note_told)
        sweeping.advanced.connect(self._note_progress)
        sweeping.failed.connect(self.failed.append)
        sweeping.finished.connect(self.finished.append)
        sweeping.ended.connect(self._note_ended)

    def _note_told(self, name: str, result: Result) -> None:
        self.told.append((name, result))

    def _note_progress(self, name: str, done: float, seconds_left: float) -> None:
        self.progress.append((name, done, seconds_left))

    def _note_ended(self) -> None:
        self.ended += 1


@pytest.fixture
def sweeping(qapp: Any) -> Iterator[Sweeping]:
    made = Sweeping()
    yield made
    made.close()


def carried_out(sweeping: Sweeping, plan: Plan, qtbot: QtBot) -> tuple[Result, Listener]:
    listener = Listener(sweeping)
    assert sweeping.start(plan)
    assert sweeping.running == plan.name
    qtbot.waitUntil(lambda: listener.ended > 0, timeout=60_000)
    assert listener.failed == []
    assert listener.finished == [plan.name]
    assert sweeping.running == ""
    name, result = listener.told[-1]
    assert name == plan.name
    assert sweeping.results()[plan.name] is result
    assert result.done == 1.0
    assert restored_results(stored_results({name: result})).keys() == {name}
    return result, listener


def test_a_sparsity_sweep_against_the_closed_form(sweeping: Sweeping, qtbot: QtBot) -> None:
    problem = make_problem(6, 2, 0.5, "0.8^i")
    plan = SparsityPlan(problem, (0.9, 0.1), ("linear", "relu"), (0, 1, 2), steps=1500)
    result, listener = carried_out(sweeping, plan, qtbot)
    assert isinstance(result, SparsitySweepResult)
    assert result.sparsities.tolist() == [0.1, 0.9]
    for at, task in enumerate(result.problems):
        np.testing.assert_allclose(result.losses[0, at], linear_optimum(task).loss, rtol=0.02)
    assert (result.metrics.represented[0] == 2).all()
    assert result.losses[1, 1].mean() < 0.9 * result.losses[0, 1].mean()
    shares = [done for _, done, _ in listener.progress]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert len(listener.told) <= 42


def test_both_phase_diagrams(sweeping: Sweeping, qtbot: QtBot) -> None:
    result, _ = carried_out(sweeping, PhasePlan(phase_grid(2, 1, 4), restarts=3, steps=300), qtbot)
    assert isinstance(result, PhaseResult)
    assert result.exact is not None
    assert result.best is not None
    assert result.single is not None
    assert (result.exact.regions[-1, 1:3] == SUPERPOSED).all()
    assert (result.best.losses >= result.exact.losses - 1e-6).all()
    assert (result.single.losses >= result.best.losses - 1e-12).all()
    alone, _ = carried_out(sweeping, PhasePlan(phase_grid(3, 2, 2), restarts=0), qtbot)
    assert isinstance(alone, PhaseResult)
    assert alone.best is None
    assert set(sweeping.results()) == {"phase-2-1", "phase-3-2"}


def test_up_and_down_share_the_topmost_stop(sweeping: Sweeping, qtbot: QtBot) -> None:
    result, _ = carried_out(sweeping, WarmPlan(PLANE, (0.5, 0.8, 0.7), "relu", (0, 1), steps=200), qtbot)
    assert isinstance(result, WarmResult)
    assert result.sparsities == (0.5, 0.7, 0.8)
    assert np.isfinite(result.losses).all()
    np.testing.assert_array_equal(result.parameters[0, 2], result.parameters[1, 2])
    assert not np.array_equal(result.parameters[0, 0], result.parameters[1, 0])


def test_pairs_and_annealing(sweeping: Sweeping, qtbot: QtBot) -> None:
    groups = (Group((0, 1), CORRELATED), Group((2, 3), CORRELATED))
    grouped = make_problem(4, 2, 0.9, None, groups)
    result, _ = carried_out(sweeping, PairsPlan(grouped, seeds=(0, 1, 2), steps=300), qtbot)
    assert isinstance(result, PairsResult)
    assert result.pairs == [(0, 1), (2, 3)]
    assert result.grouped_cosines.shape == result.control_cosines.shape == (3, 2)
    plan = AnnealPlan(make_problem(6, 4, 0.5), (0.1, 1.0), (0, 1), steps=100)
    annealed, _ = carried_out(sweeping, plan, qtbot)
    assert isinstance(annealed, AnnealResult)
    assert annealed.densities == (1.0, 0.1)
    assert np.isfinite(annealed.scratch_losses).all()
    assert annealed.trivial[0] == pytest.approx(1 / 3)


def test_cancelled_in_the_middle_nothing_is_kept_and_the_next_one_runs(sweeping: Sweeping, qtbot: QtBot) -> None:
    listener = Listener(sweeping)
    assert sweeping.start(ENDLESS)
    assert not sweeping.start(ENDLESS)
    assert listener.failed == ["A sweep is running: cancel it, or wait until it has ended."]
    sweeping.cancel()
    assert listener.ended == 1
    assert sweeping.running == ""
    assert sweeping.results() == {}
    carried_out(sweeping, PhasePlan(phase_grid(2, 1, 2), restarts=0), qtbot)
    assert listener.told[-1][0] == "phase-2-1"
    assert "sparsity" not in sweeping.results()


def test_partial_results_come_while_it_runs(sweeping: Sweeping, qtbot: QtBot) -> None:
    plan = WarmPlan(PLANE, spaced_sparsities(0.1, 0.95, 40), "relu", (0,), steps=20_000)
    listener = Listener(sweeping)
    assert sweeping.start(plan)
    qtbot.waitUntil(lambda: bool(listener.told), timeout=60_000)
    result = listener.told[-1][1]
    assert isinstance(result, WarmResult)
    assert 0 < result.done < 1
    assert result.has_come(0, 0)
    assert not result.has_come(1, 0)
    assert listener.progress[-1][2] > 0
    sweeping.close()
    assert sweeping.results() == {}
    assert not listener.finished


def test_closing_in_the_middle_waits_for_the_thread(qapp: Any) -> None:
    sweeping = Sweeping()
    assert sweeping.start(ENDLESS)
    jobs = list(sweeping._alive)
    sweeping.close()
    assert all(job.isFinished() for job in jobs)


def test_a_project_that_is_opened_brings_its_results_and_ends_what_runs(sweeping: Sweeping, qtbot: QtBot) -> None:
    result, _ = carried_out(sweeping, PhasePlan(phase_grid(2, 1, 2), restarts=0), qtbot)
    listener = Listener(sweeping)
    assert sweeping.start(ENDLESS)
    sweeping.restore({"phase-2-1": result})
    assert sweeping.running == ""
    assert listener.told == [("phase-2-1", result)]
    assert sweeping.results() == {"phase-2-1": result}


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (SparsityPlan(PLANE, (), ("relu",), (0,)), "0 sparsities"),
        (SparsityPlan(PLANE, (0.5, 1.0), ("relu",), (0,)), "sparsity 1"),
        (SparsityPlan(PLANE, (0.5,), (), (0,)), "at least one model"),
        (SparsityPlan(PLANE, (0.5,), ("abs",), (0,)), "annealing"),
        (SparsityPlan(PLANE, (0.5,), ("relu",), tuple(range(1000))), "1000 seeds"),
        (SparsityPlan(PLANE, (0.5,), ("relu",), (0,), steps=0), "0 steps"),
        (WarmPlan(PLANE, (0.5, 0.5)), "at least two"),
        (PairsPlan(PLANE), "into a group"),
        (PhasePlan(phase_grid(2, 1, 2), restarts=-1), "-1 seeds"),
        (AnnealPlan(PLANE, (0.0,)), "sparsity 1"),
    ],
)
def test_what_makes_no_sense_is_refused_before_it_starts(sweeping: Sweeping, plan: Plan, words: str) -> None:
    listener = Listener(sweeping)
    assert not sweeping.start(plan)
    assert words in listener.failed[0]
    assert sweeping.running == ""


def test_more_memory_than_there_is(sweeping: Sweeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 1_000_000)
    listener = Listener(sweeping)
    assert not sweeping.start(SparsityPlan(make_problem(400, 100, 0.5), (0.5, 0.9), ("relu",), (0, 1, 2)))
    assert "A sweep over 6 models of 400 features needs about" in listener.failed[0]


def test_an_error_inside_is_a_sentence(sweeping: Sweeping, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.engine.superposition import carrying_out

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(carrying_out, "sweep", full)
    listener = Listener(sweeping)
    assert sweeping.start(ENDLESS)
    qtbot.waitUntil(lambda: listener.ended > 0, timeout=60_000)
    assert listener.failed == ["There was not enough memory for this sweep: take fewer seeds or stops."]
    assert not listener.finished


def test_sparsities_in_equal_factors() -> None:
    assert spaced_sparsities(0, 0.99, 3) == (0.0, 0.9, 0.99)
    for low, high, count in ((0.5, 0.5, 3), (-0.1, 0.5, 3), (0.5, 1.0, 3), (0, 0.9, 1), (0, 0.9, 1000)):
        with pytest.raises(SuperpositionError):
            spaced_sparsities(low, high, count)


def test_the_module_can_be_had_without_torch() -> None:
    import subprocess

    code = "import sys, playground.session.sweeping; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
