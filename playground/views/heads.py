"""Heads of sections, and the flat buttons beside them: small words that light up under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QSizePolicy, QWidget

from playground.views.look import Look


def caps_font(look: Look, size: float = 8.0) -> QFont:
    """Return the spaced bold face of section heads."""
    font = look.font(size, bold=True)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    return font


class SectionHead(QLabel):
    """The head of a section in capitals."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.upper(), parent)
        self._look = look
        self.setProperty("role", "section")
        self.setAccessibleName(text)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_text(self, text: str) -> None:
        """Show other words."""
        self.setText(text.upper())
        self.setAccessibleName(text)

    def _render_look(self) -> None:
        self.setFont(caps_font(self._look))


class CutLine(QLabel):
    """A line of words that is cut where its room ends: it never makes a column wider."""

    def minimumSizeHint(self) -> QSize:
        """Return no width."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


class FlatButton(QAbstractButton):
    """A word or sign without a frame; with ``menu`` it opens one below, told by a small arrow.

    ``caps`` writes it like a section head, ``framed`` gives it the ground of a button.
    """

    def __init__(
        self,
        look: Look,
        name: str,
        text: str,
        tooltip: str,
        *,
        caps: bool = False,
        framed: bool = False,
        menu: QMenu | None = None,
        arrow: bool = True,
        accessible: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._caps, self._framed, self._menu = look, caps, framed, menu
        self._has_arrow = arrow and menu is not None
        self.setObjectName(name)
        self.setText(text)
        self.setToolTip(tooltip)
        self.setAccessibleName(accessible or text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        if menu is not None:
            menu.setParent(self, menu.windowFlags())
            self.clicked.connect(self._open_menu)

    def menu(self) -> QMenu | None:
        """Return the menu that the button opens."""
        return self._menu

    def _open_menu(self) -> None:
        if self._menu is not None:
            width = self._menu.sizeHint().width()
            self._menu.popup(self.mapToGlobal(QPoint(max(self.width() - width, -width), self.height() + 2)))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        return caps_font(self._look) if self._caps else self._look.font(9.5)

    def _words(self) -> str:
        text = self.text().upper() if self._caps else self.text()
        return f"{text} ▾" if self._has_arrow else text

    def sizeHint(self) -> QSize:
        """Return the room of the words."""
        em = self._look.em()
        margin = 1.2 * em if self._framed else 0.5 * em
        width = QFontMetricsF(self._font()).horizontalAdvance(self._words()) + margin
        return QSize(round(max(width, 1.4 * em)), round((1.8 if self._framed else 1.4) * em))

    def minimumSizeHint(self) -> QSize:
        """Return the room of the words."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, and a ground under the mouse, the focus or the press."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_lit = self.isEnabled() and (self.underMouse() or self.isDown() or self.isChecked())
        if is_lit or self.hasFocus() or self._framed:
            edge = "accent" if self.hasFocus() or (is_lit and self._framed) else "raised"
            painter.setPen(palette.colour(edge))
            painter.setBrush(palette.colour("line" if self.isDown() else "raised"))
            painter.drawRoundedRect(frame, 0.3 * em, 0.3 * em)
        painter.setFont(self._font())
        rest = "text" if self._framed or is_lit else "muted"
        painter.setPen(palette.colour(rest if self.isEnabled() else "faint"))
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), self._words())
        painter.end()
