"""What is on its way in one direction: in order, bounded, held back, forgotten at the end."""

from __future__ import annotations

from typing import Any

import pytest

from netlib.activities.impaired_link import MOST_WAITING, ImpairedQueue, Link, check_impairments
from netlib.events import Transport
from netlib.network import Network
from netlib.protocols.impairment import Impairment
from netlib.system.clock import now
from tests.helpers import wait_until
from tests.sockets.conftest import on_engine, settle


class Nobody:
    """Owns a queue in which there is no bug."""

    def crashed(self, trace: str) -> None:
        raise AssertionError(trace)


def queue(network: Network, *, whole: bool = False, **bad: Any) -> ImpairedQueue:
    made = ImpairedQueue(network._engines.home, Nobody(), seed=1, whole=whole)
    on_engine(network, lambda: made.impair(Impairment(**bad)))
    return made


def test_what_waits_as_long_arrives_in_its_order(network: Network) -> None:
    late, arrived = queue(network, delay=0.05, jitter=0.05), list[int]()

    def add_all() -> None:
        for number in range(100):
            late.add(1, lambda number=number: arrived.append(number))  # type: ignore[misc]

    begun = now()
    on_engine(network, add_all)
    wait_until(lambda: len(arrived) == 100)
    assert now() - begun >= 0.05
    assert arrived == [*range(100)]
    assert late.waiting == 0


def test_what_overtakes_does_not_wait_for_what_was_added_before(network: Network) -> None:
    link, arrived = queue(network, delay=10.0, reorder=1.0), list[int]()
    on_engine(network, lambda: link.add(1, lambda: arrived.append(1)))
    wait_until(lambda: arrived == [1])


def test_memory_is_bounded_also_by_what_is_empty(network: Network) -> None:
    late = queue(network, delay=30.0)

    def add_all() -> None:
        for _ in range(20_000):
            late.add(0, lambda: None)

    on_engine(network, add_all)
    settle(network)
    assert 0 < late.lost < 20_000
    assert late.waiting <= MOST_WAITING
    on_engine(network, late.close)
    settle(network)
    assert late.waiting == 0


def test_a_hole_holds_a_stream_back_and_swallows_datagrams(network: Network) -> None:
    stream, datagrams = (queue(network, whole=whole, black_hole=True) for whole in (True, False))
    arrived = list[str]()
    for one, name in ((stream, "bytes"), (datagrams, "datagram")):
        on_engine(network, lambda one=one, name=name: one.add(1, lambda: arrived.append(name)))  # type: ignore[misc]
    settle(network)
    assert (arrived, stream.lost, datagrams.lost) == ([], 0, 1)
    for one in (stream, datagrams):
        on_engine(network, lambda one=one: one.impair(Impairment()))  # type: ignore[misc]
    settle(network)
    assert arrived == ["bytes"]


def test_of_a_stream_nothing_is_lost_to_a_full_queue(network: Network) -> None:
    slow, arrived = queue(network, whole=True, rate=1e9, queue=1), list[int]()

    def add_all() -> None:
        for _ in range(50):
            slow.add(100_000, lambda: arrived.append(1))

    on_engine(network, add_all)
    wait_until(lambda: len(arrived) == 50)
    assert slow.lost == 0


def test_closed_it_lets_nothing_arrive(network: Network) -> None:
    late, arrived = queue(network, delay=0.05), list[int]()
    on_engine(network, lambda: late.add(1, lambda: arrived.append(1)))
    on_engine(network, late.close)
    on_engine(network, lambda: late.add(1, lambda: arrived.append(2)))
    after = queue(network, delay=0.1)
    on_engine(network, lambda: after.add(1, lambda: arrived.append(3)))
    wait_until(lambda: arrived != [])
    assert arrived == [3]


def test_both_directions_have_their_own_chance(network: Network) -> None:
    link = Link(network._engines.home, Nobody(), Transport.UDP, seed=7)
    on_engine(network, lambda: link.impair(Impairment(loss=0.5), Impairment(loss=0.5)))
    up, down = list[int](), list[int]()

    def add_all() -> None:
        for number in range(64):
            link.up.add(1, lambda number=number: up.append(number))  # type: ignore[misc]
            link.down.add(1, lambda number=number: down.append(number))  # type: ignore[misc]

    on_engine(network, add_all)
    settle(network)
    assert up != down
    assert 16 < len(up) < 48
    on_engine(network, link.close)


def test_what_cannot_be_done_to_a_stream_is_refused() -> None:
    check_impairments(Transport.TCP, Impairment(delay=1.0, rate=1.0, black_hole=True))
    check_impairments(Transport.UDP, Impairment(loss=1.0))
    with pytest.raises(ValueError, match=r"loss=0\.5"):
        check_impairments(Transport.TCP, Impairment(), Impairment(loss=0.5))
