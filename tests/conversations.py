"""Conversations for tests of pictures: calls of several clients and a server, matched by place."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.events import Closed, CloseReason, Connected, Connecting, Event, Transport
from netlib.teaching.calls import EVENT, RECEIVED, SENT, Call, End, Part
from netlib.teaching.ladder import Rung, Seen, rungs

SERVER = Endpoint("127.0.0.1", 8080)
DATA = (b"hello\n", "你好，世界\n".encode(), b"\x00\xff\xfe]]><script>", b"x" * 70_000)
PAUSES = (0.0, 0.0001, 0.4, 2.0, 4000.0)


@dataclass
class Stream:
    """What one end has sent, and how much of it the other end has received."""

    sent: list[tuple[int, int, int]] = field(default_factory=list)
    """Number of the call, and where its bytes begin and end."""
    total: int = 0
    received: int = 0


class Conversation:
    """Calls as they come, each matched with those at the other end."""

    def __init__(self, clients: int, known: bool) -> None:
        """`known`: both ends are in the recording, or only those of the clients."""
        self._known = known
        self.ends = [
            *(_client(number) for number in range(clients)),
            *(_served(number, clients) for number in range(clients)),
        ]
        self._clients = clients
        self._streams = {end.number: Stream() for end in self.ends}
        self._at = 1.0
        self.seen: list[Seen] = []

    def _other(self, end: int) -> int:
        return (end + self._clients) % (2 * self._clients)

    def _add(self, end: int, kind: int, **more: object) -> Seen:
        number = len(self.seen)
        call = Call(number, self._at, self._at, end, kind, number, **more)  # type: ignore[arg-type]
        row = Seen(call, self._other(end) if self._known else None)
        self.seen.append(row)
        return row

    def _meet(self, sender: int, receiver: int, begin: int, end: int) -> None:
        """Say of two calls that they have the same bytes."""
        for one, other in ((sender, receiver), (receiver, sender)):
            start = self.seen[one].call.offset
            part = Part(other, begin - start, end - start)
            self.seen[one] = self.seen[one]._replace(parts=(*self.seen[one].parts, part))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._at += seconds

    def send(self, end: int, data: bytes) -> None:
        """Send from an end."""
        stream = self._streams[end]
        number = len(self.seen)
        self._add(end, SENT, offset=stream.total, size=len(data), data=data[:256])
        stream.sent.append((number, stream.total, stream.total + len(data)))
        stream.total += len(data)

    def receive(self, end: int, most: int) -> None:
        """Receive at an end what the other one has sent, as far as it has."""
        stream = self._streams[self._other(end)]
        begin, stop = stream.received, min(stream.total, stream.received + most)
        if begin == stop or not self._known:
            return
        number = len(self.seen)
        self._add(end, RECEIVED, offset=begin, size=stop - begin, data=b"r" * min(stop - begin, 99))
        stream.received = stop
        for call, start, until in stream.sent:
            if start < stop and until > begin:
                self._meet(call, number, max(start, begin), min(until, stop))

    def lose(self, end: int, data: bytes) -> None:
        """Send what never arrives."""
        self._add(end, SENT, size=len(data), data=data)
        self.seen[-1] = self.seen[-1]._replace(missed=True)

    def happen(self, end: int, event: Event) -> None:
        """Let an event happen at an end."""
        self._add(end, EVENT, event=event)

    def rungs(self) -> list[Rung]:
        """Return the rows of the ladder."""
        return rungs(self.seen, self.ends)


def _client(number: int) -> End:
    local = f"127.0.0.1:{50_000 + number}"
    return End(number, number + 2, number + 2, local, str(SERVER))


def _served(number: int, clients: int) -> End:
    peer = f"127.0.0.1:{50_000 + number}"
    return End(clients + number, 1, 100 + number, str(SERVER), peer, serves=True)


def _event(kind: str, end: End) -> Event:
    if kind == "connecting":
        return Connecting(at=1.0, activity=end.activity, peer=SERVER)
    if kind == "closed":
        return Closed(
            at=1.0,
            activity=end.activity,
            connection=end.connection,
            reason=CloseReason.BY_US,
        )
    return Connected(
        at=1.0,
        activity=end.activity,
        connection=end.connection,
        transport=Transport.TCP,
        local=Endpoint("127.0.0.1", 50_000),
        peer=SERVER,
        resolve_seconds=0.0,
        connect_seconds=0.001,
    )


@st.composite
def conversations(draw: st.DrawFn) -> list[Rung]:
    """Draw the rows of any conversation: sends, receives, losses, events, and pauses."""
    clients = draw(st.integers(1, 5))
    talk = Conversation(clients, known=draw(st.booleans()))
    steps = st.tuples(
        st.sampled_from(
            ["send", "receive", "receive", "lose", "connecting", "connected", "closed"]
        ),
        st.integers(0, 2 * clients - 1),
        st.sampled_from(PAUSES),
    )
    for what, end, pause in draw(st.lists(steps, min_size=1, max_size=20)):
        talk.wait(pause)
        if what == "send":
            talk.send(end, draw(st.sampled_from(DATA)))
        elif what == "receive":
            talk.receive(end, draw(st.sampled_from([1, 7, 1 << 20])))
        elif what == "lose":
            talk.lose(end, draw(st.sampled_from(DATA[:3])))
        else:
            talk.happen(end, _event(what, talk.ends[end]))
    return talk.rungs()
