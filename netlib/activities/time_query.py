"""Asking a UDP time server once or n times: RFC 3339 text (the tutorial's), NTP or daytime.

Most of them have no query number, so a late answer could be taken for the answer to the next
query. Each try therefore has a socket of its own: what comes late finds nobody.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from netlib.activities.base import Runtime, UdpActivity, check_target
from netlib.activities.counters import Totals
from netlib.activities.udp_client import open_udp
from netlib.address import Endpoint
from netlib.engine.datagram import DatagramSocket
from netlib.engine.loop import Timer
from netlib.engine.resolver import Address, Answer, Family
from netlib.errors import NetError, Operation, timed_out
from netlib.events import PortUnreachable, TimeLost, TimeReply
from netlib.protocols.time_protocols import TIME_PROTOCOLS
from netlib.system.clock import now, wall_clock
from netlib.value import value


@value(kw_only=True)
class TimeConfig:
    """Whom to ask, and how often. Times in seconds."""

    endpoint: Endpoint
    family: Family = Family.ANY
    count: int = 1
    interval: float = 1.0
    """From one query to the next."""
    timeout: float = 2.0
    """How long one try waits for its answer."""
    retries: int = 0
    """How often an unanswered query is asked again."""
    protocol: str = "rfc3339"
    """One of `TIME_PROTOCOLS`."""

    def __post_init__(self) -> None:
        """Refuse what cannot work. Raises ValueError."""
        check_target(self.endpoint, self.timeout)
        if self.count < 1 or self.interval < 0 or self.retries < 0:
            raise ValueError(f"{self.count} queries, {self.interval} s, {self.retries} retries")
        if self.protocol not in TIME_PROTOCOLS:
            raise ValueError(f"time protocol {self.protocol}")


class TimeQuery(UdpActivity):
    """Queries a time server `count` times, then stops by itself."""

    def __init__(self, activity: int, runtime: Runtime, config: TimeConfig) -> None:
        super().__init__(activity, runtime)
        self.config = config
        self._protocol = TIME_PROTOCOLS[config.protocol]
        self._address: Address | None = None
        self._socket: DatagramSocket | None = None
        self._timer: Timer | None = None
        self._number = self._tries = 0
        self._asked_at = self._began_at = 0.0
        self._asked_wall = 0.0
        self._gone = Totals(0, 0, 0)

    def open(self) -> None:
        """Look the name up, then ask."""
        config = self.config
        self._plan(config.timeout, self._look_up_timed_out)
        self.resolve(config.endpoint, socket.SOCK_DGRAM, config.family, self._on_answer)

    def _on_answer(self, answer: Answer, _seconds: float) -> None:
        if isinstance(answer, NetError):
            self.fail(answer)
            return
        self._address = answer[0]
        self._ask_next()

    def _ask_next(self) -> None:
        self._number += 1
        self._tries = 0
        self._began_at = now()
        self._ask()

    def _ask(self) -> None:
        assert self._address is not None
        opened = open_udp(self, self.engine, self._address)
        if isinstance(opened, NetError):
            self.fail(opened)
            return
        self._tries += 1
        self._socket = opened
        self._plan(self.config.timeout, self._on_silence)
        self._asked_wall, self._asked_at = wall_clock.now(), now()
        opened.send(self._protocol.query(self._asked_wall))

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """The answer: work out what it tells; what answers another query is let pass."""
        told = self._protocol.read(data, self._asked_wall, now() - self._asked_at)
        if told is None:
            return None
        self.emit(
            TimeReply(
                at=self.engine.now,
                activity=self.activity,
                peer=peer,
                number=self._number,
                text=told.text,
                rtt_seconds=told.rtt,
                offset_seconds=told.offset,
                precision_seconds=told.precision,
                stratum=told.stratum,
            )
        )
        self._query_over()
        return None

    def _on_silence(self) -> None:
        self._hang_up()
        if self._tries <= self.config.retries:
            self._ask()
            return
        self.emit(
            TimeLost(
                at=self.engine.now, activity=self.activity, number=self._number, tries=self._tries
            )
        )
        self._query_over()

    def _query_over(self) -> None:
        self._hang_up()
        if self._number >= self.config.count:
            self.stop()
        else:
            due = self._began_at + self.config.interval - now()
            self._plan(max(0.0, due), self._ask_next)

    def unreachable(self, event: PortUnreachable) -> None:
        """Nobody has the port: do not wait for an answer that cannot come."""
        self.emit(event)
        self._plan(0.0, self._on_silence)

    def _plan(self, seconds: float, call: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.engine.call_later(seconds, self, call)

    def _hang_up(self) -> None:
        if self._timer:
            self._timer.cancel()
        total, sock, self._socket = self.totals(), self._socket, None
        if sock is not None:
            sock.close()
        self._gone = total

    def _look_up_timed_out(self) -> None:
        self.fail(timed_out(Operation.RESOLVE, self.config.endpoint, self.config.timeout))

    def totals(self) -> Totals:
        """Return what crossed the wire so far, over the sockets of all tries; from any thread."""
        gone, sock = self._gone, self._socket
        if sock is None:
            return gone
        return Totals(
            gone.received + sock.bytes_in, gone.sent + sock.bytes_out, gone.messages + sock.received
        )

    def release(self) -> None:
        """Wait for nothing any more."""
        self._hang_up()
