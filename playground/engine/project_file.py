"""Project files: what is saved, opened again tomorrow, and swapped out against crashes. Torch-free, no pickle.

The format, schema 1
--------------------
A zip archive:

``manifest.json``
    ``format``: "playground-project"; ``schema``: 1; ``program``: the version that wrote it; ``view``: what belongs to
    the window rather than to a document; ``documents``: a list in the order of the screen, each with ``kind``
    ("network"), ``schema`` (of that kind) and ``folder`` (a path in the archive).
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

import numpy as np
from numpy.typing import NDArray

import playground
from playground.engine.archive import Archive, ArchiveError, is_plain_path
from playground.engine.atomic_file import WriteError, why, write_atomically
from playground.engine.checkpoint import Checkpoint
from playground.engine.checkpoint_file import (
    BYTES_PER_PARAMETER,
    CheckpointError,
    check_array,
    checkpoint_arrays,
    checkpoint_from,
    checkpoint_to_json,
    promised_parameters,
)
from playground.engine.plain_json import JsonError, json_object, to_json
from playground.engine.spec import NetworkSpec
from playground.engine.tensor_file import TensorFileError, read_tensors, tensor_chunks, tensor_size

T = TypeVar("T")

SUFFIX = ".playground"
FORMAT = "playground-project"
SCHEMA = 1
KINDS = {"network": 1}  # kind of document -> its schema

MANIFEST = "manifest.json"
_DOCUMENT = "document.json"
_TENSORS = "tensors.safetensors"
_MAX_JSON_BYTES = 32 << 20
_MAX_MANIFEST_BYTES = 4 << 20
_MAX_OTHER_TENSOR_BYTES = 2 << 30  # curves, order, added examples
_MAX_EXTRA_BYTES = 1 << 30
_MAX_DOCUMENTS = 64
_MAX_NAME = 200
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes


class ProjectError(ValueError):
    """A project file that cannot be opened or saved; the text is a sentence for the user that names the file."""


@dataclass(frozen=True, eq=False)
class Document:
    """One document of a project: a training, the data it came from, and how it was looked at.

    ``data_source`` and ``view`` are JSON values. ``added_inputs`` ``[k, features]`` (uint8 or float32) and
    ``added_labels`` ``[k]`` are the training examples added by hand, ``added_drawings`` ``[k, ...]`` how they were
    drawn.
    """

    kind: str
    name: str
    checkpoint: Checkpoint
    data_source: dict[str, Any]
    added_inputs: NDArray[Any]
    added_labels: NDArray[np.int64]
    added_drawings: NDArray[Any] | None = None
    view: dict[str, Any] = field(default_factory=dict)


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
    """The documents of a project in their order on the screen."""

    documents: tuple[Document, ...]
    view: dict[str, Any] = field(default_factory=dict)
    extra: Extra = field(default_factory=Extra)


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
        for document in project.documents:
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
    return Project(
        documents=tuple(_read_document(archive, entry) for entry in known),
        view=_object(manifest.get("view", {}), "the view of its window"),
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


def _read_document(archive: Archive, entry: dict[str, Any]) -> Document:
    folder = entry["folder"]
    description = _json_object(archive, f"{folder}/{_DOCUMENT}", _MAX_JSON_BYTES)
    saved = description.get("checkpoint")
    promised = promised_parameters(saved)
    tensors = f"{folder}/{_TENSORS}"
    if archive.size(tensors) < 4 * promised:
        raise CheckpointError(f"it describes {promised:,} parameters, but does not hold as many")
    arrays = read_tensors(archive.read(tensors, BYTES_PER_PARAMETER * promised + _MAX_OTHER_TENSOR_BYTES))
    checkpoint = checkpoint_from(saved, arrays)
    _check_added(checkpoint.spec, arrays)
    name = description.get("name")
    if not isinstance(name, str):
        raise CheckpointError("one of its documents has no name")
    return Document(
        kind=entry["kind"],
        name="".join(letter for letter in name[:_MAX_NAME] if letter.isprintable()),
        checkpoint=checkpoint,
        data_source=_object(description.get("data_source"), "the description of its data"),
        added_inputs=arrays["added.inputs"],
        added_labels=arrays["added.labels"],
        added_drawings=arrays.get("added.drawings"),
        view=_object(description.get("view", {}), "the view of a document"),
    )


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


def _document_parts(document: Document) -> tuple[bytes, dict[str, NDArray[Any]]]:
    """Return document.json and the arrays of tensors.safetensors."""
    if document.kind not in KINDS:
        raise ProjectError(f"This version cannot save a document of the kind '{document.kind[:40]}'.")
    try:
        arrays = checkpoint_arrays(document.checkpoint)
        arrays["added.inputs"], arrays["added.labels"] = document.added_inputs, document.added_labels
        if document.added_drawings is not None:
            arrays["added.drawings"] = document.added_drawings
        _check_added(document.checkpoint.spec, arrays)
    except CheckpointError as error:
        raise ProjectError(f"'{document.name[:_MAX_NAME]}' cannot be saved: {error}.") from error
    description = {
        "name": document.name[:_MAX_NAME],
        "checkpoint": checkpoint_to_json(document.checkpoint),
        "data_source": document.data_source,
        "view": document.view,
    }
    return _json_bytes(description, _MAX_JSON_BYTES, f"'{document.name[:_MAX_NAME]}'"), arrays


def _check_added(spec: NetworkSpec, arrays: Mapping[str, NDArray[Any]]) -> None:
    inputs = arrays.get("added.inputs")
    is_float = inputs is not None and inputs.dtype == np.float32
    check_array(arrays, "added.labels", np.int64, (None,))
    labels = arrays["added.labels"]
    check_array(arrays, "added.inputs", np.float32 if is_float else np.uint8, (len(labels), spec.inputs))
    classes = max(spec.outputs, 2)  # one output can tell two classes
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise CheckpointError(f"an added example has a label beyond the {classes} classes")
    drawings = arrays.get("added.drawings")
    if drawings is not None and (
        drawings.dtype not in (np.uint8, np.float32) or not 1 <= drawings.ndim <= 4 or len(drawings) != len(labels)
    ):
        raise CheckpointError("the drawings of the added examples do not fit them")
    for name in ("added.inputs", "added.drawings"):
        if name in arrays and arrays[name].dtype == np.float32 and not np.isfinite(arrays[name]).all():
            raise CheckpointError(f"the numbers '{name}' in it are not all finite")


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


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CheckpointError(f"{what} is not a table of names and values")
    return value
