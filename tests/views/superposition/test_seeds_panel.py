"""The seeds panel: best, shares, choice; pictures at their own pace and nothing running after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from playground.engine.superposition.hands import polygon
from playground.views.look import Look
from playground.views.palette import light
from playground.views.superposition.seeds import SeedsPanel

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LOSSES = np.array([9.9, 9.7, 9.6, 9.8]) / 1e3


def four() -> Any:
    """Return three pentagons, and a cross with a silent feature."""
    cross = np.concatenate([polygon(4), np.zeros((1, 2))])
    return np.stack([polygon(5), cross, polygon(5, 1.1, 0.4), polygon(5, 0.9)])


@pytest.fixture
def panel(qtbot: Any) -> SeedsPanel:
    widget = SeedsPanel(Look())
    qtbot.addWidget(widget)
    widget.resize(300, 420)
    widget.show()
    return widget


def test_best_shares_and_the_line_that_one_is_not_all(panel: SeedsPanel) -> None:
    panel.render_models(four(), LOSSES, (3, 4, 5, 6), chosen=1, kind="ReLU on the output")
    assert panel.head.text() == "4 seeds"
    assert panel.accessibleDescription() == "4 seeds, best of ReLU on the output: 9.60"
    assert panel.bar.words() == "pentagon: 3 of 4 · cross: 1 of 4"
    assert panel.line.text() == "2 arrangements among 4 seeds: this is one of them (cross)."
    assert panel.atlas.accessibleDescription() == "seed 4: loss 9.70, cross"
    panel.grab()


def test_a_click_and_the_keys_choose_a_seed(panel: SeedsPanel) -> None:
    panel.render_models(four(), LOSSES, range(4))
    found: list[int] = []
    panel.seed_chosen.connect(found.append)
    QTest.mouseClick(panel.atlas, LEFT, NONE, panel.atlas.cell(2).center())
    assert found == [2]
    assert panel.atlas.accessibleDescription().endswith("pentagon, the best")
    QTest.keyClick(panel.atlas, Qt.Key.Key_Left)
    QTest.keyClick(panel.atlas, Qt.Key.Key_End)
    QTest.keyClick(panel.atlas, Qt.Key.Key_Right)
    assert found == [2, 1, 3]
    QTest.mouseClick(panel.atlas, LEFT, NONE, QPoint(panel.atlas.width() - 1, panel.atlas.height() - 1))
    assert found == [2, 1, 3]


def test_the_best_is_kept_by_its_place(panel: SeedsPanel) -> None:
    panel.render_models(four(), LOSSES, range(4))
    found: list[Any] = []
    panel.keep_asked.connect(found.append)
    QTest.mouseClick(panel.keep, LEFT)
    assert found == [(2,)]
    panel.render_models(four()[:1], LOSSES[:1], (5,))
    assert not panel.keep.isEnabled()
    assert "only one seed" in panel.keep.toolTip()
    assert panel.line.text().startswith("One seed may not stand for all")


def test_another_count_is_asked_once_when_it_is_typed(panel: SeedsPanel) -> None:
    panel.render_models(four(), LOSSES, range(4))
    found: list[int] = []
    panel.count_asked.connect(found.append)
    edit = panel.field.focusProxy()
    assert edit is not None
    edit.setFocus()
    edit.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(edit, "16")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert found == [16]


def test_pictures_come_at_their_own_pace_and_the_last_one_is_not_lost(panel: SeedsPanel, qtbot: Any) -> None:
    panel.render_models(four(), LOSSES, range(4))
    for step in range(5):
        panel.render_models(four()[::-1].copy(), LOSSES - 1e-3 * step, range(4))
    assert panel.accessibleDescription().endswith("9.60")
    assert panel._timer.isActive()
    qtbot.waitUntil(lambda: panel.accessibleDescription().endswith("5.60"))
    assert not panel._timer.isActive()


def test_nothing_runs_once_it_is_closed(panel: SeedsPanel) -> None:
    panel.render_models(four(), LOSSES, range(4))
    panel.render_models(four(), LOSSES / 2, range(4))
    panel.close()
    assert not panel._timer.isActive()
    panel.render_models(four(), LOSSES / 4, range(4))
    assert not panel._timer.isActive()
    panel.show()
    assert panel.accessibleDescription().endswith("2.40")


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 1), (16, 40, 2), (20, 8, 3), (64, 40, 5), (2, 400, 100)])
def test_every_shape_is_drawn(panel: SeedsPanel, shape: tuple[int, int, int]) -> None:
    weights = np.random.default_rng(2).normal(size=shape) / np.sqrt(shape[2])
    panel.render_models(weights, np.full(shape[0], 0.01), range(shape[0]))
    panel.grab()
    panel._look.set(palette=light(), scale=1.5)
    panel.grab()
    told = [panel.atlas._models.told(place) for place in range(shape[0])]  # type: ignore[union-attr]
    assert len(set(told)) == shape[0]


def test_more_than_sixteen_scroll(panel: SeedsPanel) -> None:
    weights = np.tile(four(), (16, 1, 1))
    panel.render_models(weights[:16], np.tile(LOSSES, 4), range(16))
    whole = panel._scroll.heightForWidth(280)
    panel.render_models(weights, np.tile(LOSSES, 16), range(64))
    assert panel._scroll.heightForWidth(280) == whole
    assert panel.atlas.heightForWidth(280) > 3 * whole


@pytest.mark.parametrize("hidden", [1, 2, 5])
def test_diverged_seeds_are_never_the_best(panel: SeedsPanel, hidden: int) -> None:
    weights = np.ones((3, 5, hidden))
    weights[0] = np.nan
    panel.render_models(weights, np.array([np.nan, 0.02, np.inf]), range(3))
    assert panel.accessibleDescription().endswith("best: 20.00")
    assert "diverged" in panel.line.text()
    panel.grab()
    panel.render_models(weights[:2] * np.nan, np.full(2, np.nan), range(2))
    assert "no loss is a number" in panel.accessibleDescription()
    assert not panel.keep.isEnabled()
    panel.grab()


def test_arrays_that_do_not_match_are_refused(panel: SeedsPanel) -> None:
    for weights, losses, seeds in ((np.ones((2, 3)), LOSSES, (1, 2)), (four(), LOSSES[:2], range(4))):
        with pytest.raises(ValueError, match="do not match"):
            panel.render_models(weights, losses, seeds)
