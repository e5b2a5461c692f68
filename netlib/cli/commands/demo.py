"""`demo`: the whole tutorial on this computer, step by step, each one checked by its real bytes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Final, TypeVar

from netlib import (
    ACKNOWLEDGEMENT,
    N_,
    ActivityStopped,
    Cause,
    Chunk,
    ClientConfig,
    Closed,
    CloseMode,
    Connected,
    Crashed,
    Direction,
    Endpoint,
    Event,
    EventQueue,
    Failed,
    HttpReply,
    Item,
    Listening,
    Network,
    PeerFinished,
    PortUnreachable,
    ServerConfig,
    TimeConfig,
    TimeReply,
    Transport,
    Url,
    _,
    milliseconds,
    now,
    tutorial_request,
    visible,
    wall_clock,
)
from netlib.cli.console import Console
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.recorded import add_record
from netlib.cli.reports import Report, failure, json_report
from netlib.teaching.explain import in_short, in_words
from netlib.teaching.lines import PLAIN, LogEntry, format_row
from netlib.teaching.narrate import describe

ORDER: Final = 80
SUMMARY: Final = N_("Run the built-in demo on loopback, step by step.")
MORE: Final = N_("Exit code 0 only if all steps pass.")
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = N_("longest wait for each step, in seconds (default 5)")

E = TypeVar("E", bound=Event)
T = TypeVar("T")

LINE: Final = "你好，插座板\n".encode()
GREETING: Final = "大家好\n".encode()
SHOWN_BYTES: Final = 120
"""How much of each chunk is shown."""


class NotAsSaidError(Exception):
    """A step did something else than it announced; str() is the sentence to show."""


class NothingCameError(NotAsSaidError):
    """What was waited for did not come in time."""


class Stage:
    """Where the demo plays: one network, who is on it, and everything that happened so far."""

    def __init__(self, network: Network, queue: EventQueue, timeout: float, tell: Report) -> None:
        self.network = network
        self.names: dict[int, str] = {}
        """Who is who, by activity."""
        self.server = 0
        self.client = 0
        self.server_at = Endpoint("localhost", 0)
        self._queue = queue
        self.timeout = timeout
        """Longest wait for anything, in seconds."""
        self._tell = tell
        self._heard: list[Item] = []

    def serve(self, service: str, transport: Transport, name: str) -> tuple[int, Endpoint]:
        """Start a server on a free port; return its number and where it listens."""
        config = ServerConfig(service=service, port=0, transport=transport)
        number = self.network.serve(config)
        self.names[number] = name
        return number, self.event(number, Listening).local

    def dial(self, endpoint: Endpoint, name: str, transport: Transport = Transport.TCP) -> int:
        """Begin to connect; return the client's number."""
        config = ClientConfig(endpoint=endpoint, transport=transport, timeout=self.timeout)
        number = self.network.connect(config)
        self.names[number] = name
        return number

    def enter(self, room: Endpoint, name: str) -> int:
        """Enter a chat room under this name; return the member's number."""
        member = self.dial(room, name)
        self.event(member, Connected)
        self.network.send(member, f"/name {name}\n".encode())
        self.hear(member, f"* you are {name} / 你是 {name}\n".encode())
        return member

    def stop(self, number: int) -> None:
        """Stop an activity, and wait until it is gone."""
        self.network.stop(number)
        self.event(number, ActivityStopped)

    def event(self, number: int, kind: type[E]) -> E:
        """Wait for an activity's event; NotAsSaidError if another ending or nothing comes."""

        def look() -> E | None:
            mine = (item for item in self._heard if item.activity == number)
            for item in mine:
                if isinstance(item, kind):
                    return item
                if isinstance(item, Failed | Crashed):
                    raise NotAsSaidError(failure(item))
            return None

        return self._wait(look, kind.__name__)

    def receive(self, number: int, expected: bytes) -> None:
        """Wait for bytes, and compare them one by one with what must come."""
        got = self._wait(lambda: self._enough(number, len(expected)), visible(expected))
        if got != expected:
            wrong = _('received "{got}" instead of "{expected}"')
            raise NotAsSaidError(wrong.format(got=visible(got), expected=visible(expected)))

    def hear(self, number: int, line: bytes) -> None:
        """Wait until `line` is among the lines an activity has received."""
        self._wait(lambda: line in self._received(number).splitlines(keepends=True), visible(line))

    def _enough(self, number: int, size: int) -> bytes | None:
        got = self._received(number)
        return got if len(got) >= size else None

    def _received(self, number: int) -> bytes:
        return b"".join(
            item.data
            for item in self._heard
            if isinstance(item, Chunk)
            and item.activity == number
            and item.direction is Direction.RECEIVED
        )

    def _wait(self, look: Callable[[], T | None], what: str) -> T:
        until = now() + self.timeout
        while not (found := look()):
            if now() > until:
                raise NothingCameError(_("timed out waiting for: {what}").format(what=what))
            self._queue.wait(TICK_SECONDS)
            for item in self._queue.take():
                self._heard.append(item)
                self._tell(item)
        return found


