"""Numbers and names as the diagram writes and speaks them."""

from __future__ import annotations

import math

import numpy as np

from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.state import DiagramState, Target


def signed(value: float, digits: int = 4) -> str:
    """Return a number with its sign, a true minus, and enough digits."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    text = f"{value:+.{digits}f}" if 10**-digits <= abs(value) < 1e5 or value == 0 else f"{value:+.{digits}g}"
    return text.replace("-", "−")


def plain(value: float, digits: int = 3) -> str:
    """Return a number with a sign only where it is negative."""
    return signed(value, digits).removeprefix("+")


def short(value: float) -> str:
    """Return a number in at most five characters, for the inside of a lamp."""
    size = abs(value)
    if not math.isfinite(value):
        return signed(value)[:5]
    if size < 0.005:
        text = "0"
    elif size < 1e4:
        text = f"{value:.{2 if size < 10 else 1 if size < 100 else 0}f}"
    else:
        text = f"{value:.0e}".replace("e+0", "e")
    return text.replace("-", "−")


def neuron_name(picture: Picture, place: int, row: int) -> str:
    """Return ``neuron 6 of hidden 1``, counted from one, or ``input 3``."""
    if place == INPUT:
        return f"input {row + 1}"
    return f"neuron {row + 1} of {picture.spec.layer_name(place)}"


def own_name(state: DiagramState, place: int, row: int) -> str:
    """Return the name of an output (its class) or of an input in the plane, an empty text for all others."""
    if state.picture is None:
        return ""
    if place == INPUT:
        return state.input_name(row)
    return state.output_name(row) if place == len(state.picture.spec.layers) - 1 else ""


def spoken(state: DiagramState, place: int, row: int) -> str:
    """Return what a screen reader says of a neuron: name, activation, bias, and whether it is selected."""
    picture = state.picture
    if picture is None:
        return ""
    act = picture.act(place)
    words = [neuron_name(picture, place, row)]
    if name := own_name(state, place, row):
        words[0] += f", {name}"
    if act is not None:
        words.append(f"{'value' if place == INPUT else 'activation'} {plain(float(act[row]), 2)}")
    if place != INPUT:
        words.append(f"bias {plain(float(picture.snapshot.bias(place)[row]), 2)}")
        if picture.is_frozen(place, row):
            words.append("frozen")
        if row in state.selected_rows(place):
            words.append("selected")
        if picture.answer == row and place == len(picture.spec.layers) - 1:
            words.append("the answer")
    return ", ".join(words)


def tooltip(state: DiagramState, target: Target) -> str:
    """Return the exact values of what lies under the mouse."""
    picture = state.picture
    if picture is None:
        return ""
    if target.kind == "unit":
        if state.plane is not None:
            return ""  # it stands on the card
        return _unit_tip(state, picture, target.place, target.row)
    if target.kind in ("edge", "cell"):
        source = state.input_name(target.column) if target.place == 0 else ""
        own = own_name(state, target.place, target.row)
        return edge_values(picture, target.place, target.row, target.column, source, own)
    if target.kind in ("earlier", "later"):
        side = "right" if target.kind == "later" else "left"
        more = "A double click on empty ground shows all of it, small."
        return f"The network goes on at the {side}: click, turn the wheel or drag the ground.\n{more}"
    if target.kind == "pixel":
        return _pixel_tip(picture, target.column)
    if target.kind == "x":
        own = own_name(state, target.place - 1, target.column)
        return _value_tip(picture, target.place - 1, target.column, f"x[{target.column}]") + (f": {own}" if own else "")
    if target.kind == "b":
        bias = float(picture.snapshot.bias(target.place)[target.row])
        return f"b[{target.row}] = {signed(bias)}\nbias of {neuron_name(picture, target.place, target.row)}"
    return _button_tip(picture, target)


def _unit_tip(state: DiagramState, picture: Picture, place: int, row: int) -> str:
    if place == INPUT:
        name = state.input_name(row)
        return _value_tip(picture, INPUT, row, f"x[{row}]") + (f": {name}" if name else "")
    lines = [neuron_name(picture, place, row)]
    if name := own_name(state, place, row):
        lines[0] += f": {name}"
    pre, act = picture.pre(place), picture.act(place)
    if pre is not None and act is not None:
        lines.append(f"pre = {signed(float(pre[row]))}")
        lines.append(f"act = {picture.activation_name(place)}(pre) = {plain(float(act[row]), 4)}")
    lines.append(f"bias = {signed(float(picture.snapshot.bias(place)[row]))}")
    if picture.is_frozen(place, row):
        lines.append("frozen: training leaves its weights as they are")
    return "\n".join(lines)


def card_lines(state: DiagramState, place: int, row: int) -> tuple[str, ...]:
    """Return name and exact values of a neuron, line by line."""
    if state.picture is None:
        return ("",)
    lines = _unit_tip(state, state.picture, place, row).split("\n")
    return (*reversed(lines),) if place == INPUT else tuple(lines)


def edge_values(picture: Picture, place: int, row: int, column: int, source: str = "", own: str = "") -> str:
    """Return ends, weight and flow of an edge; ``source`` and ``own`` are names of its ends, where they have any."""
    is_pixel = place == 0 and len(picture.spec.input_shape) > 1
    source = source or (f"pixel {column}" if is_pixel else neuron_name(picture, place - 1, column))
    weight = float(picture.weights[place][row, column])
    end = neuron_name(picture, place, row) + (f" ({own})" if own else "")
    lines = [f"{source} → {end}", f"w[{row}, {column}] = {signed(weight)}"]
    act = picture.act(place - 1)
    if act is not None:
        lines.append(
            f"w·act = {signed(weight)} · {plain(float(act[column]), 4)} = {signed(weight * float(act[column]))}"
        )
    present, movable = picture.mask("present", place), picture.mask("movable", place)
    if present is not None and not present[row, column]:
        lines.append("cut: nothing flows here until it is joined again")
    if movable is not None and not movable[row, column]:
        lines.append("frozen: training leaves it as it is")
    return "\n".join(lines)


def _pixel_tip(picture: Picture, pixel: int) -> str:
    width = picture.spec.input_shape[-1]
    act = picture.act(INPUT)
    value = "" if act is None else f" = {plain(float(act[pixel]), 4)}"
    return f"x[{pixel}]{value}\nrow {pixel // width}, column {pixel % width}"


def _value_tip(picture: Picture, place: int, row: int, name: str) -> str:
    act = picture.act(place)
    value = "" if act is None else f" = {plain(float(act[row]), 4)}"
    return f"{name}{value}\n{neuron_name(picture, place, row)}"


def _button_tip(picture: Picture, target: Target) -> str:
    if target.kind == "insert":
        return (
            f"Insert a layer in front of {picture.spec.layer_name(target.place)}.\n"
            "It starts as near the identity as its activation allows."
        )
    if target.kind in ("neurons", "matrix"):
        return (
            "Read this layer as neurons joined by edges, or as the matrix W with x above it and b beside it.\n"
            "M switches this layer, Shift+M all of them."
        )
    if target.place == INPUT:
        return "The input: its width follows the data." if target.kind == "title" else ""
    name = picture.spec.layer_name(target.place)
    return {
        "minus": f"Remove the last neuron of {name} (−).\nTo remove a certain one, select it and press Delete.",
        "plus": f"Add a neuron to {name} (+).\nIts outgoing weights start at 0, so the network computes the same.",
        "menu": f"Activation, dropout and place of {name}.",
        "title": _title_tip(picture, target.place, name),
    }.get(target.kind, "")


def _title_tip(picture: Picture, place: int, name: str) -> str:
    lines = [f"{name}: {shape_words(picture, place)}"]
    if place in picture.step_above:
        lines.append("A step has no slope: nothing in this layer or below it can learn by gradient.")
    dropout = picture.spec.layers[place].dropout
    if dropout:
        lines.append(f"While training, each activation is dropped with probability {dropout:g}.")
    return "\n".join(lines)


def shape_words(picture: Picture, place: int) -> str:
    """Return ``W [16, 784]   x [784]   b [16]``."""
    slots = picture.spec.slots[place]
    return f"W [{slots.rows}, {slots.columns}]   x [{slots.columns}]   b [{slots.rows}]"


def formula(picture: Picture, place: int) -> str:
    """Return ``act = sigmoid(W x + b)``."""
    name = picture.activation_name(place)
    return "act = W x + b" if name == "identity" else f"act = {name}(W x + b)"


def legend_text(scale: float) -> tuple[str, str]:
    """Return the numbers at both ends of the legend."""
    if not np.isfinite(scale) or scale <= 0:
        return "−", "+"
    if 100 <= scale < 999_999.5 or 1 <= scale < 100:
        text = f"{scale:,.0f}" if scale >= 99.95 else f"{scale:.1f}"
    else:
        mantissa, _, exponent = f"{scale:.2g}".partition("e")
        text = f"{mantissa}e{int(exponent)}".replace("-", "−") if exponent else mantissa
    return f"−{text}", f"+{text}"
