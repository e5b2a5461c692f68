"""HTTP/1.1 messages without a socket: building requests, reading replies to their real end.

h11 reads heads and chunked bodies; bodies with a length, or until the connection closes, are only
counted here and never pass through h11. A reply that is not HTTP is data (`ReplyReader.error`), and
the raw bytes stay with the caller. Source: RFC 9110 and RFC 9112.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from netlib.address import Endpoint, Url
from netlib.i18n import _
from netlib.text import check_encoding, visible, visible_text
from netlib.version import __version__

if TYPE_CHECKING:
    import h11

Headers = Sequence[tuple[bytes, bytes]]
"""Names and values in the order and spelling of the wire."""

USER_AGENT: Final = f"Socketboard/{__version__}"
"""What our requests call themselves (RFC 9110, section 10.1.5)."""

TUTORIAL_AGENT: Final = "curl/7.55.1"
"""What the tutorial's request calls itself."""

BODY_LIMIT: Final = 1 << 20
"""Bytes of a body that are decoded for display."""

_BYTES: Final = r"""\bb(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
"""How Python writes bytes."""

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - of RFC 9110, section 5.6.2
_NOT_IN_A_VALUE: Final = r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]"
_HEAD_LIMIT: Final = 256 << 10
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})

_WITHOUT_BODY: Final = frozenset({101, 204, 304})
INTERIM_LIMIT: Final = 20
"""Interim responses (1xx) that may come before the final one."""

_CHARSET: Final = rb"charset\s*=\s*[\"']?([\w.:-]+)"
_META: Final = rb"<meta\b[^>]*?" + _CHARSET
_META_WINDOW: Final = 1024
"""Where a page must say its charset (HTML, section 4.2.5.4), in bytes."""

_MARKS: Final = (
    (codecs.BOM_UTF8, b"utf-8-sig"),
    (codecs.BOM_UTF16_LE, b"utf-16-le"),
    (codecs.BOM_UTF16_BE, b"utf-16-be"),
)
_BLANK_LINE: Final = rb"\n\r?\n"
"""Most servers take a lone LF for a line end (RFC 9112, 2.2)."""
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030"}
"""Pages that say GB2312 use what came after it as well; GB18030 contains all of it."""


def head_ended(request: bytes) -> bool:
    """Tell whether the head of a request is complete: a blank line ends it (RFC 9112, 2.1)."""
    return re.search(_BLANK_LINE, request) is not None


def tutorial_request(url: Url) -> bytes:
    """Return the tutorial's GET, byte for byte, for this address."""
    lines = f"Host: {_authority(url)}", f"User-Agent: {TUTORIAL_AGENT}", "Accept: */*"
    return _head("GET", url, lines)


def build_request(
    url: Url, method: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
) -> bytes:
    """Return a request; Host, User-Agent, Accept and Content-Length are added unless given.

    ValueError with a sentence for what would break the request apart: a method or header name that
    is no token, a line break in a value.
    """
    if not re.fullmatch(_TOKEN, method):
        sentence = _('"{text}" is not an HTTP method: one word, like GET.')
        raise ValueError(sentence.format(text=visible_text(method, 40)))
    given = {name.strip().lower() for name, _value in headers}
    defaults = [("Host", _authority(url)), ("User-Agent", USER_AGENT), ("Accept", "*/*")]
    if (body or method in _WITH_BODY) and "transfer-encoding" not in given:
        defaults.append(("Content-Length", str(len(body))))
    lines = [f"{name}: {value}" for name, value in defaults if name.lower() not in given]
    return _head(method, url, lines + [_header_line(name, value) for name, value in headers]) + body


