"""What lies over the plane: zero lines that the hand can move, the borders of linear regions."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from playground.engine.commands import SetCells
from playground.engine.linear_regions import kinked_surfaces, region_codes, why_no_regions
from playground.engine.snapshots import Snapshot
from playground.labs.network.plane_neuron import neuron_name
from playground.labs.network.selection import Selection
from playground.session.network_document import NetworkDocument
from playground.views.calm import Calm, is_news
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.contours import Segments, zero_segments
from playground.views.plane.overlay_row import ALL_LINES, LINE, REGIONS, OverlayRow
from playground.views.plane.section import PlaneSection
from playground.views.plane.zero_line import ZeroLine

MOST_LINES = 200
NOT_STRAIGHT = (
    "The zero line of {name} is bent, since its inputs are not the two directions of the plane alone: "
    "it is measured on the grid and cannot be dragged."
)
NO_LINE = "Both weights of {name} are 0: there is no zero line until one of them is another number."
OUT_OF_SIGHT = "The zero line of {name} lies outside of the picture; Page up and down bring it back."


class PlaneLines(QObject):
    """Ties lines and borders on the canvases to the document."""

    def __init__(
        self,
        document: NetworkDocument,
        selection: Selection,
        section: PlaneSection,
        overlays: OverlayRow,
        canvases: tuple[PlaneCanvas, ...],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._section, self._overlays = document, selection, section, overlays
        self._canvases = canvases
        self._asked: PlaneCanvas | None = None
        self._on = {LINE}
        self._borders: Segments | None = None
        self._region_words = ""
        self._last: Snapshot | None = None
        self._calm = Calm(self)
        self._calm.due.connect(self._measure_regions)
        overlays.buttons[LINE].setChecked(True)
        overlays.toggled.connect(self._toggle)
        for canvas in canvases:
            canvas.set_requested.connect(self._set)
            canvas.stroke_ended.connect(document.end_stroke)
            canvas.stroke_cancelled.connect(document.cancel_stroke)
            canvas.line_taken.connect(selection.select_unit)
            document.stroke_closing.connect(canvas.end_line)

    def render(self, snapshot: Snapshot) -> None:
        """Show the lines of this moment; borders a few times a second."""
        if REGIONS in self._on and any(canvas.isVisible() for canvas in self._canvases):
            self._calm.offer(snapshot, at_once=is_news(snapshot, self._last))
        self._last = snapshot
        lines = self._lines(snapshot)
        contour, words = self._contour(snapshot, lines)
        self._section.render_overlays(lines, contour, self._borders, snapshot.applied_seq)
        self._overlays.show_words("\n".join(filter(None, (self._region_words, words))))

    def close(self) -> None:
        """Show nothing any more."""
        self._calm.stop()

    # ---- lines -----------------------------------------------------------------------------------------------

    def _lines(self, snapshot: Snapshot) -> tuple[ZeroLine, ...]:
        plane, spec = self._document.data.plane, snapshot.spec
        if plane is None or sorted(plane.features.names) != ["x1", "x2"] or spec.inputs != 2:
            return ()
        columns = (plane.features.names.index("x1"), plane.features.names.index("x2"))
        layer, chosen = spec.layers[0], self._chosen()
        present = snapshot.mask("present", 0)
        found = []
        for place, unit in enumerate(layer.units[:MOST_LINES] if ALL_LINES in self._on else layer.units):
            is_chosen = (layer.id, unit) == chosen and LINE in self._on
            if not is_chosen and ALL_LINES not in self._on:
                continue
            weight = snapshot.weight(0)[place][list(columns)].astype(np.float64)
            is_there = np.ones(2, bool) if present is None else present[place][list(columns)]
            w1, w2 = (weight * is_there).tolist()
            name, bias = neuron_name(snapshot, (layer.id, unit)), float(snapshot.bias(0)[place])
            line = ZeroLine(layer.id, unit, name, (w1, w2), bias, columns, is_chosen, bool(is_there.all()))
            found.append(line)
        return tuple(sorted(found, key=lambda line: not line.is_chosen))

    def _contour(self, snapshot: Snapshot, lines: tuple[ZeroLine, ...]) -> tuple[Segments | None, str]:
        """Return where the selected neuron is 0 if that is no straight line, and what is to be said about its line."""
        plane, surfaces, chosen = self._document.data.plane, snapshot.surfaces, self._chosen()
        if LINE not in self._on or chosen is None or plane is None or plane.dimensions != 2:
            return None, ""
        mine = next((line for line in lines if line.is_chosen), None)
        name = neuron_name(snapshot, chosen)
        if mine is not None:
            is_in_sight = mine.ends(plane.low, plane.high) is not None
            words = "" if is_in_sight else OUT_OF_SIGHT if mine.norm else NO_LINE
            return None, words.format(name=name)
        index = snapshot.spec.index_of(chosen[0])
        if (
            surfaces is None
            or index is None
            or not name
            or len(surfaces.pre[index]) != snapshot.spec.layers[index].width
        ):
            return None, ""
        pre = surfaces.pre[index][snapshot.spec.layers[index].units.index(chosen[1])]
        return zero_segments(pre[None], surfaces.low, surfaces.high), NOT_STRAIGHT.format(name=name)

    def _chosen(self) -> tuple[int, int] | None:
        units = self._selection.units
        return units[0] if len(units) == 1 else None

    # ---- regions ---------------------------------------------------------------------------------------------

    def _measure_regions(self, snapshot: Any) -> None:
        surfaces, plane = snapshot.surfaces, self._document.data.plane
        self._borders, self._region_words = None, why_no_regions(snapshot.spec)
        if plane is not None and plane.dimensions != 2:
            self._region_words = "Regions are shown over the plane; these data lie on a line."
        if self._region_words or surfaces is None or plane is None:
            return
        pre = kinked_surfaces(snapshot.spec, surfaces, snapshot.settings.loss)
        self._borders = zero_segments(pre, surfaces.low, surfaces.high)
        count = int(region_codes(pre).max()) + 1
        names = set(plane.features.names)
        curved = "" if names <= {"x1", "x2"} else " (linear in the inputs, which are not x1 and x2 alone)"
        side = surfaces.pre[0].shape[-1]
        self._region_words = f"{count:,} linear regions in sight{curved}, on a grid of {side} × {side}"

    # ---- the hand --------------------------------------------------------------------------------------------

    def _set(self, command: SetCells) -> None:
        seq = self._document.edit(command, command.label)
        for canvas in self._canvases:
            canvas.acknowledge(seq)

    def _toggle(self, name: str, is_on: bool) -> None:
        (self._on.add if is_on else self._on.discard)(name)
        if name == REGIONS:
            self._borders, self._region_words, self._last = None, "", None
        if self._document.snapshot is not None and self._document.data.plane is not None:
            self.render(self._document.snapshot)
