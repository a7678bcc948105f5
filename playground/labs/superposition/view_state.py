"""What of the superposition lab is kept with the window: how panels lie, what is chosen, what is probed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from playground.engine.superposition.experiments import EXPERIMENTS
from playground.labs.superposition.stage import PANELS
from playground.views.superposition.animate_row import SweepRange
from playground.views.superposition.model_column import GRAM, WEIGHTS

if TYPE_CHECKING:
    from playground.labs.superposition.view import SuperpositionView

_MOST = 400  # features of a probe


def saved_state(view: SuperpositionView) -> dict[str, Any]:
    """Return the state as plain JSON values."""
    wanted = view.stage.task.animation.range()
    return {
        **view.stage.sizes(),
        "panels": {name: view.stage.is_shown(name) for name in PANELS},
        "fronts": view.stage.fronts(),
        "model": list(view.chosen.model),
        "features": list(view.chosen.features),
        "picture": view.stage.columns.picture(),
        "continue": view.stage.task.is_continuing(),
        "animation": [wanted.low, wanted.high, wanted.seconds],
        "curve": view.stage.curve.mode(),
        "log": view.stage.losses.is_log(),
        "probe": [round(float(value), 4) for value in view.stage.probe.inputs()],
        "experiment": view.stage.experiment_band.name(),
    }


def restored_state(view: SuperpositionView, state: dict[str, Any]) -> None:
    """Take the state up; what is unknown or wrong is passed over."""
    sizes = {name: state.get(name) for name in ("columns", "middle")}
    view.stage.set_sizes(
        {name: found for name, found in sizes.items() if _are(found, int) and min(found, default=-1) >= 0}
    )
    panels, fronts = state.get("panels"), state.get("fronts")
    for name in PANELS:
        is_shown = panels.get(name) if isinstance(panels, dict) else None
        if isinstance(is_shown, bool) and is_shown != view.stage.is_shown(name):
            view.show_panel(name, is_shown)
    for front in fronts.values() if isinstance(fronts, dict) else ():
        if front in (*PANELS, "models"):
            view.stage.bring(front)
    if isinstance(state.get("continue"), bool):
        view.set_continuing(state["continue"])
    if isinstance(state.get("log"), bool):
        view.stage.losses.set_log(state["log"])
    if state.get("picture") in (GRAM, WEIGHTS):
        view.stage.columns.set_picture(state["picture"])
    if isinstance(state.get("curve"), str):
        view.stage.curve.set_mode(state["curve"])
    band = next((one for one in EXPERIMENTS if one.name == state.get("experiment")), None)
    view.stage.experiment_band.show_experiment(band)
    _restore_numbers(view, state)


def _restore_numbers(view: SuperpositionView, state: dict[str, Any]) -> None:
    setup = view.document.setup
    model, features = state.get("model"), state.get("features")
    if _are(model, int, 2) and 0 <= model[0] < len(setup.kinds) and 0 <= model[1] < len(setup.seeds):
        view.chosen.set_kind(model[0])
        view.chosen.set_seed(model[1])
    if _are(features, int) and all(0 <= feature < setup.problem.features for feature in features):
        view.chosen.set_features(features)
    wanted = state.get("animation")
    if _are(wanted, float, 3) and 0 <= wanted[0] < wanted[1] <= 0.999 and 1 <= wanted[2] <= 600:
        view.stage.task.animation.set_range(SweepRange(*(float(value) for value in wanted)))
    probe = state.get("probe")
    if _are(probe, float) and len(probe) <= _MOST and any(probe):
        inputs = np.array(probe, np.float64)
        if np.isfinite(inputs).all() and np.abs(inputs).max() <= 1:
            view.stage.probe.set_inputs(inputs)


def _are(values: Any, kind: type, count: int | None = None) -> TypeGuard[list[Any]]:
    """Say whether these are whole numbers, or numbers, in a list of this length."""
    kinds = (int,) if kind is int else (int, float)
    is_list = isinstance(values, list) and all(type(value) in kinds for value in values)
    return is_list and count in (None, len(values))