class ReplyReader:
    """Read one reply to a request of `method`, from its first byte to its real end."""

    def __init__(self, method: str = "GET") -> None:
        self.status = 0
        """0 until the head has arrived; 1xx are passed over (not too many), 101 excepted."""
        self.reason = ""
        self.version = ""
        """Of HTTP, as the status line has it: 1.1."""
        self.headers: Headers = ()
        self.size = 0
        """Bytes that have come of it, header and framing included."""
        self.body_size = 0
        """Bytes of the body so far, chunk framing not counted."""
        self.left = 0
        """Bytes of the body still to come, where their number was stated."""
        self.done = False
        """Nothing more is read: the end has come, the peer's FIN, or `error`."""
        self.complete = False
        """The reply came to its promised end."""
        self.error: str | None = None
        """Why this cannot be read as a reply: it is not HTTP, or never ends; with a status: its
        body is damaged. In h11's words."""
        self._method = method
        self._parser = _parser(method)
        self._pieces: list[bytes] = []
        self._interim = 0
        self._counting = self._until_close = False
        """Whether the body is counted here, not read by h11 as heads and chunks are; and whether
        it goes on until the connection closes."""

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes from the wire; return those that follow the end of the reply."""
        if self.done or not data:
            return data
        came = len(data)
        if not self._counting:
            data = self._parse(data)
        rest = self._take(data) if self._counting else data
        self.size += came - len(rest)
        return rest

    def count(self, size: int) -> None:
        """Count bytes of the body that were not fed, at most as many as are `left`."""
        self.size += size
        self.body_size += size
        self.left -= size
        self.done = self.complete = self.left == 0

    def finish(self) -> None:
        """Take notice of the peer's FIN: a reply without a stated length ends with it."""
        self.complete = self.complete or self._until_close
        self.done = True

    def break_off(self) -> None:
        """Take notice that the connection is gone without a FIN (RFC 9112, section 8)."""
        self.done = True

    def take_body(self) -> bytes:
        """Return the bytes of the body that came since the last call."""
        body = b"".join(self._pieces)
        self._pieces.clear()
        return body

    def _parse(self, data: bytes) -> bytes:
        """Let h11 read on; return the bytes behind the head or behind the whole reply, if it is.

        b"" while h11 waits for more.
        """
        import h11

        try:
            self._parser.receive_data(data)
            while not self.done and not self._counting:
                match self._parser.next_event():
                    case h11.Response() | h11.InformationalResponse(status_code=101) as head:
                        self._begin(head)
                    case h11.Data(data=piece):
                        self._keep(bytes(piece))
                    case h11.EndOfMessage():
                        self.done = self.complete = True
                    case h11.InformationalResponse():
                        self._pass_over()
                    case _:  # NEED_DATA
                        break
        except h11.RemoteProtocolError as error:
            self.error = in_plain_words(error)
            self.done = True
        return self._parser.trailing_data[0] if self.complete or self._counting else b""

    def _pass_over(self) -> None:
        """Count an interim response; too many are an error."""
        self._interim += 1
        if self._interim > INTERIM_LIMIT:
            words = _("more than {limit} interim responses (1xx), and no final one")
            self.error = words.format(limit=INTERIM_LIMIT)
            self.done = True

    def _begin(self, head: h11.Response | h11.InformationalResponse) -> None:
        self.status = head.status_code
        self.reason = head.reason.decode("latin-1")
        self.version = head.http_version.decode("latin-1")
        self.headers = head.headers.raw_items()
        self._measure(dict(head.headers))

    def _measure(self, headers: dict[bytes, bytes]) -> None:
        """Find out where the body ends (RFC 9112, section 6.3)."""
        tunnel = self._method == "CONNECT" and 200 <= self.status < 300
        if self._method == "HEAD" or self.status in _WITHOUT_BODY or tunnel:
            self._counting = True
        elif b"transfer-encoding" not in headers:
            length = headers.get(b"content-length")
            self._counting, self._until_close = True, length is None
            self.left = int(length or 0)

    def _take(self, data: bytes) -> bytes:
        """Take what belongs to the body; return what is behind it."""
        if self._until_close:
            self._keep(data)
            return b""
        left = self.left
        self._keep(data[:left])
        self.left = max(left - len(data), 0)
        self.done = self.complete = self.left == 0
        return data[left:]

    def _keep(self, data: bytes) -> None:
        self.body_size += len(data)
        if data:
            self._pieces.append(data)


