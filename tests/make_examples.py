"""Make the example projects in ``resources/examples`` anew: ``python -m tests.make_examples`` in the root folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.digits import digits_data
from playground.engine.headless import train
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.project_file import Document, Project, save_project
from playground.engine.settings import Settings
from playground.engine.snapshots import Mark
from playground.engine.spec import build
from playground.engine.training import Training
from playground.engine.vectors import vectors_data

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "examples"

PRESET = "medium"  # what is learnt on these reads real digits as well as that of any preset

WEIGHTS = (5.4, -10.2, -0.1, 101.4, 0.0, 12.0)
BIAS = 10.0
INPUTS = (8.0, 5.0, 22.0, -5.0, 2.0, -3.0)

BAR_ROWS, BAR_COLUMNS = slice(6, 8), slice(9, 19)
SURROUND = (slice(4, 6), slice(8, 10))
EDGE_BIAS = -5.0


def kept(checkpoint: Checkpoint, **changes: Any) -> Checkpoint:
    """Return it as small as it can be: without the optimizer's memory and the generators, which start again."""
    arrays = {name: array for name, array in checkpoint.arrays.items() if name in ("parameters", "movable")}
    settings = replace(checkpoint.settings, **changes)
    return replace(checkpoint, arrays=arrays, settings=settings, optimizer_steps=0, position=0)


def project(name: str, about: str, checkpoint: Checkpoint, data: DataSet) -> Project:
    """Return a project without examples added by hand; ``about`` is a sentence for the menu."""
    none = np.zeros((0, data.features), np.uint8)
    document = Document("network", name, checkpoint, dict(data.source), none, np.zeros(0, np.int64))
    return Project((document,), view={"about": about})


def six_inputs() -> Project:
    """Return one neuron with weights and inputs that can be reckoned by hand."""
    data = vectors_data(
        {
            "kind": "vectors",
            "name": "six inputs",
            "features": [f"input {number}" for number in range(1, 7)],
            "classes": ["weighted sum"],
            "inputs": [list(INPUTS)],
            "labels": [0],
        }
    )
    spec = build((6, 1), output_activation="identity")
    settings = Settings(loss="squared_error", batch_size=1, seed=0)
    fresh = Training(spec, settings, data).checkpoint()
    parameters = np.array([*WEIGHTS, BIAS], np.float32)
    checkpoint = kept(replace(fresh, arrays={"parameters": parameters}))
    about = "One neuron, six weights, one bias: the weighted sum in full. It comes to −543.0."
    return project("six inputs", about, checkpoint, data)


def trained_digits() -> Project:
    """Return the network of 13,002 parameters, trained on drawn digits."""
    data = digits_data(PRESET)
    settings = Settings(schedule="cosine", schedule_epochs=12, batch_size=64, seed=1)
    spec = build((784, 16, 16, 10), input_shape=(28, 28))
    outcome = train(spec, settings, data, epochs=12)
    # further training goes on gently instead of not at all
    checkpoint = kept(outcome.checkpoint, schedule="constant", learning_rate=0.001)
    about = "The network of 13,002 parameters after 12 epochs: look at what its neurons have learnt, and damage it."
    return project("digits 784-16-16-10 trained", about, checkpoint, data)


def edge_weights() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the incoming weights of a neuron that answers to a horizontal edge in one place, [784]."""
    grid = np.zeros((28, 28), np.float32)
    for rows in SURROUND:
        grid[rows, BAR_COLUMNS] = -1
    grid[BAR_ROWS, BAR_COLUMNS] = 1
    return grid.ravel()


def edge_neuron() -> Project:
    """Return a network whose first neuron was made by hand and frozen; the others were trained around it."""
    data = digits_data(PRESET)
    settings = Settings(seed=2)
    spec = build((784, 16, 16, 10), input_shape=(28, 28))
    fresh = Training(spec, settings, data).checkpoint()
    parameters, movable = fresh.arrays["parameters"].copy(), np.ones(spec.parameter_count, np.bool_)
    slots = spec.slots[0]
    own = [*range(slots.weight.start, slots.weight.start + slots.columns), slots.bias.start]
    parameters[own] = [*edge_weights(), EDGE_BIAS]
    movable[own] = False
    arrays = {**fresh.arrays, "parameters": parameters, "movable": movable}
    made = replace(fresh, arrays=arrays, marks=(Mark(0, "edit", "edge painted by hand and frozen", 1),))
    outcome = train(spec, settings, data, epochs=2, checkpoint=made)
    about = (
        "A neuron made by hand: +1 on a bar of 2 × 10 pixels, −1 on two rows above and below it, bias −5. It is "
        "frozen; the others learnt around it. It finds a stroke in one place, not an edge anywhere."
    )
    return project("hand-made edge neuron", about, kept(outcome.checkpoint), data)


def spiral() -> Project:
    """Return two spirals in the plane, learnt by two layers of eight from x1, x2 and their sines."""
    data = plane_data(PlaneSetup(shape="spiral", features=("x1", "x2", "sin x1", "sin x2"), seed=1))
    settings = Settings(loss="squared_error", optimizer="adam", learning_rate=0.01, batch_size=10, seed=4)
    spec = build((4, 8, 8, 1), activation="tanh", output_activation="tanh")
    outcome = train(spec, settings, data, epochs=200)
    about = "Two spirals in the plane: the face of every neuron is its answer all over it. Draw points of your own."
    return project("spirals in the plane", about, kept(outcome.checkpoint), data)


def main() -> None:
    """Write all examples."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for made in (six_inputs(), trained_digits(), edge_neuron(), spiral()):
        save_project(FOLDER / f"{made.documents[0].name}.playground", made)


if __name__ == "__main__":
    main()
