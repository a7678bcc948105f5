"""The slider of the number fields: a thin line, filled up to a round handle; a click jumps there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from playground.views.look import Look

STEPS = 1000
_KEY_STEPS = {
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_Right: 1.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_Left: -1.0,
    Qt.Key.Key_PageUp: 10.0,
    Qt.Key.Key_PageDown: -10.0,
}


def key_steps(event: QKeyEvent) -> float:
    """Return how many steps a key stroke means, a tenth of them with Shift; 0 for other keys."""
    steps = _KEY_STEPS.get(Qt.Key(event.key()), 0.0)
    return steps / 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else steps


def wheel_steps(widget: QWidget, event: QWheelEvent) -> float:
    """Take a turn of the wheel as steps where ``widget`` has the focus; else leave it to the panel behind, and 0."""
    turned = event.angleDelta().y() if widget.hasFocus() else 0
    event.setAccepted(bool(turned))
    return turned / 120


class TrackSlider(QSlider):
    """A horizontal slider of `STEPS` places, painted in the palette's colours.

    ``origin`` is the share from which the line is filled (0: the left end); with ``signed`` the line takes the
    colours of positive and negative numbers. Arrow keys and wheel ask for steps (``step_requested``), since only
    the field knows what a step of its number is.
    """

    step_requested = Signal(float)

    def __init__(self, look: Look, *, origin: float = 0.0, signed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._origin = origin
        self._is_signed = signed
        self._grab_offset = 0.0
        self.setRange(0, STEPS)
        self.setSingleStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self._render_look)

    def share(self) -> float:
        """Return the handle's place, 0 to 1."""
        return self.value() / STEPS

    def set_share(self, share: float) -> None:
        """Put the handle at ``share``."""
        self.setValue(round(share * STEPS))

    def sizeHint(self) -> QSize:
        """Return a length that can be aimed at."""
        em = self._look.em()
        return QSize(round(6 * em), round(1.1 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least length that is still of use."""
        em = self._look.em()
        return QSize(round(2.5 * em), round(1.1 * em))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _radius(self) -> float:
        return 0.38 * self._look.em()

    def inset(self) -> float:
        """Return how far from its edge the line begins."""
        return self._radius() + 1.5

    def _x(self, share: float) -> float:
        inset = self.inset()
        return inset + share * (self.width() - 2 * inset)

    def _fill(self) -> QColor:
        palette = self._look.palette
        if not self.isEnabled():
            return palette.colour("faint")
        if self._is_signed:
            return palette.colour("positive" if self.share() >= self._origin else "negative")
        return palette.colour("accent")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line, fill and handle."""
        palette, em, middle = self._look.palette, self._look.em(), self.height() / 2
        thick = max(2.0, 0.17 * em)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("line" if palette.name == "light" else "raised"))
        left, right = self._x(0), self._x(1)
        painter.drawRoundedRect(QRectF(left, middle - thick / 2, right - left, thick), thick / 2, thick / 2)
        start, here = sorted((self._x(self._origin), self._x(self.share())))
        painter.setBrush(self._fill())
        painter.drawRoundedRect(QRectF(start, middle - thick / 2, here - start, thick), thick / 2, thick / 2)
        if 0 < self._origin < 1:
            painter.drawRect(QRectF(self._x(self._origin) - 0.5, middle - thick * 1.2, 1.0, thick * 2.4))
        centre, radius = QPointF(self._x(self.share()), middle), self._radius()
        knob = palette.colour("text" if palette.name == "dark" else "sunken")
        painter.setBrush(knob if self.isEnabled() else palette.colour("raised"))
        ring = palette.colour("accent" if self.hasFocus() or self.underMouse() else "faint")
        painter.setPen(QPen(ring, 2.0 if self.hasFocus() else 1.0))
        painter.drawEllipse(centre, radius * 0.94, radius * 0.94)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle, or jump to where the line was clicked, and follow the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        here = self._x(self.share())
        on_handle = abs(event.position().x() - here) <= self._radius() + 2
        self._grab_offset = event.position().x() - here if on_handle else 0.0
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self._follow(event)
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        length = max(self._x(1) - self._x(0), 1.0)
        share = (event.position().x() - self._grab_offset - self._x(0)) / length
        self.set_share(min(max(share, 0.0), 1.0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step where the slider has the focus."""
        if steps := wheel_steps(self, event):
            self.step_requested.emit(steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow and page keys, go to the ends with Home and End."""
        steps = key_steps(event)
        if steps:
            self.step_requested.emit(steps)
        else:
            super().keyPressEvent(event)
