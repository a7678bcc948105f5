"""The readings that both labs tell."""

from __future__ import annotations

import pytest

from playground.labs.base import frames_item


@pytest.mark.parametrize(
    ("rate", "text"), [(0.0, "0 frames/s"), (0.9, "1 frame/s"), (1.4, "1 frame/s"), (20.0, "20 frames/s")]
)
def test_one_frame_is_one_frame(rate: float, text: str) -> None:
    assert frames_item(rate).text == text
