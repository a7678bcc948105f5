"""What every view shares of the present look: palette, type sizes, and the signal that they changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from playground.views.palette import Palette, dark

KEPT = 200  # fonts and line heights: zooming asks for ever new sizes


class Look(QObject):
    """The present palette and scale of type; one object, handed to every view.

    ``scale`` is 1.0 on the desk and larger in projector mode.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, palette: Palette | None = None, scale: float = 1.0) -> None:
        super().__init__(parent)
        self.palette = palette or dark()
        self.scale = scale
        self._fonts: dict[tuple[float, bool, bool], QFont] = {}  # by points: a frame asks some 300 times
        self._ems: dict[float, float] = {}

    def set(self, *, palette: Palette | None = None, scale: float | None = None) -> None:
        """Go over to another palette or scale and tell every view."""
        self.palette = palette or self.palette
        self.scale = scale or self.scale
        self.changed.emit()

    def font(self, size: float = 10.0, *, bold: bool = False, mono: bool = False) -> QFont:
        """Return the interface's font at ``size`` points, times the scale; numbers stand in ``mono``."""
        key = (size * self.scale, bold, mono)
        found = self._fonts.get(key)
        if found is None:
            kind = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
            found = QFontDatabase.systemFont(kind)
            found.setPointSizeF(key[0])
            found.setBold(bold)
            if len(self._fonts) >= KEPT:
                self._fonts.clear()
            self._fonts[key] = found
        return QFont(found)

    def em(self, size: float = 10.0) -> float:
        """Return the height of a line of ``size`` points in device-independent pixels: the unit of all lengths."""
        points = size * self.scale
        found = self._ems.get(points)
        if found is None:
            if len(self._ems) >= KEPT:
                self._ems.clear()
            found = self._ems[points] = QFontMetricsF(self.font(size)).height()
        return found
