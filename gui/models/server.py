"""The Server tab: several servers at once, the clients of the one looked at, and its traffic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from gui.models.activity import ActivityModel, Looked
from gui.models.backend import Backend
from gui.models.clients import ClientList
from gui.models.notice import Notice, from_error, in_use
from gui.models.typed import TOO_MUCH, Typed
from netlib import (
    N_,
    PORT_TAKEN,
    SERVICES,
    Accepted,
    ActivityStopped,
    Clients,
    Closed,
    CloseMode,
    CloseReason,
    Crashed,
    Endpoint,
    Event,
    Failed,
    Listening,
    Named,
    ServerConfig,
    Totals,
    Transport,
    _,
    reachable_addresses,
    system_words,
)
from netlib.teaching.narrate import listening_at

EVERYWHERE = "*"
"""The host of a server that listens on every interface."""
NOBODY = N_("No client is connected to this server.")
TCP = Transport.TCP
TOLD_LIMIT = 500
"""Clients closed by a read timeout that are remembered until they ask why."""
_NOTHING = Totals(0, 0, 0)


class ServerState(Enum):
    """Where a server is in its life."""

    STARTING = N_("starting")
    LISTENING = N_("listening")
    STOPPED = N_("stopped")
    FAILED = N_("failed")


Then = Callable[[Endpoint | None], None]


class ServerRow:
    """One server the user started."""

    def __init__(self, activity: int, config: ServerConfig, then: Then) -> None:
        """`then`: told where it listens, or (None) that it does not."""
        self.activity = activity
        self.config = config
        self.then = then
        self.state = ServerState.STARTING
        self.local: Endpoint | None = None
        self.listening: Listening | None = None
        self.totals = _NOTHING
        self.clients = ClientList()

    @property
    def running(self) -> bool:
        """Whether it can be stopped."""
        return self.state in (ServerState.STARTING, ServerState.LISTENING)

    @property
    def address(self) -> str:
        """Where it listens, all of it, or shall."""
        if self.listening is not None:
            return listening_at(self.listening)
        host = self.config.host or "0.0.0.0"
        return str(Endpoint(host, self.config.port))

    def has(self, config: ServerConfig) -> bool:
        """Tell whether the port that is wished for is this server's."""
        mine = self.config
        if self.local is None or (mine.transport, self.local.port) != (
            config.transport,
            config.port,
        ):
            return False
        return mine.host == config.host or EVERYWHERE in (mine.host, config.host)


