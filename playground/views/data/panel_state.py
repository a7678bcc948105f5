"""What the left column looks at, as JSON values: the example, the drawing, the sliders; for a project that is kept."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.views.data.adjust import Adjustment, AdjustSection
from playground.views.data.browser import ALL, WRONG, ExampleBrowser
from playground.views.data.pad import SIDE, DrawPad
from playground.views.data.row_cells import LIMIT


def browser_state(browser: ExampleBrowser) -> dict[str, Any]:
    """Return part, class and place of the example that is selected; what was a mistake once is one of all."""
    part, filter_ = browser.choice()
    if filter_ == WRONG:
        return {"part": part, "class": ALL, "place": browser.strip.index() or 0}
    return {"part": part, "class": filter_, "place": browser.strip.place}


def restore_browser(browser: ExampleBrowser, state: Any) -> None:
    """Go to the example of ``browser_state``, silently; what there is not is passed over."""
    if not isinstance(state, dict):
        return
    part, filter_, place = (state.get(key) for key in ("part", "class", "place"))
    if isinstance(part, str) and isinstance(filter_, str) and type(place) is int:
        browser.go_to(part, filter_, place)


def drawing_state(pad: DrawPad) -> dict[str, Any] | None:
    """Return the drawing, packed; None for an empty sheet."""
    if pad.is_empty:
        return None
    ink = np.rint(pad.ink() * 255).astype(np.uint8)
    packed = base64.b64encode(zlib.compress(ink.tobytes(), 6)).decode("ascii")
    return {"rows": ink.shape[0], "columns": ink.shape[1], "ink": packed}


def restore_drawing(pad: DrawPad, state: Any) -> None:
    """Put the drawing of ``drawing_state`` on the paper, silently; anything else is an empty sheet."""
    pad.discard()
    ink = _unpacked(state)
    if ink is not None and ink.shape == pad.ink().shape:
        pad.lay(ink)


def _unpacked(state: Any) -> NDArray[np.float32] | None:
    if not isinstance(state, dict):
        return None
    rows, columns, packed = (state.get(key) for key in ("rows", "columns", "ink"))
    if type(rows) is not int or type(columns) is not int or not isinstance(packed, str):
        return None
    if not (0 < rows <= SIDE and 0 < columns <= SIDE):
        return None
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.b64decode(packed, validate=True), rows * columns + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    if len(content) != rows * columns:
        return None
    return (np.frombuffer(content, np.uint8).reshape(rows, columns) / np.float32(255)).astype(np.float32)


def restored_numbers(state: Any, count: int) -> NDArray[np.float32] | None:
    """Return the typed inputs of a state, ``[count]``; None where there are none, or other ones."""
    if not isinstance(state, list) or len(state) != count or not all(map(_is_input, state)):
        return None
    return np.array(state, np.float32)


def _is_input(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= LIMIT  # NaN compares as false


def adjustment_state(section: AdjustSection) -> dict[str, float]:
    """Return the places of the sliders."""
    now = section.adjustment()
    return {name: getattr(now, name) for name in Adjustment.__dataclass_fields__}


def restore_adjustment(section: AdjustSection, state: Any) -> None:
    """Put the sliders where ``adjustment_state`` had them; what is no number counts as 0."""
    found = state if isinstance(state, dict) else {}
    section.put({name: _number(found.get(name)) for name in Adjustment.__dataclass_fields__})


def _number(value: Any) -> float:
    return float(value) if type(value) in (int, float) and math.isfinite(value) and abs(value) < 1e6 else 0.0
