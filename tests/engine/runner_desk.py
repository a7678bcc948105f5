"""Runners obeyed by hand: one posts, lets them work, and takes what they show."""

from __future__ import annotations

from typing import Generic, TypeVar

from playground.engine import commands as ask
from playground.engine.channel import Channel, SnapshotLike
from playground.engine.datasets import DataSet
from playground.engine.network_runner import NetworkRunner
from playground.engine.runner import Runner
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec

S = TypeVar("S", bound=SnapshotLike)


class Desk(Generic[S]):
    """A runner without a thread, whose clock goes by a second with every question: every measurement is due then."""

    def __init__(self, kind: type[Runner], begin: ask.Command) -> None:
        self.channel: Channel[S] = Channel()
        self.time = 0.0
        self.runner = kind(self.channel, clock=lambda: self.time)
        self.shown = self.ask(begin)

    def ask(self, *commands: ask.Command) -> S:
        self.time += 1.0
        for command in commands:
            self.seq = self.channel.post(command)
        self.runner.run_waiting()
        shown = self.channel.take_snapshot()
        assert shown is not None
        self.shown = shown
        return shown

    def train(self, steps: int) -> S:
        return self.ask(ask.Advance(steps=steps))


class RunnerDesk(Desk[Snapshot]):
    """The desk of a network."""

    def __init__(self, spec: NetworkSpec, settings: Settings, data: DataSet) -> None:
        super().__init__(NetworkRunner, ask.Start(spec, settings, data))