def charset(headers: Headers, body: bytes) -> str:
    """Return the encoding of a text body, as Python names it.

    The Content-Type says it, a byte order mark, or the page's own meta tag; otherwise it is UTF-8
    if it can be, else GB18030.
    """
    said = re.search(_CHARSET, header(headers, b"content-type"), re.IGNORECASE)
    page = re.search(_META, body[:_META_WINDOW], re.IGNORECASE)
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), b"")
    candidates = (said[1] if said else b"", marked, page[1] if page else b"")
    guess = "utf-8" if _is_utf8(body) else "gb18030"
    return next(filter(None, map(_known, candidates)), guess)


def decode_body(headers: Headers, body: bytes, limit: int = BODY_LIMIT) -> str:
    """Return a body as text: unpacked (gzip, deflate) and decoded, `limit` bytes of it at most."""
    coding = header(headers, b"content-encoding").strip().lower()
    if coding in {b"gzip", b"x-gzip", b"deflate"}:
        body = _unpack(body, limit)
    body = body[:limit]
    return body.decode(charset(headers, body), "backslashreplace")


def header(headers: Headers, name: bytes) -> bytes:
    """Return the value of the first header of this (lower-case) name, or b""."""
    return next((value for key, value in headers if key.lower() == name), b"")


def in_plain_words(error: Exception) -> str:
    r"""Return what h11 says, the bytes it quotes written as they are everywhere: “a\x01”."""

    def as_everywhere(found: re.Match[str]) -> str:
        quoted = (found[1] or found[2])[2:-1]
        data = codecs.unicode_escape_decode(quoted)[0].encode("latin-1")
        return f"“{visible(data, limit=80)}”"

    return re.sub(rf"bytearray\(({_BYTES})\)|({_BYTES})", as_everywhere, str(error))


def _head(method: str, url: Url, lines: Iterable[str]) -> bytes:
    return "\r\n".join((f"{method} {url.target} HTTP/1.1", *lines, "", "")).encode()


def _header_line(name: str, value: str) -> str:
    if not re.fullmatch(_TOKEN, name.strip()):
        sentence = _('"{text}" is not the name of an HTTP header.')
        raise ValueError(sentence.format(text=visible_text(name, 40)))
    if wrong := re.search(_NOT_IN_A_VALUE, value):
        sentence = _('The header {name} contains "{text}", which would break the request.')
        raise ValueError(sentence.format(name=name.strip(), text=visible_text(wrong[0])))
    return f"{name.strip()}: {value.strip()}"


def _authority(url: Url) -> str:
    """Return what the Host header says: ASCII, without the zone of a link-local address."""
    host = url.endpoint.host.partition("%")[0]
    ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    return Url(url.scheme, Endpoint(ascii_host, url.endpoint.port), "").authority


def _parser(method: str) -> h11.Connection:
    """Return an h11 client that believes it has just sent a request of this method."""
    import h11

    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
    headers = [("Host", ""), ("Connection", "upgrade"), ("Upgrade", "any")]  # so that 101 may come
    known = method if re.fullmatch(_TOKEN, method) else "GET"
    parser.send(h11.Request(method=known, target="/", headers=headers))
    parser.send(h11.EndOfMessage())
    return parser


def _known(name: bytes) -> str:
    try:
        found = check_encoding(name.decode("latin-1"))
    except ValueError:
        return ""
    return _WIDER.get(found, found)


def _is_utf8(body: bytes) -> bool:
    """Tell whether a body, perhaps cut inside its last character, is UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _unpack(body: bytes, limit: int) -> bytes:
    """Return at most `limit` bytes of a packed body, so that a bomb does no harm.

    "deflate" should mean zlib's format (RFC 9110, 8.4.1.2), but some servers send it raw. What is
    neither comes back as it is.
    """
    for format_bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(format_bits).decompress(body, limit)
        except zlib.error:
            continue
    return body
