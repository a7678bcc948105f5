"""The rules that import-linter cannot state, read from the syntax trees: each returns the violations it finds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
        "columns",
        "table_inputs",
        "plane",
        "plane_shapes",
        "gates",
        "predictions",
        "table_data",
        "table_facts",
        "table_form",
        "table_numbers",
        "image_data",
        "image_survey",
        "picture_fitting",
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
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
EMPTY_CLASS = re.compile(r"(Util|Utils|Helper|Helpers|Misc|Manager)$")


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a file, each with its line."""

    imports: tuple[tuple[int, str, tuple[str, ...]], ...]  # module and imported names, those in functions too
    classes: tuple[tuple[int, str], ...]
    functions: tuple[tuple[int, str], ...]
    colours: tuple[tuple[int, str], ...]


@cache
def facts(text: str) -> Facts:
    """Read a file once, however many copies of it there are."""
    imported: list[tuple[int, str, tuple[str, ...]]] = []
    classes, functions, colours = [], [], []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported += [(node.lineno, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.append((node.lineno, node.module, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.ClassDef):
            classes.append((node.lineno, node.name))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions.append((node.lineno, node.name))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            colours += [(node.lineno, colour) for colour in COLOUR.findall(node.value)]
    return Facts(tuple(imported), tuple(classes), tuple(functions), tuple(colours))


def facts_of(path: Path) -> Facts:
    """Return the facts of a file."""
    return facts(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield line, module and imported names of every import in a file, those in functions too."""
    yield from facts_of(path).imports


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
            of_file = facts_of(path)
            found += [f"{where}:{line} class {name}" for line, name in of_file.classes if EMPTY_CLASS.search(name)]
            found += [f"{where}:{line} {name}" for line, name in of_file.functions if EMPTY_WORDS.search(name)]
    return found


def colours_in_the_palette(root: Path) -> list[str]:
    """Colours stand in views/palette.py; elsewhere white is the only one written out."""
    found = []
    for folder in ("views", "labs", "app"):
        for path in sorted((root / "playground" / folder).rglob("*.py")):
            if path.name == "palette.py":
                continue
            where = path.relative_to(root)
            found += [f"{where}:{line} {name}" for line, name in facts_of(path).colours if name.lower() != "#ffffff"]
    return found


def _standard_library() -> frozenset[str]:
    import sys

    return frozenset(sys.stdlib_module_names)
