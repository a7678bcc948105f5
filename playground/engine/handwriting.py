"""A hand that writes digits: templates that shake, bend, slant and turn, drawn with a pen. Torch-free.

Lengths are in heights of the digit until it is fitted into the box, in pixels afterwards. All arrays have one row
per digit, ``n``; K is the number of points along a curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.images import BOX, CENTRE, SIDE
from playground.engine.stroke_templates import Templates, templates

Floats = NDArray[np.float32]

FALL_OFF = np.float32(1.8)  # of the field round a stroke, per square pixel
PEN_EDGE = np.float32(1.3)  # pixels over which the pen's border fades
WAVES = 3
LEAST = np.float32(-40)  # exponent: products of what is smaller are denormal numbers, and slow
FEW = 16  # digits that are inked together: what is in work stays in the processor's cache
NEIGHBOURS = np.float32(0.8)  # how far a point goes along with the next one: a hand swings, it does not tremble
MIDDLE_X = np.float32(0.3)  # of a template


@dataclass(frozen=True)
class Style:
    """How freely the digits are written. What is not said otherwise is a standard deviation."""

    rarity: float  # exponent on how common a way of writing is: above 1 the common ones prevail
    jitter: float  # of each control point, in its distance to the next
    wave: float  # amplitude of each slow sine that bends the strokes
    waist: float  # by how much the middle moves up or down
    taper: float  # by how much one side is larger than the other
    aspect: float  # of the logarithm of width / height
    slant_mean: float  # mean shear to the right
    slant: float
    rotation: float  # radians
    pen_mean: float  # mean logarithm of the pen's radius in pixels
    pen: float  # of that logarithm
    pressure: float  # of the pen's radius along the stroke, relative
    shift: float  # largest distance of the centre of mass from the middle, in pixels


STYLES = {
    "easy": Style(
        rarity=1.4, jitter=0.11, wave=0.022, waist=0.035, taper=0.12, aspect=0.11, slant_mean=0.1, slant=0.15,
        rotation=0.055, pen_mean=0.28, pen=0.18, pressure=0.12, shift=0.8,
    ),
    "medium": Style(
        rarity=1.1, jitter=0.15, wave=0.037, waist=0.06, taper=0.2, aspect=0.15, slant_mean=0.1, slant=0.2,
        rotation=0.085, pen_mean=0.28, pen=0.21, pressure=0.12, shift=1.0,
    ),
    "mnist-like": Style(
        rarity=1.0, jitter=0.20, wave=0.05, waist=0.08, taper=0.27, aspect=0.19, slant_mean=0.11, slant=0.25,
        rotation=0.11, pen_mean=0.27, pen=0.24, pressure=0.12, shift=1.2,
    ),
}  # fmt: skip


def write(labels: NDArray[np.int64], style: Style, random: np.random.Generator) -> NDArray[np.uint8]:
    """Write one digit for each label.

    Parameters
    ----------
    labels : ndarray [n], int64
        0 to 9.
    style : Style
    random : numpy.random.Generator
        Advanced by a number of draws that depends on n alone.

    Returns
    -------
    ndarray [n, 28, 28], uint8
        0 paper, 255 ink.
    """
    known = templates()
    ways = _ways(labels, known, style, random)
    x, y = _shaken(ways, known, style, random)
    x, y = _bent(x, y, known.wander[ways], style, random)
    x, y = _leaning(x, y, style, random)
    radius = np.exp(_normal(random, style.pen_mean, style.pen, len(labels)))  # [n, 1]
    x, y = _fitted(x, y, radius)
    steps = np.hypot(np.diff(x), np.diff(y)) * known.joined[ways]  # [n, K - 1]
    length = np.zeros_like(x)  # of the stroke that each point stands for
    length[:, 1:] += steps / 2
    length[:, :-1] += steps / 2
    pen = radius * _pressure(x.shape[1], style, random, len(labels))  # [n, K]
    x, y = _centred(x, y, length * pen, style, random)
    return _inked(x, y, length, pen, radius)


def _normal(random: np.random.Generator, mean: float, spread: float, *shape: int) -> Floats:
    """Return normal numbers [*shape, 1]."""
    return np.float32(mean) + np.float32(spread) * random.standard_normal((*shape, 1), dtype=np.float32)


def _angles(random: np.random.Generator, n: int) -> Floats:
    """Return angles [n, 1], in radians, all directions alike."""
    return np.float32(2 * np.pi) * random.random((n, 1), dtype=np.float32)


def _ways(labels: NDArray[np.int64], known: Templates, style: Style, random: np.random.Generator) -> NDArray[np.int64]:
    """Choose a way of writing for each label."""
    draw = random.random(len(labels))
    ways = np.zeros(len(labels), np.int64)
    for digit in range(10):
        first, end = int(known.first[digit]), int(known.first[digit + 1])
        share = np.cumsum(known.weight[first:end] ** style.rarity)
        mine = labels == digit
        ways[mine] = first + np.searchsorted(share[:-1] / share[-1], draw[mine], side="right")
    return ways


def _shaken(
    ways: NDArray[np.int64], known: Templates, style: Style, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the curves x, y [n, K] through control points that are a little off; (0, 0) is the middle."""
    noise = random.standard_normal((len(ways), known.control.shape[1] + 2, 2), dtype=np.float32)
    noise = noise[:, 1:-1] + NEIGHBOURS * (noise[:, :-2] + noise[:, 2:])
    noise /= np.sqrt(1 + 2 * NEIGHBOURS**2)  # [n, N, 2], standard deviation 1
    control = known.control[ways] + np.float32(style.jitter) * known.spacing[ways] * noise
    curve = known.curve[ways] @ control  # [n, K, 2]
    return curve[..., 0] - MIDDLE_X, curve[..., 1] - np.float32(0.5)


