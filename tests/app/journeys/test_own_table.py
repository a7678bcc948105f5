"""A table of one's own behaves as the data that come with the program: plane, names, units, a row typed by hand."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QTableView, QToolButton

from playground.engine.table_data import TableChoice, table_data
from playground.views.data.prediction_sheet import PredictionSheet
from playground.views.diagram import wording
from playground.views.diagram.state import Target
from playground.views.plane.large_canvas import LargeCanvas
from playground.views.plane.words import place_words
from tests.app.journeys.desk import Desk
from tests.app.journeys.test_tables import choose, opened

_RANDOM = np.random.default_rng(8)
_AGES, _PAY = _RANDOM.integers(18, 80, 120), 1_000 * _RANDOM.integers(15, 95, 120)
_TOWNS = [("Rome", "Oslo", "Bern")[place % 3] for place in range(119)] + ["Atlantis"]
PEOPLE = "age,yearly pay,town,member,spent\n" + "\n".join(
    f"{age},{pay},{town},{'member' if pay > 1_000 * age else 'guest'},{pay / 100 + age:.1f}"
    for age, pay, town in zip(_AGES.tolist(), _PAY.tolist(), _TOWNS, strict=True)
)


def people(*names: str) -> str:
    lines = [line.split(",") for line in PEOPLE.splitlines()]
    return "\n".join(",".join(line[lines[0].index(name)] for name in names) for line in lines)


def use(desk: Desk, text: str, target: str, **more: object) -> None:
    desk.document.set_data(table_data(text, TableChoice(target, **more)))  # type: ignore[arg-type]
    desk.settle()


def answered(desk: Desk, inputs: np.ndarray) -> np.ndarray:
    """Work out from the weights on the screen what the network passes on at its output, before any softmax."""
    act = inputs
    for index, layer in enumerate(desk.snapshot.spec.layers):
        act = desk.snapshot.weight(index) @ act + desk.snapshot.bias(index)
        if layer is not desk.snapshot.spec.layers[-1]:
            assert layer.activation == "sigmoid"
            act = 1 / (1 + np.exp(-act))
    return act


def editor_of(desk: Desk, row: int) -> QLineEdit | QComboBox:
    """Begin to edit a cell of the row."""
    view = desk.find(QTableView, "input_table")
    view.setFocus()
    view.setCurrentIndex(view.model().index(row, 0))  # so that the same cell can be edited again
    view.setCurrentIndex(view.model().index(row, 1))
    return next(iter([*view.findChildren(QLineEdit), *view.findChildren(QComboBox)]))


def wait_until_left(desk: Desk) -> None:
    """Wait until what was entered is taken and its field is gone."""
    view = desk.find(QTableView, "input_table")
    desk.wait(lambda: not view.findChildren(QLineEdit) and not view.findChildren(QComboBox))


def type_cell(desk: Desk, row: int, text: str) -> None:
    """Type into a cell of the row, and confirm."""
    editor = editor_of(desk, row)
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_until_left(desk)


def choose_word(desk: Desk, row: int, word: str) -> None:
    """Choose a word from the list of a cell."""
    box = editor_of(desk, row)
    assert isinstance(box, QComboBox)
    place = next(place for place in range(box.count()) if box.itemText(place).startswith(word))
    box.setCurrentIndex(place)
    box.activated.emit(place)
    wait_until_left(desk)


def shown(desk: Desk) -> list[str]:
    model = desk.find(QTableView, "input_table").model()
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


# ---- the plane ---------------------------------------------------------------------------------------------------


def test_two_columns_of_numbers_are_seen_in_the_plane_in_their_own_units(desk: Desk) -> None:
    use(desk, people("age", "yearly pay", "member"), "member")
    desk.click("stage_plane")
    canvas = desk.find(LargeCanvas, "plane_large")
    desk.wait(lambda: canvas.scene.surface is not None)
    scene = canvas.scene
    assert [axis.name for axis in scene.axes] == ["age", "yearly pay"]
    known = {(float(age), float(pay)) for age, pay in zip(_AGES, _PAY, strict=True)}
    own = np.stack([axis.scale.original(scene.points.at[:, place]) for place, axis in enumerate(scene.axes)], 1)
    assert {tuple(point) for point in own.tolist()} <= known
    words = {words for _, words in scene.axes[1].ticks(scene.low, scene.high, 5)}
    assert words >= {"40000", "60000", "80000"}
    at = scene.points.at[0]
    assert f"age {own[0, 0]:.1f}, yearly pay {own[0, 1]:,.0f}" in place_words(scene, at, 0.0)
    # rows of a table are not drawn by hand, and the network keeps its two inputs
    for name in ("plane_tool_add", "plane_tool_erase", "plane_empty", "plane_features", "plane_shapes", "plane_noise"):
        assert not any(widget.isVisible() for widget in desk.window.findChildren(QToolButton, name))
    assert not desk.view.data_panel.plane.features.isVisible()
    assert not desk.view.data_panel.plane.shapes.isVisible()
    assert "neither drawn nor erased" in desk.sentence("plane_table_words")
    desk.document.advance(steps=1)
    desk.settle()
    assert desk.document.data.plane is not None


def test_a_typed_row_moves_the_place_in_the_plane_and_a_click_there_types_the_row(desk: Desk) -> None:
    use(desk, people("age", "yearly pay", "spent"), "spent")
    type_cell(desk, 0, "40")
    type_cell(desk, 1, "70,000.5")
    desk.settle()
    assert shown(desk) == ["40", "70000.5"]
    canvas = desk.view.data_panel.plane.canvas
    columns = desk.document.data.columns
    assert columns is not None
    assert canvas.scene.current == pytest.approx(columns.inputs_of((40.0, 70_000.5)).tolist(), abs=1e-6)
    assert desk.sentence("answer_for").startswith("at 40.0, 70,00")
    spot = QPointF(canvas.width() * 0.5, canvas.height() * 0.5)
    desk.drag(canvas, [spot])
    desk.settle()
    assert desk.snapshot.readings is not None
    row = columns.row(desk.snapshot.readings.inputs)
    assert [float(text) for text in shown(desk)] == pytest.approx(list(row), rel=1e-4)
    assert row != (40.0, 70_000.5)


def test_one_column_is_a_curve_with_residuals(desk: Desk) -> None:
    use(desk, people("yearly pay", "spent"), "spent")
    canvas = desk.view.data_panel.plane.canvas
    desk.wait(lambda: canvas.scene.answers is not None)
    assert canvas.scene.is_line
    assert (canvas.scene.axes[0].name, canvas.scene.value.name) == ("yearly pay", "spent")


# ---- a row of one's own ------------------------------------------------------------------------------------------


def test_a_row_is_typed_in_units_and_words_and_answered_in_its_own_unit(desk: Desk) -> None:
    use(desk, people("age", "town", "spent"), "spent")
    data = desk.document.data
    type_cell(desk, 0, "33")
    choose_word(desk, 1, "Oslo")
    desk.settle()
    assert shown(desk) == ["33", "Oslo"]
    assert data.columns is not None
    inputs = data.columns.inputs_of((33.0, float(data.columns.inputs[1].words.index("Oslo"))))
    given = float(data.target_scales[0].original(answered(desk, inputs)[0]))
    answer = desk.view.data_panel.answer
    desk.wait(lambda: answer.spoken().startswith("spent with "))
    assert float(answer.spoken().removeprefix("spent with ").replace(",", "").replace("−", "-")) == pytest.approx(
        given, abs=0.6
    )
    assert desk.sentence("answer_for") == "for your row"


def test_what_the_training_part_does_not_have_is_remarked_and_what_cannot_be_is_refused(desk: Desk) -> None:
    seed = next(
        seed
        for seed in range(50)
        if (columns := table_data(people("age", "town", "spent"), TableChoice("spent", seed=seed)).columns) is not None
        and columns.inputs[1].unseen
    )
    use(desk, people("age", "town", "spent"), "spent", seed=seed)
    columns = desk.document.data.columns
    assert columns is not None
    type_cell(desk, 0, "130")
    assert "'age' lies between" in desk.sentence("input_table_remark")
    choose_word(desk, 1, "Atlantis")
    assert desk.sentence("input_table_remark") == (
        "'Atlantis' stands in no row of the training part: nothing was learnt of it."
    )
    type_cell(desk, 0, "old")
    assert "'old' is no number: the age lies between" in desk.sentence("input_table_error")
    type_cell(desk, 0, "")
    assert float(shown(desk)[0]) == pytest.approx(columns.inputs[0].usual, rel=1e-5), "the mean stands for nothing"
    choose_word(desk, 1, "(missing)")
    desk.settle()
    assert desk.snapshot.readings is not None
    assert not desk.snapshot.readings.inputs[1:].any()


# ---- units and names ---------------------------------------------------------------------------------------------


def test_errors_are_told_in_the_unit_of_the_target(desk: Desk) -> None:
    use(desk, people("age", "yearly pay", "spent"), "spent")
    desk.wait(lambda: desk.snapshot.evaluation is not None and desk.snapshot.evaluation.validation.count)
    desk.click("answer_all")
    desk.wait(lambda: "At step" in desk.sentence("prediction_words"))
    found = desk.find(PredictionSheet, "prediction_sheet")._found
    assert found is not None
    note = desk.view.curves.accuracy.overlay._note
    assert "root mean squared error (spent)" in note
    assert f"{float(f'{found.right:.3g}'):.7g} validation" in note
    (row,) = [row for row in desk.view.inspector.card.rows() if row.name == "RMSE (spent)"]
    assert row.now == f"{float(f'{found.right:.3g}'):.7g}"
    assert found.right > 50, "hundreds are spent, and the network knows nothing yet"


def test_inputs_and_outputs_go_by_their_names(desk: Desk) -> None:
    use(desk, people("age", "yearly pay", "town", "member"), "member")
    layers = desk.document.spec.layers
    desk.view.selection.set([(layers[0].id, layers[0].units[0])])
    desk.settle()
    table = desk.view.inspector.neuron.table
    desk.wait(lambda: table.model.rowCount() == 6)
    names = [str(table.model.index(row, 0).data()) for row in range(6)]
    assert names[:2] == ["age", "yearly pay"]
    assert set(names[2:]) == {"town = Rome", "town = Oslo", "town = Bern", "town = Atlantis"}
    assert table.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "yearly pay"
    state = desk.view.diagram._state
    assert wording.tooltip(state, Target("unit", -1, 1)).endswith(": yearly pay")
    assert wording.tooltip(state, Target("edge", 0, 2, 1)).startswith("yearly pay → neuron 3 of hidden 1")
    last = len(layers) - 1
    assert wording.tooltip(state, Target("edge", last, 0, 1)).startswith("neuron 2 of hidden 2 → neuron 1 of output (")
    desk.view.selection.set([], [(layers[0].id, layers[0].units[2], 1)])
    desk.wait(lambda: "yearly pay → neuron 3 of hidden 1" in desk.find(QLabel, "edge_name").text())
    desk.view.selection.set([(layers[last].id, layers[last].units[1])])
    assert desk.view.inspector.neuron._head._beside == desk.document.data.classes[1]


# ---- from the file -----------------------------------------------------------------------------------------------


def test_how_targets_are_scaled_is_chosen_and_what_to_know_of_the_columns_is_said(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    lines = people("age", "yearly pay", "spent").splitlines()
    path.write_text("\n".join(f"{line},{'always' if not place else 7}" for place, line in enumerate(lines)))
    desk.drop(path)
    sheet = opened(desk)
    choose(desk, "table_target", "spent")
    box = desk.find(QComboBox, "table_target_scaling_choice")
    assert box.isVisible()
    assert box.currentData() == "standardised"
    choose(desk, "table_target_scaling", "0..1")
    desk.click("table_use")
    desk.wait(lambda: not sheet.isVisible())
    values = desk.document.data.train.values
    assert values is not None
    assert (float(values.min()), float(values.max())) == (0.0, 1.0)
    desk.wait_for_message("Column 'always' has the same number in every row of the training part")


def test_the_loss_of_scaled_numbers_says_so_and_how_it_is_reckoned(desk: Desk) -> None:
    head = desk.view.curves._heads[0]
    assert (head.title(), head.toolTip()) == ("Loss", "")
    use(desk, people("age", "town", "spent"), "spent")
    desk.document.advance(steps=40)
    desk.wait(lambda: desk.snapshot.step == 40 and desk.document.is_settled)
    scale = desk.document.data.target_scales[0]
    assert head.title() == "Loss, scaled"
    assert "½ (answer − target)²" in head.toolTip()
    shift, size = (float(number) for number in re.findall(r"\(spent − ([\d.]+)\) / ([\d.]*\d)", head.toolTip())[0])
    assert [shift, size] == pytest.approx([scale.shift, scale.size], rel=1e-3)
    assert head.toolTip() in desk.view.curves.loss.toolTip()

    # what the point under the mouse says of the error is what the formula of the tooltip makes of its loss
    desk.view.curves._point_at(1)
    spoken = desk.view.curves.loss.accessibleDescription()
    loss, error = re.findall(r"train ([\d.]+) \(RMSE ([\d.]+)\)", spoken)[0]
    assert float(error) == pytest.approx(size * (2 * float(loss)) ** 0.5, rel=5e-3)

    use(desk, people("age", "town", "member"), "member")
    assert (head.title(), head.toolTip()) == ("Loss", "")
    assert desk.view.curves.loss.accessibleDescription().startswith("step ")
    assert "RMSE" not in desk.view.curves.loss.accessibleDescription()
