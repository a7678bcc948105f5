"""The network diagram: the hero of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDoubleSpinBox, QMenu, QToolTip, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.diagram import menus
from playground.views.diagram.accessible import make_accessible
from playground.views.diagram.actions import DiagramActions
from playground.views.diagram.beyond import whole_view
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.headers import menu_corner
from playground.views.diagram.hit import target_at
from playground.views.diagram.intents import DiagramIntents
from playground.views.diagram.keys import KeyGrammar
from playground.views.diagram.mouse import MouseGrammar
from playground.views.diagram.painting import DiagramPainter
from playground.views.diagram.picture import INPUT, EdgeKey, UnitKey
from playground.views.diagram.responses import PlaneInputs
from playground.views.diagram.state import Change, DiagramState, Target
from playground.views.diagram.wording import tooltip
from playground.views.look import Look

_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class NetworkDiagram(DiagramIntents):
    """Shows a network as columns of neurons joined by edges, and says what the user wishes of it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-diagram")
        self.setAccessibleName("Network diagram")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._state = DiagramState(look)
        self._edges = EdgeLayer(look, self)
        self._painter = DiagramPainter(self._state, self._edges)
        self._actions = DiagramActions(self._state, self._edges, self)
        self._mouse = MouseGrammar(self._state, self._edges, self._actions)
        self._keys = KeyGrammar(self._state, self._actions)
        self._pending: Snapshot | None = None
        self._is_outdated = True  # the plan has to be found anew
        self._is_resizing = False
        self._edges.changed.connect(self._update_numbers)
        self._actions.plan_outdated.connect(self._lay_out_anew)
        self._actions.menu_wanted.connect(self._open_menu)
        look.changed.connect(self._render_look)
        make_accessible(self, self._state)

    # ---- what the owner tells ----------------------------------------------------------------------------------

    @property
    def edge_interval_ms(self) -> int:
        """Return the least time between two drawings of the edges."""
        return self._edges.interval_ms

    @edge_interval_ms.setter
    def edge_interval_ms(self, interval: int) -> None:
        self._edges.interval_ms = max(0, interval)

    def set_output_names(self, names: tuple[str, ...]) -> None:
        """Name the outputs, in order."""
        if tuple(names) != self._state.names:
            self._state.names = tuple(names)
            self._lay_out_anew()

    def set_input_names(self, names: tuple[str, ...]) -> None:
        """Name the inputs, in order; none where the data have no names for them."""
        self._state.input_names = tuple(names)
        self.update()

    def set_plane(self, plane: PlaneInputs | None) -> None:
        """Let every neuron show what it answers over the plane that the data lie in; None: they lie in none."""
        if self._state.set_plane(plane):
            self._lay_out_anew()
        else:
            self.update()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot: now if the diagram is in sight, else when it comes into sight."""
        self._pending = snapshot
        if self.isVisible():
            change = self._absorb()
            if change == "structure":
                self.update()
            elif change == "numbers":
                self._update_numbers()

    def _update_numbers(self) -> None:
        """Paint anew what looks different with other numbers."""
        self.update(self._painter.outdated())

    def set_selection(self, units: Sequence[UnitKey], edges: Sequence[EdgeKey]) -> None:
        """Show these neurons and edges as selected; says nothing back."""
        self._actions.set_selection(units, edges)

    def selection(self) -> tuple[list[UnitKey], list[EdgeKey]]:
        """Return the selected neurons and edges."""
        return self._actions.selection()

    def set_scale_mode(self, per_layer: bool) -> None:
        """Colour the faces by one scale for the layer, or each neuron by its own."""
        if per_layer != self._state.is_per_layer:
            self._state.is_per_layer = per_layer
            self.update()

    def set_withheld(self, wishes: frozenset[str]) -> None:
        """Offer none of these wishes, neither as a button nor in a menu: names of signals, and ``show_matrix``."""
        if wishes != self._state.withheld:
            self._state.withheld = wishes
            self._lay_out_anew()

    def show_matrix(self, layer_id: int, on: bool) -> None:
        """Show a layer as matrix, or as neurons joined by edges."""
        self._actions.show_matrix(layer_id, on)

    def matrix_layers(self) -> frozenset[int]:
        """Return the ids of the layers that are shown as matrix."""
        return frozenset(self._state.matrix_ids)

    def fit(self) -> None:
        """Show the whole diagram."""
        self._actions.set_view(whole_view(self._state))

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle."""
        if self._state.layout is not None:
            self._actions.set_view(self._state.view.zoomed(factor, self._state.layout.stage.center()))

    def settle(self) -> None:
        """Finish at once what is under way (rasterising, easing), as for a picture that is saved."""
        self._absorb()
        self._edges.settle()

    # ---- following the snapshots -------------------------------------------------------------------------------

    def _absorb(self) -> Change:
        """Take over the snapshot that waits, find the plan anew where due; return what looks different."""
        self._state.size = QSizeF(self.size())
        snapshot, self._pending = self._pending, None
        change: Change = "nothing" if snapshot is None else self._absorb_snapshot(snapshot)
        if self._is_outdated:
            self._state.lay_out()
        picture, layout = self._state.picture, self._state.layout
        if picture is None or layout is None:
            return "nothing"
        if picture.is_sketch:  # edges of no weight are nothing to rasterise while the window is to be painted
            was_outdated, self._is_outdated = self._is_outdated, False
            return "structure" if was_outdated else change
        if change == "structure" or self._is_outdated or self._edges.needs_arranging:
            soon = self._is_resizing and change != "structure"
            ratio = self.devicePixelRatioF()
            self._edges.arrange(picture, layout, self._state.matrix_layers(), self._state.view, ratio, soon=soon)
            self._edges.show_pixels_of(self._state.pixel_row())
            self._is_outdated = self._is_resizing = False
            self._mouse.look_again()
            return "structure"
        if change == "numbers":
            self._edges.render(picture)
        return change

    def _absorb_snapshot(self, snapshot: Snapshot) -> Change:
        before = self.selection()
        change = self._state.absorb(snapshot)
        if change == "structure":
            self._actions.forget_hover()
        if self.selection() != before:
            self.selection_changed.emit(*self.selection())
        return change

    def _lay_out_anew(self) -> None:
        self._is_outdated = True
        if self.isVisible():
            self._absorb()
        self.update()

    def _render_look(self) -> None:
        self._lay_out_anew()
        self.updateGeometry()

    # ---- menus -------------------------------------------------------------------------------------------------

    def _open_menu(self, target: Target, at: QPoint | None = None) -> None:
        menu = self._menu_for(target)
        if menu is None or not menus.has_choices(menus.without(menu, self._state.withheld)):
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.triggered.connect(self._do_action)
        menu.popup(self.mapToGlobal(menu_corner(self._state, target).toPoint()) if at is None else at)

    def _menu_for(self, target: Target) -> QMenu | None:
        """Return the menu of what was clicked: of the whole selection where that was clicked."""
        state, picture, places = self._state, self._state.picture, self._state.places
        if picture is None or places is None:
            return None
        if target.kind == "unit" and target.place != INPUT:
            key = places.unit_key(target.place, target.row)
            return menus.units_menu(self, state, picture, state.units if key in state.units else [key])
        if target.kind in ("edge", "cell"):
            edge = places.edge_key(target.place, target.row, target.column)
            return menus.edges_menu(self, state, picture, state.edges if edge in state.edges else [edge])
        if target.kind in ("menu", "title", "minus", "plus", "insert", "x", "b") and target.place != INPUT:
            menu = menus.layer_menu(self, state, picture, target.place)
            field = menu.findChild(QDoubleSpinBox, menus.DROPOUT_NAME)
            if field is not None:
                field.valueChanged.connect(self._choose_dropout)
            return menu
        return menus.ground_menu(self, state)

    def _choose_dropout(self, share: float) -> None:
        field = self.sender()
        if field is not None:
            self.dropout_chosen.emit(int(field.property("layer")), round(share, 4))

    def _do_action(self, action: QAction) -> None:
        """Carry out the wish that a menu's action stands for: a method here or of the actions, or a signal."""
        wish = action.data()
        if not wish:
            return
        name, *values = wish
        if name in menus.OWN_ACTIONS:
            getattr(self._actions, name)(*values)
        elif name == "fit":
            self.fit()
        else:
            getattr(self, name).emit(*values)

    # ---- events ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size at which a network of three layers looks well."""
        em = self._state.look.em()
        return QSize(round(56 * em), round(42 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the least size that is still of use."""
        em = self._state.look.em()
        return QSize(round(24 * em), round(18 * em))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        self._absorb()
        painter = QPainter(self)
        if not self._painter.paint(painter, event.region(), is_hovered=self.underMouse()):
            self._update_numbers()
        if self._mouse.band is not None:
            colour = self._state.look.palette.colour("accent")
            painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DashLine))
            colour.setAlphaF(0.12)
            painter.setBrush(colour)
            painter.drawRect(self._mouse.band)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the plan for the new size; while it goes on changing the old edges are stretched."""
        self._is_outdated = self._is_resizing = True
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the diagram was out of sight."""
        super().showEvent(event)
        self._absorb()
        if self._state.picture is not None:
            self._edges.render(self._state.picture)

    def hideEvent(self, event: QHideEvent) -> None:
        """Do no work out of sight."""
        self._edges.stop()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact values as tooltip; keep the arrow keys."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = tooltip(self._state, target_at(self._state, self._edges, QPointF(event.pos())))
            if words:
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            event.accept()
            return True
        if event.type() == QEvent.Type.Leave:
            self._mouse.leave()
            self.update()
        elif event.type() == QEvent.Type.Enter:
            self.update()
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._lay_out_anew()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, pan, or draw a rubber band."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click, or end a drag."""
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a neuron; fit on empty ground."""
        self._mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll a long column."""
        event.setAccepted(self._mouse.wheel(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus cell, select, zoom, delete."""
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus cell where the keyboard came by Tab."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            focus = self._state.focus or (0, 0)
            if self._state.picture is not None:
                self._actions.move_focus(*focus)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus cell."""
        self._actions.leave_focus()
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of what is under the mouse, or of the focus cell."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self._state.focus is not None:
            target = Target("unit", *self._state.focus)
            layout = self._state.layout
            cell = None if layout is None else layout.column(target.place).cell(target.row)
            spot = QPointF() if cell is None else self._state.view.rect(cell).center()
            self._open_menu(target, self.mapToGlobal(spot.toPoint()))
            return
        self._open_menu(target_at(self._state, self._edges, QPointF(event.pos())), event.globalPos())
