"""A ReLU that is 0 for every example it was measured on is told in its panel and counted at its layer."""

from __future__ import annotations

import numpy as np

from playground.views.diagram.headers import heads
from tests.app.journeys.desk import Desk


def notes(desk: Desk) -> list[str]:
    return [head.note_text for head in heads(desk.view.diagram._state)]


def test_a_dead_relu_is_told(desk: Desk) -> None:
    layer = desk.document.spec.layers[0].id
    desk.view.building.set_activation(layer, "relu")
    desk.settle()
    desk.click_unit(0, 3)
    assert desk.sentence("neuron_silence") == ""
    assert not any("always 0" in note for note in notes(desk))
    desk.type_in("bias_number", "-1000")
    desk.wait(lambda: desk.sentence("neuron_silence"))
    count = desk.snapshot.evaluation.train.count if desk.snapshot.evaluation else 0
    assert count > 0
    assert desk.sentence("neuron_silence") == (
        f"Its activation is 0 for all {count:,} training examples it was measured on at step 0: they pass no gradient "
        "to its weights. A larger bias can wake it."
    )
    assert "1 neuron always 0" in notes(desk)
    desk.undo()
    desk.wait(lambda: not desk.sentence("neuron_silence"))
    assert not any("always 0" in note for note in notes(desk))
    desk.type_in("bias_number", "-1000")
    desk.wait(lambda: desk.sentence("neuron_silence"))
    weights = desk.snapshot.weight(0)[3].copy()
    desk.click("play_button")
    desk.wait_for_steps(50)
    desk.click("play_button")
    desk.wait(lambda: desk.document.is_settled and not desk.snapshot.is_running)
    np.testing.assert_array_equal(desk.snapshot.weight(0)[3], weights, err_msg="it has learnt nothing, as was said")
    desk.click_unit(0, 4)
    assert desk.sentence("neuron_silence") == ""
    desk.click_unit(0, 3)
    desk.type_in("bias_number", "1")
    desk.wait(lambda: not desk.sentence("neuron_silence"))
