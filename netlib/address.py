"""Where a socket is: endpoints and URLs, read from what people type, before any socket is opened.

Every mistake is an `AddressError` that names the wrong part. Full-width characters (：８０８０)
that a Chinese input method leaves behind are understood.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from sys import intern
from typing import Any, Final, Literal

from netlib.i18n import _
from netlib.text import half_width, visible_text
from netlib.value import value

Part = Literal["host", "port", "bracket", "scheme", "path"]
"""The part of an address that is wrong."""

LAST_PORT: Final = 65535
LOCAL_HOST: Final = "localhost"
UNSPECIFIED: Final = ("0.0.0.0", "::")
"""What a server listens on for all its addresses; nobody can connect to it."""

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_URL: Final = r"(?s)(?:([^/?#:：]*)[:：][/／]{2})?([^/?#／？]*)([^#]*)"
_NOT_IN_A_HOST: Final = r"[\s\x00-\x1f\x7f-\x9f/\\?#@\[\]<>\"'`|^{},;=&!$()*+~]"
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_CONTROL: Final = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_NOT_IN_IPV6: Final = r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\[\]/]"
_QUOTED: Final = 60
"""Characters of a wrong text that its error sentence repeats."""


class AddressError(ValueError):
    """An address a person typed is wrong; `part` says where, str() is the sentence to show."""

    def __init__(self, part: Part, sentence: str) -> None:
        super().__init__(sentence)
        self.part: Part = part


@value(order=True)
class Endpoint:
    """One end of a conversation: a host (name or address, IPv6 without brackets) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer itself can be there (RFC 6890, section 2.2.2; RFC 6761)."""
        return self.host in {LOCAL_HOST, "::1"} or self.host.startswith("127.")

    @classmethod
    def from_sockaddr(cls, address: tuple[Any, ...]) -> Endpoint:
        """Make an endpoint of what the socket module returns: (host, port[, flow, scope]).

        An IPv4 peer of a dual-stack socket (::ffff:127.0.0.1) becomes plain IPv4; the scope of a
        link-local address (RFC 4007, section 11) stays: fe80::1%2.
        """
        host: str = address[0]
        if host.startswith("::ffff:") and "." in host:
            host = host[7:]
        elif len(address) > 3 and address[3] and "%" not in host:
            host = f"{host}%{address[3]}"
        return cls(intern(host), address[1])  # a class behind one router has one address


@value()
class Url:
    """An http or https address."""

    scheme: str
    """"http" or "https"."""
    endpoint: Endpoint
    target: str
    """Path and query, in ASCII, as the request line has them."""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them: no port where it is the scheme's own."""
        text = str(self.endpoint)
        return text.removesuffix(f":{_DEFAULT_PORTS[self.scheme]}")


def parse_port(text: str, listening: bool = False) -> int:
    """Read a port, 1 to 65535; 0 (the system chooses) only where we listen. AddressError."""
    digits = half_width(text).strip()
    if not digits:
        raise AddressError("port", _("The port is missing: a number from 1 to 65535."))
    if not (digits.isascii() and digits.isdigit()):
        raise _wrong("port", _('The port "{text}" is not a whole number from 1 to 65535.'), digits)
    digits = digits.lstrip("0") or "0"
    if len(digits) > 5 or int(digits) > LAST_PORT:
        raise _wrong("port", _("Port {text} is too large; ports go from 1 to 65535."), digits)
    if digits == "0" and not listening:
        raise AddressError("port", _("You cannot connect to port 0; ports go from 1 to 65535."))
    return int(digits)


def parse_endpoint(
    text: str, default_port: int | None = None, *, listening: bool = False
) -> Endpoint:
    """Read `host:port`, `[v6]:port`, `:port` (this computer), or a bare host with `default_port`.

    The host is checked as far as that is possible without asking the network. AddressError.
    """
    text = half_width(text).strip()
    if not text:
        example = _("The address is empty. Write host:port, as in 127.0.0.1:8080.")
        raise AddressError("host", example)
    host, port = _split(text, default_port)
    if port is not None:
        number = parse_port(port, listening)
    elif default_port is not None:
        number = default_port
    else:
        example = _('"{text}" has no port. Write host:port, as in 127.0.0.1:8080.')
        raise _wrong("port", example, text)
    host = _check_host(host)
    if host in UNSPECIFIED and not listening:
        advice = _("{text} is for listening; connect to 127.0.0.1 on this computer.")
        raise _wrong("host", advice, host)
    return Endpoint(host, number)


