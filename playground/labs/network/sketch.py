"""The network before the training thread has made it: its structure stands, all weights are 0 and nothing flows."""

from __future__ import annotations

import numpy as np

from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec


def sketch(spec: NetworkSpec, settings: Settings) -> Snapshot:
    """Return what can be shown of a network that has no weights yet."""
    parameters = np.zeros(spec.parameter_count, np.float32)
    parameters.setflags(write=False)
    return Snapshot(
        applied_seq=-1,
        step=0,
        epoch=0.0,
        is_running=False,
        spec=spec,
        settings=settings,
        parameters=parameters,
        learning_rate=settings.learning_rate,
    )
