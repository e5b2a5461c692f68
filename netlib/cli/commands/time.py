"""`time`: ask a UDP time server, and say what its answers tell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from typing import Final

from netlib import (
    N_,
    TIME_PROTOCOLS,
    ActivityStopped,
    Chunk,
    Crashed,
    Event,
    Failed,
    Item,
    TimeConfig,
    TimeLost,
    TimeReply,
    _,
    milliseconds,
)
from netlib.cli import values
from netlib.cli.arguments import add_address, add_value
from netlib.cli.console import Console
from netlib.cli.interrupt import interrupt_postponed
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.recorded import add_record
from netlib.cli.reports import json_report
from netlib.teaching.explain import in_words
from netlib.teaching.narrate import describe, mark

ORDER: Final = 50
SUMMARY: Final = N_("Query a UDP time server: its time, the round-trip time, the clock offset.")
MORE: Final = N_(
    "With NTP (RFC 5905): stratum, delay δ, offset θ; θ is wrong by δ/2 at most, as both ways may"
    " take different times."
)
USUAL_PROTOCOL: Final = "rfc3339"
TIMEOUT: Final = 2.0
TIMEOUT_HELP: Final = N_("seconds to wait for each reply (default 2)")


def add_options(parser: ArgumentParser) -> None:
    """Whom to ask, how often."""
    add_address(parser)
    explained = _("what the server speaks: {names} (default {usual})").format(
        names=_(", ").join(TIME_PROTOCOLS), usual=USUAL_PROTOCOL
    )
    parser.add_argument(
        "--protocol",
        metavar=_("NAME"),
        choices=tuple(TIME_PROTOCOLS),
        default=USUAL_PROTOCOL,
        help=explained,
    )
    add_value(
        parser, "--count", "N", values.positive, _("number of queries (default 1)"), default=1
    )
    explained = _("seconds from one query to the next (default 1)")
    add_value(parser, "--interval", "S", values.seconds, explained, default=1.0)
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Query as often as asked; return 0 if at least one reply came."""
    config = TimeConfig(
        endpoint=options.address,
        count=options.count,
        interval=options.interval,
        timeout=options.timeout,
        protocol=options.protocol,
    )
    report = json_report(options, console) or partial(_tell, console)
    replies: list[TimeReply] = []
    with online(options, console) as (network, queue):
        network.query_time(config)
        over = False
        while not over:
            queue.wait(TICK_SECONDS)
            with interrupt_postponed():  # what has been taken is shown
                for item in queue.take():
                    report(item)
                    replies += [item] if isinstance(item, TimeReply) else []
                    over = isinstance(item, ActivityStopped)
                    if isinstance(item, Failed):
                        console.note(f"✗ {in_words(item.error)}")
    if config.count > 1 and replies:
        console.note(_summary(config.count, replies))
    if not replies:
        console.note("✗ " + _("{server} did not reply.").format(server=config.endpoint))
    return 0 if replies else 1


def _tell(console: Console, item: Item) -> None:
    match item:
        case TimeReply():
            console.line(describe(item))
        case Crashed(traceback=trace):
            console.note(trace)
        case Chunk() | Failed() | ActivityStopped():
            pass
        case _:
            _note(console, item)


def _note(console: Console, event: Event) -> None:
    glyph = "✗" if isinstance(event, TimeLost) else mark(event)
    console.note(f"{glyph} {describe(event)}")


def _summary(asked: int, replies: list[TimeReply]) -> str:
    trips = sorted(reply.rtt_seconds for reply in replies)
    template = _(
        "{asked} queries, {answered} replies, {lost} without a reply; round-trip "
        "time: shortest {shortest}, median {median}, longest {longest}"
    )
    return template.format(
        asked=asked,
        answered=len(replies),
        lost=asked - len(replies),
        shortest=milliseconds(trips[0]),
        median=milliseconds((trips[(len(trips) - 1) // 2] + trips[len(trips) // 2]) / 2),
        longest=milliseconds(trips[-1]),
    )
