"""Buttons with an icon, a short text or both, in the colours of the palette."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from playground.views.inspector.icons import draw_icon
from playground.views.look import Look


class IconButton(QAbstractButton):
    """A small framed button; ``is_flat`` shows its frame only under the mouse. With a menu a press opens it."""

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        tooltip: str,
        *,
        icon: str = "",
        text: str = "",
        checkable: bool = False,
        is_flat: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon, self._is_flat = look, icon, is_flat
        self._menu: QMenu | None = None
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setAccessibleDescription(tooltip)
        self.setToolTip(tooltip)
        self.setText(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self._render_look)

    def set_menu(self, menu: QMenu) -> None:
        """Open ``menu`` on a press; a small arrow says so."""
        self._menu = menu
        self.clicked.connect(self._open_menu)
        self.updateGeometry()

    def menu(self) -> QMenu | None:
        """Return the menu, None where there is none."""
        return self._menu

    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square for an icon, as wide as it needs for a text."""
        em = self._look.em()
        side = 1.7 * em if not self._is_flat else 1.5 * em
        width = side if self._icon else 0.6 * em
        if self.text():
            width += QFontMetricsF(self._look.font(9.0)).horizontalAdvance(self.text()) + 0.4 * em
        if self._menu is not None:
            width += 0.5 * em
        return QSize(round(width), round(side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, icon, text and arrow."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        self._draw_frame(painter, room.adjusted(0.75, 0.75, -0.75, -0.75))
        ink = palette.colour("accent" if self.isChecked() else "text")
        if not self.isEnabled():
            ink = palette.colour("faint")
        elif self._is_flat and not (self.underMouse() or self.isChecked()):
            ink = palette.colour("muted")
        left = 0.3 * em
        if self._icon:
            side = room.height()
            size = 1.12 * em
            inset = (side - size) / 2
            draw_icon(painter, self._icon, QRectF(inset, inset, size, size), ink)
            left = side - 0.15 * em
        if self.text():
            painter.setFont(self._look.font(9.0))
            painter.setPen(ink)
            words = QRectF(left, 0, room.width() - left, room.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        if self._menu is not None:
            self._draw_arrow(painter, room)
        painter.end()

    def _draw_frame(self, painter: QPainter, frame: QRectF) -> None:
        palette, em = self._look.palette, self._look.em()
        is_lit = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._is_flat and not is_lit and not self.isChecked() and not self.hasFocus():
            return
        ground = palette.colour("raised")
        if self.isDown():
            ground = palette.colour("line")
        edge = palette.colour("faint" if is_lit else "line")
        if self.isChecked():
            ground = palette.colour("accent")
            ground.setAlpha(46)
            edge = palette.colour("accent")
        if self.hasFocus():
            edge = palette.colour("accent")
        painter.setPen(QPen(edge, 1.5 if self.hasFocus() else 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(frame, 0.3 * em, 0.3 * em)

    def _draw_arrow(self, painter: QPainter, room: QRectF) -> None:
        em = self._look.em()
        pen = QPen(self._look.palette.colour("muted"), max(1.2, 0.1 * em))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y, reach = room.right() - 0.6 * em, room.center().y() + 0.05 * em, 0.2 * em
        low, high = y + reach / 2, y - reach / 2
        painter.drawPolyline([QPointF(x - reach, high), QPointF(x, low), QPointF(x + reach, high)])
