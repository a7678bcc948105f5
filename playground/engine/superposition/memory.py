"""How much memory a run of many models needs and how much there is. Torch-free."""

from __future__ import annotations

from pathlib import Path

from playground.engine.superposition.problem import SuperpositionError

_MEMINFO = Path("/proc/meminfo")


def free_bytes(meminfo: Path = _MEMINFO) -> int | None:
    """Return the bytes that can still be had; None where the system does not tell."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def bytes_needed(models: int, cells: int, features: int, columns: int, batch: int) -> int:
    """Return about how many bytes a run holds at once.

    Parameters
    ----------
    models, cells
        Models trained together; seed and problem pairs that they take their examples from.
    features, columns, batch
        Shape of one model's parameters, examples a step.
    """
    parameters = models * features * columns * 6  # with gradient, two moments, work space, a copy for the screen
    examples = cells * features * batch * 3  # uniforms, examples, targets
    return 4 * (parameters + examples)


def check_memory(needed: int, what: str, available: int | None = None) -> None:
    """Raise SuperpositionError where ``needed`` bytes are more than there are."""
    have = free_bytes() if available is None else available
    if have is not None and needed > have:
        raise SuperpositionError(
            f"{what} needs about {needed / 2**30:.1f} GiB of memory; {have / 2**30:.1f} GiB are free. Take fewer "
            "seeds, sparsities or features."
        )
