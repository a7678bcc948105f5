"""Files that are no table, or become none while they are read: a sentence in bounded time and memory, never more."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.engine.datasets import DataError
from playground.engine.file_data import files_data
from playground.engine.table_data import KEPT_BYTES, TableChoice, table_data
from playground.engine.table_stream import MAX_LINE_BYTES
from playground.engine.tables import look, read_table
from tests.engine.properties import checking

ROWS = "a;b;when;kind\n" + "".join(f'{n},5;{n % 3};2024-01-{n % 28 + 1:02};"k{n % 2}"\n' for n in range(40))


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(DataError, match=r"\.$") as caught:
        table_data(path)
    assert len(str(caught.value)) < 500
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n3\n", "t.csv, line 3: there are 1 cells instead of 2"),
        ('a,b\n1,2\n3,"x\n4,5\n', "t.csv, line 3: a quote opens there and never closes"),
        ('a,b\n"1\n\n",2\n3,"x\n4,5\n', "t.csv, line 5: a quote opens there and never closes"),
        ("a,b\n1,2\n2,3\n" + "3,4\n" * 2_000 + "inf,2\n", "t.csv, line 2,004, column 'a': 'inf' is too large"),
        ("a,b\n" + "3,4\n" * 2_000 + "3,one\n", "t.csv, line 2,002, column 'b': 'one' is no number"),
        ("a,b\n" + "3,4\n" * 2_000 + "3,-Infinity\n", "t.csv, line 2,002, column 'b': '-Infinity' is too large"),
        ("a,b\n" + "3,4\n" * 100_000 + "\0" * 5_000, "t.csv, line 100,002: there are zero bytes"),
        ("a,b\nNaN,x\nnan,y\n", "every value"),
        ("\n\n \n", "is empty"),
        (";;;\n;;;\n", "is empty"),
        ("# only\n# comments\n", "is empty"),
        ("sep=;\n", "is empty"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "t.csv"
    for encoding in ("utf-8", "utf-16"):
        path.write_text(text, encoding=encoding)
        if "\0" not in text or encoding == "utf-8":
            assert says in refused(path) or "no column but the target" in refused(path)


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    folder, pipe, loop = tmp_path / "x.csv", tmp_path / "pipe.csv", tmp_path / "loop.csv"
    folder.mkdir()
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path in (folder, pipe, loop, Path("/dev/zero"), Path("/dev/stdin"), tmp_path / "none.csv", Path("a\0.csv")):
        assert "no file" in refused(path) or "is no path" in refused(path)
    with pytest.raises(DataError, match=r"\.$"):
        files_data([folder])
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    secret.chmod(0)
    if not os.access(secret, os.R_OK):
        assert "could not be read" in refused(secret)


@pytest.mark.parametrize("head", [b"", b"a,b\n1,2\n3,4\n", b'a,b\n1,"', b"# c\na,b\n1,2\n#"])
@pytest.mark.parametrize("letter", [b"\0", b"x"])
def test_a_line_of_gigabytes_is_refused_at_once(tmp_path: Path, head: bytes, letter: bytes) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.write(head)
        stream.write(letter * (0 if letter == b"\0" else 3 * MAX_LINE_BYTES))
        if letter == b"\0":
            stream.truncate(4 << 30)
    start = time.thread_time()
    program = "import sys,resource\nfrom pathlib import Path\nfrom playground.engine.table_data import table_data\n"
    program += "resource.setrlimit(resource.RLIMIT_DATA, (700 << 20, 700 << 20))\n"
    program += "try: table_data(Path(sys.argv[1]))\nexcept ValueError as error: print(error)\n"
    if letter == b"\0" and not head:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
        said = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=environment, timeout=60
        ).stdout
    else:
        said = refused(path)
    assert "t.csv" in said
    assert any(words in said for words in ("zero bytes", "no end of line", "a row of more than 2 MB", "never closes"))
    assert time.thread_time() - start < 5


class _Meddling:
    """Does something to a file once it has been read from a few times."""

    def __init__(self, act: Any, after: int) -> None:
        self._act, self._left = act, after

    def __call__(self, _share: float, _text: str) -> None:
        self._left -= 1
        if self._left == 0:
            self._act()


@pytest.mark.parametrize("after", [1, 3])
def test_a_file_that_changes_or_goes_while_it_is_read(tmp_path: Path, after: int) -> None:
    path = tmp_path / "t.csv"

    def write() -> None:
        path.write_text("a,b\n" + "1.5,2.25\n" * 1_000_000)

    def append() -> None:
        with path.open("a") as stream:
            stream.write("3,4\n")

    for act, says in (
        (append, "t.csv was changed while it was read"),
        (lambda: os.truncate(path, 5_000_003), "t.csv was changed while it was read"),
        (path.unlink, "is no file"),
    ):
        write()
        with pytest.raises(DataError, match=says):
            table_data(path, progress=_Meddling(act, after))


def test_a_file_that_changes_between_its_preview_and_its_use_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(ROWS)
    form = look(path).form
    table = read_table(path, form)
    path.write_text(ROWS.replace("1,5", "11,5"))
    with pytest.raises(DataError, match="was changed while it was read"):
        table_data(path, TableChoice(), form, read=table)
    path.write_bytes(b"x" * (KEPT_BYTES + 10))
    with pytest.raises(DataError, match=r"\.$"):
        table_data(path, TableChoice(), form, read=table)


def outcome(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    start = time.thread_time()
    says = "data"
    try:
        table_data(path)
    except DataError as error:
        says = str(error)
    assert time.thread_time() - start < 5
    return says


@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\xef\xbb\xbf")
@example(b"sep=\x00\n")
@example(b"\r\r\r")
@checking(max_examples=400)
def test_no_bytes_are_anything_but_data_or_a_sentence(tmp_path_factory: Any, content: bytes) -> None:
    says = outcome(tmp_path_factory.getbasetemp() / "bytes.csv", content)
    assert says == "data" or 15 < len(says) < 500


MUTATION = st.tuples(
    st.integers(0, 10_000),
    st.integers(0, 12),
    st.sampled_from(
        [b"", b'"', b'""', b"\n", b"\r", b"\r\n", b";", b",", b"\t", b"#", b"%", b"sep=,\n", b"inf", b"nan", b"-",
         b"1e999", b"\xe4", b"\xff\xfe", b"\x00", b"99999999999999999999", b"1.234.567", b"31/12/2024",
         b"x" * 3_000, b" " * 50]
    ),
)  # fmt: skip


@given(st.lists(MUTATION, min_size=1, max_size=6), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@checking(max_examples=400)
def test_no_mutated_table_is_anything_but_data_or_a_sentence(
    tmp_path_factory: Any, changes: list[tuple[int, int, bytes]], encoding: str
) -> None:
    content = ROWS.encode(encoding)
    for place, length, fresh in changes:
        at = place % (len(content) + 1)
        content = content[:at] + fresh + content[at + length :]
    says = outcome(tmp_path_factory.getbasetemp() / "mutated.csv", content)
    assert says == "data" or 15 < len(says) < 500
