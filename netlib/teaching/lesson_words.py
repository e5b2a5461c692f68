"""The vocabulary of scripts: what may be done and come to pass, and how each value is written.

Servers and clients of this computer are all there is: no word can name a host, a file or a program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from netlib.address import UNSPECIFIED
from netlib.errors import Cause, Operation
from netlib.events import CloseReason
from netlib.i18n import N_, _
from netlib.teaching.cases import CASES
from netlib.value import NamedTuple, value

MOST_BYTES: Final = 16 << 20
"""Most that one line sends."""
MOST_SECONDS: Final = 30
"""Longest that a line may be waited for."""
MOST_CLOCK_SECONDS: Final = 3600
"""Furthest that a server's clock may be wrong."""
USUAL_SECONDS: Final = 5.0
SERVICES: Final = {
    "acknowledge": ("tcp", "udp"),
    "echo": ("tcp", "udp"),
    "chat": ("tcp",),
    "count": ("tcp",),
    "time": ("udp",),
    "ntp": ("udp",),
    "web": ("tcp",),
    "pinger": ("udp",),
    "uppercase": ("tcp", "udp"),
    "words": ("tcp",),
    "smtp": ("tcp",),
    "daytime": ("tcp", "udp"),
}
"""What a server may be, and over which transports."""
OF_TCP: Final[Mapping[str, frozenset[str]]] = {
    "serve": frozenset({"accepting", "receive", "backlog"}),
    "connect": frozenset({"reading", "receive", "write-timeout"}),
}
"""Options that mean nothing over UDP, by verb."""
ADDRESSES: Final = ("127.0.0.1", "::1")
"""Addresses at which a computer finds itself, and nobody else does."""
MOST_AT_ONCE: Final = 500
"""Most clients that one name can stand for, and most sends of one line."""
OF_UDP: Final = frozenset(
    f"{way}.{fault}" for way in ("up", "down") for fault in ("loss", "duplicate", "reorder")
)
"""Faults that can be done to datagrams alone."""
SYSTEMS: Final = ("linux", "macos", "windows")

_NAME: Final = r"[a-z][a-z0-9-]*"
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@value()
class Reference:
    """An address of a server or client of the lesson: client.local."""

    actor: str
    field: str


Value = bytes | float | str | Reference
Convert = Callable[[str], Value]
"""Reads a word. ValueError with what was expected."""


class Fact(NamedTuple):
    """Something that may come to pass."""

    words: str
    """Said of who it happens to; translate it when it is shown."""
    fields: Mapping[str, Convert]
    """What can be asked of it, and how that is written."""


class Verb(NamedTuple):
    """Something that a line may say."""

    actor: str
    """`new`: it gives a name to somebody; `known`: it names somebody; empty: it names nobody."""
    operand: Convert | None = None
    expected: str = ""
    """What the operand must be, where it is missing or wrong; translate it when it is shown."""
    options: Mapping[str, Convert] = {}


def _number(least: float, most: float) -> Callable[[str], float]:
    def convert(word: str) -> float:
        number = float(word) if re.fullmatch(r"-?\d+(\.\d+)?", word, re.ASCII) else float("nan")
        if not least <= number <= most:
            told = _("a number from {least} to {most}")
            raise ValueError(told.format(least=least, most=most))
        return number

    return convert


def _one_of(*words: str) -> Callable[[str], str]:
    def convert(word: str) -> str:
        if word not in words:
            raise ValueError(_("one of: {words}").format(words=", ".join(words)))
        return word

    return convert


def _address(word: str) -> Reference:
    if not (found := re.fullmatch(rf"({_NAME})\.(local|peer)", word)):
        raise ValueError(_("NAME.local or NAME.peer"))
    return Reference(found[1], found[2])


def _port(word: str) -> float | Reference:
    """Take a port, or the name of a server that has or had it."""
    if re.fullmatch(_NAME, word):
        return Reference(word, "local")
    return _number(1024, 65535)(word)


