from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.app.bench import QUICK, WHOLE, main
from playground.app.bench_figures import Figure, as_object, median, table
from playground.app.bench_meters import share_of
from playground.app.bench_models import POINTS, digit_models, small_models
from playground.app.bench_processes import child_environment
from playground.app.bench_superposition import superposition_figures
from playground.engine.training import Training

# The stage with the default network: a second of training, a moving mouse, one stroke.
STAGE = """
import json, tempfile
from pathlib import Path
from playground.app.bench_painting import Painting
from playground.app.bench_stage import SIZE, Stage
from playground.app.bench_window import Playing, Rounds
with tempfile.TemporaryDirectory() as own:
    stage = Stage(Path(own))
    stage.open()
    playing, rounds = Playing(stage), Rounds()
    playing.round(rounds, 0.6, is_mouse_moving=True)
    playing.close()
    painting = Painting(stage)
    stage.play()
    painting.stroke(12)
    stage.pause()
    painting.close()
    found = dict(vars(rounds), size=(stage.window.width(), stage.window.height()) == SIZE)
    found.update(pixels=painting.to_pixels, accuracy=painting.to_accuracy, measured_on=painting.measured_on)
    print(json.dumps(found), flush=True)
    stage.close()
"""


def ran(*words: str, timeout: float = 110) -> str:
    result = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=timeout)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_figure_is_the_median_of_its_rounds() -> None:
    found = median("a", "A", [3.0, 1.0, math.nan, 2.0], "ms")
    assert found.value == 2.0
    assert len(found.rounds) == 4
    assert math.isnan(median("a", "A", [], "ms").value)


def test_a_share_of_values() -> None:
    assert share_of([float(number) for number in range(101)], 95) == 95.0
    assert math.isnan(share_of([], 50))


def test_the_table_has_a_line_for_each_figure_and_a_dash_for_no_number() -> None:
    figures = [Figure("a", "steps", 12345.6, "steps/s", "against"), Figure("b", "long name", math.nan, "ms")]
    lines = table([("Empty", []), ("Section", figures)]).splitlines()
    assert lines[0] == "Section"
    assert lines[1].split() == ["steps", "12,346", "steps/s", "against"]
    assert lines[2].split() == ["long", "name", "–", "ms"]


def test_the_object_is_json_that_every_reader_takes() -> None:
    figures = [Figure("a", "A", 1.23456789, "ms", "", (1.0, math.nan)), Figure("b", "B", math.inf, "ms")]
    found = json.loads(json.dumps(as_object([("Section", figures)]), allow_nan=False))
    assert found["a"] == {"name": "A", "value": 1.23457, "unit": "ms", "against": "", "rounds": [1.0, None]}
    assert found["b"]["value"] is None


def test_the_models_are_those_of_the_reach() -> None:
    assert [model.title for model in digit_models()] == ["784-16-16-10, batch 32, Adam", "784-128-10, batch 64, Adam"]
    for model in small_models():
        assert model.data is not None
        assert (len(model.data.train), model.settings.batch_size) == (POINTS, 10)
        Training(model.spec, model.settings, model.data).advance()


def test_quick_is_less_of_everything() -> None:
    assert all(getattr(QUICK, name) < getattr(WHOLE, name) for name in vars(WHOLE))


def test_a_wrong_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--fast"])
    assert end.value.code == 2
    assert "--fast" in capsys.readouterr().err


def test_the_stage_measures_a_window_that_trains_and_is_painted_on() -> None:
    found = json.loads(ran("-c", STAGE).splitlines()[-1])
    assert found["size"]
    assert found["steps"][0] > 0
    assert 0 < found["states"][0] < 70
    assert 0 < found["drawing"][0] <= 1_000
    assert found["costs"]
    assert found["waits"]
    assert found["late"]
    assert len(found["pixels"]) == 12
    assert min(found["pixels"]) > 0
    assert found["accuracy"]
    assert found["measured_on"] == 4_000


def test_a_start_is_told_word_by_word() -> None:
    *words, late = ran("-m", "playground.app.bench_child", "start").splitlines()
    assert words[0] == "painted"
    assert sorted(words) == ["clicked", "painted", "stepped"]
    word, seconds = late.split()
    assert word == "late"
    assert 0 < float(seconds) < 60


def test_what_is_measured_finds_its_modules_compiled_beside_the_package(tmp_path: Path) -> None:
    kept = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX="/elsewhere")
    kept.pop("OPENBLAS_NUM_THREADS", None)
    environment = child_environment(kept, tmp_path)
    code = "import os; from playground.engine import plain_json; print(os.environ['OPENBLAS_NUM_THREADS'])"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
    (compiled,) = tmp_path.rglob("plain_json.*.pyc")
    told = subprocess.run(
        [sys.executable, "-v", "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stderr
    assert f"code object from '{compiled}'" in told
    assert child_environment({"OPENBLAS_NUM_THREADS": "3"}, tmp_path)["OPENBLAS_NUM_THREADS"] == "3"


def test_the_sandbox_is_measured_beside_autograd() -> None:
    figures = {figure.key: figure for figure in superposition_figures(1, 0.05, is_whole=False)}
    assert all(figure.value > 0 for figure in figures.values())
    fast, slow = figures["superposition live steps/s"].value, figures["superposition ordinary steps/s"].value
    assert figures["superposition times ordinary"].value == pytest.approx(fast / slow)


@pytest.mark.slow
def test_memory_is_told_second_by_second() -> None:
    found = json.loads(ran("-m", "playground.app.bench_child", "memory", "3").splitlines()[-1])
    assert len(found["held"]) == 3
    assert found["peak"] >= max(found["held"]) > 50
    assert found["step"] > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_quick_benchmark_ends_with_one_object() -> None:
    found = json.loads(ran("-m", "playground", "bench", "--quick", "--json", timeout=590))
    assert found["quick"] is True
    for model in ("784-16-16-10", "784-128-10"):
        assert found["figures"][f"{model} headless times ordinary"]["value"] > 1
        assert found["figures"][f"{model} window steps/s"]["value"] > 0
    assert all(figure["value"] is not None for figure in found["figures"].values())
