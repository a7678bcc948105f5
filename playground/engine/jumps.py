"""Changes of the whole training that can be taken back: structure, reset, data, return to an earlier moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from playground.engine.datasets import DataSet
from playground.engine.journal import Journal
from playground.engine.training import Training


@dataclass(frozen=True, eq=False)
class _Jump:
    kind: str  # structure, reset, data
    label: str
    data: DataSet | None  # what the training had before, where the jump changed it
    has_state: bool
    settings: Mapping[str, Any]  # what those settings were that went along with the data


class Jumps:
    """Keeps what a jump replaced, under the number of its command, and swaps it back in and out.

    Undoing a change of structure brings back the weights that were trained before it, the steps count on; undoing
    a reset or a return brings back the step, the settings and the curves as well; undoing a change of data leaves
    the weights unless the widths changed with it.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._jumps: dict[int, _Jump] = {}

    def keep(
        self,
        seq: int,
        kind: str,
        label: str,
        training: Training,
        *,
        data: DataSet | None = None,
        has_state: bool = True,
        settings: Iterable[str] = (),
    ) -> None:
        """Keep the present state of ``training`` (called before the jump is made).

        ``settings`` names those that go along with other ``data``.
        """
        if has_state:
            self._journal.put_state(seq, training.checkpoint())
        self._jumps[seq] = _Jump(kind, label, data, has_state, _values(training, settings))

    def swap(self, seq: int, training: Training) -> _Jump | None:
        """Put back what jump ``seq`` replaced and keep what is there now; None where ``seq`` was no jump."""
        jump = self._jumps.get(seq)
        if jump is None:
            return None
        data_before = training.data
        before = self._journal.swap_state(seq, training.checkpoint()) if jump.has_state else None
        if jump.data is not None:
            network = None if before is None else training.network_of(before)
            settings = _values(training, jump.settings)
            training.set_data(jump.data, network, jump.settings)
            self._jumps[seq] = replace(jump, data=data_before, settings=settings)
        elif before is not None and jump.kind == "reset":
            training.restore(before)
        elif before is not None:
            training.put_network(training.network_of(before))
        return jump

    def forget(self, seqs: Iterable[int]) -> None:
        """Drop jumps that left the undo list (their states are the journal's to drop)."""
        for seq in seqs:
            self._jumps.pop(seq, None)

    def clear(self) -> None:
        """Drop all."""
        self._jumps.clear()


def _values(training: Training, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(training.settings, name) for name in names}
