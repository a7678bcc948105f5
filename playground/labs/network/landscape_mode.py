"""The loss landscape: a frozen copy to be measured, the map, and the way that training takes over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from playground.engine.landscape_plan import Floats, Landscape, LandscapePlan
from playground.engine.settings import LOSS_NAMES
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec
from playground.labs.network.selection import Selection
from playground.session.landscaping import Landscaping
from playground.session.network_document import NetworkDocument
from playground.views.data.naming import input_names
from playground.views.plane.landscape_stage import LandscapeStage, LandscapeWish

MOST_OFFERED = 400  # parameters in a menu; of larger networks those of the selected neuron
LONGEST_TRACK = 4_000
NOTHING_YET = "Measure draws the training loss on a plane through the present weights; then let it train."


class LandscapeMode(QObject):
    """Ties the page of the landscape to the document."""

    def __init__(
        self, document: NetworkDocument, selection: Selection, stage: LandscapeStage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._stage = document, selection, stage
        self._measuring = Landscaping(self)
        self._found: Landscape | None = None
        self._track: list[tuple[float, float]] = []
        self._segment = 0  # a reset begins another way
        self._share = 1.0  # of the distance to the present weights that lies in the plane of the map
        self._stale = ""  # why the map counts no longer
        self._offered: tuple[Any, ...] = ()
        stage.asked.connect(self._ask)
        stage.cancelled.connect(self._measuring.cancel)
        stage.show_words(NOTHING_YET)
        self._measuring.progressed.connect(stage.show_progress)
        self._measuring.found.connect(self._take)
        self._measuring.failed.connect(self._fail)
        self._measuring.ended.connect(stage.hide_progress)
        selection.changed.connect(self._selection_changed)

    def render(self, snapshot: Snapshot) -> None:
        """Follow the training on the map."""
        if self._stage.isVisible():
            self._offer(snapshot.spec)
        found = self._found
        if found is None:
            return
        self._stale = self._why_stale(found, snapshot)
        if not self._stale:
            self._follow(found, snapshot)
        if self._stage.isVisible():
            self._stage.canvas.show_track(self._shifted(found), is_stale=bool(self._stale))
            self._stage.show_words(self._words(found))

    def close(self) -> None:
        """Break off and wait."""
        self._measuring.close()

    # ---- measuring -------------------------------------------------------------------------------------------

    def _ask(self, wish: LandscapeWish) -> None:
        snapshot = self._document.snapshot
        if snapshot is None:
            self._fail("The network is still being loaded: measure again in a moment.")
            return
        plan = LandscapePlan(
            snapshot.spec, snapshot.settings.loss, self._document.data, snapshot.parameters, snapshot.present,
            wish.axes, wish.seed, wish.span, wish.resolution,
        )  # fmt: skip
        self._measuring.start(plan)

    def _take(self, found: Landscape) -> None:
        self._found, self._track, self._share = found, [(0.0, 0.0)], 1.0
        centre, span = self._centre(found), found.plan.span
        low, high = (centre[0] - span, centre[1] - span), (centre[0] + span, centre[1] + span)
        names = ("direction 1", "direction 2")
        if found.plan.axes is not None:
            known = dict(parameter_names(found.plan.spec, input_names(found.plan.data), self._selected()))
            first, second = (known.get(str(axis), f"parameter {axis}") for axis in found.plan.axes)
            names = (first, second)
        self._stage.canvas.show_losses(found.losses, low, high, names)
        if self._document.snapshot is not None:
            self._segment = self._document.snapshot.segment
            self.render(self._document.snapshot)

    def _fail(self, sentence: str) -> None:
        self._stage.show_error(sentence)

    # ---- following -------------------------------------------------------------------------------------------

    def _why_stale(self, found: Landscape, snapshot: Snapshot) -> str:
        plan = found.plan
        if self._document.data is not plan.data:
            return "the data have changed"
        if snapshot.spec.version != plan.spec.version or snapshot.spec.layers != plan.spec.layers:
            return "the structure has changed"
        if snapshot.settings.loss != plan.loss:
            return "the loss is another one"
        masks = (snapshot.present, plan.present)
        if any(mask is None for mask in masks) != all(mask is None for mask in masks):
            return "weights have been cut or joined"
        if masks[0] is not None and masks[1] is not None and not np.array_equal(masks[0], masks[1]):
            return "weights have been cut or joined"
        return ""

    def _follow(self, found: Landscape, snapshot: Snapshot) -> None:
        a, b, self._share = found.place(snapshot.parameters)
        if snapshot.segment != self._segment:
            self._segment, self._track = snapshot.segment, []
        if np.isfinite([a, b]).all() and (a, b) not in self._track[-1:]:
            self._track.append((a, b))
            if len(self._track) > LONGEST_TRACK:
                self._track = [*self._track[:-1:2], self._track[-1]]

    def _centre(self, found: Landscape) -> tuple[float, float]:
        """Return what the axes say in the middle: the parameters' own values, or 0."""
        if found.plan.axes is None:
            return 0.0, 0.0
        first, second = found.plan.axes
        return float(found.plan.parameters[first]), float(found.plan.parameters[second])

    def _shifted(self, found: Landscape) -> Floats:
        return np.array(self._track).reshape(-1, 2) + self._centre(found)

    def _words(self, found: Landscape) -> str:
        if self._stale:
            return f"Out of date: {self._stale} since this was measured. Measure again."
        words = f"{LOSS_NAMES[found.plan.loss]} on {found.count:,} training examples"
        if len(self._track) > 1:
            share = f"{100 * self._share:.0f} %" if self._share >= 0.01 else "less than 1 %"
            words += (
                f"; of the way since then (its square) {share} lies in this plane: "
                "off it the loss at the point itself is another"
            )
        return words

    # ---- the menu of parameters ------------------------------------------------------------------------------

    def _selected(self) -> tuple[int, int] | None:
        return self._selection.units[0] if self._selection.units else None

    def _offer(self, spec: NetworkSpec) -> None:
        selected = self._selected() if spec.parameter_count > MOST_OFFERED else None
        offered = (spec.version, spec.layers, selected, self._document.data)
        if offered != self._offered:
            self._offered = offered
            self._stage.show_parameters(parameter_names(spec, input_names(self._document.data), self._selected()))

    def _selection_changed(self) -> None:
        if self._document.snapshot is not None and self._stage.isVisible():
            self._offer(self._document.snapshot.spec)


def parameter_names(
    spec: NetworkSpec, inputs: tuple[str, ...], selected: tuple[int, int] | None
) -> list[tuple[str, str]]:
    """Return places in the flat buffer with names: all of a small network, those of one neuron of a large one."""
    found = []
    for index, (layer, slots) in enumerate(zip(spec.layers, spec.slots, strict=True)):
        for place, unit in enumerate(layer.units):
            is_wanted = spec.parameter_count <= MOST_OFFERED or (layer.id, unit) == selected
            if not is_wanted:
                continue
            neuron = f"{spec.layer_name(index)}·{place + 1}"
            for column in range(min(slots.columns, MOST_OFFERED)):
                below = f"{spec.layer_name(index - 1)}·{column + 1}" if index else _input_name(inputs, column)
                found.append((str(slots.weight.start + place * slots.columns + column), f"{neuron} ← {below}"))
            found.append((str(slots.bias.start + place), f"{neuron} bias"))
    return found


def _input_name(inputs: tuple[str, ...], column: int) -> str:
    return inputs[column] if column < len(inputs) else f"input {column + 1}"
