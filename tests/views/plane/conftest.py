"""The look that the widgets of the plane share."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from playground.views.look import Look


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)
