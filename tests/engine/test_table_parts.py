"""Tables in several files: told by name, agreed by columns, scaled by the training part alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.engine import table_data as module
from playground.engine.datasets import DataError, data_from_source
from playground.engine.file_data import files_data
from playground.engine.plain_json import to_json
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_parts import named_parts

TRAIN = "a,b,kind\n" + "\n".join(f"{n},{n % 5},{'xy'[n % 2]}" for n in range(40)) + "\n"
TEST = "kind;b;a\n" + "\n".join(f"{'yxz'[n % 3]};{n};{1000 + n}" for n in range(9)) + "\n"  # written otherwise
CHECK = "a,b,kind\n" + "\n".join(f"{500 + n},{n},x" for n in range(6)) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name, text in (("train", TRAIN), ("test", TEST), ("validation", CHECK)):
        found[name] = tmp_path / f"{name}.csv"
        found[name].write_text(text)
    return found


def again(source: Any) -> Any:
    return json.loads(to_json(source))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("train.csv", "test.csv"), {"train": 0, "test": 1}),
        (("Iris_Test.csv", "Iris_Training.csv"), {"test": 0, "train": 1}),
        (("wine.csv", "wine-test.csv"), {"train": 0, "test": 1}),
        (("a.train.tsv", "a.val.tsv", "a.test.tsv"), {"train": 0, "validation": 1, "test": 2}),
        (("train.csv", "dev.csv"), {"train": 0, "validation": 1}),
        (("contest.csv", "trainer.csv"), None),
        (("a.csv", "b.csv"), None),
        (("train.csv", "training.csv"), None),
        (("test.csv", "val.csv"), None),
        (("train.csv",), None),
    ],
)
def test_parts_are_told_by_the_names_of_files(names: tuple[str, ...], expected: dict[str, int] | None) -> None:
    found = named_parts([Path(name) for name in names])
    assert (None if found is None else {part: names.index(path.name) for part, path in found.items()}) == expected


def test_a_test_file_is_the_test_and_nothing_else_is(files: dict[str, Path]) -> None:
    data = table_data(files["train"], TableChoice("kind", scaling="none"), others={"test": files["test"]})
    assert [len(part) for part in (data.train, data.validation, data.test)] == [28, 12, 9]
    np.testing.assert_array_equal(data.test.inputs, np.array([[1000 + n, n] for n in range(9)], np.float32))
    assert {data.classes[label] for label in data.test.labels} == {"x", "y", "z"}
    assert [data.classes[label] for label in data.test.labels[:3]] == ["y", "x", "z"]
    assert sorted(np.concatenate([data.train.inputs, data.validation.inputs])[:, 0]) == list(range(40))
    assert data.columns is not None
    assert any("'z'" in note for note in data.columns.notes), "a class that is never learnt is told"
    assert data.detail.endswith("test from test.csv")


def test_scaling_knows_the_training_part_alone(files: dict[str, Path]) -> None:
    others = {"validation": files["validation"], "test": files["test"]}
    data = table_data(files["train"], TableChoice("kind", scaling="0..1"), others=others)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [40, 6, 9]
    assert (data.train.inputs.min(), data.train.inputs.max()) == (0, 1)
    assert data.test.inputs[0, 0] == pytest.approx(1000 / 39)
    assert data.validation.inputs[0, 0] == pytest.approx(500 / 39)


def test_a_file_for_validation_leaves_the_test_to_the_share(files: dict[str, Path]) -> None:
    data = table_data(files["train"], TableChoice("kind", train_share=0.9), others={"validation": files["validation"]})
    assert [len(part) for part in (data.train, data.validation, data.test)] == [36, 6, 4]


def test_words_of_both_files_are_inputs(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("w,y\n" + "red,1.5\nblue,2.5\n" * 5)
    (tmp_path / "test.csv").write_text("w,y\ngreen,1.5\nblue,2.5\n,3.5\n")
    data = files_data([tmp_path / "test.csv", tmp_path / "train.csv"])
    assert list(data.source["features"]) == ["w = red", "w = blue", "w = green"]
    assert data.test.inputs.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_columns_must_agree_by_name(files: dict[str, Path]) -> None:
    choice = TableChoice("kind")
    files["test"].write_text("a,c\n1,2\n3,4\n")
    with pytest.raises(DataError, match=r"test.csv has no column 'b', 'kind'.*train.csv. It has 'a', 'c'."):
        table_data(files["train"], choice, others={"test": files["test"]})
    files["test"].write_text("a,b,kind,d\n1,2,x,3\n2,2,y,4\n")
    with pytest.raises(DataError, match=r"test.csv has a column 'd' that train.csv does not have"):
        table_data(files["train"], choice, others={"test": files["test"]})
    files["test"].write_text("a,b,kind\n1,2,x\noops,2,y\n")
    with pytest.raises(DataError, match=r"test.csv, line 3, column 'a'"):
        table_data(files["train"], choice, others={"test": files["test"]})
    files["test"].unlink()
    with pytest.raises(DataError, match=r"test.csv"):
        table_data(files["train"], choice, others={"test": files["test"]})


def test_small_files_are_kept_inside(files: dict[str, Path]) -> None:
    data = table_data(files["train"], others={"test": files["test"]})
    for path in files.values():
        path.unlink()
    back = data_from_source(again(data.source))
    np.testing.assert_array_equal(back.test.inputs, data.test.inputs)
    np.testing.assert_array_equal(back.train.inputs, data.train.inputs)
    assert (back.name, dict(back.source)) == ("train.csv", again(data.source))


def test_large_ones_are_known_by_paths_and_checksum(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 150)  # between the two
    data = table_data(files["train"], others={"test": files["test"]})
    source = again(data.source)
    assert (source["path"], "paths" in source) == (str(files["train"]), False)
    monkeypatch.setattr(module, "KEPT_BYTES", 10)
    data = table_data(files["train"], others={"test": files["test"]})
    source = again(data.source)
    assert (source["path"], source["paths"]) == (str(files["train"]), [str(files["test"])])
    np.testing.assert_array_equal(data_from_source(source).test.inputs, data.test.inputs)
    files["test"].write_text(TEST.replace("1000", "1001"))
    with pytest.raises(DataError, match="is another file than the one"):
        data_from_source(source)


@pytest.mark.parametrize(
    "change",
    [
        {"others": 3}, {"others": {"train": {"text": "a"}}}, {"others": {"test": None}}, {"others": {"test": {}}},
        {"others": {"test": {"file": 0}}}, {"others": {"test": {"file": True}}, "paths": [3]},
        {"others": {"test": {"file": 0}}, "paths": [None]}, {"paths": "x"},
        {"others": {"test": {"text": "q,r\n1,2\n"}}},
    ],
)  # fmt: skip
def test_garbled_descriptions_are_refused(files: dict[str, Path], change: dict[str, Any]) -> None:
    source = again(table_data(files["train"], others={"test": files["test"]}).source)
    with pytest.raises(DataError):
        data_from_source({**source, **change})
