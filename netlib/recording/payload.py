"""The bytes of a page: in memory, in its row, or in a segment beside the recording."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from netlib.recording.excerpt import Excerpt
from netlib.recording.page import Page
from netlib.recording.schema import segment_path

OPEN_SEGMENTS: Final = 4
"""Segments held open: a view reads in one or two."""

AT_ONCE: Final = 128 << 10
"""Payloads up to this size are read whole: one read costs less than many."""

AHEAD: Final = 4096
"""So much more is read with a part: whoever wanted the end of a chunk wants the next one's."""

_pread = getattr(os, "pread", None)
"""Windows has none."""

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""A FIFO in the place of a segment is not waited for, and a link is not followed."""


class MissingError(Exception):
    """The bytes of a page are not where its row says."""


class Payload:
    """The bytes of one page, read as far as somebody wants them."""

    def __init__(
        self, size: int, read: Callable[[int, int], bytes], excerpt: Excerpt | None = None
    ) -> None:
        """`read` returns the bytes from one place to another, or raises MissingError.

        `excerpt`: some that need not be read.
        """
        self._size, self._read, self._excerpt = size, read, excerpt
        self._start, self._held = 0, b""
        self._part_start, self._part = 0, b""
        """What was read last of what is not held."""
        if size <= AT_ONCE:
            self.hold(0, size)

    def hold(self, start: int, stop: int) -> None:
        """Read some bytes of which parts will be wanted, unless an excerpt may have these."""
        if self._excerpt is None and not self._holds(start, stop):
            self._start, self._held = start, self._read(start, stop)

    def part(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop` - 1. Raises MissingError."""
        if self._holds(start, stop):
            return self._held[start - self._start : stop - self._start]
        if self._excerpt is not None and (some := self._excerpt.part(start, stop)) is not None:
            return some
        before = self._part_start
        if not before <= start <= stop <= before + len(self._part):
            self._part_start = before = start
            self._part = self._read(start, min(stop + AHEAD, max(stop, self._size)))
        return self._part[start - before : stop - before]

    def whole(self) -> bytes:
        """Return all of them. Raises MissingError."""
        return self.part(0, self._size)

    def _holds(self, start: int, stop: int) -> bool:
        return self._start <= start and stop <= self._start + len(self._held)


class Segments:
    """The files with payloads beside one recording, opened when they are needed."""

    def __init__(self, recording: Path) -> None:
        self._recording = recording
        self._files: dict[int, BinaryIO] = {}

    def payload(self, page: Page) -> Payload:
        """Return the bytes of a page that has a segment. Raises MissingError: it is too short."""
        segment, offset = page.segment, page.offset
        assert segment is not None

        def read(start: int, stop: int) -> bytes:
            try:
                found = _read_at(self._file(segment), offset + start, stop - start)
            except (OSError, ValueError) as refusal:  # ValueError: closed meanwhile
                raise MissingError from refusal
            if len(found) < stop - start:
                raise MissingError
            return found

        if isinstance(page.data, Excerpt):
            return Payload(page.size, read, page.data)
        if self._length(segment) < offset + page.size:
            raise MissingError
        return Payload(page.size, read)

    def close(self) -> None:
        """Let all of them go."""
        while self._files:
            self._files.popitem()[1].close()

    def _length(self, number: int) -> int:
        try:
            return os.fstat(self._file(number).fileno()).st_size
        except OSError as refusal:
            raise MissingError from refusal

    def _file(self, number: int) -> BinaryIO:
        file = self._files.get(number)
        if file is None:
            file = _open(segment_path(self._recording, number))
            while len(self._files) >= OPEN_SEGMENTS:
                self._files.pop(next(iter(self._files))).close()
            self._files[number] = file
        return file


def _read_at(file: BinaryIO, place: int, size: int) -> bytes:
    if _pread is not None:
        return bytes(_pread(file.fileno(), size, place))
    file.seek(place)
    return file.read(size)


def _open(path: Path) -> BinaryIO:
    """Open a regular file for reading, without a buffer. Raises OSError."""
    file = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
