"""What cannot be TorchScript runs as Python, and what goes wrong in TorchScript is said as in Python."""

from __future__ import annotations

import logging

import pytest
import torch
from torch import Tensor

from playground.engine.scripted import is_scripted, reason, scripted


def chosen(values: Tensor, at: Tensor, times: int) -> Tensor:
    for _ in range(times):
        values = values.index_select(0, at)
    return values


def refused(name: str) -> int:
    if name != "known":
        raise ValueError(f"'{name}' is not known.")
    return 1


def beyond_torchscript(values: list[int]) -> list[int]:
    async def later() -> list[int]:
        return values

    return values if callable(later) else []


def test_a_failure_is_told_in_the_words_that_python_has_for_it() -> None:
    values, beyond = torch.arange(3), torch.tensor([7])
    with pytest.raises((RuntimeError, IndexError)) as plain:
        chosen(values, beyond, 1)
    for _ in range(4):  # the first calls are not yet optimised
        with pytest.raises(RuntimeError, match="TorchScript interpreter") as told:
            scripted(chosen)(values, beyond, 1)
        assert reason(told.value) == str(plain.value)
        assert scripted(chosen)(values, torch.tensor([0]), 3).tolist() == [0]


def test_a_refusal_is_told_as_it_was_written() -> None:
    with pytest.raises(torch.jit.Error) as told:
        scripted(refused)("nobody")
    assert reason(told.value) == "'nobody' is not known."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("one\ntwo"), "one"),
        (RuntimeError("\n\n  Unknown type name:\n  File"), "Unknown type name:"),
        (MemoryError(), "MemoryError"),
        (RuntimeError("<--- HERE and nothing more"), "<--- HERE and nothing more"),
    ],
)
def test_other_errors_are_told_by_their_first_words(error: Exception, words: str) -> None:
    assert reason(error) == words


def test_whatever_torchscript_stumbles_over_python_does(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert scripted(beyond_torchscript) is beyond_torchscript
    assert "beyond_torchscript runs in Python: " in caplog.text
    assert not caplog.text.rstrip().endswith("runs in Python:")
    assert not is_scripted(beyond_torchscript)
    assert is_scripted(chosen)


def test_without_its_source_a_function_runs_as_python(caplog: pytest.LogCaptureFixture) -> None:
    found: dict[str, object] = {}
    exec("def twice(number: int) -> int:\n    return 2 * number\n", found)  # noqa: S102 - as an installation without it
    twice = found["twice"]
    assert callable(twice)
    with caplog.at_level(logging.WARNING):
        assert scripted(twice)(4) == 8
    assert "twice runs in Python" in caplog.text
