"""The seam between the window and a lab: what a lab gets, what it shows, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from playground.session.document import Document
from playground.views.look import Look
from playground.views.parts import Part
from playground.views.sources import ActionSource, Explain, IconSource


@dataclass(frozen=True)
class Remedy:
    """A button under a message: what it says and what it does."""

    text: str
    act: Callable[[], object]
    is_closing: bool = True  # the message goes once it was pressed


@dataclass(frozen=True)
class Message:
    """A sentence in the strip above the lab. A later message of the same ``kind`` takes its place."""

    text: str
    kind: str = "note"
    is_error: bool = False
    remedies: tuple[Remedy, ...] = ()
    seconds: float | None = None  # goes by itself after this time; None: stays until closed


@dataclass(frozen=True)
class StatusItem:
    """One reading of the status line; ``name`` keys it, so that a later one takes its place."""

    name: str
    text: str
    tooltip: str = ""
    at_right: bool = False
    is_error: bool = False


def frames_item(rate: float) -> StatusItem:
    """Return the reading of how many moments of a training are shown a second."""
    text = f"{rate:.0f} frame{'' if round(rate) == 1 else 's'}/s"
    return StatusItem("frames", text, "Moments of the training shown a second")


@dataclass(frozen=True)
class LabContext:
    """What the window hands to every lab: the look, the actions, the icons, the words, and the services of the session.

    ``services``: "workspace" (the open project) and "preferences" (the PreferenceFile).
    """

    look: Look
    actions: ActionSource
    icon: IconSource
    explain: Explain
    services: Mapping[str, Any]


class LabView(QWidget):
    """The workspace of one lab. The window shows it in its stack, its ``top_bar`` above and its readings below."""

    message_raised = Signal(object)  # Message
    message_settled = Signal(str)  # the kind of a message that no longer holds
    status_changed = Signal(object)  # StatusItem

    def open_document(self) -> Document | None:
        """Return what is trained, changed and undone in this lab; None: the network, which all labs share."""
        return None

    def top_bar(self) -> QWidget | None:
        """Return the lab's bar with play button and settings; the window places it."""
        return None

    def action_slots(self) -> Mapping[str, Callable[..., object]]:
        """Return what answers the actions of the table while this lab is in front; the others are disabled then."""
        return {}

    def help_terms(self) -> tuple[str, ...]:
        """Return the terms that F1 explains first."""
        return ()

    def save_view(self) -> dict[str, Any]:
        """Return how the panels lie and what is selected, as plain JSON values."""
        return {}

    def restore_view(self, state: dict[str, Any]) -> None:
        """Take up what ``save_view`` returned; unknown or wrong entries are passed over."""

    def set_hidden(self, parts: frozenset[str]) -> None:
        """Hide the parts of these ids for a class, and show all others as they were; unknown ids are passed over."""

    def accepts_drop(self, paths: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Say whether ``take_drop`` knows what to do with these files."""
        return False

    def take_drop(self, paths: tuple[str, ...]) -> None:
        """Open files that were dropped on the window."""

    def set_in_front(self, is_in_front: bool) -> None:
        """Be told that this lab comes to the front or leaves it; what nobody looks at is not computed."""

    def close_lab(self) -> None:
        """Stop timers and threads; called once, before the window goes."""


class Lab(Protocol):
    """One line of the catalog. Importing it must be cheap: ``build`` imports the view."""

    name: str  # in the command line and in files: "network"
    title: str  # on the rail: "Network"
    icon: str  # a picture of resources/icons, without .svg
    description: str  # the tooltip on the rail: a sentence
    parts: tuple[Part, ...]  # what of it can be hidden for a class

    def build(self, context: LabContext) -> LabView:
        """Build the workspace."""
        ...
