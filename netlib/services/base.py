"""What a server says, without a socket: bytes in, bytes out.

A `Service` is one server's behaviour; it makes a `Handler` for each TCP client and answers each
datagram. A handler never waits and never raises for what a peer sent: the server that owns the
sockets feeds it and sends what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.protocols.framing import MAX_MESSAGE, LineBuffer
from netlib.protocols.handler import Handler, Pending
from netlib.silence import Awaited, Silence
from netlib.value import value

REPEATS: Final = 8
"""How often in a row a datagram and its answer may say the same as the answer before, both counted:
two echo servers set on each other exchange these and the first echo of each, ten datagrams."""

REPEAT_SECONDS: Final = 1.0
"""What comes later than this after the answer before is no repeat."""

LOSS: Final = 0.3
"""What the textbooks' pinger loses."""
SEED: Final = 17
"""With this one it loses three of its first ten pings, and 306 of a thousand."""


@value(kw_only=True)
class Options:
    """What a service may need from outside."""

    now: Callable[[], float]
    """The wall clock: seconds since 1970 (UTC)."""
    max_line: int = MAX_MESSAGE
    """Bytes allowed in one line, LF not counted."""
    zone: tzinfo | None = None
    """The time zone in which time is told; None: this computer's."""
    host_name: str = ""
    """What this computer calls itself; empty: it does not say."""
    loss: float = LOSS
    """Which part of all datagrams a service loses that loses some."""
    seed: int = SEED
    """What chance begins with: with the same one, the same happens again."""


class Service:
    """One server's behaviour."""

    name: ClassVar[str]
    idle_closes: ClassVar[bool] = True
    """Whether a client that completes no message within the read deadline is closed; else only one
    that begins a message and does not complete it."""
    silence: ClassVar[Silence] = Silence.LOOP
    """Why it does not answer a datagram."""
    answers_queries_only: ClassVar[bool] = False
    """Its protocol tells queries from answers, so that no forged sender sets it on another server:
    over UDP it answers who speaks from a server's port, too."""
    broadcasts: ClassVar[bool] = False
    """Whether what one client says may go to others: then `take_broadcasts` is asked."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def handler(self, peer: Endpoint) -> Handler:
        """Return what speaks to a new TCP client."""
        raise ValueError(f"{self.name} does not speak TCP")

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the answer to a datagram; None: stay silent, as to what is an answer itself."""
        raise ValueError(f"{self.name} does not speak UDP")

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what answers the datagrams of a peer; asked again once the peer was forgotten."""
        return self.datagram

    def set_busy(self, busy: bool) -> None:
        """Say whether others must be served first: what is received then waits for `proceed`."""

    def take_broadcasts(self) -> Sequence[tuple[Handler, bytes]]:
        """Return, once, what other clients must be sent because of what was received."""
        return ()

    def take_names(self) -> Sequence[tuple[Handler, str]]:
        """Return, once, who has told its nickname; asked where the service broadcasts."""
        return ()

    @property
    def gathers(self) -> float | None:
        """In how many seconds `announce` shall be called; None: there is nothing to announce."""
        return None

    def announce(self) -> None:
        """Leave to `take_broadcasts` what was gathered, to be told together."""


def unless_repeated(
    answer: Callable[[bytes], bytes | None], now: Callable[[], float], most: int = REPEATS
) -> Callable[[bytes, Endpoint], bytes | None]:
    """Return what answers one peer's datagrams until nothing changes any more, `most` times.

    Two servers that answer anything, set on each other, end with the same answer again and again. A
    closure knows the last one, which is quickest.
    """
    last: bytes | None = None
    answered_at = 0.0
    repeats = 0

    def answered(data: bytes, _peer: Endpoint) -> bytes | None:
        """Return the answer; None: it only comes and goes, or there is none."""
        nonlocal last, answered_at, repeats
        at, said = now(), answer(data)
        if said != last or not 0.0 <= at - answered_at < REPEAT_SECONDS:
            repeats = 0
        elif repeats >= most:
            return None
        else:
            repeats += 2
        last, answered_at = said, at
        return said

    return answered


def pending_line(lines: LineBuffer) -> Pending | None:
    """Return the line that has begun and not ended."""
    return Pending(Awaited.LINE_END, lines.held) if lines.held else None


def too_long(limit: int) -> bytes:
    """Return the line, in both languages, that tells a peer why it will be closed (UTF-8, LF)."""
    english = f"line too long (limit {limit} bytes), closing"
    return f"{english} / 一行太长（上限 {limit} 字节），连接即将关闭\n".encode()


def too_much(limit: int) -> str:
    """Return the line that tells a peer why it will be closed: `Handler.give_up`."""
    english = f"the clients' unfinished messages together are too long (limit {limit} bytes)"
    chinese = f"各客户端未完成的消息合计太长（上限 {limit} 字节），其中这一条最长，连接即将关闭"
    return f"{english}, this one is the longest, closing / {chinese}\n"
