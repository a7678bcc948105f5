"""What the window asks to be changed in a model by hand, as a command that fits it; and whether it changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from playground.engine.superposition.commands import EditModel, FreezeFeatures
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import Array, SandboxSnapshot


class Change(TypedDict, total=False):
    """What the numbers of a model are to be; ``features`` or ``entries`` (of W and V) says which of them are meant."""

    weight: NDArray[np.floating] | None  # W [n, m]
    decode: NDArray[np.floating] | None  # V [n, m]
    bias: NDArray[np.floating] | None  # b [n]
    features: Sequence[int] | None
    entries: NDArray[np.bool_] | None  # [n, m]


def edit_of(
    setup: Setup, model: tuple[int, int], label: str, stroke: int | None, **change: Unpack[Change]
) -> EditModel:
    """Return the command that changes one model so (raises SuperpositionError)."""
    weight, decode, bias = change.get("weight"), change.get("decode"), change.get("bias")
    features, entries = change.get("features"), change.get("entries")
    check_model(setup, model)
    if decode is not None and not setup.is_absolute:
        raise SuperpositionError("The weights of this model are tied: change W, and its answers change with it.")
    grid = (setup.problem.features, setup.problem.hidden)
    touched = None
    if features is not None or entries is not None:
        parts = (weight is not None, decode is not None, bias is not None)
        touched = _touched(setup, features, entries, *parts)
    return EditModel(
        model,
        label,
        None if weight is None else numbers("W", weight, grid),
        None if decode is None else numbers("V", decode, grid),
        None if bias is None else numbers("b", bias, grid[:1]),
        stroke,
        touched,
    )


def _touched(
    setup: Setup,
    features: Sequence[int] | None,
    entries: NDArray[np.bool_] | None,
    has_weight: bool,
    has_decode: bool,
    has_bias: bool,
) -> NDArray[np.bool_]:
    """Return which numbers of a model an edit means, ``[n, columns]``."""
    grid = (setup.problem.features, setup.problem.hidden)
    rows = np.ones(grid[0], bool)
    if features is not None:
        check_features(setup, features)
        rows[...] = False
        rows[list(features)] = True
    cells = np.ones(grid, bool) if entries is None else np.asarray(entries, bool)
    if cells.shape != grid:
        raise SuperpositionError("The entries that are meant do not fit this model; nothing was changed.")
    found = np.zeros((grid[0], setup.columns), bool)
    found[:, : grid[1]] |= rows[:, None] & cells & has_weight
    if has_decode:
        found[:, -grid[1] - 1 : -1] |= rows[:, None] & cells
    found[:, -1] = rows & has_bias
    return found


def is_there_already(shown: SandboxSnapshot, edit: EditModel) -> bool:
    """Say whether the models that are shown hold what the edit asks for."""
    hidden = shown.setup.problem.hidden
    for wanted, held, columns in (
        (edit.weight, shown.weights, slice(0, hidden)),
        (edit.decode, shown.decode, slice(-hidden - 1, -1)),
        (edit.bias, shown.biases, -1),
    ):
        if wanted is None:
            continue
        differs = wanted != held[edit.model]
        if (differs if edit.touched is None else differs & edit.touched[:, columns]).any():
            return False
    return True


def is_held_already(shown: SandboxSnapshot, wish: FreezeFeatures) -> bool:
    """Say whether the features are frozen, or free, as the wish asks."""
    if shown.frozen is None:
        return not wish.on
    return bool((shown.frozen[wish.model][list(wish.features)] == wish.on).all())


def numbers(name: str, values: NDArray[Any], shape: tuple[int, ...]) -> Array:
    """Return a copy of a view's array as the thread takes it (raises SuperpositionError)."""
    found = np.array(values, np.float32)
    if found.shape != shape:
        raise SuperpositionError(
            f"{name} here has the shape {_shape_words(shape)}, not {_shape_words(found.shape)}; nothing was changed."
        )
    if not np.isfinite(found).all():
        raise SuperpositionError(f"{name} holds something that is no finite number; nothing was changed.")
    return found


def _shape_words(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in shape) or "of one number"


def check_model(setup: Setup, model: tuple[int, int]) -> None:
    """Raise SuperpositionError where there is no such model."""
    if not all(0 <= place < count for place, count in zip(model, setup.counts, strict=True)):
        kinds, seeds = setup.counts
        raise SuperpositionError(f"There is no model {model}: there are {kinds} kinds with {seeds} seeds each.")


def check_features(setup: Setup, features: Sequence[int]) -> None:
    """Raise SuperpositionError where there is no such feature."""
    count = setup.problem.features
    for feature in features:
        if not 0 <= feature < count:
            raise SuperpositionError(f"There is no feature {feature}: there are {count}, counted from 0.")
