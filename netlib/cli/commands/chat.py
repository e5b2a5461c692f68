"""`chat`: typed lines go out, lines that come are shown at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import N_, ClientConfig, _, encode, replace
from netlib.cli import arguments, values
from netlib.cli.console import Console, wire_lines
from netlib.cli.dialogue import Dialogue, Script
from netlib.cli.recorded import add_record
from netlib.cli.reports import TalkReport, json_report

ORDER: Final = 40
SUMMARY: Final = N_("Chat over TCP: sends the lines of standard input, shows lines as they arrive.")
MORE: Final = N_("Works with the chat room of this program, any line server, and ncat --broker.")
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = arguments.CONNECT_TIMEOUT_HELP

IDLE_NOTICE: Final = 60.0
"""Seconds of silence that are worth a notice."""


def add_options(parser: ArgumentParser) -> None:
    """Where to, under which name."""
    arguments.add_address(parser)
    explained = _('nickname (sends "/name N" first)')
    arguments.add_value(parser, "--name", "N", values.not_empty, explained)
    arguments.add_wait(
        parser,
        _("seconds to wait for replies at the end of input (default 1; 0: until the peer closes)"),
    )
    arguments.add_tls(parser)
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Connect, and chat until either side ends."""

    def typed(block: bytes) -> tuple[bytes, ...]:
        return (wire_lines(block, "lf", options.encoding),)

    with arguments.naming("--name"):
        name = encode(f"/name {options.name}\n", options.encoding) if options.name else b""
    config = ClientConfig(
        endpoint=options.address,
        timeout=options.timeout,
        tls=arguments.client_tls(options, options.tls),
    )
    # Whoever types has sent all there is when the peer's FIN comes; a pipe may still hold lines.
    piped = not console.is_typed
    behaviour = replace(config.options, idle_notice=IDLE_NOTICE, stays_open=piped)
    script = Script(
        config=replace(config, options=behaviour),
        opening=(name,),
        typed=typed,
        wait=options.wait,
    )
    report = json_report(options, console) or TalkReport(console, options.encoding)
    return Dialogue(script, options, console, report).run()
