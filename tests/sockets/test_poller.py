"""Every poller tells the same of the same sockets."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Iterator

import pytest

from netlib.system.poller import READ, WRITE, Poller, SelectorPoller, make_poller

Pair = tuple[socket.socket, socket.socket]


def windows_poller() -> Poller:
    return SelectorPoller(selectors.SelectSelector(), capacity=512)


@pytest.fixture(params=[make_poller, SelectorPoller, windows_poller])
def poller(request: pytest.FixtureRequest) -> Iterator[Poller]:
    make: Callable[[], Poller] = request.param
    made = make()
    idle, other = socket.socketpair()
    with idle, other:
        made.register(idle.fileno(), READ)  # as an engine does: Windows cannot wait for nothing
        yield made
    made.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def test_only_what_is_watched_and_ready_is_told(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.register(ours.fileno(), READ)
    assert poller.poll(0) == []
    theirs.sendall(b"x")
    assert poller.poll(5) == [(ours.fileno(), READ)]
    poller.modify(ours.fileno(), READ | WRITE)
    assert poller.poll(5) == [(ours.fileno(), READ | WRITE)]
    poller.modify(ours.fileno(), WRITE)
    assert poller.poll(5) == [(ours.fileno(), WRITE)]
    poller.unregister(ours.fileno())
    assert poller.poll(0) == []


def test_a_pause_watches_nothing_and_forgets_nothing(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"x")
    poller.register(ours.fileno(), 0)
    assert poller.poll(0) == []
    poller.modify(ours.fileno(), READ)
    assert poller.poll(5) == [(ours.fileno(), READ)]
    poller.modify(ours.fileno(), 0)
    assert poller.poll(0) == []
    poller.unregister(ours.fileno())


def test_a_descriptor_that_is_closed_is_forgotten(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"x")
    poller.register(ours.fileno(), READ)
    poller.closing(ours.fileno())
    ours.close()
    assert poller.poll(0) == []


def test_a_closed_poller_takes_nobody(poller: Poller, pair: Pair) -> None:
    poller.close()
    with pytest.raises(ValueError, match="closed"):
        poller.register(pair[0].fileno(), READ)


def test_a_hang_up_is_something_to_read(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.register(ours.fileno(), READ)
    theirs.close()
    ((fd, mask),) = poller.poll(5)
    assert fd == ours.fileno()
    assert mask & READ
