"""Which actions of the window's table the network lab answers, and by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.labs.network.view import NetworkView


def action_slots(view: NetworkView) -> Mapping[str, Callable[..., object]]:
    """Return the slots by the ids of the actions; checkable ones are called with their new state."""
    building, running, feeding = view.building, view.running, view.feeding
    document, diagram = view.document, view.diagram
    return {
        "edit.copy_grid": view.inspector.copy_grid,
        "edit.paste_grid": feeding.paste,
        "network.type_structure": view.type_structure,
        "network.add_neuron": building.add_to_selected,
        "network.remove_neuron": building.remove_from_selected,
        "network.duplicate_neuron": building.duplicate_selected,
        "network.delete_neuron": building.delete_selected,
        "network.insert_layer": building.insert_at_selected,
        "network.remove_layer": building.remove_selected_layer,
        "network.move_layer_left": partial(building.move_selected_layer, -1),
        "network.move_layer_right": partial(building.move_selected_layer, 1),
        "network.select_layer": building.select_whole_layer,
        "network.freeze": building.freeze_selected,
        "network.cut": building.cut_selected,
        "network.matrix": view.show_matrices,
        "training.play": running.set_playing,
        "training.step": running.step,
        "training.epoch": running.epoch,
        "training.slower": partial(running.change_speed, -1),
        "training.faster": partial(running.change_speed, 1),
        "training.reset": running.reset,
        "training.new_seed": running.new_seed,
        "training.back_to_last_good": document.back_to_last_good,
        "training.learning_rate_down": partial(running.scale_learning_rate, 0.1),
        "training.learning_rate_up": partial(running.scale_learning_rate, 10.0),
        "data.easy": lambda _checked: feeding.digits("easy"),
        "data.medium": lambda _checked: feeding.digits("medium"),
        "data.mnist_like": lambda _checked: feeding.digits("mnist-like"),
        "data.open": feeding.choose_files,
        "data.open_folder": feeding.choose_folder,
        "data.paste_table": feeding.preview.paste,
        "data.predictions": feeding.predictions.open,
        "data.download_mnist": partial(feeding.download, "mnist"),
        "data.download_fashion": partial(feeding.download, "fashion-mnist"),
        "data.previous_example": partial(feeding.move_example, -1),
        "data.next_example": partial(feeding.move_example, 1),
        "data.clear_drawing": feeding.clear_drawing,
        "data.add_drawing": feeding.add_current,
        "view.fit": diagram.fit,
        "view.zoom_in": partial(diagram.zoom_by, 1.25),
        "view.zoom_out": partial(diagram.zoom_by, 0.8),
        "view.gallery": view.show_gallery,
        "view.panel_data": partial(view.show_panel, "data"),
        "view.panel_plots": partial(view.show_panel, "plots"),
        "view.panel_inspector": partial(view.show_panel, "inspector"),
    }
