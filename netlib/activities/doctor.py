"""The doctor: how far one gets on the path to a server, step by step, without sending a byte.

name → addresses → routes → connect → reply. Where a connection fails it looks for what tells causes
apart: who listens here, who answers in the own network, whether the default router does. Only facts
are gathered; what they mean is said in `teaching.doctor`.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from netlib.activities.base import Runtime, TcpActivity, check_target
from netlib.activities.counters import Totals
from netlib.address import Endpoint
from netlib.engine.connector import ConnectedSocket, HappyEyeballs
from netlib.engine.loop import Timer
from netlib.engine.resolver import Address, Answer, Family, look_up_numeric
from netlib.engine.stream import Stream
from netlib.engine.tcp import ConnectionOptions
from netlib.errors import Cause, NetError, Operation, timed_out
from netlib.events import CloseReason, Connected, Connecting, Diagnosed, Transport
from netlib.path import Attempt, Path, Reply, Via
from netlib.protocols.handler import Handler
from netlib.system.clock import now
from netlib.system.netlink import is_neighbour
from netlib.system.port_owner import listening_addresses
from netlib.system.routes import ASKS_PERMISSION, Survey, default_router, survey
from netlib.system.sockets import local_endpoint
from netlib.value import replace, value

ROUTER_PORTS: Final = (53, 80, 443)
"""Where a router most likely answers, if only with RST: DNS and its own pages."""
ROUTER_SECONDS: Final = 1.5
"""How long its answer is waited for."""
FIRST_BYTES: Final = 64
"""How many of a server's first bytes are kept to be shown."""


