"""What the diagram knows at this moment: picture, plan, view, selection, what lies under the mouse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from playground.engine.snapshots import Snapshot
from playground.views.diagram.layout import Layout, arrange
from playground.views.diagram.matrix import MatrixPlan, matrix_plan
from playground.views.diagram.picture import INPUT, EdgeKey, Picture, UnitKey, UnitPlaces, image_shape
from playground.views.diagram.responses import PlaneInputs
from playground.views.diagram.viewport import View
from playground.views.look import Look


@dataclass(frozen=True)
class Footer:
    """Where the parts of the footer stand (widget coordinates)."""

    legend: QRectF
    formula: QRectF
    neurons: QRectF
    matrix: QRectF


TargetKind = Literal[
    "empty", "unit", "pixel", "edge", "cell", "x", "b", "menu", "minus", "plus", "insert", "title", "neurons", "matrix",
    "earlier", "later",
]  # fmt: skip
Change = Literal["nothing", "numbers", "structure"]


@dataclass(frozen=True)
class Target:
    """Something to point at: a neuron, an edge, a button; ``place`` is the layer's index (INPUT: the input)."""

    kind: TargetKind = "empty"
    place: int = INPUT
    row: int = -1
    column: int = -1


NOTHING = Target()


class DiagramState:
    """The diagram without its painting and its events."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.picture: Picture | None = None
        self.places: UnitPlaces | None = None
        self.layout: Layout | None = None
        self.view = View()
        self.size = QSizeF(0, 0)
        self.names: tuple[str, ...] = ()
        self.input_names: tuple[str, ...] = ()
        self.units: list[UnitKey] = []
        self.edges: list[EdgeKey] = []
        self.hover = NOTHING
        self.focus: tuple[int, int] | None = None  # place and row of the cell that the keyboard is on
        self.is_focus_shown = False
        self.matrix_ids: set[int] = set()
        self.is_per_layer = True
        self.withheld: frozenset[str] = frozenset()  # wishes that are not offered: names as menus have them
        self.footer: tuple[tuple[object, ...], Footer] | None = None  # what it was found for, where its parts stand
        self._plane: PlaneInputs | None = None
        self._scrolled: dict[int, int] = {}  # layer id (-1: input) -> first row in sight
        self._current: int | None = None

    # ---- snapshots and size ------------------------------------------------------------------------------------

    def absorb(self, snapshot: Snapshot) -> Change:
        """Take over a snapshot and say what is different."""
        picture, before = Picture(snapshot), self.picture
        if before is not None and before.spec == snapshot.spec:
            if picture.same_numbers(before):
                return "nothing"
            self.picture = picture
            return "numbers" if _same_cuts(before, picture) else "structure"
        self.picture = picture
        self.places = UnitPlaces(snapshot.spec)
        self._forget_what_is_gone()
        self.lay_out()
        return "structure"

    def lay_out(self) -> None:
        """Find the plan for the present size, structure and type."""
        if self.picture is None or self.size.isEmpty():
            return
        em, was_wide = self.look.em(), self.layout is not None and self.layout.is_wide
        self.layout = arrange(
            self.picture.spec,
            self.size.width(),
            self.size.height(),
            em,
            label_width=self._label_width(em),
            matrices=self.matrix_layers(),
            scrolled={self._place(layer_id): row for layer_id, row in self._scrolled.items()},
            surfaces=self.plane is not None,
            name_width=self._name_width(em),
        )
        if was_wide and not self.layout.is_wide:
            self.view = View()
        elif self.layout.is_wide:
            self.view = self.view.kept_near(self.layout.stage, self.layout.extent)

    @property
    def plane(self) -> PlaneInputs | None:
        """Return the plane that the data lie in; None where they do not, or this network does not take them."""
        if self._plane is None or self.picture is None:
            return None
        spec = self.picture.spec
        return self._plane if spec.inputs == len(self._plane.names) and image_shape(spec) is None else None

    def set_plane(self, plane: PlaneInputs | None) -> bool:
        """Take note of the plane that the data lie in; return whether everything stands elsewhere then."""
        before, self._plane = self._plane, plane
        return (before is None) != (plane is None) or (
            before is not None and plane is not None and before.names != plane.names
        )

    def _name_width(self, em: float) -> float:
        """Return the room for the names of the inputs, which stand at their left."""
        if self.plane is None:
            return 0.0
        metrics = QFontMetricsF(self.look.font(10.0))
        widest = max(metrics.horizontalAdvance(name) for name in self.plane.names)
        return float(max(min(widest, 4.5 * em, 0.1 * self.size.width()) - 0.6 * em, 0.0))

    def input_name(self, row: int) -> str:
        """Return the name of an input, an empty text where it has none."""
        if self.plane is not None:
            return self.plane.names[row]
        is_named = self.picture is not None and len(self.input_names) == self.picture.spec.inputs
        return self.input_names[row] if is_named else ""

    def _label_width(self, em: float) -> float:
        size = self.label_scale()
        name = QFontMetricsF(self.look.font(11 * size, bold=True))
        share = QFontMetricsF(self.look.font((8.5 if self.outputs > 1 else 11) * size, mono=True))
        names = (self.output_name(row) for row in range(min(self.outputs, 64)))
        widest = max((name.horizontalAdvance(each) for each in names), default=0.0)
        needed = widest + share.horizontalAdvance("100 %" if self.outputs > 1 else "−000.00") + 1.4 * em
        most = max(0.13 * self.size.width(), min(widest + 1.2 * em, 0.2 * self.size.width()))
        return float(min(needed, most))

    def label_scale(self) -> float:
        """Return how much larger than usual the names of the outputs are written: where the canvas is large."""
        em = self.look.em()
        return float(max(min(self.size.width() / (57 * em), self.size.height() / (43 * em), 1.7), 1.0)) if em else 1.0

    @property
    def outputs(self) -> int:
        """Return the number of outputs."""
        return 0 if self.picture is None else self.picture.spec.outputs

    def output_name(self, row: int) -> str:
        """Return the name of an output: its class, or its number."""
        if self.outputs == 1:
            return self.names[0] if len(self.names) == 1 else ""
        return self.names[row] if row < len(self.names) else str(row)

    def _forget_what_is_gone(self) -> None:
        places, picture = self.places, self.picture
        if places is None or picture is None:
            return
        self.units = [key for key in self.units if places.unit(key) is not None]
        self.edges = [key for key in self.edges if places.edge(key) is not None]
        ids = {layer.id for layer in picture.spec.layers}
        self.matrix_ids &= ids
        self._scrolled = {layer_id: row for layer_id, row in self._scrolled.items() if layer_id in ids | {INPUT}}
        if self.focus is not None:
            place = min(self.focus[0], len(picture.spec.layers) - 1)
            self.focus = (place, min(self.focus[1], picture.width(place) - 1))
        self._current = None

    # ---- layers ------------------------------------------------------------------------------------------------

    def _place(self, layer_id: int) -> int:
        index = None if self.places is None else self.places.layer(layer_id)
        return INPUT if index is None else index

    def layer_id(self, place: int) -> int:
        """Return the id of a layer, INPUT for the input."""
        return INPUT if place == INPUT or self.picture is None else self.picture.spec.layers[place].id

    def matrix_layers(self) -> frozenset[int]:
        """Return the indices of the layers that are shown as matrix."""
        if self.places is None:
            return frozenset()
        found = (self.places.layer(layer_id) for layer_id in self.matrix_ids)
        return frozenset(index for index in found if index is not None)

    def matrices(self) -> list[MatrixPlan]:
        """Return where the matrices stand that are shown."""
        return (
            [] if self.layout is None else [matrix_plan(self.layout, index) for index in sorted(self.matrix_layers())]
        )

    def current_layer(self) -> int:
        """Return the layer that the line below the columns speaks of: under the mouse, else selected, else the last."""
        if self.picture is None or self.places is None:
            return 0
        count = len(self.picture.spec.layers)
        if (
            self.hover.kind in ("unit", "edge", "cell", "x", "b", "menu", "minus", "plus", "title")
            and self.hover.place >= 0
        ):
            self._current = self.hover.place
        elif self.units and self._current is None:
            self._current = self._place(self.units[-1][0])
        return min(self._current or 0, count - 1)

    def make_current(self, place: int) -> None:
        """Let the line below the columns speak of this layer."""
        self._current = max(place, 0)

    def scroll(self, place: int, rows: int) -> bool:
        """Scroll a column that shows a part of its neurons; return whether it moved."""
        if self.layout is None:
            return False
        column = self.layout.column(place)
        if not column.is_part:
            return False
        self._scrolled[self.layer_id(place)] = max(0, column.first // column.across + rows)
        self.lay_out()
        moved = self.layout.column(place).first
        self._scrolled[self.layer_id(place)] = moved // column.across
        return moved != column.first

    def bring_into_sight(self, place: int, row: int) -> bool:
        """Scroll and pan so that a neuron is in sight; return whether anything moved."""
        if self.layout is None:
            return False
        column, moved = self.layout.column(place), False
        if column.is_part and column.cell(row) is None:
            first, shown = column.first, column.shown
            rows = (row - first) // column.across if row < first else (row - first - shown) // column.across + 1
            moved = self.scroll(place, rows)
        cell = self.layout.column(place).cell(row)
        if cell is not None:
            around = 2 * self.look.em() if self.layout.is_wide else 0.0  # a sign stands at the end
            view = self.view.showing(cell, self.layout.stage.adjusted(around, 0, -around, 0))
            view = view.kept_near(self.layout.stage, self.layout.extent) if around else view
            moved, self.view = moved or view != self.view, view
        return moved

    # ---- selection ---------------------------------------------------------------------------------------------

    def selected_spots(self) -> list[tuple[int, int]]:
        """Return layer index and row of the selected neurons that are there."""
        if self.places is None:
            return []
        return [spot for key in self.units if (spot := self.places.unit(key)) is not None]

    def selected_rows(self, place: int) -> set[int]:
        """Return the rows of the selected neurons of one layer."""
        return {row for at, row in self.selected_spots() if at == place}

    def units_by_layer(self, units: Iterable[UnitKey] | None = None) -> dict[int, list[int]]:
        """Return the unit ids of the selection (or of ``units``) by layer id."""
        found: dict[int, list[int]] = {}
        for layer_id, unit in self.units if units is None else units:
            found.setdefault(layer_id, []).append(unit)
        return found

    def pixel_row(self) -> int | None:
        """Return the first-layer neuron whose strongest pixels are shown: under the mouse, else the last selected."""
        if self.picture is None or image_shape(self.picture.spec) is None or 0 in self.matrix_layers():
            return None
        if self.hover.kind == "unit" and self.hover.place == 0:
            return self.hover.row
        if self.is_focus_shown and self.focus is not None and self.focus[0] == 0:
            return self.focus[1]
        rows = [row for place, row in self.selected_spots() if place == 0]
        return rows[-1] if rows else None


def _same_cuts(before: Picture, after: Picture) -> bool:
    mine, yours = before.snapshot.present, after.snapshot.present
    if mine is None or yours is None:
        return mine is yours
    return mine is yours or bool((mine == yours).all())
