"""``playground train`` on a table of text: its options, and the data that they ask for."""

from __future__ import annotations

import argparse
from pathlib import Path

from playground.app.progress_bar import ProgressBar
from playground.app.train_options import CommandError, name_in, number_in, whole_in
from playground.engine.datasets import DataSet
from playground.engine.file_data import is_table
from playground.engine.table_data import TableChoice, table_data
from playground.engine.table_inputs import SCALINGS
from playground.engine.table_parts import OTHERS
from playground.engine.targets import CLASSES, VALUES


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of tables."""
    add = parser.add_argument
    add("--target", metavar="COLUMN", help="of a table: what is predicted (default: what looks most like it)")
    add("--task", metavar="classes|values", help="of a table: whether the target is a class or a number")
    add("--scaling", metavar="NAME", help="of a table's columns: none, 0..1, standardised (default)")
    add("--target-scaling", metavar="NAME", help="of numbers to be predicted: none, 0..1, standardised")


def table_of(path: Path, options: argparse.Namespace, bar: ProgressBar) -> DataSet:
    """Return the data of a table (raises CommandError, DataError)."""
    task = "" if options.task is None else name_in(options.task, "", (CLASSES, VALUES), "--task")
    choice = TableChoice(
        target=options.target or "",
        task=task,
        scaling="standardised" if options.scaling is None else name_in(options.scaling, "", SCALINGS, "--scaling"),
        train_share=number_in(options.split or "0.7", "--split", 0.1, 0.95),
        target_scaling=""
        if options.target_scaling is None
        else name_in(options.target_scaling, "", SCALINGS, "--target-scaling"),
        seed=whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1),
    )
    return table_data(path, choice, others=_others(options), progress=bar.show)


def _others(options: argparse.Namespace) -> dict[str, Path]:
    """Return the files that are named for validation and test."""
    found = {}
    for part in OTHERS:
        text = getattr(options, part)
        if text is not None and is_table(Path(text)):
            if not Path(text).exists():
                raise CommandError(f"--{part} {text[:200]}: there is no such file.")
            found[part] = Path(text)
    return found


def refuse_columns(options: argparse.Namespace) -> None:
    """Raise CommandError where an option of tables was given with other data."""
    given = [name for name in ("target", "task", "scaling", "target_scaling") if getattr(options, name) is not None]
    if given:
        raise CommandError(f"--{given[0].replace('_', '-')} belongs to a table: --data FILE.csv.")
