"""A folder of pictures, one sub-folder for each class: the files there are, of which class and part. Torch-free."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playground.engine.datasets import MAX_CLASSES, DataError, IsCancelled, Progress, report
from playground.engine.idx_names import is_idx
from playground.engine.picture_file import SUFFIXES

MAX_FILES = 500_000
MAX_DEPTH = 8
MAX_NAME = 100
NAMED = 3  # of files that are left out, by name

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_PARTS = {
    "train": TRAIN, "training": TRAIN, "val": VALIDATION, "valid": VALIDATION, "validation": VALIDATION,
    "test": TEST, "testing": TEST,
}  # fmt: skip
_UNSEEN = {"thumbs.db", "desktop.ini", "__macosx"}  # what systems leave in folders


@dataclass(frozen=True)
class ImageFile:
    """One picture: its name below the folder, and the number of its class."""

    name: str
    label: int


@dataclass(eq=False)
class LeftOut:
    """What is not taken: how many of each kind, and the names of the first."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, name: str) -> None:
        """Count one more."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        named = self.names.setdefault(kind, [])
        if len(named) < NAMED:
            named.append(readable(name))

    def words(self) -> str:
        """Return all of it in a sentence, or nothing."""
        told = []
        for kind, count in self.counts.items():
            names = ", ".join(self.names[kind]) + (", …" if count > NAMED else "")
            told.append(f"{kind}: {count:,} ({names})")
        return f"Left out: {'; '.join(told)}." if told else ""


@dataclass(frozen=True, eq=False)
class ImageFolder:
    """The pictures of a folder.

    Attributes
    ----------
    path : Path
    classes : tuple of str
        The names of the sub-folders, numbers in their order.
    parts : dict
        The files of ``train`` and, where the folder has such folders, of ``validation`` and ``test``.
    left_out : LeftOut
    """

    path: Path
    classes: tuple[str, ...]
    parts: dict[str, tuple[ImageFile, ...]]
    left_out: LeftOut

    @property
    def has_parts(self) -> bool:
        """Say whether folders part the pictures already."""
        return len(self.parts) > 1

    @property
    def files(self) -> tuple[ImageFile, ...]:
        """Return the files of all parts."""
        return tuple(file for part in self.parts.values() for file in part)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return the classes with their number of pictures."""
        found = [0] * len(self.classes)
        for file in self.files:
            found[file.label] += 1
        return tuple(zip(self.classes, found, strict=True))


def is_image_folder(path: Path) -> bool:
    """Say whether a folder is to be read as pictures: it is one, and holds no IDX files."""
    try:
        if not path.is_dir():
            return False
        entries = [entry.name for entry in os.scandir(path)]
        if "raw" in entries and (path / "raw").is_dir():
            entries += [entry.name for entry in os.scandir(path / "raw")]
    except OSError:
        return False
    return not any(is_idx(name) for name in entries)


def find_images(path: Path, *, progress: Progress | None = None, cancelled: IsCancelled | None = None) -> ImageFolder:
    """Find the pictures in a folder with a sub-folder for each class; deeper folders belong to their class.

    Folders ``train`` and ``test`` (or ``validation``) right below hold the classes of each part. A single folder
    with nothing beside it, as archives leave it, is gone into. Links that lead out of the folder are not followed.

    Raises
    ------
    DataError
        Where there are no pictures, one class only or too many, or a folder cannot be read.
    Cancelled
        When ``cancelled`` said so.
    """
    search = _Search(path, progress, cancelled)
    top = search.inner(path)
    folders = search.folders(top)
    parts: dict[str, list[Path]] = {}
    for folder in folders:
        part = _PARTS.get(folder.name.lower())
        if part is not None and search.folders(folder) and not search.has_pictures(folder):
            parts.setdefault(part, []).append(folder)
    if TRAIN in parts:
        named = [part for part in (TRAIN, VALIDATION, TEST) if part in parts]
        return search.folder({part: [entry for one in parts[part] for entry in search.folders(one)] for part in named})
    return search.folder({TRAIN: folders})


