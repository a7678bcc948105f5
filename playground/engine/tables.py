"""Tables of text (CSV, TSV, pasted from a spreadsheet) into numbers, block by block, by pyarrow's reader. Torch-free.

Every cell is read as text and turned into a number here, so that what cannot be one is told with its line and column.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.engine.datasets import DataError, IsCancelled, Progress, report
from playground.engine.table_form import (
    CATEGORY,
    LEFT_OUT,
    MAX_WORDS,
    MISSING,
    SAMPLE_BYTES,
    TableForm,
    TableLook,
    is_number,
    look_at,
)
from playground.engine.watched_stream import WatchedStream

BLOCK_BYTES = 4 << 20
MAX_VALUES = 400_000_000
MAX_FILE_BYTES = 16 << 30
PASTED = "pasted table"

Floats32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Table:
    """A table that has been read.

    Attributes
    ----------
    name : str
    names, kinds : tuple of str
        Of the columns that are there: those left out are gone.
    values : ndarray [rows, columns], float32
        Numbers, and for words their index; NaN where a value is missing.
    words : tuple
        For each column its words, empty for numbers.
    """

    name: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    values: Floats32
    words: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int:
        """Return the place of a column (raises DataError)."""
        if name not in self.names:
            raise DataError(f"{self.name} has no column '{name[:60]}': it has {', '.join(self.names[:12])}.")
        return self.names.index(name)


def look(source: Path | str, form: TableForm | None = None) -> TableLook:
    """Look at the beginning of a file, or of a pasted text, for a preview.

    Raises
    ------
    DataError
        Where it cannot be read or is no table.
    """
    name = source.name if isinstance(source, Path) else PASTED
    with _opened(source) as stream:
        sample = stream.read(SAMPLE_BYTES)
        return look_at(sample, name, form, is_whole=len(sample) < SAMPLE_BYTES)


def read_table(
    source: Path | str,
    form: TableForm,
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Table:
    """Read a whole table.

    Parameters
    ----------
    source : Path or str
        A file, or the text itself.
    form : TableForm
        As `look` found it, or as the user corrected it.
    progress, cancelled : callables, optional
        See `datasets.report`.

    Raises
    ------
    DataError
        With file, line and column, where a row has more or fewer cells, a number is none, or there is too much.
    Cancelled
        When ``cancelled`` said so.
    """
    name = source.name if isinstance(source, Path) else PASTED
    chosen = [place for place, kind in enumerate(form.kinds) if kind != LEFT_OUT]
    if not chosen:
        raise DataError(f"All columns of {name} are left out: choose at least two.")
    with _opened(source) as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        blocks = _Blocks(name, form, chosen)
        parts: list[Floats32] = []
        rows = 0
        watched = WatchedStream(stream)
        for batch in blocks.of(watched):
            report(progress, cancelled, min(1.0, stream.tell() / max(1, size)), f"Reading {name}")
            parts.append(blocks.numbers(batch, rows))
            rows += len(parts[-1])
            if rows * len(chosen) > MAX_VALUES:
                raise DataError(f"{name} has more than {MAX_VALUES:,} values, too many: leave columns out.")
    if not rows:
        raise DataError(f"{name} has no rows under its header.")
    blocks.refuse_open_quote(watched, rows)
    values = _joined(parts, rows, len(chosen))
    return Table(
        name,
        tuple(form.names[place] for place in chosen),
        tuple(form.kinds[place] for place in chosen),
        values,
        tuple(tuple(blocks.words[place]) for place in chosen),
    )


def _joined(parts: list[Floats32], rows: int, columns: int) -> Floats32:
    """Return all parts as one array; each is let go once it is copied."""
    values = np.empty((rows, columns), np.float32)
    end = rows
    while parts:
        part = parts.pop()
        values[end - len(part) : end] = part
        end -= len(part)
    return values


def _opened(source: Path | str) -> BinaryIO:
    if isinstance(source, str):
        return io.BytesIO(source.encode("utf-8"))
    try:
        if not source.is_file():
            raise DataError(f"{source} is no file: choose a table (CSV, TSV or text).")
        if source.stat().st_size > MAX_FILE_BYTES:
            raise DataError(f"{source.name} is larger than {MAX_FILE_BYTES >> 30} GB: take a part of it.")
        return source.open("rb")
    except OSError as error:
        raise DataError(f"{source} could not be read: {error.strerror or error}.") from error
    except ValueError as error:  # a NUL in the path
        if isinstance(error, DataError):
            raise
        raise DataError(f"{str(source)[:200]!r} is no path of a file.") from error


class _Blocks:
    """Reads a stream block by block and turns the texts of each into numbers."""

    def __init__(self, name: str, form: TableForm, chosen: Sequence[int]) -> None:
        self._name, self._form, self._chosen = name, form, chosen
        self._bad_row = ""
        self._empty: list[int] = []  # physical rows without anything
        self.words: list[dict[str, int]] = [{} for _ in form.names]

    def of(self, stream: WatchedStream) -> Iterator[Any]:
        """Yield record batches of texts."""
        import pyarrow as pa
        from pyarrow import csv

        form = self._form
        columns = [str(place) for place in range(len(form.names))]
        try:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=columns,
                    skip_rows=int(form.has_header),
                    encoding=form.encoding,
                ),
                parse_options=csv.ParseOptions(
                    delimiter=form.delimiter, ignore_empty_lines=False, invalid_row_handler=self._met_bad_row
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    include_columns=[columns[place] for place in self._chosen],
                    null_values=list(MISSING),
                    strings_can_be_null=True,
                    check_utf8=True,
                ),
            )
            for batch in reader:
                self._refuse_bad_row()
                yield batch
            self._refuse_bad_row()
        except pa.ArrowInvalid as error:
            self._refuse_bad_row()
            raise DataError(self._sentence(str(error))) from error
        except UnicodeError as error:
            raise DataError(f"{self._name} is not written in {form.encoding}: choose another encoding.") from error

    def _sentence(self, said: str) -> str:
        if "straddl" in said:
            return f"{self._name} has a line of more than {BLOCK_BYTES >> 20} MB, or a quote that never closes."
        if "UTF8" in said or "UTF-8" in said:
            return f"{self._name} is not written in {self._form.encoding} throughout: choose another encoding."
        if "Empty CSV" in said:
            return f"{self._name} has no rows under its header."
        return f"{self._name} cannot be read as a table: {said.splitlines()[0][:160]}."

    def _met_bad_row(self, row: Any) -> str:
        if not row.text.strip():
            self._empty.append(row.number or 0)
            return "skip"
        if not self._bad_row:
            where = f", line {row.number:,}" if row.number else ""
            quote = "" if row.text.count('"') % 2 == 0 else ", and a quote that does not close"
            self._bad_row = (
                f"{self._name}{where}: there are {row.actual_columns} cells instead of {row.expected_columns}{quote}. "
                f"It begins '{row.text[:40].strip()}'. Correct the row, or choose another delimiter."
            )
        return "skip"

    def _refuse_bad_row(self) -> None:
        if self._bad_row:
            raise DataError(self._bad_row)

    def refuse_open_quote(self, stream: WatchedStream, rows: int) -> None:
        """Raise DataError where the last row has swallowed all lines after a quote that never closes."""
        line = rows + int(self._form.has_header) + len(self._empty)
        if stream.quotes % 2 and stream.lines > line:
            raise DataError(
                f"{self._name}, line {line:,}: a quote opens there and never closes, so all that follows is one cell. "
                "Correct the row."
            )

    def numbers(self, batch: Any, rows_before: int) -> Floats32:
        """Return a batch of texts as numbers ``[rows, columns]``."""
        found = np.empty((batch.num_rows, len(self._chosen)), np.float32)
        for column, place in enumerate(self._chosen):
            texts = batch.column(column)
            if self._form.kinds[place] == CATEGORY:
                found[:, column] = self._word_indices(texts, place)
            else:
                found[:, column] = self._floats(texts, place, rows_before)
        return found

    def _floats(self, texts: Any, place: int, rows_before: int) -> NDArray[np.float64]:
        import pyarrow as pa
        from pyarrow import compute

        if self._form.decimal == ",":
            texts = compute.replace_substring(texts, ",", ".")
        try:
            numbers = compute.cast(texts, pa.float64())
        except pa.ArrowInvalid:
            try:
                numbers = compute.cast(compute.utf8_trim_whitespace(texts), pa.float64())
            except pa.ArrowInvalid:
                numbers = self._patiently(texts, place, rows_before)
        values: NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
        too_large = np.abs(values) > 1e30
        if too_large.any():
            row = int(too_large.argmax())
            raise self._refusal(place, rows_before + row, f"{texts[row].as_py()[:40]!r} is too large")
        return values

    def _patiently(self, texts: Any, place: int, rows_before: int) -> Any:
        """Return the numbers of texts that the fast way refuses, or name the first that is none."""
        import pyarrow as pa

        numbers: list[float | None] = []
        for row, text in enumerate(texts.to_pylist()):
            stripped = None if text is None else text.strip()
            if stripped is None or stripped in MISSING:
                numbers.append(None)
                continue
            if not is_number(stripped, "."):
                raise self._refusal(place, rows_before + row, f"{stripped[:40]!r} is no number")
            numbers.append(float(stripped))
        return pa.array(numbers, pa.float64())

    def _refusal(self, place: int, row: int, what: str) -> DataError:
        line = row + 1 + int(self._form.has_header)
        line += sum(empty <= line for empty in self._empty)
        return DataError(
            f"{self._name}, line {line:,}, column '{self._form.names[place]}': {what}. Correct it, or take the column "
            "for words or leave it out."
        )

    def _word_indices(self, texts: Any, place: int) -> NDArray[np.float64]:
        known = self.words[place]
        encoded = texts.dictionary_encode()
        for word in encoded.dictionary.to_pylist():
            known.setdefault(word.strip(), len(known))
            if len(known) > MAX_WORDS:
                raise DataError(
                    f"{self._name}, column '{self._form.names[place]}': there are more than {MAX_WORDS:,} different "
                    "words. Leave the column out."
                )
        codes = np.array([known[word.strip()] for word in encoded.dictionary.to_pylist()] + [np.nan])
        places = encoded.indices.fill_null(len(codes) - 1).to_numpy(zero_copy_only=False)
        return np.asarray(codes[places])
