"""Data in the plane in the open network: what follows them, what undo brings back, points that the hand draws."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.datasets import DataSet
from playground.engine.plane import PlaneSetup, drawn_data, plane_data, plane_points, with_features
from playground.engine.settings import SettingError, Settings
from playground.engine.snapshots import Snapshot, plane_probe
from playground.engine.spec import build
from playground.session.network_document import NetworkDocument
from tests.engine.blobs import blobs


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[NetworkDocument]:
    made = NetworkDocument()
    made.start_anew(build((6, 5, 3)), Settings(batch_size=16, seed=2), blobs())
    made.start_thread()
    yield made
    made.close()


def settled(qtbot: QtBot, document: NetworkDocument) -> Snapshot:
    def is_there() -> bool:
        document.poll()
        return document.is_settled and document.snapshot is not None and not document.snapshot.is_running

    qtbot.waitUntil(is_there, timeout=20_000)
    assert document.snapshot is not None
    return document.snapshot


def test_network_and_loss_follow_the_task_and_come_back(qtbot: QtBot, document: NetworkDocument) -> None:
    before = settled(qtbot, document)
    document.watch(frozenset({plane_probe(20)}))
    document.set_data(plane_data(PlaneSetup("circle")))
    circle = settled(qtbot, document)
    assert (circle.spec.widths, circle.spec.layers[-1].activation) == ((2, 5, 1), "tanh")
    assert circle.settings.loss == "cross_entropy"  # fits as well: that of two classes
    assert circle.surfaces is not None
    assert circle.surfaces.act[-1].shape == (1, 20, 20)
    document.set_data(plane_data(PlaneSetup("sin")))
    document.advance(steps=10)
    sine = settled(qtbot, document)
    assert (sine.settings.loss, document.settings.loss) == ("squared_error", "squared_error")
    assert sine.spec.layers[-1].activation == "identity"
    assert sine.evaluation is not None
    assert np.isnan(sine.evaluation.train.accuracy)
    with pytest.raises(SettingError, match="choose squared error"):
        document.change_setting("loss", "cross_entropy")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert settled(qtbot, document).settings.loss == document.settings.loss == "cross_entropy"
    document.undo_stack.redo()
    document.undo_stack.undo()
    document.undo_stack.undo()
    back = settled(qtbot, document)
    assert back.trouble is None
    assert back.spec == before.spec
    np.testing.assert_array_equal(back.parameters, before.parameters)


def test_features_switch_on_and_off(qtbot: QtBot, document: NetworkDocument) -> None:
    document.set_data(plane_data(PlaneSetup("xor")))
    plain = settled(qtbot, document)
    document.set_data(with_features(document.data, ("x1", "x2", "x1 x2")), "x1 x2 on")
    more = settled(qtbot, document)
    np.testing.assert_array_equal(more.weight(0)[:, :2], plain.weight(0))
    assert not more.weight(0)[:, 2].any()
    document.set_data(with_features(document.data, ("x2", "x1 x2")), "x1 off")
    fewer = settled(qtbot, document)
    np.testing.assert_array_equal(fewer.weight(0), more.weight(0)[:, 1:])
    document.undo_stack.undo()
    np.testing.assert_array_equal(settled(qtbot, document).weight(0), more.weight(0))


def drawn(data: DataSet, count: int) -> DataSet:
    points, labels, is_training = plane_points(data)
    fresh = np.linspace(0, 1, 2 * count).reshape(count, 2)
    return drawn_data(
        np.vstack([points, fresh]), np.append(labels, np.ones(count)), np.append(is_training, np.ones(count, bool))
    )


def test_what_the_hand_draws_in_one_go_is_one_entry(qtbot: QtBot, document: NetworkDocument) -> None:
    document.set_data(plane_data(PlaneSetup("circle", count=40)))
    document.run()
    count = len(document.data.train)
    start = document.data
    for _ in range(5):
        document.drag_points(drawn(document.data, 2), "points drawn")
    document.end_drag()
    document.drag_points(drawn(document.data, 3), "points drawn")
    document.end_drag()
    document.pause()
    shown = settled(qtbot, document)
    assert shown.trouble is None
    assert document.undo_stack.count() == 3
    assert shown.train_count == len(document.data.train) == count + 13
    assert [mark.kind for mark in shown.marks].count("data") <= 3
    document.undo_stack.undo()
    assert settled(qtbot, document).train_count == len(document.data.train) == count + 10
    document.undo_stack.undo()
    assert settled(qtbot, document).train_count == count
    assert document.data is start
    document.undo_stack.redo()
    assert settled(qtbot, document).train_count == len(document.data.train) == count + 10


def test_a_view_that_asks_for_other_readings_of_the_new_data_does_not_part_a_stroke(
    qtbot: QtBot, document: NetworkDocument
) -> None:
    document.set_data(plane_data(PlaneSetup("circle", count=40)))
    document.data_changed.connect(lambda data: document.watch(frozenset({plane_probe(10 + len(data.train))})))
    for _ in range(3):
        document.drag_points(drawn(document.data, 1), "points drawn")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert settled(qtbot, document).train_count == len(document.data.train) == 20


def test_another_change_in_between_begins_a_new_entry(qtbot: QtBot, document: NetworkDocument) -> None:
    document.set_data(plane_data(PlaneSetup("circle", count=40)))
    document.drag_points(drawn(document.data, 1), "points drawn")
    document.change_setting("learning_rate", 0.5)
    document.drag_points(drawn(document.data, 1), "points drawn")
    document.drag_points(drawn(document.data, 1), "points drawn")
    assert document.undo_stack.count() == 4
    document.undo_stack.undo()
    assert settled(qtbot, document).train_count == len(document.data.train) == 21


def test_a_class_that_is_new_begins_an_entry_of_its_own(qtbot: QtBot, document: NetworkDocument) -> None:
    points, labels, is_training = plane_points(plane_data(PlaneSetup("circle", count=40)))
    for classes in (("A", "B"), ("A", "B"), ("A", "B", "C"), ("A", "B", "C")):
        document.drag_points(drawn_data(points, labels, is_training, task="classes", classes=classes), "drawn")
    assert document.undo_stack.count() == 2
    assert settled(qtbot, document).spec.outputs == 3
    document.undo_stack.undo()
    shown = settled(qtbot, document)
    assert (shown.spec.outputs, shown.trouble) == (2, None)
