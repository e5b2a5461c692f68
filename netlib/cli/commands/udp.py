"""`udp`: datagrams go out, and what comes back is shown."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import N_, Cause, ClientConfig, NetError, Operation, Transport, _, split_lines
from netlib.cli import arguments
from netlib.cli.console import Console, UsageError, wire_lines
from netlib.cli.dialogue import Dialogue, Script
from netlib.cli.reports import DatagramReport, json_report
from netlib.teaching.explain import explain

ORDER: Final = 60
SUMMARY: Final = N_("Send datagrams, and show what comes back.")
MORE: Final = N_("Without --send and --hex each line of standard input is one datagram.")
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = N_("seconds for the name lookup (default 5)")
INTERRUPTED: Final = 0

LARGEST_DATAGRAM: Final = 65507
"""Bytes: what IPv4's 16-bit length leaves behind its own header and UDP's (RFC 768, RFC 791)."""


def add_options(parser: ArgumentParser) -> None:
    """Where to, what to send, and when it is over."""
    arguments.add_address(parser)
    arguments.add_payloads(parser)
    arguments.add_wait(parser, _("stop after S seconds without a datagram (default 1; 0: never)"))


def run(options: Namespace, console: Console) -> int:
    """Send what was asked, or what is typed."""

    def typed(block: bytes) -> tuple[bytes, ...]:
        lines = (line.removesuffix(b"\n") for line in split_lines(wire_lines(block, "lf", "utf-8")))
        return _fitting(tuple(wire_lines(line, "none", options.encoding) for line in lines))

    script = Script(
        config=ClientConfig(
            endpoint=options.address, transport=Transport.UDP, timeout=options.timeout
        ),
        opening=_fitting(arguments.payloads(options)),
        typed=None if options.payloads else typed,
        wait=options.wait,
    )
    report = json_report(options, console) or DatagramReport(console, options.encoding)
    return Dialogue(script, console, report).run()


def _fitting(datagrams: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the datagrams, or say plainly that one is larger than UDP can carry."""
    for data in datagrams:
        if len(data) > LARGEST_DATAGRAM:
            words = explain(NetError(Operation.SEND, Cause.MESSAGE_TOO_LONG))
            size = _("It has {size:,} bytes.").format(size=len(data))
            raise UsageError(f"{words.sentence} {size} {words.reasons[0]}")
    return datagrams
