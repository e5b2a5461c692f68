"""What the kernel says of our sockets while somebody looks, and what a person sets about them.

Any thread may ask and never waits: the answer is what was seen last, and asking has it looked at
anew, `LOOK_SECONDS` after the look before at the earliest. Who does not ask costs nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from netlib.activities.base import Activity, TcpActivity, check_receive_buffer
from netlib.activities.udp_server import UdpServer
from netlib.address import Endpoint
from netlib.engine.loop import FOREVER, Engine
from netlib.engine.stream import Stream
from netlib.engine.tcp import BY_USER
from netlib.events import (
    AcceptingPaused,
    AcceptingResumed,
    ReadingPaused,
    ReadingResumed,
    ReceiveBufferSet,
)
from netlib.i18n import _
from netlib.system.clock import now
from netlib.system.sockets import local_endpoint, set_receive_buffer
from netlib.system.tcp_info import TcpInfo, tcp_info
from netlib.system.tcp_states import Pair, PairState, tcp_states
from netlib.value import value

if TYPE_CHECKING:
    from netlib.activities.serving import ServerConfig
    from netlib.protocols.impairment import Impairment

LOOK_SECONDS: Final = 0.1
SHARE: Final = 10
"""A look at all connections of the system waits as many times as long as the one before took."""
LOOKS_KEPT: Final = 64
PAIRS_KEPT: Final = 32
"""Connections that the system is asked for at once."""

Facts = TypeVar("Facts")


@value(kw_only=True)
class ConnectionFacts:
    """One of our TCP connections at a moment. Sizes in bytes, times by the monotonic clock."""

    at: float
    pair: Pair
    state: str
    """As far as we know, as RFC 9293, section 3.3.2 names it."""
    info: TcpInfo
    unsent: int
    """Waits in this program for room in the send buffer."""
    reading_paused: bool
    gives_up_at: float
    """When the write timeout passes; infinite: nothing waits."""
    other_end: tuple[int, int] | None
    """Activity and connection of the other end, if it is in this program."""


@value(kw_only=True)
class ListenerFacts:
    """One listening socket of a server at a moment."""

    local: Endpoint
    info: TcpInfo


@value(kw_only=True)
class ServerFacts:
    """The listening sockets of a server at a moment."""

    at: float
    listeners: tuple[ListenerFacts, ...]
    accepting_paused: bool
    reading_paused: bool
    """Of all connections, those to come included."""


@value(kw_only=True)
class PairFacts:
    """What the system said of the connections that were asked for; one that is missing is over."""

    at: float
    asked: frozenset[Pair]
    states: dict[Pair, PairState]
    refusal: str = ""
    """Why the system does not tell, in its words or to be translated; empty: it does."""
    seconds: float = 0.0
    """How long it took."""


class _Look(Generic[Facts]):
    """What was seen last, and when it may be looked at again."""

    def __init__(self) -> None:
        self.facts: Facts | None = None
        self.under_way = False
        self.next_at = 0.0

    def arrive(self, facts: Facts | None, pause: float = LOOK_SECONDS) -> None:
        """Keep what was seen."""
        self.facts = facts
        self.next_at = now() + pause
        self.under_way = False


class Kernel:
    """What the kernel says of the sockets of all activities. Methods: any thread, at once."""

    def __init__(self, activities: Mapping[int, Activity], engine: Engine) -> None:
        self._activities = activities
        self._engine = engine
        self._looks: OrderedDict[Hashable, _Look[Any]] = OrderedDict()
        self._wanted: OrderedDict[Pair, None] = OrderedDict()
        self._noting = threading.Lock()
        """Held by whoever notes what is wanted: the window, or the thread of a lesson."""

    # -- seeing ----------------------------------------------------------------------------------

    def connection(self, activity: int, connection: int) -> ConnectionFacts | None:
        """Return what was seen last of an open connection; None: nothing yet, or it is over."""
        found = self._activities.get(activity)
        for stream in [] if found is None else found.connections(connection):
            gather = partial(self._gather, stream)
            return self._seen((activity, connection), stream.engine, gather)
        return None

    def server(self, activity: int) -> ServerFacts | None:
        """Return what was seen last of a server's listeners; None: nothing yet, or it is over."""
        found = self._activities.get(activity)
        if not isinstance(found, TcpActivity) or not found.listeners:
            return None
        return self._seen(activity, found.engine, partial(_gather_server, found))

    def pairs(self, pairs: Iterable[Pair]) -> PairFacts | None:
        """Return what the system said last of connections, also of closed ones; None: nothing yet.

        It was asked for these and for those of the last calls: see `asked`.
        """
        with self._noting:
            for pair in pairs:
                self._wanted[pair] = None
                self._wanted.move_to_end(pair)
            while len(self._wanted) > PAIRS_KEPT:
                self._wanted.popitem(last=False)
            wanted = frozenset(self._wanted)
        return self._seen("pairs", self._engine, partial(self._ask_system, wanted))

    def look_again(self) -> None:
        """Something has happened: what was seen before is out of date."""
        with self._noting:
            looks = tuple(self._looks.values())
        for look in looks:
            look.next_at = 0.0

    def _seen(
        self, key: Hashable, engine: Engine, gather: Callable[[_Look[Facts]], None]
    ) -> Facts | None:
        with self._noting:
            look: _Look[Facts] = self._looks.setdefault(key, _Look())
            self._looks.move_to_end(key)
            if len(self._looks) > LOOKS_KEPT:
                self._looks.popitem(last=False)
            is_due = not look.under_way and now() >= look.next_at
            look.under_way = look.under_way or is_due
        if is_due:
            engine.call_soon_threadsafe(None, gather, look)
        return look.facts

    def _gather(self, stream: Stream, look: _Look[ConnectionFacts]) -> None:
        """Look at a connection; on its engine."""
        if stream.sock is None:
            look.arrive(None)
            return
        before = look.facts
        try:
            pair, info = Pair(local_endpoint(stream.sock), stream.peer), tcp_info(stream.sock)
            other_end = (before and before.other_end) or _other_end(self._activities, pair)
        except OSError:  # reset, and so without ends: its engine is about to hear of it
            look.arrive(before)
            return
        look.arrive(
            ConnectionFacts(
                at=now(),
                pair=pair,
                state=stream.state.rfc_name,
                info=info,
                unsent=stream.unsent_bytes,
                reading_paused=bool(stream.paused & BY_USER),
                gives_up_at=stream.deadline if stream.buffered else FOREVER,
                other_end=other_end,
            )
        )

    def _ask_system(self, pairs: frozenset[Pair], look: _Look[PairFacts]) -> None:
        def done(facts: PairFacts) -> None:
            look.arrive(facts, max(LOOK_SECONDS, SHARE * facts.seconds))

        self._engine.in_thread(self, partial(_system_states, pairs), done)

    def crashed(self, trace: str) -> None:
        """A bug of ours in a look: what was seen before stays, and it is looked at again."""
        for look in tuple(self._looks.values()):
            look.under_way = False

    # -- setting ---------------------------------------------------------------------------------

    def pause_reading(self, activity: int, connection: int | None = None) -> None:
        """Read nothing from one connection, or (None) from all of an activity and those to come.

        Over UDP: nothing that is sent to a server.
        """
        _command_reading(self._activities, activity, True, connection)

    def resume_reading(self, activity: int, connection: int | None = None) -> None:
        """Read again from one connection, or (None) from all of an activity."""
        _command_reading(self._activities, activity, False, connection)

    def pause_accepting(self, activity: int) -> None:
        """Let who connects to a server wait in its accept queue."""
        _command(self._activities, activity, _set_accepting, True)

    def resume_accepting(self, activity: int) -> None:
        """Accept again, first who waits."""
        _command(self._activities, activity, _set_accepting, False)

    def set_receive_buffer(self, activity: int, size: int, connection: int | None = None) -> None:
        """Ask for a receive buffer of `size` bytes; ReceiveBufferSet follows. Raises ValueError.

        For one connection, or (None) for all of an activity and those to come.
        """
        check_receive_buffer(size)
        _command(self._activities, activity, _set_receive_buffer, size, connection)

    def impair(self, activity: int, up: Impairment, down: Impairment) -> None:
        """Do this to what crosses a relay from now on, to the server and to the client.

        Raises ValueError for what is no relay, and what cannot be done over its transport.
        """
        from netlib.activities.impaired_link import check_impairments
        from netlib.activities.relay import TcpRelay, impair
        from netlib.activities.udp_relay import UdpRelay

        relay = self._activities.get(activity)
        if relay is None:
            return
        if not isinstance(relay, TcpRelay | UdpRelay):
            raise ValueError(_("Only a relay can be impaired."))  # noqa: TRY004 - a script's mistake
        check_impairments(relay.config.transport, up, down)
        relay.engine.call_soon_threadsafe(relay, impair, relay, relay.link, up, down)


