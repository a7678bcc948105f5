"""The sets of scikit-learn: offered where it is installed, with true names, kept by projects without it."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from playground.engine import bundled_sets as module
from playground.engine.bundled_sets import SETS, bundled_digits, bundled_sets, bundled_table
from playground.engine.datasets import DataError, data_from_source
from playground.engine.plain_json import to_json
from playground.engine.table_data import table_data
from tests.engine.bundled_samples import forget, install

IS_REAL = importlib.util.find_spec("sklearn") is not None


def test_they_are_offered_only_where_it_is_installed_and_nothing_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PACKAGE", "a_package_that_nobody_has")
    assert bundled_sets() == ()
    with pytest.raises(DataError, match=r"comes with scikit-learn, which cannot be used here .*pip install"):
        bundled_table("iris", tmp_path)
    monkeypatch.undo()
    install(tmp_path, monkeypatch)
    assert [each.key for each in bundled_sets()] == ["iris", "wine", "breast_cancer", "diabetes", "digits"]
    assert "sklearn" not in sys.modules


def test_a_table_has_the_true_names_of_columns_and_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    path = bundled_table("iris", tmp_path / "cache")
    data = table_data(path)
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert list(data.source["features"]) == [
        "sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal, width",
    ]  # fmt: skip
    assert sum(map(len, (data.train, data.validation, data.test))) == 60
    path.unlink()
    forget(monkeypatch)
    again = data_from_source(json.loads(to_json(data.source)))
    np.testing.assert_array_equal(again.train.inputs, data.train.inputs)


def test_numbers_to_be_predicted_stay_numbers_in_their_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    data = table_data(bundled_table("diabetes", tmp_path))
    assert (data.task, data.value_names) == ("values", ("progression",))
    assert data.columns is not None
    targets = np.concatenate(
        [part.values for part in (data.train, data.validation, data.test) if part.values is not None]
    )
    original = np.sort(data.columns.targets[0].original(targets[:, 0]))
    np.testing.assert_allclose(original, 3 * np.arange(20.0, 60.0) + 0.5, atol=1e-3)


def test_digits_are_pictures_that_a_project_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    data = bundled_digits()
    assert (data.input_shape, data.classes) == ((8, 8), tuple("0123456789"))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [80, 20, 20]
    assert (data.train.inputs.min(), data.train.inputs.max()) == (0, 255)
    again = data_from_source(json.loads(to_json(data.source)))
    np.testing.assert_array_equal(again.test.inputs, data.test.inputs)
    assert not np.array_equal(bundled_digits(seed=1).train.inputs, data.train.inputs)


def test_what_is_not_as_expected_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="brings no set 'moons': choose iris"):
        bundled_table("moons", tmp_path)
    install(tmp_path / "a", monkeypatch)
    for key in ("wine", "breast_cancer"):  # a label without a name; no such function
        with pytest.raises(DataError, match="not as expected in the scikit-learn that is installed"):
            bundled_table(key, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"iris.csv could not be written"):
        bundled_table("iris", tmp_path / "file")
    install(tmp_path / "b", monkeypatch, "raise ImportError('no compiled part')")
    with pytest.raises(DataError, match=r"cannot be used here \(no compiled part\)"):
        bundled_digits()


@pytest.mark.skipif(not IS_REAL, reason="scikit-learn is not installed")
def test_the_real_ones(tmp_path: Path) -> None:
    expected = {"iris": (150, 4, 3), "wine": (178, 13, 3), "breast_cancer": (569, 30, 2), "diabetes": (442, 10, 1)}
    assert {each.key for each in SETS} == {*expected, "digits"}
    for key, (rows, inputs, outputs) in expected.items():
        data = table_data(bundled_table(key, tmp_path))
        count = sum(map(len, (data.train, data.validation, data.test)))
        assert (count, data.features, data.outputs) == (rows, inputs, outputs)
    digits = bundled_digits()
    assert sum(map(len, (digits.train, digits.validation, digits.test))) == 1797
