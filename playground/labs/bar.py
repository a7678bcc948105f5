"""The bar above a lab: buttons that are actions of the window, fields beside them; what has no room folds away."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from playground.labs.base import LabContext

WHITE = "#ffffff"  # on the green of the play button, in both themes
_NARROWEST = 30  # em: below it even the folded bar is of no use


class Bar(QWidget):
    """Lays widgets in a row. Those that find no room go, least wanted first, to whoever ``_take_folded`` hands them."""

    folded_first: tuple[str, ...] = ()  # names of places, the least wanted first

    def __init__(self, context: LabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon, self._actions = context.look, context.icon, context.actions
        self._explain = context.explain
        self.setObjectName("transport")
        self._icons: dict[QToolButton, tuple[str, str]] = {}
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._places: tuple[tuple[str, QWidget], ...] = ()
        self._folded: tuple[str, ...] | None = None

    # ---- buttons ---------------------------------------------------------------------------------------------

    def _button(self, button: QToolButton | QPushButton, name: str, action: str, text: str) -> None:
        button.setObjectName(f"{name}_button")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        if action:
            button.setToolTip(self._actions[action].toolTip())

    def _tool(self, name: str, icon: str, action: str, role: str = "tool") -> QToolButton:
        """Return a button with an icon."""
        button = QToolButton(self)
        button.setProperty("role", role)
        self._icons[button] = (icon, WHITE if role == "primary" else "text")
        self._button(button, name, action, self._actions[action].text() if action else name)
        return button

    def _word(self, name: str, text: str, action: str) -> QPushButton:
        """Return a button with a word."""
        button = QPushButton(text, self)
        self._button(button, name, action, self._actions[action].text() if action else text)
        return button

    def _default(self, name: str, icon: str, action: str) -> QToolButton:
        """Return a button that is the action itself, disabled and named as it is."""
        button = QToolButton(self)
        button.setProperty("role", "tool")
        self._actions[action].setIcon(self._icon(icon))
        button.setDefaultAction(self._actions[action])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._icons[button] = (icon, "text")
        button.setObjectName(f"{name}_button")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self._actions[action].text())
        return button

    def _show_playing(self, play: QToolButton, *, is_playing: bool) -> None:
        """Show pause on the play button while it plays, and play while it is paused."""
        play.setAccessibleName("Pause" if is_playing else "Play")
        play.setToolTip(self._actions["training.play"].toolTip())
        self._icons[play] = ("pause" if is_playing else "play", WHITE)
        self._render_icon(play)

    # ---- layout ----------------------------------------------------------------------------------------------

    def _place(self, places: Sequence[tuple[str, QWidget]]) -> None:
        """Lay these out from left to right; one without a name is the gap that takes the room that is left."""
        self._places = tuple(places)
        self._folded = None

    def _is_absent(self, name: str) -> bool:  # noqa: ARG002
        """Say whether a place has nothing to show now."""
        return False

    def _take_folded(self, widgets: list[QWidget]) -> None:
        """Give room to the widgets that the bar has none for, in their order."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        """Return a width below which even the folded bar is of no use."""
        return QSize(round(_NARROWEST * self._look.em()), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold fields by the room there is."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        em = self._look.em()
        gap = self._row.spacing()
        shown = [(name, widget) for name, widget in self._places if name and not self._is_absent(name)]
        room = self.width() - round(2 * em)
        needed = sum(_width_of(widget) + gap for _, widget in shown)
        folded: list[str] = []
        for name in self.folded_first:
            if needed <= room:
                break
            if name in dict(shown):
                folded.append(name)
                needed -= _width_of(dict(shown)[name]) + gap
        if tuple(folded) != self._folded:
            self._folded = tuple(folded)
            self._lay_out()

    def _lay_out(self) -> None:
        while self._row.count():
            self._row.takeAt(0)
        folded = self._folded or ()
        for name, widget in self._places:
            if name in folded:
                continue
            if widget.parentWidget() is not self:
                widget.setParent(self)
            if not name:
                self._row.addStretch(1)
                widget.hide()
                continue
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            if not self._is_absent(name):
                widget.show()
        self._take_folded([widget for name, widget in self._places if name and name in folded])

    def _render_icon(self, button: QToolButton) -> None:
        name, colour = self._icons[button]
        icon = self._icon(name, colour)
        if button.defaultAction() is not None:
            button.defaultAction().setIcon(icon)
        else:
            button.setIcon(icon)

    def _render_look(self) -> None:
        em = self._look.em()
        self._row.setContentsMargins(round(0.9 * em), 0, round(0.9 * em), 0)
        self._row.setSpacing(round(0.75 * em))
        for button in self._icons:
            side = round(1.15 * em)
            button.setIconSize(QSize(side, side))
            self._render_icon(button)
        self._folded = None
        self._fold()


def _width_of(widget: QWidget) -> int:
    """Return the width that a widget of the bar takes: what it asks for, within its bounds."""
    return min(max(widget.sizeHint().width(), widget.minimumWidth()), widget.maximumWidth())


def cpu_choices() -> list[tuple[str, str]]:
    """Return what the processor can be asked for: name and text of each number of threads."""
    cores = os.cpu_count() or 1
    counts = sorted({1, *(2**power for power in range(1, 8) if 2**power <= cores), cores})
    return [(f"cpu:{count}", f"CPU, {count} thread{'s' if count > 1 else ''}") for count in counts]