class _Search:
    """Goes through a folder once."""

    def __init__(self, path: Path, progress: Progress | None, cancelled: IsCancelled | None) -> None:
        self._root, self._progress, self._cancelled = path, progress, cancelled
        self._left_out = LeftOut()
        self._seen = 0
        try:
            self._real = path.resolve(strict=True)
            if not path.is_dir():
                raise DataError(f"{path} is no folder: choose one with a sub-folder of pictures for each class.")
        except OSError as error:
            raise DataError(f"{path} is not there ({error.strerror or error}): choose the folder again.") from error

    def inner(self, path: Path) -> Path:
        """Return the folder that holds the folders of classes: a single folder is gone into."""
        for _ in range(MAX_DEPTH):
            folders = self.folders(path)
            is_wrapped = len(folders) == 1 and folders[0].name.lower() not in _PARTS
            if not is_wrapped or self.has_pictures(folders[0]) or not self.folders(folders[0]):
                return path
            path = folders[0]
        return path

    def folder(self, found: dict[str, list[Path]]) -> ImageFolder:
        """Return the pictures below the folders of classes of each part."""
        names = sorted({folder.name for folder in found[TRAIN]}, key=_in_order)
        if len(names) > MAX_CLASSES:
            raise DataError(
                f"{self._root} has {len(names):,} sub-folders, each of which would be a class; {MAX_CLASSES:,} are the "
                "most. Choose a folder with fewer."
            )
        self._refuse_other_classes(found, names)
        files = {
            part: [(folder.name, name) for folder in folders for name in self._pictures(folder, 0)]
            for part, folders in found.items()
        }
        filled = {name for name, _ in files[TRAIN]}
        for name in names:
            if name not in filled:
                self._left_out.add("folders without a picture", name)
        names = [name for name in names if name in filled]
        self._refuse_empty(names)
        self._loose(self._root)
        labels = {name: label for label, name in enumerate(names)}
        parts = {
            part: tuple(
                ImageFile(name, labels[folder])
                for folder, name in sorted(entries, key=lambda entry: (labels.get(entry[0], 0), _in_order(entry[1])))
                if folder in labels
            )
            for part, entries in files.items()
        }
        kept = {part: entries for part, entries in parts.items() if entries}
        return ImageFolder(self._root, _readable(names), kept, self._left_out)

    def folders(self, path: Path) -> list[Path]:
        """Return the folders in one that can be classes."""
        return [path / entry.name for entry in self._entries(path) if not entry.is_symlink() and entry.is_dir()]

    def has_pictures(self, path: Path) -> bool:
        """Say whether pictures lie in a folder itself."""
        return any(_is_picture(entry.name) and not entry.is_dir() for entry in self._entries(path))

    def _entries(self, path: Path) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    self._seen += 1
                    if self._seen % 500 == 1:
                        words = f"Looking through {self._root.name}: {self._seen:,} files"
                        report(self._progress, self._cancelled, 0.0, words)
                    if not entry.name.startswith(".") and entry.name.lower() not in _UNSEEN:
                        yield entry
        except OSError as error:
            raise DataError(f"{path} could not be read: {error.strerror or error}.") from error

    def _pictures(self, folder: Path, depth: int) -> Iterator[str]:
        """Yield the names of all pictures below a folder, seen from the root."""
        deeper = []
        for entry in self._entries(folder):
            path = folder / entry.name
            name = path.relative_to(self._root).as_posix()
            if entry.is_symlink() and not self._is_inside(path):
                self._left_out.add("links that lead out of the folder", name)
            elif entry.is_dir(follow_symlinks=False):
                deeper.append(path)
            elif not _is_picture(entry.name) or not entry.is_file():
                self._left_out.add("other files", name)
            else:
                if self._seen > MAX_FILES:
                    raise DataError(f"{self._root} holds more than {MAX_FILES:,} files, too many: take a part of them.")
                yield name
        if depth < MAX_DEPTH:
            for path in deeper:
                yield from self._pictures(path, depth + 1)
        elif deeper:
            self._left_out.add("folders that lie too deep", deeper[0].relative_to(self._root).as_posix())

    def _is_inside(self, link: Path) -> bool:
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            return False
        return target.is_relative_to(self._real) and target.is_file()

    def _loose(self, path: Path) -> None:
        for entry in self._entries(path):
            if _is_picture(entry.name) and not entry.is_dir():
                self._left_out.add("pictures that lie in no class's folder", entry.name)
            elif entry.is_symlink() and entry.is_dir():
                self._left_out.add("links to folders", entry.name)

    def _refuse_other_classes(self, found: dict[str, list[Path]], names: Sequence[str]) -> None:
        for part, folders in found.items():
            strange = next((folder for folder in folders if folder.name not in names), None)
            if strange is not None:
                raise DataError(
                    f"{strange} is a class for the {part} that the folder '{TRAIN}' does not have: name the "
                    "sub-folders alike."
                )

    def _refuse_empty(self, names: Sequence[str]) -> None:
        if not names:
            loose = sum(_is_picture(entry.name) for entry in self._entries(self._root))
            there = f"{loose:,} lie in {self._root.name} itself" if loose else "there are none, and no IDX files either"
            raise DataError(
                f"{self._root} has no sub-folders with pictures ({there}). Put those of each class into a folder that "
                "bears its name."
            )
        if len(names) == 1:
            raise DataError(
                f"{self._root} has pictures of one class only ('{names[0][:60]}'), so there is nothing to tell apart: "
                "a sub-folder for each class is needed."
            )


def _is_picture(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _in_order(name: str) -> list[tuple[int, int, str]]:
    """Return what sorts names as people do: 2 before 10."""
    pieces = re.split(r"(\d{1,18})", name.lower())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece] + [(2, 0, name)]


def readable(name: str) -> str:
    """Return the name of a file or folder so that it can be shown and written: its end where it is long."""
    sound = name.encode("utf-8", "replace").decode("utf-8")
    shown = "".join(letter if letter.isprintable() else "?" for letter in sound)
    return shown if len(shown) <= MAX_NAME else f"…{shown[1 - MAX_NAME :]}"


def _readable(names: Sequence[str]) -> tuple[str, ...]:
    """Return names of classes that can be shown, each once."""
    found: list[str] = []
    for given in names:
        shown = readable(given)
        name, again = shown, 2
        while name in found:
            name, again = f"{shown} {again}", again + 1
        found.append(name)
    return tuple(found)