def _command(
    activities: Mapping[int, Activity], activity: int, what: Callable[..., None], *arguments: Any
) -> None:
    """Have the engine of a TCP activity set something about it."""
    found = activities.get(activity)
    if isinstance(found, TcpActivity):
        found.engine.call_soon_threadsafe(found, what, found, *arguments)


def _command_reading(
    activities: Mapping[int, Activity], activity: int, paused: bool, connection: int | None
) -> None:
    """Have the engine of an activity pause reading, or go on."""
    found = activities.get(activity)
    if isinstance(found, UdpServer):
        found.engine.call_soon_threadsafe(found, partial(found.set_reading, paused=paused))
    else:
        _command(activities, activity, _set_reading, paused, connection)


def _other_end(activities: Mapping[int, Activity], pair: Pair) -> tuple[int, int] | None:
    """Find the other end of a connection among ours; where hosts differ it is not."""
    if pair.local.host != pair.peer.host:
        return None
    for activity in tuple(activities.values()):
        for stream in tuple(activity.streams.values()):
            sock = stream.sock
            if stream.peer == pair.local and sock and local_endpoint(sock) == pair.peer:
                return activity.activity, stream.connection
    return None


def _gather_server(server: TcpActivity, look: _Look[ServerFacts]) -> None:
    """Look at a server's listeners; on its engine."""
    try:
        listeners = tuple(
            ListenerFacts(local=local_endpoint(one.sock), info=tcp_info(one.sock))
            for one in server.listeners
        )
    except OSError:  # they are closed
        look.arrive(None)
        return
    look.arrive(
        ServerFacts(
            at=now(),
            listeners=listeners,
            accepting_paused=any(one.paused for one in server.listeners),
            reading_paused=server.reading_paused,
        )
    )


