"""Tasks of every kind, for the programs that do them."""

from __future__ import annotations

from typing import Final

from netlib.address import Endpoint, parse_url
from netlib.teaching.code.tasks import Chat, Datagrams, Fetch, Serve, Talk, Task, TimeQuery

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
    Fetch(URL),
    Fetch(URL, "POST", (("X-A", "it's"), ("Host", "h")), b"a='1'"),
    Fetch(URL, "PUT", body_file="data file"),
    Fetch(URL, "POST", body_file="-"),
    Fetch(URL, request=b"GET / HTTP/1.1\r\n\r\n"),
    Fetch(URL, request_file="-", output="page"),
    Fetch(URL, request_file="it's"),
    Fetch(SECURE, ca_file="ca.pem"),
    Fetch(SECURE, verify=False),
    *(Serve(name, "127.0.0.1", 8080) for name in ("acknowledge", "echo", "chat", "web")),
    Serve("echo", "::1", 8080),
    Serve("time", "", 8123, udp=True),
    Serve("echo", "::1", 8080, udp=True),
)
