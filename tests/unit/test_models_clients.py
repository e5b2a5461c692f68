"""The clients of a server as rows of a table: who is here, who left, and what is waited for."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gui.models.clients import (
    GONE_LIMIT,
    Client,
    ClientList,
    client_cells,
    short_clock,
    stands_out,
    waits_for,
)
from netlib import Accepted, Awaited, ClientRow, Clients, Closed, CloseReason, Endpoint, Named
from netlib.engine.state import State
from netlib.engine.stream import Stream
from netlib.protocols.handler import Pending

HERE = Endpoint("127.0.0.1", 8080)


def accepted(number: int, host: str = "127.0.0.1", port: int = 50_000) -> Accepted:
    peer = Endpoint(host, port)
    return Accepted(at=float(number), activity=1, connection=number, local=HERE, peer=peer)


def closed(number: int, reason: CloseReason = CloseReason.BY_PEER) -> Closed:
    return Closed(
        at=9.0, activity=1, connection=number, reason=reason, received=6, sent=20, messages=1
    )


def row(number: int = 1, **more: Any) -> ClientRow:
    made = ClientRow(
        connection=number,
        peer=Endpoint("127.0.0.1", 50_000),
        since=0.0,
        messages=1,
        received=6,
        sent=0,
        last=b"hello\n",
        last_at=1.0,
        waiting=0,
        finished=False,
    )
    return made._replace(**more)


def clients_of(*rows: ClientRow) -> Clients:
    """Return clients whose rows are these."""
    return Clients({one.connection: stream_of(one) for one in rows})


def stream_of(row: ClientRow) -> Stream:
    """Return as much of a connection as its row tells."""
    stream = SimpleNamespace(
        connection=row.connection,
        peer=row.peer,
        since=row.since,
        handler=SimpleNamespace(messages=row.messages, nickname=row.name, pending=row.pending),
        received=row.received,
        sent=row.sent,
        last=row.last,
        last_at=row.last_at,
        buffered=row.waiting,
        state=State.PEER_FINISHED if row.finished else State.OPEN,
        deadline=row.closes_at,
    )
    return cast(Stream, stream)


def shown(clients: ClientList) -> list[Client]:
    """Return the clients that the table would show, in the order in which they came."""
    found = [clients.client(number) for number in clients.numbers()]
    assert None not in found
    return cast(list[Client], found)


@pytest.mark.parametrize(
    ("more", "words", "tone"),
    [
        ({}, "", ""),
        ({"finished": True}, "FIN received", ""),
        ({"waiting": 5000}, "not reading: 5,000 B queued", "warn"),
        ({"pending": Pending(Awaited.LINE_END, 24)}, "no LF yet (24 B)", "warn"),
        ({"pending": Pending(Awaited.HEADER_END, 9)}, "no blank line yet (9 B)", "warn"),
        ({"closes_at": 32.0}, "closes in 30 s", ""),
        ({"closes_at": 14.0}, "closes in 12 s", "warn"),
        (
            {"pending": Pending(Awaited.LINE_END, 2), "closes_at": 32.0},
            "no LF yet (2 B), closes in 30 s",
            "warn",
        ),
    ],
)
def test_what_it_waits_for_is_said_in_words_and_stands_out_when_somebody_should_look(
    more: dict[str, Any], words: str, tone: str
) -> None:
    client = Client(row(**more))
    assert waits_for(client, 2.0) == words
    assert stands_out(client, 2.0) == tone


def test_half_a_line_that_has_just_come_is_no_news() -> None:
    client = Client(row(pending=Pending(Awaited.LINE_END, 24)))
    assert waits_for(client, 1.2) == ""
    assert stands_out(client, 1.2) == ""


def test_a_client_that_left_stays_with_its_figures_and_the_reason_until_cleared() -> None:
    clients = ClientList()
    clients.hear(accepted(1))
    clients.hear(accepted(2))
    clients.refresh(clients_of(row(1), row(2)))
    assert clients.left(closed(1, CloseReason.RESET)) == Endpoint("127.0.0.1", 50_000)
    here, gone = shown(clients)
    cells = client_cells(gone, 10.0)
    assert cells[2:4] == ("1", "the peer reset (RST)")
    assert cells[4:8] == ("–", "6", "20", "hello")
    assert stands_out(gone, 10.0) == "gone"
    assert here.ended is None
    clients.clear()
    assert [client.number for client in shown(clients)] == [2]
    assert clients.client(1) is None


def test_who_comes_and_goes_between_two_looks_is_shown_too() -> None:
    clients = ClientList()
    clients.hear(accepted(1))
    clients.hear(Named(at=1.0, activity=1, connection=1, name="小明"))
    clients.left(closed(1))
    (gone,) = shown(clients)
    assert client_cells(gone, 10.0)[:4] == ("127.0.0.1:50000", "小明", "1", "left (FIN)")


def test_who_is_here_stands_before_who_left_and_of_those_the_last_comes_first() -> None:
    clients = ClientList()
    for number in range(1, 7):
        clients.hear(accepted(number))
    for number in (3, 1, 2):
        clients.left(closed(number))
    clients.refresh(clients_of(row(4), row(5), row(6)))
    assert clients.numbers() == [4, 5, 6, 2, 1, 3]
    assert clients.numbers(backwards=True) == [6, 5, 4, 3, 1, 2]


def test_those_that_left_are_bounded_and_the_older_ones_counted() -> None:
    clients = ClientList()
    for number in range(1, GONE_LIMIT + 4):
        clients.hear(accepted(number))
        clients.left(closed(number))
    assert len(clients.gone) == GONE_LIMIT
    assert clients.let_go == 3
    assert clients.numbers()[-1] == 4
    clients.clear()
    assert (clients.let_go, clients.numbers()) == (0, [])


def test_the_end_of_a_connection_that_never_came_is_nobody() -> None:
    assert ClientList().left(closed(7)) is None


def test_whoever_left_is_shown_as_it_was_at_its_end_however_late_that_is_told() -> None:
    clients = ClientList()
    for number in (1, 2, 3):
        clients.hear(accepted(number))
    clients.refresh(clients_of(row(1), row(2, last=b"in time\n"), row(3, last=b"before\n")))
    clients.left(closed(2))
    clients.refresh(clients_of(row(1), row(2)))  # its end was told before it was out of the list
    assert [(one.number, one.ended is None) for one in shown(clients)] == [(1, True), (2, False)]
    clients.refresh(clients_of(row(1)))  # the third is gone, and that was not told
    assert clients.numbers() == [1, 2]
    clients.left(closed(3))
    assert [client_cells(one, 10.0)[7] for one in shown(clients)] == ["hello", "before", "in time"]
    assert [one.ended is None for one in shown(clients)] == [True, False, False]
    assert clients.here == 1


class Untouched(SimpleNamespace):
    """A stream that must not be looked at."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


