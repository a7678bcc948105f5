"""What a file's content is known by, so that another one in its place is told. Torch-free."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from playground.engine.datasets import DataError


def checksum(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the contents one after the other, in hexadecimal digits (raises DataError)."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as stream:
                while block := stream.read(1 << 22):
                    digest.update(block)
        except OSError as error:
            raise DataError(f"{path} could not be read: {error.strerror or error}.") from error
    return digest.hexdigest()
