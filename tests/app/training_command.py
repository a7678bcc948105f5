"""``playground train`` in the process of the tests: what it answers and what it prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.app import train_command


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error."""
    status = train_command.main(arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return the object of the last line, of a training that goes well."""
    status, out, err = run(capsys, *arguments, "--json")
    assert status == 0, err
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found
