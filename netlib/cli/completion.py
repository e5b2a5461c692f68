"""Completion for bash and zsh: made of what the parser knows, so that it never lags behind.

It completes commands, options, what stands behind an option with choices, and names of files.
Both shells read the same `case`; only what a branch does differs.
"""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Final

from netlib.cli import values

NAMES: Final = "socketboard socketboard-cli"
"""The programs it is for: the installed one, and the console twin of the packaged folder."""

_BASH: Final = """\
_socketboard() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in %(commands)s) command=$word; break;; esac
    done
    case $command:$prev in
%(branches)s
    esac
}
complete -F _socketboard %(names)s
"""
_ZSH: Final = """\
_socketboard() {
    local prev=${words[CURRENT-1]} command= word
    for word in ${words[2,CURRENT-1]}; do
        case $word in %(commands)s) command=$word; break;; esac
    done
    case $command:$prev in
%(branches)s
    esac
}
compdef _socketboard %(names)s
"""
_SHELLS: Final = {
    "bash": (
        _BASH,
        'COMPREPLY=($(compgen -W "%s" -- "$cur"))',
        'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))',
    ),
    "zsh": (_ZSH, "compadd -- %s", "_files"),
}
"""The script, what offers words, and what offers files."""

_FILES: Final = (values.file_name, values.recording)

SHELLS: Final = tuple(_SHELLS)


def script(shell: str, parser: ArgumentParser, commands: Mapping[str, ArgumentParser]) -> str:
    """Return the script that lets a shell complete; `parser` reads what precedes a command."""
    template, offer_words, offer_files = _SHELLS[shell]
    branches: list[str] = []
    for name, one in {"": parser, **commands}.items():
        words = [] if name else list(commands)
        for action in _actions(one):
            patterns = [f"{name}:{option}" for option in action.option_strings]
            words += action.option_strings
            if action.choices is not None:
                offered = offer_words % " ".join(map(str, action.choices))
            else:
                offered = offer_files if action.type in _FILES else ""
            if not patterns and action.choices is not None:  # an argument: as good as an option
                words += map(str, action.choices)
            elif not patterns and offered:
                patterns = [f"{name}:{name}"]  # right behind the command
            if patterns and action.nargs != 0:
                branches.append(f"        {'|'.join(patterns)}) {offered};;")
        branches.append(f"        {name}:*) {offer_words % ' '.join(words)};;")
    return template % {
        "commands": "|".join(commands),
        "branches": "\n".join(branches),
        "names": NAMES,
    }


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if action.help != SUPPRESS and action.dest != "command":
            yield action
