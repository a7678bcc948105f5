"""The network lab as one sees it: data at the left, the network in the middle, hands at the right, curves below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from playground.engine import snapshots as probe
from playground.engine.snapshots import Snapshot
from playground.labs.base import LabContext, LabView, Message, StatusItem, frames_item
from playground.labs.network.action_slots import action_slots
from playground.labs.network.building import Building
from playground.labs.network.feeding import Feeding
from playground.labs.network.hands import Hands
from playground.labs.network.hiding import NetworkHiding
from playground.labs.network.landscape_mode import LandscapeMode
from playground.labs.network.notices import Notices
from playground.labs.network.plane_bent import PlaneBent
from playground.labs.network.plane_inputs import plane_inputs
from playground.labs.network.plane_mode import PlaneMode
from playground.labs.network.plane_state import plane_state, restore_plane
from playground.labs.network.rooms import Rooms
from playground.labs.network.running import Running
from playground.labs.network.selection import Selection
from playground.labs.network.sketch import sketch
from playground.labs.network.stage_switch import BENT, GALLERY, LANDSCAPE, NETWORK, OF_THE_PLANE, PLANE, StageSwitch
from playground.labs.network.transport import Transport
from playground.session.workspace import Workspace
from playground.views.data.naming import input_names
from playground.views.data.panel import DataPanel
from playground.views.diagram import NetworkDiagram
from playground.views.grid.arrangement import Names
from playground.views.grid.gallery import WeightGallery
from playground.views.inspector import Inspector
from playground.views.plane.bent_stage import BentStage
from playground.views.plane.landscape_stage import LandscapeStage
from playground.views.plane.stage import PlaneStage
from playground.views.plots.curves import CurvePlots
from playground.views.plots.errors import loss_scale, own_unit
from playground.views.plots.gradient import GradientStrip
from playground.views.splitter import splitter

EDGES_MS = 130  # between two drawings of all edges, the dearest part of a frame: with every third one at 20 a second
SIDE_WIDTH = (250, 330)  # left and right panel at the desk, before the user moves the splitters
MOST_FOR_SIDES = 0.58  # of the width, when type grows: the network needs the rest
PANELS = {"data": ("columns", 0), "inspector": ("columns", 2), "plots": ("middle", 1)}  # which splitter, which part


class NetworkView(LabView):
    """Composes the views and ties them to the document."""

    def __init__(self, context: LabContext) -> None:
        super().__init__()
        self.setObjectName("network_lab")
        look = context.look
        self._context = context
        self.workspace: Workspace = context.services["workspace"]
        self.document = self.workspace.document
        self.selection = Selection(self)
        self.data_panel = DataPanel(look)
        self.diagram = NetworkDiagram(look)
        self.diagram.edge_interval_ms = EDGES_MS
        self.gallery = WeightGallery(look)
        self.plane_stage = PlaneStage(look)
        self.bent_stage = BentStage(look)
        self.landscape_stage = LandscapeStage(look)
        self.curves = CurvePlots(look)
        self.gradients = GradientStrip(look)
        self.inspector = Inspector(look)
        self.transport = Transport(context, self)
        self.building = Building(self.document, self.selection, self)
        self.running = Running(self.document, self)
        self._notices = Notices(self.document, self.running, self)
        self.feeding = Feeding(self.workspace, self.data_panel, self.inspector, look, self)
        self.plane_mode = PlaneMode(self.document, self.selection, self.data_panel, self.plane_stage, self)
        self.plane_bent = PlaneBent(self.document, self.bent_stage, look, self)
        self.landscape = LandscapeMode(self.document, self.selection, self.landscape_stage, self)
        self.hands = Hands(self.document, self.inspector, self)
        self._is_in_front = True
        self._compose()
        self._hiding = NetworkHiding(self)
        self._connect()
        self._show_document()

    # ---- layout ----------------------------------------------------------------------------------------------

    def _compose(self) -> None:
        self._stage = QStackedWidget()
        self._stage.setObjectName("stage")
        pages = {NETWORK: self.diagram, GALLERY: self.gallery, PLANE: self.plane_stage, BENT: self.bent_stage}
        self._pages: dict[str, QWidget] = {**pages, LANDSCAPE: self.landscape_stage}
        for page in self._pages.values():
            self._stage.addWidget(page)
        self.stage_switch = StageSwitch(self._context.look, self)
        upper = QWidget()
        upper_rows = QVBoxLayout(upper)
        upper_rows.setContentsMargins(0, 0, 0, 0)
        upper_rows.setSpacing(0)
        upper_rows.addWidget(self.stage_switch)
        upper_rows.addWidget(self._stage, 1)
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.curves, 1)
        self._strip_row = QHBoxLayout()
        self._strip_row.addWidget(self.gradients)
        rows.addLayout(self._strip_row)
        self._below = below
        self._middle = splitter(Qt.Orientation.Vertical, "middle", upper, below)
        self._left = self.data_panel  # scrolls by itself
        self._right = self.inspector  # scrolls by itself
        self._columns = splitter(Qt.Orientation.Horizontal, "columns", self._left, self._middle, self._right)
        for place, stretch in enumerate((0, 1, 0)):
            self._columns.setStretchFactor(place, stretch)
        self._middle.setStretchFactor(0, 1)
        self._middle.setStretchFactor(1, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._columns)
        self._context.look.changed.connect(self._render_look)
        self._render_look()
        self._scale = scale = self._context.look.scale
        left, right = (round(width * scale) for width in SIDE_WIDTH)
        self._rooms = {
            "columns": Rooms(self._columns, (left, 10_000, right), elastic=1),
            "middle": Rooms(self._middle, (10_000, round(200 * scale)), elastic=0),
        }
        self._context.look.changed.connect(self._follow_scale)

    def _render_look(self) -> None:
        side = round(0.6 * self._context.look.em())
        self._strip_row.setContentsMargins(side, 0, side, side // 2)

    def _follow_scale(self) -> None:
        """Part the room as before where type grows or shrinks: columns of the same width would cut their contents."""
        factor, self._scale = self._context.look.scale / self._scale, self._context.look.scale
        if factor != 1.0:
            self._rooms["columns"].scale(factor, MOST_FOR_SIDES)

    def _connect(self) -> None:
        document = self.document
        document.snapshot_ready.connect(self._render)
        document.structure_changed.connect(self._structure_changed)
        document.settings_changed.connect(self.transport.render_settings)
        document.data_changed.connect(self._data_changed)
        document.said.connect(self._say)
        document.trouble_happened.connect(self._say_trouble)
        document.devices_found.connect(self.transport.set_devices)
        self.workspace.clock.rate_measured.connect(self._show_rate)
        self.building.listen_to(self.diagram)
        self.building.refused.connect(self._refuse)
        self.building.warned.connect(self._warn)
        self.building.settled.connect(lambda: self.message_settled.emit("structure"))
        self.running.playing_changed.connect(self.transport.set_playing)
        self.running.playing_changed.connect(self._context.actions["training.play"].setChecked)
        self.running.speed_changed.connect(self.transport.set_speed)
        self.running.refused.connect(self.transport.show_error)
        self.plane_mode.perceptron.slowness_wished.connect(self.running.set_speed)
        self._notices.raised.connect(self.message_raised)
        self._notices.settled.connect(self.message_settled)
        self.transport.play_toggled.connect(self.running.set_playing)
        self.transport.step_requested.connect(self.running.step)
        self.transport.epoch_requested.connect(self.running.epoch)
        self.transport.reset_requested.connect(self.running.reset)
        self.transport.new_seed_requested.connect(self.running.new_seed)
        self.transport.setting_changed.connect(self.running.change)
        self.transport.setting_edit_finished.connect(document.end_drag)
        self.transport.speed_chosen.connect(self.running.set_speed)
        self.transport.device_chosen.connect(self.running.set_device)
        self.transport.structure_typed.connect(self._type_structure)
        self.selection.changed.connect(self._show_selection)
        self.diagram.selection_changed.connect(self._select)
        self.stage_switch.page_chosen.connect(self.show_page)
        self.gallery.unit_selected.connect(self.selection.select_unit)
        self.inspector.selection_requested.connect(self._select)
        self.inspector.delete_requested.connect(self.building.delete_units)
        self.inspector.duplicate_requested.connect(self.building.duplicate_units)
        self.inspector.freeze_requested.connect(self.building.freeze_units)

    # ---- rendering -------------------------------------------------------------------------------------------

    def _render(self, snapshot: Snapshot) -> None:
        if not self._is_in_front:
            return
        self.transport.render_snapshot(snapshot)
        if self.document.is_settled:
            self.transport.render_device(snapshot.device)
        self._notices.render_snapshot(snapshot)
        if self.page() == GALLERY:
            self.gallery.render_snapshot(snapshot)
        elif self.page() == NETWORK:
            self.diagram.render_snapshot(snapshot)
        elif self.page() == BENT:
            self.plane_bent.render(snapshot)
        self.landscape.render(snapshot)
        self.inspector.render_snapshot(snapshot)
        self.feeding.render(snapshot)
        self.plane_mode.render(snapshot)
        if self._below.isVisible():
            self.curves.render_snapshot(snapshot)
            self.gradients.render_snapshot(snapshot)
        self._show_status(snapshot)

    def _show_status(self, snapshot: Snapshot) -> None:
        rate = f"{snapshot.steps_per_second:,.0f} steps/s" if snapshot.is_running else "paused"
        self.status_changed.emit(StatusItem("pace", rate, "Training steps a second over the last second"))

    def _show_rate(self, rate: float) -> None:
        self.status_changed.emit(frames_item(rate))

    def _show_document(self) -> None:
        self._structure_changed(self.document.spec)
        self._data_changed(self.document.data)
        self.transport.render_settings(self.document.settings)
        if self.document.snapshot is not None:
            self._render(self.document.snapshot)

    def _structure_changed(self, spec: Any) -> None:
        self.selection.keep_to(spec)
        self.transport.show_structure(spec.text)
        if self.document.snapshot is None:  # torch is still being loaded: one can build already
            self.diagram.render_snapshot(sketch(spec, self.document.settings))
        text = f"{spec.parameter_count:,} parameters = {spec.parameter_sum.rsplit(' = ', 1)[0]}"
        tooltip = "Weights layer by layer, inputs times neurons, and the biases: " + spec.parameter_sum
        self.status_changed.emit(StatusItem("parameters", text, tooltip))

    def _data_changed(self, data: Any) -> None:
        self.diagram.set_output_names(data.output_names)
        names = () if len(data.input_shape) > 1 else input_names(data)
        self.diagram.set_input_names(names)
        self.inspector.set_names(Names(names, data.output_names))
        self.diagram.set_plane(plane_inputs(data))
        unit = own_unit(data)
        self.curves.set_unit(unit, loss_scale(data))
        self.inspector.card.set_unit(unit)
        for page in OF_THE_PLANE:
            self.stage_switch.offer(page, data.plane is not None)
        if data.plane is None and self.page() in OF_THE_PLANE:
            self.show_page(NETWORK)
        self._watch()

    def _select(self, units: Any, edges: Any) -> None:
        self.selection.set(list(units), list(edges))

    def _show_selection(self) -> None:
        units, edges = self.selection.units, self.selection.edges
        self.diagram.set_selection(units, edges)
        self.inspector.set_selection(units, edges)
        if len(units) == 1:
            self.gallery.set_selected(*units[0])

    # ---- words -----------------------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        self.message_raised.emit(Message(sentence, seconds=8.0))

    def _warn(self, sentence: str) -> None:
        self.message_raised.emit(Message(sentence, kind="size", seconds=12.0))

    def _refuse(self, sentence: str) -> None:
        self.message_raised.emit(Message(sentence, kind="structure", is_error=True, seconds=12.0))

    def _say_trouble(self, trouble: Any) -> None:
        self.message_raised.emit(self.hands.trouble_message(trouble, self.running))

    # ---- the seam --------------------------------------------------------------------------------------------

    def top_bar(self) -> QWidget:
        """Return the transport bar."""
        return self.transport

    def action_slots(self) -> Mapping[str, Callable[..., object]]:
        """Return what answers the actions of the table while this lab is in front."""
        return action_slots(self)

    def help_terms(self) -> tuple[str, ...]:
        """Return what F1 explains first."""
        return ("weight", "bias", "pre-activation", "activation", "softmax", "learning rate", "epoch", "validation")

    def show_gallery(self, is_shown: bool) -> None:
        """Show the weights of a whole layer in the place of the diagram."""
        self.show_page(GALLERY if is_shown else NETWORK)

    def page(self) -> str:
        """Return what stands on the stage (see ``stage_switch``)."""
        return next(name for name, page in self._pages.items() if page is self._stage.currentWidget())

    def show_page(self, name: str) -> None:
        """Put the network, the gallery of weights or the plane on the stage."""
        self._stage.setCurrentWidget(self._pages[name])
        self.stage_switch.set_page(name)
        self._context.actions["view.gallery"].setChecked(name == GALLERY)
        if self.document.snapshot is not None:
            self._render(self.document.snapshot)

    def show_matrices(self, is_shown: bool) -> None:
        """Draw the layers as matrices instead of edges."""
        for layer in self.document.spec.layers:
            self.diagram.show_matrix(layer.id, is_shown)

    def type_structure(self) -> None:
        """Put the cursor into the field of the structure."""
        self.transport.edit_structure()

    def _type_structure(self, text: str) -> None:
        if not self.building.type_structure(text):
            self.transport.show_structure(self.document.spec.text)

    def show_panel(self, name: str, is_shown: bool) -> None:
        """Show or hide ``data``, ``plots`` or ``inspector``."""
        rooms, place = PANELS[name]
        self._rooms[rooms].show(place, is_shown)
        self._context.actions[f"view.panel_{name}"].setChecked(is_shown)

    def save_view(self) -> dict[str, Any]:
        """Return splitters, panels, selection and the current example."""
        return {
            **{name: rooms.sizes() for name, rooms in self._rooms.items()},
            "panels": {name: not panel.isHidden() for name, panel in self.panels().items()},
            "stage": self.page(),
            "units": [list(unit) for unit in self.selection.units],
            "log": self.curves.is_log(),
            "adjust": self.data_panel.adjust.is_open(),
            "input": self.data_panel.save_state(),
            "matrices": sorted(self.diagram.matrix_layers()),
            "plane": plane_state(self),
        }

    def restore_view(self, state: dict[str, Any]) -> None:
        """Take up what ``save_view`` returned."""
        for name, rooms in self._rooms.items():
            rooms.put(state.get(name))
        panels = state.get("panels")
        for name, panel in self.panels().items():
            is_shown = panels.get(name) if isinstance(panels, dict) else None
            if isinstance(is_shown, bool) and is_shown == panel.isHidden():
                self.show_panel(name, is_shown)
        page = state.get("stage", GALLERY if state.get("gallery") is True else NETWORK)
        has_plane = self.document.data.plane is not None
        if isinstance(page, str) and page in self._pages and (has_plane or page not in OF_THE_PLANE):
            self.show_page(page)
        if isinstance(state.get("log"), bool):
            self.curves.set_log(state["log"])
        if isinstance(state.get("adjust"), bool):
            self.data_panel.adjust.set_open(is_open=state["adjust"])
        self.data_panel.restore_state(state.get("input"))
        restore_plane(self, state.get("plane"))
        matrices = state.get("matrices")
        if isinstance(matrices, list):
            for layer in self.document.spec.layers:
                self.diagram.show_matrix(layer.id, layer.id in matrices)
        units = state.get("units")
        if isinstance(units, list):
            pairs = [tuple(unit) for unit in units if isinstance(unit, list) and len(unit) == 2]
            self.selection.set([pair for pair in pairs if all(type(part) is int for part in pair)])
            self.selection.keep_to(self.document.spec)

    def panels(self) -> dict[str, QWidget]:
        """Return the panels that can be shown and hidden, by name."""
        return {"data": self._left, "plots": self._below, "inspector": self._right}

    def set_hidden(self, parts: frozenset[str]) -> None:
        """Hide these parts for a class, and show all others as they were."""
        self._hiding.set(parts)

    def set_in_front(self, is_in_front: bool) -> None:
        """Stop computing what nobody looks at while another lab is in front."""
        self._is_in_front = is_in_front
        self._watch()
        if is_in_front:
            for name, panel in self.panels().items():
                self._context.actions[f"view.panel_{name}"].setChecked(not panel.isHidden())
            self._show_document()

    def _watch(self) -> None:
        wanted = {probe.CURRENT_INPUT, probe.GRADIENT_NORM, *self.plane_mode.probes} if self._is_in_front else set()
        self.document.watch(frozenset(wanted))

    def accepts_drop(self, paths: tuple[str, ...]) -> bool:
        """Say whether these are data files or a picture for the pad."""
        return self.feeding.accepts(paths)

    def take_drop(self, paths: tuple[str, ...]) -> None:
        """Open them."""
        self.feeding.take(paths)

    def close_lab(self) -> None:
        """Stop timers and take the plots apart in order."""
        self.hands.close()
        self.plane_mode.close()
        self.landscape.close()
        self.curves.close()
