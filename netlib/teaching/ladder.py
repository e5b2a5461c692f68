"""The ladder: calls at two or more ends as rungs between lifelines, an arrow for each that crossed.

What this program did is solid. What TCP must have done for it (RFC 9293, sections 3.5 and 3.6) is
implied: no packet was seen. Nothing here draws; see `ladder_picture` and `ladder_text`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from netlib.address import Endpoint
from netlib.errors import Cause, Operation
from netlib.events import (
    Accepted,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Event,
    Failed,
    Finished,
    PortUnreachable,
    Transport,
)
from netlib.segment import FIN, RST, SYN
from netlib.teaching.calls import EVENT, PLAIN_RECEIVED, RECEIVED, SENT, Call, End, Part
from netlib.teaching.segments import Captured
from netlib.value import NamedTuple

Style = Literal["seen", "implied", "captured", "lost", "unread", "waiting"]
"""seen: by a call of this program. implied: TCP must have done it. captured: the kernel showed it.
lost: a datagram that never arrived. unread: the other end closed before any call of it took that.
waiting: it left the sender's call, and no call at the other
end has taken it yet."""

Sort = Literal["data", "secret", "syn", "ack", "fin", "rst", "icmp"]

CAPTURED: Final = 7
"""The kind of a `Call` that is none: a captured packet, or that some were missed."""

PAUSE_SECONDS: Final = 1.0
"""A longer time without a call is drawn as a pause."""

_RESETS: Final = frozenset(
    {CloseReason.ABORTED, CloseReason.WRITE_TIMEOUT, CloseReason.TOO_SLOW, CloseReason.BUG}
)
"""We closed with RST."""

_SILENT: Final = frozenset({CloseReason.RESET, CloseReason.FAILED})
"""What ended it was no segment of ours."""


class Seen(NamedTuple):
    """A call, and what the recording knows of the other end."""

    call: Call
    there: int | None = None
    """The other end, where it is in the recording."""
    parts: tuple[Part, ...] = ()
    """Which calls at the other end have its bytes; of FIN or RST the call that met or made it."""
    unnamed: int = 0
    """Bytes that further calls at the other end have, too many to be named."""
    missed: bool = False
    """It is a datagram that cannot arrive any more."""
    unread: bool = False
    """The other end has closed: no call of it takes anything any more."""
    met_reset: bool = False
    """What the other end met was RST."""
    fin_before: bool = False
    """This end had sent FIN before."""
    captured: Callable[[str, bool], bool] = lambda _label, _ours: False
    """Tells whether a segment of it need not be drawn: by label, and whether this end sent it."""


class Site(NamedTuple):
    """A lifeline: a server or client of the recording, or somebody at an address."""

    activity: int
    """0: it is not in the recording."""
    address: str
    """Of somebody else; empty: it is in the recording."""
    serves: bool


class SeenPacket(NamedTuple):
    """A captured packet, and what the recording knows of its connection."""

    packet: Captured
    here: Site
    """Who sent it."""
    there: Site


class Arrow(NamedTuple):
    """What went from one lifeline to another."""

    source: Site
    target: Site
    sort: Sort
    style: Style
    label: str = ""
    """What kind of segment it is: SYN, ACK; empty: data."""
    other: int | None = None
    """The call where it begins (of what was received) or ends; None: in this row."""
    size: int = 0
    """Bytes of it, of data."""


class Rung(NamedTuple):
    """One call as a row of the ladder."""

    call: Call
    site: Site
    """Where it happened."""
    name: str
    """What the program called: send, recv, connect; empty: it was no call."""
    arrows: tuple[Arrow, ...]
    delta: float | None
    """Seconds since the row above; None: there is none."""
    size: int | None = None
    """Bytes that the call took or gave; None: it is about none."""
    packet: Captured | None = None
    """What was captured; None: the row is a call."""

    @property
    def key(self) -> int:
        """A number that no other row has: of a call its own, of a packet a negative one."""
        return self.call.number if self.packet is None else -self.packet.number

    @property
    def pause(self) -> float:
        """Seconds without a call before it, where they are worth a mark; else 0."""
        return self.delta if self.delta is not None and self.delta >= PAUSE_SECONDS else 0.0


def rungs(
    rows: Sequence[Seen | SeenPacket], ends: Sequence[End], before: float | None = None
) -> list[Rung]:
    """Return the rows of a ladder, in order. `before`: when what is above the first one was."""
    found: list[Rung] = []
    for row in rows:
        if isinstance(row, SeenPacket):
            found.append(_packet(row, before))
            before = found[-1].call.at
            continue
        call, end = row.call, ends[row.call.end]
        here, there = Site(end.activity, "", end.serves), _other_site(row, ends)
        delta = None if before is None or call.lost else max(call.at - before, 0.0)
        if call.kind == EVENT:
            name, arrows = _event(row, here, there)
        else:
            name, arrows = _bytes(row, here, there)
        found.append(Rung(call, here, name, arrows, delta, call.size if call.kind else None))
        before = None if call.lost else call.at
    return found


def _packet(row: SeenPacket, before: float | None) -> Rung:
    """Return the row of a captured packet."""
    packet, segment = row.packet, row.packet.segment
    call = Call(packet.number, packet.wall, packet.at, packet.end, CAPTURED, 0)
    delta = None if before is None else max(packet.at - before, 0.0)
    if segment is None:
        return Rung(call, row.here, "", (), delta, packet=packet)
    call = call._replace(size=segment.size, data=segment.data)
    sort: Sort = next((sort for bit, sort in _SORTS if segment.flags & bit), "ack")
    if sort == "ack" and segment.size:
        sort = "data"
    arrow = Arrow(row.here, row.there, sort, "captured", segment.label, None, segment.size)
    return Rung(call, row.here, "", (arrow,), delta, segment.size or None, packet)


_SORTS: Final[tuple[tuple[int, Sort], ...]] = ((RST, "rst"), (SYN, "syn"), (FIN, "fin"))


def _other_site(row: Seen, ends: Sequence[End]) -> Site:
    """Return where the other end of a call is."""
    if row.there is not None:
        return Site(ends[row.there].activity, "", ends[row.there].serves)
    end = ends[row.call.end]
    return Site(0, address_of(row.call.event) or end.peer, not end.serves)


def address_of(event: Event | None) -> str:
    """Return whom something is about that happened before there was a connection; empty: nobody."""
    match event:
        case Connecting(peer=peer) | PortUnreachable(peer=Endpoint() as peer):
            return str(peer)
        case Failed(error=error) if error.endpoint is not None:
            return str(error.endpoint)
        case _:
            return ""


def _bytes(row: Seen, here: Site, there: Site) -> tuple[str, tuple[Arrow, ...]]:
    """Return name and arrows of a call that moved bytes."""
    call = row.call
    if call.kind >= PLAIN_RECEIVED:  # above TLS: it crossed as ciphertext, in arrows of its own
        return "", ()
    sort: Sort = "data" if call.kind in (RECEIVED, SENT) else "secret"
    source, target = (here, there) if call.is_sent else (there, here)
    arrows = [
        Arrow(source, target, sort, "seen", "", part.number, part.end - part.begin)
        for part in row.parts
    ]
    if row.unnamed:
        arrows.append(Arrow(source, target, sort, "seen", "", None, row.unnamed))
    left = call.size - sum(arrow.size for arrow in arrows)
    if left > 0 or not arrows:
        known = row.there is not None and call.is_sent
        style: Style = "seen" if not known else _missing(row)
        arrows.append(Arrow(source, target, sort, style, "", None, left))
    return "send" if call.is_sent else "recv", tuple(arrows)


def _missing(row: Seen) -> Style:
    """Return what became of bytes that no call at the other end has taken."""
    return "lost" if row.missed else "unread" if row.unread else "waiting"


class _Segment(NamedTuple):
    """A segment of TCP, or what ICMP told, that goes with an event."""

    sort: Sort
    label: str
    ours: bool
    """It went from this end to the other."""
    style: Style = "implied"


_SYN: Final = _Segment("syn", "SYN", ours=True)
_SYN_ACK: Final = _Segment("syn", "SYN, ACK", ours=True)
_ACK: Final = _Segment("ack", "ACK", ours=True)
_FIN: Final = _Segment("fin", "FIN", ours=True, style="seen")
_RST: Final = _Segment("rst", "RST", ours=True, style="seen")
_REFUSAL: Final = _Segment("rst", "RST, ACK", ours=False, style="seen")
_ICMP: Final = _Segment("icmp", "ICMP", ours=False, style="seen")


def _theirs(segment: _Segment) -> _Segment:
    return segment._replace(ours=False)


_EVENTS: Final[dict[str, tuple[str, tuple[_Segment, ...]]]] = {
    "Connecting": ("connect", (_SYN,)),
    "Connected": ("connect", (_theirs(_SYN_ACK), _ACK)),
    "Accepted": ("accept", (_theirs(_SYN), _SYN_ACK, _theirs(_ACK))),
    "PeerFinished": ("recv", (_theirs(_FIN), _ACK)),
    "Finished": ("shutdown", (_FIN,)),
    "PortUnreachable": ("", (_ICMP,)),
}
"""Name of the call, and segments, of an event by its class."""

_NOTHING: Final[tuple[str, tuple[_Segment, ...]]] = ("", ())


def _event(row: Seen, here: Site, there: Site) -> tuple[str, tuple[Arrow, ...]]:
    """Return name and arrows of what happened."""
    name, segments = _segments(row)
    other = row.parts[0].number if row.parts else None
    return name, tuple(
        Arrow(
            here if one.ours else there,
            there if one.ours else here,
            one.sort,
            one.style,
            one.label,
            other if one.style == "seen" else None,
        )
        for one in segments
        if not row.captured(one.label, one.ours)
    )


def _segments(row: Seen) -> tuple[str, tuple[_Segment, ...]]:
    event = row.call.event
    match event:
        case Connected(transport=Transport.UDP):
            return _NOTHING
        case Accepted() if row.there is not None:  # the client's events have the handshake
            return "accept", ()
        case Failed(error=error) if (error.operation, error.cause) == _REFUSED:
            return "connect", (_REFUSAL,)
        case Closed(reason=reason):
            return _closing(row, reason)
        case _:
            return _EVENTS.get(type(event).__name__, _NOTHING)


def _closing(row: Seen, reason: CloseReason) -> tuple[str, tuple[_Segment, ...]]:
    if reason is CloseReason.RESET:
        return "recv", (_theirs(_RST),)
    if reason is CloseReason.FAILED:
        return _NOTHING
    if reason in _RESETS or row.met_reset:
        return "close", (_RST,)
    return "close", () if row.fin_before else (_FIN,)


_REFUSED: Final = (Operation.CONNECT, Cause.REFUSED)


def sends_fin(event: Event | None) -> bool:
    """Tell whether this end sent FIN with what happened, if it had not before."""
    match event:
        case Finished():
            return True
        case Closed(reason=reason):
            return reason not in _SILENT and reason not in _RESETS
        case _:
            return False


def sends_rst(event: Event | None) -> bool:
    """Tell whether this end sent RST with what happened."""
    return isinstance(event, Closed) and event.reason in _RESETS


def meets_rst(event: Event | None) -> bool:
    """Tell whether the other end's RST was met."""
    return isinstance(event, Closed) and event.reason is CloseReason.RESET


