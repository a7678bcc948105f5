"""Images of ink on paper: what the drawing pad, a photo and the drawn digits have in common. Torch-free.

An image is an array ``[rows, columns]`` of ink, 0 (paper) to 1 (full ink).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Image = NDArray[np.float32]

SIDE = 28
BOX = 20
FAINTEST = 1e-6  # the least ink that counts as any: fainter ink is lost in rounding where the sheet is made smaller
CENTRE = 14.0  # the pixel index at which the data have their centre of ink, in both directions
INK_SEEN = 0.1  # of the darkest pixel: what counts as ink when the box around it is looked for
MAX_SHIFT = 28.0
MAX_THICKEN = 8.0


def fit_and_centre(drawing: ArrayLike) -> Image:
    """Fit the ink of a drawing into 20 x 20 pixels and centre it by mass in 28 x 28, as the data have it.

    The aspect ratio is kept; a small drawing is enlarged. The box round the ink keeps to whole pixels and so
    does the shift, therefore an image that is fitted already comes back unchanged.

    Parameters
    ----------
    drawing : array [h, w]
        Ink, 0 to 1; values beyond are clipped, NaN is paper.

    Returns
    -------
    ndarray [28, 28], float32
        0 to 1; all 0 for a drawing without ink of at least FAINTEST.

    Notes
    -----
    The procedure of Y. LeCun et al., "Gradient-based learning applied to document recognition" (1998), III.A.
    """
    ink = _as_ink(drawing)
    result = np.zeros((SIDE, SIDE), np.float32)
    if ink.size == 0 or ink.max() < FAINTEST:
        return result
    rows, columns = _ink_box(ink)
    scale = max(rows.stop - rows.start, columns.stop - columns.start) / BOX
    small = _resampled(_resampled(ink[rows, columns], scale).T, scale).T  # [<= 20, <= 20]
    mass = small.sum()
    row_mean = float(small.sum(1) @ np.arange(small.shape[0]) / mass)
    column_mean = float(small.sum(0) @ np.arange(small.shape[1]) / mass)
    top, left = math.floor(CENTRE - row_mean + 0.5), math.floor(CENTRE - column_mean + 0.5)
    _place(result, small, top, left)
    return result


def _as_ink(drawing: ArrayLike) -> Image:
    """Return a float32 array [h, w] within 0 to 1."""
    ink = np.asarray(drawing, dtype=np.float32)
    if ink.ndim != 2:
        raise ValueError(f"an image has rows and columns, not the shape {list(ink.shape)}")
    return np.asarray(np.clip(np.nan_to_num(ink, nan=0.0, posinf=1.0, neginf=0.0), 0, 1), np.float32)


def _ink_box(ink: Image) -> tuple[slice, slice]:
    """Return the rows and columns that hold ink; the image must not be empty."""
    seen = ink >= INK_SEEN * ink.max()
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _resampled(image: Image, scale: float) -> Image:
    """Return an image with fewer (scale > 1, mean over the area) or more (scale < 1, linear) rows."""
    count = image.shape[0]
    new = max(1, math.ceil(count / scale - 1e-6))
    if scale >= 1:
        edges = np.arange(new + 1) * scale  # the rows' borders in the source
        low, high = edges[:-1, None], edges[1:, None]
        source = np.arange(count)[None, :]
        cover = np.minimum(high, source + 1) - np.maximum(low, source)  # [new, count]
        matrix = np.maximum(cover, 0) / scale
    else:
        centres = (np.arange(new)[:, None] + 0.5) * scale - 0.5
        centres = np.clip(centres, 0, count - 1)
        matrix = np.maximum(1 - np.abs(centres - np.arange(count)[None, :]), 0)
    return np.asarray(matrix @ image, np.float32)


def _place(canvas: Image, image: Image, top: int, left: int) -> None:
    """Write an image into a canvas; what lies outside is dropped."""
    height, width = image.shape
    row, column = max(top, 0), max(left, 0)
    row_end, column_end = min(top + height, canvas.shape[0]), min(left + width, canvas.shape[1])
    if row < row_end and column < column_end:
        canvas[row:row_end, column:column_end] = image[row - top : row_end - top, column - left : column_end - left]


def transformed(
    image: ArrayLike,
    *,
    dx: float = 0.0,
    dy: float = 0.0,
    angle_degrees: float = 0.0,
    thicken: float = 0.0,
    noise: float = 0.0,
    noise_seed: int = 0,
) -> Image:
    """Return an image thickened, turned, shifted and with noise, in this order.

    Parameters
    ----------
    image : array [h, w]
        Ink, 0 to 1.
    dx, dy : float
        Shift to the right and down, in pixels, also fractions.
    angle_degrees : float
        Counter-clockwise turn about the middle of the image.
    thicken : float
        Pixels by which every border of the ink moves outwards; negative makes it thinner.
    noise : float
        Standard deviation of Gaussian noise on each pixel.
    noise_seed : int
        The same seed gives the same noise.

    Returns
    -------
    ndarray [h, w], float32
        Clipped to 0 to 1. Without any change the very image.
    """
    result = _thickened(_as_ink(image), float(np.clip(thicken, -MAX_THICKEN, MAX_THICKEN)))
    result = _moved(result, float(np.clip(dx, -MAX_SHIFT, MAX_SHIFT)), float(np.clip(dy, -MAX_SHIFT, MAX_SHIFT)),
                    angle_degrees)  # fmt: skip
    if noise > 0:
        random = np.random.default_rng(noise_seed)
        result = result + np.float32(noise) * random.standard_normal(result.shape, dtype=np.float32)
    return np.asarray(np.clip(result, 0, 1), np.float32)


def _thickened(image: Image, radius: float) -> Image:
    """Return the grey dilation (erosion when negative) with a disk whose edge is soft, so that it grows smoothly.

    A neighbour at distance d counts with the weight clip(radius + 1 - d, 0, 1): none at radius 0, the four
    nearest fully at radius 1.
    """
    if radius == 0:
        return image
    if radius < 0:
        return np.asarray(1 - _thickened(np.asarray(1 - image, np.float32), -radius), np.float32)
    reach = math.floor(radius + 1)
    padded = np.pad(image, reach)
    result = image.copy()
    height, width = image.shape
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            weight = min(radius + 1 - math.hypot(row, column), 1.0)
            if weight > 0:
                window = padded[reach + row :, reach + column :][:height, :width]
                np.maximum(result, np.float32(weight) * window, out=result)
    return result


def _moved(image: Image, dx: float, dy: float, angle_degrees: float) -> Image:
    """Return the image turned about its middle and then shifted; whole pixels are moved without any blur."""
    if dx == 0 and dy == 0 and angle_degrees % 360 == 0:
        return image
    angle = math.radians(angle_degrees % 360)
    cosine, sine = math.cos(angle), math.sin(angle)
    row_middle, column_middle = (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2
    rows, columns = np.indices(image.shape)
    down, right = rows - row_middle - dy, columns - column_middle - dx
    source_rows = row_middle + cosine * down + sine * right
    source_columns = column_middle - sine * down + cosine * right
    return np.clip(_sampled(image, source_rows, source_columns), 0, 1)


def _sampled(image: Image, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Image:
    """Return the image at places between its pixels, by cubic convolution with a = -1/2; outside is paper.

    R. Keys, "Cubic convolution interpolation for digital image processing" (1981), eq. 15.
    """
    height, width = image.shape
    padded = np.pad(image, 3)
    rows, columns = np.clip(rows, -2, height + 1), np.clip(columns, -2, width + 1)
    row, column = np.floor(rows).astype(int), np.floor(columns).astype(int)
    row_weights, column_weights = _keys(rows - row), _keys(columns - column)
    result = np.zeros(rows.shape, np.float64)
    for i in range(4):
        for j in range(4):
            weight = row_weights[i] * column_weights[j]
            result += weight * padded[np.clip(row + 2 + i, 0, height + 5), np.clip(column + 2 + j, 0, width + 5)]
    return np.asarray(result, np.float32)


def _keys(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the weights of the pixels at -1, 0, 1 and 2 for a place t (0 to 1) behind pixel 0."""
    return (
        -0.5 * t + t**2 - 0.5 * t**3,
        1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3,
        -0.5 * t**2 + 0.5 * t**3,
    )


