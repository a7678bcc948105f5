"""What the plots leave behind is collected between tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Collect the plots of each test when it is over.

    pyqtgraph's items hold one another in circles. Where the collector comes upon them by itself while some widget of
    a later test is being painted, the process dies.
    """
    yield
    gc.collect()
