"""Where the tiles of a gallery lie: as large as they can be while all are in sight, else small and scrolled."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF

from playground.views.grid.arrangement import Arrangement

# of a picture's cell; below three only whole numbers, so that no line of pixels is twice as wide as the next
_PIXELS = (*(9.0 - step / 8 for step in range(49)), 2.0, 1.0)
LEAST_FACE = 3.0  # em


@dataclass(frozen=True)
class Tiles:
    """``count`` tiles in ``columns``; a face of ``wide`` x ``high`` device pixels, in a cell of ``pitch`` of them."""

    count: int
    columns: int
    wide: int
    high: int
    bar: int  # for the activation, left of the face
    gap: int
    caption: int
    margin: int
    ratio: float

    @property
    def pitch(self) -> tuple[int, int]:
        """Return the distance from tile to tile, across and down."""
        return self.bar + self.wide + self.gap, self.high + self.caption + self.gap

    @property
    def rows(self) -> int:
        """Return the number of lines."""
        return ceil(self.count / self.columns) if self.count else 0

    @property
    def height(self) -> float:
        """Return the height of all lines, in units of Qt."""
        return (2 * self.margin + self.rows * self.pitch[1] - (self.gap if self.rows else 0)) / self.ratio

    def face(self, tile: int) -> QRectF:
        """Return where the weights of a tile are drawn, the first line at the top."""
        row, column = divmod(tile, self.columns)
        left = self.margin + column * self.pitch[0] + self.bar
        top = self.margin + row * self.pitch[1]
        ratio = self.ratio
        return QRectF(left / ratio, top / ratio, self.wide / ratio, self.high / ratio)

    def whole(self, tile: int) -> QRectF:
        """Return a tile with bar and caption."""
        bar, caption = self.bar / self.ratio, self.caption / self.ratio
        return self.face(tile).adjusted(-bar, 0, 0, caption)

    def at(self, x: float, y: float) -> int | None:
        """Return the tile at a point, None between them."""
        across, down = x * self.ratio - self.margin, y * self.ratio - self.margin
        column, row = int(across // self.pitch[0]), int(down // self.pitch[1])
        inside = across - column * self.pitch[0] < self.bar + self.wide and down - row * self.pitch[1] < (
            self.high + self.caption
        )
        if not (0 <= column < self.columns and row >= 0 and inside):
            return None
        tile = row * self.columns + column
        return tile if tile < self.count else None

    def in_sight(self, top: float, height: float) -> range:
        """Return the tiles between ``top`` and ``top + height``."""
        pitch = self.pitch[1] / self.ratio
        first = max(0, int((top - self.margin / self.ratio) // pitch))
        last = min(self.rows, int((top + height) // pitch) + 1)
        return range(first * self.columns, min(self.count, max(first, last) * self.columns))


def laid_out(arrangement: Arrangement, count: int, width: float, height: float, ratio: float, em: float) -> Tiles:
    """Return the tiles of ``count`` neurons in a room of ``width`` x ``height``."""
    sizes = [_sized(arrangement, k, em * ratio, ratio) for k in _PIXELS]
    chosen = None
    for wide, high in sizes:
        tiles = _columned(wide, high, count, width, em, ratio)
        if tiles is None:
            continue
        if chosen is not None and wide < LEAST_FACE * em * ratio:
            break  # rather scrolled than too small to see
        chosen = tiles
        if tiles.height <= height:
            break
    return chosen or _columned(*sizes[-1], count, max(width, 4 * em), em, ratio, at_least=1)  # type: ignore[return-value]


def _sized(arrangement: Arrangement, k: float, em: float, ratio: float) -> tuple[int, int]:
    if arrangement.is_image:
        size = k * ratio if k * ratio >= 3 else max(1, round(k * ratio))
        return round(arrangement.columns * size), round(arrangement.rows * size)
    cell = max(1, round((0.35 + 0.17 * k) * em))
    cell = min(cell, max(1, int(13 * em / arrangement.columns)))
    return arrangement.columns * cell, arrangement.rows * cell


def _columned(
    wide: int, high: int, count: int, width: float, em: float, ratio: float, at_least: int = 0
) -> Tiles | None:
    bar, gap = max(2, round(0.46 * em * ratio)), round(0.7 * em * ratio)
    caption, margin = round(1.15 * em * ratio), round(0.8 * em * ratio)
    room = int(width * ratio) - 2 * margin + gap
    columns = max(at_least, min(room // (bar + wide + gap), max(1, count)))
    return Tiles(count, columns, wide, high, bar, gap, caption, margin, ratio) if columns else None
