"""The number that opens in place over a cell."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.views.look import Look
from playground.views.numbers import parsed_number

LARGEST = 1e6


class CellEntry(QLineEdit):
    """A small field over one cell. Enter and clicking elsewhere accept, Esc takes back, a wrong number stays open."""

    entered = Signal(int, float)  # which weight, its number
    refused = Signal(str)  # a sentence
    closed = Signal()  # by a key: the focus may go back

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._room = look, parent
        self._index = -1
        self.setObjectName("cell_number")
        self.setAccessibleName("weight of the cell")
        self.setToolTip("The weight of this cell: Enter sets it, Esc leaves it as it was.")
        self.setMaxLength(40)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.hide()
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        palette, em, font = self._look.palette, self._look.em(), self._look.font(9.5, mono=True)
        self.setStyleSheet(
            f"QLineEdit {{ background: {palette.sunken}; color: {palette.text}; border: 1px solid {palette.accent};"
            f" border-radius: {round(0.2 * em)}px; padding: 0 {round(0.25 * em)}px; font-family: '{font.family()}';"
            f" font-size: {font.pointSizeF()}pt; selection-background-color: {palette.accent};"
            f" selection-color: {palette.window}; }}"
        )

    def open_at(self, index: int, cell: QRectF, text: str, *, is_selected: bool) -> None:
        """Open over ``cell`` with ``text``."""
        self._index = index
        metrics = QFontMetricsF(self._look.font(9.5, mono=True))
        width = round(metrics.horizontalAdvance("0" * 9) + 0.9 * self._look.em())
        height = round(metrics.height() + 0.5 * self._look.em())
        room = self._room.rect()
        x = min(max(round(cell.center().x() - width / 2), 0), max(0, room.width() - width))
        y = min(max(round(cell.center().y() - height / 2), 0), max(0, room.height() - height))
        self.setGeometry(x, y, width, height)
        self.setText(text)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if is_selected:
            self.selectAll()

    def accept(self) -> bool:
        """Take the number; return False where it is none."""
        try:
            value = parsed_number(self.text().replace("−", "-"), "weight", low=-LARGEST, high=LARGEST)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        index = self._index
        self.close_entry()
        if value is not None:
            self.entered.emit(index, float(value))
        return True

    def close_entry(self) -> None:
        """Go away without a change."""
        self._index = -1
        self.hide()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of typing from the window's actions."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept, take back or type."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.accept():
                self.closed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_entry()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clicking elsewhere accepts; what is no number is left."""
        super().focusOutEvent(event)
        if not self.isHidden() and event.reason() != Qt.FocusReason.PopupFocusReason and not self.accept():
            self.close_entry()
