"""How the superposition lab hides what a class is not to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from playground.labs.hiding import HiddenParts, head_named
from playground.labs.superposition.parts import PARTS
from playground.views.sources import ActionSource

if TYPE_CHECKING:
    from playground.labs.superposition.view import SuperpositionView

_PANELS = {"superposition.left": "data", "superposition.sweeps": "plots", "superposition.right": "inspector"}


class SandboxHiding:
    """Hides parts of the superposition lab while it is in front, and shows them again as they were."""

    def __init__(self, view: SuperpositionView, actions: ActionSource) -> None:
        self._parts = HiddenParts(PARTS, _widgets(view), view.transport)
        self._show_panel: Callable[[str, bool], None] = view.show_panel
        self._actions = actions
        self._were_shown: dict[str, bool] = {}  # panels that are hidden now

    def set(self, hidden: frozenset[str]) -> None:
        """Hide these parts and show all others."""
        self._parts.set(hidden)
        for part, name in _PANELS.items():
            is_shown = self._actions[f"view.panel_{name}"].isChecked()
            if part in hidden:
                self._were_shown.setdefault(name, is_shown)
                if is_shown:
                    self._show_panel(name, False)  # noqa: FBT003 - as the menu calls it
            elif self._were_shown.pop(name, False):
                self._show_panel(name, True)  # noqa: FBT003


def _widgets(view: SuperpositionView) -> Mapping[str, tuple[QWidget, ...]]:
    stage = view.stage
    return {
        "superposition.task": (stage.task,),
        "superposition.animation": (stage.task.animation,),
        "superposition.importance": (stage.curve,),
        "superposition.groups": (stage.groups,),
        "superposition.seeds": (stage.seeds,),
        "superposition.probe": (stage.probe,),
        "superposition.tools": (stage.tools,),
        "superposition.card": (stage.card,),
        "superposition.dimensions": (head_named(stage, "Feature dimensionality"), stage.strip),
        "superposition.losses": (stage.losses,),
    }
