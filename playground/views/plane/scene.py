"""What the canvas shows at a moment, and where it lies on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from playground.engine.targets import TWO, VALUES
from playground.views.plane.axis import NO_AXIS, PLAIN_AXES, Axis
from playground.views.plane.contours import Segments
from playground.views.plane.points import Floats, Points
from playground.views.plane.zero_line import ZeroLine


@dataclass(frozen=True, eq=False)
class Surface:
    """What the network answers over the plane.

    ``values`` ``[outputs, g, g]``, row after row from below (``[outputs, g]`` over a line). Of two classes on one
    output they are centred: 0 is the border between them.
    """

    values: NDArray[np.float32]


ANSWER, ACT, PRE = "answer", "act", "pre"  # what fills the plane: the answer, or the selected neuron's two numbers


@dataclass(frozen=True, eq=False)
class NeuronSurface:
    """One neuron over the plane: ``surface`` ``[1, g, g]``; ``scale`` is the size of full colour."""

    name: str
    kind: str  # in words
    surface: Surface
    scale: float


@dataclass
class Scene:
    """Points, surface and current input; ``low`` to ``high`` in every direction is drawn."""

    points: Points = field(default_factory=Points.none)
    task: str = TWO
    classes: tuple[str, ...] = ("A", "B")
    low: float = -6.0
    high: float = 6.0
    surface: Surface | None = None
    is_wrong: NDArray[np.bool_] | None = None  # [n] answered wrongly, as measured at the points themselves
    answers: NDArray[np.float32] | None = None  # [n] of numbers: what was answered at the points
    current: tuple[float, ...] | None = None  # where the input lies that the network receives
    in_steps: bool = False
    has_held_back: bool = True  # whether the points held back are shown
    neuron: NeuronSurface | None = None  # fills the plane in the place of the answer
    lines: tuple[ZeroLine, ...] = ()
    contour: Segments | None = None  # where the selected neuron is 0, if that is no straight line
    borders: Segments | None = None  # of linear regions
    applied_seq: int = 0  # the last command that the lines include
    axes: tuple[Axis, ...] = PLAIN_AXES
    value: Axis = NO_AXIS  # of numbers to be predicted

    @property
    def is_line(self) -> bool:
        """Return whether there is one input, and numbers over it."""
        return bool(self.points.at.shape[1] == 1)

    @property
    def value_scale(self) -> float:
        """Return the size of a number that has full colour, or the reach of the picture over a line."""
        if self.task != VALUES or not len(self.points):
            return 1.0
        return float(max(np.abs(self.points.targets).max(), 1e-6))

    @property
    def painted(self) -> tuple[Surface | None, str, float]:
        """Return the surface that fills the plane, as which task it is coloured, and the size of full colour."""
        if self.neuron is not None:
            return self.neuron.surface, VALUES, self.neuron.scale
        return self.surface, self.task, self.value_scale


class Ground:
    """The square (or rectangle, over a line) of the screen that stands for the plane."""

    def __init__(self, rect: QRectF, scene: Scene) -> None:
        self.rect = rect
        self._low, self._span = scene.low, scene.high - scene.low
        self._is_line = scene.is_line
        self._reach = 1.25 * scene.painted[2]

    def screen(self, places: Floats, heights: Floats | None = None) -> Floats:
        """Return where points ``[n, dimensions]`` lie on the screen ``[n, 2]``; over a line at ``heights`` ``[n]``."""
        rect = self.rect
        x = rect.left() + (places[:, 0] - self._low) / self._span * rect.width()
        if self._is_line:
            up = np.zeros(len(places)) if heights is None else heights
            y = rect.center().y() - up / self._reach * rect.height() / 2
        else:
            y = rect.bottom() - (places[:, 1] - self._low) / self._span * rect.height()
        return np.stack([x, y], 1)

    def spot(self, x1: float, x2: float) -> tuple[float, float]:
        """Return where one point of the plane lies on the screen."""
        rect = self.rect
        x = rect.left() + (x1 - self._low) / self._span * rect.width()
        return x, rect.bottom() - (x2 - self._low) / self._span * rect.height()

    def plane(self, spot: QPointF) -> tuple[Floats, float]:
        """Return the point of the plane under ``spot``, and over a line the number at its height."""
        rect = self.rect
        x = self._low + (spot.x() - rect.left()) / max(rect.width(), 1.0) * self._span
        if self._is_line:
            return np.array([x]), (rect.center().y() - spot.y()) / max(rect.height(), 1.0) * 2 * self._reach
        y = self._low + (rect.bottom() - spot.y()) / max(rect.height(), 1.0) * self._span
        return np.array([x, y]), 0.0

    def length(self, pixels: float) -> float:
        """Return how far apart in the plane two spots are that are ``pixels`` apart."""
        return pixels / max(self.rect.width(), 1.0) * self._span
