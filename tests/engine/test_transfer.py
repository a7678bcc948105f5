"""Going over to another structure: what keeps its place, what is new, and what that does to the function."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from playground.engine import structure
from playground.engine.commands import Restructure
from playground.engine.near_identity import inner_fit, outer_fit
from playground.engine.network import Network
from playground.engine.places import GONE, pixel_map, relocated
from playground.engine.spec import ACTIVATIONS, NetworkSpec, SpecError, build
from playground.engine.transfer import change_sentence, measured_change, transferred
from tests.engine.properties import checking

# 6-3-4-2: hidden 1 is layer 0 with neurons 1 2 3, hidden 2 is 4 with 5 6 7 8, the output is 9 with 10 11
SPEC = build((6, 3, 4, 2), input_shape=(2, 3), activation="sigmoid")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def made(spec: NetworkSpec = SPEC, seed: int = 0) -> Network:
    """A drawn network with moments, masks and a count of updates."""
    network = Network.create(spec, "normal", seeded(seed))
    network.first_moment = torch.randn(spec.parameter_count, generator=seeded(seed + 1))
    network.second_moment = torch.rand(spec.parameter_count, generator=seeded(seed + 2))
    network.optimizer_steps = 77
    network.set_mask("movable", torch.rand(spec.parameter_count, generator=seeded(seed + 3)) > 0.2)
    network.set_mask("present", torch.rand(spec.parameter_count, generator=seeded(seed + 4)) > 0.2)
    return network


def plain(spec: NetworkSpec, seed: int = 0, initialization: str = "torch") -> Network:
    return Network.create(spec, initialization, seeded(seed))


def went(network: Network, change: Restructure, initialization: str = "torch", **more: Any) -> Network:
    return transferred(network, change, initialization, seeded(99), **more)[0]


def examples(spec: NetworkSpec, count: int = 64, low: float = 0.0) -> Tensor:
    return low + (1 - low) * torch.rand(count, spec.inputs, generator=seeded(5))


def outputs(network: Network, inputs: Tensor) -> Tensor:
    return network.forward(inputs, "squared_error")[1][-1]


# ---- nothing is lost -----------------------------------------------------------------------------------------------


def test_a_new_activation_keeps_everything() -> None:
    network = made()
    result = went(network, structure.set_activation(SPEC, 4, "relu"))
    for name in ("parameters", "first_moment", "second_moment", "movable", "present"):
        assert torch.equal(getattr(result, name), getattr(network, name)), name
    assert result.optimizer_steps == 77
    assert result.spec.layers[1].activation == "relu"


def test_the_network_before_is_left_as_it_is() -> None:
    network = made()
    held = torch.zeros(SPEC.parameter_count, dtype=torch.bool)
    held[3] = True
    network.set_mask("held", held)
    before = network.parameters.clone()
    result = went(network, structure.add_units(SPEC, 0, 2))
    result.parameters.fill_(0.0)
    assert torch.equal(network.parameters, before)
    assert network.spec is SPEC
    assert network.held is not None
    assert result.held is None


def test_what_is_not_there_stays_not_there() -> None:
    result = went(plain(SPEC), structure.add_units(SPEC, 0))
    assert (result.first_moment, result.second_moment, result.movable, result.present) == (None, None, None, None)
    assert result.optimizer_steps == 0


@pytest.mark.parametrize("layer", [0, 4])
def test_a_new_neuron_is_drawn_and_sends_nothing_on(layer: int) -> None:
    network, index = made(), SPEC.index_of(layer) or 0
    result = went(network, structure.add_units(SPEC, layer, 2), "xavier")
    width = SPEC.layers[index].width
    assert torch.equal(result.weights[index][:width], network.weights[index])
    assert torch.equal(result.biases[index][:width], network.biases[index])
    assert result.weights[index][width:].abs().min() > 0
    assert torch.equal(result.weights[index + 1][:, :width], network.weights[index + 1])
    assert (result.weights[index + 1][:, width:] == 0).all()
    assert torch.equal(result.biases[index + 1], network.biases[index + 1])
    views = [moment[result.spec.slots[index].whole] for moment in (result.first_moment, result.second_moment)]  # type: ignore[index]
    rows = result.weights[index].shape[1]
    assert all((view[width * rows : (width + 2) * rows] == 0).all() for view in views)
    assert (result.movable is not None) & (result.present is not None)


def test_removed_neurons_take_their_weights_along_and_no_others() -> None:
    network = made()
    result = went(network, structure.remove_units(SPEC, 4, (6,)))
    left = [0, 2, 3]
    assert torch.equal(result.weights[0], network.weights[0])
    assert torch.equal(result.weights[1], network.weights[1][left])
    assert torch.equal(result.biases[1], network.biases[1][left])
    assert torch.equal(result.weights[2], network.weights[2][:, left])
    assert torch.equal(result.biases[2], network.biases[2])


def test_moments_and_masks_go_where_their_weights_go() -> None:
    network = made()
    # numbered parameters show where everything went
    network.parameters.copy_(torch.arange(SPEC.parameter_count))
    change = structure.remove_units(SPEC, 0, (2,))
    wider = structure.add_units(change.spec, 4)
    result = went(went(network, change), wider)
    carried = [(place, int(value)) for place, value in enumerate(result.parameters.tolist()) if value.is_integer()]
    known = [(new, old) for new, old in carried if old > 0]
    assert len(known) >= 6 * 2 + 2 + 2 * 4 + 4 + 4 * 2 + 2 - 1
    assert network.first_moment is not None
    assert result.first_moment is not None
    assert network.movable is not None
    assert result.movable is not None
    for new, old in known:
        assert result.first_moment[new] == network.first_moment[old]
        assert result.movable[new] == network.movable[old]


# ---- what leaves the function unchanged ----------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("count", [1, 3])
def test_adding_neurons_changes_no_output_at_all(activation: str, count: int) -> None:
    spec = build((784, 16, 16, 10), input_shape=(28, 28), activation=activation)
    network, inputs = plain(spec), examples(spec)
    for layer in (spec.layers[0].id, spec.layers[1].id):
        change = structure.add_units(spec, layer, count)
        result, message = transferred(network, change, "torch", seeded(), inputs=inputs)
        assert torch.equal(outputs(result, inputs), outputs(network, inputs))
        assert message == f"The function is unchanged: no output moved over {len(inputs)} examples."


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_duplicating_neurons_changes_no_output_but_for_rounding(activation: str) -> None:
    spec = build((784, 16, 16, 10), input_shape=(28, 28), activation=activation)
    network, inputs = plain(spec), examples(spec)
    chosen = (spec.layers[0].units[3], spec.layers[0].units[7])
    change = structure.duplicate_units(spec, spec.layers[0].id, chosen)
    result, message = transferred(network, change, "torch", seeded(), inputs=inputs)
    assert (outputs(result, inputs) - outputs(network, inputs)).abs().max() < 1e-6
    assert message.startswith("The function is unchanged")


def test_both_of_a_pair_get_half_and_all_of_what_comes_in() -> None:
    network = made()
    result = went(network, structure.duplicate_units(SPEC, 4, (6,)))  # order 5, 6, copy, 7, 8
    old_in, old_out = network.weights[1], network.weights[2]
    assert torch.equal(result.weights[1], old_in[[0, 1, 1, 2, 3]])
    assert torch.equal(result.biases[1], network.biases[1][[0, 1, 1, 2, 3]])
    assert torch.equal(result.weights[2][:, [0, 3, 4]], old_out[:, [0, 2, 3]])
    assert torch.equal(result.weights[2][:, 1], old_out[:, 1] / 2)
    assert torch.equal(result.weights[2][:, 2], old_out[:, 1] / 2)
    old, new = SPEC.slots[1], result.spec.slots[1]
    for name in ("first_moment", "second_moment", "movable", "present"):
        before = getattr(network, name)[old.weight].view(4, 3)
        after = getattr(result, name)[new.weight].view(5, 3)
        assert torch.equal(after, before[[0, 1, 1, 2, 3]]), name


def test_copies_of_copies_share_what_is_left() -> None:
    network = made()
    first = structure.duplicate_units(SPEC, 4, (6,))
    second = structure.duplicate_units(first.spec, 4, (6, first.copies[0][0]))
    result = went(went(network, first), second)
    for column in range(1, 5):
        assert torch.equal(result.weights[2][:, column], network.weights[2][:, 1] / 4)
    change = Restructure(
        structure.remove_units(first.spec, 4, (6,)).spec, "the copy stays, the original goes", copies=first.copies
    )
    alone = went(network, change)
    assert torch.equal(alone.weights[2], network.weights[2])


@pytest.mark.parametrize(
    ("below", "inserted"),
    [
        *[(below, "identity") for below in ACTIVATIONS],
        *[
            (below, inserted)
            for below in ("sigmoid", "relu", "softplus", "step")
            for inserted in ("relu", "leaky_relu")
        ],
    ],
)
def test_an_inserted_layer_is_the_identity_where_its_activation_can(below: str, inserted: str) -> None:
    spec = build((784, 16, 16, 10), input_shape=(28, 28), activation=below)
    network, inputs = plain(spec), examples(spec)
    change = structure.insert_layer(spec, spec.layers[1].id, activation=inserted)
    result, message = transferred(network, change, "torch", seeded(), inputs=inputs)
    assert torch.equal(result.weights[1], torch.eye(16))
    assert (result.biases[1] == 0).all()
    assert torch.equal(result.weights[2], network.weights[1])
    assert torch.equal(result.biases[2], network.biases[1])
    assert torch.equal(outputs(result, inputs), outputs(network, inputs))
    assert message.startswith("The inserted layer passes on exactly what comes in. The function is unchanged: ")


def test_an_inserted_layer_may_be_wider() -> None:
    network, inputs = plain(SPEC), examples(SPEC)
    result = went(network, structure.insert_layer(SPEC, 4, 5, "relu"))
    assert torch.equal(outputs(result, inputs), outputs(network, inputs))
    assert torch.equal(result.weights[1][:3], torch.eye(3))
    assert result.weights[1][3:].abs().min() > 0  # the further neurons are drawn, so that they can learn
    assert (result.weights[2][:, 3:] == 0).all()


def test_the_weights_after_an_inserted_layer_keep_moments_and_masks() -> None:
    network = made()
    result = went(network, structure.insert_layer(SPEC, 4, activation="relu"))
    old, new = SPEC.slots[1].whole, result.spec.slots[2].whole
    for name in ("parameters", "first_moment", "second_moment", "movable", "present"):
        assert torch.equal(getattr(result, name)[new], getattr(network, name)[old]), name
    fresh = result.spec.slots[1].whole
    assert result.movable is not None
    assert result.present is not None
    assert result.first_moment is not None
    assert result.movable[fresh].all()
    assert result.present[fresh].all()
    assert (result.first_moment[fresh] == 0).all()


@pytest.mark.parametrize(("after", "inserted"), [("relu", "relu"), ("relu", "leaky_relu"), ("tanh", "identity")])
def test_in_front_of_the_first_layer_it_takes_over_the_pictures(after: str, inserted: str) -> None:
    spec = build((784, 16, 10), input_shape=(28, 28), activation=after)
    network, inputs = plain(spec), examples(spec)
    change = structure.insert_layer(spec, spec.layers[0].id, activation=inserted)
    result, message = transferred(network, change, "torch", seeded(), inputs=inputs)
    assert torch.equal(result.weights[0], network.weights[0])
    assert torch.equal(result.biases[0], network.biases[0])
    assert torch.equal(result.weights[1], torch.eye(16))
    assert torch.equal(outputs(result, inputs), outputs(network, inputs))
    assert message.startswith("The inserted layer took over the incoming weights of hidden 2, which receives from it")
    assert message.endswith(f"The function is unchanged: no output moved over {len(inputs)} examples.")


@pytest.mark.parametrize("inserted", ["relu", "leaky_relu", "gelu", "softplus"])
@pytest.mark.parametrize("has_examples", [True, False])
def test_in_front_of_the_first_layer_a_bend_is_moved_out_of_the_way(inserted: str, has_examples: bool) -> None:
    spec = build((784, 16, 10), input_shape=(28, 28), activation="tanh")
    network, inputs = plain(spec), examples(spec)
    change = structure.insert_layer(spec, spec.layers[0].id, activation=inserted)
    result = went(network, change, inputs=inputs if has_examples else None)
    assert torch.equal(result.weights[0], network.weights[0])
    assert (outputs(result, inputs) - outputs(network, inputs)).abs().max() < 2e-4


def test_a_layer_of_numbers_is_passed_on_where_there_is_room() -> None:
    spec = build((6, 3, 2), activation="tanh")
    network, inputs = plain(spec), examples(spec)
    result = went(network, structure.insert_layer(spec, spec.layers[0].id, 6, "relu"), inputs=inputs)
    assert torch.equal(result.weights[0], torch.eye(6))
    assert torch.equal(result.weights[1], network.weights[0])
    assert torch.equal(outputs(result, inputs), outputs(network, inputs))


# ---- what changes it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inserted", ["sigmoid", "tanh", "gelu", "softplus", "step"])
def test_what_can_only_come_near_says_by_how_much_it_missed(inserted: str) -> None:
    spec = build((784, 16, 16, 10), input_shape=(28, 28), activation="relu")
    network, inputs = plain(spec), examples(spec)
    change = structure.insert_layer(spec, spec.layers[2].id, activation=inserted)
    result, message = transferred(network, change, "torch", seeded(), inputs=inputs, loss="squared_error")
    missed = (outputs(result, inputs) - outputs(network, inputs)).abs().max().item()
    assert missed > 1e-5
    assert message.endswith(f"The function changed: an output moved by up to {missed:.3g} over 64 examples.")
    assert "can only come near the identity" in message
    drawn = Network.create(change.spec, "torch", seeded(3))
    assert missed < (outputs(drawn, inputs) - outputs(network, inputs)).abs().max()


@pytest.mark.parametrize("below", ["tanh", "identity", "gelu", "leaky_relu"])
@pytest.mark.parametrize("has_examples", [True, False])
def test_what_may_be_negative_does_not_get_through_a_relu(below: str, has_examples: bool) -> None:
    spec = build((6, 3, 4, 2), activation=below)
    inputs = examples(spec) if has_examples else None
    message = transferred(plain(spec), structure.insert_layer(spec, 9), "torch", seeded(), inputs=inputs)[1]
    assert message.startswith("A ReLU layer can only come near the identity.")
    six = build((6, 3, 2))
    change = structure.insert_layer(six, six.layers[0].id, 6)
    message = transferred(plain(six), change, "torch", seeded(), inputs=examples(six, low=-1.0))[1]
    assert message.startswith("A ReLU layer can only come near the identity. The function changed")


def test_a_narrower_layer_says_what_it_could_not_pass_on() -> None:
    message = transferred(plain(SPEC), structure.insert_layer(SPEC, 9, 3), "torch", seeded())[1]
    assert message == "The inserted layer passes on 3 of 4 values: it has no more neurons."
    message = transferred(plain(SPEC), structure.insert_layer(SPEC, 0, 2, "identity"), "torch", seeded())[1]
    assert message.endswith("took over the incoming weights of hidden 2; 2 of 3 neurons found a place in it.")


CURVES: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": torch.nn.functional.gelu,
    "softplus": torch.nn.functional.softplus,
    "relu": torch.relu,
    "step": lambda pre: (pre > 0).double(),
}


@pytest.mark.parametrize(
    ("activation", "low", "high"),
    [
        ("sigmoid", 0.0, 1.0),
        ("sigmoid", 0.3, 0.7),
        ("tanh", 0.0, 0.5),
        ("tanh", -0.5, 0.5),
        ("gelu", 0.0, 4.0),
        ("softplus", 1.0, 4.0),
        ("relu", 0.0, 9.0),
        ("step", 0.0, 1.0),
    ],
)
def test_no_affine_map_comes_nearer_than_the_inner_fit(activation: str, low: float, high: float) -> None:
    points = torch.linspace(low, high, 129, dtype=torch.float64)
    gains, offsets = torch.meshgrid(
        torch.linspace(0.0, 8.0, 81, dtype=torch.float64),
        torch.linspace(-5.0, 5.0, 101, dtype=torch.float64),
        indexing="ij",
    )
    tried = (CURVES[activation](gains[..., None] * points + offsets[..., None]) - points).square().sum(-1)
    gain, offset = inner_fit(activation, low, high)
    missed = (CURVES[activation](gain * points + offset) - points).square().sum()
    assert missed <= tried.min() + 1e-9


def test_what_an_activation_cannot_put_out_does_not_pull_the_fit() -> None:
    assert inner_fit("sigmoid", 0.0, 50.0) == inner_fit("sigmoid", 0.0, 1.0)
    assert inner_fit("tanh", -9.0, 9.0) == inner_fit("tanh", -1.0, 1.0)
    gain, offset = inner_fit("sigmoid", 5.0, 5.0)
    assert math.isfinite(gain)
    assert math.isfinite(offset)


def test_the_outer_fit_is_the_line_of_least_squares() -> None:
    points = np.linspace(-3, 5, 129)
    shift, scale, offset = outer_fit("sigmoid", "tanh", -3, 5)
    slope, intercept = np.polyfit(1 / (1 + np.exp(-points)), points, 1)
    assert shift == 0
    assert (scale, offset) == pytest.approx((slope, intercept))
    assert outer_fit("relu", "relu", -3, 5) == (0.0, 1.0, 0.0)
    assert outer_fit("relu", "sigmoid", -4, 5) == (5.0, 1.0, -5.0)
    assert outer_fit("step", "tanh", 1.0, 1.0)[0] == 0.0


# ---- layers that go, come and move ---------------------------------------------------------------------------------


def test_between_layers_of_other_widths_the_weights_are_drawn() -> None:
    network = made()
    result, message = transferred(network, structure.remove_layer(SPEC, 4), "torch", seeded())
    assert torch.equal(result.weights[0], network.weights[0])
    assert torch.equal(result.biases[1], network.biases[2])
    assert result.weights[1].abs().max() <= 1 / math.sqrt(3)
    assert result.weights[1].abs().min() > 0
    assert message == "6 weights of output were drawn anew: other values come in there now."


def test_between_layers_of_one_width_the_weights_stay_in_their_order() -> None:
    spec = build((6, 4, 4, 4, 2))
    network = plain(spec)
    result, message = transferred(network, structure.remove_layer(spec, spec.layers[1].id), "torch", seeded())
    assert torch.equal(result.weights[1], network.weights[2])
    assert torch.equal(result.weights[2], network.weights[3])
    assert message == ""
    moved = went(network, structure.move_layer(spec, spec.layers[1].id, 1))
    assert torch.equal(moved.weights[1], network.weights[2])
    assert torch.equal(moved.weights[2], network.weights[1])


def test_inserting_and_removing_a_layer_gives_the_network_back() -> None:
    network = made()
    inserted = structure.insert_layer(SPEC, 9, activation="relu")
    result = went(went(network, inserted), structure.remove_layer(inserted.spec, inserted.near_identity[0]))
    assert torch.equal(result.parameters, network.parameters)
    assert torch.equal(result.first_moment, network.first_moment)  # type: ignore[arg-type]
    assert torch.equal(result.present, network.present)  # type: ignore[arg-type]


def test_weights_of_pixels_do_not_become_weights_of_neurons() -> None:
    spec = build((4, 4, 4, 2))  # input and layers of one width
    network = plain(spec)
    result, message = transferred(network, structure.remove_layer(spec, spec.layers[0].id), "torch", seeded())
    assert not torch.equal(result.weights[0], network.weights[1])
    assert message.startswith("16 weights of hidden 1 were drawn anew")


def test_typed_layers_are_drawn_and_alive() -> None:
    network, inputs = plain(SPEC), examples(SPEC)
    result = went(network, structure.retyped(SPEC, "6-3-5-7-2"))
    assert torch.equal(result.weights[0], network.weights[0])
    assert torch.equal(result.weights[1][:4], network.weights[1])
    assert all(weight.abs().min() > 0 for weight in result.weights)
    assert outputs(result, inputs).std(0).min() > 0


# ---- other data ----------------------------------------------------------------------------------------------------


def test_pictures_of_other_sizes_are_laid_centre_on_centre() -> None:
    assert pixel_map((2, 2), (4, 4)).tolist() == [-1, -1, -1, -1, -1, 0, 1, -1, -1, 2, 3, -1, -1, -1, -1, -1]
    assert pixel_map((4, 4), (2, 2)).tolist() == [5, 6, 9, 10]
    assert pixel_map((1, 4), (3, 2)).tolist() == [-1, -1, 1, 2, -1, -1]
    assert pixel_map((2, 2), (3, 3)).tolist() == [0, 1, -1, 2, 3, -1, -1, -1, -1]
    assert pixel_map((3, 3), (2, 2)).tolist() == [0, 1, 3, 4]


def test_other_inputs_go_by_number_or_start_anew() -> None:
    assert pixel_map((4,), (2, 2)).tolist() == [0, 1, 2, 3]
    assert pixel_map((3,), (5,)).tolist() == [0, 1, 2, GONE, GONE]
    assert pixel_map((5,), (3,)).tolist() == [0, 1, 2]
    assert pixel_map((28, 28), (2,)).tolist() == [GONE, GONE]
    assert pixel_map((3, 2, 2), (1, 2, 2)).tolist() == [GONE] * 4


@checking()
@given(*[st.integers(1, 7)] * 4)
def test_growing_and_shrinking_a_picture_cancel_out(height: int, width: int, down: int, right: int) -> None:
    grown = (height + down, width + right)
    there, back = pixel_map((height, width), grown), pixel_map(grown, (height, width))
    assert [there[place] for place in back] == list(range(height * width))


def test_a_larger_picture_has_a_rim_without_weight() -> None:
    network, inputs = made(), examples(SPEC)
    result, _ = transferred(network, structure.fitted_to(SPEC, (4, 5), 3), "torch", seeded())
    padded = torch.zeros(64, 4, 5)
    padded[:, 1:3, 1:4] = inputs.view(64, 2, 3)
    assert torch.equal(result.weights[0].view(3, 4, 5)[:, 1:3, 1:4], network.weights[0].view(3, 2, 3))
    assert (outputs(result, padded.view(64, 20))[:, :2] - outputs(network, inputs)).abs().max() < 1e-6
    result.weights[0].view(3, 4, 5)[:, 1:3, 1:4] = 0.0
    assert (result.weights[0] == 0).all()


def test_another_kind_of_input_is_drawn_anew() -> None:
    result, message = transferred(made(), structure.fitted_to(SPEC, (2,), 2), "torch", seeded())
    assert result.weights[0].abs().min() > 0
    assert message == "6 weights of hidden 1 were drawn anew: other values come in there now."


def test_classes_come_and_go_at_the_end() -> None:
    network = made()
    more = structure.fitted_to(SPEC, (2, 3), 5)
    result = went(network, more)
    assert torch.equal(result.weights[2][:2], network.weights[2])
    assert result.weights[2][2:].abs().min() > 0
    fewer = went(result, structure.fitted_to(more.spec, (2, 3), 1))
    assert torch.equal(fewer.weights[2], network.weights[2][:1])


# ---- measuring -----------------------------------------------------------------------------------------------------


def test_the_measured_change_is_the_largest_difference_of_an_output() -> None:
    network, other, inputs = plain(SPEC), plain(SPEC), examples(SPEC)
    assert measured_change(network, other, inputs, "cross_entropy") == 0.0
    other.biases[2][1] += 0.5
    for loss in ("cross_entropy", "squared_error"):
        expected = (other.forward(inputs, loss)[1][-1] - network.forward(inputs, loss)[1][-1]).abs().max().item()
        assert measured_change(network, other, inputs, loss) == expected > 0.05
    assert measured_change(network, other, inputs[:0], "cross_entropy") == 0.0


def test_networks_of_other_ends_are_not_compared() -> None:
    for other in (plain(build((6, 3, 3))), plain(build((5, 3, 2)))):
        with pytest.raises(ValueError, match="cannot be compared on 6 inputs"):
            measured_change(plain(SPEC), other, examples(SPEC), "cross_entropy")
    with pytest.raises(ValueError, match="cannot be compared on 5 inputs"):
        measured_change(plain(SPEC), plain(SPEC), torch.zeros(2, 5), "cross_entropy")


def test_sentences_about_the_function() -> None:
    assert change_sentence(0.0, 9) == "The function is unchanged: no output moved over 9 examples."
    assert change_sentence(0.0, 0) == ""  # nothing was measured
    assert change_sentence(3e-8, 9) == "The function is unchanged but for rounding (3e-08)."
    assert change_sentence(0.25, 1200) == "The function changed: an output moved by up to 0.25 over 1,200 examples."


# ---- any sequence of changes ---------------------------------------------------------------------------------------


STEP = st.tuples(
    st.sampled_from(["add", "remove", "duplicate", "insert", "drop", "move", "type", "fit"]),
    st.integers(0, 3),
    st.integers(0, 5),
    st.integers(1, 4),
)


def changed(spec: NetworkSpec, step: tuple[str, int, int, int]) -> Restructure:
    kind, where, which, size = step
    layer = spec.layers[where % len(spec.layers)]
    unit = layer.units[which % layer.width]
    if kind == "add":
        return structure.add_units(spec, layer.id, size)
    if kind == "remove":
        return structure.remove_units(spec, layer.id, (unit,))
    if kind == "duplicate":
        return structure.duplicate_units(spec, layer.id, (unit,))
    if kind == "insert":
        return structure.insert_layer(spec, layer.id, size, ACTIVATIONS[which])
    if kind == "drop":
        return structure.remove_layer(spec, layer.id)
    if kind == "move":
        return structure.move_layer(spec, layer.id, size - 2)
    if kind == "type":
        return structure.retyped(spec, f"{spec.inputs}-{size}-{which + 1}-{spec.outputs}")
    return structure.fitted_to(spec, (size, which + 1), size)


def named(spec: NetworkSpec, flat: int) -> tuple[int, int, int]:
    """The layer, the neuron and the source (-1: bias) of a parameter, by their ids."""
    for index, (layer, slots) in enumerate(zip(spec.layers, spec.slots, strict=True)):
        if flat < slots.weight.stop:
            row, column = divmod(flat - slots.weight.start, slots.columns)
            return layer.id, layer.units[row], spec.sources(index)[column]
        if flat < slots.bias.stop:
            return layer.id, layer.units[flat - slots.bias.start], -1
    raise AssertionError(flat)


@checking(60)
@given(st.lists(STEP, min_size=1, max_size=5), st.integers(0, 100))
def test_what_was_joined_before_and_after_keeps_its_number(steps: list[tuple[str, int, int, int]], seed: int) -> None:
    network = made(seed=seed)
    for step in steps:
        try:
            change = changed(network.spec, step)
        except SpecError:
            continue
        result = went(network, change)
        old, new = network.spec, result.spec
        assert result.parameters.isfinite().all()
        assert result.parameters.shape == (new.parameter_count,)
        before = {named(old, flat): flat for flat in range(old.parameter_count)}
        same_ends = old.input_shape == new.input_shape
        first_before, first_after = old.layers[0].id, new.layers[0].id
        originals = {original for _, original in change.copies}
        for flat in range(new.parameter_count):
            layer, _, source = name = named(new, flat)
            is_pixel = layer == first_after and source >= 0
            if name not in before or is_pixel != (layer == first_before and source >= 0) or not same_ends:
                continue
            if source < 0 and change.near_identity and layer == first_before != first_after:
                continue  # its bias went to the layer that took its place
            share = 0.5 if source in originals and not is_pixel else 1.0
            assert result.parameters[flat] == network.parameters[before[name]] * share
            for kept in ("first_moment", "movable", "present"):
                had, has = getattr(network, kept), getattr(result, kept)
                assert (True if has is None else has[flat]) == (True if had is None else had[before[name]])
        network = result


@checking(60)
@given(STEP, STEP)
def test_parameters_are_followed_from_structure_to_structure(
    first: tuple[str, int, int, int], second: tuple[str, int, int, int]
) -> None:
    """What `relocated` says of single parameters is what `transferred` does with all of them."""
    network = plain(SPEC)
    network.parameters.copy_(torch.arange(1, SPEC.parameter_count + 1))
    for step in (first, second):
        try:
            change = changed(network.spec, step)
        except SpecError:
            continue
        if change.near_identity or change.copies:
            continue
        result = went(network, change, "zero")
        flat, kept = relocated(network.spec, result.spec, np.arange(network.spec.parameter_count))
        expected = torch.zeros(result.spec.parameter_count)
        expected[torch.from_numpy(flat)] = network.parameters[torch.from_numpy(kept)]
        assert torch.equal(result.parameters, expected)
        network = result


def test_widths_of_the_result_are_those_of_the_structure() -> None:
    result = went(made(), structure.retyped(SPEC, "6-1-9-2"))
    for weight, (columns, rows) in zip(result.weights, pairwise(result.spec.widths), strict=True):
        assert weight.shape == (rows, columns)
