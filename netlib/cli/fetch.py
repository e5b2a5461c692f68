"""`http`: one request, and its reply to its real end; the body passes straight through."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from netlib.activities.client import ClientConfig
from netlib.address import Endpoint
from netlib.cli.console import BLOCK_BYTES, Console
from netlib.cli.dialogue import TICK_SECONDS, online
from netlib.cli.reports import Report, failure, tell_news
from netlib.engine.outbox import Item
from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    ActivityStopped,
    Chunk,
    Closed,
    CloseReason,
    Connected,
    Direction,
    Event,
    PeerFinished,
)
from netlib.i18n import _
from netlib.network import CloseMode, Network
from netlib.protocols.http import ReplyReader
from netlib.teaching.explain import in_words
from netlib.text import visible

Sink = Callable[[bytes], object]
"""Takes the body, piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What to fetch, from where. `timeout` in seconds: to connect, then for each next byte."""

    endpoint: Endpoint
    request: bytes
    timeout: float
    report: Report | None
    """Tells everything that happens; None: head and news go to standard error."""


class Fetch:
    """One HTTP exchange."""

    def __init__(self, options: FetchOptions, console: Console, sink: Sink) -> None:
        self._options = options
        self._console = console
        self._sink = sink
        self._outgoing = deque(
            options.request[at : at + BLOCK_BYTES]
            for at in range(0, len(options.request), BLOCK_BYTES)
        )
        method = options.request.partition(b" ")[0].decode("ascii", "replace")
        self._reader = ReplyReader(method)
        self._connected = self._over = self._head_shown = False
        self._why = ""

    def run(self) -> int:
        """Fetch; return the exit code."""
        config = ClientConfig(endpoint=self._options.endpoint, timeout=self._options.timeout)
        connection = replace(config.options, read_timeout=self._options.timeout)
        with online() as (network, queue):
            number = network.connect(replace(config, options=connection))
            while not self._over:
                queue.wait(TICK_SECONDS)
                for item in queue.take():
                    self._follow(item)
                self._act(network, number)
        return self._verdict()

    def _follow(self, item: Item) -> None:
        if self._options.report:
            self._options.report(item)
        elif not isinstance(item, Chunk) and not self._reader.done:
            tell_news(self._console, item)
        match item:
            case Chunk(direction=Direction.RECEIVED, data=data):
                self._read(data)
            case Connected():
                self._connected = True
            case PeerFinished() | Closed():
                self._end(item)
            case ActivityStopped():
                self._over = True
            case Chunk():
                pass
            case _:
                self._why = self._why or failure(item)

    def _read(self, data: bytes) -> None:
        reader = self._reader
        reader.feed(data)
        if reader.status and not self._head_shown:
            self._head_shown = True
            self._show_head()
        if body := reader.take_body():
            self._sink(body)

    def _end(self, event: Event) -> None:
        """Nothing more will come: a reply without a stated length ends here, if it ends well."""
        if self._reader.done:
            return
        if isinstance(event, PeerFinished):
            self._reader.finish()
        elif isinstance(event, Closed) and event.reason is CloseReason.READ_TIMEOUT:
            self._why = in_words(NetError(Operation.RECEIVE, Cause.TIMED_OUT))
        else:
            self._why = failure(event)

    def _act(self, network: Network, number: int) -> None:
        while self._connected and self._outgoing and network.send(number, self._outgoing[0]):
            self._outgoing.popleft()
        if self._reader.done:
            network.end(number, CloseMode.CLOSE)

    def _show_head(self) -> None:
        reader = self._reader
        if self._options.report is None:
            self._console.note(f"HTTP {reader.status} {visible(reader.reason)}".rstrip())
            for name, value in reader.headers:
                self._console.note(f"{visible(name)}: {visible(value)}")
            self._console.note("")

    def _verdict(self) -> int:
        reader = self._reader
        if reader.complete:
            return 0
        if reader.error:
            self._why = in_words(
                NetError(Operation.RECEIVE, Cause.UNREADABLE_REPLY, detail=reader.error)
            )
        elif reader.status:
            cut = _("The reply broke off: only {size:,} bytes of its body arrived.")
            self._why = f"{cut.format(size=reader.body_size)} {self._why}".rstrip()
        elif not self._why:
            self._why = _("The connection was closed before any reply had come.")
        self._console.note(f"✗ {self._why}")
        return 1
