"""How many bars of the answer a low window has room for: the sheet to draw on stays in sight above them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QBoxLayout, QWidget

from playground.views.data.answer import AnswerBars


def bars_with_room(
    panel: QWidget, column: QBoxLayout, above: Sequence[QWidget], foot: QWidget, answer: AnswerBars
) -> int:
    """Return how many bars leave ``above``, the first sections of ``column``, whole in ``panel`` over ``foot``."""
    margins, seen = column.contentsMargins(), [part for part in above if not part.isHidden()]
    width = panel.width() - margins.left() - margins.right()
    taken = sum(max(part.minimumSizeHint().height(), part.heightForWidth(width)) for part in seen)
    taken += margins.top() + len(seen) * column.spacing()
    rest = foot.minimumSizeHint().height() - answer.minimumSizeHint().height()
    return int((panel.height() - taken - rest) / answer.row_height())
