"""How the room of a splitter is parted: a part that is hidden gets back what it had, also in another window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QSplitter

WIDEST = 100_000  # pixels


class Rooms:
    """The parts of ``splitter``; the part at ``elastic`` takes and gives what the others need and leave."""

    def __init__(self, splitter: QSplitter, first: Sequence[int], elastic: int) -> None:
        self._splitter, self._elastic = splitter, elastic
        self._kept = list(first)
        found = (splitter.widget(place) for place in range(splitter.count()))
        self._parts = [part for part in found if part is not None]  # by now: one may be hidden behind a curtain
        splitter.setSizes(self._kept)

    def sizes(self) -> list[int]:
        """Return the sizes of the parts, in pixels; of one that is hidden, what it will have again."""
        self._note()
        return list(self._kept)

    def show(self, place: int, is_shown: bool) -> None:
        """Show or hide a part."""
        part = self._parts[place]
        if part.isHidden() != is_shown:
            return
        self._note()
        part.setVisible(is_shown)
        if is_shown:
            wanted = list(self._kept)
            others = [
                0 if part.isHidden() or at == self._elastic else wanted[at] for at, part in enumerate(self._parts)
            ]
            wanted[self._elastic] = max(1, sum(self._splitter.sizes()) - sum(others))
            self._splitter.setSizes(wanted)

    def put(self, sizes: Any) -> None:
        """Part the room as ``sizes`` returned it; what cannot be is passed over."""
        if not isinstance(sizes, list) or len(sizes) != len(self._kept):
            return
        if all(type(size) is int and 0 <= size <= WIDEST for size in sizes):
            self._kept = [size or kept for size, kept in zip(sizes, self._kept, strict=True)]
            self._splitter.setSizes(self._kept)

    def scale(self, factor: float, most: float = 1.0) -> None:
        """Give the parts ``factor`` times their size, as type grows; together the others take ``most`` of the whole.

        Where that is too little for them, they keep their proportion.
        """
        self._note()
        others = [place for place in range(len(self._kept)) if place != self._elastic]
        whole = sum(self._splitter.sizes())
        wanted = factor * sum(self._kept[place] for place in others)
        if whole and wanted > most * whole:
            factor *= most * whole / wanted
        for place in others:
            self._kept[place] = round(factor * self._kept[place])
        shown = sum(self._kept[place] for place in others if not self._parts[place].isHidden())
        self._kept[self._elastic] = max(1, whole - shown)
        self._splitter.setSizes(self._kept)

    def _note(self) -> None:
        """Take down how large the parts in sight are."""
        for place, (part, size) in enumerate(zip(self._parts, self._splitter.sizes(), strict=True)):
            if size and not part.isHidden():
                self._kept[place] = size
