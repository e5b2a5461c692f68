"""The doctor: how far one gets on the path to a server, step by step, without sending a byte.

name → addresses → routes → connect → reply. Where a connection fails it looks for what tells causes
apart: who listens here, who answers in the own network, whether the default router does. Only facts
are gathered; what they mean is said in `teaching.doctor`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from typing import Final

from netlib.activities.base import Runtime, TcpActivity, check_target
from netlib.activities.counters import Totals
from netlib.address import UNSPECIFIED, Endpoint, is_unicast
from netlib.engine.connector import ConnectedSocket, HappyEyeballs
from netlib.engine.loop import Timer
from netlib.engine.resolver import Address, Answer, Family
from netlib.engine.stream import Stream
from netlib.errors import Cause, NetError, Operation, timed_out
from netlib.events import CloseReason, Connecting, Diagnosed
from netlib.path import Attempt, NetPath, Reply
from netlib.protocols.handler import Handler
from netlib.system.clock import now
from netlib.system.evidence import Evidence, evidence
from netlib.system.routes import ASKS_PERMISSION, Survey, survey
from netlib.system.sockets import local_endpoint
from netlib.value import replace, value

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

    def __init__(self, activity: int, runtime: Runtime, config: DoctorConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self.path = NetPath(target=config.endpoint, asks_permission=ASKS_PERMISSION)
        self._addresses: list[Address] = []
        self._begun = 0.0
        """When the step before was over."""
        self._timer: Timer | None = None
        self._attempts: _Attempts | None = None
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
        self.learn(**found._asdict())
        routed = {route.peer for route in found.routes if route.error is None}
        if addresses := [one for one in self._addresses if one.endpoint in routed and _usable(one)]:
            self._attempts = _Attempts(self, addresses)
            self._attempts.begin(self.config.timeout)
        else:
            self.stop()

    def await_reply(self, connected: ConnectedSocket) -> None:
        """A connection stands: listen to what the server says first."""
        peer, number = connected.address.endpoint, next(self.runtime.connections)
        listener = _Listener(self)
        stream = Stream(self, self.engine, connected.sock, number, peer=peer, handler=listener)
        self._stream = self.streams[number] = stream
        self.tell_connected(stream, connected, self.path.name_seconds or 0.0)
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
        self.release()
        assert self.path.decisive is not None, "somebody was tried"
        route = self.path.route_to(self.path.decisive.peer)
        self.engine.in_thread(self, partial(evidence, route), self._on_evidence)

    def _on_evidence(self, found: Evidence) -> None:
        if not self._stopping:
            self.learn(connected=False, **found._asdict())
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

    def release(self) -> None:
        """Wait no longer for what is under way."""
        if self._timer:
            self._timer.cancel()
        if self._attempts:
            self._attempts.give_up()

    def totals(self) -> Totals:
        """Return what crossed the wire so far; from any thread."""
        stream = self._stream
        return Totals(0, 0, 0) if stream is None else Totals(stream.received, stream.sent, 0)


def _usable(address: Address) -> bool:
    host = address.endpoint.host
    return host not in UNSPECIFIED and is_unicast(host)


class _Attempts:
    """The addresses of the server, connected to one beside the other; what came of each."""

    def __init__(self, doctor: Doctor, addresses: list[Address]) -> None:
        self._doctor = doctor
        self._tried: dict[Endpoint, float] = {}
        """When each SYN was sent that has no answer."""
        self._attempts = HappyEyeballs(doctor.engine, self, addresses, self._on_refusal)

    def begin(self, seconds: float) -> None:
        """Send the first SYN; so many seconds are allowed."""
        self._doctor.limit(seconds, self._time_out)
        self._attempts.go_on()

    def trying(self, address: Address) -> None:
        """Remember when that was."""
        doctor, peer = self._doctor, address.endpoint
        self._tried[peer] = now()
        doctor.emit(Connecting(at=doctor.engine.now, activity=doctor.activity, peer=peer))

    def reached(self, connected: ConnectedSocket) -> None:
        """Note it, and listen."""
        peer, local = connected.address.endpoint, local_endpoint(connected.sock)
        self._note(Attempt(peer=peer, seconds=connected.seconds, local=local))
        self._doctor.await_reply(connected)

    def fail(self, error: NetError) -> None:
        """Find out why: what each address said has been noted."""
        self._doctor.find_cause()

    def give_up(self) -> None:
        """Wait for no answer any more."""
        self._attempts.give_up()

    def crashed(self, trace: str) -> None:
        """A bug of ours: the doctor's to show."""
        self._doctor.crashed(trace)

    def _time_out(self) -> None:
        """Note that nothing came from those that are left."""
        for peer, begun in self._tried.items():
            error = timed_out(Operation.CONNECT, peer, self._doctor.config.timeout)
            self._note(Attempt(peer=peer, seconds=now() - begun, error=error))
        self._doctor.find_cause()

    def _on_refusal(self, error: NetError, seconds: float) -> None:
        """Note why, and after what time."""
        peer = error.endpoint or self._doctor.config.endpoint
        self._tried.pop(peer, None)
        self._note(Attempt(peer=peer, seconds=seconds, error=error))

    def _note(self, attempt: Attempt) -> None:
        path = self._doctor.path
        self._doctor.path = replace(path, attempts=(*path.attempts, attempt))


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
