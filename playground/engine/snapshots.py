"""What the training thread shows: frozen read-outs of one moment, never a mixture of two steps. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec

FloatArray = NDArray[np.float32]

# Probes: what a view can ask for with ``Watch``.
PARAMETERS = "parameters"  # the flat buffer of all weights and biases
CURRENT_INPUT = "current_input"  # pre-activations and activations of every layer for the current input
GRADIENT = "gradient"  # the flat gradient of the last batch
GRADIENT_NORM = "gradient_norm"  # its norm per layer
PLANE = "plane"  # all neurons' answers over the plane, where the data lie in one; see ``plane_probe``
PLANE_RESOLUTIONS = (2, 400)


def plane_probe(resolution: int) -> str:
    """Return the probe for the answers over the plane on a grid of ``resolution`` points a side."""
    low, high = PLANE_RESOLUTIONS
    return f"{PLANE} {max(low, min(high, resolution))}"


def plane_resolution(probes: frozenset[str]) -> int:
    """Return the finest grid that these probes ask for, 0 where none asks for the plane."""
    return max((int(probe.split()[1]) for probe in probes if probe.startswith(f"{PLANE} ")), default=0)


@dataclass(frozen=True)
class Measure:
    """Loss and accuracy over one part of the data; accuracy is NaN where there are no classes."""

    loss: float
    accuracy: float
    count: int  # examples it was measured on


@dataclass(frozen=True, eq=False)
class Mistakes:
    """Which examples of a part were answered wrongly at ``step``: their ``indices``, and the classes answered."""

    step: int
    part: str
    indices: NDArray[np.int64]
    answers: NDArray[np.int64]


@dataclass(frozen=True)
class Evaluation:
    """Measured at ``step`` on the weights of that very moment. ``test`` is slower and may be older: ``test_step``."""

    step: int
    train: Measure
    validation: Measure
    test: Measure | None = None
    test_step: int | None = None
    after_seq: int = 0  # the last command that these weights include
    # per layer, ids of the ReLU neurons that are 0 for all examples of ``train``: these pass no gradient to them
    silent: tuple[tuple[int, ...], ...] = field(default=(), compare=False)

    def is_silent(self, index: int, unit: int) -> bool:
        """Say whether neuron ``unit`` of layer ``index`` was 0 for all training examples that were measured."""
        return index < len(self.silent) and unit in self.silent[index]


@dataclass(frozen=True, eq=False)
class Curves:
    """The points measured at fixed step numbers, read-only views of append-only buffers.

    ``values`` is ``[points, 4]``: train loss, train accuracy, validation loss, validation accuracy.
    """

    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    COLUMNS = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")


@dataclass(frozen=True)
class Mark:
    """A hand edit or a change of a setting, for the curve.

    ``kind``: edit, setting, structure, data, reset, device; or loss, a setting behind which losses are those of another
    function: they do not compare with those up to ``step``.
    """

    step: int
    kind: str
    label: str
    seq: int


@dataclass(frozen=True)
class StrokeEffect:
    """What the hand does to the weights: both measured on the validation part at the same ``step``."""

    stroke: int  # its number; that of the command where the change came at once
    step: int
    without: Measure
    with_stroke: Measure
    is_open: bool  # the mouse is still down; False at once for a cut, a flip, a neuron removed
    after_seq: int = 0  # the last command that ``with_stroke`` includes


@dataclass(frozen=True)
class Fall:
    """Training has lost what it had: validation measured at ``step`` and at the best step before it.

    ``number`` counts the falls of a training; one goes on until the loss has come back near the best.
    """

    number: int
    step: int
    now: Measure
    best_step: int
    best: Measure


@dataclass(frozen=True)
class Receipt:
    """The thread's answer to an edit: how many parameters it changed, how many it no longer found."""

    seq: int
    step: int
    label: str
    count: int
    dropped: int = 0
    message: str = ""  # a sentence for the user, e.g. whether an inserted layer changed the function


@dataclass(frozen=True)
class Trouble:
    """Training paused by itself. ``kind``: divergence, device, memory, error; ``report`` is for "copy report"."""

    number: int
    kind: str
    step: int
    sentence: str
    layer: int | None = None
    report: str = ""
    can_go_back: bool = False


@dataclass(frozen=True, eq=False)
class UnitReadings:
    """Per layer ``[units]``: pre-activation and activation for the current input.

    The output layer's ``act`` is the softmax under cross-entropy.
    """

    pre: tuple[FloatArray, ...]
    act: tuple[FloatArray, ...]
    inputs: FloatArray  # [inputs] what the network received


@dataclass(frozen=True, eq=False)
class UnitSurfaces:
    """Every neuron's answer over the plane from ``low`` to ``high``, per layer ``[units, rows, columns]``.

    Rows go from x2 = low upwards, columns from x1 = low to the right; on a line there is one row. The grid may be
    coarser than asked for where there are very many neurons. The output layer's ``act`` is the answer as the loss
    reads it: softmax or sigmoid under cross-entropy.
    """

    low: float
    high: float
    pre: tuple[FloatArray, ...]
    act: tuple[FloatArray, ...]
    answers: FloatArray | None = None  # [examples, outputs] at the examples, training then validation; None: too many


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment of the training. All arrays are read-only copies; ``spec`` says how ``parameters`` is laid out."""

    applied_seq: int
    step: int
    epoch: float
    is_running: bool
    spec: NetworkSpec
    settings: Settings
    parameters: FloatArray
    movable: NDArray[np.bool_] | None = None  # flat, None: all
    present: NDArray[np.bool_] | None = None  # flat, None: all
    readings: UnitReadings | None = None
    surfaces: UnitSurfaces | None = None
    gradient: FloatArray | None = None
    gradient_norms: tuple[float, ...] | None = None  # per layer
    curves: Curves | None = None
    marks: tuple[Mark, ...] = ()
    evaluation: Evaluation | None = None
    stroke_effect: StrokeEffect | None = None
    steps_per_second: float = 0.0
    learning_rate: float = 0.0  # what the schedule makes of it at this step
    device: str = "cpu"
    segment: int = 0  # counts resets: curves of different segments do not join
    train_count: int = 0  # examples in the training part
    receipts: tuple[Receipt, ...] = field(default=())  # the latest ones, oldest first
    trouble: Trouble | None = None
    fall: Fall | None = None
    way_back: int | None = None  # the step that "back to the last good step" returns to; None: nothing has gone wrong
    stopped_by: str = ""  # a sentence where a stop rule ended the run

    def weight(self, index: int) -> FloatArray:
        """Return W ``[out, in]`` of layer ``index`` (a view)."""
        slots = self.spec.slots[index]
        return self.parameters[slots.weight].reshape(slots.rows, slots.columns)

    def bias(self, index: int) -> FloatArray:
        """Return b ``[out]`` of layer ``index`` (a view)."""
        return self.parameters[self.spec.slots[index].bias]

    def mask(self, name: str, index: int) -> NDArray[np.bool_] | None:
        """Return ``movable`` or ``present`` of layer ``index``'s weights ``[out, in]``, None where all are."""
        flat = self.movable if name == "movable" else self.present
        if flat is None:
            return None
        slots = self.spec.slots[index]
        return flat[slots.weight].reshape(slots.rows, slots.columns)
