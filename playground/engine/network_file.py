"""The document of kind "network" in a project file: its description and arrays, written and read. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checkpoint import Checkpoint
from playground.engine.checkpoint_file import (
    CheckpointError,
    check_array,
    checkpoint_arrays,
    checkpoint_from,
    checkpoint_to_json,
    name_of,
    table_of,
)
from playground.engine.spec import NetworkSpec

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Document:
    """One document of a project: a training, the data it came from, and how it was looked at.

    ``data_source`` and ``view`` are JSON values. ``added_inputs`` ``[k, features]`` (uint8 or float32) and
    ``added_labels`` ``[k]`` are the training examples added by hand, ``added_drawings`` ``[k, ...]`` how they were
    drawn.
    """

    kind: str
    name: str
    checkpoint: Checkpoint
    data_source: dict[str, Any]
    added_inputs: NDArray[Any]
    added_labels: NDArray[np.int64]
    added_drawings: NDArray[Any] | None = None
    view: dict[str, Any] = field(default_factory=dict)


def document_parts(document: Document) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the description and the arrays of a network document (raises CheckpointError)."""
    arrays = checkpoint_arrays(document.checkpoint)
    arrays["added.inputs"], arrays["added.labels"] = document.added_inputs, document.added_labels
    if document.added_drawings is not None:
        arrays["added.drawings"] = document.added_drawings
    _check_added(document.checkpoint.spec, arrays)
    description = {
        "checkpoint": checkpoint_to_json(document.checkpoint),
        "data_source": document.data_source,
        "view": document.view,
    }
    return description, arrays


def document_from(description: Mapping[str, Any], arrays: Arrays) -> Document:
    """Put a document together from its parts, trusting neither (raises CheckpointError)."""
    checkpoint = checkpoint_from(description.get("checkpoint"), arrays)
    _check_added(checkpoint.spec, arrays)
    return Document(
        kind="network",
        name=name_of(description),
        checkpoint=checkpoint,
        data_source=table_of(description.get("data_source"), "the description of its data"),
        added_inputs=arrays["added.inputs"],
        added_labels=arrays["added.labels"],
        added_drawings=arrays.get("added.drawings"),
        view=table_of(description.get("view", {}), "the view of a document"),
    )


def _check_added(spec: NetworkSpec, arrays: Mapping[str, NDArray[Any]]) -> None:
    inputs = arrays.get("added.inputs")
    is_float = inputs is not None and inputs.dtype == np.float32
    check_array(arrays, "added.labels", np.int64, (None,))
    labels = arrays["added.labels"]
    check_array(arrays, "added.inputs", np.float32 if is_float else np.uint8, (len(labels), spec.inputs))
    classes = max(spec.outputs, 2)  # one output can tell two classes
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise CheckpointError(f"an added example has a label beyond the {classes} classes")
    drawings = arrays.get("added.drawings")
    if drawings is not None and (
        drawings.dtype not in (np.uint8, np.float32) or not 1 <= drawings.ndim <= 4 or len(drawings) != len(labels)
    ):
        raise CheckpointError("the drawings of the added examples do not fit them")
    for name in ("added.inputs", "added.drawings"):
        if name in arrays and arrays[name].dtype == np.float32 and not np.isfinite(arrays[name]).all():
            raise CheckpointError(f"the numbers '{name}' in it are not all finite")
