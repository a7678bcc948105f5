"""Where everything stands: columns of neurons, the gaps between them, header and footer. Plan coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from typing import Literal

import numpy as np
from PySide6.QtCore import QRect, QRectF

from playground.engine.spec import NetworkSpec
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.picture import INPUT, image_shape

ColumnKind = Literal["image", "faces", "lamps", "surfaces"]

# pitch in em: below the first they stand abreast, below the second only a part is shown at a time
_PITCHES: dict[ColumnKind, tuple[float, float]] = {"faces": (1.25, 0.62), "lamps": (1.0, 0.5), "surfaces": (2.5, 0.9)}
_BAR = 0.26  # of the pitch: the bar of activation beside a face, with its gap
_BAR_MOST = 0.8  # em, beside what a neuron answers over the plane
# em from column to column: with less than the first the plan is wider than the window, with the second for each
_LEAST_COLUMN, _WIDE_COLUMN = 3.7, 5.0
_FEW, _FEWEST = 8, 4  # up to so many neurons a column is drawn large, or larger


@dataclass(frozen=True, eq=False)
class Column:
    """One layer (or the input): its neurons stand in rows of ``across``, those from ``first`` on are shown."""

    place: int
    kind: ColumnKind
    body: QRectF  # what the neurons (or the input image) cover
    pitch: float = 0.0
    size: float = 0.0  # side of a face, diameter of a lamp
    bar: float = 0.0  # width of the activation bar at the left of a face
    across: int = 1
    first: int = 0
    total: int = 0
    centres: FloatArray = field(default_factory=lambda: np.zeros((0, 2), np.float32))  # [shown, 2]

    @property
    def shown(self) -> int:
        """Return how many neurons are in sight."""
        return len(self.centres)

    @property
    def is_part(self) -> bool:
        """Return whether there are more neurons than shown."""
        return self.shown < self.total

    @property
    def middle(self) -> float:
        """Return the x of the column's middle."""
        return self.body.center().x()

    def cell(self, row: int) -> QRectF | None:
        """Return the square of neuron ``row``, None where it is scrolled out of sight."""
        spot = row - self.first
        if not 0 <= spot < self.shown:
            return None
        x, y = self.centres[spot].tolist()
        return QRectF(x - self.size / 2, y - self.size / 2, self.size, self.size)

    def pixel(self, number: int, shape: tuple[int, int]) -> tuple[float, float]:
        """Return the middle of pixel ``number`` of the input image."""
        height, width = shape
        row, column = divmod(number % (height * width), width)
        return (
            self.body.left() + (column + 0.5) * self.body.width() / width,
            self.body.top() + (row + 0.5) * self.body.height() / height,
        )


@dataclass(frozen=True, eq=False)
class Layout:
    """The plan of the whole diagram. ``stage`` lies between header and footer; ``gaps[i]`` is left of layer i."""

    width: float
    height: float
    em: float
    grain: float  # 1 on a desk; larger canvases are drawn larger, type apart
    stage: QRectF
    footer: QRectF
    columns: tuple[Column, ...]  # input first
    gaps: tuple[QRectF, ...]
    labels: QRectF  # the names right of the output lamps
    extent: QRectF  # the stage, or more than it where the layers need more room than there is

    @property
    def is_wide(self) -> bool:
        """Return whether there are more layers than fit into the width."""
        return self.extent.width() > self.stage.width()

    def column(self, place: int) -> Column:
        """Return the column of a layer, or of the input."""
        return self.columns[place + 1]

    @property
    def head(self) -> QRect:
        """Return the whole pixels above the stage."""
        return QRect(0, 0, ceil(self.width), floor(self.stage.top()))

    @property
    def foot(self) -> QRect:
        """Return the whole pixels below the stage."""
        top = ceil(self.stage.bottom())
        return QRect(0, top, ceil(self.width), max(ceil(self.height) - top, 0))

    @property
    def span(self) -> QRectF:
        """Return the rectangle from the input to the outputs."""
        return self.gaps[0].united(self.gaps[-1])

    def slot(self, place: int) -> tuple[float, float]:
        """Return from where to where the header of a column may reach: the middles of the gaps beside it."""
        left = self.gaps[place].center().x() if place >= 0 else 0.0
        right = self.gaps[place + 1].center().x() if place + 1 < len(self.gaps) else self.extent.right()
        return left, right


