"""``playground train`` on a folder of pictures: its options, and the data that they ask for."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from playground.app.progress_bar import ProgressBar
from playground.app.train_options import CommandError, name_in, number_in, whole_in
from playground.engine.datasets import DataSet
from playground.engine.image_data import image_data
from playground.engine.image_survey import survey_images
from playground.engine.images import SIDE
from playground.engine.picture_fitting import AS_DIGITS, BY_FOLDER, BY_SHARE, FITS, LEAST_SIDE, MOST_SIDE

_OPTIONS = ("image_size", "image_fit", "image_colours", "image_light", "image_split")
_COLOURS, _LIGHTS = ("grey", "rgb"), ("ink", "paper")


def add_image_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of folders of pictures."""
    add = parser.add_argument
    add("--image-size", metavar="WIDTHxHEIGHT", help="of pictures: what each becomes (default: the usual, or 28x28)")
    add("--image-fit", metavar="NAME", help="of pictures: whole (default), filled, stretched, as_digits")
    add("--image-colours", metavar="grey|rgb", help="of pictures: rgb keeps three channels (default grey)")
    add("--image-light", metavar="ink|paper", help="of pictures: paper inverts them (default: as they look)")
    add("--image-split", metavar="share|folders", help="of pictures: folders goes by train/ and test/ (default there)")


def images_of(path: Path, options: argparse.Namespace, bar: ProgressBar) -> DataSet:
    """Return the data of a folder of pictures (raises CommandError, DataError)."""
    survey = survey_images(path, progress=bar.show)
    choice = replace(survey.proposed, seed=whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1))
    if options.image_size is not None:
        columns, rows = _size(options.image_size)
        choice = replace(choice, rows=rows, columns=columns)
    if options.image_colours is not None:
        choice = replace(choice, colour=name_in(options.image_colours, "", _COLOURS, "--image-colours") == "rgb")
    if options.image_fit is not None:
        names = tuple(fit.replace(" ", "_") for fit in FITS)
        fit = FITS[names.index(name_in(options.image_fit, "", names, "--image-fit"))]
        if fit == AS_DIGITS and options.image_size is None:
            choice = replace(choice, rows=SIDE, columns=SIDE)
        choice = replace(choice, fit=fit)
    if options.image_light is not None:
        choice = replace(choice, is_inverted=name_in(options.image_light, "", _LIGHTS, "--image-light") == "paper")
    if options.image_split is not None:
        choice = replace(choice, split=name_in(options.image_split, "", (BY_SHARE, BY_FOLDER), "--image-split"))
    if options.split is not None or choice.split != survey.proposed.split:
        choice = replace(choice, train_share=number_in(options.split or "0.7", "--split", 0.1, 0.95))
    return image_data(path, choice, folder=survey.folder, progress=bar.show)


def refuse_images(options: argparse.Namespace) -> None:
    """Raise CommandError where an option of pictures was given with other data."""
    given = [name for name in _OPTIONS if getattr(options, name) is not None]
    if given:
        option = given[0].replace("_", "-")
        raise CommandError(f"--{option} belongs to pictures: --data FOLDER, with a folder in it for each class.")


def _size(text: str) -> tuple[int, int]:
    pieces = text.lower().replace("×", "x").split("x")
    if len(pieces) not in (1, 2):
        raise CommandError(f"--image-size {text[:40]}: write it like 28x28, the width first.")
    columns, rows = (whole_in(piece, "--image-size", LEAST_SIDE, MOST_SIDE) for piece in (pieces[0], pieces[-1]))
    return columns, rows
