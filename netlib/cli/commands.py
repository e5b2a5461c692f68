"""From arguments to action: each command's options become the configuration of what it runs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from netlib.activities.client import ClientConfig
from netlib.activities.serving import ServerConfig
from netlib.cli.arguments import Payload
from netlib.cli.console import BLOCK_BYTES, Console, UsageError, read_input, wire_lines
from netlib.cli.reports import DatagramReport, JsonReport, Report, TalkReport
from netlib.errors import Cause, NetError, Operation
from netlib.events import Transport
from netlib.i18n import _
from netlib.protocols.framing import split_lines
from netlib.protocols.http import build_request
from netlib.services import SERVICES
from netlib.teaching.explain import explain
from netlib.text import EOL, encode, visible

IDLE_NOTICE: Final = 60.0
"""Seconds of silence in a chat that are worth a notice."""

LARGEST_DATAGRAM: Final = 65507
"""Bytes: what IPv4's 16-bit length leaves behind its own header and UDP's (RFC 768, RFC 791)."""


def connect(options: Namespace, console: Console) -> int:
    """Run `connect`."""
    from netlib.cli.dialogue import Dialogue, Script

    script = Script(
        config=ClientConfig(endpoint=options.address, timeout=options.timeout),
        opening=_said(options, EOL[options.eol].decode()),
        typed=None if options.said else partial(_typed, options.eol, options.encoding),
        wait=options.wait,
    )
    return Dialogue(script, console, _report(options, console, TalkReport)).run()


def chat(options: Namespace, console: Console) -> int:
    """Run `chat`."""
    from netlib.cli.dialogue import Dialogue, Script

    config = ClientConfig(endpoint=options.address, timeout=options.timeout)
    with _naming("--name"):
        name = encode(f"/name {options.name}\n", options.encoding) if options.name else b""
    script = Script(
        config=replace(config, options=replace(config.options, idle_notice=IDLE_NOTICE)),
        opening=(name,),
        typed=partial(_typed, "lf", options.encoding),
        wait=options.wait,
    )
    return Dialogue(script, console, _report(options, console, TalkReport)).run()


def udp(options: Namespace, console: Console) -> int:
    """Run `udp`."""
    from netlib.cli.dialogue import Dialogue, Script

    script = Script(
        config=ClientConfig(
            endpoint=options.address, transport=Transport.UDP, timeout=options.timeout
        ),
        opening=_fitting(_said(options, "")),
        typed=None if options.said else partial(_typed_datagrams, options.encoding),
        wait=options.wait,
    )
    return Dialogue(script, console, _report(options, console, DatagramReport)).run()


def http(options: Namespace, console: Console) -> int:
    """Run `http`."""
    from netlib.cli.fetch import Fetch, FetchOptions
    from netlib.cli.files import Output

    wanted = FetchOptions(
        endpoint=options.url.endpoint,
        request=_request(options),
        timeout=options.timeout,
        report=JsonReport(console, options.encoding) if options.json else None,
    )
    if options.output is None:  # with --json the events carry the body
        return Fetch(wanted, console, len if options.json else console.data).run()
    with Output(Path(options.output)) as output:
        code = Fetch(wanted, console, output.write).run()
        if not code:
            output.commit()
    return code


def serve(options: Namespace, console: Console) -> int:
    """Run `serve`."""
    from netlib.cli.serve import ServeOptions, Serving

    info = SERVICES[options.service]
    transport = Transport.UDP if options.udp else info.transports[0]
    if transport not in info.transports:
        raise UsageError(_("--udp: the service “%(name)s” is TCP only.") % {"name": info.name})
    both = options.timeout
    config = ServerConfig(
        service=info.name,
        host=options.host,
        port=info.default_port if options.port is None else options.port,
        transport=transport,
        read_timeout=_deadline(options.read_timeout, both or 30.0),
        write_timeout=_deadline(options.write_timeout, both or 10.0),
        max_clients=options.max_clients,
        max_accepts=options.max_rate,
        max_line=options.max_line,
    )
    wanted = ServeOptions(
        config=config,
        json=options.json,
        quiet=options.quiet,
        encoding=options.encoding,
        record=Path(options.record) if options.record else None,
    )
    return Serving(wanted, console).run()


def time(options: Namespace, console: Console) -> int:
    """Run `time`."""
    from netlib.activities.time_query import TimeConfig
    from netlib.cli.clock import query

    config = TimeConfig(
        endpoint=options.address,
        count=options.count,
        interval=options.interval,
        timeout=options.timeout,
    )
    return query(config, console, JsonReport(console, options.encoding) if options.json else None)


def recording(options: Namespace, console: Console) -> int:
    """Run `recording`."""
    from netlib.cli.recordings import run

    return run(options, console)


def demo(options: Namespace, console: Console) -> int:
    """Run `demo`."""
    from netlib.cli.demo import play

    report = JsonReport(console, options.encoding) if options.json else None
    return play(console, report, options.timeout)


RUN: Final[dict[str, Callable[[Namespace, Console], int]]] = {
    command.__name__: command
    for command in (connect, http, serve, chat, time, udp, recording, demo)
}


def _report(
    options: Namespace, console: Console, spoken: Callable[[Console, str], Report]
) -> Report:
    return (JsonReport if options.json else spoken)(console, options.encoding)


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """Put the option's name before a sentence about its value."""
    try:
        yield
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _said(options: Namespace, ending: str) -> tuple[bytes, ...]:
    return tuple(_bytes_of(said, ending, options.encoding) for said in options.said or ())


