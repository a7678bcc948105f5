"""What a training that plays on has to say by itself: that its schedule has ended, that it has fallen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.engine.snapshots import Snapshot
from playground.labs.network.fall_notice import FallNotice
from playground.labs.network.running import Running
from playground.labs.network.schedule_end import ScheduleEnd
from playground.session.network_document import NetworkDocument


class Notices(QObject):
    """``raised`` carries a message, ``settled`` its kind once it is no longer so."""

    raised = Signal(object)  # Message
    settled = Signal(str)

    def __init__(self, document: NetworkDocument, running: Running, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._schedule = ScheduleEnd(running, self)
        self._fall = FallNotice(document, self)
        for notice in (self._schedule, self._fall):
            notice.raised.connect(self.raised)
            notice.settled.connect(self.settled)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Look at a moment of the training."""
        self._schedule.render_snapshot(snapshot)
        self._fall.render_snapshot(snapshot)
