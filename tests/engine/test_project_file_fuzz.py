"""Whatever is done to the bytes of a project file: it opens, or there is a sentence."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.engine.project_file import Project, ProjectError, read_project, write_project
from tests.project_samples import a_project


@functools.cache
def whole() -> bytes:
    stream = io.BytesIO()
    write_project(stream, a_project())
    return stream.getvalue()


@functools.cache
def entries() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened_or_refused(content: bytes) -> Project | None:
    try:
        project = read_project(io.BytesIO(content), "x.playground")
    except ProjectError:
        return None
    # what opens can be saved again, and that opens too
    again = io.BytesIO()
    write_project(again, project)
    read_project(again, "x.playground")
    return project


def zipped(content: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, value in content.items():
            archive.writestr(name, value)
    return stream.getvalue()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_bytes_changed_anywhere(data: st.DataObject) -> None:
    content = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 6))):
        # the ends of the file, where zip keeps its tables, are the likelier place
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(len(content) - 400, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    opened_or_refused(bytes(content))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_pieces_taken_out_doubled_or_put_in(data: st.DataObject) -> None:
    content = whole()
    start, end = sorted((data.draw(st.integers(0, len(content))), data.draw(st.integers(0, len(content)))))
    piece = data.draw(st.sampled_from([b"", content[start:end] * 2, b"PK\5\6", b"PK\1\2" + bytes(46), bytes(100)]))
    opened_or_refused(content[:start] + piece + content[end:])


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_bytes_changed_inside_the_entries(data: st.DataObject) -> None:
    """With fresh checksums, so that what is inside is read at all."""
    name = data.draw(st.sampled_from(sorted(entries())))
    content = bytearray(entries()[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, min(900, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    opened_or_refused(zipped({**entries(), name: bytes(content)}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        found += [place for key in value for place in places(value[key], (*path, key))]
    elif isinstance(value, list):
        found += [place for index, entry in enumerate(value) for place in places(entry, (*path, index))]
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_json_values_replaced_by_others(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["manifest.json", "network-1/document.json"]))
    value = json.loads(entries()[name])
    place = data.draw(st.sampled_from(places(value)[1:]))
    inner = value
    for key in place[:-1]:
        inner = inner[key]
    if data.draw(st.booleans()):
        inner[place[-1]] = data.draw(JSON)
    else:
        del inner[place[-1]]
    opened_or_refused(zipped({**entries(), name: json.dumps(value).encode()}))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_anything_at_all(content: bytes) -> None:
    assert opened_or_refused(content) is None
    assert opened_or_refused(b"PK\3\4" + content) is None
