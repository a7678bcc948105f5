"""One training as it stands: network, optimizer, data, order of the batches, measurements. No thread, no window."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.evaluate import Firing, measure, mistakes
from playground.engine.fit import check_fit
from playground.engine.history import History, is_evaluation_step
from playground.engine.network import Network
from playground.engine.part import Part
from playground.engine.schedule import learning_rate
from playground.engine.scripted import is_scripted
from playground.engine.settings import Settings, changed
from playground.engine.snapshots import Evaluation, Measure, Mistakes
from playground.engine.spec import NetworkSpec
from playground.engine.step import Source, WrittenStep, make_steps
from playground.engine.step_choice import make_step
from playground.engine.targets import TWO, two_targets

# Offsets that give the streams of one seed different random numbers.
_BATCH_STREAM, _DROPOUT_STREAM = 1_000_003, 2_000_003
EVALUATED_EXAMPLES = 4_000
_EVALUATION_WORK = 2_000_000_000  # parameters x examples of one measurement that still feels immediate


class NoExamplesError(ValueError):
    """There is nothing to train on; the text is a sentence for the user."""


def evaluated_examples(spec: NetworkSpec) -> int:
    """Return on how many examples of a part a network is measured: 4,000, fewer where it is large (at least 256)."""
    return max(256, min(EVALUATED_EXAMPLES, _EVALUATION_WORK // spec.parameter_count))


class Training:
    """Network, settings, data and the place in them; ``advance`` makes one step.

    Parameters
    ----------
    spec, settings, data
        Must fit together: as many inputs and outputs as the data have, and a loss for such targets (raises SpecError).
    device
        ``cpu``, ``cuda:0``, ``mps``.
    """

    def __init__(self, spec: NetworkSpec, settings: Settings, data: DataSet, device: str = "cpu") -> None:
        check_fit(spec, data, settings)
        self.device = torch.device(device)
        self.settings = settings
        self.history = History()
        self.data = data
        self._load_parts()
        self._begin(spec)

    def _begin(self, spec: NetworkSpec) -> None:
        seed = self.settings.seed
        self.init_generator = torch.Generator().manual_seed(seed)
        self.batch_generator = torch.Generator().manual_seed(seed + _BATCH_STREAM)
        self.dropout_generator = torch.Generator(self.device).manual_seed(seed + _DROPOUT_STREAM)
        self.network = Network.create(spec, self.settings.initialization, self.init_generator, self.device)
        self.step = 0
        self.epochs_done = 0
        self.position = 0
        self.evaluation: Evaluation | None = None
        self.order: Tensor | None = None
        self.has_gradient = False
        self.refresh_step()

    @property
    def spec(self) -> NetworkSpec:
        """Return the structure of the network."""
        return self.network.spec

    @property
    def epoch(self) -> float:
        """Return the epochs trained, parts included."""
        return self.epochs_done + self.position / max(1, self.train_count)

    @property
    def train_count(self) -> int:
        """Return the number of training examples."""
        return len(self.train)

    @property
    def learning_rate(self) -> float:
        """Return what the schedule makes of the learning rate at this moment."""
        return learning_rate(self.settings, self.epoch)

    # ---- changes ---------------------------------------------------------------------------------------------

    def refresh_step(self) -> None:
        """Choose the training step anew: settings, structure or device have changed."""
        self._update = make_step(self.network, self.settings, self.dropout_generator)
        if self.data.task == TWO:
            coded = two_targets(self.spec.layers[-1].activation, self.settings.loss)
            for part in (self.train, self.validation, self.test):
                part.code(*coded)
        size = max(1, min(self.settings.batch_size, self.train_count))
        self._batch_inputs = torch.empty((size, self.spec.inputs), device=self.device)
        targets = self.train.targets
        self._batch_targets = torch.empty((size, *targets.shape[1:]), dtype=targets.dtype, device=self.device)
        self._no_call = torch.zeros(1, dtype=torch.bool)

    def change(self, changes: dict[str, Any]) -> None:
        """Change settings in mid-run; nothing else is reset (raises SpecError where the data do not allow it)."""
        settings = changed(self.settings, changes)
        check_fit(self.spec, self.data, settings)
        self.settings = settings
        self.refresh_step()

    def reset(self, changes: dict[str, Any]) -> None:
        """Start again at step 0 from the seed, with the present structure and data (raises SpecError as `change`)."""
        settings = changed(self.settings, changes)
        check_fit(self.spec, self.data, settings)
        self.settings = settings
        self.history = History(self.history.segment + 1)
        self._begin(self.spec)

    def put_network(self, network: Network) -> None:
        """Go on with another network (a changed structure) on the same data, at the same step."""
        check_fit(network.spec, self.data, self.settings)
        self.network = network
        self.has_gradient = False  # until a step has been made with it
        self.refresh_step()

    def set_data(self, data: DataSet, network: Network | None = None, changes: Mapping[str, Any] | None = None) -> None:
        """Train and measure on other data from here on, with ``network`` where the widths change with them.

        ``changes`` are those of settings that go along, such as another loss for other targets.

        Raises
        ------
        SpecError
            Where data and network do not fit together.
        """
        network = network or self.network
        settings = changed(self.settings, changes or {})
        check_fit(network.spec, data, settings)
        self.settings = settings
        self.has_gradient &= network is self.network
        self.network = network
        if not self.step:  # nothing was trained on the data before: the curves begin with these
            self.history = self.history.emptied()
        is_same_run = data.source == self.data.source
        self.data = data
        self._load_parts()
        if is_same_run and self.order is not None:
            # examples came or went: the running epoch goes on with those that are there
            used = self.order[: self.position]
            self.position = int((used < self.train_count).sum())
            self.order = self.order[self.order < self.train_count]
            if self.train_count:
                self._end_epoch_where_used_up()  # all that are left may have been used
        else:
            self.order, self.position = None, 0
        self.refresh_step()

    def to(self, device: str) -> None:
        """Move everything to another device; the generator of the dropout masks starts from the seed there."""
        self.device = torch.device(device)
        self.network = self.network.to(self.device)
        self.has_gradient = False
        self.dropout_generator = torch.Generator(self.device).manual_seed(
            self.settings.seed + _DROPOUT_STREAM + self.step
        )
        self._load_parts()
        if self.order is not None:
            self.order = self.order.to(self.device)
        self.refresh_step()

    def _load_parts(self) -> None:
        self.train = Part(self.data.train, self.device)
        self.validation = Part(self.data.validation, self.device)
        self.test = Part(self.data.test, self.device)

    # ---- training --------------------------------------------------------------------------------------------

    def advance(self) -> Tensor:
        """Make one training step and return its batch loss (0-dim tensor; reading it waits for the device).

        Raises
        ------
        NoExamplesError
            Where the training part is empty.
        """
        order = self._running_epoch()
        chosen = order[self.position : self.position + self.settings.batch_size]
        count = len(chosen)
        inputs, targets = self._batch_inputs[:count], self._batch_targets[:count]
        torch.index_select(self.train.inputs, 0, chosen, out=inputs)
        torch.index_select(self.train.targets, 0, chosen, out=targets)
        self._update(inputs, targets, self.learning_rate)
        self._count(1, count)
        return self._update.loss

    @property
    def makes_many(self) -> bool:
        """Return whether `advance_many` makes many steps in one call, which does not need Python's interpreter."""
        return isinstance(self._update, WrittenStep) and self.device.type == "cpu" and is_scripted(make_steps)

    def advance_many(self, most: int, call: Tensor | None = None) -> int:
        """Make up to ``most`` training steps and return how many: the same ones that `advance` makes one by one.

        They end with the epoch, after a step whose loss is no number (see `batch_loss`), and soon after ``call`` (bool,
        one element, on the CPU) was set. Where `makes_many` is not so, it is one step.

        Raises
        ------
        NoExamplesError
            Where the training part is empty.
        """
        update = self._update
        if not isinstance(update, WrittenStep) or not self.makes_many:
            self.advance()
            return 1
        order, size = self._running_epoch(), self.settings.batch_size
        left = len(order) - self.position
        rows, steps = (size, min(most, left // size)) if left >= size else (left, 1)
        source = Source(
            inputs=self.train.inputs,
            targets=self.train.targets,
            order=order[self.position : self.position + steps * rows],
            batch_inputs=self._batch_inputs[:rows],
            batch_targets=self._batch_targets[:rows],
            call=self._no_call if call is None else call,
        )
        made = update.many(source, self._learning_rates(steps))
        self._count(made, made * rows)
        return made

    def _learning_rates(self, steps: int) -> list[float]:
        """Return the learning rate of each of the next ``steps`` steps of this epoch."""
        if self.settings.schedule == "constant":
            return [self.settings.learning_rate] * steps
        size, count = self.settings.batch_size, self.train_count
        positions = range(self.position, self.position + steps * size, size)
        return [learning_rate(self.settings, self.epochs_done + position / count) for position in positions]

    def _count(self, steps: int, examples: int) -> None:
        self.has_gradient = True
        self.step += steps
        self.position += examples
        self._end_epoch_where_used_up()

    def _end_epoch_where_used_up(self) -> None:
        if self.order is not None and self.position >= len(self.order):
            self.epochs_done, self.position, self.order = self.epochs_done + 1, 0, None

    @property
    def batch_loss(self) -> Tensor:
        """Return the loss of the last batch (0-dim)."""
        return self._update.loss

    @property
    def batch_pre(self) -> list[Tensor]:
        """Return the pre-activations ``[B, units]`` of the last batch, layer by layer; empty before the first step."""
        return self._update.pre

    def _running_epoch(self) -> Tensor:
        """Return the order of the examples in this epoch, ``[examples]`` int64; begin one where the last has ended."""
        if self.order is None or self.position >= len(self.order):
            if not self.train_count:
                raise NoExamplesError(
                    "There are no training examples: open a data set or draw some digits and add them."
                )
            self.order = torch.randperm(self.train_count, generator=self.batch_generator).to(self.device)
            self.position = 0
        return self.order

    # ---- measuring -------------------------------------------------------------------------------------------

    def measured(self, part: Part, *, is_whole: bool = False, firing: Firing | None = None) -> Measure:
        """Measure loss and accuracy on a part: on its first examples (see ``evaluated_examples``), or all of them."""
        count = len(part) if is_whole else min(len(part), evaluated_examples(self.spec))
        if not count:
            return Measure(float("nan"), float("nan"), 0)
        inputs, targets = part.inputs[:count], part.targets[:count]
        return measure(self.network, inputs, targets, self.settings.loss, part.threshold, firing)

    def mistakes(self, part: str) -> Mistakes:
        """Return which examples of ``part`` (train, validation, test) are answered wrongly now, and by what."""
        found: Part = getattr(self, part)
        wrong, answers = mistakes(self.network, found.inputs, found.targets, self.settings.loss, found.threshold)
        return Mistakes(self.step, part, wrong, answers)

    def evaluate(self, seq: int, *, with_test: bool) -> Evaluation:
        """Measure the present weights; a point of the curves where this is one of the fixed steps."""
        old = self.evaluation
        test, test_step = (old.test, old.test_step) if old else (None, None)
        if with_test:
            test, test_step = self.measured(self.test), self.step
        firing = Firing()
        train, validation = self.measured(self.train, firing=firing), self.measured(self.validation)
        found = Evaluation(self.step, train, validation, test, test_step, seq, firing.silent(self.spec))
        self.evaluation = found
        if is_evaluation_step(self.step) and (found.train.count or found.validation.count):
            self.history.add(found)
        return found

    # ---- keeping ---------------------------------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        """Return the whole state as numpy copies."""
        network = self.network
        arrays: dict[str, NDArray[Any]] = {"parameters": read_only(network.parameters)}
        for name in ("first_moment", "second_moment", "movable", "present"):
            tensor = getattr(network, name)
            if tensor is not None:
                arrays[name] = read_only(tensor)
        if self.order is not None:
            arrays["order"] = read_only(self.order)
        arrays["init_generator"] = read_only(self.init_generator.get_state())
        arrays["batch_generator"] = read_only(self.batch_generator.get_state())
        arrays["dropout_generator"] = read_only(self.dropout_generator.get_state())
        return Checkpoint(
            spec=self.spec,
            settings=self.settings,
            step=self.step,
            epochs_done=self.epochs_done,
            position=self.position,
            optimizer_steps=network.optimizer_steps,
            arrays=arrays,
            segment=self.history.segment,
            curves=self.history.curves,
            marks=self.history.marks,
            evaluation=self.evaluation,
        )

    def restore(self, saved: Checkpoint) -> None:
        """Go back (or over) to a checkpoint: weights, optimizer, settings, place in the data, curves."""
        self.settings = saved.settings
        self.put_network(self.network_of(saved))
        self.step, self.epochs_done = saved.step, saved.epochs_done
        self._set_generator(self.init_generator, saved.arrays.get("init_generator"))
        self._set_generator(self.batch_generator, saved.arrays.get("batch_generator"))
        self._set_generator(self.dropout_generator, saved.arrays.get("dropout_generator"))
        self.order, self.position = None, 0
        order = saved.arrays.get("order")
        count = self.train_count
        if order is not None and 0 < len(order) <= count and 0 <= order.min() <= order.max() < count:
            self.order = torch.from_numpy(np.array(order)).to(self.device)
            self.position = min(saved.position, len(order))
        self.history = History.of(saved.segment, saved.curves, saved.marks)
        self.evaluation = saved.evaluation

    def network_of(self, saved: Checkpoint) -> Network:
        """Return the network of a checkpoint: structure, weights, moments and masks."""
        network = network_with(saved.spec, saved.arrays["parameters"], self.device)
        for name in ("first_moment", "second_moment"):
            if name in saved.arrays:
                setattr(network, name, torch.from_numpy(np.array(saved.arrays[name])).to(self.device))
        for name in ("movable", "present"):
            mask = saved.arrays.get(name)
            network.set_mask(name, None if mask is None else torch.from_numpy(np.array(mask)).to(self.device))
        network.optimizer_steps = saved.optimizer_steps
        return network

    @staticmethod
    def _set_generator(generator: torch.Generator, state: NDArray[np.uint8] | None) -> None:
        if state is not None and len(state) == len(generator.get_state()):
            with contextlib.suppress(RuntimeError):  # a state of another device: its stream goes on as it is
                generator.set_state(torch.from_numpy(np.array(state)))

    @classmethod
    def restored(cls, saved: Checkpoint, data: DataSet, device: str = "cpu") -> Training:
        """Return the training that a checkpoint holds, on ``data`` (raises SpecError where they do not fit)."""
        made = cls(saved.spec, saved.settings, data, device)
        made.restore(saved)
        return made

    def back_to(self, saved: Checkpoint) -> None:
        """Return to an earlier moment of this training, keeping the settings; the curves go on in a new segment."""
        self.restore(replace(saved, segment=self.history.segment + 1, settings=self.settings))


def network_with(spec: NetworkSpec, parameters: NDArray[np.float32], device: torch.device) -> Network:
    """Return a network with these parameters ``[P]``, without moments and masks."""
    network = Network.empty(spec, device)
    network.parameters.copy_(torch.from_numpy(np.array(parameters, np.float32)))
    return network


def read_only(tensor: Tensor) -> NDArray[Any]:
    """Return a copy of ``tensor`` as a read-only array."""
    found: NDArray[Any] = np.array(tensor.detach().to("cpu").numpy(), copy=True)
    found.flags.writeable = False
    return found
