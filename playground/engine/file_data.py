"""Files that somebody opens or drops: which reader they are for. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playground.engine.array_files import SUFFIXES as ARRAYS
from playground.engine.array_files import arrays_data
from playground.engine.datasets import DataError, DataSet, IsCancelled, Progress
from playground.engine.idx_names import is_idx
from playground.engine.image_data import image_data
from playground.engine.image_folder import is_image_folder
from playground.engine.picture_file import SUFFIXES as PICTURES
from playground.engine.table_data import table_data
from playground.engine.table_parts import TRAIN, named_parts
from playground.engine.workbook import SUFFIXES as WORKBOOKS

TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", *WORKBOOKS)


def is_table(path: Path) -> bool:
    """Say whether a file is a table of text or a workbook, by its name."""
    return path.suffix.lower() in TABLES and not path.is_dir()


def named_tables(paths: Sequence[Path]) -> dict[str, Path] | None:
    """Return which of several tables is for training, validation and test; None where they are no such set."""
    return named_parts(paths) if len(paths) > 1 and all(map(is_table, paths)) else None


def _refuse_loose(paths: Sequence[Path]) -> None:
    """Raise DataError for pictures, or folders of them, that nothing holds together."""
    loose = [path for path in paths if path.suffix.lower() in PICTURES or path.is_dir()]
    if loose and (len(paths) > 1 or not loose[0].is_dir()) and not any(is_idx(path.name) for path in paths):
        more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
        raise DataError(
            f"{loose[0].name}{more}: put the pictures of each class into a folder that bears its name, and open the "
            "folder around those."
        )


def files_data(
    paths: Sequence[Path], *, progress: Progress | None = None, cancelled: IsCancelled | None = None
) -> DataSet:
    """Read a table of text, numpy's arrays, a folder of pictures, or else IDX files, each as it looks by itself.

    Raises
    ------
    DataError
        Where they cannot be read; `Cancelled` where ``cancelled`` said so.
    """
    from playground.engine.idx import idx_data

    _refuse_loose(paths)

    if len(paths) == 1 and is_table(paths[0]):
        return table_data(paths[0], progress=progress, cancelled=cancelled)
    parts = named_tables(paths)
    if parts is not None:
        return table_data(parts.pop(TRAIN), others=parts, progress=progress, cancelled=cancelled)
    if paths and all(path.suffix.lower() in ARRAYS for path in paths):
        return arrays_data(tuple(paths), progress=progress, cancelled=cancelled)
    if len(paths) == 1 and is_image_folder(paths[0]):
        return image_data(paths[0], progress=progress, cancelled=cancelled)
    return idx_data(tuple(paths), progress=progress, cancelled=cancelled)
