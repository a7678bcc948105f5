"""Which IDX file holds what, told by the names that MNIST and its relatives use. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playground.engine.datasets import DataError

_NAME = re.compile(
    r"(?P<prefix>.*?)[-_.]?(?P<part>train|training|t10k|test|testing)?[-_.]?(?P<what>images|labels)"
    r"([-_.]?idx\d?)?([-_.]?ubyte)?(\.idx)?(?P<gz>\.gz)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class IdxFiles:
    """Which file holds what: paths of images and labels, for training and, where there are, for the test."""

    train_images: Path
    train_labels: Path
    test_images: Path | None = None
    test_labels: Path | None = None

    @property
    def name(self) -> str:
        """Return a name for the screen: that of the data set if it is known by its folder, else the folder's."""
        where = f"{self.train_images.parent.parent.name} {self.train_images.parent.name} {self.train_images.name}"
        where = where.lower()
        for sign, name in (
            ("fashion", "Fashion-MNIST"),
            ("kmnist", "KMNIST"),
            ("kuzushiji", "KMNIST"),
            ("emnist", "EMNIST"),
            ("mnist", "MNIST"),
        ):
            if sign in where:
                return name
        return self.train_images.resolve().parent.name or "IDX files"

    @property
    def paths(self) -> list[Path]:
        """Return all files that there are."""
        every = (self.train_images, self.train_labels, self.test_images, self.test_labels)
        return [path for path in every if path is not None]


def is_idx(name: str) -> bool:
    """Say whether a file bears the name of an IDX file."""
    return _NAME.fullmatch(name) is not None


def find_idx(paths: str | Path | Iterable[str | Path]) -> IdxFiles:
    """Tell by their names which files are the images and labels of the training and the test part.

    Known are the names of MNIST, Fashion-MNIST, KMNIST and EMNIST and their relatives: ``train-images-idx3-ubyte``,
    ``t10k-labels.idx1-ubyte.gz``, ``test-images-idx3-ubyte``, ``images.idx``. A packed and a plain copy of the same
    file count once.

    Parameters
    ----------
    paths : path or several paths
        A folder (a folder ``raw`` in it is looked into as well), or files; the partner of a single file is looked
        for beside it.

    Raises
    ------
    DataError
        When images or labels are missing or the files belong to several data sets.
    """
    given = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    if not given:
        raise DataError("No files were given: choose a folder with IDX files.")
    where = ", ".join(str(path) for path in given[:4]) + (", …" if len(given) > 4 else "")
    sets = _grouped(_candidates(given))
    if not sets:
        raise DataError(
            f"There are no IDX files in {where}: names such as train-images-idx3-ubyte(.gz) and "
            "train-labels-idx1-ubyte(.gz) are looked for. Choose another folder."
        )
    if len(sets) > 1:
        names = ", ".join(sorted(prefix or "(no prefix)" for prefix in sets))
        raise DataError(f"{where} holds several data sets ({names}): open the files of one of them.")
    return _paired(next(iter(sets.values())), where)


def _candidates(given: list[Path]) -> list[Path]:
    """Return the files given, those in the folders given, and the partners that lie beside single files."""
    files: list[Path] = []
    try:
        for path in given:
            if path.is_dir():
                inside = sorted(path.iterdir())
                if not any(_NAME.fullmatch(entry.name) for entry in inside):
                    inside = [file for entry in inside if entry.name == "raw" for file in sorted(entry.iterdir())]
                files += [entry for entry in inside if _NAME.fullmatch(entry.name) and entry.is_file()]
            elif path.exists():
                files += [path, *_partners(path)]
            else:
                raise DataError(f"{path} does not exist: choose the folder or the files again.")
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error.strerror}): choose another folder.") from error
    return files


def _partners(path: Path) -> list[Path]:
    """Return the labels beside a file of images, or the images beside one of labels."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return []
    other = {"images": "labels", "labels": "images"}[match["what"].lower()]

    def is_partner(entry: Path) -> bool:
        found = _NAME.fullmatch(entry.name)
        same = ("prefix", "part")
        return found is not None and found["what"].lower() == other and all(found[k] == match[k] for k in same)

    return [entry for entry in sorted(path.parent.iterdir()) if is_partner(entry) and entry.is_file()]


def _grouped(files: list[Path]) -> dict[str, dict[tuple[str, str], Path]]:
    """Return, by the prefix of the names, what each file is: (part, images or labels)."""
    sets: dict[str, dict[tuple[str, str], Path]] = {}
    for path in files:
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise DataError(
                f"{path.name} does not tell by its name whether it holds images or labels: name it like "
                "train-images-idx3-ubyte or train-labels-idx1-ubyte."
            )
        part = (match["part"] or "").lower()
        part = "test" if part in {"t10k", "test", "testing"} else "train"
        entry = sets.setdefault(match["prefix"].lower(), {})
        key = (part, match["what"].lower())
        if key not in entry or match["gz"] is None:  # the plain copy is the faster one
            entry[key] = path
    return sets


def _paired(files: dict[tuple[str, str], Path], where: str) -> IdxFiles:
    """Return images with labels; a test part on its own is taken as the training part."""
    for part in ("train", "test"):
        images, labels = files.get((part, "images")), files.get((part, "labels"))
        if (images is None) != (labels is None):
            there, missing = (images, "labels") if labels is None else (labels, "images")
            name = re.sub("images|labels", missing, there.name if there else "")
            name = name.replace("idx3", "idx1") if missing == "labels" else name.replace("idx1", "idx3")
            raise DataError(f"{there} has no {missing} beside it: add the file {name} to {where}.")
    both = [files.get((part, what)) for part in ("train", "test") for what in ("images", "labels")]
    if both[0] is None:
        both = [both[2], both[3], None, None]
    if both[0] is None or both[1] is None:
        raise DataError(f"There are no images with labels in {where}: choose another folder.")
    return IdxFiles(both[0], both[1], both[2], both[3])
