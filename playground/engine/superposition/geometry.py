"""A name for what the represented features form in hidden space. Torch-free."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from playground.engine.superposition.metrics import REPRESENTED_NORM, cosines
from playground.engine.superposition.problem import Floats

_ANGLE = 12.0  # degrees by which an arrangement may miss its ideal
_SAME_DIRECTION = 25.0  # degrees below which two features lie side by side
_POLYGONS = {3: "triangle", 4: "cross", 5: "pentagon", 6: "hexagon", 7: "heptagon", 8: "octagon"}
_TOUCHING = 0.25  # |cosine| from which two features belong to one arrangement
# the angles of one feature to all others, ascending, in arrangements by their count and the dimensions that they span
_SOLIDS: dict[tuple[int, int], tuple[str, tuple[float, ...]]] = {
    (2, 1): ("antipodal pair", (180.0,)),
    (3, 2): ("triangle", (120.0, 120.0)),
    (4, 3): ("tetrahedron", (109.5, 109.5, 109.5)),
    (5, 2): ("pentagon", (72.0, 72.0, 144.0, 144.0)),
    (8, 3): ("antiprism", (71.7, 71.7, 80.2, 80.2, 111.8, 143.1, 143.1)),  # square, as of eight repelling charges
}


def label(weight: NDArray[np.floating]) -> str:
    """Return what the features of W ``[n, m]`` with a norm above 1/2 form.

    In one dimension: which features, and whether they are opposite. In the plane: regular polygons (``pentagon``; four
    are a ``cross``), ``2 orthogonal``, ``antipodal pair``, ``3 features, two opposite``, ``... side by side``. In more
    dimensions: the arrangements that are orthogonal to each other, such as ``5 antipodal pairs`` or
    ``2 triangles + 1 single``.
    """
    rows = np.asarray(weight, np.float64)
    rows = rows[np.linalg.norm(rows, axis=1) > REPRESENTED_NORM]
    if not len(rows):
        return "nothing"
    if len(rows) == 1:
        return "1 feature"
    if rows.shape[1] == 1:
        return _on_a_line(rows[:, 0])
    return _in_the_plane(rows) if rows.shape[1] == 2 else _in_space(rows)


def gaps(weight: NDArray[np.floating]) -> Floats:
    """Return the angles between neighbours among the represented rows of W ``[n, 2]``, in degrees; they sum to 360."""
    rows = np.asarray(weight, np.float64)
    rows = rows[np.linalg.norm(rows, axis=1) > REPRESENTED_NORM]
    angles = np.sort(np.degrees(np.arctan2(rows[:, 1], rows[:, 0])))
    return np.diff(np.concatenate([angles, angles[:1] + 360.0])) if len(rows) else np.zeros(0)


def _on_a_line(values: Floats) -> str:
    positive = int((values > 0).sum())
    negative = len(values) - positive
    if (positive, negative) == (1, 1):
        return "antipodal pair"
    return f"{len(values)} side by side" if 0 in (positive, negative) else f"{positive} against {negative}"


def _in_the_plane(rows: Floats) -> str:
    between = gaps(rows)
    count = len(rows)
    if between.min() < _SAME_DIRECTION:
        directions = max(1, int((between >= _SAME_DIRECTION).sum()))
        ways = f"{directions} directions" if directions > 1 else "1 direction"
        return f"{count} features in {ways}, side by side"
    if count == 2:
        smaller = between.min()
        if abs(smaller - 90) < _ANGLE:
            return "2 orthogonal"
        return "antipodal pair" if abs(smaller - 180) < _ANGLE else "2 features"
    if np.abs(between - 360 / count).max() < _ANGLE:
        return _POLYGONS.get(count, f"regular polygon of {count}")
    cosine = cosines(rows)[np.triu_indices(count, 1)]
    opposite = int((cosine < -np.cos(np.radians(_ANGLE))).sum())
    if count == 4 and opposite == 2:
        return "2 antipodal pairs"
    if opposite:
        return f"{count} features, {'two' if opposite == 1 else 2 * opposite} opposite"
    return f"{count} features"


def _in_space(rows: Floats) -> str:
    """Name the connected parts of the graph that joins features which are not orthogonal."""
    joined = csr_array(np.abs(cosines(rows)) > _TOUCHING)
    count, part_of = connected_components(joined, directed=False)
    found = Counter(_part_name(rows[part_of == part]) for part in range(count))
    if list(found) == ["single"]:
        return f"{len(rows)} orthogonal"
    order = sorted(found, key=lambda name: (name == "single", name))
    return " + ".join(f"{found[name]} {_plural(name) if found[name] > 1 else name}" for name in order)


def _part_name(rows: Floats) -> str:
    if len(rows) == 1:
        return "single"
    products = rows @ rows.T if len(rows) < rows.shape[1] else rows.T @ rows  # the smaller one has the same squares
    squares = np.linalg.eigvalsh(products)  # of the singular values, ascending
    rank = int((squares > 0.2**2 * squares[-1]).sum())
    angles = np.degrees(np.arccos(np.clip(cosines(rows), -1.0, 1.0)))
    if (len(rows), rank) == (2, 1) and angles[0, 1] < 90:
        return "pair side by side"
    name, ideal = _SOLIDS.get((len(rows), rank), ("", ()))
    if name and np.abs(np.sort(angles, axis=1)[:, 1:] - ideal).max() < _ANGLE:
        return name
    return f"group of {len(rows)} in {rank}"


def _plural(name: str) -> str:
    first, *rest = name.split(" ")
    if first == "antipodal":
        return "antipodal pairs"
    ends = {"single": "singles", "tetrahedron": "tetrahedra"}
    return " ".join([ends.get(first, first + "s"), *rest])
