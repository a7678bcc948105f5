"""Project files: what is saved, opened again tomorrow, and swapped out against crashes. Torch-free, no pickle.

The format, schema 1
--------------------
A zip archive:

``manifest.json``
    ``format``: "playground-project"; ``schema``: 1; ``program``: the version that wrote it; ``view``: what belongs to
    the window rather than to a document; ``documents``: a list in the order of the screen, each with ``kind``
    ("network", "superposition"), ``schema`` (of that kind) and ``folder`` (a path in the archive).
``FOLDER/document.json`` (kind "network", schema 1)
    ``name``; ``checkpoint`` with ``spec`` (input_shape, next_id, version, layers: id, units as runs of ids
    [first, count], activation, dropout), ``settings``, ``step``, ``epochs_done``, ``position`` (examples of the running
    epoch that are used up), ``optimizer_steps``, ``segment``, ``marks`` ([step, kind, label, seq]), ``evaluation``
    (measures as [loss, accuracy, count]; NaN and infinity as text); ``data_source`` (from which the data are built
    again); ``view``.
``FOLDER/tensors.safetensors``
    ``parameters`` (float32, flat: for every layer W row after row, then b); where they are used ``first_moment``,
    ``second_moment`` (float32, flat), ``movable``, ``present`` (bool, flat), ``order`` (int64: the examples of the
    running epoch), ``batch_generator``, ``dropout_generator``, ``init_generator`` (uint8: states of torch's random
    generators); the curves ``curves.steps`` (int64) and ``curves.values`` (float64, [points, 4]: training loss and
    accuracy, validation loss and accuracy); examples added by hand ``added.inputs`` [n, features] (uint8 or float32),
    ``added.labels`` (int64) and, as they were drawn, ``added.drawings``.
``FOLDER/document.json``, ``FOLDER/tensors.safetensors`` (kind "superposition", schema 1)
    See `playground.engine.superposition.sandbox_file`.

A reader takes every entry that belongs to a document of a kind that it does not know, and every file outside the
folders of the documents, and writes it again unchanged. Files that it does not know inside the folder of a document
that it does know are left out. A higher schema number means that older programs cannot read the file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from numpy.typing import NDArray

import playground
from playground.engine.archive import Archive, ArchiveError, is_plain_path
from playground.engine.atomic_file import WriteError, why, write_atomically
from playground.engine.checkpoint_file import (
    BYTES_PER_PARAMETER,
    MAX_NAME,
    CheckpointError,
    promised_parameters,
    table_of,
)
from playground.engine.network_file import Document, document_from, document_parts
from playground.engine.plain_json import JsonError, json_object, to_json
from playground.engine.superposition.sandbox_file import (
    SUPERPOSITION,
    SandboxEntry,
    promised_numbers,
    sandbox_from,
    sandbox_parts,
)
from playground.engine.tensor_file import TensorFileError, read_tensors, tensor_chunks, tensor_size

__all__ = [
    "Document",
    "Extra",
    "Project",
    "ProjectError",
    "SandboxEntry",
    "load_project",
    "read_manifest",
    "read_project",
    "save_project",
    "write_project",
]

T = TypeVar("T")

SUFFIX = ".playground"
FORMAT = "playground-project"
SCHEMA = 1
KINDS = {"network": 1, SUPERPOSITION: 1}  # kind of document -> its schema

MANIFEST = "manifest.json"
_DOCUMENT = "document.json"
_TENSORS = "tensors.safetensors"
_MAX_JSON_BYTES = 32 << 20
_MAX_MANIFEST_BYTES = 4 << 20
_MAX_OTHER_TENSOR_BYTES = 2 << 30  # curves, order, added examples
_MAX_EXTRA_BYTES = 1 << 30
_MAX_DOCUMENTS = 64
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes


class ProjectError(ValueError):
    """A project file that cannot be opened or saved; the text is a sentence for the user that names the file."""


@dataclass(frozen=True, eq=False)
class Extra:
    """What a file holds beyond what this version knows; it is written again as it was read.

    ``documents`` are the entries of the manifest of unknown kinds, ``files`` contents by path, ``manifest`` further
    values of the manifest.
    """

    documents: tuple[dict[str, Any], ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Project:
    """The documents of a project: its networks and its superposition sandboxes."""

    documents: tuple[Document, ...]
    view: dict[str, Any] = field(default_factory=dict)
    extra: Extra = field(default_factory=Extra)
    sandboxes: tuple[SandboxEntry, ...] = ()


def save_project(path: str | Path, project: Project) -> None:
    """Write a project file; at every moment the old file or the new one stands there, whole.

    Raises
    ------
    ProjectError
        When it could not be written; the old file is untouched then.
    """

    def write(stream: BinaryIO) -> None:
        write_project(stream, project)

    try:
        write_atomically(path, write)
    except WriteError as error:
        raise ProjectError(str(error)) from error


def load_project(path: str | Path) -> Project:
    """Read a project file, trusting nothing in it.

    Raises
    ------
    ProjectError
        When it is missing, damaged, from a newer version, or impossible.
    """
    return _read_file(Path(path), read_project)


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Return the manifest of a project file that this version can open, without the rest (raises ProjectError)."""
    return _read_file(Path(path), lambda stream, name: _guarded(stream, name, _manifest))


