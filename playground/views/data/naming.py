"""How the data column calls inputs, places and targets of a data set."""

from __future__ import annotations

from playground.engine.columns import number_words
from playground.engine.datasets import DataSet, Examples
from playground.views.plane.axis import axes_of


def input_names(dataset: DataSet) -> tuple[str, ...]:
    """Return the names of inputs that are plain numbers, where the data have any."""
    names = dataset.source.get("features")
    fits = isinstance(names, list | tuple) and len(names) == dataset.features
    return tuple(str(name) for name in names) if names is not None and fits else ()


def place_words(dataset: DataSet, place: tuple[float, ...]) -> str:
    """Return a place of the plane, in the units of a table where the data were one."""
    if dataset.plane is None:
        return ""
    return "at " + ", ".join(axis.text(value) for axis, value in zip(axes_of(dataset.plane), place, strict=True))


def target_words(dataset: DataSet, part: str, index: int) -> str:
    """Return what an example of a part was to be answered with, in its own unit."""
    examples: Examples = getattr(dataset, part)
    if examples.values is None:
        return f"target: {dataset.classes[int(examples.labels[index])]}"
    found = zip(dataset.value_names, dataset.target_scales, examples.values[index].tolist(), strict=True)
    return "target: " + ", ".join(
        f"{name} = {number_words(value if scale.is_plain else float(scale.original(value)))}"
        for name, scale, value in found
    )
