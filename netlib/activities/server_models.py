"""Three ways to serve several clients, side by side: what each means for the second client.

A teaching server of its own, in plain calls as a first program has them; nothing of the engine is
in it. Its clients stay connected, and each asks again after it was answered.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

from netlib.i18n import N_, _
from netlib.system.background import Background
from netlib.system.clock import now
from netlib.value import NamedTuple, value

MODELS: Final[dict[str, str]] = {
    "one": N_("one client at a time"),
    "threads": N_("a thread for each client"),
    "loop": N_("one loop for all clients"),
}

MODEL_LIMITS: Final[dict[str, tuple[int, int]]] = {
    "clients": (1, 50),
    "seconds": (1, 60),
    "work": (0, 1000),
    "pause": (0, 1000),
}
"""Smallest and largest value of each setting that is a number."""
MODEL_NAMES: Final[dict[str, str]] = {
    "clients": N_("Clients"),
    "seconds": N_("Seconds for each"),
    "work": N_("Work for an answer"),
    "pause": N_("Pause of a client"),
}
"""What each is called."""

TURN_SECONDS: Final = 0.05
"""Longest wait of a call without a look around."""
SPANS: Final = 200
"""Spans of work for one client that are kept at most; closer ones are joined."""
_QUESTION: Final = b"?\n"
_ANSWER: Final = b"!\n"


@value(kw_only=True)
class ModelSettings:
    """What is tried. Raises ValueError with a sentence for what cannot be."""

    model: str = "one"
    clients: int = 4
    seconds: int = 3
    work: int = 0
    """Milliseconds that each answer takes whoever gives it: he does nothing else meanwhile."""
    pause: int = 0
    """Milliseconds from an answer to the next question of the same client."""

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(self.model)
        for name, (low, high) in MODEL_LIMITS.items():
            if not low <= getattr(self, name) <= high:
                sentence = _("{name}: a number from {low} to {high}.")
                named = _(MODEL_NAMES[name])
                raise ValueError(sentence.format(name=named, low=low, high=high))


class ModelFigures(NamedTuple):
    """What has come of it by now."""

    connected: int
    """Clients whose connection stands."""
    served: int
    """Clients that the server has taken from its accept queue, and serves."""
    answered: int
    """Clients that were answered at least once."""
    answers: int
    rate: float
    """Answers a second."""
    longest: float
    """Seconds that a client waited for an answer at most, or waits still."""


class ClientShown(NamedTuple):
    """What has become of one client; moments are seconds since the run began."""

    connected: float | None
    accepted: float | None
    """When the server took it from its accept queue; None: it is not connected, or still there."""
    worked: tuple[tuple[float, float], ...]
    """From when to when the server was at an answer for it; what is close together is one span."""
    answers: int
    longest: float
    """Seconds that it waited for an answer at most, or waits still."""


class ModelShown(NamedTuple):
    """A look at a run."""

    elapsed: float
    """Seconds since it began."""
    figures: ModelFigures
    clients: tuple[ClientShown, ...]


class _Client:
    """A client that asks again and again; what it knows is written by its thread alone."""

    def __init__(self, port: int, pause: float, stopped: threading.Event) -> None:
        """`pause`: seconds from an answer to the next question."""
        self.port = 0
        """Its own; 0: not connected yet."""
        self.connected = 0.0
        """When its connection stood."""
        self.refusal = ""
        self.answers = 0
        self.longest = 0.0
        self.asked = 0.0
        """When it asked what is not answered yet; 0: nothing is open."""
        self.begun = threading.Event()
        """Set once it is connected or refused."""
        self._server, self._pause, self._stopped = port, pause, stopped
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def wait(self, moment: float) -> float:
        """Return how long it waited at most, up to a moment."""
        asked = self.asked
        return max(self.longest, moment - asked if asked else 0.0)

    def _run(self) -> None:
        try:
            with closing(socket.create_connection(("127.0.0.1", self._server))) as sock:
                self.connected, self.port = now(), sock.getsockname()[1]
                self.begun.set()
                sock.settimeout(TURN_SECONDS)
                self._ask(sock)
        except OSError as refusal:
            if not self._stopped.is_set():  # else it is the end of the run, as it should be
                self.refusal = str(refusal.strerror or refusal)
        finally:
            self.begun.set()

    def _ask(self, sock: socket.socket) -> None:
        while not self._stopped.is_set():
            self.asked = now()
            sock.sendall(_QUESTION)
            if not self._answered(sock):
                return
            self.longest, self.asked = max(self.longest, now() - self.asked), 0.0
            self.answers += 1
            self._stopped.wait(self._pause)

    def _answered(self, sock: socket.socket) -> bool:
        while not self._stopped.is_set():
            try:
                return bool(sock.recv(len(_ANSWER)))
            except TimeoutError:
                continue
        return False


class _Served:
    """What the server knows of a client it has accepted; written by whoever serves that one."""

    def __init__(self, closest: float) -> None:
        """`closest`: seconds between two spans of work below which they are joined."""
        self.accepted = now()
        self.begun = 0.0
        """When the work began that is not over; 0: there is none."""
        self.worked: list[tuple[float, float]] = []
        self.gone = False
        self._closest = closest

    def ended(self) -> None:
        """Note that the work is over."""
        span = self.begun, now()
        if self.worked and span[0] - self.worked[-1][1] < self._closest:
            self.worked[-1] = self.worked[-1][0], span[1]
        else:
            self.worked.append(span)
        self.begun = 0.0

    def spans(self, since: float, moment: float) -> tuple[tuple[float, float], ...]:
        """Return the spans of work up to a moment, in seconds since another."""
        spans, begun = [*self.worked], self.begun
        if begun:
            spans.append((begun, max(begun, moment)))
        return tuple((first - since, last - since) for first, last in spans)


class _Server:
    """A server of one model, until it is stopped."""

    def __init__(self, settings: ModelSettings, stopped: threading.Event) -> None:
        self.served: dict[int, _Served] = {}
        """By the port of the client; written by the thread that accepts."""
        self.refusal = ""
        """Why it ended by itself."""
        self._work, self._stopped = settings.work / 1000, stopped
        self._closest = settings.seconds / SPANS
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.settimeout(TURN_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        serve: dict[str, Callable[[], None]] = {
            "one": self._one_at_a_time,
            "threads": self._a_thread_each,
            "loop": self._one_loop,
        }
        self.thread = threading.Thread(target=serve[settings.model], daemon=True)
        self.thread.start()

    def _one_at_a_time(self) -> None:
        for found in self._accepted():
            self._serve(*found)

    def _a_thread_each(self) -> None:
        for found in self._accepted():
            threading.Thread(target=self._serve, args=found, daemon=True).start()

    def _one_loop(self) -> None:
        with closing(self._listener), selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._stopped.is_set() and not self.refusal:
                for key, _events in selector.select(TURN_SECONDS):
                    ready = key.fileobj
                    assert isinstance(ready, socket.socket)
                    if ready is self._listener:
                        if (found := self._accept()) is not None:
                            selector.register(found[0], selectors.EVENT_READ, found[1])
                    elif not self._answer(ready, key.data):
                        selector.unregister(ready)
                        ready.close()
                        key.data.gone = True
            for key in [*selector.get_map().values()]:
                if isinstance(key.fileobj, socket.socket):
                    key.fileobj.close()

    def _accepted(self) -> Iterator[tuple[socket.socket, _Served]]:
        """Yield each client, until the server is stopped or can have no more sockets."""
        with closing(self._listener):
            while not self._stopped.is_set() and not self.refusal:
                if (found := self._accept()) is not None:
                    yield found

    def _accept(self) -> tuple[socket.socket, _Served] | None:
        """Return the next client; None: nobody came, or there can be no more, see `refusal`."""
        try:
            sock, (_host, port) = self._listener.accept()
            return sock, self._note(port)
        except (TimeoutError, ConnectionAbortedError):  # who came has gone again
            return None
        except OSError as refusal:
            self.refusal = str(refusal.strerror or refusal)
            return None

    def _note(self, port: int) -> _Served:
        self.served[port] = found = _Served(self._closest)
        return found

    def _serve(self, sock: socket.socket, served: _Served) -> None:
        """Answer a client until it is gone."""
        with closing(sock):
            sock.settimeout(TURN_SECONDS)
            while not self._stopped.is_set():
                try:
                    if not self._answer(sock, served):
                        break
                except TimeoutError:
                    continue
        served.gone = True

    def _answer(self, sock: socket.socket, served: _Served) -> bool:
        """Answer one question; False: the client is gone."""
        try:
            if not sock.recv(len(_QUESTION)):
                return False
            served.begun = now()
            self._stopped.wait(self._work)
            sock.sendall(_ANSWER)
            served.ended()
        except TimeoutError:
            raise
        except OSError:
            return False
        return True


class ServerModel(Background):
    """One run. Its outcome is why it could not be; empty: it is over, see `shown`."""

    def __init__(self, settings: ModelSettings) -> None:
        """Begin at once."""
        self.settings = settings
        self._server: _Server | None = None
        self._clients: list[_Client] = []
        self._begun = now()
        self._final: ModelShown | None = None
        super().__init__("server model", lambda _job: self._run_it())

    @property
    def figures(self) -> ModelFigures:
        """What has come of it by now; at the end what had when the time was over."""
        return self.shown.figures

    @property
    def shown(self) -> ModelShown:
        """What has come of it by now, client by client; at the end what had by then."""
        if self._final is not None:
            return self._final
        moment, served = now(), {} if self._server is None else dict(self._server.served)
        clients = tuple(self._look(client, moment, served) for client in tuple(self._clients))
        answers = sum(client.answers for client in clients)
        elapsed = moment - self._begun
        figures = ModelFigures(
            connected=sum(client.connected is not None for client in clients),
            served=sum(not one.gone for one in served.values()),
            answered=sum(client.answers > 0 for client in clients),
            answers=answers,
            rate=answers / max(elapsed, 0.001),
            longest=max((client.longest for client in clients), default=0.0),
        )
        return ModelShown(elapsed, figures, clients)

    def _look(self, client: _Client, moment: float, served: dict[int, _Served]) -> ClientShown:
        known = served.get(client.port)
        return ClientShown(
            client.connected - self._begun if client.port else None,
            known.accepted - self._begun if known else None,
            known.spans(self._begun, moment) if known else (),
            client.answers,
            client.wait(moment),
        )

    def _run_it(self) -> str:
        stopped = threading.Event()
        settings = self.settings
        try:
            server = self._server = _Server(settings, stopped)
        except OSError as refusal:
            return str(refusal.strerror or refusal)
        self._begun, pause = now(), settings.pause / 1000
        for _each in range(settings.clients):  # one after the other: client 1 is accepted first
            self._clients.append(_Client(server.port, pause, stopped))
            self._clients[-1].begun.wait(TURN_SECONDS)
        self.cancelled_within(settings.seconds)
        self._final = self.shown
        stopped.set()
        for thread in (server.thread, *(client.thread for client in self._clients)):
            thread.join(1.0)
        refusals = (server.refusal, *(client.refusal for client in self._clients))
        return next(filter(None, refusals), "")
