"""Sliders that shift, turn, thicken and blur with noise what the network receives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.images import transformed
from playground.views.fields import NumberField, align
from playground.views.heads import CutLine, FlatButton
from playground.views.look import Look


@dataclass(frozen=True)
class Adjustment:
    """How the current input is changed before the network gets it; all 0 is not at all."""

    dx: float = 0.0
    dy: float = 0.0
    angle_degrees: float = 0.0
    thicken: float = 0.0
    noise: float = 0.0

    def applied(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the changed image ``[h, w]``."""
        if self == Adjustment():
            return image
        return transformed(
            image, dx=self.dx, dy=self.dy, angle_degrees=self.angle_degrees, thicken=self.thicken, noise=self.noise
        )


# name, label, low, high, decimals, suffix, tooltip
_FIELDS = (
    ("dx", "shift right", -10.0, 10.0, 1, "px", "Pixels to the right; whole pixels move without any blur."),
    ("dy", "shift down", -10.0, 10.0, 1, "px", "Pixels downwards; whole pixels move without any blur."),
    ("angle_degrees", "rotate", -180.0, 180.0, 0, "°", "Degrees counter-clockwise about the middle of the image."),
    ("thicken", "thicken", -2.0, 3.0, 2, "px", "Pixels by which every border of the ink moves outwards."),
    ("noise", "noise", 0.0, 1.0, 2, "", "Standard deviation of the noise that is added to each pixel."),
)


class AdjustSection(QWidget):
    """The sliders, folded away under their head until they are wanted; the head tells what is in effect."""

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._adjustment = Adjustment()
        self._is_open = False
        hint = "Shift, rotate, thicken or add noise, and watch the answer change."
        self._fold = FlatButton(
            look, "adjust_fold", "Adjust ▸", hint, caps=True, accessible="Show the sliders", parent=self
        )
        self._reset = FlatButton(
            look, "adjust_reset", "reset", "Send the input unchanged again.", caps=True, parent=self
        )
        self._summary = CutLine(self)
        self._summary.setObjectName("adjust_summary")
        self._summary.setProperty("role", "muted")
        self._body = QWidget(self)
        self._fields: dict[str, NumberField] = {}
        for name, label, low, high, decimals, suffix, tip in _FIELDS:
            field = NumberField(
                look, f"adjust_{name}", label, low=low, high=high, value=0.0, decimals=decimals, suffix=suffix,
                tooltip=tip, digits=5, parent=self._body,
            )  # fmt: skip
            field.changed.connect(self._read)
            self._fields[name] = field
        self._arrange()
        self._fold.clicked.connect(self._turn_fold)
        self._reset.clicked.connect(self.reset)
        look.changed.connect(self._render_look)
        self._render_look()
        self.set_open(is_open=False)
        self._render_summary()

    def adjustment(self) -> Adjustment:
        """Return what is in effect."""
        return self._adjustment

    def set_open(self, *, is_open: bool) -> None:
        """Show the sliders, or fold them away."""
        self._is_open = is_open
        self._fold.setText("Adjust ▾" if is_open else "Adjust ▸")
        self._fold.updateGeometry()
        self._fold.setAccessibleName("Fold the sliders away" if is_open else "Show the sliders")
        self._body.setVisible(is_open)

    def is_open(self) -> bool:
        """Return whether the sliders are shown."""
        return self._is_open

    def reset(self) -> None:
        """Put all sliders back."""
        self.put(dict.fromkeys(self._fields, 0.0))

    def put(self, values: Mapping[str, float]) -> None:
        """Put sliders to these values, by the names in ``Adjustment``, each within its range."""
        for name, _label, low, high, *_rest in _FIELDS:
            if name in values:
                self._fields[name].set_value(min(max(values[name], low), high))
        self._read()

    def _read(self, _value: object = None) -> None:
        values = {name: float(field.value()) for name, field in self._fields.items()}
        if replace(self._adjustment, **values) != self._adjustment:
            self._adjustment = replace(self._adjustment, **values)
            self._render_summary()
            self.changed.emit()

    def _render_summary(self) -> None:
        now, parts = self._adjustment, []
        if now.dx or now.dy:
            parts.append(f"{now.dx:+g}, {now.dy:+g} px")
        parts += [f"{now.angle_degrees:+g}°"] * bool(now.angle_degrees)
        parts += [f"thick {now.thicken:+g}"] * bool(now.thicken)
        parts += [f"noise {now.noise:g}"] * bool(now.noise)
        self._summary.setText(" · ".join(parts).replace("-", "−"))
        self._summary.setToolTip(f"What the network receives is changed: {self._summary.text()}" if parts else "")
        self._reset.setVisible(bool(parts))

    def _turn_fold(self) -> None:
        self.set_open(is_open=not self._is_open)

    def _render_look(self) -> None:
        self._summary.setFont(self._look.font(8.5))
        align(self._fields.values())

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._fold)
        top.addWidget(self._summary, 1)
        top.addWidget(self._reset)
        rows = QVBoxLayout(self._body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(1)
        for field in self._fields.values():
            rows.addWidget(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self._body)
