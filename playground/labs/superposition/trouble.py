"""The message for what went wrong in the thread of the sandbox, with the ways out of it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from playground.engine.snapshots import Trouble
from playground.labs.base import Message, Remedy
from playground.labs.superposition.running import SandboxRunning
from playground.session.sandbox_document import SandboxDocument


def trouble_message(trouble: Trouble, document: SandboxDocument, running: SandboxRunning) -> Message:
    """Return the sentence with its remedies."""
    remedies: list[Remedy] = []
    if trouble.can_go_back:
        remedies.append(Remedy("Back to the last good step", running.back_to_last_good))
        remedies.append(Remedy("Learning rate ÷ 10, and back", lambda: _go_back_slower(document, running)))
    if trouble.report:
        remedies.append(Remedy("Copy report", lambda: _copy(trouble.report), is_closing=False))
    return Message(trouble.sentence, kind="trouble", is_error=True, remedies=tuple(remedies))


def _go_back_slower(document: SandboxDocument, running: SandboxRunning) -> None:
    if not document.can_go_back:
        running.back_to_last_good()  # which says so
        return
    stack = document.undo_stack
    stack.beginMacro("back, learning rate ÷ 10")
    running.back_to_last_good()
    running.scale_learning_rate(0.1)
    stack.endMacro()


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
