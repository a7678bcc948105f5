"""From a table to data: which column is predicted from which, scaled how, parted how. Torch-free."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.checksum import checksum
from playground.engine.columns import Scale, TableColumns
from playground.engine.datasets import MAX_CLASSES, DataError, DataSet, Examples, IsCancelled, Progress, report
from playground.engine.table_facts import FEW
from playground.engine.table_form import (
    CATEGORY,
    COMMENT,
    DATE,
    KINDS,
    LEFT_OUT,
    MAX_COLUMNS,
    MAX_NAME,
    MAX_SKIPPED,
    TableForm,
)
from playground.engine.table_inputs import (
    NONE,
    SCALINGS,
    STANDARDISED,
    column_notes,
    input_columns,
    input_matrix,
    target_notes,
    target_scale,
    usual_target_scaling,
)
from playground.engine.table_numbers import DATE_ORDERS, DECIMALS, GROUPS
from playground.engine.table_parts import Others, described, joined, other_words, others_from, split_rows
from playground.engine.table_plane import plane_note, table_plane
from playground.engine.tables import PASTED, Table, look, read_table, refuse_changed
from playground.engine.targets import CLASSES, VALUES
from playground.engine.workbook import is_workbook, write_sheet

_LATER = ("thousands", "dates", "has_units", "skipped", "comment", "sheet")
KEPT_BYTES = 5_000_000  # of a table, up to which it is kept in the project itself

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
        One of `SCALINGS`: of the columns that the network receives, fitted on the training part only.
    train_share : float
        0.1 to 0.95; what is left goes to validation and test by halves.
    seed : int
    target_scaling : str
        One of `SCALINGS`: of numbers to be predicted, fitted on the training part only; empty for
        `usual_target_scaling`.
    """

    target: str = ""
    task: str = ""
    scaling: str = STANDARDISED
    train_share: float = 0.7
    seed: int = 0
    target_scaling: str = ""


