"""The program's own log: bugs, and what the system refused. Most runs have nothing to say there.

`logging` and `traceback`, with what they load, are a tenth of the time in which a command starts;
so they are loaded when there is something to say, or, by what runs for long, once it runs.
"""

from __future__ import annotations

from typing import Any


class Logger:
    """The standard library's logger of a name, looked up when it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        import logging

        return getattr(logging.getLogger(self._name), method)


def load_logging() -> None:
    """Load it now: a program that has no more files to open cannot do so when it must."""
    import traceback  # noqa: F401


def current_traceback() -> str:
    """Return the traceback of the exception that is being handled."""
    import traceback

    return traceback.format_exc()
