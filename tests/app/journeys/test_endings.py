"""Real launches, ended in the middle of something: exit status 0, and not a word of complaint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.engine.project_file import load_project

ACTS = ("painted", "importing", "drawing digits", "training", "saving", "opening", "painting")


def launch(act: str, repository: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.app.journeys.launched", act, str(file)],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def check(act: str, repository: Path, file: Path) -> None:
    result = launch(act, repository, file)
    assert act in result.stdout, result.stderr
    assert (result.returncode, result.stderr) == (0, "")
    if act in ("saving", "opening"):
        assert load_project(file).documents[0].checkpoint.step > 10  # what was being written is whole
    left = [path.name for path in file.parent.iterdir() if path != file]
    assert left == []  # no lock, no temporary file


def test_all_panels_stand_and_act_before_torch_is_imported(repository: Path, tmp_path: Path) -> None:
    result = launch("clicked at once", repository, tmp_path / "mine.playground")
    before, panels, structure, after, end = result.stdout.splitlines()
    assert (before, after) == ("no torch", "no torch"), result.stderr
    assert panels == "transport data_panel network-diagram curve_plots gradient_strip inspector"
    assert structure == "784-16-16-16-10"
    assert end == "clicked at once"  # it has trained as soon as it could
    assert (result.returncode, result.stderr) == (0, "")


def test_an_end_in_the_middle_of_training_painting_and_saving(repository: Path, tmp_path: Path) -> None:
    check("saving", repository, tmp_path / "mine.playground")


@pytest.mark.slow
@pytest.mark.parametrize("number", range(21))
def test_ends_in_the_middle_of_everything(number: int, repository: Path, tmp_path: Path) -> None:
    check(ACTS[number % len(ACTS)], repository, tmp_path / "mine.playground")
