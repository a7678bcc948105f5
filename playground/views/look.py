"""What every view shares of the present look: palette, type sizes, and the signal that they changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from playground.views.palette import Palette, dark


class Look(QObject):
    """The present palette and scale of type; one object, handed to every view.

    ``scale`` is 1.0 on the desk and larger in projector mode.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, palette: Palette | None = None, scale: float = 1.0) -> None:
        super().__init__(parent)
        self.palette = palette or dark()
        self.scale = scale

    def set(self, *, palette: Palette | None = None, scale: float | None = None) -> None:
        """Go over to another palette or scale and tell every view."""
        self.palette = palette or self.palette
        self.scale = scale or self.scale
        self.changed.emit()

    def font(self, size: float = 10.0, *, bold: bool = False, mono: bool = False) -> QFont:
        """Return the interface's font at ``size`` points, times the scale; numbers stand in ``mono``."""
        kind = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
        font = QFontDatabase.systemFont(kind)
        font.setPointSizeF(size * self.scale)
        font.setBold(bold)
        return font

    def em(self, size: float = 10.0) -> float:
        """Return the height of a line of ``size`` points in device-independent pixels: the unit of all lengths."""
        return QFontMetricsF(self.font(size)).height()
