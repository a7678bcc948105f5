"""The loop of the training thread for a network: training in slices, trouble, and what each command does."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import torch

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.divergence import divergence
from playground.engine.editing import Editing
from playground.engine.evaluate import first_bad_layer
from playground.engine.history import is_evaluation_step, is_finite, steps_to_evaluation
from playground.engine.journal import JournalError
from playground.engine.last_good import LastGood
from playground.engine.runner import SLICE_SECONDS, Runner
from playground.engine.settings import change_words
from playground.engine.showing import Showing
from playground.engine.snapshots import Mark, Receipt, Snapshot
from playground.engine.spec import SpecError
from playground.engine.step_times import StepTimes
from playground.engine.stopping import Stopping
from playground.engine.training import NoExamplesError, Training, network_with
from playground.engine.transfer import transferred

TEST_EVERY = 4  # evaluations a measurement of the test part, while training
FUNCTION_SAMPLE = 256  # validation examples on which it is measured whether a change of structure changed the function


class NetworkRunner(Runner):
    """Trains a network on the commands of its ``channel``."""

    refusals = (SpecError, NoExamplesError, JournalError)

    def __init__(self, channel: Channel[Snapshot], *, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(channel, clock=clock)
        self._training: Training | None = None
        self._editing = Editing(clock)
        self._showing = Showing()
        self._stopping = Stopping()
        self._good = LastGood()
        self._evaluations = 0
        self._call = torch.from_numpy(channel.call)
        self._times = StepTimes()
        self._alone: dict[type, Callable[[Any], None]] = {
            ask.SetSpeed: self._set_speed,
            ask.Watch: self._watch,
            ask.SetInput: self._set_input,
            ask.Stop: self._stop,
            ask.Start: self._start,
        }
        self._with_training: dict[type, Callable[[Training, Any, int], None]] = {
            ask.Run: self._run,
            ask.Pause: self._pause,
            ask.Advance: self._advance,
            ask.SetDevice: self._set_device,
            ask.Restore: self._restore,
            ask.SetData: self._set_data,
            ask.Change: self._change,
            ask.Reset: self._reset,
            ask.Restructure: self._restructure,
            ask.TakeWeights: self._take_weights,
            ask.BackToLastGood: self._back_to_last_good,
            ask.RequestCheckpoint: self._request_checkpoint,
            ask.RequestMistakes: self._request_mistakes,
            ask.Revert: self._turn_back,
            ask.Reapply: self._turn_back,
            ask.Forget: self._forget,
        }

    @property
    def _step(self) -> int | None:
        return None if self._training is None else self._training.step

    @property
    def _is_in_stroke(self) -> bool:
        return self._editing.is_painting

    @property
    def _is_on_cpu(self) -> bool:
        return self._training is None or self._training.device.type == "cpu"

    @property
    def _needs_interpreter(self) -> bool:
        return self._training is None or not self._training.makes_many

    def _end(self) -> None:
        self._editing.close()

    # ---- training --------------------------------------------------------------------------------------------

    def _train_slice(self) -> None:
        training, clock = self._training, self._clock
        if training is None:
            self._is_running = False
            return
        if training.evaluation is None:
            self._evaluate(training, with_test=True)
            self._good.keep_measured(training)
        now = clock()
        deadline = now + SLICE_SECONDS
        is_on_cpu = training.device.type == "cpu"  # elsewhere reading the loss waits for the device: once a slice
        made = 0
        while self._is_running and self._pace.may_step(now):
            made = training.advance_many(self._steps_at_once(training, deadline - now), self._call)
            self._is_stale = True
            begun, now = now, clock()
            self._times.note(made, now - begun)
            if is_on_cpu and not math.isfinite(training.batch_loss.item()):
                self._diverged(training)
                return
            if is_evaluation_step(training.step):
                self._measure_point(training)
            reason = self._stopping.reason(training)
            if reason is not None:
                self._halt(reason)
            now = clock()
            if self._is_called or now >= deadline:
                break
        self._pace.count(now, training.step)
        if made and not is_on_cpu and not math.isfinite(training.batch_loss.item()):
            self._diverged(training)

    def _steps_at_once(self, training: Training, seconds: float) -> int:
        """Return how many steps to make in one call: as many as take so long, no further than there is to measure."""
        if not self._pace.is_unlimited:
            return 1
        steps = min(self._times.steps_in(seconds), steps_to_evaluation(training.step))
        if self._stopping.until_step is not None:
            steps = min(steps, self._stopping.until_step - training.step)
        return max(1, steps)

    def _measure_point(self, training: Training) -> None:
        self._evaluations += 1
        evaluation = self._evaluate(training, with_test=self._evaluations % TEST_EVERY == 0)
        if is_finite(evaluation) or not evaluation.validation.count:
            self._good.keep_trained(training)
        else:
            self._diverged(training)

    def _evaluate(self, training: Training, *, with_test: bool) -> Any:
        self._needs_evaluation = False
        return training.evaluate(self._applied_seq, with_test=with_test)

    # ---- trouble ---------------------------------------------------------------------------------------------

    def _diverged(self, training: Training, *, is_of_step: bool = True) -> None:
        found = divergence(training, is_of_step=is_of_step)
        self._report("divergence", found.sentence, layer=found.layer, can_go_back=self._good.saved is not None)

    def _rescue(self) -> str:
        if self._training is None or self._is_on_cpu:
            return ""
        self._return_to_cpu(self._training)
        return "The last good weights are back, on the CPU."

    def _return_to_cpu(self, training: Training) -> None:
        saved = self._good.saved
        if saved is not None:
            self._training = Training.restored(saved, training.data)
        else:
            self._training = Training(training.spec, training.settings, training.data)

    # ---- commands --------------------------------------------------------------------------------------------

    def _obey_one(self, command: ask.Command, seq: int) -> None:
        if alone := self._alone.get(type(command)):
            alone(command)
        elif self._training is None:
            if isinstance(command, ask.Restore):
                self._install(Training.restored(command.checkpoint, command.data))
            elif isinstance(command, ask.RequestCheckpoint | ask.RequestMistakes):
                self._channel.reply(command.token, None)
        elif handler := self._with_training.get(type(command)):
            handler(self._training, command, seq)
            self._times.forget()  # settings, structure, data or device may be others now
        elif self._editing.apply(self._training, command, seq):
            self._good.watch_anew()
            self._needs_evaluation = True

    def _watch(self, command: ask.Watch) -> None:
        self._showing.probes = command.probes

    def _set_input(self, command: ask.SetInput) -> None:
        self._showing.set_input(command.values)

    def _start(self, command: ask.Start) -> None:
        device = str(self._training.device) if self._training else "cpu"
        self._install(Training(command.spec, command.settings, command.data, device))

    def _restore(self, training: Training, command: ask.Restore, _seq: int) -> None:
        self._install(Training.restored(command.checkpoint, command.data, str(training.device)))

    def _install(self, training: Training) -> None:
        self._halt()
        self._training = training
        self._times.forget()
        self._editing.clear()
        self._good.begin(training)
        self._trouble = None
        self._needs_evaluation = True

    def _run(self, training: Training, _command: ask.Run, _seq: int) -> None:
        self._begin(training)

    def _advance(self, training: Training, command: ask.Advance, _seq: int) -> None:
        begun = training.step
        if self._is_running and self._stopping.until_step is not None:
            begun = self._stopping.until_step  # steps that were asked for are made, however fast they are asked for
        until_step = begun + command.steps if command.steps else None
        until_epoch = training.epochs_done + command.epochs if command.epochs else None
        self._begin(training, until_step=until_step, until_epoch=until_epoch)

    def _begin(self, training: Training, **until: int | None) -> None:
        self._stopping.begin(training, **until)
        self._begin_running()

    def _pause(self, _training: Training, _command: ask.Pause, _seq: int) -> None:
        self._halt()

    def _set_device(self, training: Training, command: ask.SetDevice, seq: int) -> None:
        torch.set_num_threads(max(1, command.threads))
        old = str(training.device)
        if old == command.device:
            return
        self._good.keep(training)
        try:
            training.to(command.device)
        except Exception:
            training.to(old)
            raise
        self._mark(training, seq, "device", f"on {command.device}")

    def _set_data(self, training: Training, command: ask.SetData, seq: int) -> None:
        network = None
        label = command.label or command.data.name
        self._editing.release(training)
        if command.is_drag:
            training.set_data(command.data)
            self._changed_by_hand(training, seq, "data", "")
            return
        self._editing.jumps.keep(
            seq,
            "data",
            label,
            training,
            data=training.data,
            has_state=command.restructure is not None,
            settings=command.changes,
        )
        if command.restructure is not None:
            network, _ = transferred(
                training.network, command.restructure, training.settings.initialization, training.init_generator
            )
        training.set_data(command.data, network, command.changes)
        self._changed_by_hand(training, seq, "data", label if training.step else "")

    def _change(self, training: Training, command: ask.Change, seq: int) -> None:
        training.change(dict(command.changes))
        self._stopping.renew(training)
        label = change_words(command.changes)
        kind = "loss" if "loss" in command.changes else "setting"
        self._mark(training, seq, kind, label, joins_last=command.is_quiet)
        if "loss" in command.changes:
            self._good.watch_anew()
            self._needs_evaluation = True

    def _reset(self, training: Training, command: ask.Reset, seq: int) -> None:
        label = f"reset, seed {command.changes.get('seed', training.settings.seed)}"
        self._editing.release(training)
        self._editing.jumps.keep(seq, "reset", label, training)
        training.reset(dict(command.changes))
        self._stopped_by, self._trouble = "", None
        self._changed_by_hand(training, seq, "reset", label)

    def _restructure(self, training: Training, command: ask.Restructure, seq: int) -> None:
        self._editing.release(training)
        old, settings = training.network, training.settings
        network, message = transferred(
            old,
            command,
            settings.initialization,
            training.init_generator,
            inputs=training.validation.inputs[:FUNCTION_SAMPLE] if len(training.validation) else None,
            loss=settings.loss,
        )
        self._editing.jumps.keep(seq, "structure", command.label, training)
        before = training.measured(training.validation)
        training.put_network(network)
        self._editing.compare(training, before, seq)
        self._editing.note(Receipt(seq, training.step, command.label, network.spec.parameter_count, 0, message))
        self._changed_by_hand(training, seq, "structure", command.label)

    def _take_weights(self, training: Training, command: ask.TakeWeights, seq: int) -> None:
        network = network_with(command.spec, command.parameters, training.device)
        self._editing.release(training)
        self._editing.jumps.keep(seq, "structure", command.label, training)
        training.put_network(network)
        self._changed_by_hand(training, seq, "structure", command.label)

    def _back_to_last_good(self, training: Training, _command: ask.BackToLastGood, seq: int) -> None:
        saved = self._good.way_back(self._trouble)
        if saved is None:
            self._editing.note(
                Receipt(seq, training.step, "", 0, 0, "There was no step to go back to: nothing was changed.")
            )
            return
        label = f"back to step {saved.step:,}"
        self._halt()
        self._editing.release(training)
        self._editing.jumps.keep(seq, "reset", label, training)
        training.back_to(saved)
        self._trouble = None
        self._changed_by_hand(training, seq, "reset", label)

    def _request_checkpoint(self, training: Training, command: ask.RequestCheckpoint, _seq: int) -> None:
        self._channel.reply(command.token, training.checkpoint())

    def _request_mistakes(self, training: Training, command: ask.RequestMistakes, _seq: int) -> None:
        self._channel.reply(command.token, training.mistakes(command.part))

    def _turn_back(self, training: Training, command: ask.Revert | ask.Reapply, seq: int) -> None:
        if self._editing.turn_back(training, command.seq, seq, is_redo=isinstance(command, ask.Reapply)):
            self._trouble = None
            self._good.take_up(training)
            self._needs_evaluation = True

    def _forget(self, _training: Training, command: ask.Forget, _seq: int) -> None:
        self._editing.forget(command.seqs)

    def _changed_by_hand(self, training: Training, seq: int, kind: str, label: str) -> None:
        if label:
            self._mark(training, seq, kind, label)
        self._good.take_up(training)
        self._needs_evaluation = True

    @staticmethod
    def _mark(training: Training, seq: int, kind: str, label: str, *, joins_last: bool = False) -> None:
        training.history.mark(Mark(training.step, kind, label, seq), joins_last=joins_last)

    # ---- showing ---------------------------------------------------------------------------------------------

    def _measure_by_hand(self, now: float) -> None:
        """Measure again after a hand edit; the curves get no point of it, except where this step has none yet."""
        training = self._training
        if training is None:
            return
        if self._editing.is_painting:
            if self._needs_evaluation or self._is_running:
                is_measured = self._editing.measure_stroke(training, self._applied_seq, now)
                self._needs_evaluation &= not (is_measured and self._editing.has_evaluated)
                self._is_stale |= is_measured
                self._has_news |= is_measured
        elif not self._channel.has_commands:
            self._evaluate(training, with_test=True)
            self._good.keep_measured(training)
            self._is_stale = True
            if self._trouble is None and first_bad_layer(training.network) is not None:
                # an undo, or a file, has brought weights that are no numbers
                self._diverged(training, is_of_step=False)

    def _publish(self) -> None:
        training = self._training
        if training is None:
            return
        way_back = self._good.way_back(self._trouble)
        snapshot = self._showing.snapshot(
            training,
            applied_seq=self._applied_seq,
            is_running=self._is_running,
            steps_per_second=self._pace.steps_per_second if self._is_running else 0.0,
            stroke_effect=self._editing.stroke_effect,
            receipts=self._editing.receipts,
            trouble=self._trouble,
            fall=self._good.fall,
            way_back=None if way_back is None else way_back.step,
            stopped_by=self._stopped_by,
        )
        self._channel.publish(snapshot)
