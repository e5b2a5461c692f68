"""The command line's grammar: commands, options, and the help that explains them."""

from __future__ import annotations

import argparse
import gettext
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from netlib import __version__
from netlib.cli import values
from netlib.i18n import DOMAIN, LANGUAGES, LOCALE_FOLDER, N_, Language, _, language
from netlib.services import SERVICES
from netlib.teaching.lines import FORMATS
from netlib.text import EOL

NAME: Final = "socketboard"

_ARGPARSE: Final = (
    *(N_("usage: "), N_("positional arguments"), N_("options")),
    N_("show this help message and exit"),
    *(N_("%(prog)s: error: %(message)s\n"), N_("argument %(argument_name)s: %(message)s")),
    *(N_("the following arguments are required: %s"), N_("unrecognized arguments: %s")),
    *(N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("expected one argument")),
    *(N_("not allowed with argument %s"), N_("ignored explicit argument %r")),
)
"""argparse's own sentences: it looks them up in the catalogue it is given."""

_ARGPARSE_LOCALES: Final[dict[Language, str]] = {"zh": "zh_CN", "en": "C"}


class Payload(NamedTuple):
    """One --send or --hex, in the order they were given."""

    data: bytes | str
    """Bytes as they are (--hex), or text still to be encoded (--send)."""


class Command(NamedTuple):
    """One command: what it does, what else is worth knowing, and its options."""

    summary: str
    more: str
    add_options: Callable[[ArgumentParser], None]
    timeout: float | None
    """Seconds, where --timeout is not given."""
    timeout_help: str
    interrupted: int
    """Exit code where SIGINT or SIGTERM is how it ends."""


def parse(argv: Sequence[str]) -> Namespace:
    """Read the arguments in the language in use. SystemExit: 0 after --help, 2 when wrong."""
    with _argparse_speaking(language()):
        parser = _parser()
        options = parser.parse_args(argv)
        if options.command is None:
            parser.error(_("a command is missing; see --help"))
        return options


def asked_language(argv: Sequence[str]) -> str | None:
    """Return what --lang says, before all else is read: errors too are told in that language."""
    scout = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    scout.add_argument("--lang", choices=LANGUAGES)
    try:
        return scout.parse_known_args(argv)[0].lang  # type: ignore[no-any-return]
    except argparse.ArgumentError:
        return None  # said properly by the real parser


@contextmanager
def _argparse_speaking(spoken: Language) -> Iterator[None]:
    """Let argparse find its sentences in our catalogue, as gettext programs do: by LANGUAGE."""
    before = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = _ARGPARSE_LOCALES[spoken]
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE")
        if before[0] is not None:
            os.environ["LANGUAGE"] = before[0]
        gettext.textdomain(before[1])


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        NAME,
        description=_("Shows what sockets do: TCP, UDP and HTTP, as client and as server."),
        epilog=_(
            "Without a command the window opens. COMMAND --help explains a command. "
            "Exit codes: 0 done, 1 the network said no, 2 wrong usage."
        ),
        allow_abbrev=False,
    )
    explained = _("show program's version number and exit")
    parser.add_argument(
        "--version", action="version", version=f"{NAME} {__version__}", help=explained
    )
    _add_language(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=_("commands"))
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=_(command.summary),
            description=_(command.summary),
            epilog=_(command.more),
            allow_abbrev=False,
        )
        command.add_options(sub)
        _add_common(sub, command)
    return parser


def _add(
    parser: ArgumentParser,
    name: str,
    metavar: str,
    kind: Callable[[str], object],
    explained: str,
    **more: Any,
) -> None:
    """Add an option, or an argument, that has a value of some kind."""
    parser.add_argument(name, metavar=metavar, type=kind, help=explained, **more)


def _add_language(parser: ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=default,
        help=_("the language spoken here; otherwise the system's"),
    )