def parse_url(text: str) -> Url:
    """Read an http or https URL (RFC 3986); a text without scheme is http. AddressError.

    A missing path becomes "/", the fragment is dropped (it never crosses the wire), characters
    beyond ASCII and spaces in the path are percent-encoded as UTF-8.
    """
    parts = re.match(_URL, text.strip())
    assert parts is not None  # every part of it may be empty
    scheme, authority, target = parts.groups("")
    scheme = half_width(scheme).lower() or "http"
    if scheme not in _DEFAULT_PORTS:
        known = _('"{text}" is not understood here; write http:// or https://.')
        raise _wrong("scheme", known, scheme)
    authority = half_width(authority).strip()
    if "@" in authority:
        advice = _("A user name or password in an address is not sent; leave out all before @.")
        raise AddressError("host", advice)
    if not authority:
        raise AddressError("host", _("Write a URL, as in http://127.0.0.1:8000/."))
    if authority.count(":") > 1 and not authority.startswith("["):  # RFC 3986, section 3.2.2
        example = _("In a URL an IPv6 address needs brackets: http://[::1]:8000/.")
        raise AddressError("bracket", example)
    endpoint = parse_endpoint(authority, _DEFAULT_PORTS[scheme])
    return Url(scheme, endpoint, _target(target))


def is_unicast(host: str) -> bool:
    """Tell whether an address is one computer's: not multicast, nor everybody (255.255.255.255)."""
    return host != "255.255.255.255" and not ip_address(host).is_multicast


def _wrong(part: Part, sentence: str, text: str) -> AddressError:
    """Put what was typed into a translated sentence: cut, and safe to show."""
    return AddressError(part, sentence.format(text=visible_text(text, _QUOTED)))


def _split(text: str, default_port: int | None) -> tuple[str, str | None]:
    """Cut an address into host and port text (None: there is none)."""
    if text.startswith("["):
        return _split_bracketed(text)
    if text.count(":") > 1:
        if default_port is not None and _ipv6(text):
            return text, None
        example = _("An IPv6 address with a port needs brackets: [::1]:8080.")
        raise AddressError("bracket", example)
    host, colon, port = text.partition(":")
    return (host or LOCAL_HOST), (port if colon else None)


def _split_bracketed(text: str) -> tuple[str, str | None]:
    host, bracket, rest = text[1:].partition("]")
    if not bracket:
        raise AddressError("bracket", _("The bracket [ is not closed. Write [::1]:8080."))
    if rest and not rest.startswith(":"):
        example = _("After ] only a colon and the port may follow: [::1]:8080.")
        raise AddressError("bracket", example)
    if not _ipv6(host):
        raise _wrong("host", _('"{text}" in brackets is not an IPv6 address.'), host)
    return host, rest[1:] if rest else None


def _check_host(host: str) -> str:
    """Return the host in its usual spelling; AddressError if it can be neither address nor name."""
    if ":" in host:
        return _ipv6(host)
    if wrong := re.search(_NOT_IN_A_HOST, host):
        if wrong[0].isspace():
            raise AddressError("host", _("A host name has no blanks in it."))
        raise _wrong("host", _('"{text}" may not be in a host name.'), wrong[0])
    if host.replace(".", "").isdigit():
        if not re.fullmatch(_IPV4, host):
            example = _('"{text}" is not an IPv4 address: four numbers from 0 to 255.')
            raise _wrong("host", example, host)
        return host
    if not _is_name(host):
        rule = _('"{text}" is not a host name: a part between dots is empty or too long.')
        raise _wrong("host", rule, host)
    return host


def _is_name(host: str) -> bool:
    """Ask the codec that the look-up uses: labels of 1 to 63 bytes (RFC 1035, section 2.3.4)."""
    try:
        return len(host) <= 253 and len(host.encode("idna")) <= 253
    except UnicodeError:
        return False


def _ipv6(text: str) -> str:
    """Return an IPv6 address in its usual spelling (RFC 5952), or "" if it is none."""
    if re.search(_NOT_IN_IPV6, text):  # what IPv6Address would take for a part of the scope
        return ""
    try:
        address = IPv6Address(text)
    except ValueError:
        return ""
    return str(address.ipv4_mapped or address)


def _target(text: str) -> str:
    text = half_width(text[:1]) + text[1:].rstrip()
    if control := re.search(_CONTROL, text):
        raise _wrong("path", _('"{text}" may not be in a path.'), control[0])
    path = text if text.startswith("/") else f"/{text}"
    return "".join(c if "!" <= c <= "~" else _percent(c) for c in path)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())
