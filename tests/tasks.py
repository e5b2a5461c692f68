"""Tasks of every kind, for the programs that do them."""

from __future__ import annotations

from typing import Final

from netlib.address import Endpoint, parse_url
from netlib.events import Transport
from netlib.services import SERVICES
from netlib.teaching.code.tasks import (
    Chat,
    Datagrams,
    Fetch,
    Identity,
    Serve,
    Talk,
    Task,
    TimeQuery,
    Trust,
)

HERE: Final = Endpoint("localhost", 8080)
SIX: Final = Endpoint("::1", 8080)
URL: Final = parse_url("http://localhost:8000/a?b=1")
SECURE: Final = parse_url("https://localhost:8443/")

TASKS: Final[tuple[Task, ...]] = (
    Talk(HERE, ("你好\n".encode(), b"\xff\x00'\"%\\")),
    Talk(SIX, None, wait=0),
    Talk(HERE, (b"x",), half_close=False, timeout=0.5),
    Chat(HERE, "O'Neil"),
    Chat(SIX, wait=0),
    Datagrams(HERE, (b"one", b"")),
    Datagrams(SIX, None, wait=0),
    TimeQuery(HERE),
    TimeQuery(SIX, 3, 0.5, 1.5),
    TimeQuery(HERE, protocol="daytime"),
    Fetch(URL),
    Fetch(URL, "POST", (("X-A", "it's"), ("Host", "h")), b"a='1'"),
    Fetch(URL, "PUT", body_file="data file"),
    Fetch(URL, "POST", body_file="-"),
    Fetch(URL, request=b"GET / HTTP/1.1\r\n\r\n"),
    Fetch(URL, request_file="-", output="page"),
    Fetch(URL, request_file="it's"),
    Fetch(SECURE, ca_file="ca.pem"),
    Fetch(SECURE, verify=False),
    Talk(HERE, None, tls=Trust("ca file.pem")),
    Talk(SIX, ("你好\n".encode(),), tls=Trust(verify=False)),
    Chat(HERE, "O'Neil", tls=Trust()),
    *(
        Serve(info.name, host, 8080, transport is Transport.UDP)
        for info in SERVICES.values()
        for transport in info.transports
        for host in ("", "127.0.0.1", "::1")
    ),
    *(Serve(name, "", 1, clock_offset=-2.5) for name in ("daytime",)),
    *(Serve(name, "", 1, udp=True, clock_offset=3600) for name in ("time", "ntp", "daytime")),
    Serve("pinger", "", 12000, udp=True, loss=0.5, seed=7),
    Serve("words", "", 12002, seed=7),
    TimeQuery(HERE, protocol="ntp"),
    TimeQuery(SIX, 3, 0.5, 1.5, "ntp"),
    *(
        Serve(info.name, "localhost", 8443, tls=Identity("it's.pem", "key.pem"))
        for info in SERVICES.values()
        if Transport.TCP in info.transports
    ),
)
"""Of each kind, of every service over each transport, with and without what may be set."""


def has_shell(task: Task) -> bool:
    """Tell whether POSIX tools can do it: no seed, no numbers in binary, no empty datagram."""
    if isinstance(task, Serve):
        return task.service not in {"words", "pinger", "ntp"} and not task.clock_offset
    if isinstance(task, Datagrams):
        return b"" not in (task.said or ())
    return not (isinstance(task, TimeQuery) and task.protocol == "ntp")
