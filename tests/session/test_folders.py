from __future__ import annotations

from pathlib import Path

import pytest

from playground.session.folders import folders


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    found = folders({"PLAYGROUND_HOME": str(tmp_path / "here"), "XDG_CACHE_HOME": "/elsewhere"})
    assert {path.parent for path in vars(found).values()} == {tmp_path / "here"}
    assert len(set(vars(found).values())) == 5


def test_linux_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    found = folders({"XDG_CACHE_HOME": "/var/ada", "XDG_CONFIG_HOME": "relative/is/ignored"}, "linux")
    assert found.cache == Path("/var/ada/playground")
    assert found.config == Path("/home/ada/.config/playground")
    assert found.data == Path("/home/ada/.local/share/playground/data")
    assert found.log == Path("/home/ada/.local/state/playground/log")
    assert found.autosave == Path("/home/ada/.local/state/playground/autosave")


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux"])
def test_no_two_folders_are_the_same(platform: str) -> None:
    found = list(vars(folders({}, platform)).values())
    assert len(set(found)) == 5
    assert all("playground" in str(path) for path in found)


def test_made_makes_them_and_bears_those_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands there", encoding="utf-8")
    found = folders({"PLAYGROUND_HOME": str(tmp_path)}).made()
    assert found.autosave.is_dir()
    assert not found.cache.is_dir()
