from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from playground.session.preferences import PreferenceError, PreferenceFile, Preferences


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "preferences.json"


def test_every_field_comes_back(path: Path) -> None:
    wanted = Preferences(
        theme="light",
        sign_colours="blue-orange",
        is_projector=True,
        geometry=bytes(range(256)),
        layout=b"\0\xff",
        speed=2.5,
        frame_rate=30,
        device="cuda:0",
        threads=4,
        preset="mnist-like",
        recent_files=("/a/ä.playground", "/b"),
        last_folder="/a",
    )
    PreferenceFile(path).change(**vars(wanted))
    again = PreferenceFile(path)
    assert again.values == wanted
    assert again.word == ""
    assert all(getattr(wanted, name) != value for name, value in vars(Preferences()).items())


def test_a_change_is_told_once_and_only_when_it_is_one(path: Path) -> None:
    preferences = PreferenceFile(path)
    told: list[str] = []
    preferences.changed.connect(told.append)
    preferences.change(theme="dark", frame_rate=60)
    preferences.change(theme="dark")
    assert told == ["theme"]


@pytest.mark.parametrize(
    "change",
    [{"theme": "pink"}, {"speed": float("nan")}, {"speed": 0}, {"frame_rate": 0}, {"threads": True}, {"colour": 1},
     {"recent_files": ["list"]}, {"device": "x\0"}, {"layout": "text"}],
)  # fmt: skip
def test_what_a_preference_cannot_be(path: Path, change: dict[str, Any]) -> None:
    preferences = PreferenceFile(path)
    with pytest.raises(PreferenceError, match=next(iter(change))):
        preferences.change(**change)
    assert preferences.values == Preferences()
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b'{"theme": NaN}', b"[" * 90_000, b"null"])
def test_a_damaged_file_gives_the_defaults_and_a_word(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    preferences = PreferenceFile(path)
    assert preferences.values == Preferences()
    assert "are damaged" in preferences.word
    assert str(path) in preferences.word
    preferences.change(theme="dark")
    assert PreferenceFile(path).values.theme == "dark"


def test_wrong_values_alone_fall_back(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "pink", "frame_rate": 30, "layout": "no base64!", "recent_files": [1]}))
    preferences = PreferenceFile(path)
    assert preferences.values == Preferences(frame_rate=30)
    assert "theme, layout, recent_files" in preferences.word


def test_unknown_keys_and_those_of_another_window_stay(path: Path) -> None:
    one, other = PreferenceFile(path), PreferenceFile(path)
    one.change(theme="dark")
    path.write_text(json.dumps({**json.loads(path.read_text()), "from_the_future": {"a": [1]}}))
    other.change(frame_rate=24)
    content = json.loads(path.read_text())
    assert content["from_the_future"] == {"a": [1]}
    assert (content["theme"], content["frame_rate"]) == ("dark", 24)


def test_recent_files_are_ordered_bounded_and_shared(path: Path, tmp_path: Path) -> None:
    one, other = PreferenceFile(path), PreferenceFile(path)
    for number in range(20):
        one.add_recent(tmp_path / f"{number}")
    other.add_recent(tmp_path / "15")
    names = [Path(entry).name for entry in PreferenceFile(path).values.recent_files]
    assert names == ["15", "19", "18", "17", "16", "14", "13", "12", "11", "10", "9", "8"]
    other.remove_recent(tmp_path / "19")
    assert [Path(entry).name for entry in PreferenceFile(path).values.recent_files][:2] == ["15", "18"]
    other.clear_recent()
    assert PreferenceFile(path).values.recent_files == ()


def test_a_place_that_cannot_be_written_leaves_a_word_and_the_change(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    preferences = PreferenceFile(tmp_path / "file" / "preferences.json")
    preferences.change(theme="dark")
    assert preferences.values.theme == "dark"
    assert "are not kept in" in preferences.word
