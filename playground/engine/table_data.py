"""From a table to data: which column is predicted from which, scaled how, parted how. Torch-free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checksum import checksum
from playground.engine.datasets import MAX_CLASSES, DataError, DataSet, Examples, IsCancelled, Progress, report
from playground.engine.table_facts import FEW
from playground.engine.table_form import CATEGORY, KINDS, MAX_COLUMNS, MAX_NAME, TableForm
from playground.engine.tables import PASTED, Table, look, read_table
from playground.engine.targets import CLASSES, VALUES

KEPT_BYTES = 5_000_000  # of a table, up to which it is kept in the project itself
MAX_INPUTS = 10_000
SCALINGS = ("none", "0..1", "standardised")
_BLOCK_ROWS = 8_192

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class TableChoice:
    """What is made of a table.

    Attributes
    ----------
    target : str
        The column to be predicted; empty for the one that looks most like it.
    task : str
        ``classes`` or ``values``; empty for what the target looks like.
    scaling : str
        One of `SCALINGS`, fitted on the training part only.
    train_share : float
        0.1 to 0.95; what is left goes to validation and test by halves.
    seed : int
    """

    target: str = ""
    task: str = ""
    scaling: str = "standardised"
    train_share: float = 0.7
    seed: int = 0


def table_data(
    source: Path | str,
    choice: TableChoice | None = None,
    form: TableForm | None = None,
    *,
    read: Table | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> DataSet:
    """Read a table and make data of it.

    Parameters
    ----------
    source : Path or str
        A file, or the text itself.
    choice : TableChoice, optional
    form : TableForm, optional
        How it is written, as the user corrected it; found where it is not given.
    read : Table, optional
        What was read from ``source`` in this ``form`` already, for a preview.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        With file, line and column where there is one.
    Cancelled
        When ``cancelled`` said so.
    """
    chosen = choice or TableChoice()
    found = look(source, form)
    written = form or found.form
    chosen = replace(chosen, target=chosen.target or found.target)
    _check(chosen)
    table = read or read_table(source, written, progress=progress, cancelled=cancelled)
    report(progress, cancelled, 1.0, f"Preparing {table.name}")
    return _data(table, chosen, _source(source, written, chosen))


def table_from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Build the data of a table again from a description that somebody else may have written (raises DataError)."""
    form, choice = _form_from(source.get("form")), _choice_from(source.get("choice"))
    text = source.get("text")
    if isinstance(text, str) and len(text) <= KEPT_BYTES:
        data = table_data(text, choice, replace(form, encoding="utf-8"), progress=progress, cancelled=cancelled)
        name = source.get("name")
        return replace(data, name=str(name)[:MAX_NAME], source=source) if isinstance(name, str) else data
    path = source.get("path")
    if not isinstance(path, str):
        raise DataError("The description of the table names no file: choose the data again.")
    data = table_data(Path(path), choice, form, progress=progress, cancelled=cancelled)
    if source.get("sha256") not in (None, data.source["sha256"]):
        raise DataError(f"{path} is another file than the one that this was trained on: choose the data again.")
    return data


# ---- from columns to inputs and targets --------------------------------------------------------------------------