PHOTO_SIDE = 320  # longest side of what from_photo works on and returns
PAPER_PASSES = 12
MIN_CONTRAST = 0.06  # of the full range: fainter marks are taken for the paper's own grain
RAMP = (0.3, 0.7)  # of the darkness of full ink: where ink begins, where it is full; its border is half way
SPECK = 0.03  # of the largest patch of ink: smaller patches are dirt


def from_photo(rgb: ArrayLike) -> Image:
    """Find the ink in a photo, a scan or a screenshot of something drawn.

    Slow changes of the light (a shadow, a vignette) are taken out by a quadratic surface fitted to the paper
    alone; what stands out from it more, on the dark or on the light side, is the ink (or the chalk).

    Parameters
    ----------
    rgb : array [h, w] or [h, w, 3 or 4], uint8
        Grey, RGB or RGBA.

    Returns
    -------
    ndarray [h', w'], float32
        Ink, 0 to 1, at most 320 pixels on the longer side; all 0 when nothing stands out from the paper.

    Raises
    ------
    ValueError
        When the array is no picture.
    """
    grey = _shrunk(_grey(np.asarray(rgb)))
    marks = _paper_surface(grey) - grey  # [h, w], > 0 where it is darker than the paper
    if np.sum(np.minimum(marks, 0) ** 2) > np.sum(np.maximum(marks, 0) ** 2):
        marks = -marks
    grain = 1.4826 * float(np.median(np.abs(marks - np.median(marks))))
    candidates = marks[marks > max(MIN_CONTRAST, 5 * grain)]
    if candidates.size < 4:
        return np.zeros(grey.shape, np.float32)
    level = float(np.quantile(candidates, 0.75))  # the darkness of full ink
    ramp = np.clip((marks / level - RAMP[0]) / (RAMP[1] - RAMP[0]), 0, 1)
    return _without_dirt(np.asarray(ramp, np.float32))