def table_data(
    source: Path | str,
    choice: TableChoice | None = None,
    form: TableForm | None = None,
    *,
    read: Table | None = None,
    others: Others | None = None,
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
    others : mapping, optional
        Files (or texts) of their own for ``validation`` and ``test``; ``source`` is then for training.
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
    if (chosen.target, LEFT_OUT) in zip(written.names, written.kinds, strict=True):
        raise DataError(
            f"{found.name}, column '{chosen.target}' is left out: every value is missing there, or nearly every one is "
            "another word. Predict another column, or take this one for numbers or words."
        )
    table = read or read_table(source, written, progress=progress, cancelled=cancelled)
    report(progress, cancelled, 1.0, f"Preparing {table.name}")
    told = _source(source, written, chosen)
    bounds: Mapping[str, tuple[int, int]] = {}
    if others:
        table, bounds = joined(table, written, others, progress=progress, cancelled=cancelled)
        told |= described(others, source if "path" in told else None, KEPT_BYTES)
    refuse_changed(source, table.mark)
    data = _data(table, chosen, told, bounds)
    return replace(data, detail=f"{data.detail}, {other_words(others)}") if others else data


def table_from_source(
    source: Mapping[str, Any], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Build the data of a table again from a description that somebody else may have written (raises DataError)."""
    form, choice = _form_from(source.get("form")), _choice_from(source.get("choice"))
    text, others = source.get("text"), others_from(source, KEPT_BYTES)
    if isinstance(text, str) and len(text) <= KEPT_BYTES:
        data = table_data(
            text,
            choice,
            replace(form, encoding="utf-8", sheet=""),
            others=others,
            progress=progress,
            cancelled=cancelled,
        )
        _refuse_others(source, data)
        name = source.get("name")
        return replace(data, name=str(name)[:MAX_NAME], source=source) if isinstance(name, str) else data
    path = source.get("path")
    if not isinstance(path, str):
        raise DataError("The description of the table names no file: choose the data again.")
    data = table_data(Path(path), choice, form, others=others, progress=progress, cancelled=cancelled)
    _refuse_others(source, data)
    return data


def _refuse_others(source: Mapping[str, Any], data: DataSet) -> None:
    """Raise DataError where the files of a table are not those that it was made of."""
    if source.get("sha256") not in (None, data.source.get("sha256")):
        path = source.get("path") or ", ".join(map(str, data.source.get("paths", ())))
        raise DataError(f"{path} is another file than the one that this was trained on: choose the data again.")


# ---- from columns to inputs and targets --------------------------------------------------------------------------


def _data(table: Table, choice: TableChoice, source: dict[str, Any], bounds: Mapping[str, tuple[int, int]]) -> DataSet:
    """Make data of a table; ``bounds`` are the rows of parts that were files of their own."""
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
    random = np.random.Generator(np.random.PCG64(choice.seed))
    if bounds:
        parts = split_rows(rows, bounds, choice.train_share, random)
    else:
        order, ends = random.permutation(len(rows)), _ends(len(rows), choice.train_share)
        parts = [order[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
    scales: tuple[Scale, ...] = ()
    reach = (0.0, 0.0)
    of_target = _class_notes(choice.target, classes, labels[parts[0]])
    if values is not None:
        reach = (float(values[parts[0]].min()), float(values[parts[0]].max()))
        values, scale, scaling = _scaled_targets(values, parts[0], choice.target_scaling)
        choice, scales = replace(choice, target_scaling=scaling), (scale,)
        of_target = target_notes(choice.target, reach)
    inputs = input_columns(table, target, rows[parts[0]], choice.scaling)
    notes = (*column_notes(inputs), *of_target)
    columns = TableColumns(inputs, scales, reach, notes)
    columns = replace(columns, notes=tuple(filter(None, (*notes, plane_note(columns, task, len(classes))))))
    examples = [
        Examples(input_matrix(table, inputs, rows[part]), labels[part], None if values is None else values[part])
        for part in parts
    ]
    dropped = len(asked) - len(rows)
    missing = f", {_counted(dropped, 'row')} without target left out" if dropped else ""
    kind = f"{len(classes)} classes" if task == CLASSES else "numbers"
    return DataSet(
        name=table.name,
        source={**source, "choice": asdict(choice), "features": list(columns.names)},
        input_shape=(len(columns.names),),
        classes=classes,
        train=examples[0],
        validation=examples[1],
        test=examples[2],
        detail=f"{_counted(len(rows), 'row')}, {_counted(len(columns.names), 'input')}, {kind}{missing}",
        task=task,
        value_names=(choice.target,) if task == VALUES else (),
        plane=table_plane(columns, examples[0].inputs, examples[1].inputs, task, len(classes)),
        columns=columns,
    )


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" + "s" * (count != 1)


def _scaled_targets(values: Floats32, train: NDArray[np.int64], scaling: str) -> tuple[Floats32, Scale, str]:
    """Return the numbers to be predicted ``[n, 1]`` as the network is to answer them, their scale, and which it is."""
    known = values[train, 0]
    wanted = scaling or usual_target_scaling(float(known.min()), float(known.max()))
    scale = target_scale(known, wanted)
    return (values - np.float32(scale.shift)) / np.float32(scale.size), scale, wanted


def _class_notes(target: str, classes: tuple[str, ...], train: NDArray[np.int64]) -> tuple[str, ...]:
    """Return a sentence on the classes that the training part does not have."""
    met = np.bincount(train, minlength=len(classes))[: len(classes)]
    lacking = [name for name, count in zip(classes, met.tolist(), strict=True) if not count]
    if not lacking:
        return ()
    shown = ", ".join(f"'{name[:40]}'" for name in lacking[:3])
    more = f" and {len(lacking) - 3:,} more" if len(lacking) > 3 else ""
    note = (
        f"Column '{target}': no row of the training part is of the class {shown}{more}, so it is never learnt. Another "
        "seed or a larger share for training may change that."
    )
    return (note,)


def _task(table: Table, target: int, values: Floats32) -> str:
    """Return classes for words and for few different whole numbers, else numbers."""
    if table.kinds[target] == CATEGORY:
        return CLASSES
    if table.kinds[target] == DATE:
        return VALUES
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
    if choice.target_scaling not in ("", *SCALINGS):
        raise DataError(f"'{str(choice.target_scaling)[:20]}' is no scaling: use {', '.join(SCALINGS)}.")
    if choice.task not in ("", CLASSES, VALUES):
        raise DataError(f"'{str(choice.task)[:20]}' is nothing that a table can ask for: use {CLASSES} or {VALUES}.")
    if not isinstance(choice.target, str):
        raise DataError("The description of the table does not name its target.")


def _source(source: Path | str, form: TableForm, choice: TableChoice) -> dict[str, Any]:
    described: dict[str, Any] = {"kind": "table", "form": asdict(form), "choice": asdict(choice)}
    if isinstance(source, str):
        return {**described, "name": PASTED, "text": source}
    content = _sheet_content(source, form) if is_workbook(source) else _content(source)
    if len(content) <= KEPT_BYTES:
        text = content.decode(form.encoding, errors="replace").removeprefix("\ufeff")
        return {**described, "name": source.name, "text": text}
    return {**described, "path": str(source.absolute()), "sha256": checksum((source,))}


def _content(path: Path) -> bytes:
    """Return what a file holds, up to one byte more than is kept."""
    try:
        with path.open("rb") as stream:
            return stream.read(KEPT_BYTES + 1)
    except OSError as error:
        raise DataError(f"{path} could not be read: {error.strerror or error}.") from error


def _sheet_content(path: Path, form: TableForm) -> bytes:
    """Return what a sheet holds as text, or more bytes than are kept."""
    written = io.BytesIO()
    try:
        write_sheet(path, form.sheet, len(form.names), written, most=KEPT_BYTES)
    except DataError:
        return bytes(KEPT_BYTES + 1)
    return written.getvalue()


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
    if type(has_header) is not bool or value["decimal"] not in DECIMALS or len(value["delimiter"]) != 1:
        raise garbled
    if not value["delimiter"].isascii() or value["delimiter"] in '"\r\n':
        raise garbled
    form = TableForm(value["encoding"], value["delimiter"], value["decimal"], has_header, tuple(names), tuple(kinds))
    later = {name: value[name] for name in _LATER if name in value}  # older descriptions lack them
    form = replace(form, **later)
    is_sound = (
        form.thousands in tuple(set(GROUPS) - {form.decimal})
        and form.dates in DATE_ORDERS
        and type(form.has_units) is bool
        and type(form.skipped) is int
        and 0 <= form.skipped <= MAX_SKIPPED
        and form.comment in ("", COMMENT)
        and isinstance(form.sheet, str)
    )
    if not is_sound:
        raise garbled
    return form


def _choice_from(value: Any) -> TableChoice:
    if not isinstance(value, Mapping):
        raise DataError("The description of the table is garbled: choose the data again.")
    known = {name: value[name] for name in TableChoice.__dataclass_fields__ if name in value}
    choice = TableChoice(**{"target_scaling": NONE, **known})  # targets were once learnt as they are
    _check(choice)
    return choice
