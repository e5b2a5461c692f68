"""A web server of two pages, so that HTTP can be shown without the internet.

`/` is a page with a form; `/echo` answers with the request as it was parsed. HTTP/1.1 by h11:
keep-alive, pipelining, HEAD, chunked requests, 100-continue. What is not HTTP gets 400 and a close.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

import h11

from netlib.address import LOCAL_HOST, Endpoint
from netlib.events import CloseReason
from netlib.protocols.handler import Handler, Pending
from netlib.protocols.http import in_plain_words
from netlib.services.base import Options, Service, too_much
from netlib.services.web_page import PAGE
from netlib.silence import Awaited

BODY_LIMIT: Final = 1 << 20
"""Bytes of a request's body that `/echo` gives back; beyond it the answer is 413."""

_HEADER_BYTES: Final = 160
"""Memory that a parsed header takes beside its own bytes."""

_TEXT: Final = "text/plain; charset=utf-8"
_HTML: Final = "text/html; charset=utf-8"
_HOST: Final = re.compile(r"(?:\[([^\[\]]*)\]|([^\[\]:]*))(?::\d*)?")
"""Host as RFC 9110, section 7.2 has it: an IPv6 address in brackets, or a name; perhaps a port."""
_LOCAL_DOMAIN: Final = ".local"
"""Names that computers give themselves (multicast DNS, RFC 6762, section 3)."""
_REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    421: "Misdirected Request",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_NOT_OURS: Final = (
    b"421: the Host of the request is not this server: it is known by its IP address, as localhost"
    b" and by this computer's name\n"
)


class WebHandler(Handler):
    """One HTTP connection."""

    __slots__ = ("_body", "_head_bytes", "_http", "_options", "_request")

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options
        self._http = h11.Connection(h11.SERVER)
        self._request: h11.Request | None = None
        self._head_bytes = 0
        """Memory that the head of the request takes."""
        self._body = bytearray()

    @property
    def pending(self) -> Pending | None:
        """The request whose empty line, or body, has not come in full."""
        if self._request is not None:
            return Pending(Awaited.BODY_END, len(self._body))
        return Pending(Awaited.HEADER_END, self.unfinished) if self.unfinished else None

    def received(self, data: bytes) -> bytes:
        """Return the answers to all requests this chunk completes, in order."""
        answers: list[bytes] = []
        try:
            self._http.receive_data(data)
            while self.close_reason is None and (answer := self._next()) is not None:
                answers.append(answer)
        except h11.RemoteProtocolError as error:
            status, words = error.error_status_hint, in_plain_words(error)
            answers.append(self._refuse(status, f"{status} {_REASONS.get(status, '')}: {words}\n"))
        self.unfinished = len(self._http.trailing_data[0]) + self._head_bytes + len(self._body)
        return b"".join(answers)

    def give_up(self, limit: int) -> bytes:
        """Refuse the request that has begun: 503 (RFC 9110, section 15.6.4)."""
        refusal = self._refuse(503, f"503: {too_much(limit)}")
        super().give_up(limit)
        return refusal

    def _next(self) -> bytes | None:
        """Take one step in h11's stream of events; None: it needs more bytes."""
        match self._http.next_event():
            case h11.Request() as request:
                self._request = request
                self._head_bytes = sum(
                    len(name) + len(value) + _HEADER_BYTES for name, value in request.headers
                )
                return self._permit()
            case h11.Data(data=piece):
                self._body += piece
                if len(self._body) > BODY_LIMIT:
                    return self._refuse(413, f"413: the limit is {BODY_LIMIT} bytes\n")
                return b""
            case h11.EndOfMessage():
                return self._reply()
            case _:
                return None

    def _permit(self) -> bytes:
        """Answer `Expect: 100-continue`: the client waits for it before it sends its body."""
        if not self._http.they_are_waiting_for_100_continue:
            return b""
        return self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""

    def _reply(self) -> bytes:
        """Answer the request that is now complete, and make ready for the next one."""
        assert self._request is not None  # h11 gives EndOfMessage after Request only
        self.messages += 1
        answer = self._answer(self._request)
        self._forget()
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close_reason = CloseReason.BY_US
        return answer

    def _answer(self, request: h11.Request) -> bytes:
        if not _is_ours(request, self._options.host_name):
            return self._send(421, _TEXT, _NOT_OURS)
        path = request.target.partition(b"?")[0]
        if path == b"/echo":
            return self._send(200, _TEXT, _as_it_came(request) + bytes(self._body))
        if path != b"/":
            return self._send(404, _TEXT, b"404: only / and /echo are here\n")
        if request.method not in {b"GET", b"HEAD"}:
            return self._send(405, _TEXT, b"405: only GET and HEAD\n", ("Allow", "GET, HEAD"))
        return self._send(200, _HTML, PAGE)

    def _refuse(self, status: int, text: str) -> bytes:
        """Say why, then close; nothing of what has come is needed any more."""
        self.close_reason = CloseReason.BY_US
        answer = self._send(status, _TEXT, text.encode(), ("Connection", "close"))
        self._forget()
        self._http = h11.Connection(h11.SERVER)
        return answer

    def _forget(self) -> None:
        """Let go of the request."""
        self._request = None
        self._head_bytes = 0
        self._body.clear()

    def _send(self, status: int, kind: str, body: bytes, *more: tuple[str, str]) -> bytes:
        headers = [
            ("Date", http_date(int(self._options.now()))),
            ("Server", "Socketboard"),
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),  # an echoed request must never run as a page
            *more,
        ]
        response = h11.Response(
            status_code=status, headers=headers, reason=_REASONS.get(status, "").encode()
        )
        events: list[h11.Event] = [response, h11.Data(data=body), h11.EndOfMessage()]
        if self._request is not None and self._request.method == b"HEAD":
            del events[1]
        return b"".join(self._http.send(event) or b"" for event in events)


