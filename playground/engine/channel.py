"""The two-way passage between a window and the thread that owns the tensors. Torch-free and Qt-free."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from playground.engine.commands import Command

MOST_HELD_SECONDS = 0.03  # a training stands aside for so long at most


class SnapshotLike(Protocol):
    """What every snapshot says, whatever kind of document it shows."""

    @property
    def applied_seq(self) -> int:
        """Return the last command that it includes."""
        ...

    @property
    def is_running(self) -> bool:
        """Return whether training plays."""
        ...


S = TypeVar("S", bound=SnapshotLike)


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to a request with a token, such as a checkpoint; unlike snapshots no reply is ever lost."""

    token: int
    value: Any


class Channel(Generic[S]):
    """Commands go down in order and are numbered from 1; snapshots come up, the latest wins; replies queue.

    The thread publishes a snapshot when it is asked for one, so that it copies at the screen's pace.

    ``call`` bool ``[1]`` says that an answer or a snapshot is wanted, to steps that run without Python's interpreter:
    they can read memory, but call nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._commands: deque[tuple[int, Command]] = deque()
        self._snapshot: S | None = None
        self._replies: deque[Reply] = deque()
        self._posted_seq = 0
        self._is_asked = False
        self._is_held = False
        self.call = np.zeros(1, np.bool_)

    @property
    def posted_seq(self) -> int:
        """Return the number of the last command that was posted."""
        return self._posted_seq

    def post(self, command: Command) -> int:
        """Hand ``command`` to the thread and return its number."""
        with self._lock:
            self._posted_seq += 1
            self._commands.append((self._posted_seq, command))
            self.call[0] = True
            self._lock.notify_all()
            return self._posted_seq

    def take_commands(self, timeout: float | None = 0.0) -> list[tuple[int, Command]]:
        """Take all posted commands, waiting up to ``timeout`` seconds (None: for ever) until there is one."""
        with self._lock:
            if timeout != 0.0:
                self._lock.wait_for(lambda: bool(self._commands), timeout)
            found = list(self._commands)
            self._commands.clear()
            self.call[0] = self._is_asked
            return found

    @property
    def has_commands(self) -> bool:
        """Say whether commands wait."""
        return bool(self._commands)

    @property
    def is_calling(self) -> bool:
        """Say whether the window wants an answer or a snapshot; ``call`` says the same."""
        return self._is_asked or bool(self._commands)

    def ask(self) -> None:
        """Ask a training that runs for a snapshot of the moment at which it reads this."""
        with self._lock:
            self._is_asked = self.call[0] = True

    @property
    def is_asked(self) -> bool:
        """Say whether a snapshot was asked for and has not come yet."""
        return self._is_asked

    @property
    def is_held(self) -> bool:
        """Say whether the window draws."""
        return self._is_held

    def hold(self) -> None:
        """The window draws: a training of small steps stands aside until ``release``.

        Both need the interpreter. Handed to and fro at every small operation, it costs either more than to wait.
        """
        self._is_held = True

    def release(self) -> None:
        """The window has drawn."""
        with self._lock:
            self._is_held = False
            self._lock.notify_all()

    def stand_aside(self) -> None:
        """Wait while the window draws (but for a command, and not for long)."""
        if self.is_held:
            with self._lock:
                self._lock.wait_for(lambda: not self._is_held or bool(self._commands), MOST_HELD_SECONDS)

    @property
    def wants_snapshot(self) -> bool:
        """Say whether the last snapshot has been taken."""
        return self._snapshot is None

    @property
    def waiting(self) -> S | None:
        """Return the snapshot in the mailbox without taking it."""
        return self._snapshot

    def publish(self, snapshot: S) -> None:
        """Put ``snapshot`` in the mailbox, in place of one that was not taken."""
        with self._lock:
            self._snapshot, self._is_asked = snapshot, False
            self.call[0] = bool(self._commands)

    def take_snapshot(self) -> S | None:
        """Take the snapshot out of the mailbox; None where there is no new one."""
        with self._lock:
            found, self._snapshot = self._snapshot, None
        return found

    def reply(self, token: int, value: Any) -> None:
        """Answer the request with ``token``."""
        self._replies.append(Reply(token, value))

    @property
    def has_replies(self) -> bool:
        """Say whether replies wait."""
        return bool(self._replies)

    def take_replies(self) -> list[Reply]:
        """Take all replies, oldest first."""
        found = []
        while self._replies:
            found.append(self._replies.popleft())
        return found
