"""The results that are known: short runs in the ordinary tests, the full tables marked slow."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.superposition.absolute import annealed
from playground.engine.superposition.closed_forms import trivial_loss
from playground.engine.superposition.experiments import experiment
from playground.engine.superposition.geometry import gaps
from playground.engine.superposition.problem import Floats, Group, Problem, make_problem
from playground.engine.superposition.results import shares_of
from playground.engine.superposition.setup import Schedule
from playground.engine.superposition.sweeps import (
    ModelResult,
    grouped_sweep,
    sparsity_problems,
    sweep,
    warm_sweep,
)
from playground.engine.superposition.training import Run


def trained(problems: list[Problem], kinds: tuple[str, ...], seeds: int, steps: int) -> dict[object, ModelResult]:
    states = list(sweep(problems, kinds, range(seeds), Schedule(steps=steps), parts=2))
    return {(one.kind, one.sparsity): one for one in states[-1].results}


# ---- short -------------------------------------------------------------------------------------------------------


def test_short_40_features_in_5() -> None:
    found = trained(sparsity_problems(40, 5, (0.5, 0.9), "1:0.1"), ("linear", "relu", "relu-relu"), 4, 1200)
    for sparsity, optimum in ((0.5, 44.872), (0.9, 13.282)):
        linear = found["linear", sparsity]
        order = np.argsort(-linear.metrics.norms, axis=-1)
        assert (np.sort(order[:, :4], axis=-1) <= 4).all()
        assert linear.loss.mean() * 1e3 == pytest.approx(optimum, rel=0.003)
        assert found["relu", sparsity].loss.max() < found["relu-relu", sparsity].loss.min()
        assert found["relu-relu", sparsity].loss.max() < linear.loss.min()
    relu = found["relu", 0.9]
    assert relu.loss.mean() * 1e3 == pytest.approx(9.70, rel=0.03)
    assert 14 <= relu.metrics.represented.min() <= relu.metrics.represented.max() <= 17
    assert (np.abs(relu.metrics.dimensionality_gap) < 0.1).all()


def test_short_5_features_in_the_plane() -> None:
    found = trained(sparsity_problems(5, 2, (0.9, 0.97)), ("relu",), 12, 2000)
    for one in found.values():
        assert set(one.labels) == {"pentagon"}
        norms = one.metrics.norms
        assert 1.08 <= norms.min() <= norms.max() <= 1.17
        bias = one.parameters[..., -1]
        assert -0.28 <= bias.min() <= bias.max() <= -0.19
        for weight in one.parameters[..., :2]:
            np.testing.assert_allclose(gaps(weight), 72, atol=3)


def test_short_represented_features_rise_with_sparsity() -> None:
    found = trained(sparsity_problems(20, 5, (0.0, 0.5, 0.8, 0.9, 0.95, 0.99), "0.9^i"), ("relu",), 4, 1200)
    counts = [one.metrics.represented.mean() for one in found.values()]
    assert counts == sorted(counts)
    assert counts[0] == 5
    assert counts[2] == pytest.approx(10, abs=1)
    assert counts[-1] == pytest.approx(19.5, abs=1)


def test_short_correlated_pairs_are_orthogonal_and_anticorrelated_ones_antipodal() -> None:
    schedule = Schedule(steps=1500)
    for kind, cosine in (("correlated", 0.0), ("anticorrelated", -1.0)):
        groups = [Group((0, 1), kind), Group((2, 3), kind)]
        last = list(grouped_sweep(4, 2, 0.9, groups, range(8), schedule))[-1]
        best = last.grouped.best
        np.testing.assert_allclose(last.grouped_cosines[best], cosine, atol=0.06)
        assert np.abs(last.control_cosines).std() > 0.2
        if kind == "anticorrelated":
            assert last.grouped.loss[best] < 1e-6


def test_short_the_cross_survives_a_slow_rise_and_a_restart_forgets_it() -> None:
    problem = make_problem(5, 2, 0.5)
    stops = list(warm_sweep(problem, (0.5, 0.7, 0.8, 0.85), range(6), steps=600))
    assert [stop.sparsity for stop in stops] == [0.5, 0.7, 0.8, 0.85]
    crosses = [stop.labels.count("cross") for stop in stops]
    assert crosses[-1] >= 3
    run = Run([problem.with_sparsity(0.9)], ("relu",), range(6), Schedule(steps=1500))
    run.advance(1500)
    angles = [gaps(weight) for weight in run.weights()[0, 0]]
    assert all(len(between) == 5 for between in angles)


def test_short_absolute_value_dense() -> None:
    (stage,) = annealed(12, 6, "0.8^i", (1.0,), (0, 1, 2), 1200)
    assert stage.trivial == pytest.approx(trivial_loss("abs", make_problem(12, 6, 0.0, "0.8^i")))
    assert stage.losses.mean() < 0.75 * stage.trivial
    assert (stage.features_per_neuron <= 2).all()


# ---- the tables in full ------------------------------------------------------------------------------------------

# sparsity, kind: loss x 10³, its range, represented, off-diagonal, bias of represented, of dropped
ARTICLE = [
    (0.1, "linear", 42.02, (5, 5), 0.002, 0.46),
    (0.1, "relu", 42.02, (5, 6), 0.003, 0.46),
    (0.1, "relu-relu", 42.4, (5, 6), 0.002, 0.43),
    (0.5, "linear", 44.88, (5, 5), 0.001, 0.25),
    (0.5, "relu", 42.74, (10, 10), 0.007, 0.25),
    (0.5, "relu-relu", 43.7, (9, 9), 0.023, 0.12),
    (0.9, "linear", 13.29, (5, 5), 0.001, 0.05),
    (0.9, "relu", 9.70, (15, 16), 0.057, 0.05),
    (0.9, "relu-relu", 11.4, (11, 13), 0.069, 0.02),
]


@pytest.mark.slow
def test_table_40_features_in_5() -> None:
    article = experiment("article")
    found = trained(article.problems(), article.kinds, article.seeds, article.steps)
    for sparsity, kind, loss, (fewest, most), off_diagonal, dropped in ARTICLE:
        one = found[kind, sparsity]
        assert one.loss.mean() * 1e3 == pytest.approx(loss, rel=0.02)
        assert fewest - 1 <= one.metrics.represented.min() <= one.metrics.represented.max() <= most + 1
        # one digit of the table, and what seeds differ by
        assert one.metrics.off_diagonal.mean() == pytest.approx(off_diagonal, abs=0.0006 + 0.1 * off_diagonal)
        assert np.nanmean(one.metrics.bias_dropped) == pytest.approx(dropped, abs=0.0101)
        if kind == "linear":
            assert (one.metrics.is_represented == (np.arange(40) < 5)).all()
        assert (np.abs(one.metrics.dimensionality_gap) < (0.05 if kind != "relu-relu" else 0.6)).all()
    for sparsity, share in ((0.5, 0.05), (0.9, 0.27)):
        better = 1 - found["relu", sparsity].loss.mean() / found["linear", sparsity].loss.mean()
        assert better == pytest.approx(share, abs=0.01)
    assert found["relu", 0.9].metrics.bias_represented.mean() == pytest.approx(-0.24, abs=0.01)
    assert found["relu-relu", 0.9].metrics.bias_represented.mean() == pytest.approx(-0.23, abs=0.01)
    assert found["relu", 0.5].metrics.bias_represented.mean() == pytest.approx(0.10, abs=0.01)


@pytest.mark.slow
def test_table_5_features_in_the_plane() -> None:
    (dense,) = trained(sparsity_problems(5, 2, (0.0,), "0.9^i"), ("relu",), 32, 5000).values()
    assert set(dense.labels) == {"2 orthogonal"}
    found = trained(sparsity_problems(5, 2, (0.5, 0.8, 0.9, 0.95, 0.97)), ("relu",), 32, 5000)
    half = shares_of(list(found["relu", 0.5].labels))
    assert set(half) == {"cross", "3 features, two opposite"}
    assert half["cross"] > 0.6
    mixed = shares_of(list(found["relu", 0.8].labels))
    assert 0.3 < mixed["pentagon"] < 0.7
    assert 0.3 < mixed["cross"] < 0.7
    for sparsity in (0.9, 0.95, 0.97):
        one = found["relu", sparsity]
        assert set(one.labels) == {"pentagon"}
        assert 1.09 <= one.metrics.norms.mean() <= 1.155
        assert -0.265 <= one.parameters[..., -1].mean() <= -0.205


@pytest.mark.slow
def test_table_the_pentagon_becomes_the_better_optimum_at_775() -> None:
    best = {}
    for sparsity in (0.74, 0.81):
        (one,) = trained(sparsity_problems(5, 2, (sparsity,)), ("relu",), 48, 4000).values()
        best[sparsity] = one.labels[one.best]
    assert best == {0.74: "cross", 0.81: "pentagon"}


@pytest.mark.slow
def test_table_represented_features_against_sparsity() -> None:
    expected = {0.0: (5, 5), 0.5: (7, 9), 0.8: (10, 10), 0.9: (11, 13), 0.95: (15, 16), 0.99: (19, 20)}
    found = trained(sparsity_problems(20, 5, tuple(expected), "0.9^i"), ("relu",), 8, 5000)
    for sparsity, (fewest, most) in expected.items():
        counts = found["relu", sparsity].metrics.represented
        assert fewest <= round(counts.mean()) <= most
        assert fewest - 1 <= counts.min() <= counts.max() <= most + 1
    pairs = found["relu", 0.8].metrics
    assert np.median(pairs.dimensionality[pairs.is_represented]) == pytest.approx(0.5, abs=0.005)


@pytest.mark.slow
def test_table_groups() -> None:
    def last(features: int, sparsity: float, kind: str, seeds: int = 16) -> tuple[ModelResult, Floats]:
        groups = [Group((2 * at, 2 * at + 1), kind) for at in range(features // 2)]
        state = list(grouped_sweep(features, 2, sparsity, groups, range(seeds)))[-1]
        return state.grouped, state.grouped_cosines

    for sparsity in (0.9, 0.95, 0.98):
        _, cosines = last(4, sparsity, "correlated")
        assert np.abs(cosines).max() < 0.05  # orthogonal, every seed
    _, crowded = last(6, 0.95, "correlated")
    assert np.median(crowded) > 0.25  # side by side
    _, dense = last(4, 0.2, "correlated")
    assert dense.min() > 0.99  # merged
    result, opposed = last(4, 0.95, "anticorrelated", 32)
    assert result.loss.min() < 1e-9
    reached = (opposed < -0.99).all(1)
    assert 0.1 < reached.mean() < 0.6
    assert result.loss[reached].max() < 1e-6 < result.loss[~reached].min()


@pytest.mark.slow
def test_table_absolute_value() -> None:
    stages = list(annealed(seeds=(0, 1, 2, 3)))
    dense, sparse = stages[0], stages[-1]
    assert np.median(dense.features_per_neuron) == 1  # monosemantic
    served = np.abs(dense.parameters[0, :, :40] * dense.parameters[0, :, 40:80])
    neurons = (served > 0.1 * served.max()).sum(1)
    assert np.median(neurons[:15]) == 2  # two neurons a feature
    assert sparse.features_per_neuron.mean() > dense.features_per_neuron.mean() + 0.15
    assert (sparse.features_per_neuron.max(1) > 1).all()
    (scratch,) = annealed(densities=(0.01,), seeds=(0, 1, 2, 3), steps=8 * 1200)
    assert scratch.losses.mean() > 0.4 * scratch.trivial
    assert sparse.losses.mean() < 0.05 * sparse.trivial
