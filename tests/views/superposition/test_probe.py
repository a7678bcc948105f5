"""The probe: inputs by hand, answers of the models, who interferes; and the card of experiments."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.engine.superposition.experiments import EXPERIMENTS
from playground.engine.superposition.problem import ABS, LINEAR, RELU, make_problem
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import ProbeReading
from playground.views.look import Look
from playground.views.superposition.experiments import ExperimentBand, ExperimentsCard
from playground.views.superposition.feature_cells import columns_for
from playground.views.superposition.probe import ProbePanel
from playground.views.superposition.probe_words import output_sentence, worst_output

KINDS = (LINEAR, RELU)
SETUP = Setup(make_problem(16, 2, 0.9), kinds=KINDS)


def reading(on: dict[int, float]) -> ProbeReading:
    """Return a reading in which features 2 and 14 interfere with 9 by 0.22 and 0.14 for each 1 of their input."""
    x = np.zeros(16)
    for place, value in on.items():
        x[place] = value
    share = np.zeros((2, 16, 16))
    share[:, range(16), range(16)] = x
    share[:, 9, 2], share[:, 9, 14] = 0.22 * x[2], 0.14 * x[14]
    output = share.sum(-1) - 0.05
    output[1] = np.maximum(output[1], 0)
    return ProbeReading(0, x, x, np.ones((2, 2)), output, share)


def test_the_words_name_who_interferes() -> None:
    said = output_sentence(reading({2: 1, 14: 1}), KINDS, 1, 9)
    assert said == "feature 9 reads 0.31 though it is off: 0.22 from feature 2, 0.14 from feature 14, bias −0.05"
    said = output_sentence(reading({2: 1, 9: 0.5}), KINDS, 0, 9)
    assert said == "feature 9 reads 0.67 of 0.50: 0.50 from itself, 0.22 from feature 2, bias −0.05"


def test_what_the_relu_cuts_off_is_told() -> None:
    small = reading({2: 0.1})
    assert output_sentence(small, KINDS, 1, 9) == (
        "feature 9 reads 0.00, off: with the bias, 0.02 from feature 2 stays below 0"
    )
    assert worst_output(small, 1) is None
    assert worst_output(reading({2: 1, 14: 1}), 1) == 9


def child(widget: QWidget, name: str) -> QWidget:
    found = widget.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


@pytest.fixture
def panel(qtbot: QtBot) -> ProbePanel:
    found = ProbePanel(Look())
    qtbot.addWidget(found)
    found.resize(300, 600)
    found.show()
    qtbot.waitExposed(found)
    found.show_setup(SETUP)
    return found


def centre(panel: ProbePanel, feature: int) -> QPoint:
    return panel.strips._layout().inputs.rect(feature).center().toPoint()


def test_a_click_switches_a_feature_and_a_drag_sets_its_value(panel: ProbePanel) -> None:
    heard: list[object] = []
    panel.inputs_changed.connect(heard.append)
    strips = panel.strips
    QTest.mouseClick(strips, Qt.MouseButton.LeftButton, pos=centre(panel, 3))
    assert panel.inputs()[3] == 1
    at = centre(panel, 5)
    QTest.mousePress(strips, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(strips, at - QPoint(0, round(2 * Look().em())))
    QTest.mouseRelease(strips, Qt.MouseButton.LeftButton, pos=at)
    assert panel.inputs()[5] == pytest.approx(0.5, abs=0.02)
    QTest.mouseClick(strips, Qt.MouseButton.LeftButton, pos=centre(panel, 3))
    QTest.mouseClick(strips, Qt.MouseButton.LeftButton, pos=centre(panel, 5))
    assert heard[-1] is None
    assert not panel.inputs().any()


def test_pointing_at_an_output_explains_it(panel: ProbePanel) -> None:
    panel.set_inputs(reading({2: 1, 14: 1}).inputs)
    panel.render_reading(reading({2: 1, 14: 1}))
    panel.set_kind(1)
    assert panel.words().startswith("ReLU on the output: feature 9 reads 0.31 though it is off")
    pointed: list[object] = []
    panel.output_pointed.connect(pointed.append)
    spot = panel.strips._layout().outputs[0].rect(2).center().toPoint()
    QTest.mouseMove(panel.strips, spot)
    assert pointed == [(0, 2)]
    assert panel.words().startswith("linear: feature 2 reads 0.95 of 1.00")


def test_other_models_start_with_an_empty_probe(panel: ProbePanel) -> None:
    panel.set_inputs(np.ones(16))
    panel.render_reading(reading({2: 1}))
    heard: list[object] = []
    panel.inputs_changed.connect(heard.append)
    panel.show_setup(Setup(make_problem(30, 4, 0.9), kinds=KINDS))
    assert heard == [None]
    assert len(panel.inputs()) == 30
    panel.render_reading(reading({2: 1}))  # of the models before: passed over
    assert "Switch features on" in panel.words()


def test_random_inputs_are_of_the_kind_that_is_trained_on(panel: ProbePanel) -> None:
    panel.draw_random()
    assert 1 <= np.count_nonzero(panel.inputs()) < 16
    panel.show_setup(Setup(make_problem(300, 4, 0.5), kinds=(ABS,)))
    panel.draw_random()
    assert panel.inputs().min() < 0 < panel.inputs().max()
    assert np.count_nonzero(panel.inputs()) == pytest.approx(150, abs=40)


def test_many_features_stand_in_several_rows() -> None:
    assert columns_for(40, 200, 5) == 40
    assert columns_for(400, 200, 5) == 40
    assert columns_for(41, 200, 5) == 21


def test_one_click_runs_an_experiment_and_its_text_is_shown_before(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 700)
    anchor = QWidget(window)
    card = ExperimentsCard(Look(), EXPERIMENTS, window)
    window.show()
    qtbot.waitExposed(window)
    card.show_below(anchor)
    text = card.findChild(QWidget, "experiment_text")
    assert text is not None
    card.show_text("absolute")
    assert text.property("text") == EXPERIMENTS[-1].text
    with qtbot.waitSignals([card.experiment_chosen, card.closed]):
        QTest.mouseClick(child(card, "experiment_phase-2-1"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("one", EXPERIMENTS, ids=lambda one: one.name)
def test_the_band_shows_the_paragraph(qtbot: QtBot, one: object) -> None:
    band = ExperimentBand(Look())
    qtbot.addWidget(band)
    band.show_experiment(one)  # type: ignore[arg-type]
    assert band.isVisible()
    band.show_experiment(None)
    assert not band.isVisible()
    assert band.name() == ""
