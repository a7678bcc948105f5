"""How the property tests run: the same examples every time, and no verdict on a busy machine's speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings


def checking(max_examples: int = 100) -> Callable[[Any], Any]:
    """Return the settings of a property test, to be written above its ``given``."""
    return settings(
        max_examples=max_examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
