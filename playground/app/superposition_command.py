"""``playground superposition``: toy models of superposition without the window. Needs no display and no Qt."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playground.app.progress_bar import ProgressBar
from playground.app.train_options import CommandError, whole_in
from playground.engine.superposition.problem import KIND_NAMES, SuperpositionError, check_kinds, make_problem
from playground.engine.superposition.reading import read_numbers

if TYPE_CHECKING:
    from playground.engine.superposition.phase import TrainedPhase
    from playground.engine.superposition.phase_cells import PhaseCells, PhaseGrid
    from playground.engine.superposition.sweeps import ModelResult

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130
ABOUT = "Train toy models of superposition, or draw a phase diagram, and say what they came to."
_MOST_SEED = 2**31 - 1 - 4_000_000  # the streams of a seed lie above it
_SIGNS = ".oX"  # of the regions of a phase diagram
_MODELS_ONLY = ("features", "hidden", "importance", "sparsity", "model", "seeds")
_PHASE_ONLY = ("grid", "restarts")


def main(arguments: Sequence[str]) -> int:
    """Run the command with these words and return its exit status."""
    parser = argparse.ArgumentParser(prog="playground superposition", description=ABOUT, allow_abbrev=False)
    _add_options(parser)
    try:
        return run(parser.parse_args(arguments))
    except SystemExit as end:  # argparse has said what is wrong, or shown the help
        return end.code if isinstance(end.code, int) else BAD_INPUT


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--features", metavar="N", help="features, 2 to 400 (default 40)")
    add("--hidden", metavar="M", help="hidden dimensions, 1 to 100 (default 5)")
    add("--importance", metavar="TEXT", help="1:0.1 (linear, default), 0.9^i (geometric), equal, or numbers")
    add("--sparsity", metavar="LIST", help="probabilities that a feature is 0 (default 0.1,0.5,0.9)")
    add("--model", metavar="LIST", help="of linear, relu, relu-relu (default: all three), or abs alone")
    add("--steps", metavar="K", help="training steps (default 5000; of a phase diagram 3000)")
    add("--seeds", metavar="R", help="how many seeds (default 8)")
    add("--seed", metavar="K", default="0", help="the first seed (default 0)")
    add("--device", metavar="NAME", default="cpu", help="cpu (default) or cuda:0")
    add("--phase", metavar="N:M", help="a phase diagram instead: 2:1 or 3:2")
    add("--grid", metavar="G", help="cells a side of the phase diagram (default 12)")
    add("--restarts", metavar="R", help="trained seeds a cell of the phase diagram (default 10)")
    add("--json", action="store_true", help="end with one line of JSON on standard output")


def run(options: argparse.Namespace) -> int:
    """Train as the options say.

    Returns 0; 1 where the device fails; 2 where the options make no sense; 130 after Ctrl+C. Sentences go to standard
    error.
    """
    bar = ProgressBar(sys.stderr)
    try:
        figures = _phase(options, bar) if options.phase is not None else _models(options, bar)
    except (CommandError, SuperpositionError) as error:
        return _ended(bar, str(error), BAD_INPUT)
    except KeyboardInterrupt:
        return _ended(bar, "Interrupted.", INTERRUPTED)
    except (RuntimeError, MemoryError) as error:  # what torch says of a device
        from playground.engine.scripted import reason

        return _ended(bar, f"{options.device} could not train this: {reason(error)[:300]}.", FAILED)
    if options.json:
        print(json.dumps(figures, allow_nan=False), flush=True)
    return 0


# ---- models ------------------------------------------------------------------------------------------------------


def _models(options: argparse.Namespace, bar: ProgressBar) -> dict[str, Any]:
    _refuse(options, _PHASE_ONLY, "goes with --phase")
    began = time.perf_counter()
    features = whole_in(options.features or "40", "--features", 1, 1_000_000)
    hidden = whole_in(options.hidden or "5", "--hidden", 0, 1_000_000)
    sparsities = read_numbers("0.1,0.5,0.9" if options.sparsity is None else options.sparsity, "sparsities")
    if not sparsities:
        raise CommandError("--sparsity: give at least one, such as 0.9.")
    importance = "1:0.1" if options.importance is None else options.importance
    problems = [make_problem(features, hidden, sparsity, importance) for sparsity in sparsities]
    steps = whole_in(options.steps or "5000", "--steps", 1, 10_000_000)
    first, count = _first_seed(options), whole_in(options.seeds or "8", "--seeds", 1, 10_000)
    kinds = tuple(word.strip() for word in (options.model or "linear,relu,relu-relu").split(","))
    check_kinds(kinds)
    device = _torch_device(options.device, bar)
    from playground.engine.superposition.setup import Schedule
    from playground.engine.superposition.sweeps import sweep
    from playground.engine.superposition.training import ABSOLUTE_SCHEDULE

    schedule = replace(ABSOLUTE_SCHEDULE if kinds == ("abs",) else Schedule(), steps=steps)
    results: tuple[ModelResult, ...] = ()
    for state in sweep(problems, kinds, range(first, first + count), schedule, device):
        bar.show(state.done, f"Training {len(kinds) * len(problems) * count} models {features} -> {hidden}")
        results = state.results
    bar.clear()
    seconds = time.perf_counter() - began
    print(f"{features} features in {hidden} dimensions, {count} seeds, {steps:,} steps, {seconds:.1f} s")
    print("model                      sparsity    loss       represented  off-diagonal  sum of D   D*")
    for one in results:
        print(_line(KIND_NAMES[one.kind], one))
    return {"seconds": seconds, "results": [_result(one) for one in results]}


def _line(name: str, one: ModelResult) -> str:
    metrics = one.metrics
    return (
        f"{name:26} {one.sparsity:<10g} {one.loss.mean():<10.5f} "
        f"{f'{metrics.represented.min()} to {metrics.represented.max()}':12} {metrics.off_diagonal.mean():<13.4f} "
        f"{metrics.sum_dimensionality.mean():<10.3f} {metrics.dims_per_feature.mean():.3f}"
    )


def _result(one: ModelResult) -> dict[str, Any]:
    """Return what the JSON says of one model and sparsity; lists over the seeds, null where there is no value."""
    metrics = one.metrics
    return {
        "model": one.kind,
        "sparsity": one.sparsity,
        "loss": _listed(one.loss),
        "represented": [int(value) for value in metrics.represented],
        "represented_features": [[int(at) for at in mask.nonzero()[0]] for mask in metrics.is_represented],
        "off_diagonal": _listed(metrics.off_diagonal),
        "dims_per_feature": _listed(metrics.dims_per_feature),
        "sum_dimensionality": _listed(metrics.sum_dimensionality),
        "bias_represented": _listed(metrics.bias_represented),
        "bias_dropped": _listed(metrics.bias_dropped),
        "label": list(one.labels),
    }


# ---- phase diagrams ----------------------------------------------------------------------------------------------


def _phase(options: argparse.Namespace, bar: ProgressBar) -> dict[str, Any]:
    _refuse(options, _MODELS_ONLY, "does not go with --phase, which has features, seeds and sparsities of its own")
    began = time.perf_counter()
    features, hidden = _pair(options.phase)
    size = whole_in(options.grid or "12", "--grid", 2, 100)
    restarts = whole_in(options.restarts or "10", "--restarts", 1, 1_000)
    steps = whole_in(options.steps or "3000", "--steps", 1, 10_000_000)
    first = _first_seed(options)
    device = _torch_device(options.device, bar)
    from playground.engine.superposition.phase import exact_phase, trained_phase
    from playground.engine.superposition.phase_cells import phase_grid

    grid = phase_grid(features, hidden, size)
    exact_began = time.perf_counter()
    for done, cells in exact_phase(grid):
        bar.show(done / 2, "Looking for the optimum of every cell")
        exact = cells
    trained_began = time.perf_counter()
    for state in trained_phase(grid, restarts=restarts, steps=steps, seed=first, device=device):
        bar.show(0.5 + state.done / 2, f"Training {size * size * restarts} models")
        trained = state
    bar.clear()
    ended = time.perf_counter()
    _say_phase(grid, exact, trained)
    return {
        "seconds": ended - began,
        "exact_seconds": trained_began - exact_began,
        "trained_seconds": ended - trained_began,
        "steps": steps,
        "restarts": restarts,
        **_phase_figures(grid, exact, trained),
    }


def _phase_figures(grid: PhaseGrid, exact: PhaseCells, trained: TrainedPhase) -> dict[str, Any]:
    from playground.engine.superposition.phase_cells import REGIONS

    line = grid.simple_line()
    return {
        "phase": f"{grid.features}:{grid.hidden}",
        "regions": list(REGIONS),
        "relative_importance": list(grid.ratios),
        "density": list(grid.densities),
        "exact": exact.regions.tolist(),
        "trained": trained.best.regions.tolist(),
        "single_seed": trained.single.regions.tolist(),
        "exact_loss": exact.losses.tolist(),
        "trained_loss": trained.best.losses.tolist(),
        "single_seed_loss": trained.single.losses.tolist(),
        "simple_border": None if line is None else line.tolist(),
        "trained_differs": int((trained.best.regions != exact.regions).sum()),
        "single_seed_differs": int((trained.single.regions != exact.regions).sum()),
    }


def _say_phase(grid: PhaseGrid, exact: PhaseCells, trained: TrainedPhase) -> None:
    columns = len(grid.ratios)
    print(f"Phase diagram {grid.features} -> {grid.hidden}: feature {grid.features} is . not represented, o has the")
    print("dimension, X in superposition. Down: density; across: relative importance 0.1 to 10.")
    print(f"density    {'exact':{columns + 2}}{'trained':{max(columns, 7) + 2}}single seed")
    for row, density in enumerate(grid.densities):
        parts = [
            "".join(_SIGNS[region] for region in cells.regions[row]) for cells in (exact, trained.best, trained.single)
        ]
        print(f"{density:<10.4f} {parts[0]:{max(columns, 5) + 2}}{parts[1]:{max(columns, 7) + 2}}{parts[2]}")


# ---- reading -----------------------------------------------------------------------------------------------------


def _pair(text: str) -> tuple[int, int]:
    features, colon, hidden = text.partition(":")
    if not (colon and features.strip().isdecimal() and hidden.strip().isdecimal() and len(text) < 20):
        raise CommandError(f"--phase {text[:40]}: write 2:1 or 3:2, features before hidden dimensions.")
    return int(features), int(hidden)


def _refuse(options: argparse.Namespace, names: Sequence[str], why: str) -> None:
    for name in names:
        if getattr(options, name) is not None:
            raise CommandError(f"--{name} {why}.")


def _first_seed(options: argparse.Namespace) -> int:
    return whole_in(options.seed, "--seed", 0, _MOST_SEED)


def _torch_device(text: str, bar: ProgressBar) -> str:
    """Return the device by torch's name for it; one thread on the CPU, as the figures are given."""
    bar.show(0.0, "Loading torch")
    from playground.engine.devices import available_devices
    from playground.engine.threads import use_one_thread

    use_one_thread()
    name = "cuda:0" if text == "cuda" else text
    known = [device.name for device in available_devices()]
    if name not in known:
        raise CommandError(f"There is no device '{text[:40]}' here: use {' or '.join(known)}.")
    return name


def _listed(values: Any) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _ended(bar: ProgressBar, sentence: str, status: int) -> int:
    bar.clear()
    print(f"playground superposition: {sentence}", file=sys.stderr)
    return status
