"""Model columns through the screen: what they say, what hover and keys tell, what clicks and drags ask for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.engine.superposition.closed_forms import linear_optimum
from playground.engine.superposition.problem import TIED_KINDS, Group, make_problem
from playground.views.look import Look
from playground.views.palette import light
from playground.views.superposition.gram import sign_shades, strongest
from playground.views.superposition.model_column_head import head_lines
from playground.views.superposition.model_column_reading import read_column, shared_scales
from playground.views.superposition.model_columns import ModelColumns
from tests.views.superposition.column_samples import diverged, pentagon, reading, three

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(qapp)


@pytest.fixture
def columns(look: Look, qtbot: QtBot) -> ModelColumns:
    widget = ModelColumns(look)
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show_readings(three())
    widget.set_chosen(1)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def hover(widget: QWidget, point: QPointF) -> None:
    QTest.mouseMove(widget, point.toPoint() + QPoint(1, 0))
    QTest.mouseMove(widget, point.toPoint())


def pixels(widget: QWidget) -> QImage:
    return widget.grab().toImage()


# ---- room ----


def test_one_model_alone_takes_the_room_with_its_bars_beside_the_picture(columns: ModelColumns, qtbot: QtBot) -> None:
    columns.set_room(500)
    QApplication.processEvents()
    side_by_side = columns.columns[0]
    assert side_by_side.norms.y() > side_by_side.gram.mapTo(side_by_side, QPoint(0, side_by_side.gram.height())).y()
    columns.show_readings(three()[:1])
    columns.set_room(500)
    alone = columns.columns[0]
    qtbot.waitUntil(lambda: alone.norms.y() < alone.gram.mapTo(alone, QPoint(0, alone.gram.height())).y())
    assert alone.width() > 0.9 * columns.width()
    assert alone.gram.width() == alone.gram.height()
    assert alone.gram.width() > 250
    assert alone.norms.x() > alone.gram.mapTo(alone, QPoint(alone.gram.width(), 0)).x()
    assert alone.biases.geometry().bottom() < 500
    columns.resize(2000, 1100)  # a large screen: the picture is as high as it lets it be
    columns.set_room(1000)
    qtbot.waitUntil(lambda: alone.gram.height() > 750)
    columns.show_readings(three())
    qtbot.waitUntil(lambda: columns.columns[0].width() < 0.5 * columns.width())


# ---- readings ----


def test_the_head_says_loss_and_represented_beside_closed_form_and_trivial_answer() -> None:
    problem = make_problem(40, 5, 0.9, "1:0.1")
    found = read_column("relu", problem, 9.7e-3, np.zeros((40, 5)), np.zeros(40))
    assert head_lines(found)[2:4] == ("loss 9.70", "0 of 40 represented")
    assert head_lines(found)[4] == "linear optimum 13.28 · mean alone 16.96"
    assert linear_optimum(problem).loss * 1e3 == pytest.approx(13.282, abs=1e-3)


def test_the_linear_optimum_is_not_shown_where_its_form_does_not_hold() -> None:
    problem = make_problem(4, 2, 0.9, groups=[Group((0, 1))])
    found = read_column("relu", problem, 1e-3, np.zeros((4, 2)), np.zeros(4))
    assert "linear optimum" not in head_lines(found)[4]
    made = reading("abs", decode=pentagon())
    assert made.optimum is None
    assert head_lines(made)[4] == f"zero alone {0.1 / 3 * 1e3:.2f}"


def test_arrays_of_another_shape_are_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match="not of a model of 5 to 2"):
        read_column("relu", make_problem(5, 2, 0.9), 0.0, np.zeros((4, 2)), np.zeros(5))
    with pytest.raises(ValueError, match="not of a model"):
        read_column("relu", make_problem(5, 2, 0.9), 0.0, np.zeros((5, 2)), np.zeros(4))


def test_columns_share_one_scale_that_holds_all_of_them_and_stays_while_it_fits() -> None:
    scales = shared_scales(three())
    assert scales.norm >= 1.1
    assert scales.gram >= 1.21 * 0.99
    assert scales.low_bias <= -0.2
    assert shared_scales([reading(weight=pentagon(1.05))], scales) == scales
    assert shared_scales([reading(weight=pentagon(3.0))], scales).norm > 3.0


def test_a_model_that_ran_away_does_not_set_the_scale_of_the_others() -> None:
    assert shared_scales([*three(), diverged()]) == shared_scales(three())


# ---- the heatmap ----


def test_the_heatmap_draws_the_sign_of_every_product(columns: ModelColumns, look: Look) -> None:
    gram = columns.columns[1].gram
    image = pixels(gram)
    ratio = image.width() / gram.width()
    for row, column in ((0, 0), (0, 2), (4, 1)):
        centre = gram.cell_rect(row, column).center() * ratio
        red, green, blue, _ = look.palette.signed_rgba(three()[1].gram[row : row + 1, column], columns.legend.scale())[
            0
        ].tolist()
        colour = image.pixelColor(centre.toPoint())
        assert (colour.red(), colour.green(), colour.blue()) == pytest.approx((red, green, blue), abs=3)


def test_hover_tells_product_and_cosine_and_lights_both_bars_in_every_column(columns: ModelColumns) -> None:
    column = columns.columns[1]
    hover(column.gram, column.gram.cell_rect(3, 1).center())
    product = 1.21 * math.cos(math.radians(144))
    assert column.readout.text() == f"W₃·W₁ = −{abs(product):.3f}, cosine −0.81"
    for each in columns.columns:
        assert each.norms.marked() == (3, 1)
        assert each.biases.marked() == (3, 1)
        assert each.gram.pair() == (3, 1)
    hover(column.gram, QPointF(column.gram.cell_rect(2, 2).center()))
    assert column.readout.text() == "‖W₂‖² = 1.210"


def test_the_numbers_under_the_mouse_follow_the_training(columns: ModelColumns) -> None:
    column = columns.columns[1]
    hover(column.gram, column.gram.cell_rect(2, 2).center())
    columns.show_readings([reading(one.kind, pentagon(2.0)) for one in three()])
    assert column.readout.text() == "‖W₂‖² = 4.000"


def test_arrow_keys_go_through_the_cells_and_say_them(columns: ModelColumns) -> None:
    column = columns.columns[1]
    column.gram.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(column.gram, key)
    assert column.gram.pair() == (2, 1)
    assert column.gram.accessibleDescription().startswith("W₂·W₁ = ")
    QTest.keyClick(column.gram, Qt.Key.Key_Escape)
    assert column.gram.pair() is None


def test_more_cells_than_pixels_lose_no_strong_one() -> None:
    values = np.zeros((400, 400), np.float32)
    values[137, 262] = -0.9
    values[13, 399] = 0.4
    found = strongest(values, 130, 150)
    assert found.shape == (130, 150)
    assert found.min() == np.float32(-0.9)
    assert found.max() == np.float32(0.4)
    assert found[137 * 130 // 400, 262 * 150 // 400] == np.float32(-0.9)


def test_what_is_no_number_has_a_colour_of_its_own() -> None:
    shades = sign_shades(np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -1.0], np.float32), 1.0)
    assert shades.tolist() == [255, 254, 0, 127, 254, 0]


# ---- bars ----


def test_norm_bars_stand_as_high_as_the_norms(columns: ModelColumns) -> None:
    norms = columns.columns[1].norms
    assert norms.values() == pytest.approx([1.1] * 5, rel=1e-6)
    image = pixels(norms)
    ratio = image.width() / norms.width()
    ground = image.pixelColor(QPoint(round(3 * ratio), round((norms.y_of(1.1) - 3) * ratio)))
    bar = image.pixelColor(QPoint(round(3 * ratio), round((norms.y_of(1.1) + 3) * ratio)))
    assert bar != ground


def test_bars_are_read_by_keys(columns: ModelColumns) -> None:
    norms = columns.columns[1].norms
    norms.setFocus()
    QTest.keyClick(norms, Qt.Key.Key_End)
    assert norms.marked() == (0,)
    QTest.keyClick(norms, Qt.Key.Key_End)
    assert norms.marked() == (4,)
    assert "feature 4: norm 1.100, represented" in norms.accessibleDescription()


def test_dragging_a_bias_bar_asks_for_its_value_and_ends(columns: ModelColumns, qtbot: QtBot) -> None:
    bars = columns.columns[1].biases
    asked: list[tuple[int, float]] = []
    bars.bias_dragged.connect(lambda feature, value: asked.append((feature, value)))
    x = round(bars.width() * 0.5)
    QTest.mousePress(bars, LEFT, pos=QPoint(x, round(bars.y_of(-0.1))))
    beyond = round(bars.y_of(0.0) - 2 * (bars.y_of(0.0) - bars.y_of(0.1)))  # twice as high as 0.1
    QTest.mouseMove(bars, QPoint(x, round(bars.y_of(0.05))))
    with qtbot.waitSignal(bars.bias_released, timeout=1000):
        QTest.mouseRelease(bars, LEFT, pos=QPoint(x, beyond))
    assert [feature for feature, _ in asked] == [2] * len(asked)
    grain = (bars.value_at(0) - bars.value_at(1)) * 1.1
    assert asked[-1][1] == pytest.approx(0.2, abs=2 * grain)
    assert asked[0][1] == pytest.approx(-0.1, abs=grain)
    assert asked[1][1] == pytest.approx(0.05, abs=grain)
    assert bars.values()[2] == asked[-1][1]


def test_a_dragged_bias_stays_under_the_hand_while_training_goes_on(columns: ModelColumns) -> None:
    bars = columns.columns[1].biases
    x = round(bars.width() * 0.5)
    QTest.mousePress(bars, LEFT, pos=QPoint(x, round(bars.y_of(0.1))))
    held = float(bars.values()[2])
    columns.show_readings([reading(one.kind, bias=np.full(5, -0.3, np.float32)) for one in three()])
    assert bars.values()[2] == held
    assert bars.values()[1] == pytest.approx(-0.3)
    QTest.mouseRelease(bars, LEFT, pos=QPoint(x, round(bars.y_of(0.1))))
    assert bars.values()[2] == held  # until a moment tells otherwise
    columns.show_readings([reading(one.kind, bias=np.full(5, 0.25, np.float32)) for one in three()])
    assert bars.values()[2] == pytest.approx(0.25)


def test_escape_takes_a_dragged_bias_back(columns: ModelColumns, qtbot: QtBot) -> None:
    bars = columns.columns[1].biases
    bars.setFocus()
    QTest.mousePress(bars, LEFT, pos=QPoint(5, round(bars.y_of(0.1))))
    with qtbot.waitSignal(bars.bias_cancelled, timeout=1000):
        QTest.keyClick(bars, Qt.Key.Key_Escape)
    assert bars.values()[0] == pytest.approx(-0.2)
    QTest.mouseRelease(bars, LEFT, pos=QPoint(5, 5))


def test_a_bias_is_stepped_and_typed_and_a_wrong_number_explained(columns: ModelColumns) -> None:
    column = columns.columns[1]
    bars, asked = column.biases, []
    bars.bias_dragged.connect(lambda feature, value: asked.append((feature, value)))
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Right)
    QTest.keyClick(bars, Qt.Key.Key_Up)
    assert asked[-1] == (0, pytest.approx(-0.19))
    QTest.keyClick(bars, Qt.Key.Key_Return)
    entry = bars._entry
    entry.setText("x")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert "'x' is no number" in column.readout.text()
    entry.setText("0,125")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert asked[-1] == (0, 0.125)


# ---- columns ----


@pytest.mark.parametrize("part", ["head", "gram", "readout", "norms", "biases"])
def test_a_press_anywhere_in_a_column_chooses_its_kind(columns: ModelColumns, part: str) -> None:
    chosen: list[int] = []
    columns.kind_chosen.connect(chosen.append)
    QTest.mouseClick(getattr(columns.columns[2], part), LEFT)
    assert chosen == [2]
    columns.set_chosen(2)
    assert [column.is_chosen for column in columns.columns] == [False, False, True]


def test_enter_chooses_a_kind(columns: ModelColumns) -> None:
    chosen: list[int] = []
    columns.kind_chosen.connect(chosen.append)
    QTest.keyClick(columns.columns[0], Qt.Key.Key_Return)
    assert chosen == [0]


def test_one_switch_changes_the_picture_of_all_columns(columns: ModelColumns) -> None:
    button = columns.findChild(QAbstractButton, "show_weights")
    QTest.mouseClick(button, LEFT)
    assert [column.picture() for column in columns.columns] == ["weights"] * 3
    assert columns.legend.scale() == pytest.approx(1.2)
    QTest.mouseClick(columns.findChild(QAbstractButton, "show_gram"), LEFT)
    assert [column.picture() for column in columns.columns] == ["gram"] * 3


@pytest.mark.parametrize("pointed", [4, (1, 4), (4, 0)])
def test_a_feature_that_is_gone_is_no_longer_pointed_at(columns: ModelColumns, pointed: object) -> None:
    for column in columns.columns:
        column.show_pointed(pointed)  # type: ignore[arg-type]
    columns.show_readings([reading(kind, pentagon()[:3]) for kind in TIED_KINDS])
    assert [column._pointed for column in columns.columns] == [None] * 3
    QTest.keyClick(columns.columns[0].norms, Qt.Key.Key_Right)
    assert [column._pointed for column in columns.columns] == [0] * 3


def test_other_kinds_and_shapes_rebuild_the_columns(columns: ModelColumns) -> None:
    columns.show_readings([reading("abs", decode=pentagon())])
    assert len(columns.columns) == 1
    assert columns.picture() == "weights"
    assert "features a neuron" in columns.columns[0].readout.text()
    columns.show_readings(
        [reading("relu", np.ones((7, 3), np.float32)), reading("linear", np.ones((7, 3), np.float32))]
    )
    assert columns.picture() == "gram"
    assert columns.columns[1].norms.values().size == 7
    columns.show_readings([])
    assert columns.columns == ()


def test_a_model_that_ran_away_is_said_and_drawn_without_a_warning(columns: ModelColumns) -> None:
    ill = [three()[0], diverged(), three()[2]]
    for picture in ("gram", "weights"):
        columns.set_picture(picture)
        columns.show_readings(ill)
        pixels(columns)
    column = columns.columns[1]
    assert column.head.lines()[2] == "loss no number"
    assert "ran away" in column.head.lines()[4]
    columns.set_picture("gram")
    hover(column.gram, column.gram.cell_rect(1, 1).center())
    assert "NaN" in column.readout.text()
    columns.show_readings([diverged()] * 3)
    pixels(columns)


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_columns_paint_in_both_themes_and_at_narrow_widths(columns: ModelColumns, look: Look, scale: float) -> None:
    before = pixels(columns)
    look.set(palette=light(), scale=scale)
    for width in (560, 1200):
        columns.resize(width, 700)
        for column in columns.columns:
            assert column.width() <= columns.width() / 3
            assert not pixels(column).isNull()
    assert pixels(columns) != before


class Paints(QObject):
    """Notes which widgets are painted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.names.append(watched.objectName())
        return False


def test_only_what_changes_is_painted_again(columns: ModelColumns) -> None:
    paints = Paints(columns)
    column = columns.columns[1]
    for part in (column.head, column.gram, column.readout, column.norms, column.biases):
        part.installEventFilter(paints)
    QApplication.processEvents()
    paints.names.clear()
    column.norms.show_marked((2,))
    QApplication.processEvents()
    assert paints.names == ["norm_bars"]
