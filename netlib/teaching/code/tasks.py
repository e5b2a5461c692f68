"""What a program is to do: the fields of a command, without the window and the options of ours."""

from __future__ import annotations

from netlib.address import Endpoint, Url
from netlib.value import NamedTuple


class Trust(NamedTuple):
    """TLS to a server: whose certificates are trusted."""

    ca_file: str = ""
    """Of an authority, PEM; empty: those of the system."""
    verify: bool = True


class Identity(NamedTuple):
    """TLS of a server: its certificate and its key, PEM."""

    cert_file: str
    key_file: str


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
    tls: Trust | None = None


class Chat(NamedTuple):
    """Send the lines of standard input over TCP, and show lines as they come."""

    peer: Endpoint
    name: str = ""
    """A nickname to begin with; empty: none."""
    encoding: str = "utf-8"
    timeout: float = 5.0
    wait: float = 1.0
    """Seconds to go on after the end of input; 0: until the peer closes."""
    tls: Trust | None = None


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
    protocol: str = "rfc3339"
    """Or ntp, or daytime."""


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
    clock_offset: float = 0.0
    """Seconds that its clock is ahead."""
    loss: float = 0.3
    seed: int = 17
    """Which part of the datagrams a pinger loses, and what chance begins with."""
    tls: Identity | None = None


Task = Talk | Chat | Datagrams | TimeQuery | Fetch | Serve


def fetch_of(url: Url, request: bytes, *, verify: bool = True, timeout: float = 10.0) -> Fetch:
    """Return how a request that was typed is sent: by its fields, or else byte for byte.

    ValueError: it has to be sent byte for byte, which needs a connection without TLS.
    """
    plain = Fetch(url, timeout=timeout, verify=verify)
    head, blank, body = request.partition(b"\r\n\r\n")
    try:
        first, *lines = head.decode("ascii").split("\r\n")
        method, target, version = first.split(" ")
        headers = tuple(
            (name, value.strip()) for name, value in (one.split(":", 1) for one in lines)
        )
    except ValueError:
        return _unchanged(plain, request)
    told = {name.lower(): value for name, value in headers}
    counted = told.get("content-length", "0" if not body else None)
    usual = (target, version, told.get("host")) == (url.target, "HTTP/1.1", url.authority)
    if not (blank and usual and counted == str(len(body)) and "transfer-encoding" not in told):
        return _unchanged(plain, request)
    made = {"host", "content-length"}  # by whatever sends the request
    kept = tuple((name, value) for name, value in headers if name.lower() not in made)
    return plain._replace(method=method, headers=kept, body=body)


def _unchanged(plain: Fetch, request: bytes) -> Fetch:
    if plain.url.scheme == "https":
        raise ValueError("not byte for byte over TLS")
    return plain._replace(request=request)