def _add_common(parser: ArgumentParser, command: Command) -> None:
    explained, default = _(command.timeout_help), command.timeout
    _add(parser, "--timeout", "S", values.some_seconds, explained, default=default)
    explained = _("print one JSON object a line for every event")
    parser.add_argument("--json", action="store_true", help=explained)
    explained = _("how text becomes bytes and bytes text: utf-8 (default), gbk, big5, …")
    _add(parser, "--encoding", "NAME", values.encoding, explained, default="utf-8")
    _add_language(parser, argparse.SUPPRESS)
    parser.set_defaults(interrupted=command.interrupted)


def _add_address(parser: ArgumentParser) -> None:
    explained = _("host:port, [IPv6]:port, or :port for this computer")
    _add(parser, "address", "ADDR", values.address, explained)


def _add_said(parser: ArgumentParser) -> None:
    in_order = {"dest": "said", "action": "append"}
    explained = _("send this text; may be repeated, in order with --hex")
    _add(parser, "--send", "TEXT", Payload, explained, **in_order)
    explained = _("send these bytes: e5b7b2, “e5 b7 b2”, 0xe5,0xb7")
    _add(parser, "--hex", "HEX", _said_hex, explained, **in_order)


def _said_hex(text: str) -> Payload:
    return Payload(values.hex_bytes(text))


def _add_wait(parser: ArgumentParser, explained: str) -> None:
    _add(parser, "--wait", "S", values.seconds, explained, default=1.0)


def _connect_options(parser: ArgumentParser) -> None:
    _add_address(parser)
    _add_said(parser)
    explained = _("what ends a sent text or line: lf (default), crlf or none; --hex has no end")
    _add(parser, "--eol", "|".join(EOL), values.line_ending, explained, default="lf")
    _add_wait(
        parser,
        _("end after this many seconds without a byte either way (default 1; 0: the peer ends)"),
    )


def _http_options(parser: ArgumentParser) -> None:
    _add(parser, "url", "URL", values.url, _("http://host[:port]/path"))
    _add(parser, "-X", "METHOD", str, _("GET (default), POST with -d, …"), dest="method")
    explained = _("one more header, or another value for one of ours; may be repeated")
    more = {"dest": "headers", "action": "append", "default": []}
    _add(parser, "-H", "'K: V'", values.header, explained, **more)
    _add(parser, "-d", "DATA", str, _("the body of the request"), dest="data")
    explained = _("send this file's bytes as they stand instead; - is standard input")
    _add(parser, "--raw", "FILE", values.file_name, explained)
    explained = _("write the body to this file")
    _add(parser, "-o", "FILE", values.file_name, explained, dest="output")


def _serve_options(parser: ArgumentParser) -> None:
    _add(parser, "service", "SERVICE", values.service, _services())
    explained = _(
        "the interface: localhost (default, this computer only), * for all, or an address"
    )
    _add(parser, "--host", "H", values.listening_host, explained, default="localhost")
    explained = _("the port; 0: any free one (default: the service's own)")
    _add(parser, "--port", "P", values.listening_port, explained)
    explained = _("answer datagrams instead of connections")
    parser.add_argument("--udp", action="store_true", help=explained)
    explained = _("close a client that completes no message for so long (default 30; 0: never)")
    _add(parser, "--read-timeout", "S", values.seconds, explained)
    explained = _("drop a client that does not read for so long (default 10; 0: never)")
    _add(parser, "--write-timeout", "S", values.seconds, explained)
    explained = _("turn further clients away (default 10000)")
    _add(parser, "--max-clients", "N", values.positive, explained, default=10_000)
    explained = _("accept so many clients a second, the others wait their turn (default: all)")
    _add(parser, "--max-rate", "N", values.positive, explained)
    explained = _("longest line allowed (default 1048576)")
    _add(parser, "--max-line", "BYTES", values.positive, explained, default=1 << 20)
    explained = _("record everything in this new SQLite file")
    _add(parser, "--record", "FILE", values.file_name, explained)
    parser.add_argument("--quiet", action="store_true", help=_("print the first line only"))


def _services() -> str:
    lines = (f"{info.name}: {_(info.description)}" for info in SERVICES.values())
    return "; ".join(lines).replace("%", "%%")


