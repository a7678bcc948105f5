"""A runner of the network obeyed by hand: posts, lets it work, and takes what it shows."""

from __future__ import annotations

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.datasets import DataSet
from playground.engine.network_runner import NetworkRunner
from playground.engine.settings import Settings
from playground.engine.snapshots import Snapshot
from playground.engine.spec import NetworkSpec


class RunnerDesk:
    """A runner without a thread, whose clock goes by a second with every question: every measurement is due then."""

    def __init__(self, spec: NetworkSpec, settings: Settings, data: DataSet) -> None:
        self.channel: Channel[Snapshot] = Channel()
        self.time = 0.0
        self.runner = NetworkRunner(self.channel, clock=lambda: self.time)
        self.shown = self.ask(ask.Start(spec, settings, data))

    def ask(self, *commands: ask.Command) -> Snapshot:
        self.time += 1.0
        for command in commands:
            self.seq = self.channel.post(command)
        self.runner.run_waiting()
        shown = self.channel.take_snapshot()
        assert shown is not None
        self.shown = shown
        return shown

    def train(self, steps: int) -> Snapshot:
        return self.ask(ask.Advance(steps=steps))
