"""The one palette: every colour of the window, and the map from a signed number to a colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

SignColours = Literal["green-magenta", "blue-orange", "green-red"]
SIGN_COLOURS: tuple[SignColours, ...] = ("green-magenta", "blue-orange", "green-red")

_SIGN_ENDS: dict[str, dict[SignColours, tuple[str, str]]] = {  # theme -> signs -> (positive, negative)
    "dark": {
        "green-magenta": ("#7fd34e", "#f0529c"),
        "blue-orange": ("#5aa9f0", "#f29a4a"),
        "green-red": ("#4fd15f", "#f0524f"),
    },
    "light": {
        "green-magenta": ("#3f8f1d", "#c51b7d"),
        "blue-orange": ("#1f6fb8", "#c8660a"),
        "green-red": ("#1e8a2e", "#c62828"),
    },
}

# ten colours for things to be told apart (classes, features), those that few eyes confuse first
APART: dict[str, tuple[str, ...]] = {
    "dark": (
        "#5aa9f0", "#f2b04a", "#6fd6a4", "#e85aa0", "#b08ae8", "#4fd0d8", "#c6dc5c", "#f58f8f", "#9fb4d8", "#d8a0c8",
    ),
    "light": (
        "#1f6fb8", "#b86a00", "#188a58", "#c02a78", "#7546c0", "#0b8088", "#6b7f00", "#b8434a", "#4f6690", "#8a4a7a",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """Named colours of one theme. ``zero`` is what a weight of 0 looks like: the ground of the grids."""

    name: Literal["dark", "light"]
    signs: SignColours
    window: str
    panel: str
    raised: str
    sunken: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str  # selection, focus, sliders
    good: str  # play button, right answers, better than before
    bad: str  # errors, worse than before
    activation: str  # lamps, bars of activation, marks
    train: str
    validation: str
    zero: str
    ink: str  # drawn digits
    paper: str  # what they are drawn on

    @property
    def positive(self) -> str:
        """Return the colour of large positive numbers."""
        return _SIGN_ENDS[self.name][self.signs][0]

    @property
    def negative(self) -> str:
        """Return the colour of large negative numbers."""
        return _SIGN_ENDS[self.name][self.signs][1]

    @cached_property
    def diverging(self) -> NDArray[np.uint8]:
        """Return the table ``[511, 4]`` (RGBA) from -1 (row 0) over 0 (row 255) to +1 (row 510).

        Brightness saturates early (square root), so that small signs and large sizes both read.
        """
        ends = [_rgb(end) for end in (self.negative, self.positive)]
        zero = _rgb(self.zero)
        table = np.full((511, 4), 255, np.uint8)
        strength = np.linspace(0.0, 1.0, 256)[:, None] ** 0.7
        table[255:, :3] = np.rint(zero + (ends[1] - zero) * strength)
        table[:256, :3] = np.rint(zero + (ends[0] - zero) * strength)[::-1]
        return table

    @cached_property
    def activation_table(self) -> NDArray[np.uint8]:
        """Return the table ``[256, 4]`` (RGBA) from 0 (an unlit lamp) to 1."""
        dark = _rgb(self.raised)
        lit = _rgb(self.activation)
        table = np.full((256, 4), 255, np.uint8)
        table[:, :3] = np.rint(dark + (lit - dark) * np.linspace(0.0, 1.0, 256)[:, None])
        return table

    def signed_rgba(self, values: NDArray[np.floating], scale: float) -> NDArray[np.uint8]:
        """Return the colours ``[..., 4]`` of ``values``; ``scale`` is the magnitude of full colour."""
        limit = max(float(scale), 1e-12)
        index = np.asarray(values, np.float32) * (255.0 / limit)
        if not np.isfinite(index).all():  # (asking is ten times faster than replacing nothing)
            index = np.nan_to_num(index, nan=0.0, posinf=255.0, neginf=-255.0)
        found: NDArray[np.uint8] = self.diverging[np.clip(index, -255, 255).astype(np.int16) + 255]
        return found

    def colour(self, name: str) -> QColor:
        """Return the colour called ``name`` as a QColor of its own."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(getattr(self, name))
        return QColor(found)

    @cached_property
    def _colours(self) -> dict[str, QColor]:
        """Hold what was read already: a frame asks some 50 times, and reading a name takes longer than a copy."""
        return {}


def _rgb(name: str) -> NDArray[np.float64]:
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)


def dark(signs: SignColours = "green-magenta") -> Palette:
    """Return the dark palette."""
    return Palette(
        name="dark",
        signs=signs,
        window="#14171c",
        panel="#171b21",
        raised="#232a34",
        sunken="#0e1115",
        line="#262c35",
        text="#e8ecf1",
        muted="#98a2b0",
        faint="#5c6675",
        accent="#5aa9f0",
        good="#3fb37f",
        bad="#ef5b6b",
        activation="#f2d272",
        train="#5aa9f0",
        validation="#f29a4a",
        zero="#14181d",
        ink="#f4f6f8",
        paper="#0b0e11",
    )


def light(signs: SignColours = "green-magenta") -> Palette:
    """Return the light palette; zero is white."""
    return Palette(
        name="light",
        signs=signs,
        window="#f3f4f6",
        panel="#fbfbfc",
        raised="#e6e9ee",
        sunken="#ffffff",
        line="#d3d8df",
        text="#1b2027",
        muted="#566070",
        faint="#8a94a3",
        accent="#1f6fb8",
        good="#1c8a5a",
        bad="#c62840",
        activation="#9c7000",
        train="#1f6fb8",
        validation="#c8660a",
        zero="#ffffff",
        ink="#15181c",
        paper="#ffffff",
    )
