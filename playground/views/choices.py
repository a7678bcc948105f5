"""A choice of a few named values: the chosen text with a small arrow, quiet until it is hovered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from playground.views.look import Look


class ChoiceField(QWidget):
    """A label and a choice of a few named values; ``chosen`` carries the value that the user took."""

    chosen = Signal(object)

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        options: Sequence[tuple[str, str]],
        value: str,
        tooltip: str = "",
        parent: QWidget | None = None,
        *,
        compact: bool = False,
    ) -> None:
        super().__init__(parent)
        self._look, self._is_compact = look, compact
        self.setObjectName(name)
        self._label = QLabel(label, self)
        self._label.setProperty("role", "muted")
        self._box = ChoiceBox(look, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._box, *((1, 0) if compact else (0, 1)))
        if not compact:
            grid.setColumnStretch(0, 1)
        hint = tooltip or f"{label}: choose one of {', '.join(text for _, text in options)}."
        for widget in (self, self._box):
            widget.setToolTip(hint)
            widget.setAccessibleName(label)
        self._box.setObjectName(f"{name}_choice")
        self._box.setAccessibleDescription(hint)
        self._box.activated.connect(self._choose)
        self.setFocusProxy(self._box)
        self.set_options(options, value)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_options(self, options: Sequence[tuple[str, str]], value: str) -> None:
        """Offer other values, silently."""
        self._box.clear()
        for entry, text in options:
            self._box.addItem(text, entry)
        self.set_value(value)

    def value(self) -> str:
        """Return the chosen value."""
        return str(self._box.currentData())

    def set_value(self, value: str) -> None:
        """Show ``value`` without a word to anybody."""
        index = self._box.findData(value)
        if index >= 0 and index != self._box.currentIndex() and not self._box.view().isVisible():
            self._box.setCurrentIndex(index)

    def _choose(self, _index: int) -> None:
        self.chosen.emit(self._box.currentData())

    def changeEvent(self, event: QEvent) -> None:
        """Take the type of the look again: in another parent a style sheet gives words the size of the desk back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._render_look()

    def _render_look(self) -> None:
        self._label.setFont(self._look.font(9.0))
        self._label.setContentsMargins(round(self._box.inset()) if self._is_compact else 0, 0, 0, 0)
        layout, row = self.layout(), round(1.3 * self._look.em())
        if isinstance(layout, QGridLayout):
            layout.setRowMinimumHeight(0, row)
            layout.setRowMinimumHeight(1, row if self._is_compact else 0)


class ChoiceBox(QComboBox):
    """A flat combo box: the chosen text and a small arrow."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        self.setFont(self._look.font(10.0))
        self.updateGeometry()
        self.update()

    def inset(self) -> float:
        """Return how far from the edge the words begin."""
        return 0.3 * self._look.em()

    def sizeHint(self) -> QSize:
        """Return the room that the longest text takes."""
        metrics = QFontMetricsF(self._look.font(10.0))
        longest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0.0)
        em = self._look.em()
        return QSize(round(longest + 2 * self.inset() + 1.0 * em), round(1.3 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least room: some letters and the arrow."""
        em = self._look.em()
        return QSize(min(self.sizeHint().width(), round(4 * em)), round(1.3 * em))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, text and arrow."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus() or self.underMouse():
            painter.setPen(palette.colour("accent") if self.hasFocus() else palette.colour("raised"))
            painter.setBrush(palette.colour("raised"))
            painter.drawRoundedRect(frame, 0.25 * em, 0.25 * em)
        painter.setFont(self._look.font(10.0))
        painter.setPen(palette.colour("text" if self.isEnabled() else "faint"))
        inside = frame.adjusted(self.inset(), 0, -self.inset() - 0.8 * em, 0)
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(self.currentText(), Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        arrow = inside.translated(metrics.horizontalAdvance(text) + 0.3 * em, 0)
        arrow.setWidth(em)
        painter.setPen(palette.colour("muted"))
        painter.setFont(self._look.font(8.0))
        painter.drawText(arrow, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), "▾")
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel behind unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