@value(kw_only=True)
class DoctorConfig:
    """Whose path is looked at. Times in seconds."""

    endpoint: Endpoint
    family: Family = Family.ANY
    timeout: float = 5.0
    """For the look-up; and again for connecting."""
    reply_wait: float = 1.0
    """How long a server is listened to that may have nothing to say before it is asked."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        check_target(self.endpoint, self.timeout)


class Doctor(TcpActivity):
    """One look at a path; its last Diagnosed holds everything."""

    options = ConnectionOptions(duplex=True)

    def __init__(self, activity: int, runtime: Runtime, config: DoctorConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.path = Path(target=config.endpoint, asks_permission=ASKS_PERMISSION)
        self._addresses: list[Address] = []
        self._begun = 0.0
        """When the step before was over."""
        self._timer: Timer | None = None
        self.connecting: HappyEyeballs | None = None
        """The attempts that are, or were, under way."""
        self._stream: Stream | None = None

    def open(self) -> None:
        """Look the name up."""
        config = self.config
        late = timed_out(Operation.RESOLVE, config.endpoint, config.timeout)
        self.limit(config.timeout, partial(self._on_answer, late, config.timeout))
        self.resolve(config.endpoint, socket.SOCK_STREAM, config.family, self._on_answer)

    def _on_answer(self, answer: Answer, seconds: float) -> None:
        if self.path.name_seconds is not None:  # it comes too late
            return
        if isinstance(answer, NetError):
            self.learn(name_seconds=seconds, name_error=answer)
            self.stop()
            return
        self._addresses = answer
        peers = tuple(address.endpoint for address in answer)
        self.learn(name_seconds=seconds, addresses=peers)
        self.engine.in_thread(self, partial(survey, peers), self._on_survey)

    def _on_survey(self, found: Survey) -> None:
        if self._stopping:
            return
        seconds = now() - self._begun
        self.learn(routes=found.routes, networks=found.networks, route_seconds=seconds)
        lost = {route.peer for route in found.routes if route.error is not None}
        if reachable := [one for one in self._addresses if one.endpoint not in lost]:
            _Attempts(self, reachable).begin(self.config.timeout)
        else:
            self.stop()

    def await_reply(self, connected: ConnectedSocket) -> None:
        """A connection stands: listen to what the server says first."""
        peer, number = connected.address.endpoint, next(self.runtime.connections)
        listener = _Listener(self)
        stream = Stream(self, self.engine, connected.sock, number, peer=peer, handler=listener)
        self._stream = self.streams[number] = stream
        self.emit(
            Connected(
                at=self.engine.now,
                activity=self.activity,
                connection=number,
                transport=Transport.TCP,
                local=local_endpoint(connected.sock),
                peer=peer,
                resolve_seconds=self.path.name_seconds or 0.0,
                connect_seconds=connected.seconds,
            )
        )
        self.learn(connected=True)
        self.limit(self.config.reply_wait, partial(listener.time_out, stream))
        stream.open()

    def replied(
        self, data: bytes = b"", *, finished: bool = False, error: NetError | None = None
    ) -> None:
        """The server has said something, has ended, or was silent: the first of these counts."""
        if self.path.reply is None and not self._stopping:
            seconds = now() - self._begun
            first = data[:FIRST_BYTES]
            self.learn(reply=Reply(seconds=seconds, data=first, finished=finished, error=error))

    def connection_closed(self, connection: int) -> None:
        """The connection is over, and with it this activity."""
        peer = self.path.decisive.peer if self.path.decisive else self.config.endpoint
        self.replied(error=NetError(Operation.RECEIVE, Cause.RESET, endpoint=peer))
        super().connection_closed(connection)
        self.stop()

    # -- why there is no connection --------------------------------------------------------------

    def find_cause(self) -> None:
        """Ask the system what may tell why."""
        attempt = self.path.decisive
        if attempt is None:  # all has been tried that was to be
            self.stop()
            return
        via = self.path.route_to(attempt.peer).via
        self.engine.in_thread(self, partial(_evidence, attempt.peer, via), self._on_evidence)

    def _on_evidence(self, found: _Evidence) -> None:
        if self._stopping:
            return
        self.path = replace(
            self.path,
            listeners=found.listeners,
            is_neighbour=found.is_neighbour,
            default_router=found.default_router,
        )
        if found.default_router:
            _Router(self, found.default_router).begin(ROUTER_SECONDS)
        else:
            self.conclude(None)

    def conclude(self, router_answers: bool | None) -> None:
        """There is no connection, and this is all that can be known of it; once."""
        if self._stopping:
            return
        self.learn(connected=False, router_answers=router_answers)
        self.stop()

    # -- what is known ---------------------------------------------------------------------------

    def learn(self, **found: object) -> None:
        """A step is over: tell what is known now."""
        self.path = replace(self.path, **found)
        self._begun = now()
        self.emit(Diagnosed(at=self.engine.now, activity=self.activity, path=self.path))

    def limit(self, seconds: float, call: Callable[[], None]) -> None:
        """Have `call` called unless the step is over before, or another limit is set."""
        if self._timer:
            self._timer.cancel()
        self._timer = self.engine.call_later(seconds, self, call)

    def give_up(self) -> None:
        """Wait no longer for what is under way."""
        if self._timer:
            self._timer.cancel()
        if self.connecting:
            self.connecting.give_up()

    def release(self) -> None:
        """Wait for nothing any more."""
        self.give_up()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        stream = self._stream
        return Totals(0, 0, 0) if stream is None else Totals(stream.received, stream.sent, 0)


class _Connecting(ABC):
    """Some addresses that the doctor connects to; the owner of the attempts."""

    def __init__(self, doctor: Doctor, addresses: list[Address]) -> None:
        self.doctor = doctor
        self.attempts = HappyEyeballs(doctor.engine, self, addresses, self.missed)

    def begin(self, seconds: float) -> None:
        """Send the first SYN; so many seconds are allowed."""
        self.doctor.connecting = self.attempts
        self.doctor.limit(seconds, self.time_out)
        self.attempts.go_on()

    def trying(self, address: Address) -> None:
        """A SYN is on its way."""
        doctor = self.doctor
        event = Connecting(at=doctor.engine.now, activity=doctor.activity, peer=address.endpoint)
        doctor.emit(event)

    @abstractmethod
    def missed(self, error: NetError, seconds: float) -> None:
        """One address has said no."""

    @abstractmethod
    def reached(self, connected: ConnectedSocket) -> None:
        """One address has answered."""

    @abstractmethod
    def fail(self, error: NetError) -> None:
        """All have said no."""

    @abstractmethod
    def time_out(self) -> None:
        """The time is over."""

    def crashed(self, trace: str) -> None:
        """A bug of ours: the doctor's to show."""
        self.doctor.crashed(trace)