@dataclass(frozen=True)
class _Stack:
    """How n neurons are stacked: rows of ``across``, of which those from ``first_row`` on are shown."""

    across: int
    rows: int
    pitch: float
    rows_in_all: int


def arrange(
    spec: NetworkSpec,
    width: float,
    height: float,
    em: float,
    *,
    label_width: float = 0.0,
    matrices: frozenset[int] = frozenset(),
    scrolled: Mapping[int, int] | None = None,
    surfaces: bool = False,
    name_width: float = 0.0,
) -> Layout:
    """Return the plan for a widget of ``width`` x ``height`` pixels, ``em`` being the height of a line of text.

    ``matrices`` holds the layer indices that are shown as matrix (their gap is wider), ``scrolled`` the first
    row in sight of columns that show a part of their neurons, by place. With ``surfaces`` every neuron has room for
    a picture of what it answers; ``name_width`` is kept for the names left of the inputs.
    """
    is_image = image_shape(spec) is not None
    margin = min(1.9 * em, 0.04 * width)
    room = width - label_width - name_width - 2 * margin
    columns_em = em * (len(spec.layers) + 1)
    reach = width if room >= _LEAST_COLUMN * columns_em else width - room + _WIDE_COLUMN * columns_em
    footer_height = (2.1 if is_image and reach == width else 3.9) * em
    header_height = 4.0 * em
    stage = QRectF(0.0, header_height, width, max(height - header_height - footer_height, 4 * em))
    footer = QRectF(0.0, height - footer_height, width, footer_height)
    extent = QRectF(0.0, stage.top(), reach, stage.height())
    inner = extent.adjusted(0.0, (1.6 if matrices else 0.35) * em, 0.0, -0.55 * em)
    grain = max(1.0, min(width / (57 * em), height / (43 * em))) ** 0.85
    kinds = tuple(_kind(spec, place, surfaces=surfaces) for place in range(INPUT, len(spec.layers)))
    sizes = _bodies(spec, inner, em, grain, label_width + name_width, kinds)
    gaps_weight = [_gap_weight(index, is_image, matrices) for index in range(len(spec.layers))]
    free = reach - 2 * margin - label_width - name_width - sum(body_width for _, body_width in sizes)
    unit = max(free, 1.2 * em * len(gaps_weight)) / sum(gaps_weight)
    columns, x = [], margin + name_width
    for place, (stack, body_width) in enumerate(sizes, INPUT):
        area = QRectF(x, inner.top(), body_width, inner.height())
        columns.append(_column(spec, place, kinds[place + 1], stack, area, em * grain, scrolled))
        x += body_width + (gaps_weight[place + 1] * unit if place + 1 < len(gaps_weight) else 0.0)
    gaps = tuple(
        QRectF(left.body.right(), inner.top(), right.body.left() - left.body.right(), inner.height())
        for left, right in pairwise(columns)
    )
    labels = QRectF(x + 0.5 * em, inner.top(), label_width, inner.height())
    return Layout(width, height, em, grain, stage, footer, tuple(columns), gaps, labels, extent)


def _gap_weight(index: int, is_image: bool, matrices: frozenset[int]) -> float:
    if index in matrices:
        return 1.7
    return 0.6 if is_image and index == 0 else 1.0


def _kind(spec: NetworkSpec, place: int, *, surfaces: bool) -> ColumnKind:
    is_image = image_shape(spec) is not None
    if is_image and place <= 0:
        return "image" if place == INPUT else "faces"
    return "surfaces" if surfaces else "lamps"


def _bodies(
    spec: NetworkSpec, inner: QRectF, em: float, grain: float, beside: float, kinds: tuple[ColumnKind, ...]
) -> list[tuple[_Stack, float]]:
    """Return stack and body width of every column, input first; ``beside`` is the width of the names at both ends."""
    share = (inner.width() - beside) / (len(spec.layers) + 1)
    found = []
    for kind, count in zip(kinds, spec.widths, strict=True):
        if kind == "image":
            found.append((_Stack(1, 1, 0.0, 1), _image_size(spec, inner, share)[0]))
            continue
        stack = _stacked(count, inner.height(), (0.62 if kind == "surfaces" else 0.55) * share, em, grain, kind=kind)
        bar = _bar_width(stack.pitch, kind, em * grain)
        found.append((stack, stack.across * (stack.pitch + bar if bar else _lamp_across(stack, em * grain))))
    return found


