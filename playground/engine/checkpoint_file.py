"""A checkpoint as JSON values and named arrays, for project files. Torch-free; what comes back is not trusted."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checkpoint import Checkpoint
from playground.engine.settings import SettingError, settings_from_json, settings_to_json
from playground.engine.snapshots import Curves, Evaluation, Mark, Measure
from playground.engine.spec import (
    MAX_LAYERS,
    NetworkSpec,
    SpecError,
    check_size,
    spec_from_json,
    spec_to_json,
)

MAX_COUNT = 2**53
MAX_MARKS = 10_000
MAX_POINTS = 10_000_000
MAX_EXAMPLES = 1 << 27
MAX_STATE_BYTES = 1 << 20
MAX_NAME = 200
BYTES_PER_PARAMETER = 14  # weights and two moments of 4 bytes, two masks of 1

Arrays = Mapping[str, NDArray[Any]]

_FLAT: dict[str, type[np.generic]] = {
    "parameters": np.float32,
    "first_moment": np.float32,
    "second_moment": np.float32,
    "movable": np.bool_,
    "present": np.bool_,
}
_STATES = ("batch_generator", "dropout_generator", "init_generator")
_CPU_STATE_BYTES = 5056
_TWISTER_WORDS = 624
_KNOWN = {*_FLAT, *_STATES, "order"}
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class CheckpointError(ValueError):
    """A state that does not hold together; the text is a sentence without the name of the file."""


def checkpoint_to_json(saved: Checkpoint) -> dict[str, Any]:
    """Return all of a checkpoint but its arrays as plain JSON values."""
    return {
        "spec": spec_to_json(saved.spec),
        "settings": settings_to_json(saved.settings),
        "step": saved.step,
        "epochs_done": saved.epochs_done,
        "position": saved.position,
        "optimizer_steps": saved.optimizer_steps,
        "segment": saved.segment,
        "marks": [[mark.step, mark.kind, mark.label, mark.seq] for mark in saved.marks[-MAX_MARKS:]],
        "evaluation": None if saved.evaluation is None else _evaluation_to_json(saved.evaluation),
    }


def checkpoint_arrays(saved: Checkpoint) -> dict[str, NDArray[Any]]:
    """Return the arrays of a checkpoint by name, those of the curves among them.

    Raises
    ------
    CheckpointError
        When they do not fit the structure: nothing is written that could not be read again.
    """
    unknown = sorted(set(saved.arrays) - _KNOWN)
    if unknown:
        raise CheckpointError(f"the file format has no place for its numbers '{unknown[0][:40]}'")
    arrays = {**saved.arrays, "curves.steps": saved.curves.steps, "curves.values": saved.curves.values}
    _check_arrays(saved.spec, saved.position, arrays)
    return arrays


def promised_parameters(value: Any) -> int:
    """Return how many parameters a described structure has, before anything of that size is built from it.

    Raises
    ------
    CheckpointError
        When the description is garbled or larger than any network can be.
    """
    try:
        shape, layers = value["spec"]["input_shape"], value["spec"]["layers"]
        if len(shape) > 4 or len(layers) > MAX_LAYERS:
            raise CheckpointError("it describes a network of too many layers or dimensions")
        widths = [math.prod(whole(side) for side in shape)]
        widths += [sum(whole(run[1]) for run in layer["units"]) for layer in layers]
        check_size(widths)
    except SpecError as error:
        raise CheckpointError(clause(error)) from error
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise CheckpointError("the description of its network is incomplete or garbled") from error
    return sum((a + 1) * b for a, b in pairwise(widths))


def checkpoint_from(value: Any, arrays: Arrays) -> Checkpoint:
    """Put a checkpoint together from what `checkpoint_to_json` and `checkpoint_arrays` gave, trusting neither.

    Call `promised_parameters` first: it bounds what is built here.

    Raises
    ------
    CheckpointError
        When a part is missing, of the wrong type or shape, or impossible.
    """
    try:
        spec = spec_from_json(value["spec"])
        settings = settings_from_json(value["settings"])
        position = whole(value["position"])
        marks = tuple(mark_of(entry) for entry in value["marks"][:MAX_MARKS])
        evaluation = None if value["evaluation"] is None else _evaluation(value["evaluation"])
        counts = {name: whole(value[name]) for name in ("step", "epochs_done", "optimizer_steps", "segment")}
    except CheckpointError:
        raise
    except (SpecError, SettingError) as error:
        raise CheckpointError(clause(error)) from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise CheckpointError(f"its description is incomplete or garbled ({str(error)[:80]})") from error
    _check_arrays(spec, position, arrays)
    states = {name: array for name, array in arrays.items() if name in _KNOWN}
    return Checkpoint(
        spec=spec,
        settings=settings,
        position=position,
        arrays=states,
        curves=Curves(arrays["curves.steps"], arrays["curves.values"]),
        marks=marks,
        evaluation=evaluation,
        **counts,
    )


def check_array(arrays: Arrays, name: str, dtype: type[np.generic], shape: tuple[int | None, ...]) -> None:
    """Raise CheckpointError unless ``arrays[name]`` has this type and shape (None: any length)."""
    array = arrays.get(name)
    if array is None:
        raise CheckpointError(f"the numbers '{name}' are missing in it")
    if array.dtype != dtype:
        raise CheckpointError(f"the numbers '{name}' in it are {array.dtype}, not {np.dtype(dtype)}")
    wanted = " × ".join("any" if side is None else f"{side:,}" for side in shape)
    if array.ndim != len(shape) or any(b not in (None, a) for a, b in zip(array.shape, shape, strict=True)):
        found = " × ".join(f"{side:,}" for side in array.shape)
        raise CheckpointError(f"the numbers '{name}' in it have the shape {found or 'of one number'}, not {wanted}")
    if dtype is np.bool_ and array.size and np.ascontiguousarray(array).view(np.uint8).max() > 1:
        raise CheckpointError(f"the mask '{name}' in it holds something else than yes and no")


def _check_arrays(spec: NetworkSpec, position: int, arrays: Arrays) -> None:
    for name, dtype in _FLAT.items():
        if name == "parameters" or name in arrays:
            check_array(arrays, name, dtype, (spec.parameter_count,))
    if "second_moment" in arrays and (arrays["second_moment"] < 0).any():
        raise CheckpointError("it holds mean squares below zero")
    for name in _STATES:
        if name in arrays:
            check_array(arrays, name, np.uint8, (None,))
            check_state(name, arrays[name])
    if "order" in arrays:
        _check_order(arrays)
        if position > len(arrays["order"]):
            raise CheckpointError("its place in the epoch lies behind the end of the epoch")
    check_array(arrays, "curves.steps", np.int64, (None,))
    steps = arrays["curves.steps"]
    check_array(arrays, "curves.values", np.float64, (len(steps), len(Curves.COLUMNS)))
    if len(steps) > MAX_POINTS or (len(steps) and (steps[0] < 0 or (np.diff(steps) <= 0).any())):
        raise CheckpointError("the steps of its curves are not in order")


def check_state(name: str, state: NDArray[Any]) -> None:
    """Raise CheckpointError where bytes are not the state of a random generator that torch would take."""
    if state.size > MAX_STATE_BYTES:
        raise CheckpointError(f"the state '{name}' in it is too long")
    if state.size == _CPU_STATE_BYTES:
        # what torch itself asks of a Mersenne twister (at::mt19937::is_valid), where it would raise
        left, is_seeded, following = struct.unpack_from("<iiQ", state.tobytes(), 8)
        if not (0 < left <= _TWISTER_WORDS and is_seeded == 1 and following <= _TWISTER_WORDS):
            raise CheckpointError(f"the state '{name}' in it is none of a random generator")


def _check_order(arrays: Arrays) -> None:
    check_array(arrays, "order", np.int64, (None,))
    order = arrays["order"]
    if len(order) and not 0 <= int(order.min()) <= int(order.max()) < MAX_EXAMPLES:
        raise CheckpointError("the order of its examples is impossible")


def whole(value: Any) -> int:
    """Return a whole number from 0, or raise CheckpointError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
        raise CheckpointError(f"'{str(value)[:40]}' stands where a whole number belongs")
    return value


