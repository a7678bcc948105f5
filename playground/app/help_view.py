"""The help beside the lab: its words, each in a sentence with its formula, and a field to find one."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from playground.app.help_texts import GROUPS, Term, term_named, terms
from playground.views.look import Look
from playground.views.sources import IconSource


class HelpView(QWidget):
    """The words of the lab in front first, then all by group; typing narrows them."""

    closed = Signal()

    def __init__(self, look: Look, icon: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon = look, icon
        self._first: tuple[str, ...] = ()
        self.setObjectName("help")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head = QLabel("WHAT EVERYTHING MEANS", self)
        self._head.setProperty("role", "section")
        self._close_button = QToolButton(self)
        self._close_button.setObjectName("help_close")
        self._close_button.setProperty("role", "flat")
        self._close_button.setAccessibleName("Close help")
        self._close_button.setToolTip("Close the help; F1 shows it again")
        self._close_button.clicked.connect(self.closed)
        self.search = QLineEdit(self)
        self.search.setObjectName("help_search")
        self.search.setPlaceholderText("find a word")
        self.search.setAccessibleName("Find a word")
        self.search.setToolTip("Type part of a word or of its explanation, for example 'rate' or 'NaN'")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._render)
        self.page = QTextBrowser(self)
        self.page.setObjectName("help_page")
        self.page.setProperty("role", "page")
        self.page.setAccessibleName("Explanations")
        self.page.setToolTip("The words of the screen, explained")
        self.page.setOpenLinks(False)
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self._close_button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.search)
        self._column.addWidget(self.page, 1)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_terms(self, names: tuple[str, ...]) -> None:
        """Say which words the lab in front is about."""
        self._first = names
        self._render()

    def show_term(self, name: str) -> None:
        """Show one word."""
        found = term_named(name)
        self.search.setText(found.name if found else name)

    def focus_search(self) -> None:
        """Put the cursor into the field."""
        self._render()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _render(self) -> None:
        if not self.isVisible():
            return  # a page of text takes a while to lay out: not before somebody reads it
        sought = self.search.text().strip().lower()
        parts = []
        if sought:
            found = [term for term in terms() if sought in _searched(term)]
            found.sort(key=lambda term: (not term.name.lower().startswith(sought), sought not in term.name.lower()))
            parts += [self._entry(term) for term in found]
            if not found:
                parts.append(f"<p>No word here contains “{escape(sought[:40])}”.</p>")
        else:
            first = [term for name in self._first if (term := term_named(name))]
            if first:
                parts += [self._group("In this lab"), *(self._entry(term) for term in first)]
            for group in GROUPS:
                rest = [term for term in terms() if term.group == group and term not in first]
                parts += [self._group(group), *(self._entry(term) for term in rest)]
        self.page.setHtml("".join(parts))

    def _group(self, title: str) -> str:
        colour = self._look.palette.muted
        return f'<p style="color:{colour};font-weight:bold;font-size:small;margin-top:16px">{title.upper()}</p>'

    def _entry(self, term: Term) -> str:
        palette = self._look.palette
        formula = (
            f'<div style="font-family:monospace;color:{palette.accent};margin-top:2px">{escape(term.formula)}</div>'
            if term.formula
            else ""
        )
        return (
            f'<div style="margin-top:10px"><b>{escape(term.name)}</b></div>'
            f'<div style="color:{palette.muted}">{escape(term.text)}</div>{formula}'
        )

    def showEvent(self, event: object) -> None:
        """Lay the page out when it is first seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._render()

    def _render_look(self) -> None:
        em = self._look.em()
        self._close_button.setIcon(self._icon("close", "muted"))
        self._close_button.setIconSize(QSize(round(em), round(em)))
        margin = round(0.7 * em)
        self._column.setContentsMargins(margin, round(0.4 * em), margin, margin)
        self._column.setSpacing(round(0.5 * em))
        self.setMinimumWidth(round(14 * em))
        self._render()


def _searched(term: Term) -> str:
    return " ".join((term.name, *term.also, term.text)).lower()
