"""The text half of a number field, and the sentence that floats below a field in a bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from playground.views.look import Look
from playground.views.slider import key_steps, wheel_steps


def number_inset(look: Look) -> int:
    """Return how far from the edge of its field a number stands."""
    return round(0.2 * look.em()) + 3  # padding, border, and the line edit's own two pixels


class NumberEdit(QLineEdit):
    """The text half of a number field: quiet until it is hovered or typed in."""

    step_requested = Signal(float)
    accepted = Signal()
    taken_back = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._has_error = False
        self.setFrame(False)
        self.setProperty("role", "number")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_error(self, has_error: bool) -> None:
        """Show by the border whether the text can be used."""
        if has_error != self._has_error:
            self._has_error = has_error
            self._render_look()

    def _render_look(self) -> None:
        palette = self._look.palette
        font = self._look.font(9.5, mono=True)
        border = palette.bad if self._has_error else "transparent"
        focus = palette.bad if self._has_error else palette.accent
        pad = round(0.2 * self._look.em())
        self.setFont(font)
        self.setStyleSheet(
            f"QLineEdit {{ background: transparent; color: {palette.text}; border: 1px solid {border};"
            f" border-radius: {pad + 1}px; padding: 0 {pad}px; selection-background-color: {palette.accent};"
            f" selection-color: {palette.window}; font-family: '{font.family()}'; font-size: {font.pointSizeF()}pt; }}"
            f"QLineEdit:hover {{ background: {palette.raised}; }}"
            f"QLineEdit:focus {{ background: {palette.sunken}; border-color: {focus}; }}"
            f"QLineEdit:disabled {{ color: {palette.faint}; }}"
        )
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Leave undo, redo and the space bar to the window while nothing is being typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if event.key() == Qt.Key.Key_Space or (is_undo and not self.isModified()):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, accept or take back; other keys type."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif key == Qt.Key.Key_Escape:
            self.taken_back.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.step_requested.emit(key_steps(event))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step where the field has the focus."""
        if steps := wheel_steps(self, event):
            self.step_requested.emit(steps)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clicking elsewhere accepts."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class ErrorBubble(QLabel):
    """A sentence that floats below a field in a bar which has no room for it: what is wrong, or just a word."""

    def __init__(self, look: Look, window: QWidget, *, is_error: bool = True) -> None:
        super().__init__(window)
        palette, em = look.palette, look.em()
        text, border = (palette.bad, palette.bad) if is_error else (palette.text, palette.accent)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setStyleSheet(
            f"QLabel {{ background: {palette.raised}; color: {text}; border: 1px solid {border};"
            f" border-radius: {round(0.3 * em)}px; padding: {round(0.3 * em)}px; }}"
        )
        self.setFont(look.font(9.0))

    def show_below(self, field: QWidget, sentence: str, width: int) -> None:
        """Stand below ``field`` with ``sentence``, inside the window."""
        self.setText(sentence)
        self.ensurePolished()
        self.setFixedWidth(width)
        self.setFixedHeight(self.heightForWidth(width))
        corner = field.mapTo(field.window(), QPoint(0, field.height() + 2))
        room = max(field.window().width() - width - 4, 0)
        self.move(min(max(corner.x(), 4), room), corner.y())
        self.raise_()
        self.show()