def _image_size(spec: NetworkSpec, inner: QRectF, share: float) -> tuple[float, float]:
    height, width = image_shape(spec) or (1, 1)
    largest = max(min(0.62 * share, 0.5 * inner.height()), 8.0)
    scale = largest / max(height, width)
    return width * scale, height * scale


def _stacked(count: int, height: float, width: float, em: float, grain: float, *, kind: ColumnKind) -> _Stack:
    """Return how to stack ``count`` neurons: as few abreast as keeps them comfortable, then smaller, then a part."""
    comfort, least = _PITCHES[kind]
    largest = em * grain * (3.4 if count > _FEW else 5.0 if count > _FEWEST else 6.5)
    if kind == "surfaces":  # as wide as high: many layers leave them less room
        largest = min(largest, max(width / (1 + _BAR), least * em))
        comfort = min(comfort, largest / em)
    for across in range(1, count + 1):
        rows = ceil(count / across)
        pitch = min(height / rows, largest)
        if pitch >= comfort * em:
            return _Stack(across, rows, pitch, rows)
        if (across + 1) * comfort * em > width:
            break
    # More abreast than is comfortable would not fit the width: make them smaller, as square a block as fits.
    for pitch in np.linspace(comfort, least, 12) * em:
        across, rows = max(1, int(width / pitch)), int(height / pitch)
        if across * rows >= count:
            needed = ceil(count / across)
            return _Stack(ceil(count / needed), needed, min(height / needed, float(pitch) * 1.15), needed)
    pitch = 0.5 * (comfort + least) * em
    across, rows = max(1, int(width / pitch)), max(1, int(height / pitch))
    return _Stack(across, rows, height / rows, ceil(count / across))


def _bar_width(pitch: float, kind: ColumnKind, em: float) -> float:
    """Return the width of the bar of activation beside a face, with its gap."""
    if kind == "lamps":
        return 0.0
    wide = max(2.0, 0.16 * pitch) + max(1.0, 0.1 * pitch)
    return min(wide, _BAR_MOST * em) if kind == "surfaces" else wide


def _lamp_size(stack: _Stack, em: float) -> float:
    return min(
        0.84 * stack.pitch, (1.75 if stack.rows_in_all > _FEW else 2.9 if stack.rows_in_all > _FEWEST else 3.6) * em
    )


def _lamp_across(stack: _Stack, em: float) -> float:
    return _lamp_size(stack, em) if stack.across == 1 else min(stack.pitch, 1.5 * _lamp_size(stack, em))


def _column(
    spec: NetworkSpec,
    place: int,
    kind: ColumnKind,
    stack: _Stack,
    area: QRectF,
    em: float,
    scrolled: Mapping[int, int] | None,
) -> Column:
    total = spec.widths[place + 1]
    if kind == "image":
        height, width = image_shape(spec) or (1, 1)
        side = area.width() * height / width
        body = QRectF(area.left(), area.center().y() - side / 2, area.width(), side)
        return Column(place, kind, body, total=total)
    bar = _bar_width(stack.pitch, kind, em)
    size = _lamp_size(stack, em) if kind == "lamps" else stack.pitch - max(1.0, 0.1 * stack.pitch)
    first_row = min(max((scrolled or {}).get(place, 0), 0), stack.rows_in_all - stack.rows)
    first = first_row * stack.across
    shown = min(stack.rows * stack.across, total - first)
    numbers = np.arange(shown)
    step = area.width() / stack.across
    x = area.left() + (numbers % stack.across) * step + (step + bar) / 2
    top = area.center().y() - stack.rows * stack.pitch / 2
    y = top + (numbers // stack.across + 0.5) * stack.pitch
    body = QRectF(area.left(), top, area.width(), stack.rows * stack.pitch)
    centres = np.stack([x, y], 1).astype(np.float32)
    return Column(place, kind, body, stack.pitch, size, bar, stack.across, first, total, centres)