def _bytes_of(said: Payload, ending: str, encoding: str) -> bytes:
    if isinstance(said.data, bytes):
        return said.data
    with _naming("--send"):
        return encode(said.data + ending, encoding)


def _typed(eol: str, encoding: str, block: bytes) -> tuple[bytes, ...]:
    return (wire_lines(block, eol, encoding),)


def _typed_datagrams(encoding: str, block: bytes) -> tuple[bytes, ...]:
    lines = split_lines(wire_lines(block, "lf", "utf-8"))
    return _fitting(tuple(wire_lines(line.removesuffix(b"\n"), "none", encoding) for line in lines))


def _fitting(datagrams: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the datagrams, or say plainly that one is larger than UDP can carry."""
    for data in datagrams:
        if len(data) > LARGEST_DATAGRAM:
            words = explain(NetError(Operation.SEND, Cause.MESSAGE_TOO_LONG))
            size = _("It has {size:,} bytes.").format(size=len(data))
            raise UsageError(f"{words.sentence} {size} {words.reason}")
    return datagrams


def _request(options: Namespace) -> bytes:
    if options.raw is not None:
        if options.data is not None or options.headers or options.method is not None:
            raise UsageError(_("--raw sends a file as it stands: -X, -H and -d do not go with it."))
        return _raw(options.raw)
    with _naming("-d"):
        body = encode(options.data or "", options.encoding)
    method = "GET" if options.data is None else "POST"
    with _naming("-X, -H"):
        chosen = method if options.method is None else options.method
        return build_request(options.url, chosen, options.headers, body)


def _raw(name: str) -> bytes:
    try:
        data = _whole_input() if name == "-" else Path(name).read_bytes()
    except OSError as refusal:
        sentence = _("“%(path)s” cannot be read: %(reason)s.")
        told = {"path": visible(name), "reason": refusal.strerror or str(refusal)}
        raise UsageError(sentence % told) from None
    if not data:
        raise UsageError(_("--raw: there is nothing in it to send."))
    return data


def _whole_input() -> bytes:
    return b"".join(iter(partial(read_input, BLOCK_BYTES), b""))


def _deadline(chosen: float | None, usual: float) -> float | None:
    """Return a deadline as servers take it: None where 0 was chosen."""
    return (usual if chosen is None else chosen) or None
