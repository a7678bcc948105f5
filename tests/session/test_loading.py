from __future__ import annotations

import gzip
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.engine.datasets import DataSet, IsCancelled, Progress
from playground.session.job import Job
from playground.session.loading import DataLoading
from tests.engine.test_vectors import SIX


@pytest.fixture
def loading(qtbot: QtBot, tmp_path: Path) -> Iterator[DataLoading]:
    made = DataLoading(tmp_path / "cache")
    yield made
    made.close()


def write_idx(folder: Path, count: int = 60) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    labels = (np.arange(count) % 10).astype(np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">BBBBIII", 0, 0, 8, 3, count, 28, 28)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + images.tobytes()))
    (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">BBBBI", 0, 0, 8, 1, count) + labels.tobytes())


def test_files_become_data_off_the_windows_thread(qtbot: QtBot, loading: DataLoading, tmp_path: Path) -> None:
    write_idx(tmp_path / "idx")
    with qtbot.waitSignal(loading.done, timeout=20_000) as caught:
        loading.files((tmp_path / "idx",))
    (data,) = caught.args
    assert isinstance(data, DataSet)
    assert data.input_shape == (28, 28)


def test_a_wrong_file_is_a_sentence_that_names_it(qtbot: QtBot, loading: DataLoading, tmp_path: Path) -> None:
    file = tmp_path / "train-images-idx3-ubyte"
    file.write_bytes(b"no images at all")
    with qtbot.waitSignal(loading.failed, timeout=20_000) as caught:
        loading.files((file,))
    assert "train-images-idx3-ubyte" in caught.args[0]


def test_digits_are_drawn_with_progress_and_cancelled_at_once(qtbot: QtBot, loading: DataLoading) -> None:
    told: list[float] = []
    loading.progressed.connect(lambda share, _text: told.append(share))
    loading.done.connect(lambda _data: pytest.fail("it was cancelled"))
    with qtbot.waitSignal(loading.progressed, timeout=20_000):
        loading.digits("medium")
    with qtbot.waitSignal(loading.ended, timeout=20_000):
        loading.cancel()
    loading.close()
    assert told
    assert all(0 <= share <= 1 for share in told)


def test_a_later_loading_takes_the_place_of_an_earlier_one(qtbot: QtBot, loading: DataLoading) -> None:
    found: list[DataSet] = []
    loading.done.connect(lambda _data: pytest.fail("the digits were given up"))
    loading.digits("easy")
    loading.source(SIX, found.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    assert found[0].name == "six inputs"


def test_what_a_job_finds_is_told_in_the_windows_thread(qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []

    def work(progress: Progress, _cancelled: IsCancelled) -> int:
        threads.append(threading.current_thread())
        progress(0.5, "half")
        return 7

    job = Job(work)
    told: list[tuple[object, threading.Thread]] = []
    job.done.connect(lambda result: told.append((result, threading.current_thread())))
    with qtbot.waitSignal(job.ended, timeout=20_000):
        job.start()
    assert told == [(7, threading.current_thread())]
    assert threads[0] is not threading.current_thread()


def test_an_unexpected_error_of_a_job_is_said_and_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def work(_progress: Progress, _cancelled: IsCancelled) -> None:
        raise KeyError("odd")

    job = Job(work)
    sentences: list[str] = []
    job.failed.connect(sentences.append)
    with qtbot.waitSignal(job.ended, timeout=20_000):
        job.start()
    assert "KeyError('odd')" in sentences[0]
    assert "a job failed" in caplog.text
