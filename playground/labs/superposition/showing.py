"""Showing: what comes up from the thread goes to the panels, the dear and calm ones less often than the quick ones."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject

from playground.engine.superposition.metrics import measure
from playground.engine.superposition.problem import KIND_NAMES, Floats, Problem
from playground.engine.superposition.snapshots import SandboxSnapshot, SandboxStroke
from playground.labs.superposition.chosen import Chosen
from playground.labs.superposition.hands import SandboxHands
from playground.labs.superposition.stage import Stage
from playground.views.superposition.model_card import CardModel
from playground.views.superposition.model_column_reading import ColumnReading, is_same, read_column
from playground.views.superposition.model_column_words import COLUMN_NAMES

LARGE = 4_096  # weights of a model, from which the calm panels do not follow every move of the hand
CALM_SECONDS = 0.2  # between two looks at curves, card and seeds while training runs


class Showing(QObject):
    """Renders snapshots for the model that is chosen. Panels out of sight are passed over."""

    def __init__(self, panels: Stage, chosen: Chosen, hands: SandboxHands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels, self._chosen, self._hands = panels, chosen, hands
        self._calm_at = float("-inf")
        self.readings: tuple[ColumnReading, ...] = ()
        self._problem: Problem | None = None  # of the readings
        self._without: CardModel | None = None  # the model without the stroke that was shown last

    def render(self, snapshot: SandboxSnapshot, *, is_answer: bool = False) -> bool:
        """Show a moment; ``is_answer``: also the calm panels, at once. Return whether those were shown."""
        kind, seed = self._model(snapshot)
        panels = self._panels
        self.readings = tuple(self._read(snapshot, place, seed) for place in range(len(snapshot.setup.kinds)))
        self._problem = snapshot.setup.problem
        reading = self.readings[kind]
        if panels.columns.isVisible():
            panels.columns.show_readings(self.readings, snapshot.applied_seq)
            panels.columns.set_chosen(kind)
            self._hands.listen_to_columns()
        frozen = None if snapshot.frozen is None else snapshot.frozen[kind, seed]
        is_settled = snapshot.applied_seq >= self._hands.last_seq
        if panels.space.isVisible():
            panels.space.render_model(reading.weight, frozen, is_settled=is_settled)
        if panels.probe.isVisible():
            panels.probe.render_reading(snapshot.probe)
        is_in_hand = snapshot.stroke is not None and snapshot.stroke.is_open
        if panels.card.isVisible() and (is_in_hand or self._is_calm_due(snapshot, is_answer=is_answer)):
            self._render_card(snapshot, reading)
        if not self._is_calm_due(snapshot, is_answer=is_answer):
            return False
        self._calm_at = time.perf_counter()
        self._render_calm(snapshot, reading)
        return True

    def _is_calm_due(self, snapshot: SandboxSnapshot, *, is_answer: bool) -> bool:
        """Say whether the calm panels are due: at once where nothing moves, also in the hand if that is little work."""
        is_in_hand = snapshot.stroke is not None and snapshot.stroke.is_open
        is_moving = snapshot.is_running or (is_in_hand and snapshot.weights[0, 0].size > LARGE)
        return is_answer or not is_moving or time.perf_counter() - self._calm_at >= CALM_SECONDS

    def _model(self, snapshot: SandboxSnapshot) -> tuple[int, int]:
        """Return the chosen model, as far as this snapshot has it: it may be of the setup before."""
        kinds, seeds = snapshot.setup.counts
        return min(self._chosen.kind, kinds - 1), min(self._chosen.seed, seeds - 1)

    def _read(self, snapshot: SandboxSnapshot, kind: int, seed: int) -> ColumnReading:
        """Read a model; the reading of before is returned where nothing of it is different."""
        setup, problem = snapshot.setup, snapshot.setup.problem
        before = self.readings[kind] if kind < len(self.readings) and self._problem == problem else None
        name, loss = setup.kinds[kind], float(_losses(snapshot)[kind, seed])
        weight, bias = snapshot.weights[kind, seed], snapshot.biases[kind, seed]
        decode = snapshot.decode[kind, seed] if setup.is_absolute else None
        frozen = None if snapshot.frozen is None else snapshot.frozen[kind, seed]
        if before is not None and is_same(before, name, loss, weight, bias, decode, frozen):
            return before
        return read_column(name, problem, loss, weight, bias, decode, frozen)

    def _render_calm(self, snapshot: SandboxSnapshot, reading: ColumnReading) -> None:
        panels, setup = self._panels, snapshot.setup
        kind, seed = self._model(snapshot)
        panels.tools.render_model(reading.weight, reading.frozen)
        if panels.strip.isVisible():
            panels.strip.show_metrics(reading.metrics, setup.problem.hidden)
        if panels.losses.isVisible():
            panels.losses.show_curves(
                snapshot.curves,
                setup.kinds,
                optimum=reading.optimum,
                segment=snapshot.segment,
                marks=snapshot.marks,
            )
        if panels.seeds.isVisible():
            panels.seeds.render_models(
                snapshot.weights[kind],
                _losses(snapshot)[kind],
                setup.seeds,
                chosen=seed,
                kind=COLUMN_NAMES[setup.kinds[kind]],
            )
            if not snapshot.is_running:
                panels.seeds.catch_up()

    def _render_card(self, snapshot: SandboxSnapshot, reading: ColumnReading) -> None:
        model, setup = self._model(snapshot), snapshot.setup
        now = CardModel(reading.weight, reading.bias, reading.loss, snapshot.feature_errors[model], reading.metrics)
        before, is_live, stroke = None, False, snapshot.stroke
        # once it trains on, what the hand has done cannot be told from what training did
        if stroke is not None and stroke.model == model and (stroke.is_open or stroke.step == snapshot.step):
            before, now, is_live = self._before(stroke), _with_stroke(now, stroke), stroke.is_open
        feature = self._chosen.features[0] if self._chosen.features else -1
        name = f"{KIND_NAMES[reading.kind]}, seed {setup.seeds[model[1]]}"
        self._panels.card.render_model(now, before, feature, name=name, is_live=is_live)

    def _before(self, stroke: SandboxStroke) -> CardModel:
        """Return the model without the stroke; measured once, for as long as training leaves it as it is."""
        weight, bias, kept = stroke.weight_without, stroke.bias_without, self._without
        is_kept = kept is not None and np.array_equal(kept.weight, weight) and np.array_equal(kept.bias, bias)
        metrics = kept.metrics if kept is not None and is_kept else None
        if metrics is None and np.isfinite(weight).all():
            with np.errstate(all="ignore"):  # huge weights overflow
                metrics = measure(weight, bias)
        self._without = CardModel(weight, bias, stroke.loss_without, stroke.errors_without, metrics)
        return self._without


def _losses(snapshot: SandboxSnapshot) -> Floats:
    """Return the losses ``[K, R]``, that of a model in the hand as the hand has made it."""
    stroke = snapshot.stroke
    if stroke is None or not stroke.is_open:
        return snapshot.losses
    found = snapshot.losses.copy()
    found[stroke.model] = stroke.loss_with
    return found


def _with_stroke(now: CardModel, stroke: SandboxStroke) -> CardModel:
    """Return the model with the loss that was measured at the same step as the one before the stroke."""
    return CardModel(now.weight, now.bias, stroke.loss_with, stroke.errors_with, now.metrics)