def text_of(value: Any, limit: int) -> str:
    """Return a text of at most so many letters, or raise CheckpointError."""
    if not isinstance(value, str) or len(value) > limit:
        raise CheckpointError(f"'{str(value)[:40]}' stands where a short text belongs")
    return value


def mark_of(entry: Any) -> Mark:
    """Return a mark from ``[step, kind, label, seq]``, or raise CheckpointError."""
    step, kind, label, seq = entry
    return Mark(whole(step), text_of(kind, 40), text_of(label, 1_000), whole(seq))


def _evaluation_to_json(found: Evaluation) -> dict[str, Any]:
    return {
        "step": found.step,
        "train": _measure_to_json(found.train),
        "validation": _measure_to_json(found.validation),
        "test": None if found.test is None else _measure_to_json(found.test),
        "test_step": found.test_step,
        "after_seq": found.after_seq,
    }


def _evaluation(value: Any) -> Evaluation:
    return Evaluation(
        step=whole(value["step"]),
        train=_measure(value["train"]),
        validation=_measure(value["validation"]),
        test=None if value["test"] is None else _measure(value["test"]),
        test_step=None if value["test_step"] is None else whole(value["test_step"]),
        after_seq=whole(value["after_seq"]),
    )


def _measure_to_json(measure: Measure) -> list[Any]:
    return [_number_to_json(measure.loss), _number_to_json(measure.accuracy), measure.count]


def _number_to_json(value: float) -> float | str:
    """JSON has no word for NaN and infinity."""
    return float(value) if math.isfinite(value) else str(float(value))


def _measure(value: Any) -> Measure:
    loss, accuracy, count = value
    return Measure(_number(loss), _number(accuracy), whole(count))


def _number(value: Any) -> float:
    if isinstance(value, str) and value in _SPECIAL:
        return _SPECIAL[value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CheckpointError(f"'{str(value)[:40]}' stands where a number belongs")
    return float(value)


def clause(error: ValueError) -> str:
    """Return a sentence as a clause that can stand after a colon."""
    text = str(error).strip().removesuffix(".")
    return text[:1].lower() + text[1:]


def name_of(description: Mapping[str, Any]) -> str:
    """Return the name of a document, without what no screen can show (raises CheckpointError)."""
    name = description.get("name")
    if not isinstance(name, str):
        raise CheckpointError("one of its documents has no name")
    return "".join(letter for letter in name[:MAX_NAME] if letter.isprintable())


def table_of(value: Any, what: str) -> dict[str, Any]:
    """Return a table of names and values, or raise CheckpointError."""
    if not isinstance(value, dict):
        raise CheckpointError(f"{what} is not a table of names and values")
    return value
