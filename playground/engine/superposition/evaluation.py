"""The loss that is shown: exact where there is a form for it, else that of the fixed weighted set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.superposition import closed_forms, exact
from playground.engine.superposition.fixed_set import SHOWN_EXAMPLES, FixedSet, feature_errors, fixed_set
from playground.engine.superposition.near import NearModel
from playground.engine.superposition.problem import LINEAR, Floats, Problem
from playground.engine.superposition.training import Run


class Evaluator:
    """Measures models of one task at any sparsity and importance.

    Linear models by their moments (exact), two features in one dimension by `exact`, all others on a fixed
    weighted set.

    Parameters
    ----------
    examples, densities, seed
        As `fixed_set` takes them; the set is made when it is first needed, and anew where the sparsities of
        the features differ otherwise than before.
    is_signed
        For the absolute value.
    """

    def __init__(
        self,
        *,
        examples: int = SHOWN_EXAMPLES,
        densities: Sequence[Floats] = (),
        seed: int = 0,
        is_signed: bool = False,
    ) -> None:
        self._examples, self._seed = examples, seed
        self._densities, self._is_signed = densities, is_signed
        self._set: FixedSet | None = None
        self._weights: tuple[tuple[float, ...], torch.Tensor] | None = None

    def errors(self, kind: str, parameters: NDArray[np.floating], problem: Problem) -> Floats:
        """Return the mean squared error of every feature, not weighted by importance.

        Parameters
        ----------
        parameters
            Of any models of one kind, ``[..., n, columns]``.
        problem
            Whose sparsity weighs the examples.

        Returns
        -------
        ndarray
            ``[..., n]`` float64.
        """
        hidden = problem.hidden
        if kind == LINEAR:
            held = np.asarray(parameters, np.float64)
            return closed_forms.linear_errors(held[..., :hidden], held[..., -1], problem)
        if exact.is_exact(kind, problem):
            held = np.asarray(parameters, np.float64)
            chances = np.broadcast_to(exact.mask_chances(problem), (*held.shape[:-2], 4))
            return exact.expected_errors(kind, held[..., 0], held[..., -1], chances)
        flat = torch.from_numpy(np.array(parameters).reshape(-1, *parameters.shape[-2:]))
        with torch.inference_mode():
            found = feature_errors(kind, flat, *self._examples_of(problem))
        return found.numpy().astype(np.float64).reshape(parameters.shape[:-1])

    def near(self, kind: str, parameters: NDArray[np.floating], problem: Problem) -> NearModel | None:
        """Return one model ``[n, columns]`` to measure changes of it by, None where there is no need: it is exact."""
        if kind == LINEAR or exact.is_exact(kind, problem):
            return None
        return NearModel(kind, parameters, *self._examples_of(problem))

    def losses(self, kind: str, parameters: NDArray[np.floating], problem: Problem) -> Floats:
        """Return the mean of error times importance, ``[...]``, of models with parameters ``[..., n, columns]``."""
        return np.asarray((self.errors(kind, parameters, problem) * problem.importances).mean(-1))

    def _examples_of(self, problem: Problem) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the examples ``[n, N]`` of the fixed set and their weights ``[N]``."""
        if self._set is None or not self._set.fits(problem):
            self._weights = None
            self._set = fixed_set(
                problem,
                examples=self._examples,
                densities=self._densities,
                seed=self._seed,
                is_signed=self._is_signed,
            )
        if self._weights is None or self._weights[0] != problem.sparsity:
            self._weights = problem.sparsity, torch.from_numpy(self._set.weights(problem))
        return self._set.points, self._weights[1]


def evaluator_of(run: Run, examples: int = SHOWN_EXAMPLES, *, is_tuned: bool = False) -> Evaluator:
    """Return what measures a run; tuned, its examples stand where the run's sparsities need them."""
    densities = [problem.density for problem in run.problems] if is_tuned else []
    return Evaluator(examples=examples, densities=densities, is_signed=run.is_absolute)


def run_errors(run: Run, evaluator: Evaluator) -> Floats:
    """Return the error of every feature of every model, ``[K, Q, R, n]``, not weighted."""
    parameters = run.parameter_array()
    found = np.empty(parameters.shape[:-1])
    for at, problem in enumerate(run.problems):
        for kind_at, kind in enumerate(run.kinds):
            found[kind_at, at] = evaluator.errors(kind, parameters[kind_at, at], problem)
    return found


def run_losses(run: Run, evaluator: Evaluator) -> Floats:
    """Return the loss of every model, ``[K, Q, R]``: mean over the features, weighted by importance."""
    importance = np.stack([problem.importances for problem in run.problems])[None, :, None]
    return np.asarray((run_errors(run, evaluator) * importance).mean(-1))
