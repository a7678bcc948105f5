"""How much memory a network needs."""

from __future__ import annotations

from playground.engine.memory import free_bytes
from playground.engine.spec import NetworkSpec, SpecError

# float32 each: parameters, gradient, two moments, the step's work space, the network it replaces, three checkpoints of
# three arrays (the last good step, the best one, undo before it is on disk), the snapshot on the screen
BYTES_PER_PARAMETER = 4 * (4 + 1 + 4 + 9 + 1)


def check_memory(spec: NetworkSpec, available: int | None = None) -> None:
    """Raise SpecError where a network needs more memory than there is."""
    have = free_bytes() if available is None else available
    need = spec.parameter_count * BYTES_PER_PARAMETER
    if have is not None and need > have:
        raise SpecError(
            f"A network of {spec.parameter_count:,} parameters needs about {need / 2**30:.1f} GiB to train and undo; "
            f"{have / 2**30:.1f} GiB are free. Make a layer narrower."
        )
