"""The icon of Socketboard, drawn by code: a power strip, two sockets free, one plug in.

Every part is a rounded rectangle, so the drawing is data and the renderer one page: for each row
of pixels the exact horizontal extent of a part on a few lines inside that row gives its coverage,
which makes smooth edges without drawing a larger picture first. The formats are PNG (W3C PNG,
third edition), ICO (PNG inside for 256 pixels, device-independent bitmaps below) and ICNS.

What the window shows is drawn once, by `python -m gui.icon` (`make pictures`), into `pictures/`.
"""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path
from typing import Final

from netlib.value import NamedTuple

PHOTOS: Final = {
    size: Path(__file__).with_name("pictures") / f"icon-{size}.png" for size in (64, 32)
}
"""What Tk's `iconphoto` is given at start-up, by size in pixels."""
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_TYPES = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}

_GRID = 32
"""Parts are placed on a board of 32 by 32 units, sharp where a unit is whole pixels."""
_SMALL = 32
"""Below this size the small drawing is used: fewer parts, all on whole pixels at 16."""
_LINES = 4
"""Lines looked at in each row of pixels."""

Colour = tuple[int, int, int]

_TILE = ((58, 123, 245), (25, 66, 176))
_CASE = ((255, 255, 255), (226, 234, 250))
_EDGE = ((150, 172, 222), (150, 172, 222))
_HOLE = ((24, 40, 92), (38, 60, 128))
_SLOT = ((232, 239, 255), (232, 239, 255))
_PLUG = ((255, 200, 66), (246, 158, 22))
_CORD = ((255, 214, 110), (255, 190, 56))


class Part(NamedTuple):
    """A rounded rectangle on the board, filled from a top colour down to a bottom colour."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    colours: tuple[Colour, Colour]

    def extent(self, y: float) -> tuple[float, float]:
        """Return where the line at height `y` enters and leaves; right before left: it misses."""
        reach = max(self.top + self.radius - y, y - self.bottom + self.radius, 0.0)
        if reach >= self.radius and reach > 0:
            return self.right, self.left
        inset = self.radius - math.sqrt(self.radius * self.radius - reach * reach)
        return self.left + inset, self.right - inset

    def colour(self, y: float) -> Colour:
        """Return the colour of the fill at height `y`."""
        share = min(max((y - self.top) / (self.bottom - self.top), 0.0), 1.0)
        (r, g, b), (to_r, to_g, to_b) = self.colours
        mix = r + (to_r - r) * share, g + (to_g - g) * share, b + (to_b - b) * share
        return round(mix[0]), round(mix[1]), round(mix[2])


def _socket(left: float, top: float) -> tuple[Part, ...]:
    return (
        Part(left, top, left + 7, top + 7, 3.5, _HOLE),
        Part(left + 2, top + 1.5, left + 3, top + 5.5, 0.5, _SLOT),
        Part(left + 4, top + 1.5, left + 5, top + 5.5, 0.5, _SLOT),
    )


_LARGE_DRAWING = (
    Part(0, 0, 32, 32, 7, _TILE),
    Part(2, 12, 30, 26, 5, _EDGE),
    Part(2, 11, 30, 24, 5, _CASE),
    *_socket(4, 14),
    *_socket(12, 14),
    Part(23, 0, 25, 12, 0, _CORD),
    Part(22, 9, 26, 14, 1.5, _PLUG),
    Part(20, 12, 28, 22, 2.5, _PLUG),
)
_SMALL_DRAWING = (
    Part(0, 0, 32, 32, 6, _TILE),
    Part(2, 12, 30, 24, 4, _CASE),
    Part(4, 14, 10, 22, 2, _HOLE),
    Part(12, 14, 18, 22, 2, _HOLE),
    Part(22, 0, 26, 12, 0, _CORD),
    Part(20, 10, 28, 22, 2, _PLUG),
)


def pixels(size: int) -> bytes:
    """Draw the icon; return `size` rows of `size` pixels, each red, green, blue, alpha."""
    canvas = bytearray(4 * size * size)
    scale = size / _GRID
    for part in _SMALL_DRAWING if size < _SMALL else _LARGE_DRAWING:
        for row in range(math.floor(part.top * scale), math.ceil(part.bottom * scale)):
            _fill_row(canvas, size, row, part)
    return bytes(canvas)


def _fill_row(canvas: bytearray, size: int, row: int, part: Part) -> None:
    scale = size / _GRID
    lines = [part.extent((row + (line + 0.5) / _LINES) / scale) for line in range(_LINES)]
    extents = [(left * scale, right * scale) for left, right in lines if left < right]
    if not extents:
        return
    colour = part.colour((row + 0.5) / scale)
    first = math.floor(min(left for left, _ in extents))
    last = math.ceil(max(right for _, right in extents))
    inner, outer = last, last  # the pixels that every line covers wholly
    if len(extents) == _LINES:
        inner = min(math.ceil(max(left for left, _ in extents)), last)
        outer = max(math.floor(min(right for _, right in extents)), inner)
    start = 4 * size * row
    canvas[start + 4 * inner : start + 4 * outer] = bytes((*colour, 255)) * (outer - inner)
    for x in (*range(first, inner), *range(outer, last)):
        covered = sum(max(0.0, min(x + 1, right) - max(x, left)) for left, right in extents)
        _blend(canvas, start + 4 * x, colour, covered / _LINES)


def _blend(canvas: bytearray, at: int, colour: Colour, cover: float) -> None:
    under = canvas[at + 3] / 255 * (1 - cover)
    alpha = cover + under
    if alpha:
        for channel in range(3):
            mixed = colour[channel] * cover + canvas[at + channel] * under
            canvas[at + channel] = round(mixed / alpha)
        canvas[at + 3] = round(255 * alpha)


def png(size: int) -> bytes:
    """Return the icon as a PNG file of `size` by `size` pixels."""
    raw, width = pixels(size), 4 * size
    rows = b"".join(b"\0" + raw[at : at + width] for at in range(0, len(raw), width))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def ico() -> bytes:
    """Return the icon as a Windows .ico file with all of `ICO_SIZES`."""
    images = [(size, png(size) if size == 256 else _bitmap(size)) for size in ICO_SIZES]
    offset = 6 + 16 * len(images)
    head, body = struct.pack("<HHH", 0, 1, len(images)), b""
    for size, image in images:
        side = size % 256  # 256 is written as 0
        at = offset + len(body)
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(image), at)
        body += image
    return head + body


def _bitmap(size: int) -> bytes:
    """Return a device-independent bitmap: blue, green, red, alpha from the bottom row up."""
    raw, width = pixels(size), 4 * size
    rows = [bytearray(raw[at : at + width]) for at in range(0, len(raw), width)]
    for row in rows:
        row[0::4], row[2::4] = row[2::4], row[0::4]
    mask = bytes((size + 31) // 32 * 4 * size)  # unused: the alpha channel decides
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    return header + b"".join(reversed(rows)) + mask


def icns() -> bytes:
    """Return the icon as a macOS .icns file."""
    entries = [(kind, png(size)) for kind, size in ICNS_TYPES.items()]
    body = b"".join(kind + struct.pack(">I", len(data) + 8) + data for kind, data in entries)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    """Draw the pictures that the window shows."""
    for size, path in PHOTOS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png(size))


if __name__ == "__main__":
    main()
