"""Arguments and options that several commands share, and the bytes they ask to be sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netlib import N_, _, encode
from netlib.cli import values
from netlib.cli.console import UsageError
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib import ClientTls

CONNECT_TIMEOUT_HELP: Final = N_("seconds for name lookup and connecting (default 5)")

METAVARS: Final = (
    *(N_("ADDR"), N_("SERVICE"), N_("FILE"), N_("PATH"), N_("NAME"), N_("METHOD"), N_("DATA")),
    *(N_("'NAME: VALUE'"), N_("TEXT"), N_("HEX"), N_("QUERY"), N_("BYTES")),
)
"""What stands for a value in the help: words for translation; letters stay as they are."""


class Payload(NamedTuple):
    """One --send or --hex, in the order they were given."""

    data: bytes | str
    """Bytes as they are (--hex), or text still to be encoded (--send)."""


def add_value(
    parser: ArgumentParser,
    name: str,
    metavar: str,
    kind: Callable[[str], object],
    explained: str,
    **more: Any,
) -> None:
    """Add an option, or an argument, that has a value of some kind."""
    parser.add_argument(name, metavar=_(metavar), type=kind, help=explained, **more)


def add_address(parser: ArgumentParser) -> None:
    """Add ADDR: `options.address` is an Endpoint."""
    explained = _("host:port, [IPv6]:port, or :port for this computer")
    add_value(parser, "address", "ADDR", values.address, explained)


def add_recording(parser: ArgumentParser, metavar: str, **more: Any) -> None:
    """Add the recording that a command reads: `options.file` is its path."""
    explained = _("what --record wrote, or the window; or case:NAME (recording --cases)")
    add_value(parser, "file", metavar, values.recording, explained, **more)


def add_payloads(parser: ArgumentParser) -> None:
    """Add --send and --hex, which `payloads` turns into bytes."""
    in_order = {"dest": "payloads", "action": "append", "default": []}
    explained = _("send this text; may be repeated, in order with --hex")
    add_value(parser, "--send", "TEXT", Payload, explained, **in_order)
    explained = _('send these bytes: e5b7b2, "e5 b7 b2", 0xe5,0xb7')
    add_value(parser, "--hex", "HEX", _hex_payload, explained, **in_order)


def payloads(options: Namespace, ending: str = "") -> tuple[bytes, ...]:
    """Return what --send and --hex say, each text with `ending`. UsageError: not encodable."""
    return tuple(_bytes_of(payload, ending, options.encoding) for payload in options.payloads)


def add_wait(parser: ArgumentParser, explained: str, default: float = 1.0) -> None:
    """Add --wait: `options.wait` in seconds, 0: for ever."""
    add_value(parser, "--wait", "S", values.seconds, explained, default=default)


def add_tls(parser: ArgumentParser) -> None:
    """Add --tls, --ca and --insecure, which `client_tls` turns into what is trusted."""
    explained = _("encrypt the connection, and verify the server's certificate")
    parser.add_argument("--tls", action="store_true", help=explained)
    add_trust(parser)


def add_trust(parser: ArgumentParser) -> None:
    """Add --ca and --insecure."""
    explained = _("trust this authority's certificate (PEM) instead of those of the system")
    add_value(parser, "--ca", "FILE", values.file_name, explained)
    explained = _("do not verify the server's certificate, this one time")
    parser.add_argument("--insecure", action="store_true", help=explained)


def client_tls(options: Namespace, wanted: bool) -> ClientTls | None:
    """Return how the server is trusted; None: TLS is not wanted. UsageError: a wrong file."""
    if not wanted:
        if options.ca or options.insecure:
            raise UsageError(_("--ca and --insecure are for TLS only."))
        return None
    from netlib import ClientTls

    with naming("--ca"):
        ca_file = None if options.ca is None else Path(options.ca)
        return ClientTls(verify=not options.insecure, ca_file=ca_file)


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Turn a ValueError about an option's value into a UsageError that names the option."""
    try:
        yield
    except ValueError as error:
        raise UsageError(_("{name}: {text}").format(name=option, text=error)) from None


def _hex_payload(text: str) -> Payload:
    return Payload(values.hex_bytes(text))


def _bytes_of(payload: Payload, ending: str, encoding: str) -> bytes:
    if isinstance(payload.data, bytes):
        return payload.data
    with naming("--send"):
        return encode(payload.data + ending, encoding)
