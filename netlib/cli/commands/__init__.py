"""The commands. Every module in this folder is one: `Command` says what has to stand in it.

The name of the module is the command's. Nothing else has to be told of a new one.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from netlib.cli.console import Console


class Command(Protocol):
    """What a module of this folder holds; sentences are marked by `N_`."""

    ORDER: int
    """Place in the list that --help shows, lowest first."""
    SUMMARY: str
    """What it does, in one sentence."""
    MORE: str
    """What else is worth knowing, at the end of its --help; may be empty."""
    TIMEOUT: float | None
    """Seconds, where --timeout is not given."""
    TIMEOUT_HELP: str
    """Empty: nothing waits for the network, and there is no such option."""

    def add_options(self, parser: ArgumentParser) -> None:
        """Add its arguments and options; --timeout, --json, --encoding and --lang are there."""

    def run(self, options: Namespace, console: Console) -> int:
        """Do it; return the exit code. UsageError: it cannot be done as asked.

        SIGINT and SIGTERM raise KeyboardInterrupt, which ends it with 128 + the signal's number;
        who is ended so when all is well takes it here.
        """


def names() -> list[str]:
    """Return the names of all commands."""
    from pkgutil import iter_modules  # loads inspect and ast: only when all are wanted

    return [module.name for module in iter_modules(__path__)]


def exists(name: str) -> bool:
    """Tell whether there is a command of this name; quicker than to ask for all."""
    public = name.isidentifier() and not name.startswith("_")
    return public and find_spec(f"{__name__}.{name}") is not None


def load(*names: str) -> dict[str, Command]:
    """Import commands, and return them by name in the order of --help."""
    loaded = {name: cast("Command", import_module(f"{__name__}.{name}")) for name in names}
    return dict(sorted(loaded.items(), key=lambda item: (item[1].ORDER, item[0])))
