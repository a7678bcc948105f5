"""The options of ``playground train``, and how their texts are read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

from playground.engine.spec import ACTIVATIONS

ABOUT = "Train a network without a window, by the same engine, and say how good it became."


class CommandError(ValueError):
    """Options that make no sense together; the text is a sentence for the user."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all options; their values stay texts, so that what is wrong with one can be said in a sentence."""
    add = parser.add_argument
    add(
        "--data",
        metavar="digits|SHAPE|FILE|FOLDER",
        help="drawn digits; circle, xor, gauss, spiral, …; a table (CSV, TSV) or NPZ; a folder of pictures or IDX; "
        "sklearn:iris, wine, breast_cancer, diabetes or digits",
    )
    add("--preset", metavar="NAME", help="of the drawn digits: easy, medium, mnist-like (default)")
    add("--examples", metavar="N", help="drawn digits to train on (default 20000), or points in the plane (500)")
    add(
        "--split",
        metavar="SHARE",
        help="share that is trained on of a table or pictures (0.7) or a folder without test files",
    )
    add("--validation", metavar="SHARE|FILE", default="0.1", help="share of a folder's training part, or a table")
    add("--data-seed", metavar="N", default="0", help="by which digits are drawn and folders parted (default 0)")
    add(
        "--test",
        metavar="digits|FOLDER|FILE",
        help="test on these instead: a folder (used whole without test files), or a table for a table",
    )
    add("--network", metavar="WIDTHS", help="such as 784-16-16-10")
    add(
        "--activation",
        metavar="NAME",
        help=f"of the hidden layers: {', '.join(ACTIVATIONS)} (default sigmoid, in the plane tanh)",
    )
    add(
        "--output-activation",
        metavar="NAME",
        help="under squared error (default sigmoid; in the plane tanh or identity)",
    )
    add("--dropout", metavar="SHARE", help="of the hidden layers, in training (default 0)")
    add("--optimizer", metavar="NAME", help="sgd, momentum, nesterov, adam (default), adamw, rmsprop, perceptron")
    add("--lr", metavar="RATE", help="learning rate (default 0.01)")
    add("--schedule", metavar="NAME", help="constant, cosine (default; to 0 over the epochs given), step")
    add("--schedule-epochs", metavar="N", help="length of the schedule where it is not that of the training")
    add("--schedule-factor", metavar="F", help="of the step schedule (default 0.5)")
    add("--batch", metavar="N", help="batch size (default 32)")
    add("--epochs", metavar="N", default="6", help="epochs to train, with --open further ones (default 6)")
    add("--momentum", metavar="M", help="of momentum, Nesterov, RMSprop; Adam's first decay rate (default 0.9)")
    add("--l1", metavar="L", help="penalty on the size of weights (default 0)")
    add("--l2", metavar="L", help="penalty on the square of weights, AdamW's decay (default 0)")
    add("--loss", metavar="NAME", help="cross_entropy (default), squared_error (default of one output)")
    add(
        "--init",
        metavar="NAME",
        help="initial weights: torch (default), xavier, he, normal, normal_fan_in, zero, browser",
    )
    add("--seed", metavar="N", help="of initial weights and order of examples (default 0)")
    add("--device", metavar="NAME", default="cpu", help="cpu (default), cuda:0, mps")
    add("--threads", metavar="N", default="1", help="threads on the CPU; only one repeats to the last bit (default 1)")
    add("--open", metavar="FILE", help="go on with this project, on its own data unless --data names others")
    add("--save", metavar="FILE", help="save the result as a project that the window opens")
    add("--json", action="store_true", help="end with one line of JSON on standard output")


def name_in(text: str | None, usual: str, names: Sequence[str], option: str) -> str:
    """Return the name chosen, however it is written (raises CommandError)."""
    name = (text or usual).lower().replace("-", "_")
    if name not in names:
        raise CommandError(f"{option} {str(text)[:40]}: choose one of {', '.join(names)}.")
    return name


def number_in(text: str, option: str, low: float, high: float) -> float:
    """Return a number within its bounds (raises CommandError)."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise CommandError(f"{option} {text[:40]}: a number from {low:g} to {high:g} belongs there.")
    return value


def whole_in(text: str, option: str, low: int, high: int) -> int:
    """Return a whole number within its bounds (raises CommandError)."""
    number = int(text) if text.strip().isdecimal() and len(text) < 20 else -1
    if not low <= number <= high:
        raise CommandError(f"{option} {text[:40]}: a whole number from {low:,} to {high:,} belongs there.")
    return number
