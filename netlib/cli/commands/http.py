"""`http`: a request, and its reply to its real end."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from netlib import (
    N_,
    ActivityStopped,
    Cause,
    Chunk,
    ClientConfig,
    Closed,
    CloseMode,
    CloseReason,
    Connected,
    Decoder,
    Direction,
    Event,
    HttpHead,
    HttpReply,
    Item,
    NetError,
    Network,
    Operation,
    Url,
    WireChunk,
    _,
    build_request,
    charset,
    encode,
    parse_url,
    replace,
    tutorial_request,
    visible,
    visible_text,
)
from netlib.cli import values
from netlib.cli.arguments import add_trust, add_value, client_tls, naming
from netlib.cli.console import Console, UsageError
from netlib.cli.files import STANDARD_OUTPUT, Output, read_file
from netlib.cli.interrupt import interrupt_postponed
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.recorded import add_record
from netlib.cli.reports import failure, json_report, tell_news
from netlib.cli.values import argument_type
from netlib.teaching.explain import in_words

ORDER: Final = 20
SUMMARY: Final = N_(
    "Send an HTTP request; body to standard output, status and headers to standard error."
)
MORE: Final = N_(
    "Reads the response to its end: Content-Length, chunked, or close (RFC 9112 §6.3)."
)
TIMEOUT: Final = 10.0
TIMEOUT_HELP: Final = N_(
    "seconds to connect; then to wait for the whole header; then for each next piece of the body"
    " (default 10)"
)


FORM: Final = "application/x-www-form-urlencoded"
"""What -d sends, unless -H says otherwise; curl does so too."""
_TYPE: Final = "Content-Type"


def add_options(parser: ArgumentParser) -> None:
    """What to ask for, and where the body goes."""
    add_value(parser, "url", "URL", _url, _("http://host[:port]/path, or https://…"))
    add_value(
        parser, "-X", "METHOD", str, _("request method (default GET, with -d POST)"), dest="method"
    )
    explained = _("add a header or replace a default one; may be repeated")
    more = {"dest": "headers", "action": "append", "default": []}
    add_value(parser, "-H", "'NAME: VALUE'", _header, explained, **more)
    explained = _("the body of the request; @FILE: a file's bytes, @-: those of standard input")
    add_value(parser, "-d", "DATA", str, explained, dest="data")
    explained = _("send this file's bytes unchanged instead; - is standard input")
    add_value(parser, "--raw", "FILE", values.file_name, explained)
    explained = _("send the tutorial's request, byte for byte: it calls itself curl/7.55.1")
    parser.add_argument("--tutorial", action="store_true", help=explained)
    explained = _(
        "write the body to this file; -: unchanged to standard output, also on a terminal"
    )
    add_value(parser, "-o", "FILE", values.file_name, explained, dest="output")
    add_trust(parser)
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Fetch; the file of -o appears only when the whole body is in it."""
    config = ClientConfig(
        endpoint=options.url.endpoint,
        timeout=options.timeout,
        tls=client_tls(options, options.url.scheme == "https"),
    )
    request, fetch = _request(options), Fetch(config, options, console)
    if options.output in (None, STANDARD_OUTPUT):
        if options.json:  # the events carry the body
            return fetch.run(request, len)
        if console.is_terminal:
            return _show(fetch, request, console)
        return fetch.run(request, console.data)
    with Output(Path(options.output)) as output:
        told = options.json or options.record  # then somebody wants the body besides
        straight = output.is_plain and not told
        code = fetch.save(request, output) if straight else fetch.run(request, output.write)
        if not code:
            output.commit()
    return code


def _show(fetch: Fetch, request: bytes, console: Console) -> int:
    """Fetch; show the body on a terminal: as text in its own charset, and harmless."""
    decoders: list[Decoder] = []

    def take(piece: bytes) -> None:
        if not decoders and fetch.head is not None:
            decoders.append(Decoder(charset(fetch.head.headers, piece)))
        console.received(decoders[0].decode(piece))

    code = fetch.run(request, take)
    for decoder in decoders:
        console.received(decoder.decode(b"", final=True))
    console.end_line()
    return code


