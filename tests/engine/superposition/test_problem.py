"""Tasks and the texts that describe them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from playground.engine.memory import free_bytes
from playground.engine.superposition.experiments import EXPERIMENTS, GROUPS, experiment
from playground.engine.superposition.memory import check_memory
from playground.engine.superposition.problem import (
    Group,
    SuperpositionError,
    check_kinds,
    importance_vector,
    make_problem,
)
from playground.engine.superposition.reading import read_matrix, read_numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (None, (1, 1, 1)),
        ("equal", (1, 1, 1)),
        ("1:0.1", (1, 0.55, 0.1)),
        ("1 : 0,1", (1, 0.55, 0.1)),
        ("0.9^i", (1, 0.9, 0.81)),
        ("1,0.5,0.2", (1, 0.5, 0.2)),
        ("1\t0,5\t0,2", (1, 0.5, 0.2)),
        ([3, 2, 1], (3, 2, 1)),
    ],
)
def test_importances(text: str | Sequence[float] | None, values: tuple[float, ...]) -> None:
    assert importance_vector(text, 3) == pytest.approx(values)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1:0", "must be above 0"),
        ("-1:1", "must be above 0"),
        ("0^i", "base above 0"),
        ("x^i", "cannot be read"),
        ("1:", "cannot be read"),
        ([1, 2], "2 importances for 3"),
        ([1, float("nan"), 1], "gap at feature 1"),
        ([1, 0, 1], "feature 1 is 0"),
        ([1, 1e9, 1], "too large"),
    ],
)
def test_importances_that_do_not_go(text: str | Sequence[float], word: str) -> None:
    with pytest.raises(SuperpositionError, match=word):
        importance_vector(text, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"features": 1}, "at least 2"),
        ({"features": 500}, "up to 400"),
        ({"hidden": 0}, "from 1 to 100"),
        ({"hidden": 4}, "a dimension for every feature"),
        ({"hidden": 9}, "more hidden dimensions"),
        ({"sparsity": 1}, "nothing to learn"),
        ({"sparsity": 1.2}, "from 0 to 0.999"),
        ({"sparsity": float("nan")}, "does not go"),
        ({"sparsity": [0.5, 0.5]}, "2 sparsities for 4"),
        ({"groups": [Group((1,))]}, "group of one"),
        ({"groups": [Group((1, 9))]}, "no feature 9"),
        ({"groups": [Group((0, 1)), Group((1, 2))]}, "stands twice"),
        ({"groups": [Group((0, 1), "mixed")]}, "no kind of group"),
        ({"groups": [Group((0, 1, 2), "anticorrelated")]}, "raise the sparsity to 0.667"),
        ({"groups": [Group((0, 1))], "sparsity": [0.1, 0.2, 0.3, 0.4]}, "same sparsity"),
    ],
)
def test_tasks_that_do_not_go(words: dict[str, Any], said: str) -> None:
    with pytest.raises(SuperpositionError, match=said) as refused:
        make_problem(**({"features": 4, "hidden": 2, "sparsity": 0.5} | words))
    assert str(refused.value).endswith(".")


def test_kinds_that_do_not_go() -> None:
    for kinds, said in (((), "at least one"), (("cubic",), "no model"), (("relu", "relu"), "twice")):
        with pytest.raises(SuperpositionError, match=said):
            check_kinds(kinds)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1,0.5,0.9", [0.1, 0.5, 0.9]),
        ("0,1\t0,5\t−0,9", [0.1, 0.5, -0.9]),
        ("0,1;0,5", [0.1, 0.5]),
        ("1, 2, 3", [1, 2, 3]),
        ("1\n2\n", [1, 2]),
        ("", []),
    ],
)
def test_pasted_lists(text: str, values: list[float]) -> None:
    assert read_numbers(text) == values


@pytest.mark.parametrize("text", ["1,,2", "1;;2", "1 x", "nan", "1e999"])
def test_pasted_lists_with_something_else_in_them(text: str) -> None:
    with pytest.raises(SuperpositionError, match="one number belongs there"):
        read_numbers(text)


def test_pasted_matrices() -> None:
    expected = [[0.5, 1.0], [-2.0, 3.0], [4.0, 5.0]]
    for text in ("0,5\t1\n-2\t3\n4\t5\n", "0.5,1\n-2,3\n4,5", "0.5 1\r\n-2 3\r\n\r\n4 5\r\n", "0,5;1\n-2;3\n4;5"):
        assert read_matrix(text, 3, 2).tolist() == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1\t2\n3\t4", "3 rows .* has 2 rows"),
        ("1\t2\t3\n4\t5\t6\n7\t8\t9", "3 numbers in row 1"),
        ("1\t2\n3\t\n5\t6", "row 2, column 2 of W there is nothing"),
        ("1 " * 1_500_000, "too many"),
    ],
)
def test_pasted_matrices_of_another_shape(text: str, word: str) -> None:
    with pytest.raises(SuperpositionError, match=word):
        read_matrix(text, 3, 2)


def test_memory_is_read_and_compared(tmp_path: Any) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 2048 kB\n")
    assert free_bytes(tmp_path / "meminfo") == 2048 * 1024
    assert free_bytes(tmp_path / "none") is None
    check_memory(100, "This", available=100)
    with pytest.raises(SuperpositionError, match=r"2\.0 GiB of memory; 1\.0 GiB are free"):
        check_memory(2**31, "This", available=2**30)


def test_every_bundled_experiment_can_be_made() -> None:
    assert len({one.name for one in EXPERIMENTS}) == len(EXPERIMENTS) == 9
    for one in EXPERIMENTS:
        check_kinds(one.kinds)
        assert len(one.problems()) == len(one.sparsities)
        assert len(one.text) > 200
        assert bool(one.groups) == (one.way == GROUPS)
    assert len(experiment("article").claims) == 5


def test_the_vocabulary_needs_no_torch() -> None:
    names = "problem reading memory metrics closed_forms geometry hands exact minimise experiments"
    imports = "; ".join(f"import playground.engine.superposition.{name}" for name in names.split())
    code = f"import sys; {imports}; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_tasks_are_changed_in_copies() -> None:
    problem = make_problem(4, 2, 0.5)
    assert problem.with_sparsity(0.9).sparsity == (0.9,) * 4
    assert problem.with_importance("1:2").importance[-1] == 2
    assert problem.sparsity == (0.5,) * 4
    np.testing.assert_allclose(problem.density, 0.5)