class _Attempts(_Connecting):
    """The addresses of the server."""

    def __init__(self, doctor: Doctor, addresses: list[Address]) -> None:
        super().__init__(doctor, addresses)
        self._tried: dict[Endpoint, float] = {}
        """When each SYN was sent that has no answer."""

    def trying(self, address: Address) -> None:
        """Remember when that was."""
        self._tried[address.endpoint] = now()
        super().trying(address)

    def missed(self, error: NetError, seconds: float) -> None:
        """Note why, and after what time."""
        peer = error.endpoint or self.doctor.config.endpoint
        self._tried.pop(peer, None)
        self._note(Attempt(peer=peer, seconds=seconds, error=error))

    def reached(self, connected: ConnectedSocket) -> None:
        """Note it, and listen."""
        peer, local = connected.address.endpoint, local_endpoint(connected.sock)
        self._note(Attempt(peer=peer, seconds=connected.seconds, local=local))
        self.doctor.give_up()
        self.doctor.await_reply(connected)

    def fail(self, error: NetError) -> None:
        """Find out why; `missed` has noted what each said."""
        self.doctor.give_up()
        self.doctor.find_cause()

    def time_out(self) -> None:
        """Note that nothing came from those that are left."""
        limit = self.doctor.config.timeout
        for peer, begun in self._tried.items():
            error = timed_out(Operation.CONNECT, peer, limit)
            self._note(Attempt(peer=peer, seconds=now() - begun, error=error))
        self.doctor.give_up()
        self.doctor.find_cause()

    def _note(self, attempt: Attempt) -> None:
        path = self.doctor.path
        self.doctor.path = replace(path, attempts=(*path.attempts, attempt))


class _Router(_Connecting):
    """The default router: any answer of its TCP will do, and so will one to ARP."""

    def __init__(self, doctor: Doctor, host: str) -> None:
        kind = socket.SOCK_STREAM
        found = [look_up_numeric(Endpoint(host, port), kind, Family.ANY) for port in ROUTER_PORTS]
        super().__init__(doctor, [address for one in found for address in one or ()])
        self._host = host

    def missed(self, error: NetError, seconds: float) -> None:
        """RST is an answer."""
        if error.cause is Cause.REFUSED:
            self._conclude(True)

    def reached(self, connected: ConnectedSocket) -> None:
        """So is SYN-ACK."""
        connected.sock.close()
        self._conclude(True)

    def fail(self, error: NetError) -> None:
        """See whether it answers ARP at least."""
        doctor = self.doctor
        if doctor.path.connected is None:
            doctor.give_up()
            doctor.engine.in_thread(doctor, partial(is_neighbour, self._host), doctor.conclude)

    def time_out(self) -> None:
        """See whether it answers ARP at least."""
        doctor = self.doctor
        doctor.give_up()
        doctor.engine.in_thread(doctor, partial(is_neighbour, self._host), doctor.conclude)

    def _conclude(self, answers: bool) -> None:
        self.doctor.give_up()
        self.doctor.conclude(answers)


class _Listener(Handler):
    """Hears what a server says before it is asked; says nothing."""

    def __init__(self, doctor: Doctor) -> None:
        super().__init__()
        self._doctor = doctor

    def received(self, data: bytes) -> bytes:
        """Hear the first words, and end."""
        self._doctor.replied(data)
        self.close_reason = CloseReason.BY_US
        return b""

    def finished(self) -> bytes:
        """Hear that there are none."""
        self._doctor.replied(finished=True)
        return b""

    def time_out(self, stream: Stream) -> None:
        """Nothing came: end what nobody will go on with."""
        self._doctor.replied()
        stream.end(CloseReason.BY_US)


class _Evidence(NamedTuple):
    """What the system knows after a connection has failed."""

    listeners: tuple[str, ...] | None = None
    is_neighbour: bool | None = None
    default_router: str = ""
    """Empty also where it can tell nothing."""


def _evidence(peer: Endpoint, via: Via) -> _Evidence:
    """Ask the system what tells causes apart. Blocks."""
    if via is Via.OWN:
        return _Evidence(listeners=listening_addresses(peer.port))
    if via is Via.DIRECT:
        host, router = peer.host.partition("%")[0], default_router(peer.host)
        return _Evidence(None, is_neighbour(host), "" if router == host else router)
    return _Evidence()
