"""The document of kind "superposition" in a project file, written and read without trust. Torch-free.

The format, schema 1
--------------------
``document.json``
    ``name``; ``checkpoint`` with ``setup`` (features, hidden, sparsity and importance of every feature, groups as
    [kind, members], kinds, seeds, schedule), ``step``, ``optimizer_steps``, ``position`` (of the next step in its
    block of examples), ``has_first`` (that block has drawn what is on first), ``segment``, ``marks`` ([step, kind,
    label, seq]); ``results``: a list of what is kept of sweeps, each with ``name``, ``header`` and the names of its
    ``arrays``; ``view``.
``tensors.safetensors``
    K kinds, R seeds, n features: ``parameters``, ``first_moment``, ``second_moment`` (float32, [K, R, n, columns]: W,
    V where there is one, b), ``generators`` (uint8, [2 R, bytes]: states of torch's random generators), ``frozen``
    (bool, [K, R, n], where features are held), ``curves.steps`` (int64), ``curves.losses`` (float64, [points, K, R]);
    the arrays of results as ``result.NUMBER.NAME``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checkpoint_file import (
    MAX_MARKS,
    MAX_STATE_BYTES,
    CheckpointError,
    check_array,
    check_state,
    clause,
    mark_of,
    name_of,
    table_of,
    text_of,
    whole,
)
from playground.engine.superposition.checkpoint import SandboxCheckpoint, StoredResult
from playground.engine.superposition.problem import (
    MOST_FEATURES,
    MOST_HIDDEN,
    Group,
    SuperpositionError,
    make_problem,
)
from playground.engine.superposition.setup import MOST_SEEDS_SHOWN, Schedule, Setup, check_setup

SUPERPOSITION = "superposition"
MAX_RESULTS = 64
MAX_ARRAYS = 64
MAX_CURVE_POINTS = 100_000
_MAX_LABEL = 200
_BUFFERS = ("parameters", "first_moment", "second_moment")
_KNOWN = {*_BUFFERS, "generators", "frozen", "curves.steps", "curves.losses"}
_SCHEDULE_NUMBERS = ("learning_rate", "tail", "beta1", "beta2", "epsilon")

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class SandboxEntry:
    """A superposition sandbox of a project: all models, and what is kept of sweeps. ``view`` holds JSON values."""

    name: str
    checkpoint: SandboxCheckpoint
    results: dict[str, StoredResult] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)

    kind = SUPERPOSITION


def sandbox_parts(entry: SandboxEntry) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the description and the arrays of a sandbox.

    Raises
    ------
    CheckpointError
        Where they do not fit together: nothing is written that could not be read again.
    """
    saved = entry.checkpoint
    unknown = sorted(set(saved.arrays) - _KNOWN)
    if unknown:
        raise CheckpointError(f"the file format has no place for its numbers '{unknown[0][:40]}'")
    arrays = dict(saved.arrays)
    _check_arrays(saved.setup, arrays)
    listed = []
    for number, (name, result) in enumerate(entry.results.items()):
        listed.append({"name": name, "header": result.header, "arrays": list(result.arrays)})
        arrays |= {f"result.{number}.{key}": array for key, array in result.arrays.items()}
    description = {
        "checkpoint": {
            "setup": setup_to_json(saved.setup),
            "step": saved.step,
            "optimizer_steps": saved.optimizer_steps,
            "position": saved.position,
            "has_first": saved.has_first,
            "segment": saved.segment,
            "marks": [[mark.step, mark.kind, mark.label, mark.seq] for mark in saved.marks[-MAX_MARKS:]],
        },
        "results": listed,
        "view": entry.view,
    }
    _results_from(listed, arrays)
    return description, arrays


def promised_numbers(saved: Any) -> int:
    """Return how many parameters the description of a checkpoint promises; checked before anything is built."""
    try:
        setup = saved["setup"]
        sides = [whole(setup["features"]), whole(setup["hidden"]), len(setup["kinds"]), len(setup["seeds"])]
    except (KeyError, TypeError) as error:
        raise CheckpointError("the description of its superposition models is incomplete or garbled") from error
    features, hidden, kinds, seeds = sides
    if features > MOST_FEATURES or hidden > MOST_HIDDEN or kinds > 4 or seeds > MOST_SEEDS_SHOWN:
        raise CheckpointError("it describes more superposition models than there can be")
    return kinds * seeds * features * (hidden + 1)


