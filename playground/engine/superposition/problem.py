"""What a superposition model is asked to do: features, hidden dimensions, sparsity, importance, groups. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

MOST_FEATURES = 400
MOST_HIDDEN = 100
HIGHEST_SPARSITY = 0.999
LINEAR, RELU, RELU_RELU, ABS = "linear", "relu", "relu-relu", "abs"
TIED_KINDS = (LINEAR, RELU, RELU_RELU)
KINDS = (*TIED_KINDS, ABS)
KIND_NAMES = {
    LINEAR: "linear",
    RELU: "ReLU on the output",
    RELU_RELU: "ReLU on hidden and output",
    ABS: "absolute value",
}
CORRELATED, ANTICORRELATED = "correlated", "anticorrelated"
GROUP_KINDS = (CORRELATED, ANTICORRELATED)

Floats = NDArray[np.float64]


class SuperpositionError(ValueError):
    """An input that makes no sense; the text is a sentence for the user."""


@dataclass(frozen=True)
class Group:
    """Features that come together or exclude each other.

    ``correlated``: all members are on in the same examples, their values are independent. ``anticorrelated``: no two
    members are ever on in the same example; each alone is on with its density.
    """

    members: tuple[int, ...]
    kind: str = CORRELATED


@dataclass(frozen=True)
class Problem:
    """One task for a model with ``hidden`` dimensions.

    ``sparsity[i]`` is the probability that feature i is 0; ``importance[i]`` weighs its squared error. Made by
    `make_problem`, which checks everything.
    """

    features: int
    hidden: int
    sparsity: tuple[float, ...]
    importance: tuple[float, ...]
    groups: tuple[Group, ...] = ()

    @property
    def density(self) -> Floats:
        """Return ``p = 1 - S`` of every feature, ``[n]``."""
        return 1.0 - np.array(self.sparsity)

    @property
    def importances(self) -> Floats:
        """Return the importance of every feature, ``[n]``."""
        return np.array(self.importance)

    def with_sparsity(self, sparsity: float | Sequence[float]) -> Problem:
        """Return the same task at another sparsity (raises SuperpositionError)."""
        made = replace(self, sparsity=_sparsities(sparsity, self.features))
        _check_groups(made)
        return made

    def with_importance(self, importance: str | Sequence[float] | None) -> Problem:
        """Return the same task with other importances (raises SuperpositionError)."""
        return replace(self, importance=importance_vector(importance, self.features))


def make_problem(
    features: int,
    hidden: int,
    sparsity: float | Sequence[float],
    importance: str | Sequence[float] | None = None,
    groups: Sequence[Group] = (),
) -> Problem:
    """Return a checked task.

    Parameters
    ----------
    features, hidden
        ``n`` from 2 to 400 and ``m`` from 1 to 100, ``m < n``.
    sparsity
        One value for all features or one for each; 0 to .999.
    importance
        As `importance_vector` takes it; None is equal.

    Raises
    ------
    SuperpositionError
        With a sentence that says what does not go and what would.
    """
    _check_sizes(features, hidden)
    vector = importance_vector(importance, features)
    found = Problem(features, hidden, _sparsities(sparsity, features), vector, tuple(groups))
    _check_groups(found)
    return found


def pairs_of(groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Return all pairs of features that share a group, the smaller one first."""
    return [(one, other) for group in groups for one in group.members for other in group.members if one < other]


def importance_vector(importance: str | Sequence[float] | None, features: int) -> tuple[float, ...]:
    """Return the importance of every feature, ``[n]``.

    Parameters
    ----------
    importance
        ``"equal"`` (or None): 1 everywhere. ``"1:0.1"``: linear from the first number to the second. ``"0.9^i"``:
        geometric, i from 0. A sequence: the numbers themselves, such as a curve drawn by hand.

    Raises
    ------
    SuperpositionError
        Where a number is missing, zero or negative, or their count is not ``features``.
    """
    if importance is None:
        return (1.0,) * features
    values = _worded(importance, features) if isinstance(importance, str) else np.array(list(importance), np.float64)
    if len(values) != features:
        raise SuperpositionError(f"There are {len(values)} importances for {features} features: give one for each.")
    gaps = np.flatnonzero(~np.isfinite(values))
    if len(gaps):
        raise SuperpositionError(
            f"The importance curve has a gap at feature {gaps[0]} ({len(gaps)} in all): draw it through to the end."
        )
    bad = np.flatnonzero(values <= 0)
    if len(bad):
        raise SuperpositionError(
            f"The importance of feature {bad[0]} is {values[bad[0]]:g}; it must be above 0. A feature that nobody asks "
            "for can be left out, or weighed by a small number such as 0.001."
        )
    if values.max() > 1e6:
        raise SuperpositionError(f"An importance of {values.max():g} is too large: stay below 1,000,000.")
    return tuple(float(value) for value in values)


