"""Verdicts follow from the runs: planted ones turn each of them round."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.superposition.claims import FAILS, HOLDS, OPEN, PARTLY, judged
from playground.engine.superposition.experiments import EXPERIMENTS, Claim, experiment
from playground.engine.superposition.results import SparsitySweepResult
from tests.engine.superposition.sweep_samples import antipodal, planted_sweep, turned

CLAIMS = {claim.name: claim for one in EXPERIMENTS for claim in one.claims}
SPARSITIES = (0.1, 0.5, 0.9)


def verdict(name: str, *results: SparsitySweepResult) -> tuple[str, str]:
    found = judged(CLAIMS[name], results)
    assert found.claim is CLAIMS[name]
    assert found.sentence.endswith(".")
    return found.verdict, found.sentence


def test_every_bundled_claim_can_be_judged() -> None:
    assert len(experiment("article").claims) == 5
    for claim in CLAIMS.values():
        assert isinstance(claim, Claim)
        assert judged(claim, []).verdict == OPEN
        assert judged(claim, [planted_sweep()]).verdict in (HOLDS, FAILS, PARTLY, OPEN)


@pytest.mark.parametrize(
    ("relu", "expected", "words"),
    [
        ((42.02, 42.74, 9.70), PARTLY, "0.0 % better at S = 0.1, 4.8 % better at S = 0.5, 27 % better at S = 0.9"),
        ((30.0, 30.0, 9.0), HOLDS, "True at every sparsity"),
        ((42.0, 44.9, 13.4), FAILS, "0.8 % worse at S = 0.9"),
        ((30.0, 44.88, 9.0), PARTLY, "True at some sparsities only."),
    ],
)
def test_relu_better(relu: tuple[float, ...], expected: str, words: str) -> None:
    losses = [(42.02, 44.88, 13.29), relu, relu]
    found, sentence = verdict("relu-better", planted_sweep(losses=losses))
    assert found == expected
    assert words in sentence
    assert ("True only when features are sparse." in sentence) == (relu[1] == 42.74)


def test_one_sparsity_gives_numbers_and_no_verdict() -> None:
    found, sentence = verdict("relu-better", planted_sweep((0.9,), losses=[(13.29,), (9.7,), (11.4,)]))
    assert found == OPEN
    assert "27 % better at S = 0.9" in sentence


def test_runs_at_several_sparsities_may_come_one_by_one_and_the_last_of_a_sparsity_counts() -> None:
    parts = [
        planted_sweep((sparsity,), losses=[(10.0,), (relu,), (9.0,)])
        for sparsity, relu in ((0.1, 10.0), (0.9, 20.0), (0.9, 5.0))
    ]
    found, sentence = verdict("relu-better", *parts)
    assert found == PARTLY
    assert "50 % better at S = 0.9" in sentence


def test_runs_of_another_task_are_left_out() -> None:
    other = planted_sweep((0.5,), features=9, losses=[(10.0,), (1.0,), (1.0,)])
    mine = planted_sweep((0.9,), losses=[(10.0,), (5.0,), (1.0,)])
    found, sentence = verdict("relu-better", other, mine)
    assert found == OPEN
    assert "0.5" not in sentence.replace("50 %", "")


def test_linear_keeps_the_most_important() -> None:
    assert verdict("keeps-important", planted_sweep())[0] == HOLDS
    wrong = np.roll(np.eye(8, 3), 1, axis=0)  # features 1, 2, 3
    found, sentence = verdict("keeps-important", planted_sweep(weights={("linear", 0.9): wrong}))
    assert found == PARTLY
    assert "2 of 2 seeds at S = 0.5, 0 of 2 seeds at S = 0.9" in sentence
    assert verdict("keeps-important", planted_sweep(weights={("linear", s): wrong for s in SPARSITIES}))[0] == FAILS
    more = planted_sweep(weights={("linear", s): antipodal(8, 3) for s in SPARSITIES})
    assert verdict("keeps-important", more)[0] == FAILS
    assert verdict("keeps-important", planted_sweep(importance="equal"))[0] == OPEN
    assert verdict("keeps-important", planted_sweep(kinds=("relu",)))[0] == OPEN


def test_off_diagonals_grow() -> None:
    two = {("relu", 0.9): antipodal(8, 3), ("relu-relu", 0.9): antipodal(8, 3)}
    found, sentence = verdict("off-diagonals-grow", planted_sweep(weights=two))
    assert found == PARTLY
    assert "linear 0.000 → 0.000 → 0.000 (does not grow)" in sentence
    assert "ReLU on the output 0.000 → 0.000 → 0.107 (grows)" in sentence
    all_three = two | {("linear", 0.9): antipodal(8, 3)}
    assert verdict("off-diagonals-grow", planted_sweep(weights=all_three))[0] == HOLDS
    falling = {(kind, 0.1): antipodal(8, 3) for kind in ("linear", "relu", "relu-relu")}
    assert verdict("off-diagonals-grow", planted_sweep(weights=falling))[0] == FAILS
    assert verdict("off-diagonals-grow", planted_sweep((0.5,)))[0] == OPEN


def test_the_hidden_relu_is_needed_only_where_the_other_one_fails_alone() -> None:
    packed = antipodal(8, 3)
    assert verdict("needs-hidden-relu", planted_sweep())[0] == OPEN  # nothing is in superposition yet
    found, sentence = verdict("needs-hidden-relu", planted_sweep(weights={("relu", 0.9): packed}))
    assert found == FAILS
    assert "without it 6.0 features share 3 dimensions" in sentence
    assert "with it 3.0" in sentence
    assert verdict("needs-hidden-relu", planted_sweep(weights={("relu-relu", 0.9): packed}))[0] == HOLDS
    mixed = {("relu", 0.9): packed, ("relu-relu", 0.9): packed, ("relu-relu", 0.5): packed}
    assert verdict("needs-hidden-relu", planted_sweep(weights=mixed))[0] == PARTLY
    assert verdict("needs-hidden-relu", planted_sweep(kinds=("linear", "relu")))[0] == OPEN


def test_features_line_up_with_neurons() -> None:
    straight, skew = antipodal(8, 3), turned(antipodal(8, 3))
    assert verdict("line-up", planted_sweep())[0] == HOLDS
    one = {("relu", sparsity): skew for sparsity in SPARSITIES} | {("relu-relu", 0.9): straight}
    found, sentence = verdict("line-up", planted_sweep(weights=one, losses=[[1] * 3, [10] * 3, [11] * 3]))
    assert found == PARTLY
    assert "with the hidden ReLU 100 % at S = 0.1, 100 % at S = 0.5, 100 % at S = 0.9" in sentence
    assert "without it 0 %, 0 %, 0 %" in sentence
    assert "At S = 0.9 its loss is 10 % higher. Only the hidden ReLU makes them." in sentence
    dense = verdict("line-up", planted_sweep(weights=one | {("relu-relu", 0.9): skew}))
    assert dense[0] == PARTLY
    assert "0 % at S = 0.9" in dense[1]
    assert "not at every sparsity" in dense[1]
    skewed = one | {("relu-relu", sparsity): skew for sparsity in SPARSITIES}
    assert verdict("line-up", planted_sweep(weights=skewed))[0] == FAILS
    assert verdict("line-up", planted_sweep(hidden=1))[0] == OPEN
