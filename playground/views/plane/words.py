"""What stands at a place of the plane, in words: for the tooltip and for who reads the screen aloud."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.targets import VALUES
from playground.views.plane.points import Floats
from playground.views.plane.scene import Scene


def place_words(scene: Scene, place: Floats, reach: float) -> str:
    """Return the place, what is shown there, and the nearest point within ``reach``."""
    axes = zip(scene.axes, place.tolist(), strict=False)
    lines = [", ".join(f"{axis.name} {axis.text(value)}" for axis, value in axes)]
    neuron = scene.neuron
    if neuron is not None:
        lines.append(f"{neuron.name}: {neuron.kind} {value_at(scene, neuron.surface.values, place)[0]:.3f}")
    answer = answer_at(scene, place)
    if answer is not None:
        if scene.task == VALUES:
            lines.append(f"answer {_number(scene, float(answer[0]))}")
        elif len(answer) == 1:
            lines.append(f"answer {answer[0]:.3f}")
        else:
            best = int(answer.argmax())
            name = scene.classes[best] if best < len(scene.classes) else str(best)
            lines.append(f"answer {name}, {answer[best]:.2f}")
    near = scene.points.near(place, reach)
    if len(near):
        lines.append(_point_words(scene, int(near[0])))
    return "\n".join(lines)


def _point_words(scene: Scene, which: int) -> str:
    points = scene.points
    part = "training" if points.is_training[which] else "held back"
    target = points.targets[which]
    name = _number(scene, float(target)) if scene.task == VALUES else scene.classes[int(target)]
    wrong = scene.is_wrong
    is_wrong = wrong is not None and len(wrong) == len(points) and bool(wrong[which])
    return f"point {name}, {part}" + (", answered wrongly" if is_wrong else "")


def _number(scene: Scene, value: float) -> str:
    """Return a number that is predicted, in its own unit."""
    return f"{value:.3f}" if scene.value.scale.is_plain else scene.value.text(value)


def answer_at(scene: Scene, place: Floats) -> NDArray[np.float32] | None:
    """Return the network's outputs at the cell nearest to ``place``, None where there is no surface."""
    return None if scene.surface is None else value_at(scene, scene.surface.values, place)


def value_at(scene: Scene, values: NDArray[np.float32], place: Floats) -> NDArray[np.float32]:
    """Return of ``values`` ``[k, g, g]`` (``[k, g]`` over a line) those at the cell nearest to ``place``: ``[k]``."""
    count = values.shape[-1]
    cell = np.clip(np.rint((place - scene.low) / (scene.high - scene.low) * (count - 1)), 0, count - 1).astype(int)
    found: NDArray[np.float32] = values[:, cell[0]] if scene.is_line else values[:, cell[1], cell[0]]
    return found
