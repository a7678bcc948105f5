"""The data of ``playground train``: digits, the plane, tables, pictures, arrays, IDX files, a project's own."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from playground.app.progress_bar import ProgressBar
from playground.app.train_images import images_of, refuse_images
from playground.app.train_options import CommandError, number_in, whole_in
from playground.app.train_plane import plane_of, plane_settings
from playground.app.train_table import refuse_columns, table_of
from playground.engine.array_files import SUFFIXES, arrays_data
from playground.engine.bundled_sets import DIGITS, bundled_digits, bundled_table
from playground.engine.datasets import DataError, DataSet, data_from_source
from playground.engine.file_data import is_table
from playground.engine.image_folder import is_image_folder
from playground.engine.plane_shapes import SHAPES
from playground.engine.project_file import Document
from playground.engine.settings import Settings
from playground.engine.targets import VALUES
from playground.session.folders import folders

_MOST_EXAMPLES = 500_000
_BUNDLED = "sklearn:"


def usual_settings(options: argparse.Namespace, data: DataSet, default: Settings) -> Settings:
    """Return the settings where the options name none: ``default``, but what such data ask for."""
    if data.plane is not None and data.columns is None:
        return plane_settings(options, data)
    return replace(default, loss="squared_error") if data.task == VALUES else default


def _alone(options: argparse.Namespace, plane: DataSet) -> DataSet:
    """Return data in the plane, to which nothing of the other data can be added."""
    for name in ("preset", "split", "test"):
        if getattr(options, name) is not None:
            raise CommandError(f"--{name} does not go with data in the plane; --train-share parts them.")
    return plane


def data_of(options: argparse.Namespace, document: Document | None, bar: ProgressBar) -> DataSet:
    """Return the data that the options ask for (raises CommandError, DataError)."""
    plane = plane_of(options)
    if options.data in (None, "digits") or plane is not None or not is_image_folder(Path(options.data)):
        refuse_images(options)
    if plane is not None:
        refuse_columns(options)
        return _alone(options, plane)
    preset_is_used = "digits" in (options.data, options.test)
    if options.preset is not None and not preset_is_used:
        raise CommandError("--preset chooses how drawn digits look: it goes with --data digits.")
    if options.data is None:
        if document is None:
            raise CommandError(
                "Say what to train on: --data digits, a shape such as --data circle, or --data FOLDER with IDX files."
            )
        refuse_columns(options)
        data = _data_of(document, bar)
    elif options.data == "digits":
        refuse_columns(options)
        if options.split is not None:
            raise CommandError("--split parts a folder; drawn digits have a test part of their own.")
        data = _digits(options, bar)
    elif options.data.startswith(_BUNDLED):
        data = _bundled(options, bar)
    else:
        data = _files(options, bar)
    if options.test is None or (is_table(Path(options.test)) and "others" in data.source):
        return data  # the test of a table is in it already
    if options.data is not None and _is_packed(Path(options.test)) and data.source["kind"] == "arrays":
        return data  # as that of arrays is
    return _with_test(options, data, bar)


def _data_of(document: Document, bar: ProgressBar) -> DataSet:
    try:
        return data_from_source(document.data_source, cache=folders().cache, progress=bar.show)
    except DataError as error:
        raise CommandError(f"The data of the project are not there. {error} Or name other data by --data.") from error


def _digits(options: argparse.Namespace, bar: ProgressBar) -> DataSet:
    from playground.engine.digits import digits_data

    count = whole_in(options.examples or "20000", "--examples", 10, _MOST_EXAMPLES)
    seed = whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1)
    sizes = (count, max(1, count // 5), max(1, count // 5))
    preset = options.preset or "mnist-like"
    return digits_data(preset, seed, sizes, cache=folders().cache, progress=bar.show)


def _files(options: argparse.Namespace, bar: ProgressBar) -> DataSet:
    path = _folder(options.data, "--data")
    if is_table(path):
        return table_of(path, options, bar)
    refuse_columns(options)
    if is_image_folder(path):
        return images_of(path, options, bar)
    if path.suffix.lower() in SUFFIXES:
        seed = whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1)
        parts = [Path(text) for text in (options.test, options.validation) if text is not None]
        return arrays_data((path, *filter(_is_packed, parts)), seed=seed, progress=bar.show)
    from playground.engine.idx import idx_data

    return idx_data(
        path,
        split=None if options.split is None else number_in(options.split, "--split", 0.01, 0.99),
        seed=whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1),
        validation=number_in(options.validation, "--validation", 0.0, 0.5),
        progress=bar.show,
    )


def _bundled(options: argparse.Namespace, bar: ProgressBar) -> DataSet:
    key = options.data.removeprefix(_BUNDLED)
    if key != DIGITS:
        return table_of(bundled_table(key, folders().cache), options, bar)
    refuse_columns(options)
    seed = whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1)
    return bundled_digits(seed, number_in(options.split or "0.7", "--split", 0.1, 0.95))


def _with_test(options: argparse.Namespace, data: DataSet, bar: ProgressBar) -> DataSet:
    if options.test == "digits":
        made = _digits(options, bar)
        return data.with_test(made.test, made.source, made.detail)
    from playground.engine.idx import idx_test

    return data.with_test(*idx_test(_folder(options.test, "--test"), progress=bar.show))


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == SUFFIXES[0]


def _folder(text: str, option: str) -> Path:
    path = Path(text)
    if not path.exists():
        shapes = f", a shape of the plane ({', '.join(SHAPES)})" if option == "--data" else ""
        raise CommandError(
            f"{option} {text[:200]}: there is no such folder. Use 'digits'{shapes} a table, a folder with IDX files, "
            "or one with a folder of pictures for each class."
        )
    return path
