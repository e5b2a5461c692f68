"""The model of the Time tab: our server, silent servers, and no server at all."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gui.models.backend import Backend
from gui.models.time import (
    TimeClient,
    TimeForm,
    TimeServer,
    answer_cells,
    newest_words,
    offset_words,
    summary,
)
from netlib.address import Endpoint
from netlib.events import TimeLost, TimeReply
from netlib.i18n import set_language
from tests.backends import live, open_backend, shown
from tests.helpers import free_port, wait_until


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


@pytest.fixture
def server(backend: Backend) -> TimeServer:
    made = TimeServer(backend)
    made.start("localhost", 0)
    live(backend, lambda: made.local)
    return made


def port_of(server: TimeServer) -> int:
    assert server.local is not None
    return server.local.port


def question(port: int, count: int = 1, timeout: float = 2.0, retries: int = 0) -> TimeForm:
    return TimeForm(f"127.0.0.1:{port}", count, 0.0, timeout, retries)


def test_every_query_is_answered_with_time_round_trip_and_difference(
    backend: Backend, server: TimeServer
) -> None:
    client = TimeClient(backend)
    client.ask(question(port_of(server), count=5))
    live(backend, lambda: not client.asking)
    assert [answer.number for answer in client.answers] == [1, 2, 3, 4, 5]
    newest = client.newest()
    assert newest is not None
    assert len(newest.text) in (20, 25)
    assert abs(newest.offset_seconds or 0.0) <= 0.6
    assert offset_words(newest, "s") in ("± 0.5 s", "± 0.6 s")
    assert "replies 5" in summary(client)
    wait_until(lambda: shown(server.rows).count("获取时间") == 5)
    assert server.totals().messages == 5


def test_ntp_tells_stratum_delay_and_offset(backend: Backend) -> None:
    server, client = TimeServer(backend), TimeClient(backend)
    server.start("localhost", 0, "ntp")
    live(backend, lambda: server.local)
    client.ask(TimeForm(f"127.0.0.1:{port_of(server)}", 1, 0.0, 2.0, 0, "ntp"))
    live(backend, lambda: not client.asking)
    newest = client.newest()
    assert newest is not None
    assert newest.stratum == 1
    words = newest_words(newest)
    assert "stratum 1" in words
    assert "clock offset θ " in words
    assert " ± 0.0" in offset_words(newest, "s")


def test_the_offset_has_its_unit_in_the_language_of_the_sentence() -> None:
    reply = TimeReply(
        at=0.0,
        activity=1,
        number=1,
        peer=Endpoint("127.0.0.1", 123),
        text="2026-11-29T17:00:00Z",
        rtt_seconds=0.001,
        offset_seconds=3600.0,
        precision_seconds=0.0005,
        stratum=1,
    )
    set_language("zh")
    try:
        assert newest_words(reply).endswith("时钟偏差 θ +3600.0000 ± 0.0005 秒")
        assert answer_cells(reply)[2:] == ("1.0 毫秒", "+3600.0000 ± 0.0005 秒")
    finally:
        set_language("en")


def test_lost_queries_are_counted_beside_the_answered_ones(
    backend: Backend, server: TimeServer
) -> None:
    client = TimeClient(backend)
    client.ask(question(port_of(server)))
    live(backend, lambda: not client.asking)
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        client.ask(question(silent.getsockname()[1], count=2, timeout=0.05, retries=1))
        live(backend, lambda: not client.asking)
    assert [type(answer) for answer in client.answers] == [TimeReply, TimeLost, TimeLost]
    assert "no reply 2" in summary(client)
    assert answer_cells(client.answers[-1])[1].startswith("✗")


def test_nobody_there_is_told_at_once(backend: Backend) -> None:
    client = TimeClient(backend)
    client.ask(question(free_port(socket.SOCK_DGRAM), timeout=60.0))
    live(backend, lambda: not client.asking)
    assert client.notice is not None
    assert client.lost == 1


def test_a_series_can_be_stopped_or_replaced(backend: Backend, server: TimeServer) -> None:
    client = TimeClient(backend)
    client.ask(TimeForm(f"127.0.0.1:{port_of(server)}", 1000, 3600.0, 2.0, 0))
    live(backend, lambda: len(client.answers) == 1)
    client.ask(question(port_of(server)))
    live(backend, lambda: not client.asking)
    assert len(client.answers) == 2
    client.ask(TimeForm(f"127.0.0.1:{port_of(server)}", 1000, 3600.0, 2.0, 0))
    client.stop()
    live(backend, lambda: not client.asking)
    before = [*client.answers]
    client.clear_or_restore()
    assert summary(client) == ""
    assert client.is_cleared
    client.clear_or_restore()
    assert [*client.answers] == before
    assert not client.is_cleared
    client.clear_or_restore()
    client.ask(question(port_of(server)))
    live(backend, lambda: not client.asking)
    assert len(client.answers) == 1  # what comes next is no reason to bring old ones back
    client.clear_or_restore()
    client.clear_or_restore()
    assert len(client.answers) == 1


def test_any_text_instead_of_a_time_is_shown_escaped(backend: Backend) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as odd:
        odd.bind(("127.0.0.1", 0))
        odd.settimeout(5)
        client = TimeClient(backend)
        client.ask(question(odd.getsockname()[1]))
        live(backend, lambda: client.asking)
        odd.sendto(b"soon\x00\xff", odd.recvfrom(100)[1])
        live(backend, lambda: not client.asking)
    assert answer_cells(client.answers[0])[1] == r"✓ soon\x00\xff"
    assert answer_cells(client.answers[0])[3] == "–"


def test_a_port_in_use_stops_the_server_and_says_so(backend: Backend, server: TimeServer) -> None:
    second = TimeServer(backend)
    second.start("localhost", port_of(server))
    live(backend, lambda: not second.running)
    assert second.notice is not None
    assert server.running


def test_the_server_can_be_stopped_and_started_again(backend: Backend, server: TimeServer) -> None:
    port = port_of(server)
    server.stop()
    live(backend, lambda: not server.running)
    assert server.local is None
    server.start("localhost", port)
    live(backend, lambda: server.local)


def test_received_is_recorded_plus_dropped(backend: Backend, server: TimeServer) -> None:
    client = TimeClient(backend)
    client.ask(question(port_of(server), count=3))
    live(backend, lambda: not client.asking)

    def sums() -> bool:
        counts = backend.counts()
        return counts.received > 0 and counts.received == counts.recorded + counts.dropped

    wait_until(sums, what="received = recorded + dropped")


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_time_that_the_calendar_here_does_not_have_is_shown_as_it_was_told(told: str) -> None:
    there = Endpoint("127.0.0.1", 8123)
    reply = TimeReply(
        at=1.0,
        activity=1,
        peer=there,
        number=1,
        text=told,
        rtt_seconds=0.001,
        offset_seconds=None,
        precision_seconds=None,
    )
    assert newest_words(reply).startswith(f"server time {told} · round-trip")
