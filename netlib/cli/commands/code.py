"""`code`: the shortest honest program that does what a command does."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from netlib import EOL, N_, Transport, _, encode, tutorial_request, visible
from netlib.cli import arguments
from netlib.cli.commands.http import FORM
from netlib.cli.commands.serve import settings_of
from netlib.cli.console import Console, UsageError

if TYPE_CHECKING:
    from netlib.teaching.code.tasks import Task, Trust

ORDER: Final = 74
SUMMARY: Final = N_("Print a short program that does what a command does, in Python, Go or shell.")
MORE: Final = N_(
    "COMMAND is connect, http, chat, time, udp or serve, with its own arguments. Behind code "
    "--lang is the language of the program; that of the interface stands before it."
)
TIMEOUT: Final = None
TIMEOUT_HELP: Final = ""

LANGUAGES: Final = ("python", "go", "shell")
_WITHOUT: Final = {
    "connect": ("--receive-buffer", "--pause-reading", "--resume-after"),
    "serve": (
        *("--read-timeout", "--write-timeout", "--timeout", "--max-clients", "--max-rate"),
        *("--max-line", "--max-unfinished", "--receive-buffer"),
        *("--pause-reading", "--pause-accepting", "--resume-after"),
    ),
}
"""Options of each command that no program has. Those that only change what is told do no harm."""
SHOWN: Final = ("connect", "http", "chat", "time", "udp", "serve")


def add_options(parser: ArgumentParser) -> None:
    """Which command, and all that stands behind it."""
    explained = _("the command: connect, http, chat, time, udp or serve")
    parser.add_argument("shown", metavar=_("COMMAND"), choices=SHOWN, help=explained)
    explained = _("its own arguments, and --lang: python (default), go or shell")
    parser.add_argument("words", metavar=_("ARGUMENTS"), nargs=argparse.REMAINDER, help=explained)
    explained = _("language of the program: python (default), go or shell")
    parser.add_argument("--lang", dest="written_in", choices=LANGUAGES, help=explained)


def run(options: Namespace, console: Console) -> int:
    """Write the program."""
    from netlib.cli.parser import parse

    words = ArgumentParser(add_help=False, allow_abbrev=False)
    words.add_argument("--lang", choices=LANGUAGES, default=options.written_in or "python")
    found, rest = words.parse_known_args(options.words)
    _run, asked = parse([options.shown, *rest])
    try:
        _refuse(options.shown, rest)
        program = _program(found.lang, _TASKS[options.shown](asked))
    except ValueError as none:
        sentence = _("There is no program in {language} for this: {what}.")
        raise UsageError(sentence.format(language=found.lang, what=visible(str(none)))) from None
    console.write(program)
    return 0


def _refuse(shown: str, words: Sequence[str]) -> None:
    """Raise ValueError for an option that would change what is done, and that no program has."""
    without = _WITHOUT.get(shown, ())
    for word in words:
        if word.partition("=")[0] in without:
            raise ValueError(word)


def _program(language: str, task: Task) -> str:
    from netlib.teaching.code import go, python, shell

    writers: dict[str, Callable[[Task], str]] = {
        "python": python.program,
        "go": go.program,
        "shell": shell.program,
    }
    return writers[language](task)


def _talk(options: Namespace) -> Task:
    from netlib.teaching.code.tasks import Talk

    eol = options.eol or ("none" if options.raw else "lf")
    return Talk(
        options.address,
        arguments.payloads(options, EOL[eol].decode()) or None,
        options.encoding,
        options.timeout,
        options.wait,
        not options.no_half_close,
        _trust(options),
    )


def _trust(options: Namespace) -> Trust | None:
    from netlib.teaching.code.tasks import Trust

    if not options.tls:
        arguments.client_tls(options, wanted=False)  # --ca without --tls is refused there
        return None
    return Trust(options.ca or "", not options.insecure)


def _chat(options: Namespace) -> Task:
    from netlib.teaching.code.tasks import Chat

    name = options.name or ""
    tls = _trust(options)
    return Chat(options.address, name, options.encoding, options.timeout, options.wait, tls)


def _datagrams(options: Namespace) -> Task:
    from netlib.teaching.code.tasks import Datagrams

    said = arguments.payloads(options) or None
    return Datagrams(options.address, said, options.encoding, options.wait)


def _time(options: Namespace) -> Task:
    from netlib.teaching.code.tasks import TimeQuery

    asked = options.count, options.interval, options.timeout, options.protocol
    return TimeQuery(options.address, *asked)


def _fetch(options: Namespace) -> Task:
    from netlib.teaching.code.tasks import Fetch

    if options.url.scheme == "http":
        arguments.client_tls(options, wanted=False)
    data, headers = options.data, [(name.strip(), value.strip()) for name, value in options.headers]
    if data is not None and all(name.lower() != "content-type" for name, _value in headers):
        headers.insert(0, ("Content-Type", FORM))
    from_file = data is not None and data.startswith("@")
    return Fetch(
        options.url,
        options.method or ("GET" if data is None else "POST"),
        tuple(headers),
        b"" if data is None or from_file else encode(data, options.encoding),
        data[1:] if from_file else "",
        tutorial_request(options.url) if options.tutorial else b"",
        options.raw or "",
        "" if options.output in (None, "-") else options.output,
        options.timeout,
        options.ca or "",
        not options.insecure,
    )


def _serve(options: Namespace) -> Task:
    from netlib import SERVICES
    from netlib.teaching.code.tasks import Identity, Serve

    info = SERVICES[options.service]
    udp = options.udp or Transport.TCP not in info.transports
    port = info.default_port if options.port is None else options.port
    host = {"localhost": "127.0.0.1", "*": ""}.get(options.host, options.host)
    files = options.cert, options.key
    if bool(all(files)) != options.tls or (options.tls and udp) or any(files) != all(files):
        raise UsageError(_("--tls, --cert and --key belong together."))
    tls = Identity(*files) if options.tls else None
    return Serve(info.name, host, port, udp, **settings_of(options, info), tls=tls)


_TASKS: Final[dict[str, Callable[[Namespace], Task]]] = {
    "connect": _talk,
    "http": _fetch,
    "chat": _chat,
    "time": _time,
    "udp": _datagrams,
    "serve": _serve,
}
