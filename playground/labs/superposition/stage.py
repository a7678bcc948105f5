"""All panels of the lab and how they lie: the task at the left, models in the middle, hidden space at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.labs.superposition.columns import Column
from playground.labs.superposition.folding import Fold
from playground.views.inspector.words import SectionHead
from playground.views.look import Look
from playground.views.splitter import splitter
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
from playground.views.superposition.option_row import OptionRow
from playground.views.superposition.probe import ProbePanel
from playground.views.superposition.seeds import SeedsPanel
from playground.views.superposition.sweep_panel import SweepPanel

PANELS = ("data", "plots", "inspector")  # that can be hidden
# shares of the window that left and right column and the sweeps begin with, and the pixels at the desk within which
LEFT, RIGHT, BELOW = (0.16, 240, 340), (0.21, 290, 460), (0.31, 190, 480)
SPACE_SHARE = 0.45  # of the height of its column that hidden space, which is square, takes at the most
FAVOURED = 0.52  # of the height for sweeps that an experiment is about
# em: where the lab is narrower, left and right column share one place; where it is lower, models and sweeps do
NARROW, LOW = 72.0, 50.0
LOWEST = 38.0  # em: where it is still lower, claims stand below the sweeps, not below the models
_LEAST_SIZE = (40.0, 20.0)  # em: of the whole lab

_SIDES = (
    ("data", "Task", "Features, sparsity, importance, groups, seeds and the probe."),
    ("inspector", "Hidden space", "Arrows to drag, the model in numbers, dimensionality and the loss curve."),
)
_PAGES = (
    ("models", "Models", "The models side by side: W Wᵀ, norms and biases."),
    ("plots", "Sweeps", "Sweeps over the sparsity and phase diagrams. They run on while models are in front."),
)


class Stage(QWidget):
    """Holds the panels by name. It knows how they lie, and nothing of what they show.

    Panels that have no room beside each other take turns: ``turned`` tells that another one is in sight.
    """

    turned = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._has_sizes = False  # of the splitters: kept ones, or those of the first showing
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
        self._kept: dict[str, list[int]] = {}  # sizes of a splitter as they were when all of it was last in sight
        self._later = QTimer(self, singleShot=True, interval=0)  # when the panels know what room their type takes
        self._later.timeout.connect(self._fit)
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others call ------------------------------------------------------------------------------------

    def is_shown(self, name: str) -> bool:
        """Say whether ``data``, ``plots`` or ``inspector`` is to be seen, now or after a turn of a switch."""
        return self._fold_of(name).is_wanted(name)

    def show_panel(self, name: str, *, is_shown: bool) -> None:
        """Show or hide ``data``, ``plots`` or ``inspector``."""
        self._keep_sizes(*self._splitters)
        self._fold_of(name).want(name, is_wanted=is_shown)
        self._place_claims()
        self._put_kept()

    def bring(self, name: str) -> None:
        """Put a panel in front, where it takes turns with another."""
        self._fold_of(name).bring(name)

    def fronts(self) -> dict[str, str]:
        """Return which panels are in front where they take turns, by the place."""
        return {name: fold.front() for name, fold in self._folds.items()}

    def sizes(self) -> dict[str, list[int]]:
        """Return how the room is shared out, by splitter."""
        self._keep_sizes(*self._splitters)
        return dict(self._kept)

    def set_sizes(self, sizes: Mapping[str, Sequence[int]]) -> None:
        """Share the room out like this; what does not fit the splitters is passed over."""
        for name, found in self._splitters.items():
            if len(sizes.get(name, ())) == found.count():
                self._kept[name] = list(sizes[name])
                self._has_sizes = True
        self._put_kept()

    def show_progress(self, words: str) -> None:
        """Say how far the sweep is, for as long as its panel is behind the models."""
        self._progress.setText(words)

    def favour_sweeps(self) -> None:
        """Give the sweeps half of the height, where they have less, or put them in front."""
        self.bring("plots")
        if not self._pages.is_whole:
            return
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
        below = QWidget()
        self._below = QVBoxLayout(below)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.addWidget(self.sweep_panel, 1)
        self._middle = splitter(Qt.Orientation.Vertical, "middle", upper, below)
        strip_head = SectionHead(look, "Feature dimensionality")
        right = (self.space, self.tools, self.card, strip_head, self.strip, self.losses)
        shares = {self.space: 2, self.strip: 1, self.losses: 2}
        self._right = Column(look, "superposition_right", "Hidden space and this model", right, shares)
        self._right.room_changed.connect(self._fit_space)
        self._columns = splitter(
            Qt.Orientation.Horizontal, "columns", self._left, self._framed(upper, below), self._right
        )
        for place, stretch in enumerate((0, 1, 0)):
            self._columns.setStretchFactor(place, stretch)
        self._middle.setStretchFactor(0, 1)
        self._middle.setStretchFactor(1, 0)
        self._splitters = {"columns": self._columns, "middle": self._middle}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._columns)

    def _framed(self, models: QWidget, sweeps: QWidget) -> QWidget:
        """Return the middle with the switches of the panels that take turns above it."""
        sides = OptionRow(self._look, "superposition_side", "Panel at the side", _SIDES, self)
        pages = OptionRow(self._look, "superposition_page", "Panel in the middle", _PAGES, self)
        self._sides = Fold(sides, {"data": self._left, "inspector": self._right}, self)
        self._pages = Fold(pages, {"models": models, "plots": sweeps}, self)
        self._folds = {"side": self._sides, "page": self._pages}
        for fold in self._folds.values():
            fold.turned.connect(self.turned)
        self._progress = QLabel(self)
        self._progress.setObjectName("sweep_words")
        self._progress.setProperty("role", "muted")
        self._progress.hide()
        self._switches = QHBoxLayout()
        self._switches.addWidget(sides)
        self._switches.addStretch(1)
        self._switches.addWidget(pages)
        self._switches.addWidget(self._progress)
        framed = QWidget(self)
        box = QVBoxLayout(framed)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._switches)
        box.addWidget(self._middle, 1)
        return framed

    def _fold_of(self, name: str) -> Fold:
        return self._pages if name in ("models", "plots") else self._sides

    # ---- room ------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Return the room of one panel at the side and one in the middle: others take turns with them."""
        em = self._look.em()
        return QSize(*(round(side * em) for side in _LEAST_SIZE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let panels take turns that have no room beside each other any more."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        em = self._look.em()
        is_narrow, is_low = self.width() < NARROW * em, self.height() < LOW * em
        self._place_claims()
        if is_narrow != self._sides.is_folded:
            self._keep_sizes("columns")
            # panels that take turns do so in the same place
            self._columns.insertWidget(1 if is_narrow else 2, self._right)
            self._sides.set_folded(is_folded=is_narrow)
            self._later.start()
        if is_low != self._pages.is_folded:
            self._keep_sizes("middle")
            self._pages.set_folded(is_folded=is_low)
            self._progress.setVisible(is_low)
            self._later.start()
        self._margin_switches()

    def _place_claims(self) -> None:
        is_lowest = self.height() < LOWEST * self._look.em() and self._pages.is_wanted("plots")
        home = self._below if is_lowest else self._upper
        if home.indexOf(self.claims) < 0:
            home.addWidget(self.claims)

    def _fit(self) -> None:
        """Share the room out anew after a fold or for another size of type."""
        if self._look.scale != self._scale or not self._kept:
            self._share_out()
        else:
            self._put_kept()

    def _keep_sizes(self, *names: str) -> None:
        for name, fold in (("columns", self._sides), ("middle", self._pages)):
            if name in names and fold.is_whole and self._has_sizes:
                self._kept[name] = self._splitters[name].sizes()

    def _put_kept(self) -> None:
        for name, fold in (("columns", self._sides), ("middle", self._pages)):
            if name in self._kept and fold.is_whole:
                self._splitters[name].setSizes(self._kept[name])
        if self._sides.is_folded:
            side = _share(self.width(), self._look.scale, *RIGHT)
            self._columns.setSizes([side, side, max(1, self.width() - side)])

    def _fit_space(self, height: int) -> None:
        """Keep hidden space as high as it is wide: arrows are drawn and dragged in a square."""
        bar = self._right.verticalScrollBar().sizeHint().width()  # whether it is in sight changes nothing
        margins = self._right.margins()
        width = self._right.width() - bar - margins.left() - margins.right()
        self.space.set_least_side(round(min(width, SPACE_SHARE * height)))

    def showEvent(self, event: QShowEvent) -> None:
        """Share the room out the first time that its size is known, where no earlier shares are kept; else see to them.

        Where the type became smaller out of sight, the panels still held the width of the larger one.
        """
        super().showEvent(event)
        self._fold()
        if self._has_sizes:
            self._later.start()
        else:
            self._share_out()

    def _share_out(self) -> None:
        self._has_sizes, self._scale = True, self._look.scale
        left, right = (_share(self.width(), self._scale, *side) for side in (LEFT, RIGHT))
        below = _share(self.height(), self._scale, *BELOW)
        self._kept = {
            "columns": [left, max(1, self.width() - left - right), right],
            "middle": [max(1, self.height() - below), below],
        }
        self._put_kept()

    def _render_look(self) -> None:
        em = self._look.em()
        side = round(0.5 * em)
        self._upper.setContentsMargins(side, side, side, side)
        self._upper.setSpacing(round(0.4 * em))
        self._below.setSpacing(round(0.4 * em))
        self._progress.setFont(self._look.font(9.0))
        self._switches.setSpacing(round(0.6 * em))
        self._margin_switches()
        self.sweep_panel.setMinimumHeight(round(11 * em))
        self.losses.setMinimumHeight(round(8 * em))
        if self._has_sizes:
            self._fold()
            self._later.start()

    def _margin_switches(self) -> None:
        em = self._look.em()
        is_there = self._sides.is_folded or self._pages.is_folded
        side, top = (round(0.8 * em), round(0.5 * em)) if is_there else (0, 0)
        self._switches.setContentsMargins(side, top, side, 0)


def _share(whole: int, scale: float, share: float, least: float, most: float) -> int:
    """Return a share of a length, within bounds that are meant for the desk."""
    return round(min(max(share * whole, least * scale), most * scale))
