"""A notice: what the banner says. Made of an event, said in the language of the moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

from netlib import (
    N_,
    Cause,
    Closed,
    CloseReason,
    Crashed,
    Event,
    Failed,
    NetError,
    PortUnreachable,
    Rejected,
    _,
)
from netlib.teaching.explain import explain, in_short, numbered
from netlib.teaching.narrate import Severity, describe

Words = Callable[[], str]


class Notice(NamedTuple):
    """A sentence, and what may be behind it and tried; both made when they are shown."""

    severity: Severity
    sentence: Words
    advice: Words


_UDP_LESSON = N_(
    "UDP promises nothing: “connected” sent no packet, and the send succeeded though nobody "
    "listens. Only an ICMP message told us."
)
_TIMED_OUT = N_(
    "No complete message came in that time. A line is complete with its line end (LF); how long "
    "the server waits is chosen beside its Start button."
)
_WORTH_A_BANNER = {
    CloseReason.RESET: N_(
        "The program at the other end ended without closing the connection, "
        "or refused what it was sent."
    ),
    CloseReason.WRITE_TIMEOUT: N_("The other end does not read. Is its program still running?"),
    CloseReason.TOO_SLOW: N_("The other end does not read. Is its program still running?"),
    CloseReason.BUG: N_("Please report this with the traffic saved to a file."),
}


def _beside(one: str, other: str) -> str:
    return _("{one} {other}").format(one=one, other=other)


def from_error(error: NetError) -> Notice:
    """Return the notice of a network error."""

    def advice() -> str:
        told = explain(error)
        reasons = numbered(told.reasons)
        parts = filter(None, (told.wire, reasons, told.advice))
        return functools.reduce(_beside, parts)

    return Notice("bad", lambda: in_short(error), advice)


def timed_out(seconds: float) -> Notice:
    """Return why a client of this window was closed by a server of this window."""

    def sentence() -> str:
        words = _("Closed by the server's read timeout of {seconds} s.")
        return words.format(seconds=f"{seconds:g}")

    return Notice("warn", sentence, lambda: _(_TIMED_OUT))


def from_event(event: Event) -> Notice | None:
    """Return the notice an event deserves; most deserve none."""
    match event:
        case Failed(error=error) if error.cause is not Cause.CANCELLED:
            return from_error(error)
        case Closed(error=NetError() as error):
            return from_error(error)
        case Closed(reason=reason) if reason in _WORTH_A_BANNER:
            advice = _WORTH_A_BANNER[reason]
            return Notice("bad", lambda: describe(event), lambda: _(advice))
        case PortUnreachable():
            return Notice("warn", lambda: describe(event), lambda: _(_UDP_LESSON))
        case Rejected():
            return Notice("warn", lambda: describe(event), lambda: "")
        case Crashed():
            return Notice("bad", lambda: describe(event), lambda: event.traceback.strip()[-200:])
        case _:
            return None