class Fetch:
    """One request and its reply."""

    def __init__(self, config: ClientConfig, options: Namespace, console: Console) -> None:
        """`options`: see `online`, `json_report`."""
        self._config = config
        self._options = options
        self._console = console
        self._report = json_report(options, console)
        """Tells everything that happens; None: head and news go to standard error."""
        self.head: HttpHead | None = None
        """Status and headers, once they have come."""
        self._connected = self._over = False
        self._received = 0
        """Bytes."""
        self._reply: HttpReply | None = None
        self._why = ""

    def run(self, request: bytes, take: Callable[[bytes], object]) -> int:
        """Fetch; hand the body to `take`, piece by piece; return the exit code."""
        pieces: deque[bytes] = deque()

        def hand_over() -> None:
            if self.head is not None:  # on a terminal the head stands first
                for _piece in range(len(pieces)):  # no more: the queue must not grow meanwhile
                    take(pieces.popleft())

        return self._run(partial(Network.request, data=request, sink=pieces.append), hand_over)

    def save(self, request: bytes, output: Output) -> int:
        """Fetch; let the network itself write the body, where nobody wants to see it."""
        return self._run(partial(Network.request, data=request, pour=output.pour), output.check)

    def _run(self, ask: Callable[[Network, int], bool], go_on: Callable[[], None]) -> int:
        connection = replace(self._config.options, read_timeout=self._config.timeout)
        with online(self._options, self._console) as (network, queue):
            number = network.connect(replace(self._config, options=connection))
            asked = False
            while not self._over:
                queue.wait(TICK_SECONDS)
                with interrupt_postponed():  # what has been taken is shown
                    for item in queue.take():
                        self._follow(item)
                if self._connected and not asked:
                    asked = ask(network, number)
                go_on()
                if self._reply is not None:
                    network.end(number, CloseMode.CLOSE)
        return self._verdict()

    def _follow(self, item: Item) -> None:
        if self._report is not None:
            self._report(item)
        elif not isinstance(item, Chunk | HttpHead) and self._reply is None:
            tell_news(self._console, item)
        match item:
            case Connected():
                self._connected = True
            case HttpHead():
                self.head = item
                self._show_head(item)
            case HttpReply():
                self._reply = item
            case ActivityStopped():
                self._over = True
            case Chunk():
                self._count(item)
            case _:
                self._why = self._why or _why(item)

    def _count(self, chunk: Chunk) -> None:
        if chunk.direction is Direction.RECEIVED and not isinstance(chunk, WireChunk):
            self._received += len(chunk.data)

    def _show_head(self, head: HttpHead) -> None:
        if self._report is None:
            version = visible(f"HTTP/{head.version}")
            self._console.note(f"{version} {head.status} {visible(head.reason)}".rstrip())
            for name, value in head.headers:
                self._console.note(f"{visible(name)}: {visible(value)}")
            self._console.note("")

    def _verdict(self) -> int:
        reply = self._reply
        if reply is not None and reply.complete:
            return 0
        if reply is not None and reply.error and reply.status:
            broken = _("The body of the response is damaged after {size:,} bytes: {why}.")
            self._why = broken.format(size=reply.body_size, why=reply.error)
        elif reply is not None and reply.error:
            error = NetError(Operation.RECEIVE, Cause.UNREADABLE_REPLY, detail=reply.error)
            self._why = in_words(error)
        elif reply is not None and reply.status:
            cut = _("The response is incomplete: only {size:,} bytes of its body arrived.")
            self._why = f"{cut.format(size=reply.body_size)}\n  {self._why}".rstrip()
        elif self._received:
            cut = _("{size:,} bytes came, but no complete HTTP header.")
            self._why = f"{cut.format(size=self._received)}\n  {self._why}".rstrip()
        elif not self._why:
            self._why = _("The connection was closed before any response came.")
        self._console.note(f"✗ {self._why}")
        return 1


def _why(event: Event) -> str:
    """Return why there will be no further byte because of this event; empty: it does not say."""
    if isinstance(event, Closed) and event.reason is CloseReason.READ_TIMEOUT:
        return in_words(NetError(Operation.RECEIVE, Cause.TIMED_OUT))
    return failure(event)


def _request(options: Namespace) -> bytes:
    if (ready := _ready_request(options)) is not None:
        return ready
    headers, data = options.headers, options.data
    method = "GET" if data is None else "POST"
    if data is None:
        body = b""
    elif data.startswith("@"):
        body = read_file(data[1:])
    else:
        with naming("-d"):
            body = encode(data, options.encoding)
    if data is not None and not any(name.strip().lower() == _TYPE.lower() for name, _v in headers):
        headers = [(_TYPE, FORM), *headers]
    with naming("-X, -H"):
        chosen = method if options.method is None else options.method
        return build_request(options.url, chosen, headers, body)


def _ready_request(options: Namespace) -> bytes | None:
    """Return the request that --raw or --tutorial name; None: it has to be built."""
    ready = [name for name in ("raw", "tutorial") if getattr(options, name)]
    if not ready:
        return None
    if options.data is not None or options.headers or options.method is not None or ready[1:]:
        sentence = _("{option} sends a request unchanged: nothing can be added to it.")
        raise UsageError(sentence.format(option=f"--{ready[0]}"))
    if options.tutorial:
        return tutorial_request(options.url)
    if data := read_file(options.raw):
        return data
    raise UsageError(_("--raw: the file is empty."))


@argument_type
def _url(text: str) -> Url:
    return parse_url(text)


@argument_type
def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        sentence = _("\"{text}\" is not a header; write it as 'Name: value'.")
        raise ValueError(sentence.format(text=visible_text(text, 60)))
    return name, value
