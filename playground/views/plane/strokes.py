"""What the tools do to points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.targets import VALUES
from playground.views.plane.points import Floats, Points
from playground.views.plane.scene import Scene

LOOK, ADD, SPRAY, ERASE, MOVE, TURN = "look", "add", "spray", "erase", "move", "turn"
STROKE_WORDS = {  # what was done, for the list of changes
    LOOK: "",
    ADD: "points added",
    SPRAY: "points added",
    ERASE: "points erased",
    MOVE: "point moved",
    TURN: "points put into another class",
}
TOOLS = tuple(STROKE_WORDS)
MOST_POINTS = 20_000
_SPRAYED = 3  # points of every move of the mouse


@dataclass(frozen=True, eq=False)
class Stroke:
    """A tool with what it draws: a class or number, and within ``reach`` of the mouse.

    ``held`` are the points that the hand has taken, ``last`` the place it was at before.
    """

    tool: str
    target: float
    train_share: float
    reach: float
    held: NDArray[np.int64] | None
    last: Floats | None

    def at(self, scene: Scene, place: Floats, random: np.random.Generator) -> Points:
        """Return the points of a scene after what the tool does at ``place``; the same ones where it does nothing."""
        points = scene.points
        near = points.near(place, self.reach) if self.tool in (ERASE, TURN) else None
        if self.tool in (ADD, SPRAY) and len(points) < MOST_POINTS:
            places = place[None] if self.tool == ADD else self._sprayed(place, random)
            return points.with_added(np.clip(places, scene.low, scene.high), self.target, self.train_share)
        if self.tool == ERASE and near is not None:
            return points.without(near) if len(near) else points
        if self.tool == TURN and near is not None and scene.task != VALUES:
            changed = near[points.targets[near] != self.target]
            return points.turned(changed, self.target) if len(changed) else points
        if self.tool == MOVE and self.held is not None and len(self.held) and self.last is not None:
            by = place - self.last
            return points.moved(self.held, by, scene.low, scene.high) if by.any() else points
        return points

    def _sprayed(self, place: Floats, random: np.random.Generator) -> Floats:
        angle = random.uniform(0, 2 * np.pi, _SPRAYED)
        away = self.reach * np.sqrt(random.uniform(0, 1, _SPRAYED))
        offsets = np.stack([away * np.cos(angle), away * np.sin(angle)], 1)[:, : len(place)]
        return np.asarray(place + offsets)
