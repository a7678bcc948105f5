"""A window with two small labs, and the parts that tests of the frame need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from playground.labs.base import LabContext, LabView, StatusItem
from playground.views.parts import Part


class SmallView(LabView):
    """Notes what it is told."""

    def __init__(self, context: LabContext, name: str) -> None:
        super().__init__()
        self.context = context
        self.calls: list[Any] = []
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        self.button = QPushButton("Press", self.bar)
        self.button.clicked.connect(self._press)
        row.addWidget(self.button)
        self.line = QLineEdit(self)
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        self.status_changed.emit(StatusItem("built", f"{name} was built"))

    def _press(self) -> None:
        self.calls.append("pressed")

    def _play(self, is_playing: bool) -> None:
        self.calls.append(("play", is_playing))

    def _step(self) -> None:
        self.calls.append("step")

    def top_bar(self) -> QWidget:
        return self.bar

    def action_slots(self) -> Mapping[str, Callable[..., object]]:
        return {"training.play": self._play, "training.step": self._step}

    def help_terms(self) -> tuple[str, ...]:
        return ("seed",)

    def save_view(self) -> dict[str, Any]:
        return {"text": self.line.text()}

    def restore_view(self, state: dict[str, Any]) -> None:
        self.line.setText(str(state.get("text", "")))

    def accepts_drop(self, paths: tuple[str, ...]) -> bool:
        return all(path.endswith(".idx") for path in paths)

    def take_drop(self, paths: tuple[str, ...]) -> None:
        self.calls.append(paths)

    def set_in_front(self, is_in_front: bool) -> None:
        self.calls.append("front" if is_in_front else "back")

    def close_lab(self) -> None:
        self.calls.append("closed")


@dataclass(frozen=True)
class SmallLab:
    name: str
    title: str
    icon: str = "lab-network"
    description: str = "A lab that is small."
    parts: tuple[Part, ...] = ()

    def build(self, context: LabContext) -> LabView:
        return SmallView(context, self.name)


@dataclass
class Project:
    """A project that is dirty or not, and notes that it was saved."""

    is_dirty: bool = False
    title: str = "digits"
    can_save: bool = True
    saved: int = 0
    waiting: list[Callable[[bool], object]] = field(default_factory=list)

    def save(self, then: Callable[[bool], object]) -> None:
        self.saved += 1
        self.is_dirty = not self.can_save
        then(self.can_save)
