"""The buttons of the hands: what they would change, why they cannot, and numbers pasted in any state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from playground.engine.superposition.hands import polygon
from playground.engine.superposition.reading import read_matrix
from playground.views.inspector.buttons import IconButton
from playground.views.look import Look
from playground.views.superposition.hand_tools import HandTools
from playground.views.superposition.hand_tools_paste import PasteNumbers

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tools(qtbot: Any) -> HandTools:
    widget = HandTools(Look())
    qtbot.addWidget(widget)
    widget.resize(360, 80)
    widget.show()
    widget.render_model(polygon(5))
    return widget


def button(tools: HandTools, name: str) -> IconButton:
    found = tools.findChild(IconButton, f"tool_{name}")
    assert isinstance(found, IconButton)
    return found


def heard(tools: HandTools) -> list[tuple[str, tuple[int, ...]]]:
    said: list[tuple[str, tuple[int, ...]]] = []
    tools.tool_asked.connect(lambda name, features: said.append((name, features)))
    return said


def test_tools_for_the_chosen_features(tools: HandTools) -> None:
    said = heard(tools)
    tools.render_selection((1, 3))
    for name in ("silence", "flip", "swap", "equalise", "snap", "spread", "train"):
        QTest.mouseClick(button(tools, name), LEFT)
    pair, all_ = (1, 3), (0, 1, 2, 3, 4)
    assert said == [
        ("silence", pair),
        ("flip", pair),
        ("swap", pair),
        ("equalise", pair),
        ("snap", pair),
        ("spread", all_),
        ("train", all_),
    ]


def test_without_a_choice_groups_are_all_that_are_represented(tools: HandTools) -> None:
    weight = polygon(5)
    weight[2] *= 0.3
    tools.render_model(weight)
    assert tools.features_for("snap") == (0, 1, 3, 4)
    assert "For the 4 represented features." in button(tools, "equalise").toolTip()


@pytest.mark.parametrize(
    ("name", "selected", "hidden", "reason"),
    [
        ("silence", (), 2, "Choose features first"),
        ("swap", (1,), 2, "Two features change places; 1 is chosen"),
        ("swap", (0, 1, 2), 2, "3 are chosen"),
        ("snap", (0, 1), 3, "A polygon lies in a plane; this hidden space has 3 dimensions"),
        ("spread", (), 1, "has 1 dimension."),
    ],
)
def test_a_disabled_tool_says_why(
    tools: HandTools, name: str, selected: tuple[int, ...], hidden: int, reason: str
) -> None:
    tools.render_model(np.random.default_rng(0).normal(size=(5, hidden)) + 1)
    tools.render_selection(selected)
    said = heard(tools)
    assert not button(tools, name).isEnabled()
    assert reason in button(tools, name).toolTip()
    QTest.mouseClick(button(tools, name), LEFT)
    assert said == []


def test_equalise_names_the_feature_without_direction(tools: HandTools) -> None:
    weight = polygon(5)
    weight[3] = 0
    tools.render_model(weight)
    tools.render_selection((1, 3))
    assert "Feature 3 is zero" in button(tools, "equalise").toolTip()


def test_freeze_lets_go_what_is_frozen(tools: HandTools) -> None:
    said = heard(tools)
    tools.render_selection((2,))
    freeze = button(tools, "freeze")
    QTest.mouseClick(freeze, LEFT)
    assert said == [("freeze", (2,))]
    assert not freeze.isChecked()  # the model has not said so yet
    tools.render_model(polygon(5), np.arange(5) == 2)
    assert freeze.isChecked()
    QTest.mouseClick(freeze, LEFT)
    assert said[-1] == ("unfreeze", (2,))


def test_what_is_copied_can_be_pasted(tools: HandTools) -> None:
    weight = np.random.default_rng(1).normal(size=(6, 4)).astype(np.float32)
    tools.render_model(weight)
    QTest.mouseClick(button(tools, "copy"), LEFT)
    copied = read_matrix(QGuiApplication.clipboard().text(), 6, 4)
    assert (copied.astype(np.float32) == weight).all()


def paste(tools: HandTools, text: str) -> PasteNumbers:
    QGuiApplication.clipboard().setText(text)
    QTest.mouseClick(button(tools, "paste"), LEFT)
    found = tools.findChild(PasteNumbers)
    assert isinstance(found, PasteNumbers)
    return found


def test_pasted_numbers_with_decimal_commas(tools: HandTools) -> None:
    found: list[Any] = []
    tools.weight_pasted.connect(found.append)
    dialog = paste(tools, "\n".join(["0,5\t-1"] * 5))
    assert dialog.isVisible()
    assert "5 rows (features) of 2 numbers" in dialog.wanted.text()
    dialog.grab()
    QTest.mouseClick(dialog.take, LEFT)
    assert not dialog.isVisible()
    assert found[0] == pytest.approx(np.tile([0.5, -1], (5, 1)))


def test_a_wrong_shape_is_said_in_place_and_nothing_is_lost(tools: HandTools) -> None:
    found: list[Any] = []
    tools.weight_pasted.connect(found.append)
    dialog = paste(tools, "1 2 3\n4 5 6")
    assert "2 rows" in dialog.error.text()
    assert not dialog.take.isEnabled()
    for text, word in (("1 x\n" * 5, "'x'"), ("1 nan\n" * 5, "'nan'"), ("1 1e9\n" * 5, "too large")):
        dialog.text.setPlainText(text)
        assert word in dialog.error.text()
    assert dialog.text.toPlainText().startswith("1 1e9")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert found == []


def test_biases_are_pasted_too(tools: HandTools) -> None:
    found: list[Any] = []
    tools.bias_pasted.connect(found.append)
    dialog = paste(tools, "-0.2, -0.2, 0, 0, 1")
    dialog.which.set_value("bias")
    dialog.which.chosen.emit("bias")
    QTest.mouseClick(dialog.take, LEFT)
    assert found[0] == pytest.approx([-0.2, -0.2, 0, 0, 1])


def test_diverged_weights_leave_only_pasting(tools: HandTools) -> None:
    tools.render_selection((0, 1))
    tools.render_model(np.full((5, 2), np.nan))
    assert button(tools, "paste").isEnabled()
    for name in ("silence", "swap", "snap", "copy", "train"):
        assert not button(tools, name).isEnabled()
        assert "no longer numbers" in button(tools, name).toolTip()


@pytest.mark.parametrize("shape", [(1, 1), (400, 1), (400, 100)])
def test_every_shape(tools: HandTools, shape: tuple[int, int]) -> None:
    tools.render_model(np.ones(shape))
    tools.render_selection(range(450))
    assert len(tools.features_for("silence")) == shape[0]
    tools.grab()
