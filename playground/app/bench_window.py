"""What a window that trains at full speed costs and how soon it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from playground.app.bench_figures import Figure, median
from playground.app.bench_meters import DelayMeter, Mouse, PaintMeter, share_of
from playground.app.bench_models import Model
from playground.app.bench_stage import PlayedStage
from playground.engine.snapshots import Snapshot

SETTLE_SECONDS = 0.5  # after the start of training, until rate and budget have found each other


@dataclass
class Rounds:
    """Figures of several rounds, each of the same length."""

    steps: list[float] = field(default_factory=list)  # a second
    epochs: list[float] = field(default_factory=list)  # of a network
    states: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)  # milliseconds a second
    thread: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # milliseconds a frame, of all rounds
    waits: list[float] = field(default_factory=list)  # milliseconds a painting by the clock on the wall
    late: list[float] = field(default_factory=list)  # milliseconds an event, of all rounds


class Playing:
    """Measures a stage while it trains."""

    def __init__(self, stage: PlayedStage) -> None:
        self._stage = stage
        self._paints = PaintMeter(stage.window, self._note_painted)
        self._delays = DelayMeter(stage.window)
        self.mouse = Mouse(stage.window)
        self._states = 0
        self._last_step = -1

    def _note_painted(self) -> None:
        step = self._stage.snapshot.step
        if step != self._last_step:
            self._last_step = step
            self._states += 1

    def round(self, rounds: Rounds, seconds: float, *, is_mouse_moving: bool = False) -> None:
        """Play for so long and note what was measured; pauses afterwards."""
        stage, clock = self._stage, self._stage.clock
        stage.play()
        if is_mouse_moving:
            self.mouse.wander(*stage.ways)
        stage.spin(SETTLE_SECONDS)
        self._paints.clear()
        clock.costs.clear()
        self._delays.late.clear()
        self._states = 0
        first, drawn = stage.snapshot, clock.drawing_seconds
        began, worked = time.perf_counter(), time.thread_time()
        self._delays.start()
        stage.spin(seconds)
        self._delays.stop()
        passed, worked = time.perf_counter() - began, time.thread_time() - worked
        last = stage.snapshot
        self.mouse.rest()
        rounds.steps.append((last.step - first.step) / passed)
        if isinstance(first, Snapshot) and isinstance(last, Snapshot):
            rounds.epochs.append((last.epoch - first.epoch) / passed)
        rounds.states.append(self._states / passed)
        rounds.drawing.append(1_000 * (clock.drawing_seconds - drawn) / passed)
        rounds.thread.append(1_000 * worked / passed)
        rounds.costs += clock.costs
        rounds.waits += [1_000 * wall for wall in self._paints.wall]
        rounds.late += [1_000 * late for late in self._delays.late]
        stage.pause()

    def close(self) -> None:
        """Leave the window alone."""
        self._delays.stop()
        self.mouse.rest()
        self._paints.close()


def window_figures(key: str, rounds: Rounds, headless: list[float]) -> list[Figure]:
    """Return the figures of an open window that plays, beside the headless rounds taken in turns with them."""
    shares = [with_window / alone for with_window, alone in zip(rounds.steps, headless, strict=True)]
    return [
        median(f"{key} window steps/s", "engine behind the window", rounds.steps, "steps/s", "all panels visible"),
        median(f"{key} window share", "window : headless, measuring", shares, "", "in turns"),
        median(f"{key} window states/s", "distinct states drawn", rounds.states, "/s"),
        median(f"{key} window drawing ms/s", "drawing", rounds.drawing, "ms/s", "of the processor: slots and painting"),
        median(f"{key} window thread ms/s", "the window's thread", rounds.thread, "ms/s", "of the processor, in all"),
        Figure(f"{key} frame median", "a frame, median", share_of(rounds.costs, 50), "ms", "of the processor"),
        Figure(f"{key} frame p95", "a frame, p95", share_of(rounds.costs, 95), "ms", "of the processor"),
        Figure(f"{key} painting p95", "a painting, p95", share_of(rounds.waits, 95), "ms", "waiting included"),
    ]


def delay_figures(model: Model, rounds: Rounds) -> list[Figure]:
    """Return how late events come while the mouse moves over diagram and canvas."""
    key, late = model.key, rounds.late
    count = f"{len(late):,} events, mouse moving"
    return [
        Figure(f"{key} event delay p50", "event delay, p50", share_of(late, 50), "ms", count),
        Figure(f"{key} event delay p99", "event delay, p99", share_of(late, 99), "ms", count),
        Figure(f"{key} event delay worst", "event delay, worst", max(late, default=float("nan")), "ms", count),
        median(f"{key} mouse steps/s", "steps/s, mouse moving", rounds.steps, "steps/s"),
        median(f"{key} mouse states/s", "distinct states drawn, mouse moving", rounds.states, "/s"),
    ]
