"""``playground train``: the engine of the window without the window. Needs no display and no Qt."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.app.progress_bar import ProgressBar
from playground.app.train_data import data_of, usual_settings
from playground.app.train_images import add_image_options
from playground.app.train_options import ABOUT, CommandError, add_options, name_in, number_in, whole_in
from playground.app.train_plane import add_plane_options, truth_lines
from playground.app.train_table import add_table_options
from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataError, DataSet
from playground.engine.project_file import Document, Project, ProjectError, load_project, save_project
from playground.engine.settings import SettingError, Settings, changed, parsed
from playground.engine.snapshots import Measure
from playground.engine.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS, NetworkSpec, SpecError, build, parse_widths
from playground.engine.targets import natural_activation
from playground.session.locks import holder_of

if TYPE_CHECKING:
    from playground.engine.headless import Outcome

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130

DEFAULT_SETTINGS = Settings(schedule="cosine", seed=0)
# option -> the setting that it sets
_SETTINGS = {
    "optimizer": "optimizer",
    "lr": "learning_rate",
    "schedule": "schedule",
    "schedule_epochs": "schedule_epochs",
    "schedule_factor": "schedule_factor",
    "batch": "batch_size",
    "momentum": "momentum",
    "l1": "l1",
    "l2": "l2",
    "loss": "loss",
    "init": "initialization",
    "seed": "seed",
}
_NAMES = ("optimizer", "schedule", "loss", "init")
_FRESH_ONLY = ("network", "activation", "output_activation", "dropout", "init", "seed")


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is trained: an opened document or a fresh network, on which data."""

    spec: NetworkSpec
    settings: Settings
    data: DataSet
    epochs: int
    device: str
    threads: int
    checkpoint: Checkpoint | None = None
    document: Document | None = None
    project: Project | None = None


