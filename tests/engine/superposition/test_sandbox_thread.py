"""A sandbox that trains in a thread of its own beside a window that draws."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from torch import Tensor

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.superposition import commands as wish
from playground.engine.superposition.problem import make_problem
from playground.engine.superposition.sandbox import Sandbox
from playground.engine.superposition.sandbox_runner import SandboxRunner
from playground.engine.superposition.setup import Schedule, Setup
from playground.engine.superposition.snapshots import SandboxSnapshot

SETUP = Setup(make_problem(5, 2, 0.9), ("relu",), (0,), Schedule(steps=None))


class Window(Channel[SandboxSnapshot]):
    """A mailbox that tells when there is something in it, and that training stands aside."""

    def __init__(self) -> None:
        super().__init__()
        self.told, self.is_aside = threading.Event(), threading.Event()

    def publish(self, snapshot: SandboxSnapshot) -> None:
        super().publish(snapshot)
        self.told.set()

    def stand_aside(self) -> None:
        if self.is_held:
            self.is_aside.set()
        super().stand_aside()

    def shown(self, is_wanted: Callable[[SandboxSnapshot], bool]) -> SandboxSnapshot:
        """Ask for snapshots until one is as wanted."""
        self.ask()
        while self.told.wait(60):
            self.told.clear()
            found = self.take_snapshot()
            if found is not None and is_wanted(found):
                return found
            self.ask()
        raise AssertionError("Waited in vain.")

    def shown_past(self, step: int) -> int:
        """Ask for snapshots until one has more steps, and return how many."""
        return self.shown(lambda found: found.step > step).step


@contextmanager
def training(window: Window) -> Iterator[SandboxRunner]:
    runner = SandboxRunner(window)
    window.post(wish.BeginSandbox(SETUP))
    window.post(ask.Run())
    thread = threading.Thread(target=runner.loop)
    thread.start()
    try:
        yield runner
    finally:
        window.post(ask.Stop())
        thread.join(20)


@pytest.fixture(autouse=True)
def all_steps_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.engine.channel.MOST_HELD_SECONDS", 60)
    monkeypatch.setattr("playground.engine.runner.SMALL_STEPS", 0)


def test_training_goes_on_while_the_window_draws() -> None:
    window = Window()
    with training(window):
        step = window.shown_past(0)
        window.hold()
        for _ in range(5):
            step = window.shown_past(step + 100)
        assert not window.is_aside.is_set()
        window.release()


def test_steps_that_are_made_of_calls_from_python_stand_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "makes_many", False)
    window = Window()
    with training(window) as runner:
        window.shown_past(0)
        window.hold()
        assert window.is_aside.wait(60)
        assert runner._step is not None
        step = runner._step
        seq = window.post(ask.Watch(frozenset()))
        window.shown(lambda found: found.applied_seq == seq)
        window.release()
        window.shown_past(step + 20)


def test_a_command_ends_the_steps_that_are_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    window, calls = Window(), []
    runner = SandboxRunner(window, clock=lambda: 0.0)
    window.post(wish.BeginSandbox(SETUP))
    window.post(ask.Advance(steps=1_000))
    runner.run_waiting()
    make = Sandbox.advance_many

    def interrupted(sandbox: Sandbox, most: int, call: Tensor) -> int:
        before = bool(call)
        window.post(ask.Pause())
        calls.append((most, before, bool(call)))
        return make(sandbox, most, call)

    monkeypatch.setattr(Sandbox, "advance_many", interrupted)
    window.post(ask.Run())
    runner.run_waiting()
    assert calls == [(8, False, True)]
    assert runner._step == 1_001
