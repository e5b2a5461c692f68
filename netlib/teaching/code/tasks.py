"""What a program is to do: the fields of a command, without the window and the options of ours."""

from __future__ import annotations

from typing import NamedTuple

from netlib.address import Endpoint, Url


class Talk(NamedTuple):
    """Connect over TCP, send, and show what comes back."""

    peer: Endpoint
    said: tuple[bytes, ...] | None
    """What is sent, one after the other; None: the lines of standard input."""
    encoding: str = "utf-8"
    timeout: float = 5.0
    """Seconds to connect."""
    wait: float = 10.0
    """Seconds without a byte after which it ends; 0: never."""
    half_close: bool = True
    """FIN is sent when all is said."""


class Chat(NamedTuple):
    """Send the lines of standard input over TCP, and show lines as they come."""

    peer: Endpoint
    name: str = ""
    """A nickname to begin with; empty: none."""
    encoding: str = "utf-8"
    timeout: float = 5.0
    wait: float = 1.0
    """Seconds to go on after the end of input; 0: until the peer closes."""


class Datagrams(NamedTuple):
    """Send datagrams, and show what comes back."""

    peer: Endpoint
    said: tuple[bytes, ...] | None
    """What is sent; None: each line of standard input, without its end."""
    encoding: str = "utf-8"
    wait: float = 1.0
    """Seconds without a datagram after which it ends; 0: never."""


class TimeQuery(NamedTuple):
    """Ask a UDP time server."""

    peer: Endpoint
    queries: int = 1
    interval: float = 1.0
    timeout: float = 2.0


class Fetch(NamedTuple):
    """Send an HTTP request; print the status line, then the body."""

    url: Url
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    body_file: str = ""
    """Where the body is read from instead; "-": standard input."""
    request: bytes = b""
    """The whole request, byte for byte, instead of all the above."""
    request_file: str = ""
    """Where that is read from."""
    output: str = ""
    """The file that gets the body; empty: it is shown."""
    timeout: float = 10.0
    ca_file: str = ""
    verify: bool = True


class Serve(NamedTuple):
    """Serve until it is ended."""

    service: str
    host: str
    """Empty: all addresses of this computer."""
    port: int
    udp: bool = False


Task = Talk | Chat | Datagrams | TimeQuery | Fetch | Serve
