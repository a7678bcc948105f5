"""A window without a picture that swaps its work out again and again until it is killed. Run as a program.

Arguments: the autosave folder, the project file or "-", the width of a hidden layer, and a state or 0: in the middle
of writing that one it says "within N" and waits for its end. It prints "begin N" before it hands over state N, and
"stored N" once that is on the disk.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from playground.engine.project_file import Project
from playground.session.autosave import Autosave
from tests.project_samples import a_document


def main() -> None:
    application = QCoreApplication([])
    folder, project = Path(sys.argv[1]), sys.argv[2]
    width, hung_state = int(sys.argv[3]), int(sys.argv[4])
    document = a_document(widths=(100, width, 3))
    autosave = Autosave(folder, None if project == "-" else Path(project), "The work", application, interval_ms=0)
    state = 0

    def store() -> None:
        nonlocal state
        state += 1
        sys.stdout.write(f"begin {state}\n")
        sys.stdout.flush()
        autosave.store(Project((replace(document, checkpoint=replace(document.checkpoint, step=state)),)))

    sync = os.fsync

    def sync_or_hang(handle: int) -> None:
        if state == hung_state and os.fstat(handle).st_size > 10_000:
            os.ftruncate(handle, os.fstat(handle).st_size // 2)
            sys.stdout.write(f"within {state}\n")
            sys.stdout.flush()
            sys.stdin.read()
        sync(handle)

    os.fsync = sync_or_hang

    def go_on(_: str) -> None:
        sys.stdout.write(f"stored {state}\n")
        sys.stdout.flush()
        autosave.note_change()

    autosave.due.connect(store)
    autosave.stored.connect(go_on)
    autosave.note_change()
    application.exec()


if __name__ == "__main__":
    main()