def _quoted(word: str) -> bytes:
    r"""Return the bytes of a quoted text, UTF-8, with \n \r \t \" \\ and \xHH."""
    if len(word) < 2 or not (word[0] == word[-1] == '"'):
        raise ValueError(_('a text in quotes: "hello\\n"'))
    pieces = re.findall(r"\\x([0-9a-fA-F]{2})|\\(.)|([^\\]+)", word[1:-1])
    parts = []
    for byte, escaped, plain in pieces:
        if escaped and escaped not in _ESCAPES:
            raise ValueError(_('only these after a backslash: n r t x " and backslash'))
        parts.append(bytes.fromhex(byte) if byte else (plain or _ESCAPES[escaped]).encode())
    return b"".join(parts)


def _data(word: str) -> bytes:
    if not word.startswith("size="):
        return _quoted(word)
    return b"x" * int(_number(1, MOST_BYTES)(word.removeprefix("size=")))


def a_name(word: str) -> str:
    """Take a name. ValueError: it is none."""
    if not re.fullmatch(_NAME, word):
        raise ValueError(_("a name of small letters, digits and hyphens"))
    return word


def _systems(word: str) -> str:
    """Take systems with commas between them."""
    for system in word.split(","):
        _one_of(*SYSTEMS)(system)
    return word


def _words(*values: str) -> Callable[[str], str]:
    """Take the values of an enumeration, written with hyphens."""
    return _one_of(*(one.replace(" ", "-") for one in values))


_COUNT: Final[Mapping[str, Convert]] = {"count": _number(0, 1_000_000)}
_ENDS: Final[Mapping[str, Convert]] = {"local": _address, "peer": _address}
_BYTES: Final[Mapping[str, Convert]] = {
    "data": _quoted,
    "starts": _quoted,
    "contains": _quoted,
    "bytes": _number(0, MOST_BYTES),
    "calls": _number(0, 1_000_000),
}
_STATES: Final = ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK",
                  "TIME-WAIT", "CLOSED")  # fmt: skip

FACTS: Final[Mapping[str, Fact]] = {
    "listening": Fact(N_("it listens"), _COUNT),
    "connecting": Fact(N_("it tries to connect"), _COUNT),
    "connected": Fact(
        N_("it is connected"), {**_ENDS, "connect-seconds": _number(0, MOST_SECONDS), **_COUNT}
    ),
    "accepted": Fact(N_("it has accepted a connection"), {**_ENDS, **_COUNT}),
    "resolved": Fact(N_("the name has been resolved"), _COUNT),
    "received": Fact(N_("it has received"), _BYTES),
    "sent": Fact(N_("it has sent"), _BYTES),
    "finished": Fact(N_("it has sent FIN"), _COUNT),
    "peer-finished": Fact(N_("it has received FIN"), _COUNT),
    "closed": Fact(
        N_("its connection is closed"),
        {
            "reason": _words(*CloseReason),
            "state": _one_of(*_STATES),
            "unsent": _number(0, 1 << 30),
            **_COUNT,
        },
    ),
    "failed": Fact(
        N_("it has failed"),
        {"cause": _words(*Cause), "operation": _words(*Operation), **_COUNT},
    ),
    "port-unreachable": Fact(N_("ICMP has told it that the port is unreachable"), _COUNT),
    "reading-paused": Fact(N_("its reading is paused"), _COUNT),
    "reading-resumed": Fact(N_("its reading goes on"), _COUNT),
    "accepting-paused": Fact(N_("its accepting is paused"), _COUNT),
    "accepting-resumed": Fact(N_("its accepting goes on"), _COUNT),
    "time-reply": Fact(
        N_("the time server has answered it"),
        {
            "offset": _number(-MOST_CLOCK_SECONDS, MOST_CLOCK_SECONDS),
            "precision": _number(0, MOST_SECONDS),
            "rtt": _number(0, MOST_SECONDS),
            **_COUNT,
        },
    ),
    "time-lost": Fact(N_("its time query has found no answer"), _COUNT),
    "stopped": Fact(N_("it is over"), _COUNT),
    "kernel": Fact(
        N_("the kernel says of its connection"),
        {
            "state": _one_of(*_STATES),
            "unsent": _number(0, 1 << 30),
            "unacknowledged": _number(0, 1 << 30),
            "unread": _number(0, 1 << 30),
        },
    ),
}
"""What may come to pass, by its word. `count`: how often at least, or exactly as the relation says;
`calls`: in how many calls."""

