"""Which edges are drawn, and how strongly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.views.diagram import edges as edge_sets
from playground.views.diagram.layout import Layout, arrange
from playground.views.diagram.picture import INPUT, Picture


def laid_out(picture: Picture, **options: Any) -> Layout:
    return arrange(picture.spec, 920, 690, 16.0, label_width=50, **options)


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=12), st.integers(0, 3000))
def test_the_budget_is_shared_and_small_pairs_stay_whole(counts: list[int], budget: int) -> None:
    limits = edge_sets.shares(counts, budget)
    assert all(0 <= limit <= count for limit, count in zip(limits, counts, strict=True))
    assert sum(limits) <= budget
    if sum(counts) <= budget:
        assert limits == counts
    else:  # what a pair lacks no other pair has to spare
        cut = [limit for limit, count in zip(limits, counts, strict=True) if limit < count]
        assert max(limits) - min(cut) <= len(counts)


def test_all_edges_are_drawn_while_they_are_few(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot((64, 16, 16, 10)))
    chosen = edge_sets.choose(picture, laid_out(picture), frozenset())
    assert len(chosen) == 16 * 16 + 16 * 10
    assert all(note.shown == note.total for note in chosen.thinned)


def test_thinning_keeps_the_strongest(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot((64, 80, 60, 10)))
    chosen = edge_sets.choose(picture, laid_out(picture), frozenset(), budget=400)
    for layer in (1, 2):
        sizes = np.sort(np.abs(picture.weights[layer]).ravel())[::-1]
        mine = chosen.layers == layer
        drawn = np.sort(np.abs(picture.weights[layer][chosen.rows[mine], chosen.columns[mine]]))[::-1]
        assert 0 < len(drawn) < len(sizes)
        assert np.array_equal(drawn, sizes[: len(drawn)])
    note = chosen.thinned[0]
    assert note.words[0] == f"strongest {note.shown:,} of 4,800"


def test_each_edge_joins_its_two_neurons(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot())
    layout = laid_out(picture)
    chosen = edge_sets.choose(picture, layout, frozenset())
    for layer, row, column, ends in zip(chosen.layers, chosen.rows, chosen.columns, chosen.ends, strict=True):
        source, target = layout.column(layer - 1).cell(int(column)), layout.column(layer).cell(int(row))
        assert source is not None
        assert target is not None
        assert ends[0] == pytest.approx(source.right(), abs=0.01)
        assert ends[1] == pytest.approx(source.center().y(), abs=0.01)
        assert ends[2] <= target.left() + 0.01
        assert ends[3] == pytest.approx(target.center().y(), abs=0.01)


def test_cut_edges_are_left_out_and_listed(make_snapshot: Any) -> None:
    snapshot = make_snapshot()
    present = np.ones(snapshot.spec.parameter_count, np.bool_)
    slots = snapshot.spec.slots[1]
    present[slots.weight.start + 2 * slots.columns + 4] = False
    picture = Picture(make_snapshot(spec=snapshot.spec, flat=snapshot.parameters, present=present))
    layout = laid_out(picture)
    chosen = edge_sets.choose(picture, layout, frozenset())
    assert (1, 2, 4) not in set(zip(chosen.layers, chosen.rows, chosen.columns, strict=True))
    assert len(chosen) == 5 * 6 + 3 * 5 - 1
    cut = edge_sets.cut_edges(picture, layout, frozenset())
    assert list(zip(cut.layers, cut.rows, cut.columns, strict=True)) == [(1, 2, 4)]


def test_layers_shown_as_matrix_have_no_edges(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot())
    chosen = edge_sets.choose(picture, laid_out(picture), frozenset({1}))
    assert set(chosen.layers.tolist()) == {2}


def test_pixel_edges_follow_what_flows(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot())
    chosen = edge_sets.pixel_edges(picture, laid_out(picture), 3, count=5)
    inputs = picture.act(INPUT)
    assert inputs is not None
    flows = np.abs(picture.weights[0][3] * inputs)
    assert set(chosen.columns.tolist()) == set(np.argsort(flows)[-5:].tolist())


def strengths_of(picture: Picture) -> tuple[edge_sets.EdgeSet, np.ndarray[Any, Any]]:
    chosen = edge_sets.choose(picture, laid_out(picture), frozenset())
    weights, flows = chosen.values(picture)
    return chosen, edge_sets.strengths(chosen, weights, flows, picture.scales)


def test_strength_grows_with_weight_and_vanishes_with_it(make_snapshot: Any) -> None:
    snapshot = make_snapshot((3, 4, 2))
    flat = snapshot.parameters.copy()
    flat[snapshot.spec.slots[1].weight] = [0.0, 0.1, -0.2, 0.4, 0.0, -0.8, 1.6, -3.2]
    picture = Picture(make_snapshot(spec=snapshot.spec, flat=flat, reads=False))
    chosen, strengths = strengths_of(picture)
    outgoing = strengths[chosen.layers == 1]
    assert outgoing[0] == outgoing[4] == 0.0
    order = np.argsort(np.abs(flat[snapshot.spec.slots[1].weight]), kind="stable")
    assert (np.diff(outgoing[order][2:]) > 0).all()
    assert outgoing.max() <= 1.0


def test_an_edge_that_carries_more_is_brighter_and_silence_is_not_dark(make_snapshot: Any) -> None:
    snapshot = make_snapshot((3, 4, 2))
    flat = snapshot.parameters.copy()
    flat[snapshot.spec.slots[1].weight] = 1.0  # equal weights: the activation of the source decides
    picture = Picture(make_snapshot(spec=snapshot.spec, flat=flat))
    chosen, strengths = strengths_of(picture)
    act = picture.act(0)
    assert act is not None
    into_first = (chosen.layers == 1) & (chosen.rows == 0)
    assert np.array_equal(np.argsort(strengths[into_first]), np.argsort(act[chosen.columns[into_first]]))
    flat = flat.copy()
    flat[snapshot.spec.slots[0].bias] = -60.0  # all activations 0
    quiet = Picture(make_snapshot(spec=snapshot.spec, flat=flat))
    chosen, strengths = strengths_of(quiet)
    assert strengths[chosen.layers == 1].min() > 0.1


def test_many_strong_edges_stay_calm(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot((64, 120, 120, 10)))
    chosen, strengths = strengths_of(picture)
    mine = strengths[chosen.layers == 1]
    assert len(mine) >= 400
    assert mine.mean() < 0.25
    assert mine.max() > 0.6


def test_weights_that_are_no_numbers_do_no_harm(make_snapshot: Any) -> None:
    snapshot = make_snapshot()
    flat = snapshot.parameters.copy()
    flat[snapshot.spec.slots[1].weight.start] = np.nan
    flat[snapshot.spec.slots[2].weight.start] = np.inf
    with np.errstate(all="ignore"):
        picture = Picture(make_snapshot(spec=snapshot.spec, flat=flat))
    chosen, strengths = strengths_of(picture)
    weights, _ = chosen.values(picture)
    assert np.isfinite(strengths).all()
    assert np.isfinite(edge_sets.half_widths(chosen, weights, picture.scales, 2.0)).all()


def test_wider_for_larger(make_snapshot: Any) -> None:
    picture = Picture(make_snapshot())
    chosen = edge_sets.choose(picture, laid_out(picture), frozenset())
    weights, _ = chosen.values(picture)
    half = edge_sets.half_widths(chosen, weights, picture.scales, 1.7)
    mine = chosen.layers == 1
    order = np.argsort(np.abs(weights[mine]))
    assert (np.diff(half[mine][order]) >= 0).all()
    assert half.max() == pytest.approx(1.7, abs=0.1)
    assert half.min() >= 0.5