def _read_file(path: Path, read: Callable[[BinaryIO, str], T]) -> T:
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist or is no ordinary file"
            raise ProjectError(f"{path} {what}: choose a project file (*{SUFFIX}).")
        with path.open("rb") as stream:
            return read(stream, path.name)
    except OSError as error:
        raise ProjectError(f"{path} could not be read: {why(error)}.") from error
    except ValueError as error:  # a NUL in the path
        if isinstance(error, ProjectError):
            raise
        raise ProjectError(f"{str(path)[:200]!r} is no path of a file.") from error


def write_project(stream: BinaryIO, project: Project) -> None:
    """Write a project into an open, seekable binary file (raises ProjectError, OSError)."""
    foreign = [*project.extra.files, *(entry["folder"] for entry in project.extra.documents)]
    taken = {path.split("/")[0] for path in foreign}
    manifest: dict[str, Any] = dict(project.extra.manifest)
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        documents: list[Document | SandboxEntry] = [*project.documents, *project.sandboxes]
        for document in documents:
            folder = next(name for n in count(1) if (name := f"{document.kind}-{n}") not in taken)
            taken.add(folder)
            description, arrays = _document_parts(document)
            _add(archive, f"{folder}/{_DOCUMENT}", description)
            _add_tensors(archive, f"{folder}/{_TENSORS}", arrays)
            entries.append({"kind": document.kind, "schema": KINDS[document.kind], "folder": folder})
        for name, content in project.extra.files.items():
            _add(archive, name, content)
        manifest |= {
            "format": FORMAT,
            "schema": SCHEMA,
            "program": playground.__version__,
            "view": project.view,
            "documents": [*entries, *project.extra.documents],
        }
        _add(archive, MANIFEST, _json_bytes(manifest, _MAX_MANIFEST_BYTES, "the view of the window"))


def read_project(stream: BinaryIO, name: str) -> Project:
    """Read a project from an open, seekable binary file that sentences call ``name`` (raises ProjectError)."""
    return _guarded(stream, name, _read)


def _guarded(stream: BinaryIO, name: str, read: Callable[[Archive, str], T]) -> T:
    """Turn whatever is wrong with a file into a sentence that names it."""
    try:
        return read(Archive(stream, name), name)
    except ArchiveError as error:
        raise ProjectError(str(error)) from error
    except (CheckpointError, TensorFileError) as error:
        raise ProjectError(f"{name} is damaged: {error}. Use a copy of the file.") from error
    except MemoryError as error:
        raise ProjectError(f"{name} needs more memory than this computer has free.") from error


def _manifest(archive: Archive, name: str) -> dict[str, Any]:
    if MANIFEST not in archive.names:
        raise ProjectError(f"{name} is no project of this program: it is a zip archive without a {MANIFEST}.")
    manifest = _json_object(archive, MANIFEST, _MAX_MANIFEST_BYTES)
    if manifest.get("format") != FORMAT:
        raise ProjectError(f"{name} is no project of this program: its {MANIFEST} is that of something else.")
    _check_schema(manifest.get("schema"), SCHEMA, "in version {} of the format", manifest.get("program"), name)
    return manifest


def _read(archive: Archive, name: str) -> Project:
    manifest = _manifest(archive, name)
    entries = _entries(manifest)
    known = [entry for entry in entries if entry["kind"] in KINDS]
    for entry in known:
        kind = entry["kind"]
        _check_schema(entry.get("schema"), KINDS[kind], f"with a {kind} of version {{}}", manifest.get("program"), name)
    if not known:
        kinds = ", ".join(sorted({str(entry["kind"]) for entry in entries})) or "none"
        raise ProjectError(f"{name} holds no network (documents: {kinds}): this version can show nothing of it.")
    documents = [_read_document(archive, entry) for entry in known]
    return Project(
        documents=tuple(one for one in documents if isinstance(one, Document)),
        sandboxes=tuple(one for one in documents if isinstance(one, SandboxEntry)),
        view=table_of(manifest.get("view", {}), "the view of its window"),
        extra=_read_extra(archive, manifest, entries),
    )


