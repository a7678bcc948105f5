"""How people write the ten digits: strokes through control points, one line for each way. Torch-free.

A way of writing is ``(weight, strokes)``: how common it is beside the others of its digit, and its strokes, parted by
``;``. A stroke is a row of points ``x,y`` in hundredths of the digit's height, x to the right, y downwards; the pen
runs smoothly through them and turns sharply at a point marked ``!``. Points of the same place are one point: where
two strokes share it they stay joined, however much the hand shakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MAX_SPACING = 0.3  # beyond it a long stroke would shake more than a short one
FULL_LENGTH = 2.0  # heights of strokes, at which a hand is as unsteady as it gets
CURVE_POINTS = 112  # at which every digit is sampled: closer than the pen is wide, at 28 x 28 pixels

WAYS: tuple[tuple[tuple[float, str], ...], ...] = (
    (  # 0: upright, overlapping, round, slim, an egg, flat, left open, with a curl, with a tail, slashed
        (3, "44,4 16,12 2,46 10,84 38,98 66,86 76,48 62,12 36,4"),
        (3, "56,8 28,4 4,34 4,72 28,98 58,88 74,54 64,16 40,4 30,10"),
        (3, "50,3 20,8 2,38 6,74 32,97 64,92 84,62 80,28 58,6 40,5"),
        (2, "30,6 6,30 4,70 26,96 50,88 58,52 50,16 26,4 16,16"),
        (2, "70,4 40,10 10,46 4,84 24,99 54,84 78,44 78,12 60,4"),
        (1, "54,10 16,18 2,48 20,80 60,86 94,64 94,34 66,12 40,12"),
        (0.7, "34,6 10,26 4,64 24,96 56,92 70,58 62,22 50,10"),
        (0.7, "46,14 24,4 4,36 8,80 34,98 60,82 68,42 56,10 34,8 36,26"),
        (0.5, "50,6 20,10 2,50 16,94 52,92 70,54 56,14 40,4 60,10 80,2"),
        (0.5, "44,4 16,12 2,46 10,84 38,98 66,86 76,48 62,12 36,4 ; 72,6 8,96"),
    ),
    (  # 1: upright, slanted, bent, gone over twice, with a flag, with flag and foot
        (6, "30,0 30,50 30,100"),
        (4, "46,0 30,50 14,100"),
        (2, "36,0 29,40 30,70 28,100"),
        (0.8, "31,0 27,50 27,100! 33,50 35,2"),
        (1, "18,18 32,0! 31,50 30,100"),
        (0.8, "12,22 32,0! 32,50 32,100 ; 6,100 32,100 60,100"),
    ),
    (  # 2: plain, with a small, a large and a flat loop at the foot, like a z, upright, wide
        (2, "10,24 26,4 52,8 54,32 32,62 4,92! 36,94 78,92"),
        (3, "12,24 28,4 52,8 54,34 34,66 8,90 4,76 22,72 46,88 80,94"),
        (3, "14,22 34,3 56,12 54,44 34,82 10,96 0,82 16,66 42,74 62,92 86,92"),
        (2, "10,30 30,8 54,12 52,40 28,76 4,88 6,72 30,74 60,90 88,84"),
        (1.5, "10,12 34,4 56,12 46,38 24,66 4,94! 32,88 56,96 76,90"),
        (1, "6,28 22,4 50,4 58,26 40,54 16,84 4,98! 30,90 60,98 74,94"),
        (1, "16,34 36,16 56,22 50,46 26,72 0,84! 36,80 70,86 98,80"),
        (1.5, "8,20 30,2 58,14 54,44 30,72 4,86 8,68 34,70 58,92 80,92"),
    ),
    (  # 3: pointed in the middle, flat-topped, looped, wide, smooth, large below
        (3, "8,12 32,2 54,16 48,38 24,47! 52,52 62,74 44,96 18,98 2,86"),
        (1, "8,6 34,4 60,4! 42,24 26,42! 54,50 60,76 40,97 4,92"),
        (2, "6,16 28,2 52,12 46,36 24,46 18,42 28,42 56,58 56,84 32,98 4,88"),
        (2, "4,14 30,0 56,18 36,42 22,46 40,46 66,66 52,92 24,100 0,84"),
        (2, "10,8 40,2 50,20 36,40 30,48 48,58 52,78 34,98 6,94"),
        (1, "12,14 40,4 56,18 34,44! 60,58 50,86 20,100 -4,92"),
        (2, "14,10 40,2 58,16 46,36 26,46! 56,52 66,74 42,94 4,96"),
    ),
    (  # 4: open with a corner, rounded, bent; in one stroke; closed with a long and a short bar, slanted, narrow
        (3, "16,6 10,34 8,56! 34,58 72,54 ; 58,0 52,48 46,100"),
        (3, "20,8 10,36 6,58 26,62 50,56 74,48 ; 56,8 50,50 46,100"),
        (2, "12,4 6,32 12,54 34,56 56,50 ; 60,2 54,46 48,100"),
        (2, "14,4 6,40 16,58 40,54 56,36 62,4! 54,50 48,100"),
        (2, "50,2 24,36 0,64! 36,64 76,60 ; 50,2 46,50 42,100"),
        (0.7, "52,2 28,26 4,56! 26,60 60,52 ; 52,2 50,50 46,100"),
        (2, "34,4 14,36 2,60! 40,60 84,52 ; 66,2 50,50 36,100"),
        (1, "8,12 6,40 20,52 50,44 ; 52,0 50,50 44,100"),
    ),
    (  # 5: in two strokes with a long bar, in one, upright, slim, flying, soft like an s, with a round belly
        (3, "30,12 24,42 44,42 58,60 52,84 28,98 2,92 ; 30,12 60,8 94,2"),
        (3, "86,4 54,6 30,10! 22,42! 46,44 60,64 48,90 20,98 2,90"),
        (2, "64,4 34,4 14,8! 10,44! 38,36 62,54 60,82 32,98 2,90"),
        (2, "58,2 34,6 18,12! 16,44 36,52 46,72 34,94 8,98"),
        (2, "40,14 26,40 48,46 56,64 40,86 4,90 ; 42,14 70,10 98,8"),
        (1.5, "66,6 40,4 20,14 20,36 44,50 56,70 42,92 8,98"),
        (1, "70,4 20,8! 14,42! 46,34 72,56 64,88 30,98 0,84"),
        (1.5, "74,8 40,8 10,10! 8,42! 44,36 74,56 64,86 30,96 2,86"),
    ),
    (  # 6: bent, upright, round, with a large bowl, slanted, with a small bowl, with a loop, wide
        (3, "40,0 16,28 4,64 18,96 48,94 58,72 42,56 18,68 12,86"),
        (2, "22,0 8,32 4,70 20,97 50,92 58,70 40,56 16,70"),
        (2, "50,2 24,18 6,54 8,86 32,99 56,86 54,62 32,56 10,74"),
        (2, "14,2 2,40 6,82 32,98 64,86 64,60 42,52 18,68 16,84"),
        (2, "58,0 30,26 8,66 14,94 40,96 56,78 46,62 22,70 12,86"),
        (1, "30,0 14,36 8,76 24,98 44,90 44,72 26,70 14,86"),
        (1, "36,2 10,40 6,80 28,98 58,82 60,60 40,58 22,78 30,94"),
        (1.2, "16,8 2,40 10,82 46,98 84,82 84,58 58,54 30,72 26,88"),
        (1.2, "22,0 4,36 8,82 42,98 70,76 58,52 26,56 8,74"),
    ),
    (  # 7: plain, with a serif, crossed, round-shouldered, upright, wavy, hooked, crossed and upright
        (3, "2,12 34,8 66,4! 46,48 28,100"),
        (2, "4,24 8,6! 38,8 66,6! 48,46 34,100"),
        (1, "2,10 34,8 62,6! 44,48 30,100 ; 10,56 40,52 74,50"),
        (2, "2,12 30,4 58,8 58,34 40,68 32,100"),
        (1.5, "2,10 34,6 62,6! 58,46 54,100"),
        (1, "0,22 12,6 34,12 66,2! 46,44 30,98"),
        (1, "4,30 6,8! 36,8 64,4 54,36 40,68 36,100"),
        (1, "6,14 32,8 58,6! 48,48 42,100 ; 14,52 40,50 78,50"),
        (1.2, "0,30 2,9! 36,10 66,6! 62,50 52,100"),
    ),
    (  # 8: left open, with a tail, with a small head, as two rings, slanted, begun in the middle, slim
        (3, "60,6 34,2 20,16 32,36 46,58 40,86 22,98 8,84 16,62 38,42 62,10"),
        (2, "56,14 36,2 18,12 22,32 44,52 52,76 36,97 12,92 8,72 26,52 50,32 64,6"),
        (2, "54,8 34,4 24,18 36,36 52,60 46,90 18,98 6,80 22,56 44,36 54,14 46,6"),
        (1.5, "36,46 16,34 16,12 36,2 54,14 52,36 34,48 10,64 8,88 32,99 56,88 56,62 38,48"),
        (2, "78,2 46,6 28,24 40,42 44,66 28,94 8,96 4,78 22,60 52,34 76,8"),
        (1, "34,46 52,28 46,6 24,4 14,22 30,44 52,66 48,92 22,98 8,80 20,58 38,42"),
        (1, "44,10 30,2 20,16 30,40 42,66 36,94 20,98 14,80 26,54 42,30 46,12"),
        (1.5, "66,18 42,2 8,12 14,38 46,56 46,84 30,98 16,86 26,60 60,36 66,14"),
        (1, "60,6 22,4 16,24 40,44 74,70 62,96 14,98 6,78 34,54 66,30 62,10"),
    ),
    (  # 9: in one stroke, upright, in two strokes, slanted, with a curved tail, round, with a flag
        (3, "48,12 26,4 8,22 8,42 24,48 42,34 50,10! 44,54 36,100"),
        (3, "50,20 32,4 12,12 6,34 20,46 42,34 50,16! 50,56 48,100"),
        (2, "46,10 22,8 6,30 16,46 36,38 46,14 ; 48,6 46,52 42,100"),
        (2, "56,14 34,2 14,20 14,40 32,42 54,18! 40,60 22,100"),
        (1.5, "52,18 32,2 10,16 8,40 26,48 46,32 52,14 50,54 38,88 14,96"),
        (1, "58,22 36,2 8,14 2,40 24,52 50,38 58,18! 56,60 50,100"),
        (1, "66,6 36,2 10,18 10,42 34,44 56,14! 44,58 34,100"),
        (1.2, "58,18 32,2 8,20 18,44 46,38 58,20 58,58 40,92 6,96"),
        (1, "62,16 32,4 4,28 14,52 44,46 64,14! 60,60 66,100"),
    ),
)


@dataclass(frozen=True, eq=False)
class Templates:
    """All ways of writing as arrays; T ways, at most N control points each, K points along the curves.

    Attributes
    ----------
    control : ndarray [T, N, 2], float32
        The points (x, y), in heights of the digit.
    spacing : ndarray [T, N, 1], float32
        The mean distance to the neighbouring points, at most `MAX_SPACING`; 0 for points that a way does not have.
    curve : ndarray [T, K, N], float32
        The curve's points are ``curve @ control``: Catmull-Rom splines are linear in their control points.
    joined : ndarray [T, K - 1], float32
        1 where the pen is down between a point of the curve and the next, 0 where it is lifted.
    wander : ndarray [T, 1], float32
        How far the hand goes astray: a long way of writing wanders more than a short one, up to 1.
    first : ndarray [11], int
        The ways of digit d are ``first[d]`` to ``first[d + 1] - 1``.
    weight : ndarray [T], float64
        How common each way is within its digit; they sum to 1.
    """

    control: NDArray[np.float32]
    spacing: NDArray[np.float32]
    curve: NDArray[np.float32]
    joined: NDArray[np.float32]
    wander: NDArray[np.float32]
    first: NDArray[np.int64]
    weight: NDArray[np.float64]


@cache
def templates() -> Templates:
    """Return all ways of writing; built once."""
    built = [_way(strokes) for ways in WAYS for _, strokes in ways]
    width = max(len(control) for control, *_ in built)
    count = len(built)
    control = np.zeros((count, width, 2), np.float32)
    spacing = np.zeros((count, width, 1), np.float32)
    curve = np.zeros((count, CURVE_POINTS, width), np.float32)
    joined = np.zeros((count, CURVE_POINTS - 1), np.float32)
    for index, (points, distances, matrix, pen) in enumerate(built):
        control[index, : len(points)] = points
        spacing[index, : len(points), 0] = distances
        curve[index, :, : len(points)] = matrix
        joined[index] = pen
    weights = [np.array([weight for weight, _ in ways]) for ways in WAYS]
    return Templates(
        control=control,
        spacing=spacing,
        curve=curve,
        joined=joined,
        wander=_wander(control, curve, joined),
        first=np.cumsum([0, *(len(ways) for ways in WAYS)]),
        weight=np.concatenate([weight / weight.sum() for weight in weights]),
    )


def _wander(
    control: NDArray[np.float32], curve: NDArray[np.float32], joined: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the share of `FULL_LENGTH` that each way's strokes have, at most 1, [T, 1]."""
    steps = np.linalg.norm(np.diff(curve @ control, axis=1), axis=2) * joined
    return np.asarray(np.minimum(steps.sum(axis=1, keepdims=True) / FULL_LENGTH, 1), np.float32)


