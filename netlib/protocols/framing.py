"""Where one message ends and the next begins: TCP carries bytes and keeps no boundaries.

`LineBuffer` is the server's hot path: it hands on all complete lines of a chunk at once and never
looks at one line by itself. The splitters cut a stream into single messages; whatever the chunks
were, the messages are the same.
"""

from __future__ import annotations

from typing import Final, Literal, Protocol

MAX_MESSAGE: Final = 1 << 20
"""Bytes in one message unless the caller says otherwise."""

_MANY_PIECES: Final = 1024


class LineTooLong(ValueError):
    """A line is longer than the limit; `before` are the good lines in front of it, LF included."""

    def __init__(self, before: bytes) -> None:
        super().__init__("line too long")
        self.before = before


class MessageTooLong(ValueError):
    """A length prefix announces more than the limit; `before` are the good messages before it."""

    def __init__(self, before: list[bytes], size: int) -> None:
        super().__init__(f"message of {size} bytes is too long")
        self.before = before
        self.size = size


class LineBuffer:
    """Hold back the unfinished last line of a stream; `limit` is in bytes, LF not counted."""

    __slots__ = ("_pieces", "held", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        """Bytes of the unfinished line."""
        self._pieces: list[bytes] | None = None
        """Of the unfinished line; None, and no object, while there is none."""

    def feed(self, data: bytes) -> bytes:
        """Return all lines completed by `data`, each with its LF, as one bytes object, or b"".

        LineTooLong if one of them, or the unfinished line, exceeds the limit; nothing is held then.
        """
        end = data.rfind(b"\n") + 1
        if not end:
            self._hold(data, b"")
            return b""
        lines = data[:end]
        if self._pieces:
            self._pieces.append(lines)
            lines = self.rest()
        if len(lines) > self.limit:
            self._check(lines)
        if end < len(data):
            self._hold(data[end:], lines)
        return lines

    def rest(self) -> bytes:
        """Return the unfinished line and forget it."""
        rest = b"".join(self._pieces or ())
        self._clear()
        return rest

    def _hold(self, piece: bytes, before: bytes) -> None:
        self.held += len(piece)
        if self.held > self.limit:
            self._clear()
            raise LineTooLong(before)
        if self._pieces is None:
            self._pieces = [piece]
            return
        self._pieces.append(piece)
        if len(self._pieces) > _MANY_PIECES:  # a trickle must not cost an object a byte
            self._pieces = [b"".join(self._pieces)]

    def _check(self, lines: bytes) -> None:
        """Raise if a line is too long: leap from LF to LF, as far as the limit allows each time."""
        start = 0
        while len(lines) - start > self.limit:
            end = lines.rfind(b"\n", start, start + self.limit + 1)
            if end < 0:
                raise LineTooLong(lines[:start])
            start = end + 1

    def _clear(self) -> None:
        self._pieces = None
        self.held = 0


def split_lines(data: bytes) -> list[bytes]:
    """Cut after every LF; bytes.splitlines would also cut at a lone CR."""
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])


class Splitter(Protocol):
    """Cut a stream into messages; the same messages for any chunks."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`."""

    def rest(self) -> bytes:
        """Return the bytes of the unfinished message and forget them."""


class RawSplitter:
    """No boundaries: what one read returned is one message. The one splitter chunks do change."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return `data` itself, unless it is empty."""
        return [data] if data else []

    def rest(self) -> bytes:
        """Return b"": nothing is ever held."""
        return b""


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


class FixedSplitter:
    """Messages of `size` bytes each."""

    def __init__(self, size: int) -> None:
        self._size = _positive(size)
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`."""
        self._held += data
        end = len(self._held) - len(self._held) % self._size
        messages = [bytes(self._held[at : at + self._size]) for at in range(0, end, self._size)]
        del self._held[:end]
        return messages

    def rest(self) -> bytes:
        """Return the unfinished message and forget it."""
        rest = bytes(self._held)
        self._held.clear()
        return rest


class LengthSplitter:
    """Messages after a length prefix of 1, 2 or 4 bytes, itself not counted."""

    def __init__(
        self, width: int, byteorder: Literal["big", "little"] = "big", limit: int = MAX_MESSAGE
    ) -> None:
        if width not in (1, 2, 4):
            raise ValueError(f"a length prefix has 1, 2 or 4 bytes, not {width}")
        self._width = width
        self._byteorder = byteorder
        self._limit = limit
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages completed by `data`, without prefixes; MessageTooLong: give up."""
        self._held += data
        messages: list[bytes] = []
        start = 0
        while (first := start + self._width) <= len(self._held):
            size = int.from_bytes(self._held[start:first], self._byteorder)
            if size > self._limit:
                self._held.clear()
                raise MessageTooLong(messages, size)
            if first + size > len(self._held):
                break
            start = first + size
            messages.append(bytes(self._held[first:start]))
        del self._held[:start]
        return messages

    def rest(self) -> bytes:
        """Return prefix and bytes of the unfinished message and forget them."""
        rest = bytes(self._held)
        self._held.clear()
        return rest


def _positive(size: int) -> int:
    if size < 1:
        raise ValueError(f"a message has at least 1 byte, not {size}")
    return size
