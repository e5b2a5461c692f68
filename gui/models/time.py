"""The Time tab: a UDP time server, and a client that asks one."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from gui.models.activity import ActivityModel
from gui.models.backend import Backend
from gui.models.notice import Notice, from_error, in_use
from netlib import (
    PORT_TAKEN,
    SERVICES,
    ActivityStopped,
    Crashed,
    Endpoint,
    Event,
    Failed,
    Listening,
    ServerConfig,
    TimeConfig,
    TimeLost,
    TimeReply,
    Totals,
    Transport,
    _,
    milliseconds,
    parse_endpoint,
    visible_text,
)
from netlib.teaching.time_words import offset_figures
from netlib.value import value

SERVICE_OF = {"rfc3339": "time", "ntp": "ntp", "daytime": "daytime"}
"""Which service speaks a protocol of `TIME_PROTOCOLS`."""
DEFAULT_PORTS = {name: SERVICES[service].default_port for name, service in SERVICE_OF.items()}
KEPT = 1000

Answer = TimeReply | TimeLost


@value()
class TimeForm:
    """What was typed in the head of the client; all checked. Times in seconds."""

    address: str
    count: int
    interval: float
    timeout: float
    retries: int
    protocol: str = "rfc3339"


class TimeServer(ActivityModel):
    """The server's half."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.local: Endpoint | None = None
        self.running = False
        self._config = ServerConfig(service="time", port=0, transport=Transport.UDP)

    def start(self, host: str, port: int, protocol: str = "rfc3339") -> None:
        """Begin to tell the time."""
        service = SERVICE_OF[protocol]
        self._config = ServerConfig(service=service, host=host, port=port, transport=Transport.UDP)
        self._follow(self._network.serve(self._config))
        self.running = True

    def totals(self) -> Totals:
        """Return what crossed the server's socket so far."""
        return self._network.totals(self._activity)

    def _notice_of(self, event: Event) -> Notice | None:
        """Tell of the server's own trouble; a client's is a row of the log."""
        match event:
            case Failed(error=error) if error.cause in PORT_TAKEN:
                return in_use(from_error(error), self._config)
            case Crashed() | Failed():
                return super()._notice_of(event)
            case _:
                return None

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Listening):
            self.local = event.local
        elif isinstance(event, ActivityStopped):
            self.running, self.local = False, None


class TimeClient(ActivityModel):
    """The client's half."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.answers: deque[Answer] = deque(maxlen=KEPT)
        """Newest last; of all queries since the list was cleared."""
        self._cleared: list[Answer] = []
        """What was cleared last."""
        self.asking = False

    def ask(self, form: TimeForm) -> None:
        """Query a server; what is under way is given up first."""
        if self.asking:
            self.stop()
        config = TimeConfig(
            endpoint=parse_endpoint(form.address),
            count=form.count,
            interval=form.interval,
            timeout=form.timeout,
            retries=form.retries,
            protocol=form.protocol,
        )
        self._follow(self._network.query_time(config))
        self.asking = True

    @property
    def is_cleared(self) -> bool:
        """Whether there is nothing but what can be brought back."""
        return bool(self._cleared) and not self.answers

    def clear(self) -> None:
        """Take the answers so far away."""
        self._cleared = [*self.answers]
        self.answers.clear()
        self.changes += 1

    def clear_or_restore(self) -> None:
        """Take the answers away; where there is nothing but what was cleared, bring that back."""
        if not self.is_cleared:
            self.clear()
            return
        self.answers.extend(self._cleared)
        self._cleared = []
        self.changes += 1

    @property
    def lost(self) -> int:
        """Queries without an answer."""
        return sum(isinstance(answer, TimeLost) for answer in self.answers)

    def round_trips(self) -> list[float]:
        """Return the round-trip times, in seconds, oldest first."""
        return [one.rtt_seconds for one in self.answers if isinstance(one, TimeReply)]

    def newest(self) -> TimeReply | None:
        """Return the newest answer."""
        replies = (one for one in reversed(self.answers) if isinstance(one, TimeReply))
        return next(replies, None)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, TimeReply | TimeLost):
            self.answers.append(event)
        elif isinstance(event, ActivityStopped) and event.activity == self._activity:
            self.asking = False


def answer_cells(answer: Answer) -> tuple[str, ...]:
    """Return an answer as the cells of a table."""
    if isinstance(answer, TimeLost):
        return (f"{answer.number}", "✗ " + _("no reply"), "–", "–")
    return (
        f"{answer.number}",
        f"✓ {visible_text(answer.text, 60)}",
        milliseconds(answer.rtt_seconds),
        offset_words(answer, _("s")),
    )


def offset_words(answer: TimeReply, unit: str) -> str:
    """Return how far the server's clock is ahead (+) or behind (−), as exactly as is known."""
    if answer.offset_seconds is None:
        return "–"
    ahead, bound = offset_figures(answer)
    return f"{ahead} ± {bound} {unit}".lstrip()


def summary(client: TimeClient) -> str:
    """Return what all the answers tell, in one line."""
    trips = client.round_trips()
    if not client.answers:
        return ""
    counts = {"sent": len(client.answers), "answered": len(trips), "lost": client.lost}
    words = _("queries {sent} · replies {answered} · no reply {lost}").format(**counts)
    if not trips:
        return words
    from statistics import median  # late: it loads decimal and fractions

    low, middle, high = (f"{value * 1000:.2f}" for value in (min(trips), median(trips), max(trips)))
    figures = {"low": low, "median": middle, "high": high}
    return words + _(" · round-trip time: min {low}, median {median}, max {high} ms").format(
        **figures
    )


def newest_words(answer: TimeReply) -> str:
    """Return an answer with a name for each figure; the time here beside the time told."""
    words = _("server time {time}{here} · round-trip time {rtt} ms · clock offset {offset}")
    if answer.stratum is not None:
        words = _(
            "server time {time}{here} · stratum {stratum} · round-trip time δ {rtt} ms"
            " · clock offset θ {offset}"
        )
    here = _here(answer.text)
    return words.format(
        stratum=answer.stratum,
        time=visible_text(answer.text.strip(), 60),
        here=_(" (here {clock})").format(clock=here) if here else "",
        rtt=f"{answer.rtt_seconds * 1000:.2f}",
        offset=offset_words(answer, _("s")),
    )


def _here(text: str) -> str:
    """Return a time of RFC 3339 by the clock of this place; empty: it is none."""
    try:
        told = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return f"{told.astimezone():%H:%M:%S}" if told.tzinfo else ""
    except (ValueError, OverflowError, OSError):  # a year that the calendar here does not have
        return ""
