"""What the window sees of a sandbox: one moment, copied."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.engine.superposition.commands import SetProbe
from playground.engine.superposition.models import probe
from playground.engine.superposition.problem import Floats
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.snapshots import PROBE, Array, ProbeReading, SandboxSnapshot


class SandboxShowing:
    """Knows what is watched and which input is probed, and makes snapshots."""

    def __init__(self) -> None:
        self.probes: frozenset[str] = frozenset()
        self._inputs: Floats | None = None
        self._seed = 0

    def set_probe(self, command: SetProbe) -> None:
        """Take the input to show."""
        self._inputs, self._seed = command.inputs, command.seed

    def snapshot(self, sandbox: Sandbox, **known: Any) -> SandboxSnapshot:
        """Return the present moment; ``known`` is what the runner knows of it."""
        held = sandbox.parameters()
        hidden = sandbox.setup.problem.hidden
        return SandboxSnapshot(
            step=sandbox.step,
            setup=sandbox.setup,
            weights=held[..., :hidden],
            decode=held[..., -hidden - 1 : -1],
            biases=held[..., -1],
            feature_errors=_read_only(sandbox.errors),
            losses=_read_only(sandbox.losses),
            measured_step=sandbox.measured_step,
            frozen=_read_only(sandbox.frozen.copy()) if sandbox.frozen.any() else None,
            probe=self._reading(sandbox, held),
            curves=sandbox.history.curves,
            marks=sandbox.history.marks,
            learning_rate=sandbox.setup.schedule.rate(sandbox.step),
            device=sandbox.device,
            segment=sandbox.history.segment,
            **known,
        )

    def _reading(self, sandbox: Sandbox, held: Array) -> ProbeReading | None:
        inputs, seed, setup = self._inputs, self._seed, sandbox.setup
        if PROBE not in self.probes or inputs is None:
            return None
        if len(inputs) != setup.problem.features or seed >= len(setup.seeds):
            return None  # it is of models that are gone
        found = [probe(kind, held[at, seed].astype(np.float64), inputs) for at, kind in enumerate(setup.kinds)]
        stacked = {name: _read_only(np.stack([one[name] for one in found])) for name in ("hidden", "output", "share")}
        return ProbeReading(seed, _read_only(inputs.copy()), _read_only(found[0]["target"]), **stacked)


def _read_only(values: Any) -> Any:
    values.flags.writeable = False
    return values
