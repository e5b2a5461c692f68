"""Whoever draws has the interpreter to himself: busy engines wait, but never long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from netlib.engine import hold as hold_module
from netlib.engine.hold import Hold
from netlib.engine.loop import BUSY_BYTES, Engine, Pollable
from netlib.engine.outbox import Outbox
from netlib.system.poller import READ
from tests.helpers import wait_until

SECONDS = 10.0


class WatchedHold(Hold):
    """Tells when an engine waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()

    def wait(self) -> None:
        self.waits.set()
        super().wait()


class Reader(Pollable):
    """Has always something to read, and takes a byte of it each time."""

    def __init__(self, engine: Engine, mine: socket.socket, size: int) -> None:
        """`size`: how many bytes it tells the engine that it has read."""
        self._engine, self._mine, self._size = engine, mine, size
        self.reads = 0

    def on_ready(self, _mask: int) -> None:
        self._mine.recv(1)
        self._engine.put_bytes += self._size
        self.reads += 1


Start = Callable[[Hold, int], Reader]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts an engine with one reader."""
    pairs = socket.socketpair()
    engines: list[Engine] = []

    def begin(hold: Hold, size: int) -> Reader:
        mine, other = pairs
        other.setblocking(False)
        other.send(bytes(100_000))
        engine = Engine(Outbox(), hold=hold)
        engines.append(engine)
        reader = Reader(engine, mine, size)
        engine.call_soon_threadsafe(None, engine.register, mine.fileno(), READ, reader)
        engine.start()
        wait_until(lambda: reader.reads > 0)
        return reader

    with closing(pairs[0]), closing(pairs[1]):
        yield begin
        for engine in engines:
            assert engine.stop(SECONDS)


def test_a_busy_engine_reads_nothing_until_it_is_over(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_module, "MOST_SECONDS", SECONDS)
    hold = WatchedHold()
    reader = start(hold, BUSY_BYTES)
    with hold:
        assert hold.waits.wait(SECONDS)
        before = reader.reads
        sum(range(1_000_000))  # as if something was drawn
        assert hold.waiting
        assert reader.reads == before
    wait_until(lambda: reader.reads > before)


def test_an_engine_goes_on_where_a_hold_takes_too_long_and_waits_once_for_it(
    start: Start,
) -> None:
    hold = WatchedHold()
    reader = start(hold, BUSY_BYTES)
    with hold:
        assert hold.waits.wait(SECONDS)
        before = reader.reads
        wait_until(lambda: reader.reads > before + 10)
        assert not hold.on


def test_an_engine_with_little_to_read_is_not_held_for_answers_are_timed(start: Start) -> None:
    hold = WatchedHold()
    reader = start(hold, BUSY_BYTES - 1)
    with hold:
        before = reader.reads
        wait_until(lambda: reader.reads > before + 10)
        assert hold.on
        assert not hold.waiting
