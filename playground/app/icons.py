"""The pictures of resources/icons, drawn in the palette's colours at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground.app.resources import resource
from playground.views.look import Look

_PIXELS = (20, 40, 80)  # Qt scales down from the next larger one


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the picture called ``name`` in ``colour``, ``size`` device-independent pixels wide and high."""
    pixels = max(1, round(size * ratio))
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class Icons(QObject):
    """The icons in the present palette; they are drawn when first asked for and anew after a change of theme."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._cache: dict[tuple[str, str, str, str], QIcon] = {}

    def __call__(self, name: str, colour: str = "text", on_colour: str = "") -> QIcon:
        """Return the icon called ``name``.

        ``colour`` is a name of the palette (or #rrggbb), ``on_colour`` that of the checked state where it differs.
        """
        key = (name, self._look.palette.name, colour, on_colour)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._drawn(name, self._value(colour), self._value(on_colour or colour))
        return found

    def _value(self, colour: str) -> str:
        return colour if colour.startswith("#") else str(getattr(self._look.palette, colour))

    def _drawn(self, name: str, off: str, on: str) -> QIcon:
        icon = QIcon()
        for pixels in _PIXELS:
            icon.addPixmap(pixmap(name, off, pixels), QIcon.Mode.Normal, QIcon.State.Off)
            icon.addPixmap(pixmap(name, self._look.palette.faint, pixels), QIcon.Mode.Disabled, QIcon.State.Off)
            if on != off:
                icon.addPixmap(pixmap(name, on, pixels), QIcon.Mode.Normal, QIcon.State.On)
        return icon
