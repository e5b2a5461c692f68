"""What happened, told on the terminal: as JSON lines for programs, as sentences for people."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any, Final

from netlib import (
    Accepted,
    ActivityStopped,
    Cause,
    Chunk,
    Closed,
    CloseReason,
    Connected,
    Crashed,
    Decoder,
    Direction,
    Event,
    Failed,
    HttpHead,
    HttpReply,
    Item,
    Named,
    NetError,
    Operation,
    PortUnreachable,
    WireChunk,
    _,
    ngettext,
    visible_text,
    wall_clock,
)
from netlib.cli.console import Console
from netlib.teaching.explain import in_words
from netlib.teaching.narrate import describe, mark

Report = Callable[[Item], None]
"""Tells one thing that happened, in order."""

NAME_CHARACTERS: Final = 40

_GOOD_ENDS: Final = frozenset({CloseReason.BY_US, CloseReason.BY_PEER, CloseReason.STOPPED})


def failure(event: Event) -> str:
    """Return in words why a dialogue fails because of this event; empty: it does not."""
    match event:
        case Failed(error=error):
            return in_words(error)
        case Closed(error=error) if error is not None and event.reason not in _GOOD_ENDS:
            return in_words(error)
        case Closed(reason=reason) if reason not in _GOOD_ENDS:
            return describe(event)
        case PortUnreachable(peer=peer):
            return in_words(NetError(Operation.RECEIVE, Cause.PORT_UNREACHABLE, endpoint=peer))
        case Crashed(traceback=trace):
            return trace
        case _:
            return ""


class ConnectionText:
    """Remembers of each connection what reading its bytes needs: who is there, half a character."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._peers: dict[int, str] = {}
        self._decoders: dict[tuple[int, Direction], Decoder] = {}

    def peer(self, item: Item) -> str:
        """Return who is at the other end, as far as that is known."""
        match item:
            case Chunk(peer=peer) if peer is not None:
                return str(peer)
            case (
                Accepted(connection=connection, peer=peer)
                | Connected(connection=connection, peer=peer)
            ):
                return self._peers.setdefault(connection, str(peer))
            case Named(connection=connection, name=name):
                address = self._peers.get(connection, f"#{connection}").partition(" ")[0]
                self._peers[connection] = f"{address} {visible_text(name, NAME_CHARACTERS)}"
                return self._peers[connection]
            case _:
                connection = getattr(item, "connection", 0)
                return self._peers.get(connection, f"#{connection}" if connection else "")

    def text(self, chunk: Chunk) -> str:
        """Return the characters that a chunk completes; a datagram is read by itself."""
        if chunk.peer is not None:
            return Decoder(self._encoding).decode(chunk.data, final=True)
        key = chunk.connection, chunk.direction
        decoder = self._decoders.get(key) or self._decoders.setdefault(key, Decoder(self._encoding))
        return decoder.decode(chunk.data)

    def rest(self, connection: int, direction: Direction = Direction.RECEIVED) -> str:
        """Return what is left of a character whose other half never came."""
        decoder = self._decoders.get((connection, direction))
        return decoder.decode(b"", final=True) if decoder else ""

    def forget(self, connection: int) -> None:
        """Let go of a connection that is over."""
        self._peers.pop(connection, None)
        for direction in Direction:
            self._decoders.pop((connection, direction), None)

    def lose_track(self) -> None:
        """Bytes were missed: begin afresh with the next ones of every connection."""
        self._decoders.clear()


def json_report(options: Namespace, console: Console) -> JsonReport | None:
    """Return what tells everything as JSON, where --json was given."""
    return JsonReport(console, options.encoding) if options.json else None


class JsonReport:
    """One JSON object a line for everything that happens; bytes as base64 and as text."""

    def __init__(self, console: Console, encoding: str) -> None:
        self._console = console
        self._reader = ConnectionText(encoding)

    def __call__(self, item: Item) -> None:
        """Print one item."""
        from netlib.recording.event_json import public

        wall = item.at + wall_clock.offset()
        if isinstance(item, Chunk):
            self._console.record(self._chunk(item, wall))
            return
        self._reader.peer(item)
        self._console.record(public(item, wall))
        if isinstance(item, Closed):
            self._reader.forget(item.connection)

    def _chunk(self, chunk: Chunk, wall: float) -> dict[str, Any]:
        from base64 import b64encode

        name = "received" if chunk.direction is Direction.RECEIVED else "sent"
        wire = isinstance(chunk, WireChunk)  # below TLS: no text
        return {
            "event": f"wire_{name}" if wire else name,
            "at": round(wall, 6),
            "activity": chunk.activity,
            "connection": chunk.connection,
            "peer": self._reader.peer(chunk),
            "data": b64encode(chunk.data).decode(),
            "text": "" if wire else self._reader.text(chunk),
        }


class TalkReport:
    """For `connect` and `chat`: the peer's words to standard output, all news to standard error."""

    def __init__(self, console: Console, encoding: str) -> None:
        self._console = console
        self._reader = ConnectionText(encoding)

    def __call__(self, item: Item) -> None:
        """Tell one item."""
        if isinstance(item, Chunk):
            if item.direction is Direction.RECEIVED and not isinstance(item, WireChunk):
                self._console.received(self._reader.text(item))
            return
        if isinstance(item, Closed):
            self._console.received(self._reader.rest(item.connection))
            self._console.end_line()
        tell_news(self._console, item)


class RawReport:
    """For `connect --raw`: the peer's bytes to standard output as they are."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, item: Item) -> None:
        """Tell one item."""
        if not isinstance(item, Chunk):
            tell_news(self._console, item)
        elif item.direction is Direction.RECEIVED and not isinstance(item, WireChunk):
            self._console.data(item.data)


class DatagramReport:
    """For `udp`: one line a datagram, and what UDP does and does not promise."""

    def __init__(self, console: Console, encoding: str) -> None:
        self._console = console
        self._reader = ConnectionText(encoding)

    def __call__(self, item: Item) -> None:
        """Tell one item."""
        if not isinstance(item, Chunk):
            tell_news(self._console, item)
        elif item.direction is Direction.SENT:
            sent = ngettext(
                "· sent {count} byte to {peer}: delivery is not guaranteed",
                "· sent {count} bytes to {peer}: delivery is not guaranteed",
                len(item.data),
            )
            self._console.note(sent.format(count=len(item.data), peer=item.peer))
        else:
            text = self._reader.text(item)
            self._console.received(text if text.endswith("\n") else f"{text}\n")
            if not item.data:
                note = _("· an empty datagram came from {peer}")
                self._console.note(note.format(peer=item.peer))


def tell_news(console: Console, event: Event) -> None:
    """Write an event to standard error as a sentence; failures are told by who decides on them."""
    if not failure(event) and not isinstance(event, ActivityStopped | HttpHead | HttpReply):
        console.note(f"{mark(event)} {describe(event)}")
