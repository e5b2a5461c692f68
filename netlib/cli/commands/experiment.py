"""`experiment`: what one has to have seen, with real sockets on this computer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from netlib import (
    MODELS,
    N_,
    Background,
    BoundaryExperiment,
    BoundaryResult,
    BoundarySettings,
    ModelSettings,
    ServerModel,
    _,
    encode,
)
from netlib.cli import values
from netlib.cli.arguments import add_value, naming
from netlib.cli.console import Console, UsageError
from netlib.cli.playing import add_playing, play
from netlib.teaching.boundaries import FRAMINGS, Boundaries, LaneName, boundaries_of
from netlib.teaching.boundary_text import as_text
from netlib.teaching.boundary_words import buffer_words, title
from netlib.teaching.experiment_list import EXPERIMENTS, shipped_experiment
from netlib.teaching.explain import in_words
from netlib.teaching.model_words import in_one_line
from netlib.value import NamedTuple

ORDER: Final = 90
SUMMARY: Final = N_("Run an experiment on loopback, and show what came of it.")
MORE: Final = N_(
    "Each asks for a prediction, runs it with real sockets, and explains; --auto asks nothing, and "
    "the exit code is 0 only if every proof came. docs/lessons.md has the format. "
    "Two have settings. boundaries: one end sends, the other receives, and nothing keeps the calls "
    "apart; with --framing the messages are whole again. Where receives end may differ next time. "
    "On loopback an ACK hardly takes time, so Nagle's algorithm seldom shows. "
    "Exit code 0 only if every byte came. models: clients that stay connected, served in three "
    "ways; with one at a time the second is connected and not answered."
)
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""

WAIT_SECONDS: Final = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""
_MADE_UP_SIZE: Final = 5
"""Bytes of a send where nothing is said."""


NUMBERS: Final = (
    ("--sends", "N", 4, N_("number of sends, 1 to 1000 (default 4)")),
    ("--size", "BYTES", None, N_("size of a send, 1 to 65536 (default 5, or that of a message)")),
    (
        "--pause",
        "MS",
        0,
        N_("milliseconds between two sends, or of a client between two questions (default 0)"),
    ),
    ("--recv", "BYTES", 7, N_("bytes that each receive asks for, 1 to 65536 (default 7)")),
    ("--delay", "MS", 10, N_("milliseconds until the first receive, 0 to 1000 (default 10)")),
    ("--buffer", "BYTES", 0, N_("receive buffer to ask for, SO_RCVBUF (default 0: the system's)")),
    ("--clients", "N", 4, N_("models: how many clients, 1 to 50 (default 4)")),
    ("--seconds", "N", 2, N_("models: how long each is tried, 1 to 60 (default 2)")),
    ("--work", "MS", 0, N_("models: milliseconds that each answer takes, 0 to 1000 (default 0)")),
)
"""Options that are a whole number: name, what stands for it, usual value, what it is."""

Run = TypeVar("Run", bound=Background)


class Experiment(NamedTuple):
    """One with settings: what it is called, and what it does; returns the exit code."""

    title: str
    run: Callable[[Namespace, Console], int]


def add_options(parser: ArgumentParser) -> None:
    """Which experiment, and its settings."""
    explained = _("the experiment, or a file of your own that ends in .md")
    add_value(parser, "name", "NAME", str, explained, nargs="?")
    parser.add_argument("--list", action="store_true", help=_("list the experiments"))
    add_playing(parser)
    for name, metavar, default, words in NUMBERS:
        add_value(parser, name, metavar, values.whole, _(words), default=default)
    explained = _("Nagle's algorithm; off sets TCP_NODELAY (default on)")
    parser.add_argument("--nagle", choices=("on", "off"), default="on", help=explained)
    explained = _("what marks the end of a message (default none)")
    parser.add_argument("--framing", choices=FRAMINGS, default="none", help=explained)
    explained = _("models: only this way to serve several clients (default: one after the other)")
    parser.add_argument("--model", choices=tuple(MODELS), help=explained)
    explained = _("send these messages, each in one send or in sends of --size")
    add_value(parser, "--messages", "TEXT", str, explained, nargs="+", default=())


def run(options: Namespace, console: Console) -> int:
    """Do it, or list what there is."""
    if options.list:
        for name, experiment in WITH_SETTINGS.items():
            console.line(f"{name} {_(experiment.title)}")
        for name in EXPERIMENTS:
            console.line(f"{name} {shipped_experiment(name).title}")
        return 0
    if options.name is None:
        raise UsageError(_("Which experiment? --list shows them."))
    if options.name not in WITH_SETTINGS:
        return play(options.name, shipped_experiment, options, console)
    if options.record is not None or options.answers is not None:
        told = _("{name} is not recorded, and asks nothing.")
        raise UsageError(told.format(name=options.name))
    return WITH_SETTINGS[options.name].run(options, console)


def _boundaries(options: Namespace, console: Console) -> int:
    experiment = _ended(BoundaryExperiment(_settings(options)))
    if (result := experiment.result) is None:
        console.fail(experiment.outcome or "")
        return console.code
    boundaries = boundaries_of(result)
    if options.json:
        for fields in _told(boundaries, result):
            console.record(fields)
    else:
        console.write(as_text(boundaries))
        if result.buffer:
            console.line("\n" + buffer_words(result.settings.buffer, result.buffer))
    if result.error is not None:
        console.fail(in_words(result.error))
    elif not result.complete:
        console.fail(_("Not every byte came."))
    return console.code


def _models(options: Namespace, console: Console) -> int:
    for model in (options.model,) if options.model else MODELS:
        try:
            settings = ModelSettings(
                model=model,
                clients=options.clients,
                seconds=options.seconds,
                work=options.work,
                pause=options.pause,
            )
        except ValueError as wrong:
            raise UsageError(str(wrong)) from None
        run = _ended(ServerModel(settings))
        if run.outcome:
            console.fail(run.outcome)
            return console.code
        if options.json:
            console.record(
                {"event": "experiment", "name": "models", "model": model} | run.figures._asdict()
            )
            continue
        console.line(in_one_line(_(MODELS[model]), run.figures._asdict()))
    return console.code


def _settings(options: Namespace) -> BoundarySettings:
    with naming("--messages"):
        messages = tuple(encode(text, options.encoding) for text in options.messages)
    size = options.size
    if size is None:
        size = 0 if messages else _MADE_UP_SIZE
    try:
        return BoundarySettings(
            messages=messages,
            sends=options.sends,
            size=size,
            pause=options.pause,
            recv=options.recv,
            delay=options.delay,
            buffer=options.buffer,
            nagle=options.nagle == "on",
            framing=options.framing,
        )
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None


def _ended(experiment: Run) -> Run:
    """Wait for the end of an experiment; it ends with us."""
    try:
        while not experiment.over_within(WAIT_SECONDS):
            pass
    finally:
        experiment.cancel()
    return experiment


def _told(boundaries: Boundaries, result: BoundaryResult) -> Iterator[dict[str, Any]]:
    """Yield every call and message, and then the result, as they are written as JSON."""
    lanes: tuple[tuple[str, LaneName], ...] = (
        ("send", "sends"),
        ("receive", "receives"),
        ("message", "messages"),
    )
    for event, lane in lanes:
        yield from _pieces(boundaries, event, lane)
    messages = boundaries.messages
    yield {
        "event": "experiment",
        "name": "boundaries",
        "title": title(boundaries),
        "sends": len(result.sends.ends),
        "receives": len(result.receives.ends),
        "messages": None if messages is None else len(messages),
        "size": boundaries.size,
        "missing": boundaries.missing,
        "receive_buffer": result.buffer,
        "ok": result.complete,
    }


def _pieces(boundaries: Boundaries, event: str, lane: LaneName) -> Iterator[dict[str, Any]]:
    from base64 import b64encode

    known = boundaries.lane(lane)
    for piece in known.pieces(0, boundaries.size) if known is not None else ():
        fields = {"event": event, "number": piece.number, "offset": piece.start}
        if known is not None and known.times:
            fields["seconds"] = round(known.times[piece.number - 1], 6)
        data = boundaries.read(piece.start, piece.end)
        yield fields | {"size": len(data), "data": b64encode(data).decode()}


WITH_SETTINGS: Final = {
    "boundaries": Experiment(N_("Message boundaries: sends, bytes, receives"), _boundaries),
    "models": Experiment(N_("Server models: one at a time, threads, one loop"), _models),
}
