"""Every event as one short line in the language in use, with a mark that needs no colour."""

from __future__ import annotations

from typing import Final, Literal, assert_never

from netlib.address import Endpoint
from netlib.errors import Cause
from netlib.events import (
    Accepted,
    AcceptingPaused,
    AcceptingResumed,
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Crashed,
    Diagnosed,
    Event,
    Failed,
    Finished,
    HttpHead,
    HttpReply,
    Idle,
    Impaired,
    Listening,
    Named,
    PeerFinished,
    PortUnreachable,
    ReadingPaused,
    ReadingResumed,
    ReceiveBufferSet,
    Rejected,
    Resolved,
    Resolving,
    Secured,
    TimeLost,
    TimeReply,
    Transport,
    Unanswered,
    Unfinished,
)
from netlib.i18n import N_, _, ngettext
from netlib.silence import Awaited, Silence
from netlib.teaching.explain import in_short
from netlib.teaching.time_words import time_told
from netlib.text import milliseconds, visible_text

Severity = Literal["good", "info", "warn", "bad"]

_MARKS: Final[dict[Severity, str]] = {"good": "✓", "info": "·", "warn": "!", "bad": "✗"}

_CLOSED: Final[dict[CloseReason, tuple[Severity, str]]] = {
    CloseReason.BY_US: ("info", N_("closed by this end (FIN)")),
    CloseReason.BY_PEER: ("info", N_("closed: FIN in both directions")),
    CloseReason.RESET: ("bad", N_("closed: the peer reset the connection (RST)")),
    CloseReason.ABORTED: ("warn", N_("closed: reset by this end (RST)")),
    CloseReason.READ_TIMEOUT: (
        "warn",
        N_("closed: read timeout, no complete message in time (FIN)"),
    ),
    CloseReason.WRITE_TIMEOUT: (
        "warn",
        N_("closed: write timeout, the peer accepted no data in time (RST)"),
    ),
    CloseReason.LINE_TOO_LONG: ("warn", N_("closed: a line was too long (FIN)")),
    CloseReason.TOO_MUCH_UNFINISHED: (
        "warn",
        N_("closed: the clients had too much unfinished together, this one the most (FIN)"),
    ),
    CloseReason.WRONG_PROTOCOL: (
        "warn",
        N_("closed: an HTTP request, but this is no web server (FIN)"),
    ),
    CloseReason.TOO_SLOW: (
        "warn",
        N_("closed: too much data queued for a peer that does not read (RST)"),
    ),
    CloseReason.STOPPED: ("info", N_("closed: the server or the program was stopped")),
    CloseReason.FAILED: ("bad", N_("closed after an error")),
    CloseReason.BUG: ("bad", N_("closed: a bug in Socketboard (RST)")),
}

_WAITING: Final[dict[Awaited, str]] = {
    Awaited.LINE_END: N_("no LF yet: the server waits for the end of this line ({size})"),
    Awaited.HEADER_END: N_("no blank line yet: the request's header has not ended ({size})"),
    Awaited.BODY_END: N_("the body of the request is not complete yet ({size})"),
    Awaited.MAIL_END: N_('the mail has not ended: the server waits for a line with "." ({size})'),
}

_CUT_OFF: Final[dict[Awaited, str]] = {
    Awaited.LINE_END: N_("{fin}; the line before it had no LF and is no message ({size})"),
    Awaited.HEADER_END: N_("{fin}; the request before it had no blank line at its end ({size})"),
    Awaited.BODY_END: N_("{fin}; the body before it was not complete ({size})"),
    Awaited.MAIL_END: N_('{fin}; the mail before it had no line with "." and is none ({size})'),
}

_SILENT: Final[dict[Silence, str]] = {
    Silence.LOOP: N_("two servers could answer each other endlessly"),
    Silence.LOSS: N_("lost on purpose, as this service does"),
    Silence.NO_QUERY: N_("it is no query of this protocol"),
    Silence.NO_PORT: N_("its source port is 0, to which nothing can be sent"),
    Silence.NOT_SENT: N_("the system did not send the answer"),
}

_SEVERITIES: Final[dict[type[Event], Severity]] = {
    **dict.fromkeys((Listening, Resolved, Connected, Secured, Accepted), "good"),
    **dict.fromkeys((TimeReply, HttpReply), "good"),
    **dict.fromkeys((Resolving, Connecting, HttpHead), "info"),
    **dict.fromkeys((PeerFinished, Finished, ActivityStopped, Named), "info"),
    **dict.fromkeys((ReadingResumed, AcceptingResumed, ReceiveBufferSet), "info"),
    **dict.fromkeys((ReadingPaused, AcceptingPaused, Impaired), "warn"),
    **dict.fromkeys((Unfinished, Rejected, Unanswered, Idle, PortUnreachable, TimeLost), "warn"),
    **dict.fromkeys((Failed, Crashed), "bad"),
}
"""Where nothing in the event makes a difference; a test sees that none is missing."""


