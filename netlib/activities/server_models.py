"""Three ways to serve several clients, side by side: what each means for the second client.

A teaching server of its own, in plain calls as a first program has them; nothing of the engine is
in it. Its clients stay connected, and each asks again as soon as it was answered.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Final, NamedTuple

from netlib.i18n import N_, _
from netlib.system.background import Background
from netlib.system.clock import now
from netlib.value import value

MODELS: Final[dict[str, str]] = {
    "one": N_("one client at a time"),
    "threads": N_("a thread for each client"),
    "loop": N_("one loop for all clients"),
}

MODEL_LIMITS: Final[dict[str, tuple[int, int]]] = {
    "clients": (1, 50),
    "seconds": (1, 60),
    "work": (0, 1000),
}
"""Smallest and largest value of each setting that is a number."""

TURN_SECONDS: Final = 0.05
"""Longest wait of a call without a look around."""
_QUESTION: Final = b"?\n"
_ANSWER: Final = b"!\n"


@value(kw_only=True)
class ModelSettings:
    """What is tried. Raises ValueError with a sentence for what cannot be."""

    model: str = "one"
    clients: int = 4
    seconds: int = 3
    work: int = 0
    """Milliseconds that each answer takes the server, during which it does nothing else."""

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(self.model)
        for name, (low, high) in MODEL_LIMITS.items():
            if not low <= getattr(self, name) <= high:
                sentence = _("{name}: a number from {low} to {high}.")
                raise ValueError(sentence.format(name=name, low=low, high=high))


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


class _Client:
    """A client that asks again and again; its figures are written by its thread alone."""

    def __init__(self, port: int, stopped: threading.Event) -> None:
        self.connected = False
        self.answers = 0
        self.longest = 0.0
        self.asked = 0.0
        """When it asked what is not answered yet; 0: nothing is open."""
        self._port, self._stopped = port, stopped
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def wait(self, moment: float) -> float:
        """Return how long it waited at most, up to a moment."""
        asked = self.asked
        return max(self.longest, moment - asked if asked else 0.0)

    def _run(self) -> None:
        with (
            suppress(OSError),
            closing(socket.create_connection(("127.0.0.1", self._port))) as sock,
        ):
            self.connected = True
            sock.settimeout(TURN_SECONDS)
            while not self._stopped.is_set():
                self.asked = now()
                sock.sendall(_QUESTION)
                if not self._answered(sock):
                    return
                self.longest, self.asked = max(self.longest, now() - self.asked), 0.0
                self.answers += 1

    def _answered(self, sock: socket.socket) -> bool:
        while not self._stopped.is_set():
            try:
                return bool(sock.recv(len(_ANSWER)))
            except TimeoutError:
                continue
        return False


class _Server:
    """A server of one model, until it is stopped."""

    def __init__(self, model: str, work: float, stopped: threading.Event) -> None:
        """`work`: seconds that each answer takes."""
        self.served = 0
        self._work, self._stopped = work, stopped
        self._counting = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.settimeout(TURN_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        serve: dict[str, Callable[[], None]] = {
            "one": self._one_at_a_time,
            "threads": self._a_thread_each,
            "loop": self._one_loop,
        }
        self.thread = threading.Thread(target=serve[model], daemon=True)
        self.thread.start()

    def _one_at_a_time(self) -> None:
        while (sock := self._accept()) is not None:
            self._serve(sock)

    def _a_thread_each(self) -> None:
        while (sock := self._accept()) is not None:
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _one_loop(self) -> None:
        with closing(self._listener), selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._stopped.is_set():
                for key, _events in selector.select(TURN_SECONDS):
                    ready = key.fileobj
                    assert isinstance(ready, socket.socket)
                    if ready is self._listener:
                        sock, _peer = ready.accept()
                        selector.register(sock, selectors.EVENT_READ)
                        self._count(1)
                    elif not self._answer(ready):
                        selector.unregister(ready)
                        ready.close()
                        self._count(-1)
            for key in [*selector.get_map().values()]:
                if isinstance(key.fileobj, socket.socket):
                    key.fileobj.close()

    def _accept(self) -> socket.socket | None:
        """Return the next client; None: the server is stopped."""
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                return self._listener.accept()[0]
        self._listener.close()
        return None

    def _serve(self, sock: socket.socket) -> None:
        """Answer a client until it is gone."""
        self._count(1)
        with closing(sock):
            sock.settimeout(TURN_SECONDS)
            while not self._stopped.is_set():
                try:
                    if not self._answer(sock):
                        break
                except TimeoutError:
                    continue
        self._count(-1)

    def _answer(self, sock: socket.socket) -> bool:
        """Answer one question; False: the client is gone."""
        try:
            if not sock.recv(len(_QUESTION)):
                return False
            self._stopped.wait(self._work)
            sock.sendall(_ANSWER)
        except TimeoutError:
            raise
        except OSError:
            return False
        return True

    def _count(self, more: int) -> None:
        with self._counting:
            self.served += more


class ServerModel(Background):
    """One run. Its outcome is why it could not be; empty: it is over, see `figures`."""

    def __init__(self, settings: ModelSettings) -> None:
        """Begin at once."""
        self.settings = settings
        self._server: _Server | None = None
        self._clients: list[_Client] = []
        self._begun = now()
        self._final: ModelFigures | None = None
        super().__init__("server model", lambda _job: self._run_it())

    @property
    def figures(self) -> ModelFigures:
        """What has come of it by now; at the end what had when the time was over."""
        if self._final is not None:
            return self._final
        moment, clients = now(), tuple(self._clients)
        answers = sum(client.answers for client in clients)
        return ModelFigures(
            connected=sum(client.connected for client in clients),
            served=0 if self._server is None else self._server.served,
            answered=sum(client.answers > 0 for client in clients),
            answers=answers,
            rate=answers / max(moment - self._begun, 0.001),
            longest=max((client.wait(moment) for client in clients), default=0.0),
        )

    def _run_it(self) -> str:
        stopped = threading.Event()
        settings = self.settings
        try:
            server = self._server = _Server(settings.model, settings.work / 1000, stopped)
        except OSError as refusal:
            return str(refusal.strerror or refusal)
        self._begun = now()
        self._clients += [_Client(server.port, stopped) for _each in range(settings.clients)]
        self.cancelled_within(settings.seconds)
        self._final = self.figures
        stopped.set()
        for thread in (server.thread, *(client.thread for client in self._clients)):
            thread.join(1.0)
        return ""
