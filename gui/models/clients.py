"""The clients of one server: those that are here, and those that left, until they are cleared."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

from netlib import (
    N_,
    Accepted,
    Awaited,
    ClientRow,
    Closed,
    CloseReason,
    Endpoint,
    Named,
    _,
    visible,
    visible_text,
)

GONE_LIMIT: Final = 500
"""Clients that left and are still shown; of older ones only the number is."""

SOON_SECONDS: Final = 15.0
"""A client that will be closed within that time stands out."""

PENDING_SECONDS: Final = 0.5
"""Half a message is told of when nothing has followed for so long."""

_PENDING: Final[dict[Awaited, str]] = {
    Awaited.LINE_END: N_("no LF yet ({size} B)"),
    Awaited.HEADER_END: N_("no blank line yet ({size} B)"),
    Awaited.BODY_END: N_("body not complete yet ({size} B)"),
}
_GONE: Final[dict[CloseReason, str]] = {
    CloseReason.BY_US: N_("this end closed (FIN)"),
    CloseReason.BY_PEER: N_("left (FIN)"),
    CloseReason.RESET: N_("the peer reset (RST)"),
    CloseReason.ABORTED: N_("this end reset (RST)"),
    CloseReason.READ_TIMEOUT: N_("closed: read timeout"),
    CloseReason.WRITE_TIMEOUT: N_("closed: write timeout"),
    CloseReason.LINE_TOO_LONG: N_("closed: line too long"),
    CloseReason.TOO_MUCH_UNFINISHED: N_("closed: too much unfinished"),
    CloseReason.WRONG_PROTOCOL: N_("closed: it spoke HTTP"),
    CloseReason.TOO_SLOW: N_("closed: it did not read"),
    CloseReason.STOPPED: N_("closed: server stopped"),
    CloseReason.FAILED: N_("closed: error"),
    CloseReason.BUG: N_("closed: bug"),
}
"""Why a client is gone, in the words of a column; the log has the sentence."""


class Client(NamedTuple):
    """A client as the table shows it."""

    row: ClientRow
    """As it is, or was last."""
    ended: Closed | None = None
    """How its connection ended; None: it is here."""

    @property
    def number(self) -> int:
        """The number of its connection, by which rows of the log name it too."""
        return self.row.connection

    @property
    def name(self) -> str:
        """How people call it: nickname, else address."""
        return visible_text(self.row.name, 40) or str(self.row.peer)


class ClientList:
    """Follows who comes and goes; every connection is here, gone, let go, or was cleared."""

    def __init__(self) -> None:
        self.here = 0
        """How many are here, as far as events have told."""
        self.let_go = 0
        """Clients that left and are no longer shown, because there were too many."""
        self.gone: OrderedDict[int, Client] = OrderedDict()
        self._rows: dict[int, ClientRow] = {}
        """Of those that are here, as they were seen last."""
        self._live: Sequence[ClientRow] = ()

    def hear(self, event: Accepted | Named) -> None:
        """Take in a new client, or a nickname."""
        if isinstance(event, Named):
            if (row := self._rows.get(event.connection)) is not None:
                self._rows[event.connection] = row._replace(name=event.name)
            return
        self._rows[event.connection] = ClientRow(
            connection=event.connection,
            peer=event.peer,
            since=event.at,
            messages=0,
            received=0,
            sent=0,
            last=b"",
            last_at=event.at,
            waiting=0,
            finished=False,
        )
        self.here = len(self._rows)

    def left(self, event: Closed) -> Endpoint | None:
        """Keep a client that is gone; return its address, if it ever came."""
        row = self._rows.pop(event.connection, None)
        self.here = len(self._rows)
        if row is None:
            return None
        figures = {name: getattr(event, name) for name in ("messages", "received", "sent", "state")}
        self.gone[event.connection] = Client(row._replace(**figures), event)
        if len(self.gone) > GONE_LIMIT:
            self.gone.popitem(last=False)
            self.let_go += 1
        return row.peer

    def refresh(self, rows: Sequence[ClientRow]) -> None:
        """Take in how the clients that are here look now."""
        self._live = rows
        for row in rows:
            if row.connection in self._rows:  # else it has left, or its coming is not told yet
                self._rows[row.connection] = row

    def clear(self) -> None:
        """Forget those that left."""
        self._live = [row for row in self._live if row.connection not in self.gone]
        self.gone.clear()
        self.let_go = 0

    def all(self, order: str = "number", *, backwards: bool = False) -> list[Client]:
        """Return all clients that are shown, in the order of a column."""
        live = [Client(row) for row in self._live if row.connection not in self.gone]
        clients = [*self.gone.values(), *live]
        clients.sort(key=_ORDERS[order], reverse=backwards)
        return clients


def client_cells(client: Client, now: float, encoding: str = "utf-8") -> tuple[str, ...]:
    """Return a client as the cells of a table; `now` by the monotonic clock."""
    row = client.row
    since = time.strftime("%H:%M:%S", time.localtime(time.time() - (now - row.since)))
    idle = "–" if client.ended or not row.received else short_clock(now - row.last_at)
    return (
        str(row.peer),
        visible_text(row.name, 40),
        f"{row.messages:,}",
        waits_for(client, now),
        idle,
        f"{row.received:,}",
        f"{row.sent:,}",
        visible(last_line(row.last), encoding, 80),
        since,
        row.state,
    )


def waits_for(client: Client, now: float) -> str:
    """Return what the server waits for, how long it will, or why the client is gone."""
    row = client.row
    if client.ended is not None:
        return _(_GONE[client.ended.reason])
    words = []
    if row.waiting:
        words.append(_("not reading: {size} B queued").format(size=f"{row.waiting:,}"))
    elif row.pending and now - row.last_at >= PENDING_SECONDS:
        words.append(_(_PENDING[row.pending.awaits]).format(size=f"{row.pending.size:,}"))
    elif row.finished:
        words.append(_("FIN received"))
    if row.closes_at < float("inf"):
        left = max(row.closes_at - now, 0.0)
        words.append(_("closes in {seconds} s").format(seconds=f"{left:.0f}"))
    return _(", ").join(words)


def stands_out(client: Client, now: float) -> Literal["", "gone", "warn"]:
    """Return "gone", "warn" for a client that needs somebody to look at it, or ""."""
    if client.ended is not None:
        return "gone"
    row = client.row
    half = row.pending is not None and now - row.last_at >= PENDING_SECONDS
    return "warn" if half or row.waiting or row.closes_at - now < SOON_SECONDS else ""


def short_clock(seconds: float) -> str:
    """Return a duration for a column: 37 s, 1:14, 1:02:03."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def last_line(data: bytes) -> bytes:
    """Return the last line of the end of what was received, without its line end."""
    return data.rstrip(b"\r\n").rpartition(b"\n")[2]


_ORDERS: Final[dict[str, Callable[[Client], Any]]] = {
    "number": lambda client: client.number,
    "address": lambda client: _parts(client.row.peer),
    "name": lambda client: (not client.row.name, client.row.name, client.number),
    "messages": lambda client: client.row.messages,
    "waits": lambda client: (client.ended is not None, client.row.closes_at, client.number),
    "idle": lambda client: -client.row.last_at,
    "in": lambda client: client.row.received,
    "out": lambda client: client.row.sent,
    "last": lambda client: last_line(client.row.last),
    "since": lambda client: client.row.since,
    "state": lambda client: (client.row.state, client.number),
}
"""Each column with what it is sorted by."""


def _parts(peer: Endpoint) -> tuple[Iterable[tuple[int, str]], int]:
    """Return an address so that 10.0.0.9 comes before 10.0.0.10."""
    parts = peer.host.replace(":", ".").split(".")
    return [(int(part) if part.isdigit() else -1, part) for part in parts], peer.port
