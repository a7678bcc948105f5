"""Results to the project file and back, and as tables; what is hostile is refused in a sentence."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from playground.engine.plain_json import json_object, to_json
from playground.engine.superposition.checkpoint import StoredResult
from playground.engine.superposition.phase_cells import PhaseCells
from playground.engine.superposition.results import Result
from playground.engine.superposition.results_file import ResultError, restored_results, stored_results
from playground.engine.superposition.results_table import csv_of
from tests.engine.superposition.sweep_samples import (
    planted_annealed,
    planted_pairs,
    planted_phase,
    planted_sweep,
    planted_warm,
)

SAMPLES: dict[str, Callable[[], Result]] = {
    "sparsity": planted_sweep,
    "phase-2-1": planted_phase,
    "phase-3-2": lambda: planted_phase(3, 3, 2),
    "pairs": planted_pairs,
    "warm": planted_warm,
    "annealed": planted_annealed,
}


def stored(name: str) -> StoredResult:
    """Return what a file would hold, its header read back from text."""
    one = stored_results({name: SAMPLES[name]()})[name]
    return StoredResult(json_object(to_json(one.header).encode()), one.arrays)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, PhaseCells):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one))
    return bool(one == other)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_result_survives_the_file(name: str) -> None:
    before, after = SAMPLES[name](), restored_results({name: stored(name)})[name]
    assert type(before) is type(after)
    for field in dataclasses.fields(before):
        assert same(getattr(before, field.name), getattr(after, field.name)), field.name


def test_names_and_kinds_of_a_later_version_are_left_out() -> None:
    later = StoredResult({"kind": "spiral"}, {})
    assert restored_results({"sparsity": later, "spiral": stored("warm")}) == {}
    assert restored_results({"sparsity": StoredResult({"kind": ["warm"]}, {})}) == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_part_that_is_missing_is_noticed(name: str) -> None:
    whole = stored(name)
    for key in whole.header:
        if key != "kind":
            header = {other: value for other, value in whole.header.items() if other != key}
            with pytest.raises(ResultError, match=f"the sweep '{name}'"):
                restored_results({name: StoredResult(header, whole.arrays)})
    for key in whole.arrays:
        arrays = {other: value for other, value in whole.arrays.items() if other != key}
        with pytest.raises(ResultError, match=key):
            restored_results({name: StoredResult(whole.header, arrays)})


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_that_are_not_finite_or_have_another_shape_or_type_are_refused(name: str) -> None:
    whole = stored(name)
    for key, array in whole.arrays.items():
        bad = array.copy()
        bad.flat[-1] = np.nan
        for other in (bad, array[..., :-1], array[None], array.astype(np.float16)):
            with pytest.raises(ResultError, match=key):
                restored_results({name: StoredResult(whole.header, whole.arrays | {key: other})})


@pytest.mark.parametrize("name", SAMPLES)
def test_headers_with_anything_in_any_place_are_refused_or_read_but_never_crash(name: str) -> None:
    whole = stored(name)
    strange: list[Any] = [
        None,
        True,
        -1,
        0,
        10**12,
        1e300,
        "x",
        [],
        [[]],
        [{}],
        {},
        ["linear"] * 3,
        [0.5] * 5,
        [1, "2"],
    ]
    refused = 0
    for key in whole.header:
        for value in strange:
            try:
                restored_results({name: StoredResult(whole.header | {key: value}, whole.arrays)})
            except ResultError:
                refused += 1
    assert refused > 10 * (len(whole.header) - 1)


def test_a_huge_promise_is_refused_before_anything_is_made() -> None:
    whole = stored("sparsity")
    problem = whole.header["problems"][0] | {
        "features": 400,
        "hidden": 100,
        "sparsity": [0.5] * 400,
        "importance": [1.0] * 400,
    }
    header = whole.header | {"problems": [problem] * 60, "seeds": list(range(64))}
    arrays = whole.arrays | {"losses": np.zeros((3, 60, 64))}
    with pytest.raises(ResultError, match="would hold"):
        restored_results({"sparsity": StoredResult(header, arrays)})


def table(result: Result) -> list[dict[str, str]]:
    text = csv_of(result)
    assert text.endswith("\n")
    return list(csv.DictReader(io.StringIO(text)))


def column(rows: list[dict[str, str]], start: str) -> list[float]:
    name = next(name for name in rows[0] if name.startswith(start))
    return [float(row[name]) for row in rows]


def test_the_table_of_a_sweep_gives_the_very_same_numbers() -> None:
    result = planted_sweep(losses=np.random.default_rng(0).random((3, 3)).tolist())
    rows = table(result)
    assert len(rows) == result.losses.size
    assert column(rows, "loss (mean") == result.losses.ravel().tolist()
    assert column(rows, "sparsity S") == np.tile(np.repeat(result.sparsities, 2), 3).tolist()
    assert column(rows, "D_0") == result.metrics.dimensionality[..., 0].ravel().tolist()
    assert column(rows, "D* (dimensions per feature)") == result.metrics.dims_per_feature.ravel().tolist()
    assert rows[0]["model"] == "linear"


def test_the_tables_of_the_others() -> None:
    phase = planted_phase()
    rows = table(phase)
    assert len(rows) == 3 * 16
    assert phase.exact is not None
    assert column(rows, "loss")[:16] == phase.exact.losses.ravel().tolist()
    assert column(rows, "b_1")[:16] == phase.exact.parameters[..., 1, 1].ravel().tolist()
    pairs = planted_pairs()
    assert column(table(pairs), "cosine")[:10] == pairs.grouped_cosines.ravel().tolist()
    warm = planted_warm()
    assert column(table(warm), "loss") == warm.losses.ravel().tolist()
    annealed = planted_annealed()
    rows = table(annealed)
    assert column(rows, "loss (mean") == [*annealed.losses.ravel(), *annealed.scratch_losses]
    assert rows[-1]["features served by neuron 0"] is None or rows[-1]["features served by neuron 0"] == ""


def test_what_has_not_come_yet_is_left_empty() -> None:
    warm = planted_warm()
    warm.losses[1, :3] = np.nan
    rows = table(warm)
    name = next(name for name in rows[0] if name.startswith("loss"))
    assert [row[name] == "" for row in rows] == [False] * 12 + [True] * 9 + [False] * 3
    assert [row["formed"] == "" for row in rows] == [row[name] == "" for row in rows]
