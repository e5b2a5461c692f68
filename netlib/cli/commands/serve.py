"""`serve`: a server until it is told to stop, and its log.

What is printed never slows the server down: in text mode the log takes what it can keep up with
and counts the rest; `--quiet` and no `--record` cost the engine nothing at all. `--json` and
`--record` lose nothing: when they cannot keep up, the server reads more slowly. Where standard
output cannot be written, that is said, and the server goes on without it.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netlib import (
    N_,
    PORT_TAKEN,
    SERVICES,
    ActivityStopped,
    Chunk,
    Crashed,
    EventQueue,
    Failed,
    Item,
    Listening,
    Network,
    ServerConfig,
    ServiceInfo,
    Transport,
    _,
    free_port,
    load_logging,
    parse_endpoint,
    parse_port,
    system_words,
)
from netlib.cli import values
from netlib.cli.arguments import add_value, naming
from netlib.cli.console import Console, UsageError
from netlib.cli.interrupt import interrupt_postponed, is_stuck
from netlib.cli.log import TURN_SECONDS, Log, LossyQueue
from netlib.cli.pausing import Pausing, add_pausing, add_receive_buffer
from netlib.cli.recorded import add_record, begin
from netlib.cli.reports import json_report
from netlib.cli.values import argument_type
from netlib.teaching.explain import in_words, load_words

if TYPE_CHECKING:
    from netlib import ServerTls

ORDER: Final = 30
SUMMARY: Final = system_words("serve")
MORE: Final = N_("Prints the listening address first, then the log.")
TIMEOUT: Final = None
TIMEOUT_HELP: Final = N_("sets --read-timeout and --write-timeout together")

EVERY_INTERFACE: Final = "*"

WAIT_SECONDS: Final = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""

SETTINGS: Final = ("clock_offset", "loss", "seed")
"""What `ServerConfig` and `ServiceInfo.settings` call the settings of services."""

_TCP_ONLY: Final = ("--receive-buffer", "--pause-reading", "--pause-accepting")

START_SECONDS: Final = 0.002
"""How often a quiet server looks whether it listens."""


def add_options(parser: ArgumentParser) -> None:
    """What to serve, where, within which limits, and what to tell of it."""
    services = tuple(SERVICES)
    parser.add_argument("service", metavar=_("SERVICE"), choices=services, help=_services())
    explained = _(
        "address to listen on: localhost (default, this computer only), * for all "
        "interfaces, or an address"
    )
    add_value(parser, "--host", "H", _host, explained, default="localhost")
    explained = _("the port; 0: any free one (default: the service's own)")
    add_value(parser, "--port", "P", _port, explained)
    explained = _("use UDP instead of TCP")
    parser.add_argument("--udp", action="store_true", help=explained)
    _add_limits(parser)
    _add_settings(parser)
    add_receive_buffer(parser)
    add_pausing(parser, serves=True)
    add_record(parser)
    explained = _("encrypt every connection; needs --cert and --key")
    parser.add_argument("--tls", action="store_true", help=explained)
    explained = _("the server's certificate, and those up to its authority (PEM)")
    add_value(parser, "--cert", "FILE", values.file_name, explained)
    explained = _("the private key of the certificate (PEM, without a password)")
    add_value(parser, "--key", "FILE", values.file_name, explained)
    parser.add_argument("--quiet", action="store_true", help=_("print the first line only"))


def _add_limits(parser: ArgumentParser) -> None:
    """How long clients may take, how many there may be, and how much they may ask."""
    explained = _(
        "close a client after S seconds without a complete message (default 30; 0: never)"
    )
    add_value(parser, "--read-timeout", "S", values.seconds, explained)
    explained = _("reset a client that accepts no data for S seconds (default 10; 0: never)")
    add_value(parser, "--write-timeout", "S", values.seconds, explained)
    explained = _("maximum number of clients; more are closed at once (default 10000)")
    add_value(parser, "--max-clients", "N", values.positive, explained, default=10_000)
    explained = _("accept at most N connections per second (default: no limit)")
    add_value(parser, "--max-rate", "N", values.positive, explained)
    explained = _("longest line allowed (default 1048576; chat, smtp: 4096)")
    add_value(parser, "--max-line", "BYTES", values.positive, explained)
    explained = _(
        "most that all clients together may have begun and not ended, half lines and half "
        "requests: 500K, 64M (default 128M); the client with the most is told why and closed"
    )
    add_value(parser, "--max-unfinished", "BYTES", values.size, explained, default=128 << 20)


def _add_settings(parser: ArgumentParser) -> None:
    """What only some services have: None where it is not given."""
    explained = _(
        "how far the server's clock is ahead, negative: behind (default 0; for time, ntp, daytime)"
    )
    add_value(parser, "--clock-offset", "S", values.offset, explained)
    explained = _("part of the datagrams that is lost, 0 to 1 (default 0.3; for pinger)")
    add_value(parser, "--loss", "P", values.probability, explained)
    explained = _(
        "what chance begins with: the same N, the same fate (default 17; for pinger, words)"
    )
    add_value(parser, "--seed", "N", values.whole, explained)


def run(options: Namespace, console: Console) -> int:
    """Serve until SIGINT or SIGTERM, or until the server cannot go on."""
    return ServerRun(_config(options), options, console).run()


def _config(options: Namespace) -> ServerConfig:
    info = SERVICES[options.service]
    transport = Transport.UDP if options.udp else info.transports[0]
    if transport not in info.transports:
        raise UsageError(_('--udp: the service "{name}" is TCP only.').format(name=info.name))
    for option in _TCP_ONLY if transport is Transport.UDP else ():
        if getattr(options, option.removeprefix("--").replace("-", "_")):
            raise UsageError(_("{option} is for TCP only.").format(option=option))
    both = options.timeout
    return ServerConfig(
        **settings_of(options, info),
        service=info.name,
        host=options.host,
        port=info.default_port if options.port is None else options.port,
        transport=transport,
        read_timeout=_deadline(options.read_timeout, both or 30.0),
        write_timeout=_deadline(options.write_timeout, both or 10.0),
        max_clients=options.max_clients,
        max_accepts=options.max_rate,
        max_line=options.max_line,
        max_unfinished=options.max_unfinished,
        receive_buffer=options.receive_buffer,
        reading_paused=options.pause_reading,
        accepting_paused=options.pause_accepting,
        tls=_tls(options, transport),
    )


def settings_of(options: Namespace, info: ServiceInfo) -> dict[str, Any]:
    """Return what was set of the service alone. UsageError: it has no such setting."""
    chosen = {name: setting for name in SETTINGS if (setting := getattr(options, name)) is not None}
    for name in chosen.keys() - set(info.settings):
        option = f"--{name.replace('_', '-')}"
        words = _('{option}: the service "{name}" has no such setting.')
        raise UsageError(words.format(option=option, name=info.name))
    return chosen


def _tls(options: Namespace, transport: Transport) -> ServerTls | None:
    """Return the certificate to show; None: no TLS. UsageError: it cannot be."""
    if bool(options.cert and options.key) != options.tls or bool(options.cert) != bool(options.key):
        raise UsageError(_("--tls, --cert and --key belong together."))
    if not options.tls:
        return None
    if transport is Transport.UDP:
        raise UsageError(_("--tls: TLS runs over TCP only."))
    from netlib import ServerTls

    tls = ServerTls(cert_file=Path(options.cert), key_file=Path(options.key))
    with naming("--cert"):
        tls.make_context()  # what is wrong with the files is told before anything is opened
    return tls


def _deadline(chosen: float | None, usual: float) -> float | None:
    """Return a deadline as servers take it: None where 0 was chosen."""
    return (usual if chosen is None else chosen) or None


class State(Enum):
    """How far a server has come."""

    STARTING = auto()
    LISTENING = auto()
    STOPPED = auto()


class ServerRun:
    """One run of a server, and who watches it: the log or the JSON lines, and the recording."""

    def __init__(self, config: ServerConfig, options: Namespace, console: Console) -> None:
        load_words()
        load_logging()
        self.code = 0
        self._config = config
        self._console = console
        console.goes_on = True  # clients are served, whether or not the log finds room
        self._json = json_report(options, console)
        self._log = Log(console, options.encoding)
        self._queue = _queue(options)
        self._pausing = Pausing(options, console, typed=False)
        self._recorded = begin(options, console)
        self._state = State.STARTING

    def run(self) -> int:
        """Serve until SIGINT or SIGTERM, or until the server cannot go on; return the exit code."""
        recorded, queue = self._recorded, self._queue
        network = Network(queue if recorded is None else recorded.beside(queue))
        try:  # a signal is how it ends: exit code 0
            if recorded is not None:
                recorded.capture(network)
            self._pausing.begin(network, network.serve(self._config))
            while self._state is not State.STOPPED:
                self._wait()
                with interrupt_postponed():  # what has been taken is shown
                    self._turn(self._take(network))
            self.code = 1  # it ended by itself, and has said why
        except KeyboardInterrupt as end:  # SIGTERM too, see netlib.cli.interrupt
            if is_stuck(end):
                self._console.discard_output()
        finally:
            network.close()
            if recorded is not None:
                recorded.close()
        self._show_rest()
        return 1 if self._console.output_lost else self.code

    def _wait(self) -> None:
        """Wait a little for something to happen."""
        if self._queue is not None:
            self._queue.wait(WAIT_SECONDS)
        else:
            time.sleep(WAIT_SECONDS if self._state is State.LISTENING else START_SECONDS)

    def _take(self, network: Network) -> list[Item]:
        """Return what has happened since the last time."""
        return list(network.poll()) if self._queue is None else self._queue.take()

    def _show_rest(self) -> None:
        try:
            self._turn(self._queue.take(1 << 30) if self._queue is not None else [])
        except KeyboardInterrupt:  # nobody reads it
            self._console.discard_output()

    def _turn(self, items: list[Item]) -> None:
        for item in items:
            if not isinstance(item, Chunk):
                self._follow(item)
        if isinstance(self._queue, LossyQueue):
            self._log.show(items, self._queue)
            if items:
                time.sleep(TURN_SECONDS)
        elif self._json is not None and self._queue is not None:
            for item in items:
                self._json(item)
        if self._recorded is not None:
            self._recorded.watch()
        self._pausing.turn()

    def _follow(self, event: Item) -> None:
        match event:
            case Listening():
                self._state = State.LISTENING
                self._pausing.go_on(self._wake)
                if self._json is None:
                    self._console.line(first_lines(event))
                elif self._queue is None:
                    self._json(event)
            case Failed(error=error):
                self._console.note(f"✗ {in_words(error)}")
                if error.cause in PORT_TAKEN:
                    self._offer_next_port()
            case Crashed(traceback=trace):
                self._console.note(trace)
            case ActivityStopped():
                self._state = State.STOPPED
            case _:
                pass

    def _wake(self) -> None:
        """Look around at once."""
        if self._queue is not None:
            self._queue.wake()

    def _offer_next_port(self) -> None:
        config = self._config
        port = free_port(config.host, config.port, udp=config.transport is Transport.UDP)
        if port is not None:
            self._console.note("  " + _("Free: --port {port}").format(port=port))


def first_lines(event: Listening) -> str:
    """Return where a server listens, a line an address; in English always: programs read it."""
    first = f"listening on {event.local}" + " (IPv4 and IPv6)" * event.dual_stack
    return "\n".join([first, *(f"listening on {place}" for place in event.also)])


def _queue(options: Namespace) -> EventQueue | LossyQueue | None:
    """Return where what happens waits to be told; None: nobody wants to know."""
    if options.quiet:
        return None
    return EventQueue() if options.json else LossyQueue()


def _services() -> str:
    line = _("{name}: {text}")
    lines = (line.format(name=i.name, text=_(i.description)) for i in SERVICES.values())
    return "\n".join(lines).replace("%", "%%")


@argument_type
def _host(text: str) -> str:
    """Read an interface's address or name; * is every interface."""
    if text.strip() == EVERY_INTERFACE:
        return EVERY_INTERFACE
    if not text.strip():
        raise ValueError(_("It may not be empty; write * for all interfaces."))
    endpoint = parse_endpoint(text, 0, listening=True)
    if endpoint.port:
        raise ValueError(_("No port belongs here; it has an option of its own: --port."))
    return endpoint.host


@argument_type
def _port(text: str) -> int:
    """Read a port to listen on; 0: the system chooses."""
    return parse_port(text, listening=True)