def check_kinds(kinds: tuple[str, ...]) -> None:
    """Raise SuperpositionError where kinds are unknown, doubled, or cannot be trained on the same examples."""
    if not kinds:
        raise SuperpositionError("Choose at least one model.")
    for kind in kinds:
        if kind not in KINDS:
            raise SuperpositionError(f"There is no model '{kind[:40]}': choose from {', '.join(KINDS)}.")
    if len(set(kinds)) != len(kinds):
        raise SuperpositionError("A model is named twice: name each once.")
    if ABS in kinds and len(kinds) > 1:
        raise SuperpositionError("The absolute value has examples of its own and is trained alone.")


def _worded(text: str, features: int) -> Floats:
    words = text.strip().replace(" ", "").replace("·", "*")
    if words == "equal":
        return np.ones(features)
    first, colon, last = words.partition(":")
    if colon:
        ends = [_number(part, text) for part in (first, last)]
        return np.linspace(ends[0], ends[1], features)
    if words.endswith("^i"):
        base = _number(words.removesuffix("^i"), text)
        if base <= 0:
            raise SuperpositionError(f"The importance {text[:40]} needs a base above 0, such as 0.9^i.")
        values = base ** np.arange(features)
        if values.min() <= 0 or not np.isfinite(values).all():
            raise SuperpositionError(f"The importance {text[:40]} leaves the range of numbers for {features} features.")
        return np.asarray(values, np.float64)
    from playground.engine.superposition.reading import read_numbers

    return np.array(read_numbers(text, "importance"))


def _number(text: str, whole: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SuperpositionError(
            f"The importance '{whole[:40]}' cannot be read: write equal, 1:0.1 (linear), 0.9^i (geometric) or numbers."
        )
    return value


def _check_sizes(features: int, hidden: int) -> None:
    if not 2 <= features <= MOST_FEATURES:
        raise SuperpositionError(
            f"{features} features do not go: superposition needs at least 2, and the sandbox takes up to "
            f"{MOST_FEATURES}."
        )
    if not 1 <= hidden <= MOST_HIDDEN:
        raise SuperpositionError(f"{hidden} hidden dimensions do not go: choose from 1 to {MOST_HIDDEN}.")
    if hidden >= features:
        more = "more hidden dimensions than features" if hidden > features else "a dimension for every feature"
        raise SuperpositionError(
            f"{features} features in {hidden} hidden dimensions: there is {more}, so nothing has to share. Choose "
            f"hidden dimensions from 1 to {min(features - 1, MOST_HIDDEN)}."
        )


def _sparsities(sparsity: float | Sequence[float], features: int) -> tuple[float, ...]:
    values = [float(sparsity)] * features if isinstance(sparsity, int | float) else [float(value) for value in sparsity]
    if len(values) != features:
        raise SuperpositionError(f"There are {len(values)} sparsities for {features} features: give one for each.")
    for value in values:
        if value == 1:
            raise SuperpositionError(
                f"At sparsity 1 every feature is always 0 and there is nothing to learn: stay at {HIGHEST_SPARSITY} "
                "or below."
            )
        if not 0 <= value <= HIGHEST_SPARSITY:
            raise SuperpositionError(
                f"A sparsity of {value:g} does not go: it is the probability that a feature is 0, from 0 to "
                f"{HIGHEST_SPARSITY}."
            )
    return tuple(values)


def _check_groups(problem: Problem) -> None:
    taken: set[int] = set()
    for group in problem.groups:
        if group.kind not in GROUP_KINDS:
            raise SuperpositionError(f"'{group.kind[:40]}' is no kind of group: choose correlated or anticorrelated.")
        if len(group.members) < 2:
            raise SuperpositionError("A group of one feature correlates with nothing: put at least two into a group.")
        for member in group.members:
            if not 0 <= member < problem.features:
                raise SuperpositionError(f"There is no feature {member} for a group: there are {problem.features}.")
            if member in taken:
                raise SuperpositionError(f"Feature {member} stands twice in groups: a feature belongs to one at most.")
            taken.add(member)
        density = problem.density[list(group.members)]
        if group.kind == CORRELATED and density.max() - density.min() > 1e-12:
            raise SuperpositionError("Features that are on together need the same sparsity: make it equal in a group.")
        if group.kind == ANTICORRELATED and density.sum() > 1 + 1e-9:
            raise SuperpositionError(
                f"{len(group.members)} features cannot exclude each other with densities that add up to "
                f"{density.sum():.2f}: raise the sparsity to {1 - 1 / len(group.members):.3f} or more."
            )
