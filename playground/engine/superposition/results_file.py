"""Results of sweeps as a header and arrays for the project file, and back, trusting nothing. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.checkpoint import StoredResult
from playground.engine.superposition.phase_cells import PHASES, PhaseCells, PhaseGrid, cells_of
from playground.engine.superposition.plans import MOST_SEEDS, MOST_STEPS, MOST_STOPS, NAMES
from playground.engine.superposition.problem import (
    MOST_FEATURES,
    TIED_KINDS,
    Group,
    Problem,
    SuperpositionError,
    importance_vector,
    make_problem,
)
from playground.engine.superposition.results import (
    AnnealResult,
    PairsResult,
    PhaseResult,
    Result,
    SparsitySweepResult,
    WarmResult,
)

MOST_NUMBERS = 50_000_000  # of one array
_MOST_CELLS = 100  # a side of a phase diagram
_WAYS = ("exact", "best", "single")
_PAIRS_ARRAYS = ("grouped_losses", "control_losses", "grouped", "control")
_ANNEALED_ARRAYS = ("losses", "trivial", "features_per_neuron", "scratch_losses", "parameters")
Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


class ResultError(ValueError):
    """A stored result that makes no sense; the text is a clause."""


def stored_results(results: Mapping[str, Result]) -> dict[str, StoredResult]:
    """Return what the project file keeps of these results, by their names."""
    return {name: _stored(result) for name, result in results.items()}


def restored_results(stored: Mapping[str, StoredResult]) -> dict[str, Result]:
    """Return the results that a project file held; a name or kind that this version does not know is left out.

    Raises
    ------
    ResultError
        Where a header is garbled, or an array is missing, not finite, too large or has another shape than the
        header promises.
    """
    found: dict[str, Result] = {}
    for name, one in stored.items():
        kind = one.header.get("kind")
        if name in NAMES and isinstance(kind, str) and kind in _READERS:
            try:
                found[name] = _READERS[kind](_Reader(one.header, one.arrays))
            except SuperpositionError as error:
                raise ResultError(f"the sweep '{name}' in it makes no sense ({error})") from error
            except ResultError as error:
                raise ResultError(f"the sweep '{name}' in it is garbled: {error}") from error
    return found


# ---- writing -----------------------------------------------------------------------------------------------------


def _stored(result: Result) -> StoredResult:
    if isinstance(result, SparsitySweepResult):
        header: Header = {"kinds": list(result.kinds), "problems": [_problem_json(one) for one in result.problems]}
        arrays: Arrays = {"losses": result.losses, "parameters": result.parameters}
        return _packed("sparsity", header | _seeds_and_steps(result), arrays)
    if isinstance(result, WarmResult):
        header = {"problem": _problem_json(result.problem), "sparsities": list(result.sparsities)}
        arrays = {"losses": result.losses, "parameters": result.parameters}
        return _packed("warm", header | {"model": result.kind} | _seeds_and_steps(result), arrays)
    if isinstance(result, PairsResult):
        header = {"problem": _problem_json(result.problem), "model": result.kind} | _seeds_and_steps(result)
        return _packed("pairs", header, {name: getattr(result, name) for name in _PAIRS_ARRAYS})
    if isinstance(result, AnnealResult):
        header = {"features": result.features, "hidden": result.hidden, "importance": list(result.importance)}
        header |= {"densities": list(result.densities)} | _seeds_and_steps(result)
        return _packed("annealed", header, {name: getattr(result, name) for name in _ANNEALED_ARRAYS})
    grid = result.grid
    header = {"features": grid.features, "hidden": grid.hidden, "ratios": list(grid.ratios)}
    header |= {"densities": list(grid.densities), "restarts": result.restarts, "steps": result.steps}
    cells = {way: getattr(result, way) for way in _WAYS if getattr(result, way) is not None}
    arrays = {f"{way}.losses": one.losses for way, one in cells.items()}
    arrays |= {f"{way}.parameters": one.parameters for way, one in cells.items()}
    return _packed("phase", header | {"ways": list(cells)}, arrays)


def _packed(kind: str, header: Header, arrays: Arrays) -> StoredResult:
    return StoredResult({"kind": kind} | header, {name: np.ascontiguousarray(one) for name, one in arrays.items()})


def _seeds_and_steps(result: SparsitySweepResult | WarmResult | PairsResult | AnnealResult) -> Header:
    return {"seeds": list(result.seeds), "steps": result.steps}


def _problem_json(problem: Problem) -> Header:
    return {
        "features": problem.features,
        "hidden": problem.hidden,
        "sparsity": list(problem.sparsity),
        "importance": list(problem.importance),
        "groups": [{"members": list(group.members), "kind": group.kind} for group in problem.groups],
    }


# ---- reading -----------------------------------------------------------------------------------------------------


class _Reader:
    """A header and arrays of which every part is looked at before it is taken."""

    def __init__(self, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
        self._header, self._arrays = header, arrays

    def whole(self, name: str, low: int, high: int) -> int:
        value = self._header.get(name)
        if type(value) is not int or not low <= value <= high:
            raise ResultError(f"'{name}' is no whole number from {low} to {high}")
        return value

    def numbers(self, name: str, most: int) -> tuple[float, ...]:
        return _numbers(self._header.get(name), name, most)

    def seeds(self) -> tuple[int, ...]:
        values = self._header.get("seeds")
        if not isinstance(values, list) or not 1 <= len(values) <= MOST_SEEDS:
            raise ResultError("its seeds are missing or too many")
        if any(type(value) is not int or not 0 <= value < 2**31 for value in values):
            raise ResultError("its seeds are no whole numbers")
        return tuple(values)

    def model(self) -> str:
        value = self._header.get("model")
        if value not in TIED_KINDS:
            raise ResultError("it names a model that there is not")
        return str(value)

    def names(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        values = self._header.get(name)
        if (
            not isinstance(values, list)
            or any(value not in known for value in values)
            or len(set(values)) < len(values)
        ):
            raise ResultError(f"'{name}' names what there is not")
        return tuple(values)

    def problem(self) -> Problem:
        return _problem(self._header.get("problem"))

    def problems(self) -> tuple[Problem, ...]:
        values = self._header.get("problems")
        if not isinstance(values, list) or not 1 <= len(values) <= MOST_STOPS:
            raise ResultError("its tasks are missing or too many")
        found = tuple(_problem(value) for value in values)
        first = found[0]
        if any((one.features, one.hidden, one.groups) != (first.features, first.hidden, first.groups) for one in found):
            raise ResultError("its tasks do not fit together")
        return found

    def array(self, name: str, kind: type[np.floating[Any]], shape: tuple[int, ...]) -> NDArray[Any]:
        """Return an array of this type and shape with finite numbers."""
        array = self._arrays.get(name)
        if prod(shape) > MOST_NUMBERS:
            raise ResultError(f"'{name}' would hold {prod(shape):,} numbers, more than {MOST_NUMBERS:,}")
        if array is None or array.dtype != np.dtype(kind) or array.shape != shape:
            raise ResultError(f"the numbers '{name}' are missing or have another shape than its header says")
        if not np.isfinite(array).all():
            raise ResultError(f"the numbers '{name}' are not all finite")
        return array


def _numbers(value: Any, name: str, most: int) -> tuple[float, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise ResultError(f"'{name}' is missing or too long")
    if any(isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) for one in value):
        raise ResultError(f"'{name}' holds what is no number")
    return tuple(float(one) for one in value)


def _problem(value: Any) -> Problem:
    if not isinstance(value, dict) or any(type(value.get(name)) is not int for name in ("features", "hidden")):
        raise ResultError("its task is not described")
    groups = value.get("groups")
    if not isinstance(groups, list) or len(groups) > MOST_FEATURES:
        raise ResultError("its groups are not described")
    return make_problem(
        value["features"],
        value["hidden"],
        _numbers(value.get("sparsity"), "sparsity", MOST_FEATURES),
        _numbers(value.get("importance"), "importance", MOST_FEATURES),
        [_group(group) for group in groups],
    )


def _group(value: Any) -> Group:
    members = value.get("members") if isinstance(value, dict) else None
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not isinstance(members, list) or len(members) > MOST_FEATURES:
        raise ResultError("a group is not described")
    if any(type(member) is not int for member in members):
        raise ResultError("a group has a member that is no feature")
    return Group(tuple(members), kind)


def _sparsity(reader: _Reader) -> Result:
    problems, kinds, seeds = reader.problems(), reader.names("kinds", TIED_KINDS), reader.seeds()
    if not kinds:
        raise ResultError("it names no model")
    counts = len(kinds), len(problems), len(seeds)
    shape = (*counts, problems[0].features, problems[0].hidden + 1)
    losses = reader.array("losses", np.float64, counts)
    return SparsitySweepResult(
        problems, kinds, seeds, _steps(reader), losses, reader.array("parameters", np.float32, shape)
    )


def _warm(reader: _Reader) -> Result:
    problem, seeds, sparsities = reader.problem(), reader.seeds(), reader.numbers("sparsities", MOST_STOPS)
    for sparsity in sparsities:
        problem.with_sparsity(sparsity)
    if list(sparsities) != sorted(set(sparsities)):
        raise ResultError("its sparsities do not rise")
    counts = 2, len(sparsities), len(seeds)
    losses = reader.array("losses", np.float64, counts)
    parameters = reader.array("parameters", np.float32, (*counts, problem.features, problem.hidden + 1))
    return WarmResult(problem, sparsities, reader.model(), seeds, _steps(reader), losses, parameters)


def _pairs(reader: _Reader) -> Result:
    problem, seeds = reader.problem(), reader.seeds()
    if not problem.groups:
        raise ResultError("it compares groups and has none")
    shape = (len(seeds), problem.features, problem.hidden + 1)
    return PairsResult(
        problem,
        reader.model(),
        seeds,
        _steps(reader),
        reader.array("grouped_losses", np.float64, (len(seeds),)),
        reader.array("control_losses", np.float64, (len(seeds),)),
        reader.array("grouped", np.float32, shape),
        reader.array("control", np.float32, shape),
    )


def _annealed(reader: _Reader) -> Result:
    features, hidden = reader.whole("features", 2, MOST_FEATURES), reader.whole("hidden", 1, MOST_FEATURES)
    importance = importance_vector(reader.numbers("importance", MOST_FEATURES), features)
    densities, seeds = reader.numbers("densities", MOST_STOPS), reader.seeds()
    for density in densities:
        make_problem(features, hidden, 1 - density, importance)
    if list(densities) != sorted(set(densities), reverse=True):
        raise ResultError("its densities do not fall")
    counts = len(densities), len(seeds)
    return AnnealResult(
        features,
        hidden,
        importance,
        densities,
        seeds,
        _steps(reader),
        reader.array("losses", np.float64, counts),
        reader.array("trivial", np.float64, counts[:1]),
        reader.array("features_per_neuron", np.float64, (*counts, hidden)),
        reader.array("scratch_losses", np.float64, counts[1:]),
        reader.array("parameters", np.float32, (*counts, features, 2 * hidden + 1)),
    )


def _phase(reader: _Reader) -> Result:
    size = reader.whole("features", 2, 3), reader.whole("hidden", 1, 2)
    ratios, densities = reader.numbers("ratios", _MOST_CELLS), reader.numbers("densities", _MOST_CELLS)
    rises = list(ratios) == sorted(set(ratios)) and list(densities) == sorted(set(densities), reverse=True)
    if size not in PHASES or not rises or len(ratios) < 2 or len(densities) < 2:
        raise ResultError("its grid is none of a phase diagram")
    grid = PhaseGrid(*size, ratios, densities)
    for row in range(len(densities)):
        grid.problem(row, 0)
    for column in range(len(ratios)):
        grid.problem(0, column)
    ways = reader.names("ways", _WAYS)
    exact, best, single = (_cells(reader, way, grid) if way in ways else None for way in _WAYS)
    return PhaseResult(grid, exact, best, single, reader.whole("restarts", 0, MOST_SEEDS), _steps(reader))


def _cells(reader: _Reader, way: str, grid: PhaseGrid) -> PhaseCells:
    shape = (*grid.shape, grid.features, grid.hidden + 1)
    losses = reader.array(f"{way}.losses", np.float64, grid.shape)
    return cells_of(reader.array(f"{way}.parameters", np.float64, shape), losses)


def _steps(reader: _Reader) -> int:
    return reader.whole("steps", 1, MOST_STEPS)


_READERS: dict[str, Callable[[_Reader], Result]] = {
    "sparsity": _sparsity,
    "warm": _warm,
    "pairs": _pairs,
    "annealed": _annealed,
    "phase": _phase,
}
