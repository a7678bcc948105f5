"""The superposition lab on the stage of the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from playground.app.bench_superposition import live_setup, measured_rate
from playground.engine.superposition.loss_history import is_point
from playground.engine.superposition.sandbox import Sandbox

# The lab with one live model, after the network lab in the same window: a second of training.
STAGE = """
import json, tempfile
from pathlib import Path
from playground.app.bench_stage import SandboxStage, Stage
from playground.app.bench_superposition import live_setup
from playground.app.bench_window import Playing, Rounds
with tempfile.TemporaryDirectory() as own:
    network = Stage(Path(own))
    network.open()
    lab, rounds = SandboxStage(network.program), Rounds()
    lab.begin(live_setup())
    begun = lab.snapshot
    playing = Playing(lab)
    playing.round(rounds, 0.6)
    playing.close()
    ended = lab.snapshot
    found = dict(vars(rounds), network_step=network.snapshot.step, begun=begun.step, ended=ended.step)
    found.update(models=ended.losses.size, is_running=ended.is_running, front=network.window.lab.objectName())
    print(json.dumps(found), flush=True)
    network.close()
"""


def test_the_stage_measures_the_superposition_lab_while_it_trains() -> None:
    words = [sys.executable, "-c", STAGE]
    result = subprocess.run(words, capture_output=True, text=True, check=False, timeout=110)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["front"] == "lab_superposition"
    assert found["models"] == 1
    assert (found["begun"], found["network_step"], found["is_running"]) == (0, 0, False)
    assert found["steps"][0] * 0.6 <= found["ended"]
    assert found["steps"][0] > 0
    assert 0 < found["states"][0] < 70
    assert 0 < found["drawing"][0] <= 1_000
    assert found["costs"]
    assert found["waits"]
    assert found["late"]
    assert found["epochs"] == []


def test_the_sandbox_beside_the_window_is_measured_at_every_point_of_the_curves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox, steps, measure = Sandbox(live_setup()), [0], Sandbox.measure

    def noted(each: Sandbox) -> None:
        steps.append(each.step)
        measure(each)

    monkeypatch.setattr(Sandbox, "measure", noted)
    assert measured_rate(sandbox, 0.05) > 0
    assert steps == [step for step in range(sandbox.step + 1) if is_point(step)]
    assert len(steps) > 3
