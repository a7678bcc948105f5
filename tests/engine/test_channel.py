import threading
from collections.abc import Callable
from typing import Any

import pytest

from playground.engine.channel import Channel
from playground.engine.commands import Pause, Run


def test_commands_come_in_order_with_their_numbers() -> None:
    channel = Channel()
    first, second = Run(), Pause()
    assert [channel.post(first), channel.post(second)] == [1, 2]
    assert channel.posted_seq == 2
    assert channel.has_commands
    assert channel.take_commands() == [(1, first), (2, second)]
    assert not channel.has_commands
    assert channel.take_commands() == []


def test_waiting_ends_when_a_command_comes() -> None:
    channel = Channel()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(channel.take_commands(None)))
    thread.start()
    channel.post(Run())
    thread.join(10)
    assert found == [(1, Run())]


def test_the_latest_snapshot_wins_and_is_taken_once() -> None:
    channel = Channel()
    assert channel.wants_snapshot
    channel.publish("first")  # type: ignore[arg-type]
    assert not channel.wants_snapshot
    channel.publish("second")  # type: ignore[arg-type]
    assert channel.take_snapshot() == "second"  # type: ignore[comparison-overlap]
    assert channel.take_snapshot() is None


def test_a_snapshot_is_asked_for_until_it_comes() -> None:
    channel = Channel()
    assert not channel.is_calling
    channel.ask()
    assert channel.is_asked
    assert channel.is_calling
    assert channel.call.tolist() == [True]
    channel.publish("first")  # type: ignore[arg-type]
    assert not channel.is_asked
    assert not channel.is_calling
    assert channel.call.tolist() == [False]
    channel.post(Run())
    assert channel.is_calling
    assert channel.call.tolist() == [True]
    channel.ask()
    channel.publish("second")  # type: ignore[arg-type]
    assert channel.call.tolist() == [True], "the command still waits"
    channel.take_commands()
    assert channel.call.tolist() == [False]
    channel.ask()
    channel.take_commands()
    assert channel.call.tolist() == [True], "the snapshot still waits"


@pytest.mark.parametrize("ends_it", [Channel.release, lambda channel: channel.post(Pause())])
def test_who_stands_aside_goes_on_when_the_window_has_drawn_or_asks_for_something(
    ends_it: Callable[[Channel[Any]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.engine.channel.MOST_HELD_SECONDS", 60)
    channel: Channel[Any] = Channel()
    channel.stand_aside()  # nobody draws: there is nothing to wait for
    channel.hold()
    assert channel.is_held
    assert not channel.is_calling, "to draw is no call"
    thread = threading.Thread(target=channel.stand_aside)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    ends_it(channel)
    thread.join(20)
    assert not thread.is_alive()


def test_nobody_stands_aside_for_long() -> None:
    channel: Channel[Any] = Channel()
    channel.hold()
    channel.stand_aside()
    assert channel.is_held


def test_no_reply_is_lost() -> None:
    channel = Channel()
    assert not channel.has_replies
    channel.reply(1, "a")
    channel.reply(2, "b")
    assert channel.has_replies
    assert [(reply.token, reply.value) for reply in channel.take_replies()] == [(1, "a"), (2, "b")]
    assert channel.take_replies() == []
