"""`connect`: a TCP connection, what is sent over it, and what comes back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import EOL, N_, ClientConfig, _, replace
from netlib.cli import arguments
from netlib.cli.console import Console, UsageError, wire_lines
from netlib.cli.dialogue import Dialogue, Script
from netlib.cli.pausing import Pausing, add_pausing, add_receive_buffer
from netlib.cli.recorded import add_record
from netlib.cli.reports import RawReport, TalkReport, json_report

ORDER: Final = 10
SUMMARY: Final = N_("Open a TCP connection, send, and show what comes back.")
MORE: Final = N_(
    "Sends the lines of standard input when neither --send nor --hex is given. At its end, or "
    "after the last of them, FIN is sent (half-close), and the peer's is awaited. Exit code 0: all "
    "was sent, and the peer sent FIN."
)
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = arguments.CONNECT_TIMEOUT_HELP


def add_options(parser: ArgumentParser) -> None:
    """Where to, what to send, and when it is over."""
    arguments.add_address(parser)
    arguments.add_payloads(parser)
    explained = _("what ends a sent text or line: lf (default), crlf or none; --hex has no end")
    parser.add_argument("--eol", choices=tuple(EOL), help=explained)
    explained = _(
        "bytes as they are, both ways: no line ends added, nothing decoded or escaped; what comes "
        "is escaped on a terminal"
    )
    parser.add_argument("--raw", action="store_true", help=explained)
    explained = _("no FIN when all is sent: end after --wait seconds of silence instead")
    parser.add_argument("--no-half-close", action="store_true", help=explained)
    explained = _(
        "wait for the peer's FIN until S seconds pass without a byte (default 10; 0: no limit)"
    )
    arguments.add_wait(parser, explained, default=10.0)
    arguments.add_tls(parser)
    add_receive_buffer(parser)
    add_pausing(parser, serves=False)
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Connect; say what was asked, or what is typed."""
    raw = options.raw
    if raw and options.eol:
        raise UsageError(_("--raw adds no line ends; it cannot be combined with --eol."))
    eol = options.eol or ("none" if raw else "lf")

    def typed(block: bytes) -> tuple[bytes, ...]:
        return (block if raw else wire_lines(block, eol, options.encoding),)

    config = ClientConfig(
        endpoint=options.address,
        timeout=options.timeout,
        tls=arguments.client_tls(options, options.tls),
        reading_paused=options.pause_reading,
    )
    connection = replace(config.options, stays_open=True, receive_buffer=options.receive_buffer)
    script = Script(
        config=replace(config, options=connection),
        opening=arguments.payloads(options, EOL[eol].decode()),
        typed=None if options.payloads else typed,
        whole_lines=not raw,
        half_close=not options.no_half_close,
        wait=options.wait,
        pausing=Pausing(options, console, typed=not options.payloads),
    )
    as_it_is = raw and not console.is_terminal
    talk = RawReport(console) if as_it_is else TalkReport(console, options.encoding)
    return Dialogue(script, options, console, json_report(options, console) or talk).run()
