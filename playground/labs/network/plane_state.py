"""What the plane shows and how, as JSON values: kept with the window and in projects that anybody may have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground.views.plane.scene import ACT, ANSWER, PRE

if TYPE_CHECKING:
    from playground.labs.network.view import NetworkView


def plane_state(view: NetworkView) -> dict[str, Any]:
    """Return what fills the plane, what lies over it, the layer that bends it, and what a landscape is measured of."""
    tools, bent = view.data_panel.plane.tools, view.plane_bent
    return {
        "steps": tools.steps.isChecked(),
        "held_back": tools.held.isChecked(),
        "shown": view.plane_mode.shown,
        "overlays": {name: button.isChecked() for name, button in view.plane_stage.overlays.buttons.items()},
        "bent": [bent.place, *bent.axes],
        "landscape": view.landscape_stage.save_state(),
    }


def restore_plane(view: NetworkView, state: Any) -> None:
    """Take up what ``plane_state`` returned; what is missing, unknown or wrong stays as it is."""
    if not isinstance(state, dict):
        return
    tools = view.data_panel.plane.tools
    for name, button in (("steps", tools.steps), ("held_back", tools.held)):
        if isinstance(state.get(name), bool):
            button.setChecked(state[name])
    if isinstance(state.get("shown"), str) and state["shown"] in (ANSWER, ACT, PRE):
        view.plane_mode.show_way(state["shown"])
    overlays = state.get("overlays")
    for name, button in view.plane_stage.overlays.buttons.items():
        is_on = overlays.get(name) if isinstance(overlays, dict) else None
        if isinstance(is_on, bool):
            button.setChecked(is_on)
    bent = state.get("bent")
    if isinstance(bent, list) and len(bent) == 3 and all(type(place) is int and place >= 0 for place in bent):
        view.plane_bent.choose(*bent)
    view.landscape_stage.restore_state(state.get("landscape"))