class Web(Service):
    """Serve the two pages."""

    name: ClassVar[str] = "web"

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler that speaks HTTP."""
        return WebHandler(self.options)


def http_date(second: int) -> str:
    """Return `second` (since 1970, UTC) as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7)."""
    # Not fromtimestamp: on Windows it knows no year after 3000.
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    day = "MonTueWedThuFriSatSun"[when.weekday() * 3 :][:3]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[when.month * 3 - 3 :][:3]
    return f"{day}, {when.day:02} {month} {when:%Y %H:%M:%S} GMT"


def _is_ours(request: h11.Request, host_name: str) -> bool:
    """Tell whether a request is meant for this server, by its Host (RFC 9110, section 15.5.20).

    A name of somebody else's that leads here (DNS rebinding) would make our pages that site's own.
    """
    host = next((value for name, value in request.headers if name == b"host"), None)
    if host is None:  # HTTP/1.0; with 1.1 h11 has refused it
        return True
    parts = _HOST.fullmatch(host.decode("latin-1"))
    if parts is None:
        return False
    in_brackets, name = parts.groups("")
    try:
        if in_brackets:
            ipaddress.IPv6Address(in_brackets)
        else:
            ipaddress.IPv4Address(name)
    except ValueError:
        name = name.lower()
        return name == LOCAL_HOST or name.removesuffix(_LOCAL_DOMAIN) in _names(host_name)
    return True


def _names(host_name: str) -> set[str]:
    """Return how a browser may spell this computer's name, in lower case and without .local."""
    name = host_name.lower().removesuffix(_LOCAL_DOMAIN)
    try:
        return {name, name.encode("idna").decode()} - {""}
    except UnicodeError:  # a name that no URL can have
        return {name} - {""}


def _as_it_came(request: h11.Request) -> bytes:
    """Write a request's head again, names in their own spelling."""
    first = b"%s %s HTTP/%s" % (request.method, request.target, request.http_version)
    lines = [b"%s: %s" % header for header in request.headers.raw_items()]
    return b"\r\n".join((first, *lines, b"", b""))
