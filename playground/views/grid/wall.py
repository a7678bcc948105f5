"""The wall of the gallery: the weights of every neuron of a layer as one atlas; only what is in sight is computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.grid.arrangement import Arrangement, arrangement_of, unit_name
from playground.views.grid.canvas_painter import rgba_image
from playground.views.grid.numerals import signed_text, weight_scale
from playground.views.grid.tiles import Tiles, laid_out
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
        self._is_per_neuron = False
        self._scale = 0.0
        self._arrangement = Arrangement(1, 1, 0)
        self._tiles = _NO_TILES
        self.setObjectName("weight_wall")
        self.setAccessibleName("weights of all neurons of the layer")
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
        return self._tiles.face(row).translated(0, -self.verticalScrollBar().value())

    def tiles(self) -> Tiles:
        """Return where the tiles lie."""
        return self._tiles

    # ---- layout ----

    def sizeHint(self) -> QSize:
        """Return a size in which a small layer is seen whole."""
        return QSize(round(30 * self._look.em()), round(24 * self._look.em()))

    def _lay_out(self) -> None:
        if self._snapshot is None:
            return
        count = self._snapshot.spec.layers[self._index].width
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
        if not 0 <= row < self._tiles.count:
            return
        whole, bar, em = self._tiles.whole(row), self.verticalScrollBar(), self._look.em()
        if whole.top() - em < bar.value():
            bar.setValue(round(whole.top() - em))
        elif whole.bottom() + em > bar.value() + self.viewport().height():
            bar.setValue(round(whole.bottom() + em - self.viewport().height()))

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles in sight."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        painter = QPainter(self.viewport())
        top = self.verticalScrollBar().value()
        seen = self._tiles.in_sight(top, self.viewport().height())
        painter.translate(0, -top)
        self._draw_faces(painter, snapshot, seen)
        self._draw_bars(painter, snapshot, seen)
        self._draw_captions(painter, snapshot, seen)
        painter.end()

    def _draw_faces(self, painter: QPainter, snapshot: Snapshot, seen: range) -> None:
        """Draw all faces out of one picture, tile below tile."""
        rows, columns = self._arrangement.shape
        weights = snapshot.weight(self._index)[seen.start : seen.stop]
        atlas = rgba_image(self._coloured(weights).reshape(len(seen) * rows, columns, 4))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        for place, tile in enumerate(seen):
            painter.drawImage(self._tiles.face(tile), atlas, QRectF(0, place * rows, columns, rows))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.palette.colour("line"), 1))
        painter.drawRects([self._tiles.face(tile).adjusted(-0.5, -0.5, 0.5, 0.5) for tile in seen])
        if self._selected in seen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = max(2.0, 0.14 * self._look.em())
            painter.setPen(QPen(self._look.palette.colour("accent" if self.hasFocus() else "text"), width))
            edge = width / 2 + 1
            painter.drawRect(self._tiles.face(self._selected).adjusted(-edge, -edge, edge, edge))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _coloured(self, weights: NDArray[np.float32]) -> NDArray[np.uint8]:
        palette, void = self._look.palette, self._arrangement.rows * self._arrangement.columns - self._arrangement.count
        scale = self._scale
        if self._is_per_neuron:
            scales = np.array([weight_scale(row) for row in weights], np.float32)
            weights, scale = np.divide(weights, scales[:, None], dtype=np.float32), 1.0
        rgba = palette.signed_rgba(weights, scale)
        if void:
            rgba = np.concatenate([rgba, np.zeros((len(weights), void, 4), np.uint8)], axis=1)
        return rgba

    def _draw_bars(self, painter: QPainter, snapshot: Snapshot, seen: range) -> None:
        """Draw each neuron's activation as a bar left of its face."""
        if snapshot.readings is None or self._index >= len(snapshot.readings.act):
            return
        palette, act = self._look.palette, np.asarray(snapshot.readings.act[self._index], np.float64)
        largest = max(1.0, float(np.nanmax(np.abs(act), initial=1.0)))
        width = self._tiles.bar / self._tiles.ratio
        for tile in seen:
            face = self._tiles.face(tile)
            groove = QRectF(face.left() - width, face.top(), width * 0.66, face.height())
            painter.fillRect(groove, palette.colour("raised"))
            if tile < act.size and np.isfinite(act[tile]):
                share = abs(act[tile]) / largest
                lit = groove.adjusted(0, groove.height() * (1.0 - share), 0, 0)
                painter.fillRect(lit, palette.colour("activation" if act[tile] >= 0 else "negative"))

    def _draw_captions(self, painter: QPainter, snapshot: Snapshot, seen: range) -> None:
        palette = self._look.palette
        painter.setFont(self._look.font(8.0))
        metrics = QFontMetricsF(painter.font())
        frozen, cut = self._states(snapshot, "movable"), self._states(snapshot, "present")
        height = self._tiles.caption / self._tiles.ratio
        for tile in seen:
            face = self._tiles.face(tile)
            below = QRectF(face.left(), face.bottom(), face.width(), height)
            painter.setPen(palette.colour("text" if tile == self._selected else "muted"))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), str(tile + 1))
            words = [word for word, states in (("frozen", frozen), ("cut", cut)) if states is not None and states[tile]]
            if words:
                painter.setPen(palette.colour("accent"))
                room = below.adjusted(metrics.horizontalAdvance(f"{tile + 1} "), 0, 0, 0)
                text = metrics.elidedText(" · ".join(words), Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)

    def _states(self, snapshot: Snapshot, name: str) -> NDArray[np.bool_] | None:
        """Return which neurons have frozen or cut weights ``[units]``."""
        mask = snapshot.mask(name, self._index)
        return None if mask is None else np.logical_not(np.all(mask, axis=1))

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
            target = self._selected + across + down * columns
            if 0 <= target < count:
                self._choose(target)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self._choose(0 if key == Qt.Key.Key_Home else count - 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, tile: int) -> None:
        self.set_selected(tile)
        self.unit_chosen.emit(tile)

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
            QToolTip.showText(event.globalPos(), "" if tile is None else self.told(tile), self.viewport())
            return True
        return super().viewportEvent(event)

    def _tile_at(self, point: QPoint) -> int | None:
        return self._tiles.at(point.x(), point.y() + self.verticalScrollBar().value())

    def told(self, tile: int) -> str:
        """Return what is said of a neuron on hover."""
        snapshot = self._snapshot
        if snapshot is None or tile >= snapshot.spec.layers[self._index].width:
            return ""
        weights, bias = snapshot.weight(self._index)[tile], float(snapshot.bias(self._index)[tile])
        words = f"{unit_name(snapshot.spec, self._index, tile)}\n{weights.size:,} weights from "
        words += f"{signed_text(float(weights.min()))} to {signed_text(float(weights.max()))}, bias {signed_text(bias)}"
        if snapshot.readings is not None and self._index < len(snapshot.readings.act):
            words += f"\nactivation {signed_text(float(snapshot.readings.act[self._index][tile]), 3, plus=False)}"
        for name, word in (("movable", "frozen"), ("present", "cut")):
            mask = snapshot.mask(name, self._index)
            count = 0 if mask is None else int((~mask[tile]).sum())
            words += f"\n{count:,} weights {word}" if count else ""
        return words

    def _describe(self) -> None:
        self.setAccessibleDescription(self.told(self._selected).replace("\n", ", ") if self._selected >= 0 else "")
