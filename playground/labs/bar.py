"""The bar above a lab: buttons that are actions of the window, fields beside them; what has no room folds away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from playground.labs.base import LabContext
from playground.labs.card import Card
from playground.views.fields import ChoiceField
from playground.views.readings import Reading

WHITE = "#ffffff"  # on the green of the play button, in both themes
_NARROWEST = 30  # em: below it even the folded bar is of no use


class Bar(QWidget):
    """Lays widgets in a row. Those that find no room go, least wanted first, to the ``card`` of the rarer settings.

    The places are told apart by their names, which all bars share where they mean the same: ``step``, ``speed`` ...
    """

    folded_first: tuple[str, ...] = ()  # names of places, the least wanted first
    speeds: tuple[tuple[str, float | None], ...] = (("full", None),)  # what is offered: its name, steps a second

    play_toggled = Signal(bool)
    speed_chosen = Signal(object)  # steps a second, None: full
    device_chosen = Signal(str, int)  # torch's name, threads

    speed: ChoiceField
    device: ChoiceField
    card: Card
    _play: QToolButton
    _rate_reading: Reading

    def __init__(self, context: LabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon, self._actions = context.look, context.icon, context.actions
        self._explain = context.explain
        self.setObjectName("transport")
        self._icons: dict[QToolButton, tuple[str, str]] = {}
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._places: tuple[tuple[str, QWidget], ...] = ()
        self._is_playing = False
        self._folded: tuple[str, ...] | None = None
        self._hidden: frozenset[str] = frozenset()
        self._has_rate = False

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

    # ---- playing ---------------------------------------------------------------------------------------------

    # built where the bar has them: the order in which widgets are made is that of Tab

    def _build_play(self) -> None:
        """Make the play button."""
        self._play = self._tool("play", "play", "training.play", role="primary")
        self._play.clicked.connect(self._toggle)

    def _build_choices(self) -> None:
        """Make the choices of speed and device."""
        look, explain = self._look, self._explain
        names = [(name, name) for name, _ in self.speeds]
        self.speed = ChoiceField(look, "speed", "speed", names, "full", explain("speed"), self, compact=True)
        device = explain("device")
        self.device = ChoiceField(look, "device", "device", cpu_choices(), "cpu:1", device, self, compact=True)
        self.speed.chosen.connect(self._choose_speed)
        self.device.chosen.connect(self._choose_device)

    def _build_rate(self) -> None:
        """Make the reading of what a schedule makes of the learning rate."""
        self._rate_reading = Reading(self._look, "rate_reading", "now", "0.00e-0", self._explain("schedule"), self)
        self._rate_reading.hide()

    def _offer_rate(self, is_offered: bool) -> None:
        """Show that reading where there is a schedule."""
        if self._has_rate != is_offered:
            self._has_rate = is_offered
            self._fold_anew()

    def _render_rate(self, learning_rate: float) -> None:
        if self._has_rate:
            is_over = learning_rate == 0
            self._rate_reading.set_text("0: ended" if is_over else f"{learning_rate:.2g}", is_warning=is_over)

    def set_playing(self, is_playing: bool) -> None:
        """Show pause while it plays, and play while it is paused."""
        if is_playing != self._is_playing:
            self._is_playing = is_playing
            self._play.setAccessibleName("Pause" if is_playing else "Play")
            self._play.setToolTip(self._actions["training.play"].toolTip())
            self._icons[self._play] = ("pause" if is_playing else "play", WHITE)
            self._render_icon(self._play)
        self._actions["training.play"].setChecked(is_playing)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Show the speed."""
        names = {value: name for name, value in self.speeds}
        self.speed.set_value(names.get(steps_per_second, "full"))

    def set_devices(self, devices: Iterable[Any]) -> None:
        """Offer the devices that torch has found (name, text); the CPU by its number of threads."""
        others = [(device.name, device.text) for device in devices if device.name != "cpu"]
        self.device.set_options([*cpu_choices(), *others], self.device.value())
        self._fold()

    def set_device(self, name: str, threads: int) -> None:
        """Show the device on which it trains."""
        self.device.set_value(f"cpu:{threads}" if name == "cpu" else name)

    def render_device(self, name: str) -> None:
        """Show on which device it really trains: a device that failed has been left for the CPU."""
        shown = self.device.value()
        if name != ("cpu" if shown.startswith("cpu:") else shown):
            self.set_device(name, 1)

    def _toggle(self) -> None:
        self.play_toggled.emit(not self._is_playing)

    def _choose_speed(self, name: str) -> None:
        self.speed_chosen.emit(dict(self.speeds)[name])

    def _choose_device(self, choice: str) -> None:
        name, _, threads = choice.partition(":")
        self.device_chosen.emit(*(("cpu", int(threads)) if name == "cpu" else (choice, 1)))

    # ---- layout ----------------------------------------------------------------------------------------------

    def _place(self, places: Sequence[tuple[str, QWidget]]) -> None:
        """Lay these out from left to right; one without a name is the gap that takes the room that is left."""
        self._places = tuple(places)
        self._folded = None

    def set_hidden(self, names: frozenset[str]) -> None:
        """Hide the places of these names, on the bar and on its card, and show all others."""
        self._hidden = names
        self.card.set_hidden(names)
        self._fold_anew()

    def _is_absent(self, name: str) -> bool:
        """Say whether a place has nothing to show now."""
        if name == "rate" and (not self._has_rate or "learning_rate" in self._hidden):
            return True
        return name in self._hidden or (name == "more" and not self.card.has_sections)

    def minimumSizeHint(self) -> QSize:
        """Return a width below which even the folded bar is of no use."""
        return QSize(round(_NARROWEST * self._look.em()), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold fields by the room there is."""
        super().resizeEvent(event)
        self._fold()

    def _fold_anew(self) -> None:
        """Lay out again what is the same by name, but not by what is to be seen of it."""
        self._folded = None
        self._fold()

    def _fold(self) -> None:
        shown = {name: widget for name, widget in self._places if name and not self._is_absent(name)}
        folded = self._without_room(shown)
        if folded and "more" not in shown:  # the button of the card, which has nothing else on it
            shown["more"] = dict(self._places)["more"]
            folded = self._without_room(shown)
        if folded != self._folded:
            self._folded = folded
            self._lay_out(shown)

    def _without_room(self, shown: Mapping[str, QWidget]) -> tuple[str, ...]:
        gap = self._row.spacing()
        room = self.width() - round(2 * self._look.em())
        needed = sum(_width_of(widget) + gap for widget in shown.values())
        folded: list[str] = []
        for name in self.folded_first:
            if needed <= room:
                break
            if name in shown:
                folded.append(name)
                needed -= _width_of(shown[name]) + gap
        return tuple(folded)

    def _lay_out(self, shown: Mapping[str, QWidget]) -> None:
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
            widget.setVisible(name in shown)
        self.card.take_folded([widget for name, widget in self._places if name and name in folded])

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
        self._fold_anew()


def _width_of(widget: QWidget) -> int:
    """Return the width that a widget of the bar takes: what it asks for, within its bounds."""
    return min(max(widget.sizeHint().width(), widget.minimumWidth()), widget.maximumWidth())


def cpu_choices() -> list[tuple[str, str]]:
    """Return what the processor can be asked for: name and text of each number of threads."""
    cores = os.cpu_count() or 1
    counts = sorted({1, *(2**power for power in range(1, 8) if 2**power <= cores), cores})
    return [(f"cpu:{count}", f"CPU, {count} thread{'s' if count > 1 else ''}") for count in counts]