def _system_states(pairs: frozenset[Pair]) -> PairFacts:
    """Ask for all connections of the system; in a worker's thread."""
    begun = now()
    states, refusal = {}, ""
    try:
        states = tcp_states(pairs)
    except OSError as refused:
        refusal = refused.strerror or str(refused)
    at = now()
    return PairFacts(at=at, asked=pairs, states=states, refusal=refusal, seconds=at - begun)


# -- on the engine of an activity ------------------------------------------------------------------


def begin_paused(server: TcpActivity, config: ServerConfig) -> None:
    """Pause what shall be paused before anything has been accepted or read."""
    if config.reading_paused:
        _set_reading(server, True, None)
    if config.accepting_paused:
        _set_accepting(server, True)


def _set_reading(activity: TcpActivity, paused: bool, connection: int | None) -> None:
    whole = connection is None and bool(activity.listeners)
    for stream in activity.connections(connection):
        stream.engine.run(stream, _set_stream, activity, stream, paused, whole)
    if connection is None and activity.reading_paused is not paused:
        activity.reading_paused = paused
        if whole:
            _tell_reading(activity, activity.engine, 0, paused)


def _set_stream(activity: TcpActivity, stream: Stream, paused: bool, silent: bool) -> None:
    change = activity.pause_reading if paused else activity.resume_reading
    if change(stream) and not silent:
        _tell_reading(activity, stream.engine, stream.connection, paused)


def _tell_reading(activity: TcpActivity, engine: Engine, connection: int, paused: bool) -> None:
    kind = ReadingPaused if paused else ReadingResumed
    activity.emit(kind(at=engine.now, activity=activity.activity, connection=connection))


def _set_accepting(server: TcpActivity, paused: bool) -> None:
    changed = [one for one in server.listeners if one.paused is not paused]
    for listener in changed:
        (listener.pause if paused else listener.resume)()
    if changed:
        kind = AcceptingPaused if paused else AcceptingResumed
        server.emit(kind(at=server.engine.now, activity=server.activity))


def _set_receive_buffer(activity: TcpActivity, size: int, connection: int | None) -> None:
    whole = connection is None and bool(activity.listeners)
    for stream in activity.connections(connection):
        stream.engine.run(stream, _set_buffer_of, activity, stream, size, whole)
    if whole:
        (given, *_others) = [set_receive_buffer(one.sock, size) for one in activity.listeners]
        _tell_buffer(activity, activity.engine, 0, size, given)


def _set_buffer_of(activity: TcpActivity, stream: Stream, size: int, silent: bool) -> None:
    if stream.sock is None:
        return
    given = set_receive_buffer(stream.sock, size)
    if not silent:
        _tell_buffer(activity, stream.engine, stream.connection, size, given)


def _tell_buffer(
    activity: TcpActivity, engine: Engine, connection: int, asked: int, given: int
) -> None:
    activity.emit(
        ReceiveBufferSet(
            at=engine.now,
            activity=activity.activity,
            connection=connection,
            asked=asked,
            given=given,
        )
    )
