"""What is told of the columns of a table, counted by hand beside it."""

from __future__ import annotations

import numpy as np
import pytest

from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_facts import table_facts
from playground.engine.table_form import with_kind
from playground.engine.tables import look, read_table

TEXT = "size,rooms,kind,odd\n1.5,2,red,9\n,3,blue,NA\n4,2,red,\n-2.5,2,,7\n"


def test_missing_values_reach_and_balance_are_those_of_the_table() -> None:
    facts = table_facts(read_table(TEXT, look(TEXT).form))
    assert facts.rows == 4
    size, rooms, kind, odd = (facts.columns[name] for name in ("size", "rooms", "kind", "odd"))
    assert (size.missing, size.low, size.high, size.counts) == (1, -2.5, 4.0, ())
    assert (rooms.missing, rooms.counts) == (0, (("2", 3), ("3", 1)))
    assert (kind.missing, kind.is_words, kind.counts) == (1, True, (("red", 2), ("blue", 1)))
    assert odd.missing == 2


def test_a_column_of_nothing_has_no_reach() -> None:
    text = "a,b\n,1\n,2\n"
    form = with_kind(look(text).form, "a", "number")
    found = table_facts(read_table(text, form)).columns["a"]
    assert found.missing == 2
    assert np.isnan(found.low)


@pytest.mark.parametrize("target", ["size", "rooms", "kind", "many", "day"])
def test_the_task_that_is_told_is_the_one_that_the_data_have(target: str) -> None:
    rows = [f"{n / 7:.3f},{n % 3},{'xy'[n % 2]},{n},2024-01-{n % 9 + 1}" for n in range(40)]
    text = "\n".join(["size,rooms,kind,many,day", *rows, ""])
    form = look(text).form
    facts = table_facts(read_table(text, form))
    assert facts.columns[target].task == table_data(text, TableChoice(target), form).task
