"""The loop of a training thread: obeys commands in order, trains in slices, shows one moment at a time."""

from __future__ import annotations

import math
import platform
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import torch

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.devices import available_devices
from playground.engine.journal import JournalError
from playground.engine.pace import Pace
from playground.engine.scripted import reason
from playground.engine.snapshots import Trouble
from playground.engine.spec import SpecError

SLICE_SECONDS = 0.008  # of training between two looks at the mailbox
SHOW_SECONDS = 0.015  # a snapshot of slow motion that nobody took is renewed after this time
UNASKED_SECONDS = 0.1  # between two snapshots of a training that nobody asks for one
SMALL_STEPS = 500  # a second: faster ones hold up the window's drawing, and it them; longer ones run beside it
DEVICES_TOKEN = 0  # the reply that lists the devices
BEGINNINGS = {
    "memory": "There is not enough memory for this",
    "device": "The device failed",
    "error": "Something unexpected went wrong",
}
_MEMORY_WORDS = ("allocate memory", "out of memory", "bad_alloc")  # an error in TorchScript keeps no class but these


class Runner(ABC):
    """Owns the tensors of one document and answers the commands of its ``channel``; what is trained, subclasses know.

    ``clock`` is the time in seconds; tests pass their own.
    """

    # what goes wrong by the user's wish: its text is a sentence, and it is no crash
    refusals: tuple[type[Exception], ...] = (SpecError, JournalError)

    def __init__(self, channel: Channel[Any], *, clock: Callable[[], float] = time.perf_counter) -> None:
        self._channel = channel
        self._clock = clock
        self._pace = Pace()
        self._is_over = False
        self._is_running = False
        self._applied_seq = 0
        self._trouble: Trouble | None = None
        self._troubles = 0
        self._stopped_by = ""
        self._is_stale = True  # something changed since the last snapshot
        self._has_news = False  # more than steps: it is shown without being asked for
        self._needs_evaluation = False  # weights changed by hand since they were measured
        self._shown_at = -math.inf
        self._shown_seq = 0  # the last command that a snapshot included: the answer to the next one comes at once

    def loop(self) -> None:
        """Obey and train until ``Stop`` comes."""
        torch.set_flush_denormal(True)  # decayed momenta become denormal, and sums with them many times slower
        torch.set_num_threads(1)  # counts for this thread alone; several only get in the way of so small a network
        self._channel.reply(DEVICES_TOKEN, available_devices())
        try:
            while not self._is_over:
                self._obey(self._channel.take_commands(self._waiting_time()))
                if self._is_running:
                    if self._stands_aside and self._applied_seq == self._shown_seq:
                        self._channel.stand_aside()  # what answers a command is shown first
                    self._guarded(self._train_slice)
                self._show()
        finally:
            self._end()

    def run_waiting(self) -> None:
        """Apply the commands that wait, train to where they ask for, show the result (for tests and notebooks)."""
        self._obey(self._channel.take_commands())
        while self._is_running and not self._channel.has_commands:
            self._guarded(self._train_slice)
        self._show()

    def _waiting_time(self) -> float | None:
        if self._is_running:
            return self._pace.waiting_time(self._clock())
        if self._needs_evaluation:
            return SHOW_SECONDS if self._is_in_stroke else 0.0
        return SHOW_SECONDS if self._is_stale else None

    # ---- what subclasses know --------------------------------------------------------------------------------

    @property
    @abstractmethod
    def _step(self) -> int | None:
        """The steps made so far; None before there is anything to train."""

    @property
    @abstractmethod
    def _is_in_stroke(self) -> bool:
        """Whether the mouse is down on something."""

    @abstractmethod
    def _obey_one(self, command: ask.Command, seq: int) -> None:
        """Apply one command."""

    @abstractmethod
    def _train_slice(self) -> None:
        """Train for ``SLICE_SECONDS``, or until a command comes."""

    @abstractmethod
    def _measure_by_hand(self, now: float) -> None:
        """Measure again after a change by hand."""

    @abstractmethod
    def _publish(self) -> None:
        """Put a snapshot of the present moment into the mailbox."""

    def _rescue(self) -> str:
        """After a failure: return to what still stands where that is needed, and say so in a sentence."""
        return ""

    @property
    def _is_on_cpu(self) -> bool:
        return True

    @property
    def _needs_interpreter(self) -> bool:
        """Whether every step is made of calls from Python."""
        return True

    @property
    def _stands_aside(self) -> bool:
        """Whether training waits while the window draws."""
        return self._needs_interpreter and self._pace.steps_per_second > SMALL_STEPS

    @property
    def _is_called(self) -> bool:
        """Whether the window wants anything: an answer, a snapshot, or the interpreter."""
        return self._channel.is_calling or (self._channel.is_held and self._stands_aside)

    @abstractmethod
    def _end(self) -> None:
        """Give back what the thread holds outside the memory."""

    # ---- trouble ---------------------------------------------------------------------------------------------

    def _guarded(self, action: Callable[[], None]) -> None:
        """Run ``action``; what goes wrong becomes a message in the window, and training pauses."""
        try:
            action()
        except self.refusals as error:
            self._report("refused", str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the window must hear of it
            self._fall_back(error)

    def _fall_back(self, error: Exception) -> None:
        kind = "memory" if _is_of_memory(error) else "error" if self._is_on_cpu else "device"
        sentence = f"{BEGINNINGS[kind]} (step {self._step or 0:,}: {reason(error)[:200]})."
        rescued = self._rescue()
        versions = f"Python {platform.python_version()}, torch {torch.__version__}"
        report = f"{''.join(traceback.format_exception(error))}\n{versions}\n"
        self._report(kind, f"{sentence} {rescued}".strip(), report=report)

    def _report(
        self, kind: str, sentence: str, *, layer: int | None = None, report: str = "", can_go_back: bool = False
    ) -> None:
        self._halt()
        self._needs_evaluation = False
        self._troubles += 1
        self._trouble = Trouble(self._troubles, kind, self._step or 0, sentence, layer, report, can_go_back)

    # ---- running ---------------------------------------------------------------------------------------------

    def _obey(self, found: list[tuple[int, ask.Command]]) -> None:
        for seq, command in found:
            self._applied_seq = seq
            self._is_stale = True
            self._guarded(lambda command=command, seq=seq: self._obey_one(command, seq))  # type: ignore[misc]

    def _set_speed(self, command: ask.SetSpeed) -> None:
        self._pace.limit(command.steps_per_second)

    def _stop(self, _command: ask.Stop) -> None:
        self._is_running = False
        self._is_over = True

    def _begin_running(self) -> None:
        self._pace.begin(self._clock())
        self._is_running, self._stopped_by, self._trouble = True, "", None

    def _halt(self, sentence: str = "") -> None:
        if self._is_running:
            self._needs_evaluation = True  # a paused window shows the figures of its final state
        self._is_running = False
        self._is_stale = True
        self._stopped_by = sentence

    # ---- showing ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self._step is None:
            return
        now = self._clock()
        if self._needs_evaluation or self._is_in_stroke:
            self._guarded(lambda: self._measure_by_hand(now))
        if self._is_stale and self._is_due(now):
            self._is_stale = self._has_news = False
            self._shown_at, self._shown_seq = now, self._applied_seq
            self._guarded(self._publish)

    def _is_due(self, now: float) -> bool:
        """Say whether to publish: answers and what does not run at once, steps when the window asks for them.

        Steps so slow that the eye can follow each are shown as they come.
        """
        if not self._is_running or self._has_news or self._applied_seq != self._shown_seq or self._channel.is_asked:
            return True
        waited = now - self._shown_at
        if self._pace.is_unlimited:
            return waited >= UNASKED_SECONDS
        return self._channel.wants_snapshot or waited >= SHOW_SECONDS


def _is_of_memory(error: Exception) -> bool:
    """Say whether there was not enough memory, on whatever device."""
    is_memory = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return is_memory or any(words in str(error) for words in _MEMORY_WORDS)