def _data(table: Table, choice: TableChoice, source: dict[str, Any]) -> DataSet:
    target = table.column(choice.target)
    asked = table.values[:, target]
    is_known = np.isfinite(asked)
    if not is_known.any():
        raise DataError(
            f"{table.name}, column '{choice.target}': every value is missing, so there is nothing to learn."
        )
    rows = np.flatnonzero(is_known)
    task = choice.task or _task(table, target, asked[rows])
    classes, labels, values = _targets(table, target, asked[rows], task)
    order = np.random.Generator(np.random.PCG64(choice.seed)).permutation(len(rows))
    ends = _ends(len(rows), choice.train_share)
    parts = [order[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
    names, inputs = _inputs(table, target, [rows[part] for part in parts], choice.scaling)
    examples = [
        Examples(matrix, labels[part], None if values is None else values[part])
        for matrix, part in zip(inputs, parts, strict=True)
    ]
    dropped = len(asked) - len(rows)
    missing = f", {dropped:,} rows without target left out" if dropped else ""
    kind = f"{len(classes)} classes" if task == CLASSES else "numbers"
    return DataSet(
        name=table.name,
        source={**source, "features": list(names)},
        input_shape=(len(names),),
        classes=classes,
        train=examples[0],
        validation=examples[1],
        test=examples[2],
        detail=f"{len(rows):,} rows, {len(names)} inputs, {kind}{missing}",
        task=task,
        value_names=(choice.target,) if task == VALUES else (),
    )


def _task(table: Table, target: int, values: Floats32) -> str:
    """Return classes for words and for few different whole numbers, else numbers."""
    if table.kinds[target] == CATEGORY:
        return CLASSES
    are_whole = bool((values == np.round(values)).all())
    return CLASSES if are_whole and len(np.unique(values)) <= FEW else VALUES


def _targets(
    table: Table, target: int, values: Floats32, task: str
) -> tuple[tuple[str, ...], NDArray[np.int64], Floats32 | None]:
    """Return the names of the classes, labels ``[n]`` and numbers ``[n, 1]``, as the task asks for them."""
    where = f"{table.name}, column '{table.names[target]}'"
    if task == VALUES:
        if table.kinds[target] == CATEGORY:
            raise DataError(f"{where}: these are words, so they can only be classes.")
        return (), np.zeros(len(values), np.int64), np.array(values, np.float32)[:, None]
    different, labels = np.unique(values, return_inverse=True)
    if len(different) > MAX_CLASSES:
        raise DataError(
            f"{where}: there are {len(different):,} classes, more than {MAX_CLASSES:,}. Predict its numbers instead, "
            "or choose another column."
        )
    if len(different) < 2:
        raise DataError(f"{where}: there is one class only, so there is nothing to tell apart.")
    words = table.words[target]
    names = tuple(words[int(code)] for code in different) if words else tuple(f"{value:g}" for value in different)
    return names, labels.astype(np.int64), None


def _inputs(
    table: Table, target: int, parts: list[NDArray[np.int64]], scaling: str
) -> tuple[tuple[str, ...], list[Floats32]]:
    """Return the names of the inputs and for each part (rows of the table) its matrix ``[rows, inputs]``.

    Words become one input each. Goes through the rows block by block: no third copy of a large table is made.
    """
    places = [place for place in range(len(table.names)) if place != target]
    names: list[str] = []
    firsts = []  # the first input of each column
    for place in places:
        firsts.append(len(names))
        names += [f"{table.names[place]} = {word}" for word in table.words[place]] or [table.names[place]]
    if not names:
        raise DataError(f"{table.name} has no column but the target: there is nothing to predict it from.")
    if len(names) > MAX_INPUTS:
        raise DataError(f"{table.name} would have {len(names):,} inputs, more than {MAX_INPUTS:,}: leave columns out.")
    numbers = [(place, first) for place, first in zip(places, firsts, strict=True) if not table.words[place]]
    columns, inputs = [place for place, _ in numbers], [first for _, first in numbers]
    mean, shift, scale = _scaling(table, columns, parts[0], scaling)
    found = [np.zeros((len(rows), len(names)), np.float32) for rows in parts]
    for matrix, rows in zip(found, parts, strict=True):
        for start, block in _row_blocks(table, rows):
            here = matrix[start : start + len(block)]
            values = block[:, columns]
            here[:, inputs] = (np.where(np.isfinite(values), values, mean) - shift) / scale
            for place, first in zip(places, firsts, strict=True):
                for code in range(len(table.words[place])):
                    here[:, first + code] = block[:, place] == code
    return tuple(names), found


def _row_blocks(table: Table, rows: NDArray[np.int64]) -> Iterator[tuple[int, Floats32]]:
    """Yield these rows of the table a few thousand at a time, and where each block begins."""
    for start in range(0, len(rows), _BLOCK_ROWS):
        yield start, table.values[rows[start : start + _BLOCK_ROWS]]


def _scaling(
    table: Table, columns: list[int], train: NDArray[np.int64], scaling: str
) -> tuple[Floats32, Floats32, Floats32]:
    """Return mean, shift and scale of these columns ``[columns]`` by what the training part says."""
    width = len(columns)
    count, total, squares = (np.zeros(width) for _ in range(3))
    low, high = np.full(width, np.inf), np.full(width, -np.inf)
    for _, block in _row_blocks(table, train):
        values = block[:, columns].astype(np.float64)
        known = np.isfinite(values)
        count += known.sum(axis=0)
        total += np.where(known, values, 0.0).sum(axis=0)
        low = np.minimum(low, np.where(known, values, np.inf).min(axis=0))
        high = np.maximum(high, np.where(known, values, -np.inf).max(axis=0))
    if (count == 0).any():
        name = table.names[columns[int((count == 0).argmax())]]
        raise DataError(
            f"{table.name}, column '{name}': every value of the training part is missing. Leave the column out."
        )
    mean = total / count
    if scaling == "standardised":
        for _, block in _row_blocks(table, train):
            away = block[:, columns] - mean
            squares += np.square(np.where(np.isfinite(away), away, 0.0)).sum(axis=0)
    shifts = {"none": np.zeros(width), "0..1": low, "standardised": mean}[scaling]
    scales = {"none": np.ones(width), "0..1": high - low, "standardised": np.sqrt(squares / count)}[scaling]
    scales = np.where(scales > 0, scales, 1.0)
    return mean.astype(np.float32), shifts.astype(np.float32), scales.astype(np.float32)


def _ends(count: int, share: float) -> tuple[int, int, int]:
    train = min(count, max(1, round(count * share)))
    return train, train + (count - train + 1) // 2, count


# ---- descriptions ------------------------------------------------------------------------------------------------


def _check(choice: TableChoice) -> None:
    share, seed = choice.train_share, choice.seed
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0.1 <= share <= 0.95:
        raise DataError("The share for training must lie between 0.1 and 0.95.")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31:
        raise DataError("The seed of the split must be a whole number from 0 to 2,147,483,647.")
    if choice.scaling not in SCALINGS:
        raise DataError(f"'{str(choice.scaling)[:20]}' is no scaling: use {', '.join(SCALINGS)}.")
    if choice.task not in ("", CLASSES, VALUES):
        raise DataError(f"'{str(choice.task)[:20]}' is nothing that a table can ask for: use {CLASSES} or {VALUES}.")
    if not isinstance(choice.target, str):
        raise DataError("The description of the table does not name its target.")


def _source(source: Path | str, form: TableForm, choice: TableChoice) -> dict[str, Any]:
    described: dict[str, Any] = {"kind": "table", "form": asdict(form), "choice": asdict(choice)}
    if isinstance(source, str):
        return {**described, "name": PASTED, "text": source}
    content = _content(source) if source.stat().st_size <= KEPT_BYTES else None
    if content is not None:
        text = content.decode(form.encoding, errors="replace").removeprefix("\ufeff")
        return {**described, "name": source.name, "text": text}
    return {**described, "path": str(source.absolute()), "sha256": checksum((source,))}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} could not be read: {error.strerror or error}.") from error


def _form_from(value: Any) -> TableForm:
    garbled = DataError("The description of the table is garbled: choose the data again.")
    if not isinstance(value, Mapping):
        raise garbled
    names, kinds = value.get("names"), value.get("kinds")
    if not isinstance(names, list | tuple) or not isinstance(kinds, list | tuple) or not 1 <= len(names) <= MAX_COLUMNS:
        raise garbled
    texts = [value.get("encoding"), value.get("delimiter"), value.get("decimal"), *names]
    if not all(isinstance(text, str) and len(text) <= MAX_NAME + 10 for text in texts):
        raise garbled
    if len(kinds) != len(names) or any(kind not in KINDS for kind in kinds) or len(set(names)) != len(names):
        raise garbled
    has_header = value.get("has_header")
    if type(has_header) is not bool or value["decimal"] not in (".", ",") or len(value["delimiter"]) != 1:
        raise garbled
    if not value["delimiter"].isascii() or value["delimiter"] in '"\r\n':
        raise garbled
    return TableForm(value["encoding"], value["delimiter"], value["decimal"], has_header, tuple(names), tuple(kinds))


def _choice_from(value: Any) -> TableChoice:
    if not isinstance(value, Mapping):
        raise DataError("The description of the table is garbled: choose the data again.")
    known = {name: value[name] for name in TableChoice.__dataclass_fields__ if name in value}
    choice = TableChoice(**known)
    _check(choice)
    return choice
