"""The loop of the thread of a superposition sandbox: training in slices, trouble, and what each command does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.journal import JournalError
from playground.engine.runner import SLICE_SECONDS, Runner
from playground.engine.snapshots import Mark, Receipt
from playground.engine.superposition import commands as wish
from playground.engine.superposition.checkpoint import SandboxCheckpoint
from playground.engine.superposition.loss_history import is_point
from playground.engine.superposition.measuring import Measuring
from playground.engine.superposition.problem import SuperpositionError
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.sandbox_editing import SandboxEditing
from playground.engine.superposition.sandbox_showing import SandboxShowing
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.engine.superposition.step_plan import StepPlan, horizon_words, is_at_horizon

EXPLODED = 100.0  # times the losses of the beginning: nobody wants to return there


class SandboxRunner(Runner):
    """Trains the models of a sandbox on the commands of its ``channel``."""

    refusals = (SuperpositionError, JournalError)

    def __init__(self, channel: Channel[SandboxSnapshot], *, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(channel, clock=clock)
        self._sandbox: Sandbox | None = None
        self._editing = SandboxEditing(clock)
        self._good: SandboxCheckpoint | None = None
        self._plan = StepPlan()
        self._call = torch.from_numpy(channel.call)
        self._segments = 0
        self._measuring = Measuring(clock)
        self._showing = SandboxShowing()
        self._alone: dict[type, Callable[[Any], None]] = {
            ask.SetSpeed: self._set_speed,
            ask.Watch: self._watch,
            ask.Stop: self._stop,
            wish.SetProbe: self._set_probe,
            wish.BeginSandbox: self._begin_sandbox,
            wish.RestoreSandbox: self._restore,
        }
        self._with_sandbox: dict[type, Callable[[Sandbox, Any, int], None]] = {
            ask.Run: self._run,
            ask.Pause: self._pause,
            ask.Advance: self._advance,
            ask.SetDevice: self._set_device,
            ask.EndStroke: self._end_stroke,
            ask.Revert: self._turn_back,
            ask.Reapply: self._turn_back,
            ask.Forget: self._forget,
            ask.BackToLastGood: self._back_to_last_good,
            ask.RequestCheckpoint: self._request_checkpoint,
            wish.Retune: self._retune,
            wish.Rebuild: self._rebuild,
            wish.LoadModels: self._load_models,
            wish.KeepSeeds: self._keep_seeds,
            wish.EditModel: self._edit,
            wish.FreezeFeatures: self._freeze,
        }

    @property
    def _step(self) -> int | None:
        return None if self._sandbox is None else self._sandbox.step

    @property
    def _is_in_stroke(self) -> bool:
        return self._editing.is_in_stroke

    @property
    def _is_on_cpu(self) -> bool:
        return self._sandbox is None or self._sandbox.device == "cpu"

    @property
    def _needs_interpreter(self) -> bool:
        return self._sandbox is None or not self._sandbox.makes_many

    def _end(self) -> None:
        self._editing.close()

    def _obey_one(self, command: ask.Command, seq: int) -> None:
        if alone := self._alone.get(type(command)):
            alone(command)
        elif self._sandbox is None:
            if isinstance(command, ask.RequestCheckpoint):
                self._channel.reply(command.token, None)
        elif handler := self._with_sandbox.get(type(command)):
            handler(self._sandbox, command, seq)

    # ---- training --------------------------------------------------------------------------------------------

    def _train_slice(self) -> None:
        sandbox, clock = self._sandbox, self._clock
        if sandbox is None:
            self._is_running = False
            return
        if sandbox.history.last_step < 0 and not sandbox.step:
            self._measure_point(sandbox)
        now = clock()
        deadline = now + SLICE_SECONDS
        while self._is_running and self._pace.may_step(now):
            steps = self._plan.next_steps(sandbox, deadline - now) if self._pace.is_unlimited else 1
            made = sandbox.advance_many(steps, self._call)
            self._is_stale = True
            begun, now = now, clock()
            self._plan.learn(made, now - begun)
            if is_point(sandbox.step):
                self._measure_point(sandbox)
                now = clock()
            if self._is_running and sandbox.step == self._plan.end(sandbox):
                self._halt(horizon_words(sandbox) if sandbox.step != self._plan.until else "")
            if self._is_called or now >= deadline:
                break
        self._pace.count(clock(), sandbox.step)
        if self._is_running or self._needs_evaluation:
            self._check_sound(sandbox)

    def _measure_point(self, sandbox: Sandbox) -> None:
        self._measuring.measure(sandbox)
        losses = sandbox.losses
        if np.isfinite(losses).all():
            sandbox.history.add(sandbox.step, losses)
            first = sandbox.history.curves.losses[0]
            if losses.max() <= EXPLODED * first.max():
                self._good = sandbox.checkpoint()
        self._check_sound(sandbox)

    def _check_sound(self, sandbox: Sandbox) -> None:
        bad = sandbox.first_bad()
        if bad is None:
            return
        rate = sandbox.setup.schedule.learning_rate
        sentence = (
            f"Training paused at step {sandbox.step:,}: the weights of the model {sandbox.name_of(bad)} are no longer "
            f"numbers. Lower the learning rate (it is {rate:g}) and go back to the last good step, or restart."
        )
        self._report("divergence", sentence, can_go_back=self._good is not None)

    def _rescue(self) -> str:
        if self._sandbox is None or self._is_on_cpu:
            return ""
        saved = self._good
        self._sandbox = Sandbox(self._sandbox.setup) if saved is None else Sandbox.restored(saved)
        return "The last good weights are back, on the CPU."

    # ---- running ---------------------------------------------------------------------------------------------

    def _run(self, sandbox: Sandbox, _command: ask.Run, seq: int) -> None:
        self._plan.until = None
        self._play(sandbox, seq)

    def _advance(self, sandbox: Sandbox, command: ask.Advance, seq: int) -> None:
        if command.steps <= 0:
            return
        self._plan.ask_for(command.steps, sandbox, is_running=self._is_running)
        self._play(sandbox, seq)

    def _play(self, sandbox: Sandbox, seq: int) -> None:
        if is_at_horizon(sandbox):
            self._editing.note(Receipt(seq, sandbox.step, "", 0, 0, horizon_words(sandbox)))
            return
        if self._trouble is not None and sandbox.first_bad() is not None:
            self._check_sound(sandbox)
            return
        self._begin_running()

    def _pause(self, _sandbox: Sandbox, _command: ask.Pause, _seq: int) -> None:
        self._halt()

    def _watch(self, command: ask.Watch) -> None:
        self._showing.probes = command.probes

    def _set_probe(self, command: wish.SetProbe) -> None:
        self._showing.set_probe(command)

    def _set_device(self, sandbox: Sandbox, command: ask.SetDevice, seq: int) -> None:
        torch.set_num_threads(max(1, command.threads))
        if sandbox.device == command.device:
            return
        self._editing.release(sandbox)
        self._good = sandbox.checkpoint()
        self._sandbox = Sandbox.restored(self._good, command.device)
        self._sandbox.history.mark(Mark(sandbox.step, "device", f"on {command.device}", seq))
        self._needs_evaluation = True

    # ---- what is trained -------------------------------------------------------------------------------------

    def _begin_sandbox(self, command: wish.BeginSandbox) -> None:
        self._install(Sandbox(command.setup, self._device))

    def _restore(self, command: wish.RestoreSandbox) -> None:
        self._install(Sandbox.restored(command.checkpoint, self._device))

    @property
    def _device(self) -> str:
        return "cpu" if self._sandbox is None else self._sandbox.device

    def _install(self, sandbox: Sandbox) -> None:
        """Go over to another content: nothing of the old one can be taken back."""
        self._halt()
        self._editing.clear()
        self._sandbox = sandbox
        self._segments = max(self._segments, sandbox.history.segment)
        self._good = self._trouble = None
        self._changed(sandbox)

    def _changed(self, sandbox: Sandbox) -> None:
        """Everything may be different: measure it, and return to it after trouble."""
        self._needs_evaluation = True
        if sandbox.first_bad() is None:
            self._good = sandbox.checkpoint()

    def _retune(self, sandbox: Sandbox, command: wish.Retune, seq: int) -> None:
        sandbox.retune(command.setup)
        if command.label:
            mark = Mark(sandbox.step, "setting", command.label, seq)
            sandbox.history.mark(mark, joins_last=command.is_quiet)
        self._needs_evaluation = True
        if self._is_running and is_at_horizon(sandbox):
            self._halt(horizon_words(sandbox))

    def _rebuild(self, sandbox: Sandbox, command: wish.Rebuild, seq: int) -> None:
        self._replace(sandbox, self._fresh(command.setup), seq, command.label, joins=command.joins)

    def _load_models(self, sandbox: Sandbox, command: wish.LoadModels, seq: int) -> None:
        made = self._fresh(command.setup)
        if command.parameters.shape != made.shape:
            raise SuperpositionError(f"The weights have the shape {command.parameters.shape}, not {made.shape}.")
        made.take_parameters(command.parameters)
        self._replace(sandbox, made, seq, command.label)

    def _fresh(self, setup: Setup) -> Sandbox:
        made = Sandbox(setup, self._device, self._segments + 1)
        self._segments += 1
        return made

    def _keep_seeds(self, sandbox: Sandbox, command: wish.KeepSeeds, seq: int) -> None:
        self._replace(sandbox, sandbox.with_seeds(command.places), seq, command.label)

    def _back_to_last_good(self, sandbox: Sandbox, _command: ask.BackToLastGood, seq: int) -> None:
        if self._good is None or self._trouble is None or not self._trouble.can_go_back:
            words = "There was no step to go back to: nothing was changed."
            self._editing.note(Receipt(seq, sandbox.step, "", 0, 0, words))
            return
        saved = replace(self._good, setup=sandbox.setup)  # learning rate, sparsity and importance are the present ones
        self._halt()
        self._replace(sandbox, Sandbox.restored(saved, sandbox.device), seq, f"back to step {saved.step:,}")

    def _replace(self, old: Sandbox, new: Sandbox, seq: int, label: str, *, joins: int = 0) -> None:
        """Go over to another sandbox in a way that can be taken back; ``joins``: as a part of that change."""
        self._editing.release(old)
        self._editing.effect = None
        if not (joins and self._editing.has_state(joins)):
            self._editing.keep_state(seq, label, old)
        self._sandbox = new
        self._trouble, self._stopped_by = None, ""
        new.history.mark(Mark(new.step, "restart", label, seq), joins_last=bool(joins))
        self._changed(new)

    # ---- by hand ---------------------------------------------------------------------------------------------

    def _edit(self, sandbox: Sandbox, command: wish.EditModel, seq: int) -> None:
        self._editing.edit(sandbox, command, seq)
        self._needs_evaluation = True

    def _freeze(self, sandbox: Sandbox, command: wish.FreezeFeatures, seq: int) -> None:
        self._editing.freeze(sandbox, command, seq)

    def _end_stroke(self, sandbox: Sandbox, command: ask.EndStroke, _seq: int) -> None:
        self._editing.end_stroke(sandbox, command.stroke)
        self._needs_evaluation = True

    def _turn_back(self, sandbox: Sandbox, command: ask.Revert | ask.Reapply, seq: int) -> None:
        made = self._editing.turn_back(sandbox, command.seq, seq, is_redo=isinstance(command, ask.Reapply))
        self._sandbox = made
        self._trouble = None
        self._changed(made)

    def _forget(self, _sandbox: Sandbox, command: ask.Forget, _seq: int) -> None:
        self._editing.forget(command.seqs)

    def _request_checkpoint(self, sandbox: Sandbox, command: ask.RequestCheckpoint, _seq: int) -> None:
        self._channel.reply(command.token, sandbox.checkpoint())

    # ---- showing ---------------------------------------------------------------------------------------------

    def _measure_by_hand(self, now: float) -> None:
        sandbox = self._sandbox
        if sandbox is None:
            return
        if self._editing.is_in_stroke:
            if self._needs_evaluation or self._is_running:
                is_measured = self._editing.measure_stroke(sandbox, now)
                self._needs_evaluation &= not is_measured
                self._is_stale |= is_measured
                self._has_news |= is_measured
        elif not self._channel.has_commands:
            self._needs_evaluation = False
            self._measuring.measure(sandbox)
            self._is_stale = True
            if self._trouble is None:
                self._check_sound(sandbox)

    def _publish(self) -> None:
        sandbox = self._sandbox
        if sandbox is None:
            return
        if sandbox.measured_step < 0 or self._measuring.may_measure(
            sandbox, is_running=self._is_running, is_in_stroke=self._editing.is_in_stroke
        ):
            self._measuring.measure(sandbox)
        if self._editing.measure_quickly(sandbox):
            self._needs_evaluation = False
        snapshot = self._showing.snapshot(
            sandbox,
            applied_seq=self._applied_seq,
            is_running=self._is_running,
            stroke=self._editing.effect,
            steps_per_second=self._pace.steps_per_second if self._is_running else 0.0,
            receipts=self._editing.receipts,
            trouble=self._trouble,
            stopped_by=self._stopped_by,
        )
        self._channel.publish(snapshot)
