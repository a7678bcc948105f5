"""Fetch MNIST or Fashion-MNIST from public mirrors, check them, and keep them in a folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from playground.engine.atomic_file import why

SLICE = 1 << 20  # bytes taken in one turn of the event loop
STALL_MS = 30_000  # without a byte for so long, a mirror is given up
OK = 200
PART = ".part"  # how the name of a file under way ends
LEFTOVER_SECONDS = 3600


@dataclass(frozen=True)
class RemoteFile:
    """A file by its name, its exact size and its MD5 sum, which guards against damage, not against malice."""

    name: str
    size: int
    md5: str


@dataclass(frozen=True)
class RemoteData:
    """A data set: the folder it is kept in, the mirrors in the order in which they are tried, its files."""

    folder: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, ...]


DOWNLOADS: Mapping[str, RemoteData] = {
    "MNIST": RemoteData(
        folder="mnist",
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        files=(
            RemoteFile("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            RemoteFile("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
            RemoteFile("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
            RemoteFile("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
        ),
    ),
    "Fashion-MNIST": RemoteData(
        folder="fashion-mnist",
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ),
        files=(
            RemoteFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            RemoteFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            RemoteFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            RemoteFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
    ),
}

_UNREACHABLE = {
    QNetworkReply.NetworkError.ConnectionRefusedError,
    QNetworkReply.NetworkError.HostNotFoundError,
    QNetworkReply.NetworkError.TimeoutError,
    QNetworkReply.NetworkError.OperationCanceledError,  # by the transfer timeout
    QNetworkReply.NetworkError.TemporaryNetworkFailureError,
    QNetworkReply.NetworkError.NetworkSessionFailedError,
    QNetworkReply.NetworkError.UnknownNetworkError,
    QNetworkReply.NetworkError.ProxyNotFoundError,
    QNetworkReply.NetworkError.ProxyConnectionRefusedError,
    QNetworkReply.NetworkError.ProxyTimeoutError,
}


class Download(QObject):
    """One data set on its way into ``cache``; what is there already and sound is not fetched again.

    All work is done in small slices of the event loop of the thread that called `start`. It ends with exactly one of
    `finished`, `failed` and `cancelled`.
    """

    progressed = Signal(float, str)  # part done, 0 to 1; what is being done
    finished = Signal(object)  # Path of the folder that holds the files
    failed = Signal(str)  # a sentence for the user
    cancelled = Signal()

    def __init__(
        self,
        name: str,
        cache: Path,
        downloads: Mapping[str, RemoteData] = DOWNLOADS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.data = downloads[name]
        self.folder = Path(cache) / self.data.folder
        self.is_running = False
        self._network = QNetworkAccessManager(self)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._check_slice)
        self._file = 0  # index of the file in work
        self._mirror = 0
        self._reply: QNetworkReply | None = None
        self._stream: IO[bytes] | None = None  # the kept file being checked, or the new one being written
        self._temporary: Path | None = None
        self._sum = hashlib.md5(usedforsecurity=False)
        self._received = 0
        self._problems: list[str] = []
        self._is_offline = True

    def start(self) -> None:
        """Begin; nothing happens before the event loop runs."""
        if self.is_running:
            return
        self.is_running = True
        self._file, self._problems, self._is_offline = 0, [], True
        self._sweep()
        self._open_kept()

    def cancel(self) -> None:
        """Stop at once; nothing half-done is left behind, and whole files are kept for the next time."""
        if self.is_running:
            self._stop()
            self.cancelled.emit()

    @property
    def _wanted(self) -> RemoteFile:
        return self.data.files[self._file]

    # --- files that are there already ---------------------------------------------------------------------------

    def _open_kept(self) -> None:
        """Look for the file in work in the folder; go on to check or to fetch it."""
        self._mirror, self._received = 0, 0
        self._sum = hashlib.md5(usedforsecurity=False)
        path = self.folder / self._wanted.name
        with suppress(OSError):
            if path.is_file() and path.stat().st_size == self._wanted.size:
                self._stream = path.open("rb")
        self._turn.start(0)

    def _check_slice(self) -> None:
        """Check a slice of a kept file; when it is through, take it or fetch it anew."""
        if self._stream is None:
            self._fetch()
            return
        try:
            content = self._stream.read(SLICE)
        except OSError:
            content = b""
        if content:
            self._sum.update(content)
            self._received += len(content)
            self._tell("Checking")
            if self.is_running:  # whoever listens may have cancelled
                self._turn.start(0)
            return
        self._close_stream()
        if self._sum.hexdigest() == self._wanted.md5:
            self._go_on()
        else:
            self._fetch()

    def _go_on(self) -> None:
        """Turn to the next file, or end."""
        self._file += 1
        if self._file < len(self.data.files):
            self._open_kept()
            return
        self._file -= 1
        self._stop()
        self.finished.emit(self.folder)

    def _sweep(self) -> None:
        """Remove what a process that died has left half-done."""
        with suppress(OSError):
            for entry in list(self.folder.glob(f".*{PART}")):
                if time.time() - entry.stat().st_mtime > LEFTOVER_SECONDS:
                    entry.unlink()

    # --- fetching -----------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        """Ask the mirror in turn for the file in work."""
        if self._mirror >= len(self.data.mirrors):
            self._give_up()
            return
        self._received = 0
        self._sum = hashlib.md5(usedforsecurity=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{self._wanted.name}.", suffix=PART, dir=self.folder)
        except OSError as error:
            self._fail_to_write(error)
            return
        self._stream, self._temporary = os.fdopen(handle, "wb"), Path(name)
        request = QNetworkRequest(QUrl(self.data.mirrors[self._mirror] + self._wanted.name))
        request.setTransferTimeout(STALL_MS)
        request.setRawHeader(b"Accept-Encoding", b"identity")  # the packed file itself is wanted
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy
        )
        reply = self._network.get(request)
        reply.setReadBufferSize(2 * SLICE)
        reply.readyRead.connect(self._take)
        reply.finished.connect(self._end_of_reply)
        self._reply = reply
        self._tell("Downloading")

    def _take(self) -> None:
        """Write what has come in, up to the size that the file must have."""
        reply = self._reply
        if reply is None or self._stream is None or not _is_ok(reply):
            return
        content = bytes(reply.read(self._wanted.size + 1 - self._received).data())
        self._received += len(content)
        if self._received > self._wanted.size:
            self._next_mirror(f"sends more than the {self._wanted.size:,} bytes of {self._wanted.name}")
            return
        try:
            self._stream.write(content)
        except OSError as error:
            self._fail_to_write(error)
            return
        self._sum.update(content)
        self._tell("Downloading")

    def _end_of_reply(self) -> None:
        """Keep the file if it is whole and sound, or turn to the next mirror."""
        reply = self._reply
        if reply is None:
            return
        self._take()
        if self._reply is not reply:  # given up in the meantime
            return
        error = reply.error()
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if error in _UNREACHABLE and status is None:
            self._next_mirror("cannot be reached", is_offline=True)
        elif error != QNetworkReply.NetworkError.NoError and not _is_ok(reply):
            self._next_mirror(f"answers {status or reply.errorString()} for {self._wanted.name}")
        elif self._received < self._wanted.size:
            self._next_mirror(f"broke off after {self._received:,} of {self._wanted.size:,} bytes")
        elif self._sum.hexdigest() != self._wanted.md5:
            self._next_mirror(f"has a damaged or different {self._wanted.name} (wrong checksum)")
        else:
            self._keep()

    def _keep(self) -> None:
        """Give the checked file its name."""
        self._drop_reply()
        if self._stream is None or self._temporary is None:
            return
        try:
            self._stream.close()  # a full disk may show only here
            self._temporary.replace(self.folder / self._wanted.name)
        except OSError as error:
            self._fail_to_write(error)
            return
        self._stream = self._temporary = None
        self._go_on()

    def _next_mirror(self, problem: str, *, is_offline: bool = False) -> None:
        host = QUrl(self.data.mirrors[self._mirror]).host()
        self._problems.append(f"{host} {problem}")
        self._is_offline = self._is_offline and is_offline
        self._drop_reply()
        self._drop_temporary()
        self._mirror += 1
        self._fetch()

    # --- the end ------------------------------------------------------------------------------------------------

    def _give_up(self) -> None:
        if self._is_offline:
            text = (
                f"{self.name} cannot be downloaded: this computer seems to be offline. Connect it and try again, or "
                "open IDX files that you have."
            )
        else:
            text = (
                f"{self.name} cannot be downloaded: {'; '.join(self._problems)}. Try again later, or open IDX files "
                "that you have."
            )
        self._stop()
        self.failed.emit(text)

    def _fail_to_write(self, error: OSError) -> None:
        self._stop()
        self.failed.emit(f"{self.name} cannot be kept in {self.folder}: {why(error)}.")

    def _stop(self) -> None:
        """Let go of everything that is under way."""
        self.is_running = False
        self._turn.stop()
        self._drop_reply()
        self._drop_temporary()

    def _drop_reply(self) -> None:
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.readyRead.disconnect(self._take)
            reply.finished.disconnect(self._end_of_reply)
            if reply.isRunning():
                reply.abort()
            reply.deleteLater()

    def _drop_temporary(self) -> None:
        self._close_stream()
        temporary, self._temporary = self._temporary, None
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()

    def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(OSError):
                stream.close()

    def _tell(self, doing: str) -> None:
        total = sum(file.size for file in self.data.files)
        done = sum(file.size for file in self.data.files[: self._file]) + min(self._received, self._wanted.size)
        self.progressed.emit(done / total, f"{doing} {self.name}: {done / 1e6:.1f} of {total / 1e6:.1f} MB")


def _is_ok(reply: QNetworkReply) -> bool:
    return bool(reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) == OK)
