"""`connect`: a TCP connection, what is sent over it, and what comes back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import EOL, N_, ClientConfig, _
from netlib.cli import arguments
from netlib.cli.console import Console, wire_lines
from netlib.cli.dialogue import Dialogue, Script
from netlib.cli.reports import TalkReport, json_report
from netlib.cli.values import argument_type

ORDER: Final = 10
SUMMARY: Final = N_("Open a TCP connection, send, and show what comes back.")
MORE: Final = N_("Sends the lines of standard input when neither --send nor --hex is given.")
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = arguments.CONNECT_TIMEOUT_HELP
INTERRUPTED: Final = 0


def add_options(parser: ArgumentParser) -> None:
    """Where to, what to send, and when it is over."""
    arguments.add_address(parser)
    arguments.add_payloads(parser)
    explained = _("what ends a sent text or line: lf (default), crlf or none; --hex has no end")
    arguments.add_value(parser, "--eol", "|".join(EOL), _line_ending, explained, default="lf")
    arguments.add_wait(
        parser,
        _("end after this many seconds without a byte either way (default 1; 0: the peer ends)"),
    )
    arguments.add_tls(parser)


def run(options: Namespace, console: Console) -> int:
    """Connect; say what was asked, or what is typed."""

    def typed(block: bytes) -> tuple[bytes, ...]:
        return (wire_lines(block, options.eol, options.encoding),)

    script = Script(
        config=ClientConfig(
            endpoint=options.address,
            timeout=options.timeout,
            tls=arguments.client_tls(options, options.tls),
        ),
        opening=arguments.payloads(options, EOL[options.eol].decode()),
        typed=None if options.payloads else typed,
        wait=options.wait,
    )
    report = json_report(options, console) or TalkReport(console, options.encoding)
    return Dialogue(script, console, report).run()


@argument_type
def _line_ending(text: str) -> str:
    if text not in EOL:
        known = ", ".join(EOL)
        raise ValueError(_("Unknown line ending; choose from: {known}.").format(known=known))
    return text
