"""The Help menu: shortcuts, versions and devices, and the report that can be copied."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout

import playground
from playground.app.action_table import KEYS
from playground.app.actions import shortcut_text
from playground.app.window import MainWindow
from playground.labs.base import Message
from playground.session.logs import LogFile, without_home


class Support(QObject):
    """Answers the Help menu. Its windows are not modal: one reads and tries at the same time."""

    def __init__(self, window: MainWindow, log: LogFile) -> None:
        super().__init__(window)
        self._window = window
        self._log = log
        self._report = ""
        self._pages: dict[str, QDialog] = {}
        answer = window.actions_table.answer
        answer("help.shortcuts", self.show_shortcuts)
        answer("help.doctor", self.show_doctor)
        answer("help.copy_report", self.copy_report)
        answer("help.about", self.show_about)
        window.closed.connect(self._close_pages)

    def note_report(self, text: str) -> None:
        """Keep the report of the last error for "copy report"."""
        self._report = text

    def copy_report(self) -> None:
        """Put the last error's report, or versions and the end of the log, on the clipboard."""
        lines = self._report or "\n".join([*_doctor_lines(), "", "The log:", *self._log.last_lines()])
        QGuiApplication.clipboard().setText(without_home(lines))
        text = "The report is on the clipboard: paste it where you ask for help. It names no files of yours."
        self._window.show_message(Message(text, kind="report", seconds=8.0))

    def show_shortcuts(self) -> None:
        """List all actions with their keys."""
        self._show("shortcuts", "Keyboard shortcuts", self.shortcuts_page())

    def show_doctor(self) -> None:
        """Show versions, devices, folders, and what is missing."""
        self._show("doctor", "Versions and devices", f"<pre>{escape(chr(10).join(_doctor_lines()))}</pre>")

    def show_about(self) -> None:
        """Say what this is."""
        self._show(
            "about",
            "About Playground",
            f"<h3>Playground {playground.__version__}</h3><p>Understand neural networks with your hands: build, "
            "train, paint, damage and dissect them. Everything on the screen is a real tensor, and everything can be "
            "changed by hand, at any moment, also while training runs.</p>"
            "<p>The letters stand in the fonts of your system; all pictures are drawn by the program.</p>",
        )

    def shortcuts_page(self) -> str:
        """Return the page of shortcuts: the actions by menu, then the keys that views answer."""
        colour = self._window.look.palette.muted
        parts = ["<table cellspacing=0 cellpadding=4 width='100%'>"]
        rows = self._window.actions_table.rows
        for menu in dict.fromkeys(row.menu.split("/")[0] for row in rows):
            parts.append(_head(menu, colour))
            found = [row for row in rows if row.menu.split("/")[0] == menu and row.shortcuts]
            parts += [_line(row.text.rstrip("…"), shortcut_text(row), row.tooltip, colour) for row in found]
        for where in dict.fromkeys(key.where for key in KEYS):
            parts.append(_head(where, colour))
            parts += [_line(key.keys, "", key.meaning, colour) for key in KEYS if key.where == where]
        return "".join([*parts, "</table>"])

    def _show(self, name: str, title: str, html: str) -> None:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._made_page(name, title)
        browser = page.findChild(QTextBrowser)
        if isinstance(browser, QTextBrowser):
            browser.setHtml(html)
        page.show()
        page.activateWindow()

    def _made_page(self, name: str, title: str) -> QDialog:
        em = self._window.look.em()
        page = QDialog(self._window)
        page.setObjectName(f"page_{name}")
        page.setWindowTitle(title)
        browser = QTextBrowser(page)
        browser.setObjectName(f"{name}_text")
        browser.setProperty("role", "page")
        browser.setAccessibleName(title)
        browser.setToolTip(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, Qt.Orientation.Horizontal, page)
        buttons.rejected.connect(page.reject)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName(f"{name}_close")
        close.setToolTip("Close this page (Esc)")
        column = QVBoxLayout(page)
        column.addWidget(browser, 1)
        column.addWidget(buttons)
        page.resize(round(46 * em), round((18 if name == "about" else 36) * em))
        return page

    def _close_pages(self) -> None:
        for page in self._pages.values():
            page.close()


def _head(title: str, colour: str) -> str:
    return f'<tr><td colspan=3 style="color:{colour};padding-top:14px"><b>{escape(title.upper())}</b></td></tr>'


def _line(name: str, keys: str, meaning: str, colour: str) -> str:
    cells = (f"<b>{escape(name)}</b>", escape(keys), f'<span style="color:{colour}">{escape(meaning)}</span>')
    shares = (32, 20, 48)  # of the width, in per cent
    return "<tr>" + "".join(f"<td width='{w}%'>{cell}</td>" for w, cell in zip(shares, cells, strict=True)) + "</tr>"


def _doctor_lines() -> list[str]:
    from playground.app.doctor import report_lines  # looks packages up, which is not needed before the window stands

    return report_lines()