def main(arguments: Sequence[str]) -> int:
    """Run the command with these words and return its exit status."""
    parser = argparse.ArgumentParser(prog="playground train", description=ABOUT, allow_abbrev=False)
    add_options(parser)
    add_plane_options(parser)
    add_table_options(parser)
    add_image_options(parser)
    try:
        return run(parser.parse_args(arguments))
    except SystemExit as end:  # argparse has said what is wrong, or shown the help
        return end.code if isinstance(end.code, int) else BAD_INPUT


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to a parser that has several; its ``run`` is `run`."""
    parser: argparse.ArgumentParser = subparsers.add_parser("train", description=ABOUT, allow_abbrev=False)
    add_options(parser)
    add_plane_options(parser)
    add_table_options(parser)
    add_image_options(parser)
    parser.set_defaults(run=run)
    return parser


def run(options: argparse.Namespace) -> int:
    """Train as the options say.

    Returns 0; 1 where the training diverged or the result could not be saved; 2 where the options or the files make
    no sense; 130 after Ctrl+C. Sentences go to standard error.
    """
    bar = ProgressBar(sys.stderr)
    try:
        plan = _plan(options, bar)
        _check_target(options.save)
        outcome = _trained(plan, bar)
    except (CommandError, SettingError, SpecError, DataError, ProjectError) as error:
        return _ended(bar, str(error), BAD_INPUT)
    except ArithmeticError as error:  # diverged
        return _ended(bar, str(error), FAILED)
    except KeyboardInterrupt:
        return _ended(bar, "Interrupted; nothing was saved.", INTERRUPTED)
    except (RuntimeError, MemoryError) as error:  # what torch says of a device
        from playground.engine.scripted import reason

        return _ended(bar, f"{options.device} could not train this: {reason(error)[:300]}.", FAILED)
    bar.clear()
    _say(plan, outcome)
    status = _saved(options.save, plan, outcome) if options.save else 0
    if options.json:
        print(json.dumps(_figures(plan, outcome), allow_nan=False), flush=True)
    return status


# ---- from options to a plan --------------------------------------------------------------------------------------


def _plan(options: argparse.Namespace, bar: ProgressBar) -> _Plan:
    epochs = whole_in(options.epochs, "--epochs", 0 if options.open else 1, 1_000_000)
    threads = whole_in(options.threads, "--threads", 1, 256)
    project = load_project(options.open) if options.open else None
    document = project.documents[0] if project else None
    if document is not None:
        given = [name for name in _FRESH_ONLY if getattr(options, name) is not None]
        if given:
            raise CommandError(
                f"{options.open} brings its own network and weights: --{given[0].replace('_', '-')} cannot be given "
                "with --open."
            )
    widths = None if options.network is None else parse_widths(options.network)  # before any data are built
    device = _device(options.device)
    base = document.checkpoint.settings if document else DEFAULT_SETTINGS
    done = document.checkpoint.epochs_done if document else 0
    settings = _settings(options, base, done + epochs)  # so that what is wrong is said before any data are built
    data = data_of(options, document, bar)
    if document is None:
        settings = _settings(options, usual_settings(options, data, base), done + epochs)
    if document is not None:
        _check_fit(document.checkpoint.spec, data)
        if len(document.added_labels):
            data = data.with_added(document.added_inputs, document.added_labels)
        checkpoint = replace(document.checkpoint, settings=settings)
        return _Plan(checkpoint.spec, settings, data, epochs, device, threads, checkpoint, document, project)
    return _Plan(_network(options, widths, data), settings, data, epochs, device, threads)


def _settings(options: argparse.Namespace, base: Settings, last_epoch: int) -> Settings:
    """Return the settings; a cosine schedule ends with the last epoch."""
    changes = {}
    for option, field in _SETTINGS.items():
        text = getattr(options, option)
        if text is not None:
            changes[field] = parsed(field, text.lower().replace("-", "_") if option in _NAMES else text)
    settings = changed(base, changes)
    if settings.schedule == "cosine" and "schedule_epochs" not in changes:
        settings = changed(settings, {"schedule_epochs": max(last_epoch, 1)})
    return settings


def _network(options: argparse.Namespace, widths: tuple[int, ...] | None, data: DataSet) -> NetworkSpec:
    found = widths or (data.features, 16, 16, data.outputs)
    usual = "tanh" if data.plane is not None and data.columns is None else "sigmoid"
    activation = name_in(options.activation, usual, ACTIVATIONS, "--activation")
    natural = natural_activation(data.task)
    output = name_in(options.output_activation, natural, OUTPUT_ACTIVATIONS, "--output-activation")
    if (found[0], found[-1]) != (data.features, data.outputs):
        fitting = "-".join(map(str, (data.features, *found[1:-1], data.outputs)))
        raise CommandError(
            f"The network {'-'.join(map(str, found))} does not fit: '{data.name}' has {data.features} inputs and "
            f"{data.outputs} outputs. Use {fitting}."
        )
    spec = build(found, input_shape=data.input_shape, activation=activation, output_activation=output)
    dropout = number_in(options.dropout or "0", "--dropout", 0.0, 0.99)
    layers = tuple(replace(layer, dropout=dropout) for layer in spec.layers[:-1])
    return replace(spec, layers=(*layers, spec.layers[-1]))


def _check_fit(spec: NetworkSpec, data: DataSet) -> None:
    if (spec.inputs, spec.outputs) != (data.features, data.outputs):
        raise CommandError(
            f"The network of the project takes {spec.inputs} inputs and has {spec.outputs} outputs, but "
            f"'{data.name}' has {data.features} inputs and {data.outputs} outputs: choose other data by --data."
        )


def _device(text: str) -> str:
    if text == "cpu":
        return text
    from playground.engine.devices import available_devices

    name = "cuda:0" if text == "cuda" else text
    known = [device.name for device in available_devices()]
    if name not in known:
        raise CommandError(f"There is no device '{text[:40]}' here: use {' or '.join(known)}.")
    return name


# ---- training and telling ----------------------------------------------------------------------------------------


def _trained(plan: _Plan, bar: ProgressBar) -> Outcome:
    bar.show(0.0, "Loading torch")
    from playground.engine.headless import train
    from playground.engine.training import NoExamplesError

    def progress(share: float) -> None:
        bar.show(share, f"Training {plan.spec.text}")

    try:
        return train(
            plan.spec,
            plan.settings,
            plan.data,
            epochs=plan.epochs,
            device=plan.device,
            threads=plan.threads,
            checkpoint=plan.checkpoint,
            progress=progress,
        )
    except NoExamplesError as error:
        raise CommandError(str(error)) from error


def _say(plan: _Plan, outcome: Outcome) -> None:
    pace = outcome.steps / outcome.seconds if outcome.seconds else 0.0
    print(f"Network     {plan.spec.text}, parameters {plan.spec.parameter_sum}")
    print(f"Data        {plan.data.name}, {plan.data.detail}")
    print(f"Training    {outcome.steps:,} steps in {outcome.seconds:.1f} s, {pace:,.0f} steps/s on {plan.device}")
    for name, part in (("train", outcome.train), ("validation", outcome.validation), ("test", outcome.test)):
        if part.count:
            accuracy = "" if math.isnan(part.accuracy) else f", accuracy {part.accuracy:.2%}"
            print(f"{name:12}loss {part.loss:.4f}{accuracy} of {part.count:,}")
    for line in truth_lines(plan.data, outcome.checkpoint):
        print(line)


def _figures(plan: _Plan, outcome: Outcome) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "network": plan.spec.text,
        "parameters": plan.spec.parameter_count,
        "steps": outcome.steps,
        "epochs": plan.epochs,
    }
    for name, part in (("train", outcome.train), ("validation", outcome.validation), ("test", outcome.test)):
        figures |= _measured(name, part)
    return figures | {
        "seconds": outcome.seconds,
        "steps_per_second": outcome.steps / outcome.seconds if outcome.seconds else 0.0,
        "device": plan.device,
        "threads": plan.threads,
        "seed": plan.settings.seed,
        "data": plan.data.name,
    }


def _measured(name: str, part: Measure) -> dict[str, Any]:
    """Return loss, accuracy and count; null where the part is empty."""
    values = {f"{name}_loss": part.loss, f"{name}_accuracy": part.accuracy}
    return {key: value if math.isfinite(value) else None for key, value in values.items()} | {
        f"{name}_count": part.count
    }


def _check_target(save: str | None) -> None:
    """Say before the training rather than after it that its result could not be kept."""
    if save is None:
        return
    folder = Path(save).absolute().parent
    if not folder.is_dir():
        raise CommandError(f"--save {save[:200]}: there is no folder {folder}. Make it first or choose another one.")
    if not os.access(folder, os.W_OK):
        raise CommandError(f"--save {save[:200]}: you may not write to {folder}. Choose another folder.")
    holder = holder_of(save)
    if holder is not None:
        raise CommandError(f"{save[:200]} is open {holder.sentence}: close it there, or save under another name.")


def _saved(save: str, plan: _Plan, outcome: Outcome) -> int:
    path, old = Path(save), plan.document
    none = np.zeros((0, plan.spec.inputs), np.uint8)
    document = Document(
        kind="network",
        name=path.stem,
        checkpoint=outcome.checkpoint,
        data_source=dict(plan.data.source),
        added_inputs=old.added_inputs if old else none,
        added_labels=old.added_labels if old else np.zeros(0, np.int64),
        added_drawings=old.added_drawings if old else None,
        view=old.view if old else {},
    )
    project = plan.project or Project(())
    try:
        save_project(path, replace(project, documents=(document, *project.documents[1:])))
    except ProjectError as error:
        print(error, file=sys.stderr)
        return FAILED
    print(f"Saved       {path}")
    return 0


def _ended(bar: ProgressBar, sentence: str, status: int) -> int:
    bar.clear()
    print(f"playground train: {sentence}", file=sys.stderr)
    return status
