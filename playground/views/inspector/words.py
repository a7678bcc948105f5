"""Texts of the panels: section heads, quiet lines, and menus in the colours of the palette."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from playground.views.look import Look


def head_font(look: Look) -> QFont:
    """Return the font of section heads: small, bold, spaced capitals."""
    font = look.font(8.5, bold=True)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 108)
    return font


class SectionHead(QWidget):
    """The head of a section, with a quiet word at its right."""

    def __init__(self, look: Look, text: str, beside: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._text, self._beside = look, text, beside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        look.changed.connect(self._render_look)

    def set_text(self, text: str, beside: str = "") -> None:
        """Show other words."""
        if (text, beside) != (self._text, self._beside):
            self._text, self._beside = text, beside
            self.setAccessibleName(text)
            self.update()

    def text(self) -> str:
        """Return the head."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        return QSize(round(8 * self._look.em()), round(1.5 * self._look.em()))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both texts; the quiet one gives way."""
        palette, painter = self._look.palette, QPainter(self)
        room = QRectF(self.rect())
        font = head_font(self._look)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(palette.colour("muted"))
        text = metrics.elidedText(self._text.upper(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.setFont(self._look.font(8.5))
        left = room.width() - metrics.horizontalAdvance(text) - self._look.em()
        quiet = QFontMetricsF(painter.font()).elidedText(self._beside, Qt.TextElideMode.ElideRight, max(0.0, left))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), quiet)
        painter.end()


class QuietLine(QLabel):
    """A wrapped line of words in a quiet or a warning colour."""

    def __init__(self, look: Look, text: str = "", *, colour: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look, self._colour = look, colour
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText if "<" in text else Qt.TextFormat.PlainText)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        self.setFont(self._look.font(8.5))
        colour = getattr(self._look.palette, self._colour)
        self.setStyleSheet(f"QLabel {{ color: {colour}; background: transparent; }}")


class QuietMenu(QMenu):
    """A menu in the colours of the palette."""

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        palette, em, font = self._look.palette, self._look.em(), self._look.font(10.0)
        self.setFont(font)
        self.setStyleSheet(
            f"QMenu {{ background: {palette.raised}; color: {palette.text}; border: 1px solid {palette.line};"
            f" padding: {round(0.25 * em)}px; }}"
            f"QMenu::item {{ padding: {round(0.25 * em)}px {round(1.2 * em)}px; border-radius: {round(0.2 * em)}px; }}"
            f"QMenu::item:selected {{ background: {palette.accent}; color: {palette.window}; }}"
            f"QMenu::item:disabled {{ color: {palette.faint}; }}"
            f"QMenu::separator {{ height: 1px; background: {palette.line}; margin: {round(0.25 * em)}px; }}"
        )
