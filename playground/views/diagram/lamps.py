"""Neurons as lamps, from a store of ready-made pictures: painting 300 circles anew each frame would be slow."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QRadialGradient

from playground.views.diagram.colours import lamp_colour, mixed
from playground.views.diagram.curve import FloatArray
from playground.views.palette import Palette

LEVELS = 32  # brightnesses of a lamp
KEPT = 600  # pictures
_HALO = 1.75  # how far the shine of a lit lamp reaches, in radii


def levels(light: FloatArray) -> list[int]:
    """Return how brightly lamps lit from -1 to 1 are shown, in ``LEVELS``."""
    found: list[int] = np.rint(np.clip(light, -1.0, 1.0) * LEVELS).astype(np.intp).tolist()
    return found


class LampStore:
    """Pictures of lamps of one diameter, made when first needed."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[int, bool, int], tuple[QPixmap, float]] = {}  # with half its side
        self._for: tuple[Palette, float] | None = None

    def prepare(self, painter: QPainter, palette: Palette) -> None:
        """Make ready for lamps of this look on the painter's device."""
        ratio = painter.device().devicePixelRatioF()
        if self._for is None or self._for[0] is not palette or self._for[1] != ratio:
            self._pictures.clear()
            self._for = (palette, ratio)

    def paint(
        self, painter: QPainter, x: float, y: float, diameter: float, level: int, *, answer: bool = False
    ) -> None:
        """Paint one lamp around a point; the answer's lamp is lit in the colour of what is good."""
        key = (level, answer, round(diameter * 4))
        picture, half = self._pictures.get(key) or self._add(key)
        painter.drawPixmap(QPointF(x - half, y - half), picture)

    def _add(self, key: tuple[int, bool, int]) -> tuple[QPixmap, float]:
        if self._for is None:
            raise RuntimeError("the store of lamps was not made ready")
        palette, ratio = self._for
        level, answer, size = key
        if len(self._pictures) > KEPT:
            self._pictures.clear()
        picture = _drawn(palette, size / 4, level / LEVELS, ratio, answer=answer)
        self._pictures[key] = (picture, picture.width() / ratio / 2)
        return self._pictures[key]


def _drawn(palette: Palette, diameter: float, light: float, ratio: float, *, answer: bool) -> QPixmap:
    side = int(diameter * _HALO) + 4
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, radius = QPointF(side / 2, side / 2), diameter / 2
    colour = palette.colour("good") if answer else lamp_colour(palette, light)
    shine = 1.0 if answer else abs(light)
    if shine > 0.05 and diameter > 5:
        _paint_halo(painter, middle, radius, colour, shine * (0.42 if palette.name == "dark" else 0.28))
    rim = colour.lighter(125) if palette.name == "dark" else colour.darker(115)
    painter.setBrush(colour)
    painter.setPen(QPen(mixed(palette.colour("faint"), rim, min(1.0, 1.3 * shine)), max(0.8, 0.045 * diameter)))
    painter.drawEllipse(middle, radius - 0.5, radius - 0.5)
    painter.end()
    return picture


def _paint_halo(painter: QPainter, middle: QPointF, radius: float, colour: QColor, strength: float) -> None:
    reach = radius * _HALO
    halo = QRadialGradient(middle, reach)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):  # from the rim of the lamp outwards, fading smoothly to nothing
        tint = QColor(colour)
        tint.setAlphaF(strength * (1 - share) ** 2)
        halo.setColorAt((1 + (_HALO - 1) * share) / _HALO, tint)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawEllipse(QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach))


def paint_frozen(painter: QPainter, middle: QPointF, size: float, colour: QColor) -> None:
    """Paint a little snow star."""
    painter.setPen(QPen(colour, max(1.0, 0.28 * size), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for x, y in ((0.0, 1.0), (0.866, 0.5), (0.866, -0.5)):
        painter.drawLine(middle - QPointF(x, y) * size, middle + QPointF(x, y) * size)
