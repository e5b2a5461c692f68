"""`udp`: datagrams go out, and what comes back is shown."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import N_, ClientConfig, Endpoint, Transport, _, check_datagram, split_lines
from netlib.cli import arguments
from netlib.cli.console import Console, UsageError, wire_lines
from netlib.cli.dialogue import Dialogue, Script
from netlib.cli.recorded import add_record
from netlib.cli.reports import DatagramReport, json_report

ORDER: Final = 60
SUMMARY: Final = N_("Send datagrams, and show what comes back.")
MORE: Final = N_("Without --send and --hex each line of standard input is one datagram.")
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = N_("seconds for the name lookup (default 5)")


def add_options(parser: ArgumentParser) -> None:
    """Where to, what to send, and when it is over."""
    arguments.add_address(parser)
    arguments.add_payloads(parser)
    arguments.add_wait(parser, _("stop after S seconds without a datagram (default 1; 0: never)"))
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Send what was asked, or what is typed."""

    def typed(block: bytes) -> tuple[bytes, ...]:
        lines = (line.removesuffix(b"\n") for line in split_lines(wire_lines(block, "lf", "utf-8")))
        blocks = (wire_lines(line, "none", options.encoding) for line in lines)
        return _fitting(tuple(blocks), options.address)

    script = Script(
        config=ClientConfig(
            endpoint=options.address, transport=Transport.UDP, timeout=options.timeout
        ),
        opening=_fitting(arguments.payloads(options), options.address),
        typed=None if options.payloads else typed,
        wait=options.wait,
    )
    report = json_report(options, console) or DatagramReport(console, options.encoding)
    return Dialogue(script, options, console, report).run()


def _fitting(datagrams: tuple[bytes, ...], peer: Endpoint) -> tuple[bytes, ...]:
    """Return the datagrams, or say plainly that one is larger than UDP can carry."""
    for data in datagrams:
        try:
            check_datagram(data, peer)
        except ValueError as refusal:
            raise UsageError(str(refusal)) from refusal
    return datagrams
