"""Large type for a projector reaches every word, also those that are folded away when it is switched on."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from playground.app.appearance import PROJECTOR
from playground.labs.network.transport import Transport
from tests.app.journeys.desk import Desk


def test_settings_that_were_folded_away_are_as_large_as_the_others(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    bar = desk.view.top_bar()
    assert isinstance(bar, Transport)
    labels = [field.findChild(QLabel) for field in bar.fields.values()]
    optimizer = bar.fields["optimizer"]
    desk.wait(lambda: optimizer.isVisible())
    desk.trigger("view.projector")
    desk.wait(lambda: not optimizer.isVisible())
    desk.window.resize(2200, 1000)
    desk.wait(lambda: optimizer.isVisible())
    sizes = [label.font().pointSizeF() for label in labels if label is not None]
    assert len(sizes) > 8
    assert sizes == pytest.approx([9.0 * PROJECTOR] * len(sizes))
