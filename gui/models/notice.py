"""A notice: what the banner says. Made of an event, said in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from netlib import (
    LOCAL_HOST,
    N_,
    Cause,
    Closed,
    CloseReason,
    Crashed,
    Endpoint,
    Event,
    Failed,
    HttpReply,
    NetError,
    Operation,
    PortUnreachable,
    Rejected,
    Transport,
    _,
    free_port,
)
from netlib.teaching.cases import Case
from netlib.teaching.explain import explain, in_short
from netlib.teaching.narrate import Severity, describe
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib import ServerConfig

Words = Callable[[], str]


class Part(NamedTuple):
    """A part of an explained error, in the language of the moment; several points are numbered."""

    title: str
    points: tuple[str, ...]


class Cure(NamedTuple):
    """What one click may do about it: an intent of the tab, and where."""

    intent: Literal["serve", "use_port", "again", "check", "forget"]
    host: str = ""
    port: int = 0

    def words(self) -> str:
        """Return what stands on the button."""
        return _(_BUTTONS[self.intent]).format(port=self.port)


class Notice(NamedTuple):
    """A sentence, and what is known of it and can be tried; both made when they are shown."""

    severity: Severity
    sentence: Words
    parts: Callable[[], Sequence[Part]] = tuple
    cure: Cure | None = None
    check: Cure | None = None
    """The offer to look at the path to a server, where there is no connection."""
    more: str = N_("Why?")
    """What stands on the button for parts that there is no room for, to be translated."""


_BUTTONS = {
    "serve": N_("Start that server"),
    "use_port": N_("Use port {port}"),
    "again": N_("Reconnect"),
    "check": N_("Check the path"),
    "forget": N_("Begin again"),
}
_LOOK = N_("What to look at")
_LOST = (Cause.RESET, Cause.CONNECTION_LOST, Cause.ABORTED, Cause.BROKEN_PIPE)
"""What a new connection mends, perhaps."""
_UDP_LESSON = N_(
    'UDP does not guarantee delivery: "connecting" sent no packet, and sending '
    "succeeded although no program has opened the port. Only the ICMP error "
    "shows it."
)
_TIMED_OUT = N_(
    "No complete message came in that time. A line is complete with its line "
    "end (LF); how long the server waits is set beside its Start button."
)
_WORTH_A_BANNER = {
    CloseReason.RESET: N_(
        "The peer closed with unread data, was already closed when our data arrived, or aborted."
    ),
    CloseReason.WRITE_TIMEOUT: N_(
        "The peer accepted no data in time: it does not read (window 0), or the path is broken."
    ),
    CloseReason.TOO_SLOW: N_(
        "The peer accepted no data in time: it does not read (window 0), or the path is broken."
    ),
    CloseReason.BUG: N_("Please report this with the traffic saved to a file."),
}


def from_error(error: NetError, target: Endpoint | None = None) -> Notice:
    """Return the notice of a network error; `target`: see `from_event`."""
    failed = error.operation in (Operation.RESOLVE, Operation.CONNECT)
    check = Cure("check", target.host, target.port) if target and failed else None

    def parts() -> list[Part]:
        told = explain(error)
        return _parts(wire=told.wire, reasons=told.reasons, advice=told.advice)

    return Notice("bad", lambda: in_short(error), parts, _cure_of(error), check)


def _cure_of(error: NetError) -> Cure | None:
    if error.cause in _LOST and error.operation is not Operation.ACCEPT:
        return Cure("again")
    return serve_there(error.endpoint) if error.cause is Cause.REFUSED else None


def serve_there(endpoint: Endpoint | None) -> Cure | None:
    """Return the offer to start the server that is missing, if that is for this computer to do."""
    if endpoint is None or not endpoint.is_loopback:
        return None
    return Cure("serve", LOCAL_HOST, endpoint.port)


def in_use(notice: Notice, config: ServerConfig) -> Notice:
    """Add the offer of the next free port to a notice that this one is taken."""
    udp = config.transport is Transport.UDP
    port = free_port(config.host, config.port, udp=udp)
    return notice if port is None else notice._replace(cure=Cure("use_port", config.host, port))


def timed_out(seconds: float) -> Notice:
    """Return why a client of this window was closed by a server of this window."""

    def sentence() -> str:
        words = _("Closed by the server's read timeout of {seconds} s.")
        return words.format(seconds=f"{seconds:g}")

    return Notice("warn", sentence, lambda: _parts(reasons=(_(_TIMED_OUT),)), Cure("again"))


def _udp_lesson() -> list[Part]:
    return _parts(reasons=(_(_UDP_LESSON),))


def from_event(event: Event, target: Endpoint | None = None) -> Notice | None:
    """Return the notice an event deserves; most deserve none.

    `target` is whom a TCP connection was wanted with, if one was.
    """
    match event:
        case Failed(error=error) if error.cause is not Cause.CANCELLED:
            return from_error(error, target)
        case Closed(error=NetError() as error):
            return from_error(error)
        case Closed(reason=reason) if reason in _WORTH_A_BANNER:
            words = _WORTH_A_BANNER[reason]
            cure = Cure("again") if reason is CloseReason.RESET else None
            return Notice("bad", lambda: describe(event), lambda: _parts(reasons=(_(words),)), cure)
        case PortUnreachable():
            cure = serve_there(event.peer)
            return Notice("warn", lambda: describe(event), _udp_lesson, cure)
        case Rejected():
            return Notice("warn", lambda: describe(event))
        case HttpReply() if event.status and event.error:
            return Notice("warn", lambda: describe(event))
        case Crashed():
            trace = event.traceback.strip()[-200:]
            return Notice("bad", lambda: describe(event), lambda: [Part("", (trace,))])
        case _:
            return None


def of_case(case: Case) -> Notice:
    """Return what to look at in a recorded case."""

    def sentence() -> str:
        return _("{title} ({source})").format(title=_(case.title), source=_(case.source))

    def parts() -> list[Part]:
        return [Part(_(_LOOK), (_(case.look),))]

    return Notice("info", sentence, parts, more=_LOOK)


def _parts(*, wire: str = "", reasons: tuple[str, ...] = (), advice: str = "") -> list[Part]:
    """Return the parts that have something to say."""
    named = (
        (_("On the wire"), (wire,)),
        (_("Likely reasons"), reasons),
        (_("Try"), (advice,)),
    )
    return [Part(title, points) for title, points in named if any(points)]
