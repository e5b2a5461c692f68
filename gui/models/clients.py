"""The clients of one server: those that are here, and those that left, until they are cleared."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from itertools import repeat
from typing import Any, Final, Literal

from netlib import (
    N_,
    Accepted,
    Awaited,
    ClientRow,
    Clients,
    Closed,
    CloseReason,
    Endpoint,
    Named,
    _,
    visible,
    visible_text,
    wall_clock,
)
from netlib.value import NamedTuple

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
    Awaited.MAIL_END: N_('no line "." yet ({size} B)'),
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
    """Follows who comes and goes; every connection is here, gone, let go, or was cleared.

    Made for fifteen thousand: a client is looked at when it is asked for.
    """

    def __init__(self) -> None:
        self.here = 0
        """How many are here, as far as events have told."""
        self.let_go = 0
        """Clients that left and are no longer shown, because there were too many."""
        self.gone: OrderedDict[int, Client] = OrderedDict()
        self._told: dict[int, ClientRow] = {}
        """Those that are here, by what events have told: as they came, or were when they left and
        that was not told."""
        self._live = Clients({})

    def hear(self, event: Accepted | Named) -> None:
        """Take in a new client, or a nickname."""
        if isinstance(event, Named):
            if (row := self._told.get(event.connection)) is not None:
                self._told[event.connection] = row._replace(name=event.name)
            return
        self._told[event.connection] = ClientRow(
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
        self.here = len(self._told)

    def left(self, event: Closed) -> Endpoint | None:
        """Keep a client that is gone; return its address, if it ever came."""
        told = self._told.pop(event.connection, None)
        self.here = len(self._told)
        row = self._live.take(event.connection) or told
        if told is None or row is None:
            return None
        figures = {name: getattr(event, name) for name in ("messages", "received", "sent", "state")}
        self.gone[event.connection] = Client(row._replace(**figures), event)
        if len(self.gone) > GONE_LIMIT:
            self.gone.popitem(last=False)
            self.let_go += 1
        return row.peer

    def refresh(self, clients: Clients) -> None:
        """Take in who is here now."""
        for number in self.gone.keys() & clients.keys():  # its end was told a moment too soon
            clients.take(number)
        for number in self._told.keys() - clients.keys():  # its end is about to be told
            if (row := self._live.take(number)) is not None:
                self._told[number] = row
        self._live = clients

    def clear(self) -> None:
        """Forget those that left."""
        self.gone.clear()
        self.let_go = 0

    def numbers(self, order: str = "number", *, backwards: bool = False) -> list[int]:
        """Return the numbers of all clients that are shown, in the order of a column.

        At first those that are here as they came, then those that left, the last of them first:
        however many leave, whoever is here stays in sight.
        """
        if order == "number":
            gone = self.gone if backwards else reversed(self.gone)
            return [*sorted(self._live, reverse=backwards), *gone]
        field, key = _ORDERS[order]
        behind = order == "waits"  # who is gone waits for nothing
        entries = [
            *zip(repeat(False), map(key, self._live.figures(field)), self._live, strict=False),
            *((behind, key(getattr(one.row, field)), one.number) for one in self.gone.values()),
        ]
        return [number for *_key, number in sorted(entries, reverse=backwards)]

    def client(self, number: int) -> Client | None:
        """Return a client that is shown; None: it is no longer."""
        row = self._live.get(number)
        return self.gone.get(number) if row is None else Client(row)


def client_cells(client: Client, now: float, encoding: str = "utf-8") -> tuple[str, ...]:
    """Return a client as the cells of a table; `now` by `netlib.now`."""
    row = client.row
    since = time.strftime("%H:%M:%S", time.localtime(row.since + wall_clock.offset()))
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


def _same(figure: Any) -> Any:
    return figure


@lru_cache(1000)
def _parts(host: str) -> list[tuple[int, str]]:
    """Return an address so that 10.0.0.9 comes before 10.0.0.10."""
    parts = host.replace(":", ".").split(".")
    return [(int(part) if part.isdigit() else -1, part) for part in parts]


_ORDERS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "address": ("peer", lambda peer: (_parts(peer.host), peer.port)),
    "name": ("name", lambda name: (not name, name)),
    "messages": ("messages", _same),
    "waits": ("closes_at", _same),
    "idle": ("last_at", lambda last_at: -last_at),
    "in": ("received", _same),
    "out": ("sent", _same),
    "last": ("last", last_line),
    "since": ("since", _same),
    "state": ("state", _same),
}
"""Each column with the field of a row it is sorted by, and how; equal ones stand by number."""
