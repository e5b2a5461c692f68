"""Where one message ends and the next begins: TCP carries bytes and keeps no boundaries.

`LineBuffer` is the server's hot path: it hands on all complete lines of a chunk at once and never
looks at one line by itself. `LineSplitter` cuts a stream into single lines; whatever the chunks
were, the lines are the same. `Framing` and `message_ends` are for streams whose messages are marked
otherwise, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from netlib.i18n import _
from netlib.value import value

MAX_MESSAGE: Final = 1 << 20
"""Bytes in one message unless the caller says otherwise."""

_FEW_PIECES: Final = 64
_USUAL_PIECE: Final = 1024
"""Bytes. An unfinished line is a few pieces, and one more for each of its kilobytes: a trickle must
not cost an object a byte."""


class LineTooLong(ValueError):
    """A line is longer than the limit; `before` are the good lines in front of it, LF included."""

    def __init__(self, before: bytes) -> None:
        super().__init__("line too long")
        self.before = before


class LineBuffer:
    """Hold back the unfinished last line of a stream; `limit` is in bytes, LF not counted."""

    __slots__ = ("_pieces", "held", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        """Bytes of the unfinished line."""
        self._pieces: list[bytes] | None = None
        """Of the unfinished line; None, and no object, while there is none."""

    def feed(self, data: bytes, prefix: bytes = b"") -> bytes:
        """Return all lines completed by `data`, each with its LF, as one bytes object, or b"".

        `prefix` stands before them, without a copy more. LineTooLong if one of them, or the
        unfinished line, exceeds the limit; nothing is held then.
        """
        end = data.rfind(b"\n") + 1
        if not end:
            self._hold(data)
            return b""
        lines, first = data[:end], len(prefix)
        if prefix or self._pieces:
            lines = b"".join((prefix, *(self._pieces or ()), lines))
            self._clear()
        if len(lines) - first > self.limit:
            self._check(lines, first)
        if end < len(data):
            self._hold(data[end:], lines, first)
        return lines

    def rest(self) -> bytes:
        """Return the unfinished line and forget it."""
        rest = b"".join(self._pieces or ())
        self._clear()
        return rest

    def _hold(self, piece: bytes, before: bytes = b"", first: int = 0) -> None:
        """Hold `piece`; the good lines before it begin at `first`."""
        self.held += len(piece)
        if self.held > self.limit:
            self._clear()
            raise LineTooLong(before[first:])
        if self._pieces is None:
            self._pieces = [piece]
            return
        self._pieces.append(piece)
        if len(self._pieces) > _FEW_PIECES + self.held // _USUAL_PIECE:
            self._pieces = [b"".join(self._pieces)]

    def _check(self, lines: bytes, first: int) -> None:
        """Raise if a line is too long: leap from LF to LF, as far as the limit allows each time."""
        start = first
        while len(lines) - start > self.limit:
            end = lines.rfind(b"\n", start, start + self.limit + 1)
            if end < 0:
                raise LineTooLong(lines[first:start])
            start = end + 1

    def _clear(self) -> None:
        self._pieces = None
        self.held = 0


def split_lines(data: bytes) -> list[bytes]:
    """Cut after every LF; bytes.splitlines would also cut at a lone CR."""
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])


class LineSplitter:
    """Messages end with LF, which stays on them. What exceeds `limit` bytes is cut there."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        self._limit = _positive(limit)
        self._line = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines completed by `data`, and full pieces of lines beyond the limit."""
        messages: list[bytes] = []
        for line in split_lines(data):
            self._line += line
            while len(self._line) - self._line.endswith(b"\n") > self._limit:
                messages.append(bytes(self._line[: self._limit]))
                del self._line[: self._limit]
            if line.endswith(b"\n"):
                messages.append(self.rest())
        return messages

    def rest(self) -> bytes:
        """Return the unfinished line and forget it."""
        rest = bytes(self._line)
        self._line.clear()
        return rest


def _positive(size: int) -> int:
    if size < 1:
        raise ValueError(f"a message has at least 1 byte, not {size}")
    return size


@value()
class Framing:
    """How messages are marked in a stream: by LF, by their length in front, or by their size.

    At most one of the three is given; with none nothing marks them.
    """

    lf: bool = False
    """Each ends with LF."""
    prefix: int = 0
    """Bytes of the length, an unsigned number, most significant byte first."""
    size: int = 0
    """Bytes of every message; a shorter one is filled up with blanks."""

    @property
    def overhead(self) -> int:
        """Bytes that mark a message."""
        return self.prefix + self.lf

    def frame(self, message: bytes) -> bytes:
        """Return a message as it is sent; ValueError: it is longer than can be marked."""
        most = self.size or (1 << 8 * self.prefix) - 1
        if (self.prefix or self.size) and len(message) > most:
            sentence = _("This framing has room for {most:,} bytes; a message has {size:,}.")
            raise ValueError(sentence.format(most=most, size=len(message)))
        if self.prefix:
            return len(message).to_bytes(self.prefix, "big") + message
        if self.lf and not message.endswith(b"\n"):
            return message + b"\n"
        return message.ljust(self.size)


def message_ends(framing: Framing, chunks: Iterable[bytes]) -> Iterator[int]:
    """Yield the offset in the stream after each message; whatever the chunks, they are the same.

    Nothing is held back but a length of which a part is missing.
    """
    if framing.lf:
        return _line_ends(chunks)
    if framing.prefix:
        return _counted_ends(framing.prefix, chunks)
    return _fixed_ends(framing.size, chunks) if framing.size else iter(())


def _line_ends(chunks: Iterable[bytes]) -> Iterator[int]:
    before = 0
    for chunk in chunks:
        for found in re.finditer(b"\n", chunk):
            yield before + found.end()
        before += len(chunk)


def _fixed_ends(size: int, chunks: Iterable[bytes]) -> Iterator[int]:
    received, end = 0, size
    for chunk in chunks:
        received += len(chunk)
        while end <= received:
            yield end
            end += size


def _counted_ends(prefix: int, chunks: Iterable[bytes]) -> Iterator[int]:
    before = begin = 0  # offsets in the stream: of the chunk, and of the message that goes on
    length = b""
    for chunk in chunks:
        after = before + len(chunk)
        while True:
            if (missing := prefix - len(length)) > 0:
                at = begin + len(length) - before
                length += chunk[at : at + missing]
            end = begin + prefix + int.from_bytes(length, "big")
            if len(length) < prefix or end > after:
                break
            yield end
            begin, length = end, b""
        before = after
