"""Folders of pictures: what is found, what is left out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.engine.datasets import Cancelled, DataError
from playground.engine.image_folder import find_images, is_image_folder
from tests.engine.picture_samples import folder_of, noise


def test_classes_are_folders_in_the_order_of_people(tmp_path: Path) -> None:
    folder_of(tmp_path, {"10": 1, "2": 2, "b": 1})
    (tmp_path / "2" / "deeper").mkdir()
    noise(1).save(tmp_path / "2" / "deeper" / "x.JPG", "JPEG")
    found = find_images(tmp_path)
    assert found.counts() == (("2", 3), ("10", 1), ("b", 1))
    assert [file.name for file in found.files if file.label == 0] == ["2/000.png", "2/001.png", "2/deeper/x.JPG"]
    assert not found.has_parts
    assert is_image_folder(tmp_path)
    assert not is_image_folder(tmp_path / "2" / "000.png")


def test_folders_of_parts_are_told_from_classes(tmp_path: Path) -> None:
    for part, count in (("Train", 3), ("test", 2), ("val", 1)):
        folder_of(tmp_path / part, {"a": count, "b": count})
    (tmp_path / "papers").mkdir()
    found = find_images(tmp_path)
    assert {part: len(files) for part, files in found.parts.items()} == {"train": 6, "validation": 2, "test": 4}
    noise(1).save(tmp_path / "Train" / "bus.png")  # now these are classes: trains have pictures of their own
    folder_of(tmp_path / "bus", {"x": 2})
    assert [name for name, _ in find_images(tmp_path).counts()] == ["bus", "test", "Train", "val"]


def test_a_folder_around_it_is_gone_into(tmp_path: Path) -> None:
    folder_of(tmp_path / "outer" / "inner", {"a": 1, "b": 1})
    assert find_images(tmp_path).classes == ("a", "b")
    folder_of(tmp_path / "alone" / "train", {"a": 1, "b": 1})
    assert find_images(tmp_path / "alone").classes == ("a", "b")


def test_what_systems_leave_is_passed_over_and_the_rest_is_named(tmp_path: Path) -> None:
    folder_of(tmp_path / "p", {"a": 2, "b": 2})
    for name in (".DS_Store", "a/.hidden.png", "a/Thumbs.db", "b/desktop.ini"):
        (tmp_path / "p" / name).write_bytes(b"x")
    (tmp_path / "p" / "__MACOSX").mkdir()
    assert find_images(tmp_path / "p").left_out.words() == ""
    (tmp_path / "p" / "a" / "notes.txt").write_text("x")
    (tmp_path / "p" / "empty").mkdir()
    noise(1).save(tmp_path / "p" / "loose.png")
    found = find_images(tmp_path / "p")
    assert found.classes == ("a", "b")
    assert found.left_out.words() == (
        "Left out: other files: 1 (a/notes.txt); folders without a picture: 1 (empty); "
        "pictures that lie in no class's folder: 1 (loose.png)."
    )


def test_links_lead_nowhere_out_of_the_folder(tmp_path: Path) -> None:
    folder_of(tmp_path / "p", {"a": 2, "b": 2})
    secret = folder_of(tmp_path / "secret", {"s": 2})
    (tmp_path / "p" / "a" / "out.png").symlink_to(secret / "s" / "000.png")
    (tmp_path / "p" / "a" / "in.png").symlink_to(tmp_path / "p" / "b" / "000.png")
    (tmp_path / "p" / "a" / "dead.png").symlink_to(tmp_path / "nothing")
    (tmp_path / "p" / "a" / "loop").symlink_to(tmp_path / "p")
    (tmp_path / "p" / "c").symlink_to(secret / "s")
    found = find_images(tmp_path / "p")
    assert found.counts() == (("a", 3), ("b", 2))
    words = found.left_out.words()
    for name in ("a/out.png", "a/dead.png", "a/loop", "links to folders: 1 (c)"):
        assert name in words


def test_what_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"empty has no sub-folders with pictures \(there are none, and no IDX files"):
        find_images(tmp_path / "empty")
    noise(1).save(tmp_path / "empty" / "x.png")
    with pytest.raises(DataError, match=r"1 lie in empty itself"):
        find_images(tmp_path / "empty")
    with pytest.raises(DataError, match="one class only \\('cat'\\)"):
        find_images(folder_of(tmp_path / "one", {"cat": 2}))
    with pytest.raises(DataError, match="is not there"):
        find_images(tmp_path / "nothing")
    folder_of(tmp_path / "parts" / "train", {"a": 1, "b": 1})
    folder_of(tmp_path / "parts" / "test", {"a": 1, "c": 1})
    with pytest.raises(DataError, match=r"test/c is a class for the test that the folder 'train' does not have"):
        find_images(tmp_path / "parts")


def test_ten_thousand_classes_are_refused_before_they_are_searched(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"c{number}").mkdir()
    with pytest.raises(DataError, match="has 10,000 sub-folders"):
        find_images(tmp_path)


def test_names_that_are_no_text_are_shown_all_the_same(tmp_path: Path) -> None:
    for number, name in enumerate((b"a\xff", b"a\xfe")):
        folder = Path(str(tmp_path)) / name.decode("utf-8", "surrogateescape")
        folder.mkdir()
        noise(number).save(folder / "x.png")
    assert find_images(tmp_path).classes == ("a?", "a? 2")


def test_the_search_can_be_broken_off(tmp_path: Path) -> None:
    folder_of(tmp_path / "p", {"a": 2, "b": 2})
    with pytest.raises(Cancelled):
        find_images(tmp_path / "p", cancelled=lambda: True)
