"""A table as a stream of UTF-8 for another reader: decoded, checked and counted on the way. Torch-free."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from playground.engine.datasets import DataError

MAX_LINE_BYTES = 2 << 20  # of a row, with all the lines in its quoted cells
_PIECE = 1 << 18


class TableStream(io.BufferedIOBase):
    """Passes on what a file holds, as UTF-8.

    Parameters
    ----------
    stream : file
    name : str
        As sentences call the file.
    encoding : str
    comment : str
        What begins lines that are no rows: they are passed on empty, so that all others keep their number. Empty for
        none.

    Attributes
    ----------
    quotes : int
        How many have gone by.
    is_at_end : bool
        Whether all has.
    """

    def __init__(self, stream: BinaryIO, name: str, encoding: str, comment: str = "") -> None:
        super().__init__()
        self._stream, self._name, self._encoding = stream, name, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._comment = re.compile(rb"(?m)^[ \t]*" + re.escape(comment.encode()) + rb"[^\n]*") if comment else None
        self._held = b""  # the beginning of a line that may become a comment
        self._ready = b""
        self.is_at_end = self._is_past_mark = False
        self._ends = 0
        self.quotes = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return up to ``size`` bytes (raises DataError where they are no text in this encoding)."""
        wanted = size if size is not None and size >= 0 else 1 << 62
        pieces, length = [self._ready], len(self._ready)
        while length < wanted and not self.is_at_end:
            pieces.append(self._next())
            length += len(pieces[-1])
        content = b"".join(pieces)
        self._ready = content[wanted:]
        return content[:wanted]

    def tell(self) -> int:
        """Return how many bytes of the file have gone by."""
        return self._stream.tell()

    def texts(self) -> Iterator[str]:
        """Yield all lines as text without their ends, of whatever kind these are."""
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")(), translate=True)
        held = ""
        while piece := self.read(_PIECE):
            lines = (held + decoder.decode(piece)).split("\n")
            held = lines.pop()
            yield from lines
        if held:
            yield held

    def _next(self) -> bytes:
        piece = self._stream.read(_PIECE)
        self.is_at_end = not piece
        content = self._decoded(piece)
        self.quotes += content.count(b'"')
        if b"\x00" in content:
            raise DataError(
                f"{self._name}, line {self._line(content, content.index(0)):,}: there are zero bytes, so this is no "
                "table of text, or the file was damaged there. Save it again as CSV."
            )
        self._ends += content.count(b"\n")
        return content if self._comment is None else self._without_comments(content, self._comment)

    def _line(self, content: bytes, place: int) -> int:
        return self._ends + content[:place].count(b"\n") + 1

    def _decoded(self, piece: bytes) -> bytes:
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self._encoding, errors="ignore").encode()
            raise DataError(
                f"{self._name}, line {self._line(before, len(before)):,}: this is not written in {self._encoding}. "
                "Choose another encoding."
            ) from error
        if not self._is_past_mark and text:
            self._is_past_mark = True
            text = text.removeprefix("\ufeff")
        return text.encode("utf-8")

    def _without_comments(self, content: bytes, comment: re.Pattern[bytes]) -> bytes:
        content = self._held + content
        end = len(content) if self.is_at_end else content.rfind(b"\n") + 1
        self._held = content[end:]
        if len(self._held) > MAX_LINE_BYTES:
            raise DataError(too_long(self._name, self._ends + 1))
        return comment.sub(b"", content[:end])


def too_long(name: str, line: int) -> str:
    """Return the sentence for a row that does not end."""
    return (
        f"{name}, line {line:,}: a row of more than {MAX_LINE_BYTES >> 20} MB begins there, or a quote opens and never "
        "closes. Correct the row."
    )


def record_lines(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, int, bool]]:
    """Yield for each row of a table the numbers of its first and last line, and whether its last quote closes.

    A row goes on in the next line where a quote is open. A quote opens a cell only as its first letter; inside, two of
    them are one.
    """
    first, number, is_open = 1, 0, False
    for number, line in enumerate(lines, 1):
        if not is_open:
            first = number
        is_open = _is_open_after(line, delimiter, is_open=is_open)
        if not is_open:
            yield first, number, True
    if is_open:
        yield first, number, False


def _is_open_after(line: str, delimiter: str, *, is_open: bool) -> bool:
    """Say whether a quoted cell goes on after this line."""
    if not is_open and '"' not in line:
        return False
    place = 0
    if not is_open and line[:1] == '"':
        is_open, place = True, 1
    while True:
        if is_open:
            place = line.find('"', place)
            if place < 0:
                return True
            if line[place + 1 : place + 2] == '"':
                place += 2
                continue
            is_open = False
        place = line.find(delimiter, place) + 1
        if not place:
            return False
        if line[place : place + 1] == '"':
            is_open, place = True, place + 1
