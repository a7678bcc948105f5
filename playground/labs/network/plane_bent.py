"""The plane as the layers bend it: two neurons' activations at its grid and points, and the best straight cut."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from playground.engine.datasets import DataSet
from playground.engine.plane import plane_points
from playground.engine.separability import Floats, Split, layer_activations, linear_fit, linear_split
from playground.engine.snapshots import Snapshot
from playground.engine.targets import TWO, VALUES
from playground.labs.network.answers import answer_border
from playground.session.network_document import NetworkDocument
from playground.views.calm import is_news
from playground.views.look import Look
from playground.views.plane.bent_canvas import BentScene
from playground.views.plane.bent_stage import BentStage
from playground.views.plane.colours import surface_rgb

LINES = 17  # of the grid in each direction
MOST_POINTS = 1_000  # that are drawn and that a cut is fitted to
FIT_MS = 90  # between two fits while training: each takes about as long as the picture
MOST_UNITS = 128  # of a layer in which a cut is looked for
CUT_WORDS = (
    "Behind each layer: the share of the points trained on that a straight cut through all its neurons puts on their "
    "right side (logistic regression on its activations)."
)
FIT_WORDS = "Behind each layer: R² of a linear fit to the numbers on all its activations (least squares)."


class PlaneBent(QObject):
    """Shows the page of the bent plane; only while it is looked at."""

    def __init__(self, document: NetworkDocument, stage: BentStage, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._stage, self._look = document, stage, look
        self.place = 1  # of the layer that is shown; 0 are the inputs
        self.axes = (0, 1)
        self._turn = 0  # the layer whose cut is fitted next while training runs
        self._fitted_at = float("-inf")
        self._last: Snapshot | None = None
        self._data: DataSet | None = None
        self._points: tuple[NDArray[np.float32], Floats, NDArray[np.bool_]] | None = None
        self._grid = np.zeros((0, 0), np.float32)
        stage.layer_chosen.connect(self._choose_layer)
        stage.axes_chosen.connect(self._choose_axes)

    def choose(self, place: int, across: int, up: int) -> None:
        """Show a layer (0: the inputs) by two of its neurons; of what is not there the last one stands for it."""
        self.place, self.axes = place, (across, up)
        self._render_again()

    def render(self, snapshot: Snapshot) -> None:
        """Show this moment."""
        data = self._document.data
        plane, spec = data.plane, snapshot.spec
        if plane is None or len(plane.features.names) != spec.inputs or not self._stage.isVisible():
            return
        self._take_data(data)
        assert self._points is not None  # noqa: S101 - just taken
        inputs, targets, is_training = self._points
        names = ["inputs", *(spec.layer_name(index) for index in range(len(spec.layers)))]
        self.place = min(self.place, len(names) - 1)
        self._stage.show_layers(names, self.place)
        self._stage.show_words(FIT_WORDS if data.task == VALUES else CUT_WORDS)
        loss = snapshot.settings.loss
        parts = (snapshot.parameters, np.concatenate([inputs, self._grid]), loss, snapshot.present)
        acts = layer_activations(spec, *parts)
        self._show_picture(snapshot, acts, targets, is_training)
        self._show_splits(snapshot, [act[: len(inputs)] for act in acts], targets, is_training)
        self._last = snapshot

    def _take_data(self, data: DataSet) -> None:
        if data is self._data or data.plane is None:
            return
        self._data = data
        at, targets, is_training = plane_points(data)
        some = np.linspace(0, len(at) - 1, min(len(at), MOST_POINTS)).astype(np.int64) if len(at) else np.arange(0)
        self._points = data.plane.inputs_at(at[some]), np.asarray(targets, np.float64)[some], is_training[some]
        self._grid = data.plane.surface_inputs(LINES)
        self._last = None

    # ---- the picture -----------------------------------------------------------------------------------------

    def _show_picture(
        self, snapshot: Snapshot, acts: list[Floats], targets: Floats, is_training: NDArray[np.bool_]
    ) -> None:
        data, act, count = self._document.data, acts[self.place], len(targets)
        units = self._unit_names(snapshot)
        across, up = (min(axis, len(units) - 1) for axis in self.axes)
        self._stage.show_axes(units, across, up)
        is_alone = len(units) == 1
        pair = np.stack([act[:, across], np.zeros(len(act)) if is_alone else act[:, up]], 1)
        if not np.isfinite(pair).all():
            self._stage.canvas.show_scene(None)
            return
        low, high = zip(*(_reach(pair[:, axis]) for axis in (0, 1)), strict=True)
        rows = 1 if data.plane is not None and data.plane.dimensions == 1 else LINES
        answers = acts[-1][count:].T.reshape(-1, rows, LINES)
        if data.task == TWO:
            centre, half = answer_border(snapshot)
            answers = (answers - centre) / half
        scale = float(max(np.abs(targets).max(), 1e-6)) if data.task == VALUES and count else 1.0
        middles = (answers[:, :-1, :-1] + answers[:, 1:, 1:]) / 2
        cells = surface_rgb(middles, data.task, self._look.palette, scale=scale)
        names = (units[across],) if is_alone else (units[across], units[up])
        grid = pair[count:].reshape(rows, LINES, 2)
        scene = BentScene(grid, cells, pair[:count], targets, is_training, names, data.task, data.classes, low, high)
        self._stage.canvas.show_scene(scene)

    def _unit_names(self, snapshot: Snapshot) -> list[str]:
        plane = self._document.data.plane
        if self.place == 0:
            return [] if plane is None else list(plane.input_names)
        layer = snapshot.spec.layers[self.place - 1]
        return [f"neuron {place + 1} of {snapshot.spec.layer_name(self.place - 1)}" for place in range(layer.width)]

    # ---- the cuts --------------------------------------------------------------------------------------------

    def _show_splits(
        self, snapshot: Snapshot, acts: list[Floats], targets: Floats, is_training: NDArray[np.bool_]
    ) -> None:
        """Fit the cuts: all of them at a pause and after a change by hand, now and then one of them while training."""
        places, now = list(range(len(acts))), time.monotonic()
        if not is_news(snapshot, self._last):
            if 1_000 * (now - self._fitted_at) < FIT_MS:
                return
            self._turn = (self._turn + 1) % len(acts)
            places = [self._turn]
        self._fitted_at = now
        for place in places:
            if acts[place].shape[1] > MOST_UNITS:
                self._stage.show_split(place, "", f"More than {MOST_UNITS} neurons: no cut is looked for.")
                continue
            split = self._split(acts[place], targets, is_training)
            self._stage.show_split(place, *self._split_words(split, int(is_training.sum())))

    def _split(self, act: Floats, targets: Floats, is_training: NDArray[np.bool_]) -> Split:
        data = self._document.data
        if data.task == VALUES:
            return linear_fit(act, targets, is_training)
        return linear_split(act, targets.astype(np.int64), is_training, max(len(data.classes), 2))

    def _split_words(self, split: Split, count: int) -> tuple[str, str]:
        if np.isnan(split.train):
            return "", ""
        is_numbers = self._document.data.task == VALUES
        share, held = (f"{part:.2f}" if is_numbers else f"{100 * part:.0f} %" for part in split_parts(split))
        what = "R² of a linear fit" if is_numbers else "on the right side of a straight cut"
        hint = f"{what}: {share} of {count:,} points trained on" if not is_numbers else f"{what}: {share}"
        if not np.isnan(split.held_back):
            hint += f"; held back, to which it was not fitted: {held}"
        return share, f"{hint}. A click shows this layer."

    # ---- choosing --------------------------------------------------------------------------------------------

    def _choose_layer(self, place: int) -> None:
        self.choose(place, 0, 1)

    def _choose_axes(self, across: int, up: int) -> None:
        self.choose(self.place, across, up)

    def _render_again(self) -> None:
        if self._document.snapshot is not None:
            self._last = None
            self.render(self._document.snapshot)


def split_parts(split: Split) -> tuple[float, float]:
    """Return both parts, a missing one as 0: it is not shown."""
    return split.train, 0.0 if np.isnan(split.held_back) else split.held_back


def _reach(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if not high - low > 1e-9:
        return low - 0.5, high + 0.5
    margin = 0.05 * (high - low)
    return low - margin, high + margin
