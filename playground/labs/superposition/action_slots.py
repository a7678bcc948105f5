"""Which actions of the window's table the superposition lab answers, and by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from playground.engine.superposition.problem import ANTICORRELATED, CORRELATED
from playground.views.superposition import hand_tools

if TYPE_CHECKING:
    from playground.labs.superposition.view import SuperpositionView


def action_slots(view: SuperpositionView) -> Mapping[str, Callable[..., object]]:
    """Return the slots by the ids of the actions; checkable ones are called with their new state."""
    running, hands = view.running, view.hands
    return {
        "training.play": running.set_playing,
        "training.step": running.step,
        "training.slower": partial(running.change_speed, -1),
        "training.faster": partial(running.change_speed, 1),
        "training.reset": running.restart,
        "training.new_seed": running.new_seeds,
        "training.back_to_last_good": running.back_to_last_good,
        "training.learning_rate_down": partial(running.scale_learning_rate, 0.1),
        "training.learning_rate_up": partial(running.scale_learning_rate, 10.0),
        "network.freeze": hands.freeze_chosen,
        "superposition.experiments": view.transport.show_experiments,
        "superposition.continue": view.set_continuing,
        "superposition.animate": view.set_animated,
        "superposition.next_model": view.choose_next_kind,
        "superposition.next_seed": view.choose_next_seed,
        "superposition.best_seed": view.choose_best_seed,
        "superposition.weights": view.show_weights,
        "superposition.silence": partial(hands.use, hand_tools.SILENCE),
        "superposition.flip": partial(hands.use, hand_tools.FLIP),
        "superposition.equalise": partial(hands.use, hand_tools.EQUALISE),
        "superposition.snap": partial(hands.use, hand_tools.SNAP),
        "superposition.correlated": partial(view.stage.groups.begin, CORRELATED),
        "superposition.anticorrelated": partial(view.stage.groups.begin, ANTICORRELATED),
        "superposition.random_input": view.stage.probe.draw_random,
        "superposition.clear_input": view.stage.probe.clear,
        "view.panel_data": partial(view.show_panel, "data"),
        "view.panel_plots": partial(view.show_panel, "plots"),
        "view.panel_inspector": partial(view.show_panel, "inspector"),
    }