def mark(event: Event) -> str:
    """Return the glyph that says at a glance how good the news is: ✓ · ! ✗."""
    return _MARKS[severity(event)]


def severity(event: Event) -> Severity:
    """Return how good the news is; colours and marks are chosen by it."""
    match event:
        case HttpReply(complete=False) | Secured(verified=False):
            return "warn"
        case PeerFinished(awaits=Awaited()):
            return "warn"
        case Impaired(up="", down=""):
            return "info"
        case Closed(reason=reason):
            return _CLOSED[reason][0]
        case Failed(error=error) if error.cause is Cause.CANCELLED:
            return "info"
        case Diagnosed(path=path):
            from netlib.teaching.doctor import has_failed  # late: most logs hold none

            return "bad" if has_failed(path) else "good"
        case _:
            return _SEVERITIES[type(event)]


def describe(event: Event) -> str:
    """Return the event in words: one line, safe to show, without mark, time and activity."""
    match event:
        case Resolving() | Resolved() | Connecting() | Connected() | Secured() | Diagnosed():
            return _dialling(event)
        case Listening() | Accepted() | Rejected() | Named() | Unanswered():
            return _serving(event)
        case Unfinished(awaits=awaits, size=size):
            return waiting_for(awaits, size)
        case ReadingPaused() | ReadingResumed() | AcceptingPaused() | AcceptingResumed():
            return _pausing(event)
        case PeerFinished() | Finished() | Idle() | Closed() | ActivityStopped():
            return _ending(event)
        case PortUnreachable() | TimeReply() | TimeLost() | HttpHead() | HttpReply():
            return _answer(event)
        case ReceiveBufferSet() | Impaired() | Failed() | Crashed():
            return _by_the_system(event)
        case _:
            assert_never(event)


def _by_the_system(event: ReceiveBufferSet | Impaired | Failed | Crashed) -> str:
    match event:
        case Impaired(up="", down=""):
            return _("what comes goes on as it came")
        case Impaired(up=up, down=down):
            told = _("what crosses is impaired: to the server {up}; to the client {down}")
            up, down = (visible_text(one, 200) or "–" for one in (up, down))
            return told.format(up=up, down=down)
        case ReceiveBufferSet(asked=asked, given=given):
            template = _("receive buffer: {asked} asked for, the system says {given}")
            return template.format(asked=size_in_words(asked), given=size_in_words(given))
        case Failed(error=error):
            return in_short(error)
        case Crashed():
            return _("a bug in Socketboard ended it; the log has the details")


def waiting_for(awaits: Awaited, size: int) -> str:
    """Return what a server waits for, with the bytes of the message that are here."""
    return _(_WAITING[awaits]).format(size=size_in_words(size))


def size_in_words(size: int) -> str:
    """Return a number of bytes for a sentence: `1 byte`, `2,048 bytes`."""
    return ngettext("{count:,} byte", "{count:,} bytes", size).format(count=size)


def _dialling(
    event: Resolving | Resolved | Connecting | Connected | Secured | Diagnosed,
) -> str:
    match event:
        case Resolving(host=host):
            return _("looking up {host}").format(host=visible_text(host, 200))
        case Resolved(host=host, addresses=addresses, seconds=seconds):
            return _("{host} is {addresses} (name lookup {time})").format(
                host=visible_text(host, 200),
                addresses=visible_text(_(", ").join(dict.fromkeys(a.host for a in addresses)), 400),
                time=milliseconds(seconds),
            )
        case Connecting(peer=peer):
            return _("connecting to {peer}").format(peer=_at(peer))
        case Connected():
            return _connected(event)
        case Secured():
            return _secured(event)
        case Diagnosed(path=path):
            from netlib.teaching.doctor import told

            return told(path)


def _connected(event: Connected) -> str:
    if event.transport is Transport.UDP:
        template = _("UDP socket {local}, peer set to {peer}; nothing sent")
    elif event.resolve_seconds:
        template = _("connected from {local} to {peer} in {connect} (name lookup {resolve})")
    else:
        template = _("connected from {local} to {peer} in {connect}")
    return template.format(
        local=_at(event.local),
        peer=_at(event.peer),
        connect=milliseconds(event.connect_seconds),
        resolve=milliseconds(event.resolve_seconds),
    )


def _secured(event: Secured) -> str:
    if event.verified is None:
        template = _("{version} is agreed on: encrypted from here on ({cipher})")
    elif event.verified:
        template = _("{version}: encrypted, the certificate of {name} was verified ({cipher})")
    else:
        template = _("{version}: encrypted, but the certificate was NOT verified ({cipher})")
    return template.format(
        version=visible_text(event.version, 20),
        name=visible_text(event.name, 200),
        cipher=visible_text(event.cipher, 60),
    )