def _bent(x: Floats, y: Floats, wander: Floats, style: Style, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Move the waist, taper, and add slow sines of random direction, frequency and phase."""
    n = len(x)
    y = y + _normal(random, 0, style.waist, n) * (1 - 4 * y * y)
    x = x * (1 + _normal(random, 0, style.taper, n) * y)
    y = y * (1 + _normal(random, 0, style.taper, n) * x)
    for _ in range(WAVES):
        direction, phase = _angles(random, n), _angles(random, n)
        frequency = np.float32(2.5) + np.float32(2.5) * random.random((n, 1), dtype=np.float32)
        sine = wander * np.sin(frequency * (np.cos(direction) * x + np.sin(direction) * y) + phase)
        x, y = x + _normal(random, 0, style.wave, n) * sine, y + _normal(random, 0, style.wave, n) * sine
    return x, y


def _leaning(x: Floats, y: Floats, style: Style, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Change the aspect, shear to the right and turn."""
    n = len(x)
    x = x * np.asarray(np.exp(_normal(random, 0, style.aspect, n)), np.float32)
    x = x - _normal(random, style.slant_mean, style.slant, n) * y
    turn = _normal(random, 0, style.rotation, n)
    cosine, sine = np.asarray(np.cos(turn), np.float32), np.asarray(np.sin(turn), np.float32)
    return cosine * x - sine * y, sine * x + cosine * y


def _fitted(x: Floats, y: Floats, radius: Floats) -> tuple[Floats, Floats]:
    """Scale so that the longer side, pen included, takes the whole box."""
    extent = np.maximum(np.ptp(x, axis=1, keepdims=True), np.ptp(y, axis=1, keepdims=True))
    scale: Floats = (np.float32(BOX) - 2 * radius) / extent
    return x * scale, y * scale


def _pressure(points: int, style: Style, random: np.random.Generator, n: int) -> Floats:
    """Return by how much the pen is wider at each point, [n, K]: up to one slow swing along the strokes."""
    along = np.linspace(0, np.pi, points, dtype=np.float32)
    swing = np.cos(along * (1 + random.random((n, 1), dtype=np.float32)) + _angles(random, n))
    factor = 1 + _normal(random, 0, style.pressure, n) * swing
    return np.asarray(np.clip(factor, 0.6, 1.5), np.float32)


def _centred(x: Floats, y: Floats, mass: Floats, style: Style, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Put the centre of the ink into the middle, up to a small shift."""
    share = mass / mass.sum(1, keepdims=True)
    shift = np.float32(style.shift) * (2 * random.random((len(x), 2), dtype=np.float32) - 1) + np.float32(CENTRE)
    x = x + shift[:, :1] - (share * x).sum(1, keepdims=True)
    return x, y + shift[:, 1:] - (share * y).sum(1, keepdims=True)


def _inked(x: Floats, y: Floats, length: Floats, pen: Floats, radius: Floats) -> NDArray[np.uint8]:
    """Draw the strokes.

    The field of a stroke is the integral of exp(-b d²) along it, b being `FALL_OFF`: a Gaussian is a product of a
    function of x and one of y, so the field on the whole grid is one product of matrices. For a straight stroke it
    is sqrt(pi / b) exp(-b d²) at distance d, which gives d back; there is ink where d is less than the pen's
    radius. Where strokes meet their fields add, and the ink runs together a little.
    """
    wider = np.clip(FALL_OFF * (pen * pen - radius * radius), -4, 4)
    gain = length * np.exp(wider) * np.sqrt(FALL_OFF / np.float32(np.pi))  # [n, K]
    images = np.empty((len(x), SIDE, SIDE), np.uint8)
    for start in range(0, len(x), FEW):
        few = slice(start, start + FEW)
        field = (_falling(y[few]) * gain[few, None, :]) @ _falling(x[few]).transpose(0, 2, 1)  # [few, 28, 28]
        distance = np.sqrt(np.maximum(-np.log(np.maximum(field, np.float32(1e-30))) / FALL_OFF, 0))
        ink = np.clip((radius[few, :, None] - distance) / PEN_EDGE + np.float32(0.5), 0, 1)
        np.rint(ink * 255, out=images[few], casting="unsafe")
    return images


def _falling(place: Floats) -> Floats:
    """Return exp(-b d²) for the distance d between each row (or column) of pixels and each point, [n, 28, K]."""
    distance = np.arange(SIDE, dtype=np.float32)[:, None] - place[:, None, :]
    np.square(distance, out=distance)
    distance *= -FALL_OFF
    np.maximum(distance, LEAST, out=distance)
    return np.asarray(np.exp(distance, out=distance), np.float32)
