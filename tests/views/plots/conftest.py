"""What the plots leave behind is collected between tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def _settled() -> Iterator[None]:
    """Let the collector pass over what was there before: the libraries alone take it a fifth of a second a test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _collected(_settled: None) -> Iterator[None]:
    """Collect the plots of each test when it is over.

    pyqtgraph's items hold one another in circles. Where the collector comes upon them by itself while some widget of
    a later test is being painted, the process dies.
    """
    yield
    gc.collect()
