"""Downloads from a small server on this machine: sound, damaged, missing, cut off, too long, cancelled, offline."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from playground.session.downloads import DOWNLOADS, PART, Download, RemoteData, RemoteFile

IMAGES = bytes(range(256)) * 2048  # half a megabyte: more than one read of the socket
LABELS = b"labels" * 100


@dataclass
class Site:
    """What the server hands out, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    answer: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site(files={"/good/images.gz": IMAGES, "/good/labels.gz": LABELS})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            content = found.files.get(self.path)
            if content is None:
                self.send_error(404)
            elif found.answer is not None and self.path.startswith("/odd/"):
                found.answer(self, content)
            else:
                _send(self, content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def _send(handler: BaseHTTPRequestHandler, content: bytes, length: int | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)


def _table(*mirrors: str) -> dict[str, RemoteData]:
    files = tuple(
        RemoteFile(name, len(content), hashlib.md5(content).hexdigest())  # noqa: S324
        for name, content in (("images.gz", IMAGES), ("labels.gz", LABELS))
    )
    return {"Toy": RemoteData("toy", mirrors, files)}


def _run(qtbot: QtBot, download: Download) -> tuple[str, Any]:
    """Run a download to its end; return how it ended and with what."""
    ends: list[tuple[str, Any]] = []
    download.finished.connect(lambda folder: ends.append(("finished", folder)))
    download.failed.connect(lambda text: ends.append(("failed", text)))
    download.cancelled.connect(lambda: ends.append(("cancelled", None)))
    download.start()
    assert download.is_running
    qtbot.waitUntil(lambda: bool(ends), timeout=10_000)
    assert len(ends) == 1
    assert not download.is_running
    return ends[0]


def _leftovers(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.name.endswith(PART)]


def test_success_is_kept_and_used_again(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    download = Download("Toy", tmp_path, _table(f"{site.address}/good/"))
    seen: list[tuple[float, str]] = []
    download.progressed.connect(lambda share, text: seen.append((share, text)))
    assert _run(qtbot, download) == ("finished", tmp_path / "toy")
    assert (tmp_path / "toy" / "images.gz").read_bytes() == IMAGES
    assert (tmp_path / "toy" / "labels.gz").read_bytes() == LABELS
    assert sorted(path.name for path in (tmp_path / "toy").iterdir()) == ["images.gz", "labels.gz"]
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all("Toy" in text for _, text in seen)

    site.asked.clear()
    again = Download("Toy", tmp_path, _table(f"{site.address}/good/"))
    assert _run(qtbot, again) == ("finished", tmp_path / "toy")
    assert site.asked == []


def test_a_damaged_kept_file_is_fetched_again(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "images.gz").write_bytes(IMAGES[:-1] + b"?")
    (folder / "labels.gz").write_bytes(LABELS)
    assert _run(qtbot, Download("Toy", tmp_path, _table(f"{site.address}/good/")))[0] == "finished"
    assert site.asked == ["/good/images.gz"]
    assert (folder / "images.gz").read_bytes() == IMAGES


def test_the_second_mirror_helps_out(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    site.files["/odd/labels.gz"] = LABELS
    mirrors = (f"{site.address}/odd/", f"{site.address}/good/")
    assert _run(qtbot, Download("Toy", tmp_path, _table(*mirrors)))[0] == "finished"
    assert site.asked == ["/odd/images.gz", "/good/images.gz", "/odd/labels.gz"]


def _cut(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    _send(handler, content[: len(content) // 2], len(content))
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def _cut_silently(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def _damaged(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    _send(handler, content[:-1] + b"?")


def _too_long(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    _send(handler, content + b"!")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_damaged, "checksum"),
        (_cut, "broke off|closed"),
        (_cut_silently, "broke off after 262,144 of 524,288 bytes"),
        (_too_long, "more than the 524,288 bytes of images.gz"),
    ],
)
def test_a_bad_mirror_ends_in_a_sentence(
    qtbot: QtBot, site: Site, tmp_path: Path, answer: Callable[[BaseHTTPRequestHandler, bytes], None], words: str
) -> None:
    site.answer = answer
    site.files["/odd/images.gz"] = IMAGES
    end, text = _run(qtbot, Download("Toy", tmp_path, _table(f"{site.address}/odd/")))
    assert end == "failed"
    assert text.startswith("Toy cannot be downloaded: 127.0.0.1 ")
    assert any(word in text for word in words.split("|"))
    assert "open IDX files" in text
    assert list((tmp_path / "toy").iterdir()) == []


def test_missing_everywhere(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    mirrors = (f"{site.address}/nowhere/", f"{site.address}/neither/")
    end, text = _run(qtbot, Download("Toy", tmp_path, _table(*mirrors)))
    assert end == "failed"
    assert text.count("answers 404 for images.gz") == 2
    assert site.asked == ["/nowhere/images.gz", "/neither/images.gz"]
    assert list((tmp_path / "toy").iterdir()) == []


def test_offline_says_so_in_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    with socket.socket() as probe:  # a port at which nobody listens
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    end, text = _run(qtbot, Download("Toy", tmp_path, _table(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/")))
    assert end == "failed"
    assert "offline" in text
    assert "open IDX files that you have." in text
    assert "\n" not in text
    assert _leftovers(tmp_path) == []


def test_cancel_in_the_middle(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    gate = threading.Event()

    def stalled(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        _send(handler, content[:1000], len(content))
        handler.wfile.flush()
        gate.wait(10)

    site.answer = stalled
    site.files["/odd/images.gz"] = IMAGES
    download = Download("Toy", tmp_path, _table(f"{site.address}/odd/", f"{site.address}/good/"))

    def cancel_on_arrival(share: float, _: str) -> None:
        if share > 0:
            download.cancel()

    download.progressed.connect(cancel_on_arrival)
    try:
        assert _run(qtbot, download) == ("cancelled", None)
    finally:
        gate.set()
    assert site.asked == ["/odd/images.gz"]
    assert list((tmp_path / "toy").iterdir()) == []
    download.cancel()  # once more does nothing, or _run would have seen a second end


def test_cancel_while_a_kept_file_is_checked(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "images.gz").write_bytes(IMAGES)
    download = Download("Toy", tmp_path, _table(f"{site.address}/good/"))
    download.progressed.connect(lambda *_: download.cancel())
    assert _run(qtbot, download) == ("cancelled", None)
    assert site.asked == []
    assert (tmp_path / "toy" / "images.gz").exists()


def test_a_cancelled_download_can_be_started_again(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    download = Download("Toy", tmp_path, _table(f"{site.address}/good/"))
    download.start()
    download.cancel()
    assert _run(qtbot, download)[0] == "finished"


def test_a_cache_that_cannot_be_written(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    end, text = _run(qtbot, Download("Toy", blocked, _table(f"{site.address}/good/")))
    assert end == "failed"
    assert str(blocked) in text
    assert "choose another" in text


def test_leftovers_of_a_crash_are_swept(qtbot: QtBot, site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    folder.mkdir()
    old, young = folder / f".images.gz.old{PART}", folder / f".images.gz.young{PART}"
    old.write_bytes(b"half")
    young.write_bytes(b"of another window")
    long_ago = time.time() - 100_000
    os.utime(old, (long_ago, long_ago))
    assert _run(qtbot, Download("Toy", tmp_path, _table(f"{site.address}/good/")))[0] == "finished"
    assert _leftovers(tmp_path) == [young]


def test_the_built_in_table_is_whole() -> None:
    assert set(DOWNLOADS) == {"MNIST", "Fashion-MNIST"}
    for data in DOWNLOADS.values():
        assert len(data.mirrors) >= 2
        assert all(mirror.endswith("/") for mirror in data.mirrors)
        assert len({file.name for file in data.files}) == 4
        assert all(len(file.md5) == 32 and 0 < file.size < 30_000_000 for file in data.files)
        assert len({replace(file, size=0) for file in data.files}) == 4