def _serving(event: Listening | Accepted | Rejected | Named | Unanswered) -> str:
    match event:
        case Named(name=name):
            return _("is called {name} from here on").format(name=visible_text(name, 40))
        case Listening():
            return _("listening on {local}").format(local=listening_at(event))
        case Accepted(peer=peer):
            return _("accepted a connection from {peer}").format(peer=_at(peer))
        case Rejected(peer=peer, limit=0):
            return _("closed {peer} at once: the system has no more sockets").format(peer=_at(peer))
        case Rejected(peer=peer, limit=limit):
            template = ngettext(
                "closed {peer} at once: limit of {limit} client reached",
                "closed {peer} at once: limit of {limit} clients reached",
                limit,
            )
            return template.format(peer=_at(peer), limit=limit)
        case Unanswered(peer=peer, count=count, why=why):
            template = ngettext(
                "did not answer {count:,} datagram, last from {peer}: {why}",
                "did not answer {count:,} datagrams, last from {peer}: {why}",
                count,
            )
            return template.format(peer=_at(peer), count=count, why=_(_SILENT[why]))


def _pausing(event: ReadingPaused | ReadingResumed | AcceptingPaused | AcceptingResumed) -> str:
    match event:
        case ReadingPaused(connection=0):
            return _("reading from every client is paused: what they send waits in the kernel")
        case ReadingPaused():
            return _("reading is paused: what the peer sends waits in the kernel")
        case ReadingResumed(connection=0):
            return _("reading from every client is resumed")
        case ReadingResumed():
            return _("reading is resumed")
        case AcceptingPaused():
            return _("accepting is paused: who connects waits in the accept queue")
        case AcceptingResumed():
            return _("accepting is resumed: who waits is accepted first")


def listening_at(event: Listening) -> str:
    """Return where a server listens, all of it: `[::]:8080 (IPv4 and IPv6)`."""
    places = [_at(place) for place in (event.local, *event.also)]
    if event.dual_stack:
        places[0] = _("{address} (IPv4 and IPv6)").format(address=places[0])
    return _(", ").join(places)


def _ending(event: PeerFinished | Finished | Idle | Closed | ActivityStopped) -> str:
    match event:
        case PeerFinished(awaits=awaits, unfinished=size):
            fin = _("FIN received: the peer will send no more")
            return _(_CUT_OFF[awaits]).format(fin=fin, size=size_in_words(size)) if awaits else fin
        case Finished():
            return _("FIN sent: half-closed, still receiving")
        case Idle(seconds=seconds):
            return _("nothing received for {seconds} s").format(seconds=f"{seconds:g}")
        case Closed():
            return _closed(event)
        case ActivityStopped():
            return _("stopped")


def _closed(event: Closed) -> str:
    text = _(_CLOSED[event.reason][1])
    if event.reason is CloseReason.FAILED and event.error:
        text = _("closed: {error}").format(error=in_short(event.error))
    if not event.unsent:
        return text
    lost = ngettext(
        "{closed}; {count:,} byte was not sent",
        "{closed}; {count:,} bytes were not sent",
        event.unsent,
    )
    return lost.format(closed=text, count=event.unsent)


def _answer(event: PortUnreachable | TimeReply | TimeLost | HttpHead | HttpReply) -> str:
    match event:
        case PortUnreachable(peer=peer):
            return _unreachable(peer)
        case TimeReply():
            return time_told(event)
        case TimeLost(number=number, tries=tries):
            template = ngettext(
                "query {number} failed: no reply after {tries} try",
                "query {number} failed: no reply after {tries} tries",
                tries,
            )
            return template.format(number=number, tries=tries)
        case HttpHead(status=status, reason=reason):
            told = f"{status} {visible_text(reason, 80)}".strip()
            return _("HTTP status and headers: {status}").format(status=told)
        case HttpReply():
            return _http(event)


def _unreachable(peer: Endpoint | None) -> str:
    if peer is None:
        return _("ICMP port unreachable: no program has opened the UDP port")
    template = _("ICMP port unreachable: no program has opened UDP {peer}")
    return template.format(peer=_at(peer))


def _http(event: HttpReply) -> str:
    if not event.status:  # RFC 9112, section 2.1
        return ngettext(
            "{size:,} byte came, but no complete HTTP header",
            "{size:,} bytes came, but no complete HTTP header",
            event.size,
        ).format(size=event.size)
    status = f"{event.status} {visible_text(event.reason, 80)}".strip()
    template = _("HTTP response {status}, body of {size:,} bytes")
    if event.error:
        template = _("HTTP response {status}, its body damaged after {size:,} bytes: {why}")
    elif not event.complete:
        template = _("HTTP response {status} incomplete: only {size:,} bytes of its body arrived")
    why = visible_text(event.error, 200)
    return template.format(status=status, size=event.body_size, why=why)


def _at(endpoint: Endpoint) -> str:
    """Return an endpoint for people; one from somebody else's recording may hold anything."""
    return visible_text(str(endpoint), 300)
