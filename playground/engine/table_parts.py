"""A table whose validation or test part is a file of its own: found by its name, agreed by its columns. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checksum import checksum
from playground.engine.datasets import DataError, IsCancelled, Progress
from playground.engine.table_form import LEFT_OUT, MAX_NAME, TableForm
from playground.engine.tables import PASTED, Table, look, read_table

TRAIN, VALIDATION, TEST = "train", "validation", "test"
OTHERS = (VALIDATION, TEST)
Source = Path | str
Others = Mapping[str, Source]  # by part: a file, or the text itself
Rows = NDArray[np.int64]

_WORD = re.compile(r"(?<![a-z])(train|training|valid|validation|val|dev|test|testing)(?![a-z])")
_MEANT = {"train": TRAIN, "training": TRAIN, "test": TEST, "testing": TEST}


def named_parts(paths: Sequence[Path]) -> dict[str, Path] | None:
    """Return which of two or three tables is for training, validation and test, by their names; None for no such set.

    One of them at most may be without a part in its name: it is for training.
    """
    found: dict[str, Path] = {}
    for path in paths:
        words = _WORD.findall(path.stem.lower())
        part = _MEANT.get(words[-1], VALIDATION) if words else TRAIN
        if part in found:
            return None
        found[part] = path
    return found if TRAIN in found and len(found) > 1 else None


def joined(
    table: Table,
    form: TableForm,
    others: Others,
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> tuple[Table, dict[str, tuple[int, int]]]:
    """Read the other files and join them to the table for training.

    Parameters
    ----------
    table : Table
        For training.
    form : TableForm
        Of its file: the kinds of its columns hold for all.
    others : mapping
    progress, cancelled : callables, optional
        See `datasets.report`.

    Returns
    -------
    table : Table
        With the rows of all, and the words of all.
    rows : dict
        For each of the other parts its first row and the one behind its last.

    Raises
    ------
    DataError
        Where columns do not agree by name, or a file cannot be read.
    """
    values, words = [table.values], [list(column) for column in table.words]
    bounds = {}
    count = len(table.values)
    for part in OTHERS:
        if part not in others:
            continue
        source = others[part]
        more = read_table(source, _agreed(source, form, table), progress=progress, cancelled=cancelled)
        values.append(_aligned(more, table, words))
        bounds[part] = (count, count + len(more.values))
        count += len(more.values)
    return replace(table, values=np.concatenate(values), words=tuple(map(tuple, words))), bounds


def split_rows(
    known: Rows, bounds: Mapping[str, tuple[int, int]], share: float, random: np.random.Generator
) -> list[Rows]:
    """Return for training, validation and test the places in ``known``, the rows that have a target.

    Where only one of the other parts is a file, what is left of the share for training is the other.
    """
    start = min(first for first, _ in bounds.values())
    train = random.permutation(np.flatnonzero(known < start))
    if not len(train):
        raise DataError("No row for training has a value in the column that is to be predicted.")
    cut = len(train) if len(bounds) == len(OTHERS) else max(1, round(share * len(train)))
    parts = [train[:cut]]
    for part in OTHERS:
        first, end = bounds.get(part, (0, 0))
        parts.append(np.flatnonzero((known >= first) & (known < end)) if part in bounds else train[cut:])
    return parts


def described(others: Others, main: Source | None, most: int) -> dict[str, Any]:
    """Return the description of the other files: small ones with their text, others by path, all by one checksum.

    ``main`` is the file for training where it is kept by its path as well, ``most`` the bytes of a small one.
    """
    told: dict[str, Any] = {}
    paths: list[Path] = []
    for part, source in others.items():
        if isinstance(source, str):
            told[part] = {"name": PASTED, "text": source}
            continue
        text = _text(source, most)
        if text is None:
            told[part] = {"name": source.name, "file": len(paths)}
            paths.append(source)
        else:
            told[part] = {"name": source.name, "text": text}
    found: dict[str, Any] = {"others": told}
    if paths:
        found["paths"] = [str(path.absolute()) for path in paths]
        found["sha256"] = checksum(([main] if isinstance(main, Path) else []) + paths)
    return found


def others_from(source: Mapping[str, Any], most: int) -> dict[str, Source]:
    """Return the other files of a description that somebody else may have written (raises DataError)."""
    garbled = DataError("The description of the table's parts is garbled: choose the data again.")
    told, paths = source.get("others", {}), source.get("paths", [])
    if not isinstance(told, Mapping) or not set(told) <= set(OTHERS) or not isinstance(paths, list | tuple):
        raise garbled
    found: dict[str, Source] = {}
    for part, entry in told.items():
        if not isinstance(entry, Mapping):
            raise garbled
        text, place = entry.get("text"), entry.get("file")
        if isinstance(text, str) and len(text) <= most:
            found[part] = text
        elif type(place) is int and 0 <= place < len(paths) and isinstance(paths[place], str):
            found[part] = Path(paths[place])
        else:
            raise garbled
    return found


def other_words(others: Others) -> str:
    """Return in a few words which parts are files of their own."""
    told = [f"{part} from {source.name if isinstance(source, Path) else 'a file'}" for part, source in others.items()]
    return ", ".join(told)


def _text(path: Path, most: int) -> str | None:
    try:
        if path.stat().st_size > most:
            return None
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} could not be read: {error.strerror or error}.") from error
    seen = look(path).form
    if getattr(seen, "sheet", ""):  # a workbook is no text
        return None
    return content.decode(seen.encoding, errors="replace").removeprefix("\ufeff")


def _agreed(source: Source, form: TableForm, table: Table) -> TableForm:
    """Return how another file is read: as it is written, with the kinds of the columns for training."""
    own = look(source).form
    if set(own.names) != set(form.names):
        try:
            as_first = look(source, form).form
        except DataError:
            as_first = own
        own = as_first if set(as_first.names) == set(form.names) else own
    name = source.name if isinstance(source, Path) else PASTED
    kinds = dict(zip(form.names, form.kinds, strict=True))
    missing = [column for column in table.names if column not in own.names]
    if missing:
        raise DataError(
            f"{name} has no column {_listed(missing)}: its columns must bear the names of those in {table.name}. It "
            f"has {_listed(own.names)}."
        )
    extra = [column for column in own.names if column not in kinds]
    if extra:
        raise DataError(
            f"{name} has a column {_listed(extra)} that {table.name} does not have: the columns must bear the same "
            "names."
        )
    return replace(own, kinds=tuple(kinds.get(column, LEFT_OUT) for column in own.names), dates=form.dates)


def _aligned(more: Table, table: Table, words: list[list[str]]) -> NDArray[np.float32]:
    """Return the rows of another file with their columns and words in the order of the first; new words join."""
    found = np.empty((len(more.values), len(table.names)), np.float32)
    for place, name in enumerate(table.names):
        there = more.column(name)
        column = more.values[:, there]
        if more.words[there]:
            known = {word: code for code, word in enumerate(words[place])}
            for word in more.words[there]:
                if word not in known:
                    known[word] = len(words[place])
                    words[place].append(word)
            codes = np.array([*(known[word] for word in more.words[there]), np.nan], np.float32)
            is_known = np.isfinite(column)
            column = codes[np.where(is_known, column, len(codes) - 1).astype(np.int64)]
        found[:, place] = column
    return found


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name[:MAX_NAME]}'" for name in names[:6])
    return f"{shown}, …" if len(names) > 6 else shown