def sites(rows: Sequence[Rung], most: int) -> list[Site]:
    """Return the lifelines of some rows, clients before servers; of more than `most` one is shared.

    Who exchanges something with most of them has its own first: else an arrow would begin and end
    at the one that is shared.
    """
    partners: dict[Site, set[Site]] = {}
    for row in rows:
        partners.setdefault(row.site, set())
        for arrow in row.arrows:
            partners.setdefault(arrow.source, set()).add(arrow.target)
            partners.setdefault(arrow.target, set()).add(arrow.source)
    known = [site for site in partners if site.activity or site.address]
    known.sort(key=lambda site: (site.serves, not site.activity, site.activity, site.address))
    if rows and not known:  # of what cannot be read it is not known whose it is
        return [OTHERS]
    if len(known) <= most:
        return known
    by_need = sorted(known, key=lambda site: (-len(partners[site]), not site.activity))
    own, left_over = set(by_need[: most - 1]), by_need[most - 1 :]
    shown = [site for site in known if site in own]
    clients = sum(not site.serves for site in shown)
    if all(site.serves for site in left_over):
        clients = len(shown)
    return [*shown[:clients], OTHERS, *shown[clients:]]


OTHERS: Final = Site(0, "", serves=True)
"""The lifeline of those for whom there is no room."""