WITHIN: Final = _number(0.1, MOST_SECONDS)
"""Reads a time to wait."""
_PAUSED: Final = _one_of("paused")
_OVER: Final = _one_of("tcp", "udp")
_SERVER_OPTIONS: Final[Mapping[str, Convert]] = {
    "over": _OVER,
    "port": _port,
    "address": _one_of(*ADDRESSES),
    "accepting": _PAUSED,
    "reading": _PAUSED,
    "rate": _number(1, 1000),
    "buffer": _number(1024, MOST_BYTES),
    "backlog": _number(1, 1000),
    "receive": _number(1, 65536),
    "clock": _number(-MOST_CLOCK_SECONDS, MOST_CLOCK_SECONDS),
    "loss": _number(0, 1),
    "seed": _number(0, 1_000_000),
}
_CLIENT_OPTIONS: Final[Mapping[str, Convert]] = {
    "over": _OVER,
    "by": _one_of("address", "name"),
    "address": _one_of(*ADDRESSES, *UNSPECIFIED),
    "times": _number(1, MOST_AT_ONCE),
    "reading": _PAUSED,
    "receive": _number(1, 65536),
    "timeout": WITHIN,
    "write-timeout": WITHIN,
}
_FAULTS: Final[Mapping[str, Convert]] = {
    "delay": _number(0, MOST_SECONDS),
    "jitter": _number(0, MOST_SECONDS),
    "loss": _number(0, 1),
    "duplicate": _number(0, 1),
    "reorder": _number(0, 1),
    "rate": _number(1, 1e9),
    "black-hole": _one_of("on"),
}
_IMPAIRMENTS: Final[Mapping[str, Convert]] = {
    f"{way}.{fault}": convert for way in ("up", "down") for fault, convert in _FAULTS.items()
}
"""What a relay can do, each way: to the server, and to the client."""
_DATA_WORDS: Final = N_("a text in quotes, or size=BYTES")
a_fact: Final = _one_of(*FACTS)
"""Reads the word of a fact."""

VERBS: Final[Mapping[str, Verb]] = {
    "serve": Verb("new", _one_of(*SERVICES), N_("a service"), _SERVER_OPTIONS),
    "connect": Verb("new", a_name, N_("the name of a server"), _CLIENT_OPTIONS),
    "ask-time": Verb(
        "new",
        a_name,
        N_("the name of a server"),
        {
            "protocol": _one_of("rfc3339", "ntp"),
            "timeout": WITHIN,
            "retries": _number(0, 5),
            "times": _number(1, 20),
        },
    ),
    "send": Verb("known", _data, _DATA_WORDS, {"times": _number(1, MOST_AT_ONCE)}),
    "relay": Verb(
        "new",
        a_name,
        N_("the name of a server"),
        {"over": _OVER, "seed": _number(0, 1_000_000), **_IMPAIRMENTS},
    ),
    "impair": Verb("known", options=_IMPAIRMENTS),
    "cannot-send": Verb("known", _data, _DATA_WORDS),
    **dict.fromkeys(("half-close", "close", "reset", "stop"), Verb("known")),
    **dict.fromkeys(("pause-reading", "resume-reading"), Verb("known")),
    **dict.fromkeys(("pause-accepting", "resume-accepting"), Verb("known")),
    "expect": Verb("known", a_fact, N_("what is to come to pass")),
    "not-yet": Verb("known", a_fact, N_("what has not come to pass"), {"for": WITHIN}),
    "only-on": Verb("", _systems, N_("a system")),
    "case": Verb("", _one_of(*(case.name for case in CASES)), N_("a recorded case")),
}
"""What a line may say, by its first word."""
