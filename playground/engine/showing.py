"""Read-outs for the screen: copies of one moment, and only of what somebody watches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine import snapshots as probe
from playground.engine.snapshots import Snapshot, UnitReadings, UnitSurfaces
from playground.engine.surface import PlaneSurfaces
from playground.engine.training import Training, read_only

MOST_ANSWERED = 4_000  # examples in the plane, up to which it is shown which of them are answered wrongly


class Showing:
    """Makes snapshots. ``probes`` is what the window watches; the current input is one example ``[inputs]``."""

    def __init__(self) -> None:
        self.probes: frozenset[str] = frozenset({probe.CURRENT_INPUT, probe.GRADIENT_NORM})
        self._input: NDArray[np.float32] | None = None
        self._surfaces = PlaneSurfaces()

    def set_input(self, values: NDArray[np.float32] | None) -> None:
        """Make ``values`` the current input."""
        self._input = None if values is None else np.array(values, np.float32).ravel()

    def snapshot(self, training: Training, **state: Any) -> Snapshot:
        """Return the present moment; ``state`` fills in what the runner knows."""
        network = training.network
        return Snapshot(
            step=training.step,
            epoch=training.epoch,
            spec=network.spec,
            settings=training.settings,
            parameters=read_only(network.parameters),
            movable=None if network.movable is None else read_only(network.movable),
            present=None if network.present is None else read_only(network.present),
            readings=self._readings(training),
            surfaces=self._plane_surfaces(training),
            gradient=read_only(network.gradient) if probe.GRADIENT in self.probes else None,
            gradient_norms=self._gradient_norms(training) if probe.GRADIENT_NORM in self.probes else None,
            curves=training.history.curves,
            marks=training.history.marks,
            evaluation=training.evaluation,
            learning_rate=training.learning_rate,
            device=str(training.device),
            segment=training.history.segment,
            train_count=training.train_count,
            **state,
        )

    def _readings(self, training: Training) -> UnitReadings | None:
        values, network = self._input, training.network
        if values is None or probe.CURRENT_INPUT not in self.probes or len(values) != network.spec.inputs:
            return None
        inputs = torch.from_numpy(values).to(training.device).unsqueeze(0)  # [1, inputs]
        pre, act = network.forward(inputs, training.settings.loss)
        frozen = values.copy()
        frozen.flags.writeable = False
        return UnitReadings(
            tuple(read_only(layer[0]) for layer in pre), tuple(read_only(layer[0]) for layer in act), frozen
        )

    def _plane_surfaces(self, training: Training) -> UnitSurfaces | None:
        plane, resolution = training.data.plane, probe.plane_resolution(self.probes)
        if plane is None or not resolution:
            return None
        found = self._surfaces.of(training.network, training.settings.loss, plane, resolution)
        if found is None or len(training.train) + len(training.validation) > MOST_ANSWERED:
            return found
        answers = [
            training.network.forward(part.inputs, training.settings.loss)[1][-1]
            for part in (training.train, training.validation)
        ]
        return replace(found, answers=read_only(torch.cat(answers)))

    @staticmethod
    def _gradient_norms(training: Training) -> tuple[float, ...] | None:
        if not training.has_gradient:
            return None
        gradient = training.network.gradient
        norms = torch.stack([torch.linalg.vector_norm(gradient[slots.whole]) for slots in training.spec.slots])
        return tuple(norms.tolist())