def start_server(stage: Stage) -> str:
    """Start the line server."""
    stage.server, stage.server_at = stage.serve("acknowledge", Transport.TCP, _("server"))
    return _("It listens on {address}.").format(address=stage.server_at)


def connect(stage: Stage) -> str:
    """Connect to the line server."""
    stage.client = stage.dial(stage.server_at, _("client"))
    event = stage.event(stage.client, Connected)
    text = _(
        "Connected in {time}: this end {local}, peer {peer}. The lines above stand in the order in "
        "which the two programs noticed; that need not be the order on the wire."
    )
    return text.format(time=milliseconds(event.connect_seconds), local=event.local, peer=event.peer)


def send_a_line(stage: Stage) -> str:
    """Send a line, and compare the reply."""
    stage.network.send(stage.client, LINE)
    stage.receive(stage.client, ACKNOWLEDGEMENT + LINE)
    return _("The reply is correct: all {count} bytes match.").format(
        count=len(ACKNOWLEDGEMENT + LINE)
    )


def hang_up(stage: Stage) -> str:
    """Half-close, and see the server close its side."""
    stage.network.end(stage.client, CloseMode.FINISH)
    stage.event(stage.client, PeerFinished)
    closed = stage.event(stage.client, Closed)
    text = _("Both directions are closed: {sent} bytes sent, {received} received.")
    return text.format(sent=closed.sent, received=closed.received)


def ask_for_a_page(stage: Stage) -> str:
    """Send the tutorial's HTTP request to our web server."""
    number, where = stage.serve("web", Transport.TCP, _("web server"))
    browser = stage.dial(where, _("HTTP client"))
    stage.event(browser, Connected)
    stage.network.request(browser, tutorial_request(Url("http", where, "/")))
    reply = stage.event(browser, HttpReply)
    if not (reply.complete and reply.status == 200 and reply.body_size):
        raise NotAsSaidError(describe(reply))
    stage.stop(browser)
    stage.stop(number)
    return _("Status 200, and all {count:,} bytes of the page.").format(count=reply.body_size)


def chat(stage: Stage) -> str:
    """Let one member of the chat room hear another."""
    room, where = stage.serve("chat", Transport.TCP, _("chat room"))
    ann, bob = (stage.enter(where, name) for name in ("ann", "bob"))
    stage.network.send(ann, GREETING)
    stage.hear(bob, b"ann: " + GREETING)
    for number in (ann, bob, room):
        stage.stop(number)
    return _("bob received ann's line, with her name in front.")


def ask_the_time(stage: Stage) -> str:
    """Ask the UDP time server."""
    number, where = stage.serve("time", Transport.UDP, _("time server"))
    config = TimeConfig(endpoint=where, timeout=stage.timeout)
    asker = stage.network.query_time(config)
    stage.names[asker] = _("time client")
    reply = stage.event(asker, TimeReply)
    if reply.offset_seconds is None or abs(reply.offset_seconds) > 1.5:
        raise NotAsSaidError(describe(reply))
    stage.stop(number)
    text = _("Server time {time}, round-trip time {rtt}.")
    return text.format(time=visible(reply.text), rtt=milliseconds(reply.rtt_seconds))


