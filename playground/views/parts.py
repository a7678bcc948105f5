"""A part of the window that can be hidden for a class: what the sheet lists, and what a lab declares. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One line of the list. ``id`` stands in files and never changes; ``group`` is the head that it stands under.

    ``actions`` of the window's table and ``places`` of the lab's bar go with it; which widgets do, the lab knows.
    """

    id: str
    group: str
    title: str
    sentence: str  # what is there
    actions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """A choice with a name: the ids that it hides."""

    title: str
    sentence: str
    hidden: frozenset[str]


def places_of(parts: Iterable[Part], hidden: frozenset[str]) -> frozenset[str]:
    """Return the places of a bar that are hidden where these ids are."""
    return frozenset(place for part in parts if part.id in hidden for place in part.places)


def actions_of(parts: Iterable[Part], hidden: frozenset[str]) -> frozenset[str]:
    """Return the actions that are hidden where these ids are."""
    return frozenset(action for part in parts if part.id in hidden for action in part.actions)