def _chat_options(parser: ArgumentParser) -> None:
    _add_address(parser)
    explained = _("say “/name N” first: the nickname in our chat room")
    _add(parser, "--name", "N", values.not_empty, explained)
    _add_wait(
        parser,
        _("seconds to wait for replies at the end of input (default 1; 0: until the peer closes)"),
    )


def _time_options(parser: ArgumentParser) -> None:
    _add_address(parser)
    _add(parser, "--count", "N", values.positive, _("queries (default 1)"), default=1)
    explained = _("seconds from one query to the next (default 1)")
    _add(parser, "--interval", "S", values.seconds, explained, default=1.0)


def _udp_options(parser: ArgumentParser) -> None:
    _add_address(parser)
    _add_said(parser)
    _add_wait(parser, _("end after this many seconds without a datagram (default 1; 0: never)"))


def _recording_options(parser: ArgumentParser) -> None:
    explained = _("a recording: what serve --record wrote, or the window")
    _add(parser, "file", "FILE", values.file_name, explained)
    explained = _("write its rows: as text, csv, jsonl (JSON Lines) or raw (the bytes)")
    parser.add_argument("--export", choices=FORMATS, help=explained)
    explained = _("write them to this file; raw: to PATH.received.bin and PATH.sent.bin")
    _add(parser, "-o", "PATH", values.file_name, explained, dest="output")
    explained = _(
        "only rows with this text; besides text hex:e5b7, peer:127.0.0.1, dir:in (out, event), "
        "conn:3, after:10:31:02, before:TIME; all of it must be true"
    )
    _add(parser, "--search", "QUERY", values.not_empty, explained)


def _no_options(_parser: ArgumentParser) -> None:
    """The demo needs none."""


_CONNECT_TIMEOUT: Final = N_("seconds to look the name up and connect (default 5)")

COMMANDS: Final[dict[str, Command]] = {
    "connect": Command(
        N_("Open a TCP connection, send, and show what comes back."),
        N_("Sends the lines of standard input when neither --send nor --hex is given."),
        _connect_options, 5.0, _CONNECT_TIMEOUT, 0,
    ),
    "http": Command(
        N_("Send an HTTP request; body to standard output, status and headers to standard error."),
        N_("A plain GET is the tutorial's, byte for byte. The reply is read to its real end."),
        _http_options, 10.0,
        N_("seconds to connect, and then to wait for each next byte (default 10)"), 1,
    ),
    "serve": Command(
        N_("Run a server until Ctrl+C (SIGINT) or SIGTERM."),
        N_("The first line says where it listens; then comes the log."),
        _serve_options, None, N_("sets --read-timeout and --write-timeout together"), 0,
    ),
    "chat": Command(
        N_("Chat over TCP: lines of standard input go out, lines that come are shown at once."),
        N_("Works with our chat room, any line server, and ncat --broker."),
        _chat_options, 5.0, _CONNECT_TIMEOUT, 0,
    ),
    "time": Command(
        N_("Ask a UDP time server: its time, the round trip, the difference to our clock."),
        "",
        _time_options, 2.0, N_("seconds to wait for each answer (default 2)"), 1,
    ),
    "udp": Command(
        N_("Send datagrams, and show what comes back."),
        N_("Each line of standard input is one when neither --send nor --hex is given."),
        _udp_options, 5.0, N_("seconds to look the name up (default 5)"), 0,
    ),
    "recording": Command(
        N_("Show what a recording holds, search it, or write its rows for other programs."),
        N_("Without --export and --search its servers, clients and UDP sockets are listed."),
        _recording_options, 5.0, N_("not used here: nothing waits for the network"), 0,
    ),
    "demo": Command(
        N_("Play the whole tutorial on this computer, step by step, in words."),
        N_("Exit code 0 only if every step did what it says."),
        _no_options, 5.0, N_("longest wait for each step, in seconds (default 5)"), 1,
    ),
}  # fmt: skip
