"""Figures of whole processes: seconds from the start to a window and to a step, and memory over time."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from playground.app.bench_figures import Figure, median
from playground.app.bench_stage import BenchError

MOST_SECONDS = 120.0
_WORDS = {
    "painted": "process start to a painted window",
    "clicked": "process start to a click that acted",
    "stepped": "process start to the first training step",
}
LATE = "late"  # with a number: seconds that an event came too late


def start_figures(rounds: int) -> list[Figure]:
    """Start the program several times; the first start, which compiles it and may draw the digits, does not count."""
    found: dict[str, list[float]] = {word: [] for word in (*_WORDS, LATE)}
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as own:
        for number in range(rounds + 1):
            seconds = _start(Path(own))
            for word in found if number else ():
                found[word].append(seconds.get(word, math.nan))
    note = f"median of {rounds}, cache warm"
    late = [1_000 * seconds for seconds in found.pop(LATE)]
    worst = Figure(
        "start event delay worst",
        "event delay while torch is imported, worst",
        max(late),
        "ms",
        f"of {rounds} starts",
        tuple(late),
    )
    return [*(median(f"start to {word}", _WORDS[word], values, "s", note) for word, values in found.items()), worst]


def _start(compiled: Path) -> dict[str, float]:
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    with _child(compiled, "start") as process:
        for line in process.stdout or ():
            word, _, value = line.strip().partition(" ")
            seconds.setdefault(word, float(value) if value else time.perf_counter() - began)
    if process.returncode:
        raise BenchError(f"A program started for the benchmark ended with status {process.returncode}.")
    return seconds


def memory_figures(seconds: int) -> list[Figure]:
    """Train with an open window for so long and return the peak, and what was added in the second half."""
    with (
        tempfile.TemporaryDirectory(prefix="playground-bench-") as own,
        _child(Path(own), "memory", str(seconds)) as process,
    ):
        text, _ = process.communicate(timeout=seconds + MOST_SECONDS)
    try:
        found = json.loads(text.splitlines()[-1])
        held, peak, steps = found["held"], float(found["peak"]), found["step"]
    except (ValueError, LookupError) as error:
        raise BenchError("The program started to measure memory ended without an answer.") from error
    half = held[len(held) // 2 :]
    note = f"{len(held)} s of training, {steps:,} steps"
    growth = half[-1] - statistics.median(half[: max(1, len(half) // 4)])
    return [
        Figure("memory peak", "peak memory", peak, "MB", note, tuple(held)),
        Figure("memory growth", "growth in the second half", growth, "MB", f"in {len(half)} s"),
    ]


def _child(compiled: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "playground.app.bench_child", *words]
    environment = child_environment(os.environ, compiled)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603 - this program


def child_environment(environment: Mapping[str, str], compiled: Path) -> dict[str, str]:
    """Return what a program is to find around it so that it runs as an installed one does.

    That one finds its modules compiled. Here they are kept in the folder ``compiled``: they may be new, the package may
    not be writable, and whoever runs the benchmark may have told Python to compile hundreds of modules at every start.
    """
    found = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, which is passed by
    return {**found, "PYTHONPYCACHEPREFIX": str(compiled), "QT_QPA_PLATFORM": "offscreen"}
