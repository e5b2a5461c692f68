"""Where calls follow each other as somebody asked: in each conversation by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.engine.records import Item
from netlib.errors import Cause, NetError, Operation
from netlib.events import CloseReason, Failed, Idle
from netlib.i18n import set_language
from netlib.recording import patterns
from netlib.recording.patterns import Pattern, places
from tests.ladders import (
    CLIENT,
    DIALLED,
    DIALS,
    IN,
    OUT,
    SERVER,
    SERVES,
    UDP,
    accepted,
    both,
    closed,
    connected,
    datagram,
    finished,
    ladder,
    listening,
    peer_finished,
    plain,
    received,
    sent,
    wire,
)
from tests.samples import refusal


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def found(typed: str, *items: Item) -> list[tuple[int, ...]]:
    with ladder(items) as opened:
        return places(opened.recording, opened.index, Pattern(typed))


# 4 send, 5 send, 6 receive, 7 receive, 8 FIN, 9 its end, 10 and 11 closed
LESSON: list[Item] = [
    *both(),
    *(sent(b"a"), sent(b"b"), received(b"ab"), received(b"")),
    *(finished(), peer_finished(), closed(CloseReason.READ_TIMEOUT, serves=True)),
    closed(CloseReason.RESET),
]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("send send receive", [(4, 5, 6)]),
        ("sends → receives", [(5, 6)]),
        ("发送 发送 接收", [(4, 5, 6)]),
        ("发送，发送、接收", [(4, 5, 6)]),
        ("SEND, Send -> recv", [(4, 5, 6)]),
        ("receive receive", [(6, 7)]),
        ("send receive send", []),
        ("connect accept", [(2, 3)]),
        ("连接 接受 发送", [(2, 3, 4)]),
        ("fin", [(8,)]),
        ("关闭", [(8,)]),
        ("receive fin timeout", [(7, 8, 10)]),
        ("close 超时 reset", [(8, 10, 11)]),
        ("rst", [(11,)]),
        ("重置", [(11,)]),
        ("any any any any any", [(2, 3, 4, 5, 6)]),
        ("任意 fin", [(7, 8)]),
        ("send any", [(4, 5)]),
    ],
)
def test_a_pattern_is_found_where_its_calls_follow_each_other(
    typed: str, wanted: list[tuple[int, ...]]
) -> None:
    assert found(typed, *LESSON) == wanted


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        *((CloseReason.BY_US, "fin"), (CloseReason.BY_PEER, "fin"), (CloseReason.STOPPED, "fin")),
        *((CloseReason.RESET, "rst"), (CloseReason.ABORTED, "rst"), (CloseReason.TOO_SLOW, "rst")),
        *((CloseReason.READ_TIMEOUT, "timeout"), (CloseReason.WRITE_TIMEOUT, "timeout")),
    ],
)
def test_the_end_of_a_connection_is_found_by_how_it_ended(reason: CloseReason, word: str) -> None:
    ending = closed(reason)
    hits = {name: found(name, connected(), ending) for name in ("fin", "rst", "timeout")}
    assert hits == {name: [(1,)] if name == word else [] for name in hits}


def test_what_failed_is_found_and_what_is_no_call_is_passed_over() -> None:
    error = NetError(Operation.CONNECT, Cause.TIMED_OUT)
    failed = Failed(at=2.0, activity=DIALS, error=error, connection=DIALLED)
    idle = Idle(at=2.0, activity=DIALS, connection=DIALLED, seconds=1.0)
    items = [connected(), idle, sent(b"a"), idle, sent(b"b"), failed]
    for typed in ("connect send send fail", "连接 发送 发送 失败", "connect send send timeout"):
        assert found(typed, *items) == [(0, 2, 4, 5)]


def test_what_others_do_in_between_does_not_matter() -> None:
    other = datagram(b"x", OUT, 9, SERVER)
    items = [*both(), sent(b"a"), other, sent(b"b"), other, received(b"ab")]
    assert found("send send receive", *items) == [(4, 6, 8)]
    assert found("send send", *items) == [(4, 6), (5, 7)]


def test_one_end_only_is_a_conversation_too() -> None:
    assert found("send send", sent(b"a"), sent(b"b"), sent(b"c")) == [(0, 1)]


def test_datagrams_of_both_ends_are_one_conversation() -> None:
    items = [
        listening(SERVER, UDP),
        connected(connection=0, transport=UDP),
        *(datagram(b"a", OUT, DIALS, SERVER), datagram(b"a", IN, SERVES, CLIENT)),
        *(datagram(b"b", OUT, SERVES, CLIENT), datagram(b"b", IN, DIALS, SERVER)),
    ]
    assert found("send receive send receive", *items) == [(2, 3, 4, 5)]


def test_under_tls_the_calls_are_those_on_the_wire() -> None:
    items = [
        *both(),
        *(plain(b"a", OUT, False), wire(b"xy", OUT, False), wire(b"xy", IN, True)),
        *(plain(b"a", IN, True), wire(b"z", OUT, True)),
    ]
    assert found("send receive send", *items) == [(5, 6, 8)]


def test_several_connections_are_looked_through_and_places_stand_in_order() -> None:
    items = [
        *(listening(), connected(connection=1), accepted(connection=2)),
        *(connected(connection=3, activity=3), accepted(connection=4)),
        sent(b"a")._replace(connection=3, activity=3),
        sent(b"b")._replace(connection=1),
        received(b"b")._replace(connection=2),
    ]
    assert found("send", *items) == [(5,), (6,)]
    assert found("send receive", *items) == [(6, 7)]


@pytest.mark.parametrize("typed", ["", "  ", "->", "send foo", "send\x1b[2J", "x" * 1000, "s"])
def test_other_words_are_no_pattern(typed: str) -> None:
    refused = refusal(Pattern, typed)
    assert refused is not None
    assert "is no pattern" in str(refused)
    assert str(refused).isprintable()
    assert len(str(refused)) < 200
    set_language("zh")
    assert "不是调用模式" in str(refusal(Pattern, typed))


def test_of_very_many_places_the_first_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_PLACES", 3)
    assert found("send", *both(), *[sent(b"a")] * 10) == [(4,), (5,), (6,)]


def test_a_search_can_be_given_up() -> None:
    with ladder(LESSON) as opened:
        pattern = Pattern("send")
        assert places(opened.recording, opened.index, pattern, lambda: True) == []


def test_events_are_read_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "AT_ONCE", 2)
    assert found("connect accept send", *LESSON) == [(2, 3, 4)]


def test_a_server_that_received_from_two_clients_has_two_conversations() -> None:
    items = [
        listening(SERVER, UDP),
        datagram(b"a", IN, SERVES, CLIENT),
        datagram(b"b", IN, SERVES, SERVER),
        datagram(b"c", IN, SERVES, CLIENT),
    ]
    assert found("receive receive", *items) == [(1, 3)]