def sandbox_from(description: Mapping[str, Any], arrays: Arrays) -> SandboxEntry:
    """Put a sandbox together from its parts, trusting neither; call `promised_numbers` first.

    Raises
    ------
    CheckpointError
        Where a part is missing, of the wrong type or shape, or impossible.
    """
    try:
        saved = description["checkpoint"]
        setup = setup_from_json(saved["setup"])
        marks = tuple(mark_of(entry) for entry in saved["marks"][:MAX_MARKS])
        counts = {name: whole(saved[name]) for name in ("step", "optimizer_steps", "position", "segment")}
        has_first = saved["has_first"]
    except CheckpointError:
        raise
    except SuperpositionError as error:
        raise CheckpointError(clause(error)) from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise CheckpointError(f"its description is incomplete or garbled ({str(error)[:80]})") from error
    if not isinstance(has_first, bool):
        raise CheckpointError("it does not say where its examples stand")
    _check_arrays(setup, arrays)
    held = {name: array for name, array in arrays.items() if name in _KNOWN}
    return SandboxEntry(
        name=name_of(description),
        checkpoint=SandboxCheckpoint(setup=setup, arrays=held, has_first=has_first, marks=marks, **counts),
        results=_results_from(description.get("results", []), arrays),
        view=table_of(description.get("view", {}), "the view of a document"),
    )


# ---- the setup -------------------------------------------------------------------------------------------------------


def setup_to_json(setup: Setup) -> dict[str, Any]:
    """Return a setup as JSON values."""
    problem, schedule = setup.problem, setup.schedule
    return {
        "features": problem.features,
        "hidden": problem.hidden,
        "sparsity": list(problem.sparsity),
        "importance": list(problem.importance),
        "groups": [[group.kind, list(group.members)] for group in problem.groups],
        "kinds": list(setup.kinds),
        "seeds": list(setup.seeds),
        "schedule": {
            "steps": schedule.steps,
            "batch": schedule.batch,
            **{name: getattr(schedule, name) for name in _SCHEDULE_NUMBERS},
        },
    }


def setup_from_json(value: Any) -> Setup:
    """Return the setup of a description; one that is garbled raises whatever it is stumbled over."""
    groups = tuple(
        Group(tuple(whole(member) for member in members[:MOST_FEATURES]), text_of(kind, 40))
        for kind, members in value["groups"][:MOST_FEATURES]
    )
    problem = make_problem(
        whole(value["features"]),
        whole(value["hidden"]),
        [_number(one) for one in value["sparsity"][: MOST_FEATURES + 1]],
        [_number(one) for one in value["importance"][: MOST_FEATURES + 1]],
        groups,
    )
    saved = value["schedule"]
    steps = saved["steps"]
    schedule = Schedule(
        steps=None if steps is None else whole(steps),
        batch=whole(saved["batch"]),
        **{name: _number(saved[name]) for name in _SCHEDULE_NUMBERS},
    )
    kinds = tuple(text_of(kind, 40) for kind in value["kinds"])
    setup = Setup(problem, kinds, tuple(whole(seed) for seed in value["seeds"]), schedule)
    check_setup(setup)
    return setup


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CheckpointError(f"'{str(value)[:40]}' stands where a number belongs")
    return float(value)


# ---- arrays ----------------------------------------------------------------------------------------------------------


def _check_arrays(setup: Setup, arrays: Arrays) -> None:
    kinds, seeds = setup.counts
    shape = (kinds, seeds, setup.problem.features, setup.columns)
    for name in _BUFFERS:
        check_array(arrays, name, np.float32, shape)
    if (arrays["second_moment"] < 0).any():
        raise CheckpointError("it holds mean squares below zero")
    if "frozen" in arrays:
        check_array(arrays, "frozen", np.bool_, shape[:3])
    check_array(arrays, "generators", np.uint8, (2 * seeds, None))
    if arrays["generators"].shape[1] > MAX_STATE_BYTES:
        raise CheckpointError("the states of its random generators are too long")
    for state in arrays["generators"]:
        check_state("generators", state)
    check_array(arrays, "curves.steps", np.int64, (None,))
    steps = arrays["curves.steps"]
    check_array(arrays, "curves.losses", np.float64, (len(steps), *((kinds, seeds) if len(steps) else (None, None))))
    if len(steps) > MAX_CURVE_POINTS or (len(steps) and (steps[0] < 0 or (np.diff(steps) <= 0).any())):
        raise CheckpointError("the steps of its curves are not in order")
    if not np.isfinite(arrays["curves.losses"]).all():
        raise CheckpointError("its curves hold something that is no finite number")


def _results_from(listed: Any, arrays: Arrays) -> dict[str, StoredResult]:
    """Return the stored results; what their headers mean is read, and not trusted, by who shows them."""
    if not isinstance(listed, list) or len(listed) > MAX_RESULTS:
        raise CheckpointError("the list of its results is garbled")
    found: dict[str, StoredResult] = {}
    for number, one in enumerate(listed):
        entry = table_of(one, "one of its results")
        name, names = text_of(entry.get("name"), _MAX_LABEL), entry.get("arrays")
        if not isinstance(names, list) or len(names) > MAX_ARRAYS or name in found:
            raise CheckpointError(f"the result '{name[:40]}' in it is garbled")
        keys = [text_of(key, _MAX_LABEL) for key in names]
        missing = [key for key in keys if f"result.{number}.{key}" not in arrays]
        if missing:
            raise CheckpointError(f"the numbers '{missing[0][:40]}' of a result are missing in it")
        header = table_of(entry.get("header"), "the header of a result")
        found[name] = StoredResult(header, {key: arrays[f"result.{number}.{key}"] for key in keys})
    return found
