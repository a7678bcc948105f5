"""Phase diagrams: regions, exact optima, trained cells."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.superposition import exact
from playground.engine.superposition.minimise import minimise
from playground.engine.superposition.phase import exact_pair, exact_phase, trained_phase
from playground.engine.superposition.phase_cells import (
    DEDICATED,
    NOT_REPRESENTED,
    SUPERPOSED,
    phase_grid,
    regions_of,
)
from playground.engine.superposition.problem import Floats, SuperpositionError, make_problem


@pytest.mark.parametrize(
    ("weight", "region"),
    [
        ([[1.0], [0.1]], NOT_REPRESENTED),
        ([[0.2], [-1.0]], DEDICATED),
        ([[1.0], [-0.8]], SUPERPOSED),
        ([[0.7], [0.71]], DEDICATED),
        ([[0.71], [0.7]], NOT_REPRESENTED),
        ([[1.0, 0], [0, 1], [0, 0]], NOT_REPRESENTED),
        ([[1.0, 0], [-1, 0], [0, 1]], DEDICATED),  # the other two share a dimension
        ([[1.0, 0], [0, 1], [-0.9, 0]], SUPERPOSED),
        ([[1.0, 0], [-0.5, 0.87], [-0.5, -0.87]], SUPERPOSED),
    ],
)
def test_regions(weight: list[list[float]], region: int) -> None:
    assert regions_of(np.array(weight)) == region


def test_many_minimisations_at_once_find_known_minima() -> None:
    places = np.random.default_rng(0).normal(size=(30, 3))

    def objective(parameters: Floats, names: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[Floats, Floats]:
        away = parameters - places[names]
        bent = away**2 + 0.1 * away**4
        return (bent * [1, 10, 0.1]).sum(1), (2 * away + 0.4 * away**3) * [1, 10, 0.1]

    found, values = minimise(objective, np.zeros((30, 3)), iterations=200, tolerance=1e-14)
    np.testing.assert_allclose(found, places, atol=1e-4)
    assert values.max() < 1e-8


def test_no_trial_around_finds_less_than_the_exact_optimum() -> None:
    generator = np.random.default_rng(0)
    for ratio, density in ((0.316, 0.3), (0.316, 0.5), (3.0, 0.05), (1.0, 0.9)):
        problem = make_problem(2, 1, 1 - density, [1, ratio])
        parameters, loss = exact_pair(problem)
        assert loss > 0
        trials = np.concatenate(
            [parameters.T.reshape(4) + generator.normal(size=(4_000, 4)) * size for size in (0.02, 0.2, 1.0)]
        )
        chances = np.broadcast_to(exact.mask_chances(problem), (len(trials), 4))
        importance = np.broadcast_to(problem.importances, (len(trials), 2))
        losses, _ = exact.relu_loss_and_gradient(trials, importance, chances)
        assert losses.min() / 2 >= loss * (1 - 1e-9)


def test_the_border_of_superposition_at_a_third_of_the_importance() -> None:
    def is_superposed(density: float) -> bool:
        parameters, _ = exact_pair(make_problem(2, 1, 1 - density, [1, 0.316]))
        return bool(regions_of(parameters[:, :1]) == SUPERPOSED)

    assert is_superposed(0.37)
    assert not is_superposed(0.40)


def test_swapping_the_features_mirrors_the_diagram() -> None:
    grid = phase_grid(2, 1, 9)
    ((done, cells),) = exact_phase(grid)
    assert done == 1.0
    mirrored = np.array([DEDICATED, NOT_REPRESENTED, SUPERPOSED])[cells.regions[:, ::-1]]
    is_tie = np.array(grid.ratios) == pytest.approx(1.0)
    middle = np.abs(np.log(grid.ratios)) < 1e-9
    assert is_tie or middle.sum() == 1
    np.testing.assert_array_equal(cells.regions[:, ~middle], mirrored[:, ~middle])
    # relative importance r and 1/r are the same task, scaled
    scale = np.array(grid.ratios)
    np.testing.assert_allclose(cells.losses, cells.losses[:, ::-1] * scale, rtol=1e-6)


@pytest.mark.slow
def test_ten_trained_seeds_find_the_exact_diagram_and_one_seed_does_not() -> None:
    grid = phase_grid(2, 1, 6)
    ((_, cells),) = exact_phase(grid)
    states = list(trained_phase(grid, steps=1200))
    assert [state.done for state in states] == pytest.approx(np.arange(1, 21) / 20)
    trained = states[-1]
    np.testing.assert_array_equal(trained.best.regions, cells.regions)
    np.testing.assert_allclose(trained.best.losses, cells.losses, rtol=5e-3)
    assert (trained.best.losses >= cells.losses * (1 - 1e-6)).all()
    # a single seed is often stuck: its weights started with the same sign
    is_worse = trained.losses > cells.losses[..., None] * 1.05
    assert 0.1 < is_worse.mean() < 0.5
    assert (trained.single.losses[..., None] == trained.losses).any(-1).all()
    assert 0.05 < (trained.single.regions != cells.regions).mean() < 0.5


@pytest.mark.slow
def test_three_features_in_the_plane() -> None:
    grid = phase_grid(3, 2, 3)
    states = list(exact_phase(grid))
    assert [done for done, _ in states] == pytest.approx([1 / 3, 2 / 3, 1])
    assert np.isnan(states[0][1].losses[1:]).all()
    cells = states[-1][1]
    assert grid.simple_line() is None
    assert cells.regions[0, [0, 2]].tolist() == [NOT_REPRESENTED, DEDICATED]
    # sparse: all are represented; one of ten times the importance leaves a shared dimension to the other two
    assert cells.regions[-1].tolist() == [SUPERPOSED, SUPERPOSED, DEDICATED]
    assert (np.linalg.norm(cells.parameters[-1, ..., :2], axis=-1) > 0.5).all()
    trained = list(trained_phase(grid, restarts=4, steps=1200))[-1]
    np.testing.assert_allclose(trained.best.losses, cells.losses, rtol=0.03)


@pytest.mark.parametrize(("words", "said"), [((4, 1, 5), "2:1 or 3:2"), ((2, 1, 1), "2 to 100"), ((2, 1, 999), "2 to")])
def test_diagrams_that_do_not_go(words: tuple[int, int, int], said: str) -> None:
    with pytest.raises(SuperpositionError, match=said):
        phase_grid(*words)
