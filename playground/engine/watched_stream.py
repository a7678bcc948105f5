"""A stream that counts quotes and lines while another reader goes through it. Torch-free."""

from __future__ import annotations

import io
from typing import BinaryIO


class WatchedStream(io.BufferedIOBase):
    """Passes on what is read; ``quotes`` and ``lines`` say what has gone by, a last line without an end included."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._is_at_end = True
        self._ends = 0
        self.quotes = 0

    @property
    def lines(self) -> int:
        """Return how many lines have gone by."""
        return self._ends + (not self._is_at_end)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Read and count."""
        content = self._stream.read(-1 if size is None else size)
        self.quotes += content.count(b'"')
        self._ends += content.count(b"\n")
        if content:
            self._is_at_end = content.rstrip(b"\x00").endswith(b"\n")  # in UTF-16 a zero may follow
        return content

    def tell(self) -> int:
        """Return how many bytes have gone by."""
        return self._stream.tell()