def _way(text: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return control points [n, 2], their spacing [n], the curve's matrix [K, n], the pen [K - 1]."""
    places: dict[str, int] = {}
    strokes: list[list[int]] = []
    for stroke in text.split(";"):
        indices: list[int] = []
        for word in stroke.split():
            index = places.setdefault(word.rstrip("!"), len(places))
            indices += [index, index] if word.endswith("!") else [index]
        strokes.append(indices)
    points = np.array([[float(value) for value in place.split(",")] for place in places]) / 100
    lengths = [float(np.linalg.norm(np.diff(points[s], axis=0), axis=1).sum()) for s in strokes]
    counts = _shares(lengths)
    rows = [_catmull_rom(stroke, count, len(points)) for stroke, count in zip(strokes, counts, strict=True)]
    pen = np.ones(CURVE_POINTS - 1)
    pen[np.cumsum(counts)[:-1] - 1] = 0
    return points, _spacing(points, strokes), np.concatenate(rows), pen


def _shares(lengths: list[float]) -> list[int]:
    """Return how many of the curve's points each stroke gets, by its length, at least 4."""
    counts = [max(4, int(CURVE_POINTS * length / sum(lengths))) for length in lengths]
    counts[int(np.argmax(counts))] += CURVE_POINTS - sum(counts)
    return counts


def _spacing(points: NDArray[np.float64], strokes: list[list[int]]) -> NDArray[np.float64]:
    """Return each point's mean distance to its neighbours along the strokes."""
    total, number = np.zeros(len(points)), np.zeros(len(points))
    for stroke in strokes:
        for start, end in pairwise(stroke):
            if start != end:
                distance = float(np.linalg.norm(points[start] - points[end]))
                total[[start, end]] += distance
                number[[start, end]] += 1
    return np.minimum(total / np.maximum(number, 1), MAX_SPACING)


def _catmull_rom(stroke: list[int], count: int, points: int) -> NDArray[np.float64]:
    """Return the matrix [count, points] of a uniform Catmull-Rom spline through a row of points.

    E. Catmull and R. Rom, "A class of local interpolating splines" (1974); a point named twice in a row has no
    tangent and is a corner. The end points are mirrored at the ends.
    """
    matrix = np.zeros((count, points))
    pieces = [k for k in range(len(stroke) - 1) if stroke[k] != stroke[k + 1]]
    for row, place in enumerate(np.linspace(0, len(pieces), count)):
        piece = min(int(place), len(pieces) - 1)
        k, t = pieces[piece], place - piece
        weights = {
            -1: -0.5 * t + t**2 - 0.5 * t**3,
            0: 1 - 2.5 * t**2 + 1.5 * t**3,
            1: 0.5 * t + 2 * t**2 - 1.5 * t**3,
            2: -0.5 * t**2 + 0.5 * t**3,
        }
        for offset, weight in weights.items():
            if k + offset < 0:  # 2 * first - second
                matrix[row, stroke[0]] += 2 * weight
                matrix[row, stroke[1]] -= weight
            elif k + offset >= len(stroke):
                matrix[row, stroke[-1]] += 2 * weight
                matrix[row, stroke[-2]] -= weight
            else:
                matrix[row, stroke[k + offset]] += weight
    return matrix