def untouched(numbers: Iterable[int]) -> dict[int, Stream]:
    """Return connections that must not be looked at."""
    return {number: cast(Stream, Untouched()) for number in numbers}


def test_in_the_order_they_came_nobody_is_looked_at_who_is_not_asked_for() -> None:
    clients = ClientList()
    for number in range(1, 1001):
        clients.hear(accepted(number))
    for _ in range(2):
        clients.refresh(Clients(untouched(range(1, 1001)) | {500: stream_of(row(500))}))
    assert clients.numbers(backwards=True) == list(range(1000, 0, -1))
    client = clients.client(500)
    assert client is not None
    assert client.row == row(500)


def test_an_order_looks_at_one_field_only() -> None:
    streams = {
        number: cast(Stream, SimpleNamespace(received=number % 3, connection=number))
        for number in range(1, 7)
    }
    clients = ClientList()
    clients.refresh(Clients(streams))
    assert clients.numbers("in") == [3, 6, 1, 4, 2, 5]
    assert clients.numbers("in", backwards=True) == [5, 2, 4, 1, 6, 3]


def test_those_that_are_gone_stand_among_the_others_but_wait_for_nothing() -> None:
    clients = ClientList()
    for number in (1, 2, 3):
        clients.hear(accepted(number))
    clients.refresh(clients_of(row(1, closes_at=5.0), row(2, messages=7, closes_at=9.0), row(3)))
    clients.left(closed(1))
    assert clients.numbers("waits") == [2, 3, 1]
    assert clients.numbers("messages") == [1, 3, 2]


def test_every_column_can_be_sorted_by_both_ways() -> None:
    clients = ClientList()
    hosts = ("10.0.0.10", "10.0.0.9", "::1")
    for number, host in enumerate(hosts, 1):
        clients.hear(accepted(number, host))
    rows = [
        row(number, peer=Endpoint(host, 1), messages=5 - number, name="甲" if number == 3 else "")
        for number, host in enumerate(hosts, 1)
    ]
    clients.refresh(clients_of(*rows))
    numbers = clients.numbers
    assert numbers("number") == [1, 2, 3]
    assert numbers("address")[-2:] == [2, 1]
    assert numbers("messages") == [3, 2, 1]
    assert numbers("messages", backwards=True) == [1, 2, 3]
    assert numbers("name")[0] == 3
    for order in ("waits", "idle", "in", "out", "last", "since", "state"):
        assert sorted(numbers(order)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("seconds", "clock"), [(0.4, "0 s"), (37.9, "37 s"), (74, "1:14"), (3723, "1:02:03")]
)
def test_a_short_time_is_read_at_a_glance(seconds: float, clock: str) -> None:
    assert short_clock(seconds) == clock
