"""The eleven states of a TCP connection and what leads from one to another (RFC 9293, figure 5).

Pure: the diagram as data, a connection's way through it as our events tell it, and in words what a
state and a window come to. What the system says of the same connection is compared with it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from netlib.events import (
    Accepted,
    Closed,
    Connected,
    Connecting,
    Event,
    Finished,
    Listening,
    PeerFinished,
)
from netlib.i18n import N_, _, ngettext
from netlib.value import NamedTuple, value

MEANINGS: Final[dict[str, str]] = {
    "CLOSED": N_("There is no connection."),
    "LISTEN": N_("A SYN from anybody is awaited."),
    "SYN-SENT": N_("SYN was sent; SYN,ACK is awaited."),
    "SYN-RECEIVED": N_("SYN was received and SYN,ACK sent; the ACK is awaited."),
    "ESTABLISHED": N_("The connection is open: data may go both ways."),
    "FIN-WAIT-1": N_("This end has sent FIN, which is not acknowledged yet."),
    "FIN-WAIT-2": N_("This end's FIN is acknowledged; the peer may send until its own FIN."),
    "CLOSE-WAIT": N_("The peer has sent FIN; this end may still send, and has to close as well."),
    "CLOSING": N_("Both have sent FIN at the same time; this end's is not acknowledged yet."),
    "LAST-ACK": N_("Both have sent FIN, the peer first; this end's is not acknowledged yet."),
    "TIME-WAIT": N_(
        "Both have sent FIN. This end waits in case its last ACK was lost, and until no segment"
        " of the connection can be under way."
    ),
}
"""What each state means (RFC 9293, section 3.3.2), to be translated."""

STATES: Final = tuple(MEANINGS)

FIN_WAIT: Final = "FIN-WAIT"
"""What we can know after our FIN: 1 or 2."""
_FIN_WAIT_MEANS: Final = N_(
    "This end has sent FIN. Whether the state is 1 or 2 depends on the ACK, which only the kernel"
    " sees."
)


class Edge(NamedTuple):
    """What leads from one state to another: a call or a segment, and what is sent then."""

    start: str
    end: str
    cause: str
    sends: str = ""

    @property
    def label(self) -> str:
        """As it stands in the diagram: `connect() / SYN`."""
        return f"{self.cause} / {self.sends}" if self.sends else self.cause


EDGES: Final = (
    Edge("CLOSED", "SYN-SENT", "connect()", "SYN"),
    Edge("CLOSED", "LISTEN", "listen()"),
    Edge("LISTEN", "SYN-RECEIVED", "SYN", "SYN,ACK"),
    Edge("SYN-SENT", "SYN-RECEIVED", "SYN", "SYN,ACK"),
    Edge("SYN-SENT", "ESTABLISHED", "SYN,ACK", "ACK"),
    Edge("SYN-SENT", "CLOSED", "close()"),
    Edge("LISTEN", "CLOSED", "close()"),
    Edge("SYN-RECEIVED", "ESTABLISHED", "ACK"),
    Edge("SYN-RECEIVED", "LISTEN", "RST"),
    Edge("SYN-RECEIVED", "FIN-WAIT-1", "close()", "FIN"),
    Edge("ESTABLISHED", "FIN-WAIT-1", "close()", "FIN"),
    Edge("ESTABLISHED", "CLOSE-WAIT", "FIN", "ACK"),
    Edge("FIN-WAIT-1", "FIN-WAIT-2", "ACK"),
    Edge("FIN-WAIT-1", "CLOSING", "FIN", "ACK"),
    Edge("FIN-WAIT-1", "TIME-WAIT", "FIN,ACK", "ACK"),
    Edge("FIN-WAIT-2", "TIME-WAIT", "FIN", "ACK"),
    Edge("CLOSING", "TIME-WAIT", "ACK"),
    Edge("CLOSE-WAIT", "LAST-ACK", "close()", "FIN"),
    Edge("LAST-ACK", "CLOSED", "ACK"),
    Edge("TIME-WAIT", "CLOSED", "2 MSL"),
)
"""All of figure 5 but LISTEN → SYN-SENT, which no socket call asks for; note 1 is SYN-RECEIVED →
LISTEN, note 2 FIN-WAIT-1 → TIME-WAIT. An RST leads from any state to CLOSED (note 3)."""

_BEFORE: Final[dict[type[Event], tuple[str, ...]]] = {
    Accepted: ("CLOSED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED"),
    Connecting: ("CLOSED", "SYN-SENT"),
    Connected: ("CLOSED", "SYN-SENT", "ESTABLISHED"),
    Listening: ("CLOSED", "LISTEN"),
}
"""The way up to an event, which needs none before it."""
_AFTER: Final[dict[type[Event], dict[str, str]]] = {
    Finished: {"ESTABLISHED": FIN_WAIT, "CLOSE-WAIT": "LAST-ACK"},
    PeerFinished: {"ESTABLISHED": "CLOSE-WAIT", FIN_WAIT: "TIME-WAIT"},
}


def way(before: tuple[str, ...], event: Event) -> tuple[str, ...]:
    """Return the states a connection has gone through, now that `event` has happened to it too."""
    kind = type(event)
    if kind in _BEFORE:
        return _BEFORE[kind]
    last = before[-1] if before else "CLOSED"
    following = event.state if isinstance(event, Closed) else _AFTER.get(kind, {}).get(last)
    known = following in (*STATES, FIN_WAIT)  # a recording of somebody else may hold anything
    return (*before, following) if following and known and following != last else before


def boxes(state: str) -> tuple[str, ...]:
    """Return where a state is found in the diagram: FIN-WAIT may be either of two."""
    return ("FIN-WAIT-1", "FIN-WAIT-2") if state == FIN_WAIT else (state,)


def taken(states: tuple[str, ...]) -> set[Edge]:
    """Return the edges on a way through the diagram, as far as they are known.

    From FIN-WAIT to TIME-WAIT there are three ways, which a program cannot tell apart.
    """
    known = set(pairwise(states)) - {(FIN_WAIT, "TIME-WAIT")}
    steps = {(boxes(start)[0], boxes(end)[0]) for start, end in known}
    return {edge for edge in EDGES if (edge.start, edge.end) in steps}


def agree(ours: str, system: str) -> bool:
    """Tell whether what we know and what the system says are the same state."""
    return system in boxes(ours)


def meaning(state: str) -> str:
    """Return what a state means, in a sentence."""
    return _(_FIN_WAIT_MEANS if state == FIN_WAIT else MEANINGS[state])


def comparison(ours: str, system: str) -> str:
    """Return in words how what the system says stands to what this program knows."""
    if agree(ours, system):
        return _("as this program knows it; the system says the same")
    if (ours, system) in _UNKNOWN_TO_US:
        return _(_UNKNOWN_TO_US[ours, system])
    return _("this program knows of {ours}, the system says {system}").format(
        ours=ours, system=system
    )


_UNREAD_FIN: Final = N_("the peer's FIN has arrived; this program has not read up to it yet")
_BY_ITSELF: Final = N_("this program does not see it: the kernel goes on by itself")
_UNKNOWN_TO_US: Final = {
    ("ESTABLISHED", "CLOSE-WAIT"): _UNREAD_FIN,
    (FIN_WAIT, "TIME-WAIT"): _BY_ITSELF,
    (FIN_WAIT, "CLOSING"): _BY_ITSELF,
    **{(ours, "CLOSED"): _BY_ITSELF for ours in (FIN_WAIT, "TIME-WAIT", "LAST-ACK")},
}
"""What a program cannot see, by what it knows and what the system says."""


@value(kw_only=True)
class Flow:
    """What one end sends to the other, at a moment. Sizes in bytes; None: not told."""

    unsent: int | None = None
    """Waits in the sender's program and in its send buffer."""
    window: int | None = None
    """What the receiver lets the sender send."""
    unread: int | None = None
    """Waits in the receive buffer."""
    paused: bool = False
    """A person has paused reading at the receiver, which is ours."""
    retransmits: int | None = None
    probe_seconds: float | None = None
    """Until the sender asks whether the window has opened."""


