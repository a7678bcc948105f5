"""A curtain before a widget: out of sight and out of reach of Tab, while its owner shows and hides it as before."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QSplitter, QWidget

from playground.views.inspector.flow import FlowLayout


class Curtain(QWidget):
    """Stands in the layout in the place of ``held``, never in sight, and has ``held`` as its child.

    So whether ``held`` is to be shown stays its owner's affair: what was said meanwhile holds when the curtain goes.
    """

    def __init__(self, held: QWidget) -> None:
        super().__init__()  # a splitter takes no widget that is its child already
        self._held, self._parent = held, held.parentWidget()
        self._splitter: QSplitter | None = None
        self._sizes: list[int] = []
        self.setObjectName(f"curtain_{held.objectName()}")
        is_hidden = held.isHidden()
        self._swap(held, self)
        self.hide()  # a splitter shows what takes the place of what was shown
        held.setParent(self)
        held.setVisible(not is_hidden)

    def open(self) -> None:
        """Put the widget back where it was and go."""
        held = self._held
        is_hidden = held.isHidden()
        self._swap(self, held)
        # where the layout has put it already: PySide is to know as well, or takes it for deleted with the curtain
        held.setParent(self._parent)
        held.setVisible(not is_hidden)
        splitter = self._splitter
        if splitter is not None and not is_hidden and self._sizes[splitter.indexOf(held)]:
            splitter.setSizes(self._sizes)
        self.setParent(None)
        self.deleteLater()

    def _swap(self, old: QWidget, new: QWidget) -> None:
        """Put ``new`` where ``old`` stands."""
        parent = old.parentWidget()
        if isinstance(parent, QSplitter):
            if new is self:
                self._splitter, self._sizes = parent, parent.sizes()
            parent.replaceWidget(parent.indexOf(old), new)
            return
        layout = None if parent is None else _layout_of(parent.layout(), old)
        if layout is None:
            new.setParent(parent)
        elif isinstance(layout, FlowLayout):
            layout.swap(old, new)
        else:
            layout.replaceWidget(old, new)


def _layout_of(layout: QLayout | None, widget: QWidget) -> QLayout | None:
    """Return the layout, this or one inside it, that holds ``widget``."""
    if layout is None:
        return None
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if item.widget() is widget:
            return layout
        found = _layout_of(item.layout(), widget)
        if found is not None:
            return found
    return None
