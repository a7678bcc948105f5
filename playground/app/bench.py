"""``playground bench``: how fast training is and how smooth the window, each figure beside what it is compared with."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.app.qt_libraries import missing_packages

if TYPE_CHECKING:
    from playground.app.bench_figures import Figure
    from playground.app.bench_models import Model
    from playground.app.bench_stage import Stage
    from playground.app.bench_window import Playing
    from playground.engine.datasets import DataSet

Section = tuple[str, "list[Figure]"]
MOVES = 40  # of the mouse in a stroke
THREADS = 1  # as the training thread takes by itself


@dataclass(frozen=True)
class Effort:
    """How long is measured."""

    rounds: int
    headless_seconds: float  # each of three, a round
    window_seconds: float  # a round
    mouse_seconds: float  # in all
    settled_step: int
    strokes: int
    starts: int
    memory_seconds: int


QUICK = Effort(3, 0.4, 1.0, 4.0, 2_000, 2, 1, 5)
WHOLE = Effort(7, 1.0, 2.5, 10.0, 20_000, 5, 5, 60)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="playground bench",
        description="Measure how fast training is and how smooth the window. Takes some five minutes; for figures "
        "that can be compared nothing else should run meanwhile.",
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a minute, rougher figures")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    wanted = parser.parse_args(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    packages = missing_packages("offscreen")
    if packages:
        names = " ".join(packages)
        return _failed(f"Qt lacks libraries here. On Debian or Ubuntu: sudo apt-get install {names}")
    from playground.app.bench_figures import as_object, table
    from playground.app.bench_stage import BenchError

    try:
        sections = _measured(QUICK if wanted.quick else WHOLE)
    except BenchError as error:
        return _failed(str(error))
    if wanted.json:
        print(json.dumps({"machine": _machine(), "quick": wanted.quick, "figures": as_object(sections)}))
    else:
        print(f"{_machine()['text']}\n\n{table(sections)}")
    return 0


def _failed(sentence: str) -> int:
    print(f"playground bench: {sentence}", file=sys.stderr)
    return 1


def _machine() -> dict[str, Any]:
    """Return what it was measured on."""
    found = {
        "python": platform.python_version(),
        "torch": version("torch"),
        "pyside6": version("PySide6-Essentials"),
        "system": platform.platform(terse=True),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "threads": THREADS,
    }
    words = (
        f"Python {found['python']}, torch {found['torch']}, PySide6 {found['pyside6']}, {found['system']}, "
        f"{found['cores']} cores, torch on {THREADS} thread"
    )
    return {**found, "text": words}


def _measured(effort: Effort) -> list[Section]:
    """Return all figures, by section."""
    from playground.app.bench_processes import memory_figures, start_figures
    from playground.app.bench_stage import Stage
    from playground.app.bench_superposition import superposition_figures

    _say("starting the program several times")
    sections: list[Section] = [("From the start of the process", start_figures(effort.starts))]
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as own:
        stage = Stage(Path(own))
        stage.open()
        try:
            sections += _stage_sections(stage, effort)
        finally:
            stage.close()
    _say("training models of superposition")
    figures = superposition_figures(effort.rounds, effort.headless_seconds, is_whole=effort is WHOLE)
    sections.append(("Superposition", figures))
    _say(f"training for {effort.memory_seconds} seconds to see the memory")
    sections.append(("Memory, default project with its window", memory_figures(effort.memory_seconds)))
    return sections


def _stage_sections(stage: Stage, effort: Effort) -> list[Section]:
    from playground.app.bench_models import digit_models, small_models
    from playground.app.bench_window import Playing

    playing = Playing(stage)
    digits = stage.document.data
    sections: list[Section] = []
    for number, model in enumerate(digit_models()):
        _say(f"training {model.title}")
        is_first = number == 0
        sections.append((model.title, _model_figures(stage, playing, model, digits, effort, is_first=is_first)))
    figures = [figure for model in small_models() for figure in _small_figures(stage, playing, model, effort)]
    sections.append(("Small networks in the plane, 250 points, batch 10, SGD, window open", figures))
    playing.close()
    _say("training a model of superposition in the window")
    sections.append(("Superposition, 5 -> 2 in the window", _sandbox_figures(stage, effort)))
    return sections


def _sandbox_figures(stage: Stage, effort: Effort) -> list[Figure]:
    """Measure the superposition lab with one live model, beside the sandbox alone in turns."""
    from playground.app.bench_figures import median
    from playground.app.bench_stage import SandboxStage
    from playground.app.bench_superposition import live_setup, measured_rate
    from playground.app.bench_window import Playing, Rounds, window_figures
    from playground.engine.superposition.sandbox import Sandbox

    alone, lab = Sandbox(live_setup()), SandboxStage(stage.program)
    lab.begin(live_setup())
    alone.advance(effort.settled_step)
    lab.play(past_step=effort.settled_step)
    lab.pause()
    playing, rounds, headless = Playing(lab), Rounds(), []
    for _ in range(effort.rounds):
        headless.append(measured_rate(alone, effort.headless_seconds))
        playing.round(rounds, effort.window_seconds)
    playing.close()
    key = "superposition"
    own = median(f"{key} headless measured steps/s", "sandbox, measuring", headless, "steps/s", "as the window does")
    return [own, *window_figures(key, rounds, headless)]


def _model_figures(
    stage: Stage, playing: Playing, model: Model, digits: DataSet, effort: Effort, *, is_first: bool
) -> list[Figure]:
    """Measure without and with the window in turns; the mouse and the brush on the first network only."""
    from playground.app.bench_headless import Headless
    from playground.app.bench_painting import Painting
    from playground.app.bench_window import Rounds, delay_figures, window_figures

    headless = Headless(model, digits, THREADS, settled_step=effort.settled_step)
    stage.begin(model.spec, model.settings, digits)
    stage.play(past_step=effort.settled_step)
    stage.pause()
    still, moving = Rounds(), Rounds()
    for _ in range(effort.rounds):
        headless.round(effort.headless_seconds)
        playing.round(still, effort.window_seconds)
    figures = [*headless.figures(), *window_figures(model.key, still, headless.whole)]
    if not is_first:
        return figures
    _say("moving the mouse, and painting")
    for _ in range(effort.rounds):
        playing.round(moving, effort.mouse_seconds / effort.rounds, is_mouse_moving=True)
    painting = Painting(stage)
    stage.play()
    for _ in range(effort.strokes):
        painting.stroke(MOVES)
    stage.pause()
    painting.close()
    return [*figures, *delay_figures(model, moving), *painting.figures(model.key)]


def _small_figures(stage: Stage, playing: Playing, model: Model, effort: Effort) -> list[Figure]:
    """Measure epochs a second with the window open, beside the engine alone."""
    from playground.app.bench_figures import median
    from playground.app.bench_window import Rounds
    from playground.engine.ordinary_loop import engine_steps, steps_per_second
    from playground.engine.training import Training

    if model.data is None:
        return []
    _say(f"training {model.title}")
    stage.begin(model.spec, model.settings, model.data)
    alone = engine_steps(Training(model.spec, model.settings, model.data), has_evaluation=True)
    batches = len(model.data.train) / model.settings.batch_size
    rounds, epochs = Rounds(), []
    for _ in range(effort.rounds):
        rate = steps_per_second(alone, effort.headless_seconds, threads=THREADS, flushes_denormals=True)
        epochs.append(rate / batches)
        playing.round(rounds, effort.window_seconds)
    shares = [window / headless for window, headless in zip(rounds.epochs, epochs, strict=True)]
    key = model.key
    return [
        median(f"{key} window epochs/s", f"{key}, window open", rounds.epochs, "epochs/s"),
        median(f"{key} headless epochs/s", f"{key}, engine alone", epochs, "epochs/s", "in turns"),
        median(f"{key} window share", f"{key}, window : alone", shares, ""),
        median(f"{key} window states/s", f"{key}, distinct states drawn", rounds.states, "/s"),
    ]


def _say(words: str) -> None:
    print(f"{words} …", file=sys.stderr, flush=True)
