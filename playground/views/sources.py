"""What the window lends to views and labs: its actions, its icons, its words."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QAction, QIcon


class ActionSource(Protocol):
    """Where the actions of the window's table are fetched from."""

    def __getitem__(self, action_id: str) -> QAction:
        """Return the action called ``action_id``."""
        ...


class IconSource(Protocol):
    """Where icons in the present palette are fetched from."""

    def __call__(self, name: str, colour: str = "text", on_colour: str = "") -> QIcon:
        """Return the icon ``name`` in a colour of the palette, and in ``on_colour`` where it is checked."""
        ...


class Explain(Protocol):
    """Where terms are explained."""

    def __call__(self, term: str) -> str:
        """Return a sentence with the formula, or an empty text where the term is unknown."""
        ...
