"""Rows of a table block by block, by pyarrow's reader; what cannot be read is told with line and column. Torch-free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.arrow_library import load_arrow
from playground.engine.datasets import DataError
from playground.engine.table_form import CATEGORY, DATE, MAX_WORDS, MISSING, NUMBER, TableForm
from playground.engine.table_numbers import NumberStyle, days
from playground.engine.table_stream import MAX_LINE_BYTES, TableStream, too_long

MAX_EMPTY = 1_000_000  # lines of blanks
_TOO_LARGE = np.float32(1e30)

Floats32 = NDArray[np.float32]


class TableBlocks:
    """Reads a stream block by block and turns the texts of each into numbers.

    Every cell is read as text and turned into a number here, so that what cannot be one is told with its place.

    Parameters
    ----------
    name : str
        As sentences call the table.
    form : TableForm
    chosen : sequence of int
        The columns to be read.
    line_of : callable
        Returns the line in which a row begins, by its number from 1 on, header included.

    Attributes
    ----------
    words : list of dict
        For each column of the table its words and their indices.
    """

    def __init__(self, name: str, form: TableForm, chosen: Sequence[int], line_of: Callable[[int], int]) -> None:
        self._name, self._form, self._chosen, self._line_of = name, form, chosen, line_of
        self._style = NumberStyle(form.decimal, form.thousands)
        self._bad_row = ""
        self._empty: list[int] = []  # rows of nothing but blanks, which the reader does not hand on
        self._records = 0  # that the reader has handed on
        self.words: list[dict[str, int]] = [{} for _ in form.names]

    def of(self, stream: TableStream) -> Iterator[Any]:
        """Yield record batches of texts."""
        load_arrow()
        import pyarrow as pa
        from pyarrow import csv

        form = self._form
        columns = [str(place) for place in range(len(form.names))]
        try:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(
                    use_threads=False,
                    block_size=MAX_LINE_BYTES,
                    column_names=columns,
                    skip_rows=form.skipped,
                    skip_rows_after_names=form.heads,
                ),
                parse_options=csv.ParseOptions(
                    delimiter=form.delimiter,
                    ignore_empty_lines=False,
                    newlines_in_values=True,
                    invalid_row_handler=self._met_bad_row,
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    include_columns=[columns[place] for place in self._chosen],
                    null_values=list(MISSING),
                    strings_can_be_null=True,
                    check_utf8=False,  # the stream has
                ),
            )
            for batch in reader:
                self._refuse_bad_row()
                yield batch
                self._records += batch.num_rows
            self._refuse_bad_row()
        except pa.ArrowInvalid as error:
            self._refuse_bad_row()
            raise DataError(self._sentence(str(error))) from error

    def _sentence(self, said: str) -> str:
        if "straddl" in said:
            return too_long(self._name, self._line(0))
        if "Empty CSV" in said or "skip initial" in said:
            return f"{self._name} has no rows under its header."
        return f"{self._name} cannot be read as a table: {said.splitlines()[0][:160]}."

    def _met_bad_row(self, row: Any) -> str:
        if not row.text.strip():
            self._empty.append(row.number)
            if len(self._empty) > MAX_EMPTY:
                self._bad_row = f"{self._name} has more than {MAX_EMPTY:,} lines of nothing but blanks: take them out."
        elif not self._bad_row:
            quote = "" if row.text.count('"') % 2 == 0 else ", and a quote that does not close"
            self._bad_row = (
                f"{self._name}, line {self._line_of(row.number):,}: there are {row.actual_columns} cells instead of "
                f"{row.expected_columns}{quote}. It begins '{_shown(row.text)}'. Correct the row, or choose another "
                "delimiter."
            )
        return "skip"

    def _refuse_bad_row(self) -> None:
        if self._bad_row:
            raise DataError(self._bad_row)

    def _line(self, row: int) -> int:
        """Return the line in which a row of the present batch begins, counted from 0."""
        number = self._form.skipped + self._form.heads + self._records + row + 1
        for empty in self._empty:
            if empty > number:
                break
            number += 1
        return self._line_of(number)

    def numbers(self, batch: Any, found: Floats32) -> int:
        """Write a batch of texts as numbers into ``found [rows, columns]`` and return how many rows are not empty."""
        at_once = self._at_once(batch, found)
        for column, place in enumerate(self._chosen):
            if column in at_once:
                continue
            texts, kind = batch.column(column), self._form.kinds[place]
            with np.errstate(over="ignore"):
                if kind == CATEGORY:
                    found[:, column] = self._word_indices(texts, place)
                elif kind == DATE:
                    found[:, column] = self._days(texts, place)
                else:
                    found[:, column] = self._floats(texts, place)
        self._refuse_too_large(batch, found)
        is_empty = np.isnan(found[:, 0])
        is_empty[is_empty] = np.isnan(found[is_empty]).all(axis=1)
        if is_empty.any():
            rows = len(found) - int(is_empty.sum())
            found[:rows] = found[~is_empty]
            return rows
        return len(found)

    def _at_once(self, batch: Any, found: Floats32) -> tuple[int, ...]:
        """Write all columns of plain numbers in a few calls that do not hold the interpreter, and return which.

        A window that waits for the interpreter would wait again after each of the calls of each column.
        """
        import pyarrow as pa
        from pyarrow import compute

        kinds = self._form.kinds
        plain = tuple(column for column, place in enumerate(self._chosen) if kinds[place] == NUMBER)
        if self._style != NumberStyle() or len(plain) < 2:
            return ()
        wanted = pa.struct([(batch.schema.names[column], pa.float32()) for column in plain])
        try:
            numbers = compute.cast(batch.select(list(plain)).to_struct_array(), wanted)
        except pa.ArrowInvalid:
            return ()
        matrix = pa.RecordBatch.from_struct_array(numbers).to_tensor(null_to_nan=True, row_major=True).to_numpy()
        if len(plain) == found.shape[1]:
            found[:] = matrix
        else:
            found[:, plain] = matrix
        return plain

    def _refuse_too_large(self, batch: Any, found: Floats32) -> None:
        too_large = np.abs(found) > _TOO_LARGE
        if too_large.any():
            row, column = divmod(int(too_large.argmax()), found.shape[1])
            text = batch.column(column)[row].as_py()
            raise self._refusal(self._chosen[column], row, f"'{_shown(text)}' is too large")

    def _floats(self, texts: Any, place: int) -> Any:
        import pyarrow as pa
        from pyarrow import compute

        try:
            return _float64(self._plain(texts))
        except pa.ArrowInvalid:
            try:
                return _float64(self._plain(compute.utf8_trim_whitespace(texts)))
            except pa.ArrowInvalid:
                return self._one_by_one(texts, place, self._number, "is no number")

    def _plain(self, texts: Any) -> Any:
        """Return texts with a point for their decimal sign and no groups (raises ArrowInvalid)."""
        import pyarrow as pa
        from pyarrow import compute

        style = self._style
        if style == NumberStyle():
            return texts
        if style.group:
            if compute.all(compute.match_substring_regex(texts, style.plain_pattern)).as_py() is False:
                raise pa.ArrowInvalid("numbers of another kind")
            texts = compute.replace_substring_regex(texts, f"[{style.group_letters}]", "")
        elif compute.any(compute.match_substring(texts, ".")).as_py():
            raise pa.ArrowInvalid("points where commas are decimal signs")
        return compute.replace_substring(texts, style.decimal, ".")

    def _number(self, cell: str) -> float | None:
        return self._style.number(cell) if self._style.matches(cell) else None

    def _days(self, texts: Any, place: int) -> Any:
        known: dict[str, float | None] = {}  # of a batch: dates are few, times of day are many

        def date(cell: str) -> float | None:
            if cell not in known:
                known[cell] = days(cell, self._form.dates)
            return known[cell]

        return self._one_by_one(texts, place, date, "is no date")

    def _one_by_one(
        self, texts: Any, place: int, read: Callable[[str], float | None], wrong: str
    ) -> NDArray[np.float64]:
        """Return what ``read`` makes of each text, NaN where it is missing, or name the first that is none."""
        numbers = np.full(len(texts), np.nan)
        for row, text in enumerate(texts.to_pylist()):
            cell = "" if text is None else text.strip()
            if cell in MISSING:
                continue
            number = read(cell)
            if number is None:
                raise self._refusal(place, row, f"'{_shown(cell)}' {wrong}")
            numbers[row] = number
        return numbers

    def _refusal(self, place: int, row: int, what: str) -> DataError:
        return DataError(
            f"{self._name}, line {self._line(row):,}, column '{self._form.names[place]}': {what}. Correct it, or take "
            "the column for words or leave it out."
        )

    def _word_indices(self, texts: Any, place: int) -> NDArray[np.float64]:
        known = self.words[place]
        encoded = texts.dictionary_encode()
        codes = []
        for text in encoded.dictionary.to_pylist():
            word = " ".join(text.split())  # in one line, as it is shown
            codes.append(np.nan if word in MISSING else known.setdefault(word, len(known)))
            if len(known) > MAX_WORDS:
                raise DataError(
                    f"{self._name}, column '{self._form.names[place]}': there are more than {MAX_WORDS:,} different "
                    "words. Leave the column out."
                )
        places = encoded.indices.fill_null(len(codes)).to_numpy(zero_copy_only=False)
        indices: NDArray[np.float64] = np.array([*codes, np.nan])[places]
        return indices


def _float64(texts: Any) -> Any:
    """Return texts as float64, NaN where they are missing (raises ArrowInvalid)."""
    import pyarrow as pa
    from pyarrow import compute

    return compute.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:40]).strip()
