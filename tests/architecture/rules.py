"""The rules that import-linter cannot state, read from the syntax trees: each returns the violations it finds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

UNDO_CLASSES = {"QUndoCommand", "QUndoGroup", "QUndoStack"}
SESSION_MAY = {"PySide6.QtCore", "PySide6.QtNetwork"}
VIEWS_MAY = {
    f"playground.engine.{name}"
    for name in (
        "spec",
        "settings",
        "structure",
        "commands",
        "snapshots",
        "datasets",
        "targets",
        "formula",
        "input_features",
        "plane",
        "plane_shapes",
        "gates",
        "table_form",
        "images",
        "grids",
        "activation_curves",
        "checkpoint",
        "superposition.claims",
        "superposition.closed_forms",
        "superposition.experiments",
        "superposition.geometry",
        "superposition.hands",
        "superposition.metrics",
        "superposition.phase_cells",
        "superposition.plans",
        "superposition.problem",
        "superposition.reading",
        "superposition.results",
        "superposition.results_table",
        "superposition.setup",
        "superposition.snapshots",
    )
}
VIEWS_PACKAGES = {"PySide6", "pyqtgraph", "numpy", "scipy"}
EMPTY_WORDS = re.compile(r"(^|_)(utils?|helpers?|misc|manager|common)(_|$)", re.IGNORECASE)
EMPTY_CLASS = re.compile(r"(Util|Utils|Helper|Helpers|Misc|Manager)$")


def imports(path: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield line, module and imported names of every import in a file, those in functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, ()
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module, tuple(alias.name for alias in node.names)


def session_uses_undo_only(root: Path) -> list[str]:
    """Of Qt, the session uses QtCore, QtNetwork and the undo classes of QtGui."""
    found = []
    for path in sorted((root / "playground" / "session").rglob("*.py")):
        for line, module, names in imports(path):
            if not module.startswith(("PySide6", "shiboken6", "pyqtgraph")) or module in SESSION_MAY:
                continue
            if module == "PySide6" and set(names) <= {"QtCore", "QtNetwork"} and names:
                continue
            if module == "PySide6.QtGui" and names and set(names) <= UNDO_CLASSES:
                continue
            found.append(f"{path.relative_to(root)}:{line} imports {module} {', '.join(names)}".rstrip())
    return found


def views_use_vocabulary_only(root: Path) -> list[str]:
    """Views import themselves, the engine's torch-free vocabulary, Qt, pyqtgraph, numpy and scipy."""
    found = []
    for path in sorted((root / "playground" / "views").rglob("*.py")):
        for line, module, names in imports(path):
            top = module.split(".")[0]
            if top != "playground":
                is_allowed = top in VIEWS_PACKAGES or top in _standard_library()
            elif module == "playground.engine":
                is_allowed = {f"{module}.{name}" for name in names} <= VIEWS_MAY
            else:
                is_allowed = module in VIEWS_MAY or module.startswith("playground.views")
            if not is_allowed:
                found.append(f"{path.relative_to(root)}:{line} imports {module}")
    return found


def labs_apart(root: Path) -> list[str]:
    """Labs import no other lab."""
    labs = root / "playground" / "labs"
    names = {folder.name for folder in labs.iterdir() if (folder / "__init__.py").is_file()}
    found = []
    for name in sorted(names):
        for path in sorted((labs / name).rglob("*.py")):
            for line, module, imported in imports(path):
                targets = {module, *(f"{module}.{entry}" for entry in imported)}
                others = names - {name}
                if any(target.startswith(f"playground.labs.{other}") for target in targets for other in others):
                    found.append(f"{path.relative_to(root)}:{line} imports {module}")
    return found


def named_for_what_they_are(root: Path) -> list[str]:
    """No file, function or class is called utils, helper, manager or misc."""
    found = []
    for folder in ("playground", "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            where = str(path.relative_to(root))
            if EMPTY_WORDS.search(path.stem) or any(
                EMPTY_WORDS.search(part) for part in path.relative_to(root).parts[:-1]
            ):
                found.append(where)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name):
                    found.append(f"{where}:{node.lineno} class {node.name}")
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and EMPTY_WORDS.search(node.name):
                    found.append(f"{where}:{node.lineno} {node.name}")
    return found


def colours_in_the_palette(root: Path) -> list[str]:
    """Colours stand in views/palette.py; elsewhere white is the only one written out."""
    found = []
    for folder in ("views", "labs", "app"):
        for path in sorted((root / "playground" / folder).rglob("*.py")):
            if path.name == "palette.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    colours = re.findall(r"#[0-9a-fA-F]{6}\b", node.value)
                    found += [f"{path.relative_to(root)}:{node.lineno} {c}" for c in colours if c.lower() != "#ffffff"]
    return found


def _standard_library() -> frozenset[str]:
    import sys

    return frozenset(sys.stdlib_module_names)