def be_refused(stage: Stage) -> str:
    """Stop the line server, and call it again."""
    stage.stop(stage.server)
    caller = stage.dial(stage.server_at, _("client"))
    failed = stage.event(caller, Failed)
    if failed.error.cause is not Cause.REFUSED:
        raise NotAsSaidError(in_words(failed.error))
    return in_short(failed.error)


def send_to_nobody(stage: Stage) -> str:
    """Send a datagram to a port that has just been closed."""
    number, where = stage.serve("time", Transport.UDP, _("time server"))
    stage.stop(number)
    caller = stage.dial(where, _("UDP client"), Transport.UDP)
    stage.event(caller, Connected)
    stage.network.send(caller, LINE)
    try:
        told = describe(stage.event(caller, PortUnreachable))
    except NothingCameError:
        told = _("No ICMP error came: this system, or a firewall, does not tell.")
    stage.stop(caller)
    return told


STEPS: Final[tuple[tuple[str, Callable[[Stage], str]], ...]] = (
    (N_("Start the line reply server on a free port of this computer."), start_server),
    (N_("Connect: the three-way handshake (SYN, SYN-ACK, ACK), no data yet."), connect),
    (
        N_('Send a line; the server returns it with the prefix "已接收: " ("received: ").'),
        send_a_line,
    ),
    (
        N_(
            "Finish sending (FIN). TCP acknowledges it; then the server program closes "
            "too, with its own FIN."
        ),
        hang_up,
    ),
    (N_("Send an HTTP request by hand and read the whole response."), ask_for_a_page),
    (N_("Two clients join the chat room; each line goes to the other."), chat),
    (N_("Query a UDP time server: one datagram there, one back, no connection."), ask_the_time),
    (N_("Stop the server and connect again: the connection must be refused."), be_refused),
    (
        N_(
            "Send a datagram to a port nobody has opened: send() succeeds; an ICMP "
            "error may come back."
        ),
        send_to_nobody,
    ),
)


class Narrator:
    """Tells the play: every step, and between them what happened, whose event it was."""

    def __init__(self, console: Console, report: Report | None) -> None:
        self.names: dict[int, str] = {}
        self._console = console
        self._report = report

    def __call__(self, item: Item) -> None:
        """Tell one thing that happened."""
        if self._report is not None:
            self._report(item)
            return
        if isinstance(item, Chunk):
            entry = LogEntry(0.0, item.direction, visible(item.data, limit=SHOWN_BYTES))
        else:
            entry = LogEntry(0.0, item)
        name, text = self.names.get(item.activity, ""), format_row(entry, PLAIN)[1]
        self._console.line(f"     {name}  {text}")

    def announce(self, title: str) -> None:
        """Say what the next step is."""
        if self._report is None:
            self._console.line(f"\n{title}")

    def conclude(self, title: str, *, ok: bool, result: str) -> None:
        """Say how the step went."""
        if self._report is None:
            self._console.line(f"   {'✓' if ok else '✗'} {result}")
        else:
            told = {"event": "step", "at": round(now() + wall_clock.offset(), 6), "title": title}
            self._console.record(told | {"ok": ok, "result": result})
        if not ok:
            self._console.note(f"✗ {title} {result}")


def add_options(parser: ArgumentParser) -> None:
    """Whether it is recorded: both ends of everything are in one file then."""
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Play all steps; return 0 if every one did what it says."""
    report = json_report(options, console)
    narrator = Narrator(console, report)
    with online(options, console) as (network, queue):
        stage = Stage(network, queue, options.timeout, narrator)
        narrator.names = stage.names
        for number, (announcement, step) in enumerate(STEPS, 1):
            title = f"{number}. {_(announcement)}"
            narrator.announce(title)
            try:
                narrator.conclude(title, ok=True, result=step(stage))
            except NotAsSaidError as why:
                narrator.conclude(title, ok=False, result=str(why))
                return 1
    if report is None:
        console.line("\n" + _("All steps passed."))
    return 0
