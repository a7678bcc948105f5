"""What a line of the actions table holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionRow:
    """One action. ``menu`` is a path (``File/Examples``); ``tooltip`` says more than ``text``.

    ``group``: exclusive with the others of that name; ``section``: a line is drawn above it in the menu;
    ``place``: "window" works always, "lab" only while a lab that uses it is in front.
    """

    id: str
    text: str
    menu: str
    tooltip: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    section: bool = False
    repeats: bool = False
    place: str = "window"


@dataclass(frozen=True)
class KeyRow:
    """A key or gesture that a view answers by itself: listed with the shortcuts, but no action of the window."""

    where: str
    keys: str
    meaning: str
