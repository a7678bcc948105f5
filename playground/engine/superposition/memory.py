"""How much memory a run of many models needs. Torch-free."""

from __future__ import annotations

from playground.engine.memory import free_bytes
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.setup import Setup


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


def check_room(setup: Setup) -> None:
    """Raise SuperpositionError where the models of a setup need more memory than there is."""
    problem, models = setup.problem, setup.models
    needed = bytes_needed(models, len(setup.seeds), problem.features, setup.columns, setup.schedule.batch)
    check_memory(needed, f"Training {models:,} models of {problem.features} features at once")