def consequence(flow: Flow) -> str:
    """Return what the sender has to do, or the receiver has done, in a sentence; empty: nothing."""
    if flow.window == 0 and flow.unsent:  # RFC 9293, section 3.8.6.1
        if flow.probe_seconds is None:
            return _("The window is 0: the sender must stop. TCP keeps asking whether it is open.")
        return _(
            "The window is 0: the sender must stop. TCP asks again: next probe in {seconds} s."
        ).format(seconds=f"{max(0.0, flow.probe_seconds):.1f}")
    if flow.window == 0:
        return _("The window is 0: nothing more may be sent.")
    if flow.retransmits:
        return ngettext(
            "A segment was sent again {count} time and is still not acknowledged.",
            "A segment was sent again {count} times and is still not acknowledged.",
            flow.retransmits,
        ).format(count=flow.retransmits)
    if flow.paused:
        return _("Reading is paused: what arrives stays in the receive buffer.")
    return ""


def waiting(queue: int, backlog: int | None) -> str:
    """Return what it means that connections wait in the accept queue; empty: none does."""
    if backlog is not None and queue > backlog:  # Linux takes one more than it was told
        return _("The accept queue is full: the kernel takes no further connection.")
    if not queue:
        return ""
    return ngettext(
        "{count} connection waits: its handshake is complete, but nobody has accepted it.",
        "{count} connections wait: their handshakes are complete, but nobody has accepted them.",
        queue,
    ).format(count=queue)
