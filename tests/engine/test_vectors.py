from typing import Any

import numpy as np
import pytest

from playground.engine.datasets import DataError, data_from_source
from playground.engine.vectors import none_data

SIX = {
    "kind": "vectors",
    "name": "six inputs",
    "features": ["a", "b", "c", "d", "e", "f"],
    "classes": ["output"],
    "inputs": [[8, 5, 22, -5, 2, -3]],
    "labels": [0],
}


def test_numbers_are_read_from_their_own_description() -> None:
    data = data_from_source(SIX)
    assert data.input_shape == (6,)
    assert data.train.as_float().tolist() == [[8, 5, 22, -5, 2, -3]]
    assert (len(data.train), len(data.validation), len(data.test)) == (1, 0, 0)
    assert dict(data.source) == SIX


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": [[1, 2]]},
        {"inputs": []},
        {"inputs": "rows"},
        {"inputs": [[8, 5, 22, -5, 2, float("nan")]]},
        {"inputs": [[8, 5, 22, -5, 2, True]]},
        {"labels": [1]},
        {"labels": [0.0]},
        {"labels": []},
        {"features": []},
        {"features": [1, 2, 3, 4, 5, 6]},
        {"classes": ["x" * 1000]},
        {"features": None},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"\.$"):
        data_from_source({**SIX, **change})


def test_no_data_fit_the_network_they_stand_for() -> None:
    data = none_data((28, 28), ("a", "b"))
    assert (data.features, len(data.train), data.classes) == (784, 0, ("a", "b"))
    assert data.train.inputs.dtype == np.uint8
