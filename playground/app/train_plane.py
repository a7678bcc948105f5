"""``playground train`` on data in the plane: what its options mean for points, network and settings."""

from __future__ import annotations

import argparse

import numpy as np

from playground.app.train_options import CommandError, name_in, number_in, whole_in
from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.gates import truth_table
from playground.engine.input_features import split_features
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.plane_shapes import GATES, SHAPES
from playground.engine.settings import Settings
from playground.engine.targets import CLASSES, TWO

ONLY_PLANE = ("features", "noise", "train_share", "parts", "formula", "inputs", "output")
_USUAL_POINTS = "500"
# as the browser playground begins
BROWSER_SETTINGS = Settings(
    optimizer="sgd", learning_rate=0.03, batch_size=10, loss="squared_error", initialization="browser", seed=0
)


def add_plane_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of data in the plane."""
    add = parser.add_argument
    add("--features", metavar="LIST", help="what the network receives of a point: x1,x2,x1^2,x1 x2,sin x1, formulas, …")
    add("--noise", metavar="N", help="of the points in the plane, 0 (default) to 1")
    add("--train-share", metavar="SHARE", help="share of the points that is trained on (default 0.5)")
    add("--parts", metavar="N", help="arms of the spiral, rings, cells of a side, classes of the clusters")
    add("--formula", metavar="TEXT", help="of the shapes boundary (in x) and formula (in x1, x2)")
    add("--inputs", metavar="1|2", help="of shapes that give numbers (default 2)")
    add("--output", metavar="two|classes", help="two classes on one output (default) or an output for each")
    add("--browser", action="store_true", help="points, settings and first weights as in the browser playground")


def plane_of(options: argparse.Namespace) -> DataSet | None:
    """Return the data in the plane that are asked for, None where they are others (raises CommandError, DataError)."""
    setup = _setup(options)
    return None if setup is None else plane_data(setup)


def _setup(options: argparse.Namespace) -> PlaneSetup | None:
    given = [name for name in ONLY_PLANE if getattr(options, name) is not None] + ["browser"] * options.browser
    if options.data not in SHAPES:
        if given:
            raise CommandError(
                f"--{given[0].replace('_', '-')} belongs to data in the plane: --data {', '.join(SHAPES)}."
            )
        return None
    task = "" if options.output is None else name_in(options.output, "", (TWO, CLASSES), "--output")
    return PlaneSetup(
        shape=options.data,
        count=whole_in(options.examples or _USUAL_POINTS, "--examples", 2, 20_000),
        noise=number_in(options.noise or "0", "--noise", 0.0, 1.0),
        seed=whole_in(options.data_seed, "--data-seed", 0, 2**31 - 1),
        train_share=number_in(options.train_share or "0.5", "--train-share", 0.1, 0.9),
        features=split_features(options.features) if options.features is not None else _usual_features(options),
        task=task,
        is_browser=options.browser,
        parts=whole_in(options.parts or "0", "--parts", 0, 20),
        formula=options.formula or "",
        inputs=_inputs(options),
    )


def plane_settings(options: argparse.Namespace, data: DataSet) -> Settings:
    """Return the settings where the options name none."""
    loss = "cross_entropy" if data.task == CLASSES else "squared_error"
    if options.browser:
        return Settings(**{**BROWSER_SETTINGS.__dict__, "loss": loss})
    return Settings(loss=loss, seed=0)


def truth_lines(data: DataSet, checkpoint: Checkpoint) -> list[str]:
    """Return what the network says to every combination of bits, where the data are those of a gate."""
    spec = checkpoint.spec
    if data.source.get("shape") not in GATES or spec.outputs != 1 or data.features != 2:
        return []
    parameters = np.array(checkpoint.arrays["parameters"])
    table = truth_table(spec, parameters)
    pairs = zip(table.bits, table.answers[:, 0], strict=True)
    return ["Fires       " + ", ".join(f"{a} {b}: {'yes' if fires else 'no'}" for (a, b), fires in pairs)]


def _inputs(options: argparse.Namespace) -> int:
    return whole_in(options.inputs or "2", "--inputs", 1, 2)


def _usual_features(options: argparse.Namespace) -> tuple[str, ...]:
    return ("x1", "x2")[: _inputs(options)]
