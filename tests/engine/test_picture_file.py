"""Picture files: formats and modes, and what is refused before anything large is made of it."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.engine.picture_file import MAX_PIXELS, PictureError, picture_bytes, picture_size, read_picture
from tests.engine.picture_samples import noise


def content_of(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_the_very_pixels_come_out(kind: str) -> None:
    image = noise(1, 9, 7)
    options = {"lossless": True} if kind == "WEBP" else {}
    found = read_picture(content_of(image, kind, **options), colour=False, side=32)
    assert found.shape == (9, 7)
    assert np.abs(found.astype(int) - np.asarray(image)).max() <= (1 if kind == "WEBP" else 0)


@pytest.mark.parametrize(
    ("mode", "pixel", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 40, (40, 40, 40)),
        ("LA", (200, 0), (255, 255, 255)),
        ("P", 3, None),
        ("RGB", (255, 0, 10), (255, 0, 10)),
        ("RGBA", (255, 0, 10, 0), (255, 255, 255)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("I;16", 65_535, (255, 255, 255)),
        ("I;16", 32_768, (128, 128, 128)),
        ("F", 0.5, (128, 128, 128)),
    ],
)
def test_every_mode_becomes_bytes(mode: str, pixel: object, expected: tuple[int, ...] | None) -> None:
    image = Image.new(mode, (6, 5), pixel)  # type: ignore[arg-type]
    content = content_of(image, "TIFF" if mode in ("CMYK", "F", "I;16") else "PNG")
    coloured = read_picture(content, colour=True, side=32)
    assert coloured.shape == (5, 6, 3)
    assert read_picture(content, colour=False, side=32).shape == (5, 6)
    assert expected is None or tuple(coloured[2, 2]) == expected


def test_light_ink_without_a_ground_stands_on_black() -> None:
    image = Image.new("RGBA", (20, 20), (255, 255, 255, 0))
    image.paste((250, 250, 250, 255), (8, 8, 12, 12))
    found = read_picture(content_of(image, "PNG"), colour=False, side=32)
    assert (found[0, 0], found[10, 10]) == (0, 250)


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("L", (4, 4), level) for level in (10, 200)]
    content = content_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(content, colour=False, side=32).max() == 10


def test_a_turned_photo_stands_upright(tmp_path: Path) -> None:
    image = Image.new("L", (40, 20), 255)
    image.paste(0, (0, 0, 20, 20))  # its left half
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    (tmp_path / "a.jpg").write_bytes(content := content_of(image, "JPEG", exif=exif))
    found = read_picture(content, colour=False, side=64)
    assert picture_size(tmp_path / "a.jpg") == found.shape == (40, 20)
    assert found[5].mean() < 20
    assert found[35].mean() > 235


def test_a_large_jpeg_is_decoded_smaller() -> None:
    content = content_of(noise(1, 2000, 2400, 3), "JPEG")
    assert max(read_picture(content, colour=True, side=28).shape) <= 300


def bomb(rows: int, columns: int) -> bytes:
    """Return a PNG whose head promises a picture that would fill the memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("rows", "columns"), [(8_000, 8_000), (10_000, 10_000), (60_000, 60_000)])
def test_a_promise_of_too_many_pixels_is_refused_by_its_head(rows: int, columns: int, tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(bomb(rows, columns))
    for refused in (
        lambda: picture_size(tmp_path / "b.png"),
        lambda: read_picture(bomb(rows, columns), colour=True, side=28),
    ):
        with pytest.raises(PictureError, match=f"more than {MAX_PIXELS // 1_000_000} million"):
            refused()


def test_a_strip_is_refused() -> None:
    with pytest.raises(PictureError, match="a strip of 1 × 2,000 pixels"):
        read_picture(content_of(noise(1, 1, 2_000), "PNG"), colour=False, side=28)


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    whole = content_of(noise(1, 64, 64), "PNG")
    with pytest.raises(PictureError, match="is damaged"):
        read_picture(whole[: len(whole) // 2], colour=False, side=28)
    with pytest.raises(PictureError, match="is no picture, whatever its name says"):
        read_picture(b"<html>", colour=False, side=28)
    with pytest.raises(PictureError, match="is no picture"):
        read_picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", colour=False, side=28)
    (tmp_path / "empty.png").write_bytes(b"")
    with pytest.raises(PictureError, match="is empty"):
        picture_bytes(tmp_path / "empty.png")
    with pytest.raises(PictureError, match="could not be read"):
        picture_bytes(tmp_path / "none.png")
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="is no ordinary file"):
        picture_bytes(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="is no ordinary file"):
        picture_size(tmp_path / "pipe.png")


SAMPLES = {kind: content_of(noise(2, 24, 24, 3), kind) for kind in ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=6))
def test_damaged_bytes_are_a_picture_or_a_sentence(kind: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(SAMPLES[kind])
    for place, value in changes:
        content[place % len(content)] = value
    try:
        found = read_picture(bytes(content), colour=True, side=28)
    except PictureError as error:
        assert len(str(error)) < 200  # noqa: PT017
    else:
        assert found.dtype == np.uint8
        assert found.ndim == 3
