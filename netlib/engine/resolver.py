"""Looking up names: getaddrinfo, which blocks; run it with `Engine.in_thread`.

A look-up that was cancelled is abandoned: its thread goes on to other work when the system answers,
and nobody listens. Who asks the same meanwhile waits for the same answer. Numeric addresses need no
look-up and no thread.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from enum import IntEnum
from functools import partial

from netlib.address import Endpoint
from netlib.engine.loop import Engine, Owner, guard
from netlib.errors import NetError, Operation, from_oserror
from netlib.system.sockets import LOCAL, SockAddr, without_idna
from netlib.value import value


class Family(IntEnum):
    """Which versions of IP may be used."""

    ANY = socket.AF_UNSPEC
    IPV4 = socket.AF_INET
    IPV6 = socket.AF_INET6


@value()
class Address:
    """One address a name stands for."""

    family: int
    sockaddr: SockAddr

    @property
    def endpoint(self) -> Endpoint:
        """Return it as people write it."""
        return Endpoint.from_sockaddr(self.sockaddr)


Answer = list[Address] | NetError


Question = tuple[Endpoint, socket.SocketKind, Family]


class LookUps:
    """The look-ups under way, one for each question. Belongs to the engine thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._under_way: dict[Question, _LookUp] = {}

    def ask(self, owner: Owner, question: Question, hear: Callable[[Answer], None]) -> None:
        """Have `hear` told the answer; a bug in it is the end of `owner`."""
        under_way = self._under_way.get(question)
        if under_way is not None:
            under_way.waiting.append((owner, hear))
            return
        begun = self._under_way[question] = _LookUp(
            (owner, hear), partial(self._under_way.pop, question)
        )
        answered = partial(self._answered, question)
        self._engine.in_thread(begun, partial(look_up, *question), answered)

    def _answered(self, question: Question, answer: Answer) -> None:
        for owner, hear in self._under_way.pop(question).waiting:
            guard(owner, hear, answer)


class _LookUp:
    """One question, and who waits for the answer."""

    def __init__(
        self, first: tuple[Owner, Callable[[Answer], None]], over: Callable[[], object]
    ) -> None:
        """`over`: told of a bug, first: whoever asks from then on shall not wait for it."""
        self.waiting = [first]
        self._over = over

    def crashed(self, trace: str) -> None:
        """A bug while looking up: the end of all who wait."""
        self._over()
        for owner, _hear in self.waiting:
            owner.crashed(trace)


def look_up_numeric(
    endpoint: Endpoint, kind: socket.SocketKind, family: Family
) -> list[Address] | None:
    """Return the address that `endpoint` spells out, at once; None: it is a name."""
    try:
        return _ask(endpoint, kind, family, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None


def look_up(endpoint: Endpoint, kind: socket.SocketKind, family: Family) -> Answer:
    """Return the addresses of a name, or why there are none. Blocks, for seconds perhaps."""
    try:
        return _ask(endpoint, kind, family, 0)
    except (OSError, UnicodeError) as refusal:
        return from_oserror(Operation.RESOLVE, refusal, endpoint)


def _ask(endpoint: Endpoint, kind: socket.SocketKind, family: Family, flags: int) -> list[Address]:
    known = _loopback(endpoint.port, family) if endpoint.host == LOCAL and not flags else []
    try:
        host = without_idna(endpoint.host) if flags else endpoint.host
        found = socket.getaddrinfo(host, endpoint.port, family, kind, 0, flags)
    except socket.gaierror:
        if not known:
            raise
        found = []
    addresses = [Address(int(item[0]), item[4]) for item in found]  # type: ignore[arg-type]
    return list(dict.fromkeys([*addresses, *known]))


def _loopback(port: int, family: Family) -> list[Address]:
    """Return both addresses of `localhost` (RFC 6761, section 6.3): some systems know only one."""
    both = (
        Address(socket.AF_INET, ("127.0.0.1", port)),
        Address(socket.AF_INET6, ("::1", port, 0, 0)),
    )
    return [address for address in both if family in (Family.ANY, address.family)]
