"""Weight grids as pictures: transformations, stamps, and what a brush covers. Torch-free; nothing changes in place.

A grid is ``[h, w]``: the incoming weights of one neuron laid out as the input picture, or a strip ``[1, n]``.
Places are (row, column) in cells, whole numbers at the centre of a cell.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatGrid = NDArray[np.float64]
BoolGrid = NDArray[np.bool_]
Shape = tuple[int, int]
Place = tuple[float, float]

TRANSFORMS = (
    "invert",
    "scale",
    "blur",
    "zero",
    "randomise",
    "mirror_horizontal",
    "mirror_vertical",
    "shift",
)
STAMPS = ("horizontal", "vertical", "diagonal_down", "diagonal_up", "loop")


def grid_shape(input_shape: tuple[int, ...]) -> Shape:
    """Return the shape in which inputs are laid out: that of a picture, else a strip."""
    picture = input_shape[1:] if len(input_shape) == 3 and input_shape[0] == 1 else input_shape
    if len(picture) == 2:
        return picture[0], picture[1]
    return 1, int(np.prod(input_shape))


# ---- transformations ----------------------------------------------------------------------------------------------


def mirrored(grid: ArrayLike, *, is_vertical: bool = False) -> FloatGrid:
    """Return the grid mirrored left to right, or top to bottom."""
    return np.flip(_grid(grid), axis=0 if is_vertical else 1).copy()


def shifted(grid: ArrayLike, dx: int, dy: int) -> FloatGrid:
    """Return the grid moved ``dx`` cells to the right and ``dy`` down; zeros come in. A strip moves sideways only."""
    values = _grid(grid)
    height, width = values.shape
    if height == 1:
        dy = 0
    found = np.zeros_like(values)
    if abs(dx) < width and abs(dy) < height:
        to_rows, from_rows = _overlap(dy, height)
        to_columns, from_columns = _overlap(dx, width)
        found[to_rows, to_columns] = values[from_rows, from_columns]
    return found


def inverted(grid: ArrayLike) -> FloatGrid:
    """Return the grid with every sign turned."""
    return -_grid(grid)


def scaled(grid: ArrayLike, factor: float) -> FloatGrid:
    """Return the grid times ``factor`` (raises ValueError where that is not finite)."""
    return _grid(grid) * _finite(factor, "factor")


def blurred(grid: ArrayLike, sigma: float) -> FloatGrid:
    """Return the grid blurred by a Gaussian of ``sigma`` cells; its sum stays (the edge reflects).

    Raises
    ------
    ValueError
        Where ``sigma`` is negative or wider than the grid.
    """
    values = _grid(grid)
    widest = max(values.shape)
    if not 0.0 <= _finite(sigma, "width of the blur") <= widest:
        raise ValueError(f"The blur must be between 0 and {widest} cells wide, not {sigma:g}: nothing was changed.")
    from scipy import ndimage  # scipy takes a tenth of a second to import: not before the window stands

    return np.asarray(ndimage.gaussian_filter(values, sigma, mode="reflect"), np.float64)


def zeroed(grid: ArrayLike) -> FloatGrid:
    """Return a grid of zeros."""
    return np.zeros_like(_grid(grid))


def randomised(grid: ArrayLike, std: float, generator: np.random.Generator) -> FloatGrid:
    """Return a grid of this shape drawn from N(0, std²) (raises ValueError where ``std`` is negative)."""
    if _finite(std, "spread") < 0:
        raise ValueError(f"The spread of random weights cannot be negative ({std:g}): nothing was changed.")
    return generator.normal(0.0, std, _grid(grid).shape)


def transformed(
    grid: ArrayLike, kind: str, amount: float, dx: int, dy: int, generator: np.random.Generator
) -> FloatGrid:
    """Return the grid after the transformation named ``kind``.

    Parameters
    ----------
    grid : array, ``[h, w]``
    kind : str
        One of ``TRANSFORMS``.
    amount : float
        The factor of scale, sigma of blur in cells, standard deviation of randomise.
    dx, dy : int
        Cells to the right and down, for shift.
    generator : numpy.random.Generator
        For randomise.

    Raises
    ------
    ValueError
        For an unknown kind or an impossible amount, with a sentence for the user.
    """
    ways: dict[str, Callable[[], FloatGrid]] = {
        "invert": lambda: inverted(grid),
        "scale": lambda: scaled(grid, amount),
        "blur": lambda: blurred(grid, amount),
        "zero": lambda: zeroed(grid),
        "randomise": lambda: randomised(grid, amount, generator),
        "mirror_horizontal": lambda: mirrored(grid),
        "mirror_vertical": lambda: mirrored(grid, is_vertical=True),
        "shift": lambda: shifted(grid, dx, dy),
    }
    if kind not in ways:
        raise ValueError(f"There is no transformation '{str(kind)[:40]}': nothing was changed.")
    return ways[kind]()


def _overlap(by: int, size: int) -> tuple[slice, slice]:
    """Return where a row of ``size`` cells moved by ``by`` comes to lie, and where it lay."""
    return slice(max(by, 0), size + min(by, 0)), slice(max(-by, 0), size - max(by, 0))


def _grid(values: ArrayLike) -> FloatGrid:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2:
        raise ValueError(f"A grid has rows and columns; this one has the shape {list(found.shape)}.")
    return found


def _finite(value: float, name: str) -> float:
    if not np.isfinite(value):
        raise ValueError(f"The {name} must be a finite number, not {value:g}: nothing was changed.")
    return float(value)


# ---- stamps -------------------------------------------------------------------------------------------------------


def stamp(
    kind: str, shape: Shape, centre: Place, size: float, strength: float = 1.0
) -> tuple[NDArray[np.float32], BoolGrid]:
    """Return a small detector: a positive bar or ring with its negative surround.

    A bar is ``size`` cells long and a fifth of that thick (at least one cell), with a surround as thick as itself on
    both of its long sides: with size 10 +1 on 2 x 10 cells and -1 on the two rows above and below. ``diagonal_down``
    runs from the top left to the bottom right. A loop is ``size`` cells wide, its ring a fifth of that thick; its
    surround fills the hole, and is as thick as the ring outside.

    Parameters
    ----------
    kind : str
        One of ``STAMPS``.
    shape : tuple of int
        Of the grid; what lies outside is cut off.
    centre : tuple of float
        (row, column).
    size : float
        In cells.
    strength : float
        The value on the bar; the surround has its negative.

    Returns
    -------
    values : float32 array, ``[h, w]``
        Zero off the stamp.
    mask : bool array, ``[h, w]``
        The cells of the stamp.

    Raises
    ------
    ValueError
        For an unknown kind, or a size that is not a positive number.
    """
    if kind not in STAMPS:
        raise ValueError(f"There is no stamp '{str(kind)[:40]}': choose one of {', '.join(STAMPS)}.")
    if not 0.0 < size < np.inf:
        raise ValueError(f"A stamp must be one cell or larger, not {size:g}.")
    length = max(1.0, float(np.round(size)))
    thickness = max(1.0, float(np.round(length / 5.0)))
    rows, columns = _offsets(shape, centre)
    if kind == "loop":
        distance = np.hypot(rows, columns)
        core = np.abs(distance - (length - thickness) / 2.0) <= thickness / 2.0
        mask = distance <= length / 2.0 + thickness
    else:
        along, across = _bar_axes(kind, rows, columns)
        is_beside = _is_within(along, length)
        core = is_beside & _is_within(across, thickness)
        mask = is_beside & _is_within(across, 3.0 * thickness)
    values = np.where(core, strength, np.where(mask, -strength, 0.0)).astype(np.float32)
    return values, mask


def picture_stamp(
    picture: ArrayLike, strength: float = 1.0, *, is_balanced: bool = False
) -> tuple[NDArray[np.float32], BoolGrid]:
    """Return a picture (the mean of a digit, a drawing) as weights over its whole grid, its peak at ``strength``.

    With ``is_balanced`` its mean is taken off first, so that the weights add up to zero and an evenly grey input
    leaves the neuron cold.
    """
    values = _grid(picture)
    if is_balanced:
        values = values - values.mean()
    peak = float(np.abs(values).max(initial=0.0))
    found = values * (strength / peak) if peak > 0 else np.zeros_like(values)
    return found.astype(np.float32), np.ones(values.shape, np.bool_)


def _bar_axes(kind: str, rows: FloatGrid, columns: FloatGrid) -> tuple[FloatGrid, FloatGrid]:
    if kind == "horizontal":
        return columns, rows
    if kind == "vertical":
        return rows, columns
    slope = 1.0 if kind == "diagonal_down" else -1.0
    return (columns + slope * rows) / np.sqrt(2.0), (columns - slope * rows) / np.sqrt(2.0)


def _is_within(offset: FloatGrid, extent: float) -> BoolGrid:
    """Say which cells lie in a stretch of ``extent`` around 0, closed at one end so that 10 cells are 10."""
    slack = 1e-9
    return (offset >= -extent / 2.0 - slack) & (offset < extent / 2.0 - slack)


def _offsets(shape: Shape, centre: Place) -> tuple[FloatGrid, FloatGrid]:
    rows, columns = np.indices(shape, dtype=np.float64)
    return rows - centre[0], columns - centre[1]


# ---- brushes ------------------------------------------------------------------------------------------------------


def brush_alpha(shape: Shape, centre: Place, radius: float, softness: float = 0.0) -> FloatGrid:
    """Return how strongly a round brush covers each cell, 0 to 1 ``[h, w]``.

    Within ``radius`` cells of the centre it is 1 for a hard brush (softness 0); with softness s it falls from 1 at
    (1 - s) radius to 0 at the radius, in a smooth step 3t² - 2t³. The cell under the centre is always covered in full,
    so that the smallest brush paints one cell.
    """
    rows, columns = _offsets(shape, centre)
    return np.maximum(_falloff(np.hypot(rows, columns), radius, softness), _touched(shape, [centre]))


def line_alpha(shape: Shape, start: Place, end: Place, radius: float, softness: float = 0.0) -> FloatGrid:
    """Return how strongly a brush drawn straight from ``start`` to ``end`` covers each cell (see `brush_alpha`)."""
    rows, columns = _offsets(shape, start)
    down, right = end[0] - start[0], end[1] - start[1]
    length_squared = down * down + right * right
    share = np.zeros(shape) if length_squared == 0 else np.clip((rows * down + columns * right) / length_squared, 0, 1)
    distance = np.hypot(rows - share * down, columns - share * right)
    count = int(min(max(abs(down), abs(right)), 10_000)) + 2  # no cell of a thin line is passed over
    steps = np.linspace(0.0, 1.0, count)
    passed = [(start[0] + step * down, start[1] + step * right) for step in steps]
    return np.maximum(_falloff(distance, radius, softness), _touched(shape, passed))


def rectangle_alpha(shape: Shape, start: Place, end: Place, softness: float = 0.0) -> FloatGrid:
    """Return how strongly a filled rectangle between two corners (both included) covers each cell.

    With ``softness`` s in 0..1 it fades towards its edges over that share of half its shorter side.
    """
    (top, bottom), (left, right) = (sorted((round(start[axis]), round(end[axis]))) for axis in (0, 1))
    rows, columns = np.indices(shape, dtype=np.float64)
    inside = np.minimum(
        np.minimum(rows - top, bottom - rows), np.minimum(columns - left, right - columns)
    )  # cells from the edge, 0 on the rim
    fade = softness * (min(bottom - top, right - left) + 1) / 2.0
    return np.where(inside < 0, 0.0, _smooth_step((inside + 1.0) / fade) if fade > 1.0 else 1.0)


def fill_mask(values: ArrayLike, cell: tuple[int, int], tolerance: float = 0.0) -> BoolGrid:
    """Return the connected area around ``cell`` whose values differ from its own by at most ``tolerance``.

    Cells are connected by their sides, not their corners. Empty where ``cell`` lies outside.
    """
    grid = _grid(values)
    row, column = int(cell[0]), int(cell[1])
    if not (0 <= row < grid.shape[0] and 0 <= column < grid.shape[1]):
        return np.zeros(grid.shape, np.bool_)
    is_similar = np.abs(grid - grid[row, column]) <= tolerance
    is_similar[row, column] = True
    from scipy import ndimage  # as above

    areas, _ = ndimage.label(is_similar)
    found: BoolGrid = np.asarray(areas == areas[row, column])
    return found


def _falloff(distance: FloatGrid, radius: float, softness: float) -> FloatGrid:
    """Return 1 up to (1 - softness) radius and then a smooth step down to 0 at the radius."""
    soft = min(max(softness, 0.0), 1.0) * radius
    if soft <= 1e-9:
        return (distance <= radius + 1e-9).astype(np.float64)
    return _smooth_step((radius - distance) / soft)


def _smooth_step(share: FloatGrid) -> FloatGrid:
    clipped = np.clip(share, 0.0, 1.0)
    found: FloatGrid = clipped * clipped * (3.0 - 2.0 * clipped)
    return found


def _touched(shape: Shape, places: list[Place]) -> FloatGrid:
    """Return 1 in the cells that hold one of ``places``."""
    covered = np.zeros(shape)
    cells = np.rint(np.asarray(places, np.float64))
    is_inside = ((cells >= 0) & (cells < np.asarray(shape))).all(axis=1)
    inside = cells[is_inside].astype(np.int64)
    covered[inside[:, 0], inside[:, 1]] = 1.0
    return covered