def _grey(picture: NDArray[Any]) -> Image:
    """Return the luminance (ITU-R BT.601), 0 to 1; transparent pixels become white, or black under light ink."""
    if picture.ndim not in (2, 3) or picture.size == 0 or (picture.ndim == 3 and picture.shape[2] not in (3, 4)):
        raise ValueError(f"a picture has the shape [h, w, 3 or 4], not {list(picture.shape)}")
    if picture.dtype != np.uint8:
        raise ValueError(f"a picture has values of the type uint8, not {picture.dtype}")
    step = max(1, max(picture.shape[:2]) // (4 * PHOTO_SIDE))  # a huge picture is thinned out first
    values = np.asarray(picture[::step, ::step] / 255, np.float32)
    if values.ndim == 2:
        return values
    grey = values[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    if values.shape[2] == 4:
        alpha = values[..., 3]
        opaque = float((grey * alpha).sum() / max(float(alpha.sum()), 1e-6))
        ground = 0.0 if opaque > 0.5 and float(alpha.mean()) < 0.5 else 1.0
        grey = alpha * grey + (1 - alpha) * ground
    return np.asarray(grey, np.float32)


def _shrunk(grey: Image) -> Image:
    """Return the picture with at most `PHOTO_SIDE` pixels on its longer side, each the mean of its area."""
    scale = max(grey.shape) / PHOTO_SIDE
    if scale <= 1:
        return grey
    rows, columns = (length / max(1, round(length / scale)) for length in grey.shape)  # whole areas only
    return _resampled(_resampled(grey, rows).T, columns).T


def _paper_surface(grey: Image) -> Image:
    """Return a quadratic surface through the paper, fitted again and again with less trust in what stands out."""
    height, width = grey.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = grey.reshape(-1).astype(np.float64)
    step = max(1, values.size // 8000)
    sampled_terms, sampled = terms[::step], values[::step]
    trust = np.ones(sampled.shape)
    weights = np.zeros(6)
    for _ in range(PAPER_PASSES):  # Cauchy's weights: what lies far from the surface pulls ever less at it
        root = np.sqrt(trust)[:, None]
        weights, *_ = np.linalg.lstsq(root * sampled_terms, root[:, 0] * sampled, rcond=None)
        residue = np.abs(sampled_terms @ weights - sampled)
        spread = 1.4826 * float(np.median(residue)) + 0.004
        trust = 1 / (1 + np.square(residue / (2 * spread)))
    return np.asarray((terms @ weights).reshape(height, width), np.float32)


def _without_dirt(ink: Image) -> Image:
    """Return the ink without specks and without what comes in over the border while there is ink inside."""
    from scipy import ndimage  # a fifth of a second to import, and only photos need it

    patches, count = ndimage.label(ink > 0.3, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    mass = ndimage.sum_labels(ink, patches, np.arange(1, count + 1))
    at_border = np.zeros(count + 1, bool)
    for edge in (patches[0], patches[-1], patches[:, 0], patches[:, -1]):
        at_border[edge] = True
    inside = np.where(at_border[1:], 0.0, mass)
    if inside.max() >= 0.1 * mass.max():
        mass = inside
    kept = mass >= SPECK * mass.max()
    near = ndimage.grey_dilation(np.concatenate([[False], kept])[patches].astype(np.uint8), size=(3, 3))
    return np.asarray(ink * near, np.float32)
