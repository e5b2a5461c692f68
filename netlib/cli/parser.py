"""The command line's grammar: the program's own options, the commands, and their help."""

from __future__ import annotations

import argparse
import gettext
import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from unicodedata import east_asian_width

from netlib import DOMAIN, LANGUAGES, LOCALE_FOLDER, N_, Language, _, __version__, language
from netlib.cli import commands, completion, values
from netlib.cli.arguments import add_value
from netlib.cli.commands import Command
from netlib.cli.console import Console, terminal_columns

NAME: Final = "socketboard"

HELP: Final = "help"
CODE: Final = "code"
"""The command behind which --lang is the language of the program that it writes."""

ARGPARSE: Final = (
    *(N_("usage: "), N_("positional arguments"), N_("options")),
    N_("show this help message and exit"),
    *(N_("%(prog)s: error: %(message)s\n"), N_("argument %(argument_name)s: %(message)s")),
    *(N_("the following arguments are required: %s"), N_("unrecognized arguments: %s")),
    *(N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("expected one argument")),
    *(N_("not allowed with argument %s"), N_("ignored explicit argument %r")),
)
"""argparse's own sentences: it looks them up in the catalogue it is given."""

RIGHT_MARGIN: Final = 2
"""Columns that argparse leaves free."""

_HEADING: Final = r"(?m)(?<=[\u4e00-\u9fff]):$"

_GAP: Final = r"(?m)^( +\S.*?)( {3,})(?=\S)"
"""Between the columns of the help."""

_ARGPARSE_LOCALES: Final[dict[Language, str]] = {"zh": "zh_CN", "en": "C"}


class Parser(ArgumentParser):
    """argparse without the colours that newer Pythons add."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.color = False


class HelpText(argparse.HelpFormatter):
    """argparse's help; explanations keep their line breaks, Chinese headings have their colon."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_columns() - RIGHT_MARGIN)

    def format_help(self) -> str:
        """Return the help; argparse itself writes the colon after a heading."""
        return re.sub(_GAP, _narrowed, re.sub(_HEADING, "：", super().format_help()))

    def _split_lines(self, text: str, width: int) -> list[str]:
        wrap = super()._split_lines
        return [line for part in text.splitlines() for line in wrap(part, width)]


def _narrowed(columns: re.Match[str]) -> str:
    """Take from the gap what wide characters before it take up: argparse counts characters."""
    first, gap = columns.groups()
    wide = sum(east_asian_width(char) in "WF" for char in first)
    return first + gap[min(wide, len(gap) - 2) :]


Run = Callable[[Namespace, Console], int]
"""What a command does; returns the exit code."""


def parse(argv: Sequence[str]) -> tuple[Run, Namespace]:
    """Read the arguments in the language in use. SystemExit: 0 after --help, 2 when wrong."""
    argv = _help_as_option(argv)
    with _argparse_speaking(language()):
        loaded = commands.load(*_wanted(argv))
        parser, subparsers = _parsers(loaded)
        options = parser.parse_args(argv)
        if options.print_completion:
            return partial(_print_completion, parser, subparsers), options
        if options.command is None:
            parser.error(_("a command is missing; see --help"))
        return loaded[options.command].run, options


def _print_completion(
    parser: ArgumentParser,
    commands: Mapping[str, ArgumentParser],
    options: Namespace,
    console: Console,
) -> int:
    console.write(completion.script(options.print_completion, parser, commands))
    return 0


def _help_as_option(argv: Sequence[str]) -> Sequence[str]:
    """Return `COMMAND --help` for `help COMMAND`, as git and pip take it; the rest as it is."""
    asked, rest = _language_and_rest(argv)
    if rest[:1] != [HELP]:
        return argv
    return [*(("--lang", asked) if asked else ()), *rest[1:2], "--help"]


def asked_language(argv: Sequence[str]) -> str | None:
    """Return what --lang says, before all else is read: errors too are told in that language."""
    return _language_and_rest(argv)[0]


def _wanted(argv: Sequence[str]) -> list[str]:
    """Return the command that is named, so that only this one is imported; else all of them."""
    first = _language_and_rest(argv)[1][:1]
    return first if any(map(commands.exists, first)) else commands.names()


def _language_and_rest(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    parser = ArgumentParser(
        add_help=False, allow_abbrev=False, exit_on_error=False, formatter_class=HelpText
    )
    parser.add_argument("--lang", choices=LANGUAGES)
    own = _before_code(argv)
    try:
        found, rest = parser.parse_known_args(own)
    except argparse.ArgumentError:
        return None, []  # said properly by the real parser
    return found.lang, [*rest, *argv[len(own) :]]


def _before_code(argv: Sequence[str]) -> Sequence[str]:
    """Return what stands before the command `code`, behind which --lang means another language."""
    at = 0
    while at < len(argv) and argv[at].startswith("-"):
        at += 2 if argv[at] == "--lang" else 1
    return argv[:at] if argv[at : at + 1] == [CODE] else argv


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


def _parsers(
    loaded: Mapping[str, Command],
) -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    """Return what reads all arguments, and what reads those of each command."""
    parser = Parser(
        NAME,
        description=_("Shows what sockets do: TCP, UDP and HTTP, as client and as server."),
        epilog=_(
            "Without a command the window opens. COMMAND --help explains a command. "
            "Exit codes: 0 done, 1 network error, 2 wrong usage."
        ),
        allow_abbrev=False,
        formatter_class=HelpText,
    )
    explained = _("show program's version number and exit")
    parser.add_argument(
        "-V", "--version", action="version", version=f"{NAME} {__version__}", help=explained
    )
    explained = _("print a script that lets the shell complete commands and options; see README")
    parser.add_argument("--print-completion", choices=completion.SHELLS, help=explained)
    _add_language(parser, None)
    adder = parser.add_subparsers(dest="command", metavar=_("COMMAND"), title=_("commands"))
    subparsers: dict[str, ArgumentParser] = {}
    for name, command in loaded.items():
        summary, more = _(command.SUMMARY), _(command.MORE)
        sub = subparsers[name] = adder.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=more,
            allow_abbrev=False,
            formatter_class=HelpText,
        )
        command.add_options(sub)
        _add_common(name, sub, command)
    return parser, subparsers


def _add_language(parser: ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=default,
        help=_("interface language (default: the system's)"),
    )


def _add_common(name: str, parser: ArgumentParser, command: Command) -> None:
    if command.TIMEOUT_HELP:
        explained, default = _(command.TIMEOUT_HELP), command.TIMEOUT
        add_value(parser, "--timeout", "S", values.some_seconds, explained, default=default)
    explained = _("print events as JSON Lines")
    parser.add_argument("--json", action="store_true", help=explained)
    explained = _("text encoding: utf-8 (default), gbk, big5, …")
    add_value(parser, "--encoding", "NAME", values.encoding, explained, default="utf-8")
    if name != CODE:
        _add_language(parser, argparse.SUPPRESS)