class ServerModel(ActivityModel):
    """State and intents of the Server tab; they are about the server looked at."""

    serves = True

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.servers: list[ServerRow] = []
        self.chosen: ServerRow | None = None
        self.clients = Clients({})

    # -- intents ---------------------------------------------------------------------------------

    def start(self, config: ServerConfig, then: Then = lambda _local: None) -> None:
        """Start a server and look at it; `then` is told what came of it."""
        server = ServerRow(self._network.serve(config), config, then)
        self.servers = [*(one for one in self.servers if one.running), server]
        self._follow(server.activity)
        self.choose(server)

    def serving(self, config: ServerConfig) -> ServerRow | None:
        """Return the server of this window that has the port already, if one has."""
        return next((one for one in self.servers if one.running and one.has(config)), None)

    def stop_all(self) -> None:
        """Stop every server that runs."""
        for server in self.servers:
            if server.running:
                self._network.stop(server.activity)

    @property
    def running(self) -> int:
        """How many servers run."""
        return sum(server.running for server in self.servers)

    def choose(self, server: ServerRow) -> None:
        """Look at a server: its clients, its traffic."""
        self.chosen, self._activity = server, server.activity
        self.rows.show_only([server.activity])
        self.refresh_clients()

    def send(self, typed: Typed, clients: Sequence[int]) -> str | None:
        """Send what was typed to some clients, or (none named) to all; a sentence says why not."""
        try:
            data = self._encode(typed)
        except ValueError as wrong:
            return str(wrong)
        if not self.clients:
            return _(NOBODY)
        send = self._network.send
        sent = [send(self._activity, data, client) for client in clients or (None,)]
        return None if all(sent) else _(TOO_MUCH)

    def end_clients(self, clients: Sequence[int], how: CloseMode) -> None:
        """Disconnect (FIN) or reset (RST) clients."""
        for client in clients:
            self._network.end(self._activity, how, client)

    # -- what happened ---------------------------------------------------------------------------

    def looked_at(self) -> Looked:
        """Return whose sockets are looked at: the chosen client's, or the only one's.

        Once the last one has gone, still its own; where there are several, the server's.
        """
        config = None if self.chosen is None else self.chosen.config
        looked = Looked(self._activity, self.rows.connection, config.transport if config else TCP)
        if not looked.connection and len(self.clients) <= 1:
            before = self._looked.connection if self._looked.activity == self._activity else 0
            looked = looked._replace(connection=next(iter(self.clients), before))
        self._looked = looked
        return looked

    def refresh_clients(self) -> None:
        """Take the figures of the moment, and who is here; called a few times a second."""
        for server in self.servers:
            if server.running:
                server.totals = self._network.totals(server.activity)
        self.clients = self._network.clients(self._activity)
        if self.chosen is not None:
            self.chosen.clients.refresh(self.clients)
        self.changes += 1

    def _notice_of(self, event: Event) -> Notice | None:
        """Tell of the server's own trouble; a client's is a row of the log."""
        server = next((one for one in self.servers if one.activity == event.activity), None)
        match event:
            case Failed(error=error) if server and error.cause in PORT_TAKEN:
                return in_use(from_error(error), server.config)
            case Crashed() | Failed(connection=0):
                return super()._notice_of(event)
            case _:
                return None

    def _on_event(self, event: Event) -> None:
        server = next((one for one in self.servers if one.activity == event.activity), None)
        if server is None:  # it failed, and the next start took it out of the list
            return
        match event:
            case Accepted() | Named():
                server.clients.hear(event)
            case Closed():
                self._let_go(server, event)
            case Listening():
                server.local, server.listening = event.local, event
                server.state = ServerState.LISTENING
                server.then(event.local)
            case Failed() if server.state is ServerState.STARTING:
                server.state = ServerState.FAILED
                server.then(None)
            case ActivityStopped():
                server.totals = self._network.totals(server.activity)
                if server.state is not ServerState.FAILED:
                    server.state = ServerState.STOPPED
            case _:
                pass

    def _let_go(self, server: ServerRow, event: Closed) -> None:
        peer = server.clients.left(event)
        if peer is not None and event.reason is CloseReason.READ_TIMEOUT:
            told = self._backend.timed_out
            told[peer] = server.config.read_timeout or 0.0
            if len(told) > TOLD_LIMIT:  # clients elsewhere never ask
                del told[next(iter(told))]


def others_type(server: ServerRow) -> list[str]:
    """Return what people at other computers type to reach a server; empty: they cannot."""
    if server.local is None or server.state is not ServerState.LISTENING:
        return []
    return [
        str(Endpoint(host, server.local.port)) for host in reachable_addresses(server.config.host)
    ]


def terminal_command(server: ServerRow, *, others: bool = False) -> str:
    """Return what somebody at this computer, or at another one, types; empty: in vain."""
    if server.local is None or server.state is not ServerState.LISTENING:
        return ""
    here = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(server.local.host, server.local.host)
    host = next(iter(reachable_addresses(server.config.host)), here) if others else here
    endpoint = Endpoint(host, server.local.port)
    return system_words("udp" if server.config.transport is Transport.UDP else "tcp").format(
        host=host, port=endpoint.port, endpoint=endpoint
    )


def server_cells(server: ServerRow) -> tuple[str, ...]:
    """Return a server as the cells of a table."""
    protocol = "TCP" if server.config.transport is Transport.TCP else "UDP"
    totals = server.totals
    return (
        _(SERVICES[server.config.service].title),
        protocol,
        server.address,
        f"{totals.clients:,}" if server.config.transport is Transport.TCP else "–",
        f"{totals.messages:,}",
        f"{totals.received:,}",
        f"{totals.sent:,}",
    )
