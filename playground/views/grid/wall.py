"""The wall of the gallery: the weights of every neuron of a layer as one atlas; only what is in sight is computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import Arrangement, arrangement_of, unit_name
from playground.views.grid.numerals import signed_text, weight_scale
from playground.views.grid.tiles import Tiles, laid_out
from playground.views.grid.wall_painter import WallPainter, WallState
from playground.views.look import Look

_NO_TILES = Tiles(0, 1, 1, 1, 0, 0, 0, 0, 1.0)
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class TileWall(QAbstractScrollArea):
    """One layer's neurons as tiles; a click or the arrow keys choose one."""

    unit_chosen = Signal(int)  # row of the weight matrix
    scale_changed = Signal(float)  # the layer's magnitude of full colour

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._snapshot: Snapshot | None = None
        self._index = 0
        self._selected = -1
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._subset: tuple[int, ...] | None = None
        self._is_per_neuron = False
        self._scale = 0.0
        self._arrangement = Arrangement(1, 1, 0)
        self._tiles = _NO_TILES
        self._painter = WallPainter(look)
        self.setObjectName("weight_wall")
        self.setAccessibleName("weights of all neurons of the layer")
        self.viewport().setToolTip("Click a neuron to see it large; arrow keys go from one to the next")
        self.setToolTip(self.viewport().toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        look.changed.connect(self._lay_out)

    # ---- what others call ----

    def render_snapshot(self, snapshot: Snapshot, index: int) -> None:
        """Show layer ``index`` of a new moment."""
        is_other = (
            self._snapshot is None
            or index != self._index
            or (self._snapshot.spec is not snapshot.spec and self._snapshot.spec != snapshot.spec)
        )
        self._snapshot, self._index = snapshot, index
        if is_other:
            self._scale = 0.0
            self._arrangement = arrangement_of(snapshot.spec, index)
            self._lay_out()
        scale = weight_scale(snapshot.weight(index), self._scale)
        if scale != self._scale:
            self._scale = scale
            self.scale_changed.emit(scale)
        self.viewport().update()

    def show_only(self, rows: Sequence[int] | None) -> None:
        """Show some neurons of the layer (rows of the weight matrix), None: all."""
        subset = None if rows is None else tuple(rows)
        if subset != self._subset:
            self._subset = subset
            self._lay_out()

    def set_per_neuron(self, *, is_per_neuron: bool) -> None:
        """Give every neuron a colour scale of its own."""
        self._is_per_neuron = is_per_neuron
        self.viewport().update()

    def set_selected(self, row: int) -> None:
        """Mark a neuron and bring it in sight; -1: none."""
        if row != self._selected:
            self._selected = row
            self._describe()
            self._scroll_to(row)
            self.viewport().update()

    def tile_rect(self, row: int) -> QRectF:
        """Return where the face of a neuron lies in the viewport."""
        tile = self._tile_of(row)
        return QRectF() if tile is None else self._tiles.face(tile).translated(0, -self.verticalScrollBar().value())

    def tiles(self) -> Tiles:
        """Return where the tiles lie."""
        return self._tiles

    # ---- layout ----

    def sizeHint(self) -> QSize:
        """Return a size in which a small layer is seen whole."""
        return QSize(round(30 * self._look.em()), round(24 * self._look.em()))

    def height_for(self, width: int, most: int) -> int:
        """Return the height in which the tiles are as large as they can be in ``width`` x ``most``."""
        if not self._rows.size:
            return most
        ratio, em = self.devicePixelRatioF(), self._look.em()
        return min(most, ceil(laid_out(self._arrangement, self._rows.size, width, most, ratio, em).height) + 1)

    def _lay_out(self) -> None:
        if self._snapshot is None:
            return
        width = self._snapshot.spec.layers[self._index].width
        rows = range(width) if self._subset is None else [row for row in self._subset if 0 <= row < width]
        self._rows = np.array(rows, np.int64)
        count = self._rows.size
        view, em = self.viewport(), self._look.em()
        self._tiles = laid_out(self._arrangement, count, view.width(), view.height(), self.devicePixelRatioF(), em)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, round(self._tiles.height) - view.height()))
        bar.setPageStep(view.height())
        bar.setSingleStep(round(3 * em))
        view.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def _scroll_to(self, row: int) -> None:
        tile = self._tile_of(row)
        if tile is None:
            return
        whole, bar, em = self._tiles.whole(tile), self.verticalScrollBar(), self._look.em()
        if whole.top() - em < bar.value():
            bar.setValue(round(whole.top() - em))
        elif whole.bottom() + em > bar.value() + self.viewport().height():
            bar.setValue(round(whole.bottom() + em - self.viewport().height()))

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles in sight."""
        if self._snapshot is None or not self._tiles.count:
            return
        painter = QPainter(self.viewport())
        top = self.verticalScrollBar().value()
        seen = self._tiles.in_sight(top, self.viewport().height())
        painter.translate(0, -top)
        state = WallState(self._snapshot, self._index, self._arrangement, self._tiles, self._rows, seen)
        self._painter.draw(painter, state, 0.0 if self._is_per_neuron else self._scale)
        tile = self._tile_of(self._selected)
        if tile is not None and tile in seen:
            self._painter.draw_selection(painter, self._tiles.face(tile), has_focus=self.hasFocus())
        painter.end()

    # ---- mouse and keyboard ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the neuron under the mouse."""
        tile = self._tile_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and tile is not None:
            self._choose(tile)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer what can be clicked."""
        is_over = self._tile_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from neuron to neuron."""
        count, columns = self._tiles.count, self._tiles.columns
        key = Qt.Key(event.key())
        if key in _STEPS and count and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            across, down = _STEPS[key]
            here = self._tile_of(self._selected)
            target = 0 if here is None else here + across + down * columns
            if 0 <= target < count:
                self._choose(target)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self._choose(0 if key == Qt.Key.Key_Home else count - 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, tile: int) -> None:
        row = int(self._rows[tile])
        self.set_selected(row)
        self.unit_chosen.emit(row)

    def _tile_of(self, row: int) -> int | None:
        """Return which tile shows a neuron, None where none does."""
        if self._subset is None:
            return row if 0 <= row < self._rows.size else None
        found = np.flatnonzero(self._rows == row)
        return int(found[0]) if found.size else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of the neuron under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tile = self._tile_at(event.pos())
            QToolTip.showText(
                event.globalPos(), "" if tile is None else self.told(int(self._rows[tile])), self.viewport()
            )
            return True
        return super().viewportEvent(event)

    def _tile_at(self, point: QPoint) -> int | None:
        return self._tiles.at(point.x(), point.y() + self.verticalScrollBar().value())

    def told(self, row: int) -> str:
        """Return what is said of a neuron on hover."""
        snapshot = self._snapshot
        if snapshot is None or not 0 <= row < snapshot.spec.layers[self._index].width:
            return ""
        weights, bias = snapshot.weight(self._index)[row], float(snapshot.bias(self._index)[row])
        words = f"{unit_name(snapshot.spec, self._index, row)}\n{weights.size:,} weights from "
        words += f"{signed_text(float(weights.min()))} to {signed_text(float(weights.max()))}, bias {signed_text(bias)}"
        if snapshot.readings is not None and self._index < len(snapshot.readings.act):
            words += f"\nactivation {signed_text(float(snapshot.readings.act[self._index][row]), 3, plus=False)}"
        for name, word in (("movable", "frozen"), ("present", "cut")):
            mask = snapshot.mask(name, self._index)
            count = 0 if mask is None else int((~mask[row]).sum())
            words += f"\n{count:,} weights {word}" if count else ""
        return words

    def _describe(self) -> None:
        self.setAccessibleDescription(self.told(self._selected).replace("\n", ", "))
