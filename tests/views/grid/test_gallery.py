"""The gallery: only what is in sight is computed, a click or a key chooses, scales can be shared or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from playground.engine.snapshots import Snapshot
from playground.engine.spec import build
from playground.engine.structure import remove_layer, remove_units
from playground.views.grid.arrangement import Arrangement
from playground.views.grid.gallery import WeightGallery
from playground.views.grid.tiles import laid_out


@pytest.fixture
def gallery(qtbot: Any, look: Any, snapshot: Snapshot) -> Iterator[WeightGallery]:
    widget = WeightGallery(look)
    qtbot.addWidget(widget)
    widget.resize(700, 520)
    widget.show()
    widget.render_snapshot(snapshot)
    yield widget
    widget.close()


def middle(gallery: WeightGallery, row: int) -> QPoint:
    return gallery.wall.tile_rect(row).center().toPoint()


def picture(gallery: WeightGallery) -> QImage:
    return gallery.wall.viewport().grab().toImage()


def test_a_click_selects_the_neuron(gallery: WeightGallery, snapshot: Snapshot, qtbot: Any) -> None:
    with qtbot.waitSignal(gallery.unit_selected) as selected:
        QTest.mouseClick(gallery.wall.viewport(), Qt.MouseButton.LeftButton, pos=middle(gallery, 9))
    layer = snapshot.spec.layers[0]
    assert selected.args == [layer.id, layer.units[9]]


def test_arrows_go_from_neuron_to_neuron(gallery: WeightGallery, snapshot: Snapshot) -> None:
    layer = snapshot.spec.layers[0]
    gallery.set_selected(layer.id, layer.units[0])
    chosen: list[Any] = []
    gallery.unit_selected.connect(lambda _layer, unit: chosen.append(layer.units.index(unit)))
    columns = gallery.wall.tiles().columns
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_End):
        QTest.keyClick(gallery.wall, key)
    assert chosen == [1, 1 + columns, columns, 0, 15]
    assert gallery.wall.accessibleDescription().startswith("neuron 16 of hidden 1, 784 weights from ")


def test_faces_show_the_weights_in_their_colours(gallery: WeightGallery, snapshot: Snapshot, look: Any) -> None:
    weights = np.zeros(snapshot.spec.parameter_count, np.float32)
    weights[3 * 784 : 3 * 784 + 392] = 2.0
    weights[3 * 784 + 392 : 4 * 784] = -2.0
    gallery.render_snapshot(replace(snapshot, parameters=weights))
    face = gallery.wall.tile_rect(3)
    image = picture(gallery)
    assert image.pixelColor(int(face.center().x()), int(face.top() + face.height() / 4)).name() == look.palette.positive
    assert image.pixelColor(int(face.center().x()), int(face.bottom() - face.height() / 4)).name() == (
        look.palette.negative
    )
    other = gallery.wall.tile_rect(4).center()
    assert image.pixelColor(other.toPoint()).name() == look.palette.zero


def test_a_scale_for_each_neuron_brings_out_the_faint_ones(
    gallery: WeightGallery, snapshot: Snapshot, look: Any
) -> None:
    weights = np.zeros(snapshot.spec.parameter_count, np.float32)
    weights[: 784 * 15] = 2.0
    weights[784 * 15 : 784 * 16] = 0.02
    gallery.render_snapshot(replace(snapshot, parameters=weights))
    shared = picture(gallery).pixelColor(middle(gallery, 15))
    gallery.scale_field.chosen.emit("neuron")
    assert picture(gallery).pixelColor(middle(gallery, 15)).name() == look.palette.positive
    assert shared.name() != look.palette.positive


def test_the_legend_follows_the_layer(gallery: WeightGallery, snapshot: Snapshot) -> None:
    weights = np.full(snapshot.spec.parameter_count, 1.75, np.float32)
    gallery.render_snapshot(replace(snapshot, parameters=weights))
    assert gallery.legend.ends() == ("−1.8", "+1.8")


def test_layers_can_be_chosen_and_survive_changes_of_structure(gallery: WeightGallery, snapshot: Snapshot) -> None:
    spec = snapshot.spec
    gallery.set_layer(spec.layers[1].id)
    assert gallery.wall.tiles().count == 16
    fewer = remove_units(spec, spec.layers[1].id).spec
    gallery.render_snapshot(
        replace(snapshot, spec=fewer, parameters=np.zeros(fewer.parameter_count, np.float32), applied_seq=1)
    )
    assert gallery.wall.tiles().count == 15
    without = remove_layer(fewer, spec.layers[1].id).spec
    gallery.render_snapshot(
        replace(snapshot, spec=without, parameters=np.zeros(without.parameter_count, np.float32), applied_seq=2)
    )
    assert gallery.layer() == spec.layers[0].id
    picture(gallery)


def test_of_many_neurons_only_those_in_sight_are_computed(
    gallery: WeightGallery, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    spec = build((784, 1024, 10), input_shape=(28, 28))
    many = replace(snapshot, spec=spec, parameters=np.zeros(spec.parameter_count, np.float32))
    coloured: list[int] = []
    colour = type(look.palette).signed_rgba

    def counting(palette: Any, values: Any, scale: float) -> Any:
        coloured.append(np.size(values) // 784)
        return colour(palette, values, scale)

    monkeypatch.setattr(type(look.palette), "signed_rgba", counting)
    gallery.render_snapshot(many)
    gallery.wall.viewport().repaint()
    assert 0 < max(coloured) < 200
    gallery.set_selected(spec.layers[0].id, spec.layers[0].units[1000])
    seen = gallery.wall.tile_rect(1000)
    assert gallery.wall.viewport().rect().contains(seen.toRect())
    QTest.mouseClick(gallery.wall.viewport(), Qt.MouseButton.LeftButton, pos=middle(gallery, 1001))
    assert gallery.wall.accessibleDescription().startswith("neuron 1002 of hidden 1")


def test_hover_tells_of_the_neuron(gallery: WeightGallery, snapshot: Snapshot) -> None:
    movable = np.ones(snapshot.spec.parameter_count, np.bool_)
    movable[:100] = False
    gallery.render_snapshot(replace(snapshot, movable=movable))
    told = gallery.wall.told(0)
    assert told.startswith("neuron 1 of hidden 1\n784 weights from −")
    assert told.endswith("100 weights frozen")


@pytest.mark.parametrize("count", [1, 10, 16, 128, 1000])
@pytest.mark.parametrize("width", [120, 700, 2000])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_tiles_never_overlap_and_are_found_where_they_lie(count: int, width: int, ratio: float) -> None:
    tiles = laid_out(Arrangement(28, 28, 784, is_image=True), count, width, 500, ratio, 15.0)
    assert tiles.count == count
    for tile in {0, count // 2, count - 1}:
        centre = tiles.face(tile).center()
        assert tiles.at(centre.x(), centre.y()) == tile
        assert tiles.face(tile).right() <= width
        assert tile in tiles.in_sight(tiles.face(tile).top(), 10)
    if count > 1:
        assert not tiles.whole(0).intersects(tiles.whole(1))
