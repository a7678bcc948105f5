"""The list of what can be hidden for a class: its ids are stable words, its actions and places exist."""

from __future__ import annotations

from itertools import chain

import pytest

from playground.app.action_table import ACTIONS
from playground.app.catalog import LABS
from playground.app.class_parts import all_parts, presets
from playground.engine.hidden import MOST_HIDDEN, hidden_parts, hidden_to_json

PARTS = all_parts(LABS)
NEVER_HIDDEN = (
    "training.play",
    "file.new",
    "file.open",
    "file.save",
    "file.save_as",
    "file.quit",
    "view.class",
    "help.lab",
)


def test_ids_are_told_apart_and_can_stand_in_a_file() -> None:
    ids = [part.id for part in PARTS]
    assert len(set(ids)) == len(ids)
    assert hidden_parts(hidden_to_json(ids)) == set(ids)
    assert len(ids) < MOST_HIDDEN / 2, "there is room for more parts"


def test_every_action_exists_and_a_way_back_is_never_among_them() -> None:
    known = {row.id for row in ACTIONS} | {f"lab.{lab.name}" for lab in LABS}
    named = set(chain.from_iterable(part.actions for part in PARTS))
    assert named <= known
    assert not named & set(NEVER_HIDDEN)


def test_every_part_says_what_it_is() -> None:
    for part in PARTS:
        assert part.title, part.id
        assert part.sentence.endswith((".", "…")), part.id
        assert part.group, part.id


def test_presets_name_parts_that_exist() -> None:
    ids = {part.id for part in PARTS}
    found = presets(PARTS)
    assert not found[0].hidden
    assert all(one.hidden <= ids for one in found)
    assert len({one.hidden for one in found}) == len(found)
    kept = ids - next(one.hidden for one in found if one.title == "Only play and paint")
    assert {"network.brush", "network.drawing", "superposition.tools", "network.curves"} <= kept
    assert "network.optimizer" not in kept


@pytest.mark.parametrize(
    "value", [None, 5, "network.loss", {"network.loss": 1}, [["network.loss"]], ["Network", "a..b", ""]]
)
def test_what_is_no_list_of_ids_hides_nothing(value: object) -> None:
    assert hidden_parts(value) == set()
