"""All panels of the lab and how they lie: the task at the left, models in the middle, hidden space at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from playground.labs.superposition.columns import Column, splitter
from playground.views.inspector.words import SectionHead
from playground.views.look import Look
from playground.views.superposition.claims_band import ClaimsBand
from playground.views.superposition.controls import TaskPanel
from playground.views.superposition.dimensions import DimensionStrip
from playground.views.superposition.experiments import ExperimentBand
from playground.views.superposition.groups import GroupsPanel
from playground.views.superposition.hand_tools import HandTools
from playground.views.superposition.hidden_space import HiddenSpace
from playground.views.superposition.importance import ImportanceEditor
from playground.views.superposition.loss_plot import LossPlot
from playground.views.superposition.model_card import ModelCard
from playground.views.superposition.model_columns import ModelColumns
from playground.views.superposition.probe import ProbePanel
from playground.views.superposition.seeds import SeedsPanel
from playground.views.superposition.sweep_panel import SweepPanel

# shares of the window that left and right column and the sweeps begin with, and the pixels at the desk within which
LEFT, RIGHT, BELOW = (0.16, 240, 340), (0.21, 290, 460), (0.31, 190, 480)
SPACE_SHARE = 0.45  # of the height of its column that hidden space, which is square, takes at the most
FAVOURED = 0.52  # of the height for sweeps that an experiment is about


class Stage(QWidget):
    """Holds the panels by name. It knows how they lie, and nothing of what they show."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.has_sizes = False  # of the splitters: kept ones, or those of the first showing
        self._scale = look.scale  # of the type that they were shared out for
        self.task = TaskPanel(look)
        self.curve = ImportanceEditor(look)
        self.groups = GroupsPanel(look)
        self.seeds = SeedsPanel(look)
        self.probe = ProbePanel(look)
        self.columns = ModelColumns(look)
        self.experiment_band = ExperimentBand(look)
        self.claims = ClaimsBand(look)
        self.sweep_panel = SweepPanel(look)
        self.space = HiddenSpace(look)
        self.tools = HandTools(look)
        self.card = ModelCard(look)
        self.strip = DimensionStrip(look)
        self.losses = LossPlot(look)
        self._compose()
        look.changed.connect(self._render_look)
        self._render_look()

    def panels(self) -> dict[str, QWidget]:
        """Return the panels that can be hidden."""
        return {"data": self._left, "plots": self.sweep_panel, "inspector": self._right}

    def splitters(self) -> dict[str, QSplitter]:
        """Return the splitters by name."""
        return {"columns": self._columns, "middle": self._middle}

    def favour_sweeps(self) -> None:
        """Give the sweeps half of the height, where they have less."""
        upper, below = self._middle.sizes()
        wanted = round(FAVOURED * (upper + below))
        if below < wanted:
            self._middle.setSizes([upper + below - wanted, wanted])

    def _compose(self) -> None:
        look = self._look
        sections = (self.task, self.curve, self.groups, self.seeds, self.probe)
        self._left = Column(look, "superposition_left", "Task, seeds and probe", sections)
        shares: dict[QWidget, int] = {self.columns: 1}
        name = "superposition_models"
        models = Column(look, name, "Models side by side", (self.columns,), shares, is_sideways=True)
        models.room_changed.connect(self.columns.set_room)
        upper = QWidget()
        self._upper = QVBoxLayout(upper)
        self._upper.addWidget(self.experiment_band)
        self._upper.addWidget(models, 1)
        self._upper.addWidget(self.claims)
        self._middle = splitter(Qt.Orientation.Vertical, "middle", upper, self.sweep_panel)
        strip_head = SectionHead(look, "Feature dimensionality")
        right = (self.space, self.tools, self.card, strip_head, self.strip, self.losses)
        shares = {self.space: 2, self.strip: 1, self.losses: 2}
        self._right = Column(look, "superposition_right", "Hidden space and this model", right, shares)
        self._right.room_changed.connect(self._fit_space)
        self._columns = splitter(Qt.Orientation.Horizontal, "columns", self._left, self._middle, self._right)
        for place, stretch in enumerate((0, 1, 0)):
            self._columns.setStretchFactor(place, stretch)
        self._middle.setStretchFactor(0, 1)
        self._middle.setStretchFactor(1, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._columns)

    def _fit_space(self, height: int) -> None:
        """Keep hidden space as high as it is wide: arrows are drawn and dragged in a square."""
        bar = self._right.verticalScrollBar().sizeHint().width()  # whether it is in sight changes nothing
        margins = self._right.margins()
        width = self._right.width() - bar - margins.left() - margins.right()
        self.space.set_least_side(round(min(width, SPACE_SHARE * height)))

    def showEvent(self, event: QShowEvent) -> None:
        """Share the room out the first time that its size is known, where no earlier shares are kept."""
        super().showEvent(event)
        if not self.has_sizes:
            self._share_out()

    def _share_out(self) -> None:
        self.has_sizes, self._scale = True, self._look.scale
        left, right = (_share(self.width(), self._scale, *side) for side in (LEFT, RIGHT))
        below = _share(self.height(), self._scale, *BELOW)
        self._columns.setSizes([left, max(1, self.width() - left - right), right])
        self._middle.setSizes([max(1, self.height() - below), below])

    def _render_look(self) -> None:
        em = self._look.em()
        side = round(0.5 * em)
        self._upper.setContentsMargins(side, side, side, side)
        self._upper.setSpacing(round(0.4 * em))
        self.sweep_panel.setMinimumHeight(round(11 * em))
        self.losses.setMinimumHeight(round(8 * em))
        if self._look.scale != self._scale and self.has_sizes:
            self._share_out()


def _share(whole: int, scale: float, share: float, least: float, most: float) -> int:
    """Return a share of a length, within bounds that are meant for the desk."""
    return round(min(max(share * whole, least * scale), most * scale))
