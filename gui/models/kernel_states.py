"""The states of both ends of a connection: as our events tell them, and as the system says."""

from __future__ import annotations

from typing import Final, Literal

from gui.models.kernel_history import TimeWaits
from netlib import (
    N_,
    Accepted,
    Closed,
    Connected,
    ConnectionFacts,
    Event,
    Pair,
    PairFacts,
    PairState,
)
from netlib.teaching.tcp_states import way
from netlib.value import value

Whose = Literal["this", "peer"]

CONNECTIONS_KEPT: Final = 256
PEER_ELSEWHERE: Final = N_("the peer is on another computer")
NOT_TOLD: Final = N_("the system does not tell it")

_CALLS: Final = ("CLOSED", "SYN-SENT", "ESTABLISHED")
_IS_CALLED: Final = ("CLOSED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED")


@value(kw_only=True)
class EndShown:
    """The state of one end of a connection."""

    ours: str = ""
    """As this program knows it; empty: it does not."""
    system: str = ""
    """As the system says; empty: it does not."""
    visited: tuple[str, ...] = ()
    why: str = ""
    """Because of what the system's is missing, to be translated or in its own words."""


class States:
    """What connections have gone through, by their numbers."""

    def __init__(self) -> None:
        self.time_waits = TimeWaits()
        self._ways: dict[int, tuple[str, ...]] = {}
        self._pairs: dict[int, Pair] = {}
        self._heard_at: dict[int, float] = {}
        self._seen: dict[tuple[int, Whose], tuple[str, ...]] = {}

    def hear(self, event: Event) -> None:
        """Follow a connection through the diagram; number 0: an attempt, or a listener."""
        number = getattr(event, "connection", 0)
        self._ways[number] = way(self._ways.get(number, ()), event)
        self._heard_at[number] = event.at
        if isinstance(event, Connected | Accepted):
            self._pairs[number] = pair = Pair(event.local, event.peer)
            self.time_waits.forget(pair)
        gone = self._pairs.get(number)
        if isinstance(event, Closed) and gone and event.state not in ("", "CLOSED"):
            self.time_waits.remember(gone)
        while len(self._ways) > CONNECTIONS_KEPT:
            self._forget(next(iter(self._ways)))

    def _forget(self, number: int) -> None:
        for known in (self._ways, self._pairs, self._heard_at):
            known.pop(number, None)
        self._seen = {key: seen for key, seen in self._seen.items() if key[0] != number}

    def pair(self, connection: int, whose: Whose = "this") -> Pair | None:
        """Return the two ends of a connection, seen from one of them; None: not known."""
        pair = self._pairs.get(connection)
        if pair is None or whose == "this":
            return pair
        return Pair(pair.peer, pair.local)

    def way(self, connection: int) -> tuple[str, ...]:
        """Return the states that this end has gone through, as far as events tell."""
        return self._ways.get(connection, ())

    def shown(
        self,
        connection: int,
        whose: Whose,
        facts: ConnectionFacts | None,
        system: PairFacts | None,
    ) -> EndShown:
        """Return the state of an end; `facts` if it is ours and open, `system` what it lists."""
        if facts is not None and whose == "this":
            self._pairs.setdefault(connection, facts.pair)
        ours = self._ours(connection, whose, facts)
        told, why = self._told(connection, whose, facts, system)
        seen = self._seen.get((connection, whose)) or self._came(connection, whose)
        if whose == "this":
            seen = _joined(seen, self.way(connection)[1:])
        seen = _joined(seen, tuple(filter(None, (ours, told))))
        self._seen[connection, whose] = seen
        return EndShown(ours=ours, system=told, visited=seen, why=why)

    def _ours(self, connection: int, whose: Whose, facts: ConnectionFacts | None) -> str:
        known = self.way(connection) if whose == "this" else ()
        if known and (facts is None or facts.at < self._heard_at[connection]):
            return known[-1]
        return "" if facts is None else facts.state

    def _came(self, connection: int, whose: Whose) -> tuple[str, ...]:
        """Return the way up to where an end was first seen."""
        known = self.way(connection)
        if whose == "this":
            return known
        return _IS_CALLED if "SYN-SENT" in known else _CALLS

    def _told(
        self,
        connection: int,
        whose: Whose,
        facts: ConnectionFacts | None,
        system: PairFacts | None,
    ) -> tuple[str, str]:
        """Return the system's state, and why it is missing."""
        if facts is not None and facts.info.state is not None:
            return facts.info.state, ""
        pair = self.pair(connection, whose)
        if pair is None or system is None:
            return "", NOT_TOLD
        if system.refusal:
            return "", system.refusal
        listed: PairState | None = system.states.get(pair)
        if listed is not None:
            return listed.state, ""
        if whose == "peer" and pair.local.host != pair.peer.host:
            return "", PEER_ELSEWHERE
        return ("CLOSED", "") if pair in system.asked and facts is None else ("", NOT_TOLD)


def _joined(seen: tuple[str, ...], states: tuple[str, ...]) -> tuple[str, ...]:
    """Add what was not seen before; CLOSED is where a connection comes from and goes to."""
    for state in states:
        again = state == "CLOSED" and len(seen) > 1 and seen[-1] != "CLOSED"
        if state not in seen or again:
            seen = (*seen, state)
    return seen
