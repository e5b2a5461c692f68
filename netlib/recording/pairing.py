"""Whose calls they are, and which two ends of a recording are one connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from netlib.engine.records import EVENT, RECEIVED, SENT
from netlib.events import Accepted, Connected, Connecting, Listening, Transport
from netlib.recording.tables import Flow
from netlib.teaching.calls import End

if TYPE_CHECKING:
    from netlib.recording.cut import Cut

MOST_ENDS: Final = 200_000
"""Ends that may wait for their other one; of more, later ones have none."""

FIRST_EVENTS: Final = 24
"""Events at the beginning of an end among which is the one that tells its address."""

ASKING: Final = 1000
"""Datagrams that may be looked for at once, sent from an address that nothing tells."""

BLURRED_SECONDS: Final = 1.0
"""So exact, at least, are the times by which a connection is told from one before it."""

_Waiting = dict[tuple[bool, str], int]
"""Ends by whether they are of TCP, which has ports of its own, and by an address."""


class Pairing:
    """The ends of a recording as its calls come, in their order."""

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.partners: dict[int, int] = {}
        """The other end of an end, where it is in the recording."""
        self.joined: list[tuple[int, int]] = []
        """Both ends of each connection, in the order in which they were found to be one."""
        self.placed: list[int] = []
        """Ends of TCP connections, in the order in which their addresses came to be known."""
        self.attempts: dict[str, list[tuple[float, int]]] = {}
        """Attempts to connect to each address: when, and of which activity, as a whole."""
        self.connected: dict[int, int] = {}
        """The last end of each activity that connected."""
        self._numbers: dict[tuple[int, int], int] = {}
        """The end of each flow of an activity."""
        self._connections: dict[tuple[int, int], int] = {}
        """The end of each connection of an activity; of 0 the activity as a whole."""
        self._tries: dict[int, int] = {}
        """Of how many more calls an end may be told where it is."""
        self._at: _Waiting = {}
        """Clients that wait for their other end, by where they are."""
        self._towards: _Waiting = {}
        """Servers' ends that wait, by where the other one is."""
        self.times: dict[int, tuple[float, float]] = {}
        """When an end began to connect, and was connected; both when it accepted or listened."""
        self._listeners: dict[str, tuple[int, float]] = {}
        """UDP servers by where they listen, and since when."""
        self._asking: dict[int, tuple[str, int, bytes]] = {}
        """Ends at an unknown address: port asked, size and bytes of their first datagram."""

    def end(self, activity: int, flow: int, told: Callable[[int], Flow]) -> int:
        """Return the number of the end that a flow belongs to; `told` says what a flow is."""
        known = self._numbers.get((activity, flow))
        if known is not None:
            return known
        connection, peer = told(flow) if flow >= 0 else (0, None)
        address = (peer or "").partition(" ")[0]
        stream = connection or not address
        number = self._connections.get((activity, connection)) if stream else None
        if number is None:
            number = len(self.ends)
            self.ends.append(self._new(number, activity, connection, address))
            self._tries[number] = FIRST_EVENTS if stream else 1
            if stream:
                self._connections[activity, connection] = number
        self._numbers[activity, flow] = number
        return number

    def whole(self, activity: int) -> int | None:
        """Return the end that stands for an activity as a whole."""
        return self._connections.get((activity, 0))

    def listener(self, end: int, at: float) -> int | None:
        """Return the UDP server to which a client sent at some time, as a whole.

        None: it is not in the recording, or what it received cannot be told from others'.
        """
        client = self.ends[end]
        if client.connection or client.serves or not client.local:
            return None
        host, _colon, port = client.peer.rpartition(":")
        own = host == "[::1]" or host.startswith("127.")
        everywhere = [f"{any_host}:{port}" for any_host in ("0.0.0.0", "[::]") if own]
        for place in (client.peer, *everywhere):
            number, since = self._listeners.get(place, (None, 0.0))
            if number is not None and since <= at:
                return number
        return None

    def wants(self, end: int, kind: int) -> bool:
        """Tell whether a call may say more of an end: `learn` wants to see it."""
        left = self._tries.get(end, 0)
        if not left or (kind != EVENT if self._is_stream(end) else kind not in (RECEIVED, SENT)):
            return False
        self._tries[end] = left - 1
        return True

    def learn(self, calls: Iterable[tuple[int, Cut]]) -> None:
        """Take in what was wanted, in order: ends, and a call at each."""
        for number, found in calls:
            at = found.row.at
            match found.event:
                case Connected(transport=Transport.UDP, local=local):
                    self._place_all(number, str(local), serves=False)
                case Listening(transport=Transport.UDP, local=local):
                    self._listeners[str(local)] = number, at
                    self._place_all(number, str(local), serves=True)
                case None if not self._is_stream(number):
                    self._ask(number, found.row.kind, found.row.size, found.row.data)
                case Connecting(peer=peer):
                    self.attempts.setdefault(str(peer), []).append((at, number))
                case Connected(local=local, peer=peer, connect_seconds=seconds):
                    self.times[number] = at - seconds, at
                    self._place(number, str(local), str(peer), serves=False)
                    self.connected[self.ends[number].activity] = number
                case Listening(local=local) | Accepted(local=local) as event:
                    self.times[number] = at, at
                    towards = str(event.peer) if isinstance(event, Accepted) else ""
                    self._place(number, str(local), towards, serves=True)
                case _:
                    pass

    def forget(self) -> None:
        """Something is missing: of the ends there are, no place in a stream is what it was."""
        for known in (self.partners, self._at, self._towards, self._asking, self._listeners):
            known.clear()

    # -- inside ----------------------------------------------------------------------------------

    def _new(self, number: int, activity: int, connection: int, peer: str) -> End:
        """Return an end as far as it is known; datagrams come to where their socket is."""
        end = End(number, activity, connection, peer=peer)
        whole = self._connections.get((activity, 0))
        if connection or not peer or whole is None or not self.ends[whole].local:
            return end
        end = end._replace(local=self.ends[whole].local, serves=self.ends[whole].serves)
        self._pair(end)
        return end

    def _is_stream(self, end: int) -> bool:
        """Tell whether an end is told of by events: a connection, or an activity as a whole."""
        one = self.ends[end]
        return bool(one.connection) or not one.peer

    def _place(self, number: int, local: str, peer: str, *, serves: bool) -> None:
        end = self.ends[number]._replace(local=local, peer=peer, serves=serves)
        self.ends[number] = end
        self._tries.pop(number, None)
        if peer:
            self._pair(end)
            if end.connection:
                self.placed.append(number)

    def _place_all(self, number: int, local: str, *, serves: bool) -> None:
        """Take in where a UDP socket is: all its datagrams are there."""
        self._place(number, local, "", serves=serves)
        activity = self.ends[number].activity
        for end in self.ends[number + 1 :]:  # few: it is told at first
            if end.activity == activity and not end.connection and not end.local:
                self._place(end.number, local, end.peer, serves=serves)

    def _pair(self, end: End) -> None:
        """Find the end that is the other one of this, or let it wait for that."""
        stream = bool(end.connection)
        other = (
            self._at.get((stream, end.peer))
            if end.serves
            else self._towards.get((stream, end.local))
        )
        if other is not None and self._fits(end, self.ends[other]):
            self._join(end.number, other)
            client, server = (self.ends[other], end) if end.serves else (end, self.ends[other])
            self._at.pop((stream, client.local), None)
            self._towards.pop((stream, server.peer), None)
        elif end.serves:
            _keep(self._towards, (stream, end.peer), end.number)
        else:
            _keep(self._at, (stream, end.local), end.number)

    def _fits(self, end: End, other: End) -> bool:
        """Tell whether each is where the other one is not, in its time.

        A server may listen everywhere. Somebody else may have had the same ports before: a
        connection is accepted after it was begun, and nobody connects to what does not listen yet.
        """
        client, server = (other, end) if end.serves else (end, other)
        if _port(server.local) != _port(client.peer):
            return False
        if not end.connection:
            return True
        if not self.times.keys() >= {client.number, server.number}:
            return False  # somebody else wrote the file
        begun, connected = self.times[client.number]
        accepted, _at = self.times[server.number]
        listener = self.whole(server.activity)
        listening, _at = self.times.get(-1 if listener is None else listener, (begun, begun))
        return accepted > begun - BLURRED_SECONDS and listening < connected + BLURRED_SECONDS

    def _join(self, one: int, other: int) -> None:
        self.partners[one], self.partners[other] = other, one
        self.joined.append((one, other))

    def _ask(self, number: int, kind: int, size: int, data: bytes) -> None:
        """Find the other end of a datagram's by what was sent, where no address tells it."""
        end = self.ends[number]
        if kind == SENT and not end.local:
            if len(self._asking) >= ASKING:
                del self._asking[next(iter(self._asking))]
            self._asking[number] = (_port(end.peer), size, data)
        elif kind == RECEIVED and end.serves and number not in self.partners:
            looked_for = (_port(end.local), size, data)
            for other, asked in self._asking.items():
                if asked == looked_for:
                    del self._asking[other]
                    self.ends[other] = self.ends[other]._replace(local=end.peer)
                    self._join(number, other)
                    return


def _keep(waiting: _Waiting, where: tuple[bool, str], number: int) -> None:
    if len(waiting) >= MOST_ENDS:
        del waiting[next(iter(waiting))]
    waiting[where] = number


def _port(address: str) -> str:
    return address.rpartition(":")[2]
