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

CURVE_POINTS = 112  # at which every digit is sampled: closer than the pen is wide, at 28 x 28 pixels

WAYS: tuple[tuple[tuple[float, str], ...], ...] = (
    (  # 0: ovals from slim to round, closed, overlapping, left open, with a curl
        (3, "38,2 14,14 3,48 12,86 36,98 58,82 63,44 52,12 34,3"),
        (3, "50,8 24,4 6,32 5,68 24,97 50,88 62,54 56,20 36,4 26,12"),
        (3, "45,3 18,8 2,35 4,70 25,95 55,94 78,70 78,32 60,8 40,4"),
        (2, "62,2 34,12 10,50 8,88 26,98 50,76 68,36 66,8 54,4"),
        (1, "30,6 10,24 4,60 16,92 42,96 60,70 60,30 46,8"),
        (1, "40,12 20,4 4,36 8,80 30,98 54,80 60,40 48,8 30,12 34,28"),
    ),
    (  # 1: a plain stroke, bent, with a flag, with flag and foot
        (8, "30,0 30,50 30,100"),
        (3, "36,0 28,40 32,70 30,100"),
        (2, "12,20 32,0! 31,50 30,100"),
        (0.6, "12,22 32,0! 32,50 32,100 ; 8,100 32,100 58,100"),
    ),
    (  # 2: plain, looped at the foot, round, like a z, curled at the head
        (3, "6,22 22,3 48,6 54,30 34,62 4,97! 34,95 64,96"),
        (3, "8,20 26,3 50,10 50,36 28,70 8,92 4,78 20,74 40,92 66,94"),
        (2, "4,26 14,6 40,2 58,20 48,48 22,78 2,98! 30,92 62,98"),
        (1, "6,10 30,4 56,8 48,34 24,66 4,96! 30,88 48,96 66,88"),
        (2, "2,28 20,4 48,4 58,28 44,60 20,90 2,92 6,74 26,76 46,94 70,88"),
        (1, "16,30 6,18 22,2 50,8 54,34 30,70 6,98! 36,96 66,92"),
    ),
    (  # 3: pointed in the middle, flat-topped, looped, wide, smooth
        (3, "8,12 32,2 54,16 48,38 24,47! 52,52 62,74 44,96 18,98 2,86"),
        (1, "8,4 32,4 58,4! 42,22 26,42! 54,50 60,76 40,97 4,92"),
        (2, "6,16 28,2 52,12 46,36 24,46 18,42 28,42 56,58 56,84 32,98 4,88"),
        (2, "4,14 30,0 56,18 36,42 22,46 40,46 66,66 52,92 24,100 0,84"),
        (2, "10,8 40,2 50,20 36,40 30,48 48,58 52,78 34,98 6,94"),
        (1, "12,14 40,4 56,18 34,44! 60,58 50,86 20,100 -4,92"),
    ),
    (  # 4: open, closed, in one stroke, leaning
        (3, "14,4 8,30 4,52 30,56 62,50 ; 56,8 52,50 46,100"),
        (3, "8,2 4,40 10,54! 34,52 60,48 ; 60,2 54,50 50,100"),
        (2, "48,2 22,34 2,64! 36,64 70,62 ; 48,2 48,50 46,100"),
        (2, "10,2 4,44 30,52 58,40 62,6! 54,50 46,100"),
        (1, "46,100 50,50 54,4! 30,22 4,56 20,60 68,56"),
        (2, "26,0 10,30 2,58! 36,56 66,52 ; 54,22 48,60 38,100"),
    ),
    (  # 5: in two strokes, in one, soft like an s, with a short or a flying bar
        (3, "18,4 14,24 10,44 32,38 56,52 56,80 34,98 2,92 ; 18,4 40,4 66,2"),
        (3, "62,2 36,5 18,8! 12,44! 36,38 58,56 54,82 30,98 2,90"),
        (2, "60,4 36,4 18,10 14,34 30,46 50,60 46,86 22,98 2,90"),
        (1, "46,4 22,6! 14,40 44,46 56,70 38,96 4,94"),
        (2, "14,10 10,46! 36,40 56,58 50,86 24,98 0,88 ; 18,8 42,6 68,0"),
        (2, "70,0 40,6! 26,40 50,50 56,72 36,94 4,98"),
    ),
    (  # 6: curved and straight backs, small and large bowls
        (3, "46,2 22,20 6,52 6,82 26,98 50,88 52,64 32,54 10,68"),
        (2, "54,4 28,10 6,46 6,82 28,98 54,86 50,60 26,56 8,74"),
        (2, "32,0 16,34 4,70 14,96 38,96 50,78 40,60 18,66 8,80"),
        (2, "40,2 14,26 2,64 18,96 52,94 62,68 42,50 14,60 4,74"),
        (2, "58,0 30,22 8,60 8,90 26,100 42,88 40,70 22,70 12,84"),
    ),
    (  # 7: plain, with a serif, crossed, wavy, round-shouldered, steep
        (3, "2,8 30,5 60,4! 42,46 26,100"),
        (2, "4,22 6,4! 34,6 62,4! 44,44 28,100"),
        (1.5, "2,8 30,5 60,4! 42,46 26,100 ; 14,52 36,50 58,48"),
        (1, "0,18 10,4 32,12 62,4! 46,38 36,98"),
        (2, "2,8 34,2 58,10 52,36 36,64 30,100"),
        (2, "4,6 28,6 52,6! 46,50 42,100"),
        (1, "6,28 4,8! 32,6 58,6 50,40 30,100"),
    ),
    (  # 8: begun like an s, as two rings, slanted, open at the top, slim, begun in the middle
        (3, "52,12 30,2 10,16 22,40 48,60 50,86 26,98 4,84 12,58 40,42 54,20 44,6"),
        (1.5, "32,48 10,34 12,8 34,1 54,12 52,36 30,49 6,66 6,90 30,100 56,88 54,62 34,48"),
        (2, "60,10 38,2 22,18 30,44 44,66 34,92 12,98 2,82 16,60 44,38 62,20 58,8"),
        (1.5, "56,6 32,4 14,22 28,44 50,66 42,94 16,98 4,78 22,54 46,36 58,14"),
        (1, "36,48 22,24 30,4 44,6 46,26 32,50 16,76 20,98 38,98 46,80 34,48"),
        (2, "34,46 54,28 46,4 20,4 10,24 30,46 56,66 50,94 20,98 4,80 16,58 36,44"),
    ),
    (  # 9: in one stroke, in two, with a curved tail, leaning, round, nearly a 4
        (3, "52,20 34,2 10,12 4,36 20,50 44,40 54,12! 50,56 46,100"),
        (2, "50,14 28,3 6,20 8,44 30,50 50,30 52,12 ; 53,4 52,50 44,100"),
        (1.5, "54,18 34,2 10,14 6,38 24,50 48,36 54,14 54,52 44,88 16,98"),
        (2, "50,22 30,2 8,18 12,42 34,44 52,16! 40,60 28,100"),
        (2, "56,16 34,0 8,14 6,40 28,52 54,34 58,12 56,50 50,100"),
        (1, "50,8 20,6 4,30 14,46 48,42! 52,6! 50,50 44,100"),
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
        The mean distance to the neighbouring points; 0 for points that a way does not have.
    curve : ndarray [T, K, N], float32
        The curve's points are ``curve @ control``: Catmull-Rom splines are linear in their control points.
    joined : ndarray [T, K - 1], float32
        1 where the pen is down between a point of the curve and the next, 0 where it is lifted.
    first : ndarray [11], int
        The ways of digit d are ``first[d]`` to ``first[d + 1] - 1``.
    weight : ndarray [T], float64
        How common each way is within its digit; they sum to 1.
    """

    control: NDArray[np.float32]
    spacing: NDArray[np.float32]
    curve: NDArray[np.float32]
    joined: NDArray[np.float32]
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
        first=np.cumsum([0, *(len(ways) for ways in WAYS)]),
        weight=np.concatenate([weight / weight.sum() for weight in weights]),
    )


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
    return total / np.maximum(number, 1)


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