def _check_schema(schema: Any, known: int, wording: str, program: Any, name: str) -> None:
    """Refuse what a newer program wrote, in a sentence that names both versions."""
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise CheckpointError("it does not say which version of the format it has")
    if schema > known:
        raise ProjectError(
            f"{name} was written by playground {str(program)[:40]} {wording.format(schema)}; this is playground "
            f"{playground.__version__}, which knows version {known}: update the program to open it."
        )


def _entries(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents that the manifest lists, each with a kind and a folder of its own."""
    entries = manifest.get("documents")
    if not isinstance(entries, list) or len(entries) > _MAX_DOCUMENTS:
        raise CheckpointError("its list of documents is garbled")
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
            raise CheckpointError("its list of documents is garbled")
        folder = entry.get("folder")
        if not isinstance(folder, str) or not is_plain_path(folder):
            raise CheckpointError(f"a document lies in {str(folder)[:80]!r}, which is no folder")
    folders = sorted(f"{entry['folder']}/" for entry in entries)
    if any(b.startswith(a) for a, b in pairwise(folders)):
        raise CheckpointError("two of its documents share a folder")
    return entries


def _read_document(archive: Archive, entry: dict[str, Any]) -> Document | SandboxEntry:
    folder, is_sandbox = entry["folder"], entry["kind"] == SUPERPOSITION
    description = _json_object(archive, f"{folder}/{_DOCUMENT}", _MAX_JSON_BYTES)
    saved = description.get("checkpoint")
    promised = promised_numbers(saved) if is_sandbox else promised_parameters(saved)
    tensors = f"{folder}/{_TENSORS}"
    if archive.size(tensors) < 4 * promised:
        raise CheckpointError(f"it describes {promised:,} parameters, but does not hold as many")
    arrays = read_tensors(archive.read(tensors, BYTES_PER_PARAMETER * promised + _MAX_OTHER_TENSOR_BYTES))
    return sandbox_from(description, arrays) if is_sandbox else document_from(description, arrays)


def _read_extra(archive: Archive, manifest: dict[str, Any], entries: list[dict[str, Any]]) -> Extra:
    own = tuple(f"{entry['folder']}/" for entry in entries if entry["kind"] in KINDS)
    files: dict[str, bytes] = {}
    left = _MAX_EXTRA_BYTES
    for path in archive.names:
        if path != MANIFEST and not path.startswith(own):
            files[path] = bytes(archive.read(path, left))
            left -= len(files[path])
    known = {"format", "schema", "program", "view", "documents"}
    return Extra(
        documents=tuple(entry for entry in entries if entry["kind"] not in KINDS),
        files=files,
        manifest={key: value for key, value in manifest.items() if key not in known},
    )


def _document_parts(document: Document | SandboxEntry) -> tuple[bytes, dict[str, NDArray[Any]]]:
    """Return document.json and the arrays of tensors.safetensors."""
    if document.kind not in KINDS:
        raise ProjectError(f"This version cannot save a document of the kind '{document.kind[:40]}'.")
    name = document.name[:MAX_NAME]
    try:
        parts = sandbox_parts(document) if isinstance(document, SandboxEntry) else document_parts(document)
    except CheckpointError as error:
        raise ProjectError(f"'{name}' cannot be saved: {error}.") from error
    description, arrays = parts
    return _json_bytes({"name": name, **description}, _MAX_JSON_BYTES, f"'{name}'"), arrays


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    # weights do not pack; text does
    packing = zipfile.ZIP_STORED if name.endswith(".safetensors") else zipfile.ZIP_DEFLATED
    archive.writestr(_entry(name), content, packing)


def _add_tensors(archive: zipfile.ZipFile, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    entry = _entry(name)
    entry.file_size = tensor_size(arrays)
    with archive.open(entry, "w") as stream:
        for chunk in tensor_chunks(arrays):
            stream.write(chunk)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.external_attr = 0o644 << 16
    return entry


def _json_bytes(value: dict[str, Any], limit: int, what: str) -> bytes:
    try:
        content = to_json(value).encode("ascii")
    except JsonError as error:
        raise ProjectError(f"The project cannot be saved: {what} holds what no file can: {error}.") from error
    if len(content) > limit:
        raise ProjectError(f"The project cannot be saved: {what} needs {len(content):,} bytes, more than {limit:,}.")
    return content


def _json_object(archive: Archive, path: str, limit: int) -> dict[str, Any]:
    try:
        return json_object(bytes(archive.read(path, limit)))
    except JsonError as error:
        raise CheckpointError(f"'{path}' in it is no proper JSON ({error})") from error
