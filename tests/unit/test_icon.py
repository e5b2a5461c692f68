"""The icon's files are what other programs expect, whatever their size."""

from __future__ import annotations

import struct
import zlib

import pytest

from gui import icon


def _pixel(size: int, x: int, y: int) -> tuple[int, ...]:
    at = 4 * (size * y + x)
    return tuple(icon.pixels(size)[at : at + 4])


def _png_rows(data: bytes) -> tuple[int, int, bytes]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, compressed, width, height = 8, b"", 0, 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(kind + body),)
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
        compressed += body if kind == b"IDAT" else b""
        at += 12 + length
    return width, height, zlib.decompress(compressed)


@pytest.mark.parametrize("size", [1, 16, 20, 32, 48, 64, 100])
def test_a_png_holds_the_drawn_pixels(size: int) -> None:
    width, height, rows = _png_rows(icon.png(size))
    assert (width, height) == (size, size)
    lines = [rows[at + 1 : at + 1 + 4 * size] for at in range(0, len(rows), 1 + 4 * size)]
    assert b"".join(lines) == icon.pixels(size)


@pytest.mark.parametrize("size", icon.PHOTOS)
def test_the_pictures_that_the_window_shows_are_what_is_drawn(size: int) -> None:
    kept = icon.PHOTOS[size].read_bytes()
    assert _png_rows(kept) == _png_rows(icon.png(size)), "make pictures"


@pytest.mark.parametrize("size", icon.ICO_SIZES)
def test_corners_are_clear_and_the_middle_is_solid(size: int) -> None:
    end = size - 1
    assert all(_pixel(size, x, y)[3] < 128 for x in (0, end) for y in (0, end))
    assert _pixel(size, size // 2, size // 2)[3] == 255


@pytest.mark.parametrize("size", icon.ICO_SIZES)
def test_a_dark_socket_and_a_bright_plug_can_be_told_apart(size: int) -> None:
    middle = round(size * 0.55)
    socket, plug = (_pixel(size, round(size * share), middle) for share in (0.16, 0.75))
    assert sum(plug[:3]) - sum(socket[:3]) > 200


def test_the_windows_icon_lists_every_size_and_each_image_lies_where_it_says() -> None:
    data = icon.ico()
    assert struct.unpack_from("<HHH", data) == (0, 1, len(icon.ICO_SIZES))
    end = 6 + 16 * len(icon.ICO_SIZES)
    for number, size in enumerate(icon.ICO_SIZES):
        width, height, *_, length, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        assert (width or 256, height or 256, offset) == (size, size, end)
        end += length
    assert end == len(data)


def test_the_mac_icon_holds_whole_pngs() -> None:
    data = icon.icns()
    assert data[:4] == b"icns"
    assert struct.unpack_from(">I", data, 4) == (len(data),)
    at = 8
    for kind, size in icon.ICNS_TYPES.items():
        (length,) = struct.unpack_from(">I", data, at + 4)
        assert data[at : at + 4] == kind
        assert _png_rows(data[at + 8 : at + length])[0] == size
        at += length
