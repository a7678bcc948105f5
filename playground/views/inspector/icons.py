"""The icons of the tools as paths in a box of 24 units, drawn in the colours of the palette at any size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

BOX = 24.0
_LINE = 1.7

# name -> (lines, filled): M move, L line, C cubic, Z close, O circle (centre, radius)
_PICTURES: dict[str, tuple[str, str]] = {
    "brush": ("M 4.5 19.5 L 5.6 14.9 L 15.6 4.9 L 19.1 8.4 L 9.1 18.4 Z M 13.2 7.3 L 16.7 10.8", ""),
    "eraser": ("M 4 14.2 L 12.7 5.5 L 18.8 11.6 L 11.4 19 L 8.8 19 Z M 8.3 9.9 L 14.4 16 M 11.4 19 L 20 19", ""),
    "line": ("M 5.5 18.5 L 18.5 5.5", "O 5.2 18.8 1.9 O 18.8 5.2 1.9"),
    "rectangle": ("M 4 6.5 L 20 6.5 L 20 17.5 L 4 17.5 Z", ""),
    "fill": (
        "M 10.2 3.6 L 18.2 11.6 L 11.2 18.6 L 4 11.4 L 10.9 4.5 M 4.6 11.8 L 18 11.8",
        (
            "M 20.2 14.2 C 21.6 16.4 22 17.4 22 18.2 C 22 19.3 21.2 20 20.2 20 C 19.2 20 18.4 19.3 18.4 18.2 "
            "C 18.4 17.4 18.8 16.4 20.2 14.2 Z"
        ),
    ),
    "value": (
        "M 4 4 L 11 4 L 11 11 L 4 11 Z M 13.5 14.5 L 20.5 14.5 M 13.5 18.5 L 20.5 18.5",
        "M 4 4 L 11 4 L 11 11 L 4 11 Z",
    ),
    "stamp": (
        (
            "M 9 7 C 9 5.2 10.2 4 12 4 "
            "C 13.8 4 15 5.2 15 7 C 15 9 13.8 10 13.8 12.4 L 17 12.4 C 18.2 12.4 19 13.2 19 14.4 "
            "L 19 16.4 L 5 16.4 L 5 14.4 C 5 13.2 5.8 12.4 7 12.4 L 10.2 12.4 C 10.2 10 9 9 9 7 Z M 5 19.8 L 19 19.8"
        ),
        "",
    ),
    "mirror_horizontal": (
        "M 12 3.5 L 12 20.5 M 9 7 L 3.8 17 L 9 17 Z M 15 7 L 20.2 17 L 15 17 Z",
        "M 9 7 L 3.8 17 L 9 17 Z",
    ),
    "mirror_vertical": (
        "M 3.5 12 L 20.5 12 M 7 9 L 17 3.8 L 17 9 Z M 7 15 L 17 20.2 L 17 15 Z",
        "M 7 9 L 17 3.8 L 17 9 Z",
    ),
    "left": ("M 19 12 L 5.5 12 M 10.5 7 L 5.5 12 L 10.5 17", ""),
    "right": ("M 5 12 L 18.5 12 M 13.5 7 L 18.5 12 L 13.5 17", ""),
    "up": ("M 12 19 L 12 5.5 M 7 10.5 L 12 5.5 L 17 10.5", ""),
    "down": ("M 12 5 L 12 18.5 M 7 13.5 L 12 18.5 L 17 13.5", ""),
    "invert": ("M 4 7.5 L 12 7.5 M 8 3.5 L 8 11.5 M 12.5 17 L 20.5 17 M 18.5 4.5 L 5.5 19.5", ""),
    "scale": (
        (
            "M 4.5 12.5 L 4.5 19.5 L 11.5 19.5 M 4.5 19.5 L 10.5 13.5 "
            "M 12.5 4.5 L 19.5 4.5 L 19.5 11.5 M 19.5 4.5 L 13.5 10.5"
        ),
        "",
    ),
    "blur": ("O 12 12 8.2 O 12 12 5", "O 12 12 2.4"),
    "zero": (
        "M 12 4.5 C 15.4 4.5 17 7.8 17 12 C 17 16.2 15.4 19.5 12 19.5 C 8.6 19.5 7 16.2 7 12 C 7 7.8 8.6 4.5 12 4.5 Z",
        "",
    ),
    "randomise": (
        (
            "M 6.5 4 L 17.5 4 C 19 4 20 5 20 6.5 L 20 17.5 C 20 19 19 20 17.5 20 "
            "L 6.5 20 C 5 20 4 19 4 17.5 L 4 6.5 C 4 5 5 4 6.5 4 Z"
        ),
        "O 8.4 8.4 1.5 O 15.6 8.4 1.5 O 12 12 1.5 O 8.4 15.6 1.5 O 15.6 15.6 1.5",
    ),
    "previous": ("M 14.5 5.5 L 8 12 L 14.5 18.5", ""),
    "next": ("M 9.5 5.5 L 16 12 L 9.5 18.5", ""),
    "flip": (
        "M 5 8.5 L 18.5 8.5 M 14.5 4.5 L 18.5 8.5 L 14.5 12.5 M 19 15.5 L 5.5 15.5 M 9.5 11.5 L 5.5 15.5 L 9.5 19.5",
        "",
    ),
    "cut": ("M 3 12 L 8 12 M 16 12 L 21 12 M 9 8 L 15 16 M 15 8 L 9 16", ""),
    "join": ("M 3 12 L 21 12", "O 7 12 2.2 O 17 12 2.2"),
    "duplicate": ("M 8.5 8.5 L 20 8.5 L 20 20 L 8.5 20 Z M 5.5 15.5 L 4 15.5 L 4 4 L 15.5 4 L 15.5 5.5", ""),
    "trash": (
        (
            "M 4.5 6.5 L 19.5 6.5 M 9 6.2 L 9 4 L 15 4 L 15 6.2 M 6.5 6.5 L 7.4 20 L 16.6 20 L 17.5 6.5 "
            "M 10.3 10 L 10.6 16.5 M 13.7 10 L 13.4 16.5"
        ),
        "",
    ),
    "copy": ("M 8.5 8.5 L 19 8.5 L 19 20 L 8.5 20 Z M 5 15.5 L 5 4 L 15.5 4", ""),
    "paste": ("M 7.5 5.5 L 5 5.5 L 5 20 L 19 20 L 19 5.5 L 16.5 5.5 M 8.5 3.5 L 15.5 3.5 L 15.5 7.5 L 8.5 7.5 Z", ""),
    "pointer": ("M 6 4 L 18.5 11 L 12.9 12.5 L 10 18 Z", ""),
    "frame": (
        (
            "M 4 8 L 4 4 L 8 4 M 11 4 L 13 4 M 16 4 L 20 4 L 20 8 M 20 11 L 20 13 M 20 16 L 20 20 L 16 20 "
            "M 13 20 L 11 20 M 8 20 L 4 20 L 4 16 M 4 13 L 4 11"
        ),
        "",
    ),
    "silence": ("O 12 12 7.5 M 6.2 17.8 L 17.8 6.2", ""),
    "opposite": ("M 12 12 L 18.5 5.5 M 13.8 5.2 L 18.8 5.2 L 18.8 10.2 M 12 12 L 5.5 18.5", "O 5.5 18.5 2"),
    "equal": ("M 5.5 19.5 L 5.5 8 M 12 19.5 L 12 8 M 18.5 19.5 L 18.5 8 M 3.5 4.5 L 20.5 4.5", ""),
    "polygon": ("M 12 3.8 L 20.2 9.8 L 17.1 19.4 L 6.9 19.4 L 3.8 9.8 Z", ""),
    "spread": (
        "M 12 12 L 12 4 M 12 12 L 19.6 9.5 M 12 12 L 16.7 18.5 M 12 12 L 7.3 18.5 M 12 12 L 4.4 9.5",
        "O 12 3.8 1.6 O 19.8 9.5 1.6 O 16.8 18.7 1.6 O 7.2 18.7 1.6 O 4.2 9.5 1.6",
    ),
    "turn": (
        (
            "M 19.5 12 C 19.5 16.1 16.1 19.5 12 19.5 C 7.9 19.5 4.5 16.1 4.5 12 C 4.5 7.9 7.9 4.5 12 4.5 "
            "C 14.6 4.5 16.8 5.8 18.2 7.7 M 18.6 3.6 L 18.4 7.9 L 14.2 7.6"
        ),
        "",
    ),
    "table": ("M 4 5 L 20 5 L 20 19 L 4 19 Z M 4 9.7 L 20 9.7 M 4 14.3 L 20 14.3 M 10 5 L 10 19", ""),
}


def _snowflake() -> str:
    parts = []
    for k in range(6):
        along, across = (sin(k * pi / 3), -cos(k * pi / 3)), (cos(k * pi / 3), sin(k * pi / 3))
        tip = (12 + 9 * along[0], 12 + 9 * along[1])
        fork = (12 + 5.2 * along[0], 12 + 5.2 * along[1])
        ends = [
            (fork[0] + 2.6 * (along[0] + s * across[0]), fork[1] + 2.6 * (along[1] + s * across[1])) for s in (-1, 1)
        ]
        parts.append(f"M 12 12 L {tip[0]:.2f} {tip[1]:.2f}")
        parts.append(
            f"M {ends[0][0]:.2f} {ends[0][1]:.2f} L {fork[0]:.2f} {fork[1]:.2f} L {ends[1][0]:.2f} {ends[1][1]:.2f}"
        )
    return " ".join(parts)


_PICTURES["freeze"] = (_snowflake(), "")
NAMES = tuple(_PICTURES)


def draw_icon(painter: QPainter, name: str, room: QRectF, colour: QColor) -> None:
    """Draw icon ``name`` as large as ``room`` allows, in its middle."""
    lines, filled = _paths(name)
    side = min(room.width(), room.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.center().x() - side / 2, room.center().y() - side / 2)
    painter.scale(side / BOX, side / BOX)
    painter.fillPath(filled, colour)
    pen = QPen(colour, _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(lines, pen)
    painter.restore()


@cache
def _paths(name: str) -> tuple[QPainterPath, QPainterPath]:
    lines, filled = _PICTURES[name]
    return _path(lines), _path(filled)


def _path(text: str) -> QPainterPath:
    path, words = QPainterPath(), iter(text.split())
    for word in words:
        if word == "Z":
            path.closeSubpath()
        elif word == "C":
            a, b, c = (_point(words) for _ in range(3))
            path.cubicTo(a, b, c)
        elif word == "O":
            centre, radius = _point(words), float(next(words))
            path.addEllipse(centre, radius, radius)
        elif word == "M":
            path.moveTo(_point(words))
        else:
            path.lineTo(_point(words))
    return path


def _point(words: Iterator[str]) -> QPointF:
    x = float(next(words))
    return QPointF(x, float(next(words)))
