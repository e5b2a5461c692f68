"""A ladder in words, in both languages: each arrow is a line, and harmless whatever a peer sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from netlib.address import Endpoint
from netlib.events import Closed, CloseReason, Connecting, Event, Failed, Resolving
from netlib.i18n import set_language
from netlib.teaching.calls import (
    EVENT,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_SENT,
    Call,
    End,
    Part,
)
from netlib.teaching.ladder import OTHERS, Arrow, Rung, Seen, Site, rungs
from netlib.teaching.ladder_text import (
    WORDS_BYTES,
    TextOptions,
    commentary,
    hexadecimal,
    ladder_lines,
    ladder_records,
    note,
    relation,
    row_head,
    site_name,
    state,
    words,
)
from tests.ladders import HEAD
from tests.samples import REFUSED

CLIENT, SERVER, ASKS, HOSTILE = range(4)
ENDS = [
    End(CLIENT, 2, 12, "127.0.0.1:50000", "127.0.0.1:8080"),
    End(SERVER, 1, 11, "127.0.0.1:8080", "127.0.0.1:50000", serves=True),
    End(ASKS, 3, 0, "", "127.0.0.1:9"),
    End(HOSTILE, 4, 4, "", "evil\x1b[2J\u202e:1"),
]
ADDRESSES = {Site(2, "", False): "127.0.0.1:50000", Site(1, "", True): "127.0.0.1:8080"}
OPTIONS = TextOptions(ADDRESSES)
WALL = 1_700_000_000.5


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def row(
    kind: int,
    data: bytes = b"",
    *parts: Part,
    end: int = CLIENT,
    there: int | None = None,
    event: Event | None = None,
    lost: str = "",
    size: int | None = None,
    missed: bool = False,
) -> Rung:
    size = len(data) if size is None else size
    call = Call(3, WALL, 1.0, end, kind, 0, 0, size, data, event=event, lost=lost)
    (found,) = rungs([Seen(call, there, parts, missed=missed)], ENDS, 0.9965)
    return found


def said(*rows: Rung, options: TextOptions = OPTIONS) -> list[str]:
    return [line[HEAD:] for line in ladder_lines(rows, options)]


SPLIT = row(SENT, "你好\n".encode(), Part(6, 0, 4), Part(9, 4, 7), there=SERVER)
LINES = [
    (row(SENT, b"hi\n"), [r"127.0.0.1:50000 ──▶ 127.0.0.1:8080  send  3 B  hi\n"]),
    (row(RECEIVED, b"hi\n"), [r"127.0.0.1:8080 ──▶ 127.0.0.1:50000  recv  3 B  hi\n"]),
    (
        SPLIT,
        [
            r"127.0.0.1:50000 ──▶ 127.0.0.1:8080  send  4 B  你好\n  arrives in #6",
            r"127.0.0.1:50000 ──▶ 127.0.0.1:8080  send  3 B  你好\n  arrives in #9",
        ],
    ),
    (
        row(RECEIVED, b"ab", Part(2, 0, 2), end=SERVER, there=CLIENT),
        ["127.0.0.1:50000 ──▶ 127.0.0.1:8080  recv  2 B  ab  from #2"],
    ),
    (
        row(SENT, b"ab", there=SERVER),
        ["127.0.0.1:50000 ──… 127.0.0.1:8080  send  2 B  ab  not received yet"],
    ),
    (
        row(SENT, b"ab", end=ASKS, there=SERVER, missed=True),
        ["client 03 ──✗ 127.0.0.1:8080  send  2 B  ab  lost: never received"],
    ),
    (
        row(EVENT, event=Connecting(at=1.0, activity=2, peer=Endpoint("127.0.0.1", 8080))),
        ["127.0.0.1:50000 ╌╌▶ 127.0.0.1:8080  SYN  implied"],
    ),
    (
        row(EVENT, event=Closed(at=1.0, activity=2, connection=12, reason=CloseReason.ABORTED)),
        ["127.0.0.1:50000 ──▶ 127.0.0.1:8080  RST"],
    ),
    (row(WIRE_SENT, b"\x16\x03\x01"), ["127.0.0.1:50000 ──▶ 127.0.0.1:8080  send  3 B  16 03 01"]),
    (row(PLAIN_SENT, b"hi"), ["127.0.0.1:50000  · sent as plain text: hi"]),
    (row(PLAIN_RECEIVED, b"hi"), ["127.0.0.1:50000  · read as plain text: hi"]),
    (row(EVENT, lost="an entry that cannot be read"), ["127.0.0.1:50000  ? an entry that cannot"]),
    (
        row(EVENT, event=Failed(at=1.0, activity=2, error=REFUSED)),
        ["127.0.0.1:8080 ──▶ 127.0.0.1:"],
    ),
]


@pytest.mark.parametrize(("rung", "lines"), LINES)
def test_a_row_is_a_line_for_each_of_its_arrows(rung: Rung, lines: list[str]) -> None:
    shown = said(rung)
    assert len(shown) == len(lines)
    assert all(line.startswith(wanted) for line, wanted in zip(shown, lines, strict=True)), shown


def test_a_row_begins_with_its_number_its_time_and_how_long_after_the_one_above_it_was() -> None:
    first, second = ladder_lines([SPLIT], OPTIONS)
    assert re.match(r" {5}#3  \d\d:\d\d:\d\d\.500 {5}\+3\.5 ms  127", first)
    assert second[:HEAD].strip() == ""
    lost = row_head(row(EVENT, lost="gone"))
    assert lost.split() == ["#3"]
    assert len(lost) == HEAD - 2


def test_as_records_there_is_one_for_each_arrow_with_the_same_figures() -> None:
    first, second = ladder_records(SPLIT, OPTIONS)
    assert first == {
        "call": 3,
        "at": WALL,
        "delta_ms": 3.5,
        "where": "127.0.0.1:50000",
        "name": "send",
        "size": 7,
        "from": "127.0.0.1:50000",
        "to": "127.0.0.1:8080",
        "segment": "data",
        "state": "seen",
        "other_call": 6,
        "bytes": 4,
        "text": "你好\\n",
    }
    assert second == first | {"other_call": 9, "bytes": 3}
    (only,) = ladder_records(row(PLAIN_SENT, b"hi"), OPTIONS)
    assert only["note"] == "· sent as plain text: hi"
    assert "from" not in only


SENTENCES = [
    (SPLIT, "It was received by 2 calls of the peer: TCP carries bytes, not messages.", "分 2 次"),
    (
        row(SENT, b"ab", Part(6, 0, 2), there=SERVER),
        "All of it was received by one call of the peer.",
        "一次接收调用",
    ),
    (
        row(SENT, b"ab", Part(6, 0, 1), there=SERVER),
        "So far 1 of 2 bytes were received by the peer.",
        "2 字节中的 1 字节",
    ),
    (
        row(SENT, b"ab", there=SERVER),
        "No receive call of the peer has taken these bytes yet.",
        "还没有任何接收调用",
    ),
    (
        row(RECEIVED, b"abc", Part(1, 0, 1), Part(2, 1, 3), end=SERVER, there=CLIENT),
        "Bytes of 2 send calls arrived in this one receive: TCP carries bytes, not messages.",
        "2 次发送调用",
    ),
    (
        row(SENT, b"ab", end=ASKS, there=SERVER, missed=True),
        "This datagram was never received; UDP does not send it again.",
        "UDP 不会重传",
    ),
    (
        row(EVENT, event=Connecting(at=1.0, activity=2, peer=Endpoint("::1", 8080))),
        "connecting to [::1]:8080",
        "[::1]:8080",
    ),
]


@pytest.mark.parametrize(("rung", "english", "chinese"), SENTENCES)
def test_a_sentence_says_what_a_row_shows(rung: Rung, english: str, chinese: str) -> None:
    assert commentary(rung) == english
    *_arrows, sentence = said(rung, options=OPTIONS._replace(commentary=True))
    assert sentence.strip() == english
    set_language("zh")
    assert chinese in commentary(rung)


@pytest.mark.parametrize(
    "rung",
    [
        row(SENT, b"ab"),
        row(RECEIVED, b"ab"),
        row(RECEIVED, b"ab", Part(2, 0, 2), end=SERVER, there=CLIENT),
        row(PLAIN_SENT, b"ab"),
        row(EVENT, lost="gone"),
        row(EVENT, event=Resolving(at=1.0, activity=2, host="localhost")),
    ],
)
def test_of_a_row_that_says_it_all_there_is_no_sentence(rung: Rung) -> None:
    assert commentary(rung) == ""
    assert said(rung) == said(rung, options=OPTIONS._replace(commentary=True))


@pytest.mark.parametrize(
    ("style", "english", "chinese"),
    [
        ("seen", "", ""),
        ("implied", "implied", "推断"),
        ("waiting", "not received yet", "尚未被接收"),
        ("lost", "lost: never received", "丢失：从未被接收"),
    ],
)
def test_what_became_of_an_arrow_is_said(style: str, english: str, chinese: str) -> None:
    arrow = SPLIT.arrows[0]._replace(style=style)  # type: ignore[arg-type]
    assert state(arrow) == english
    set_language("zh")
    assert state(arrow) == chinese


def test_relations_and_names_are_said_in_both_languages() -> None:
    names = [Site(2, "", False), Site(1, "", True), Site(0, "x:1", True), OTHERS]
    received = row(RECEIVED, b"a", Part(2, 0, 1), end=SERVER, there=CLIENT)
    assert [*map(site_name, names)] == ["client 02", "server 01", "the peer", "others"]
    assert relation(SPLIT, SPLIT.arrows[0]) == "arrives in #6"
    assert relation(received, received.arrows[0]) == "from #2"
    assert relation(received, Arrow(names[0], names[1], "data", "seen")) == ""
    set_language("zh")
    assert [*map(site_name, names)] == ["客户端 02", "服务器 01", "对端", "其他"]
    assert relation(SPLIT, SPLIT.arrows[0]) == "到达 #6"
    assert relation(received, received.arrows[0]) == "来自 #2"
    assert note(row(PLAIN_SENT, b"a"), "utf-8") == "· 发出的明文：a"
    assert note(row(PLAIN_RECEIVED, b"a"), "utf-8") == "· 读出的明文：a"


def test_of_many_bytes_the_first_are_shown_and_the_others_counted() -> None:
    long = row(SENT, b"x" * 256, size=1000)
    assert words(long, "utf-8") == "x" * WORDS_BYTES + f"… +{1000 - WORDS_BYTES} B"
    wire = row(WIRE_SENT, b"\x00" * 256, size=1000)
    assert words(wire, "utf-8") == " ".join(["00"] * 24) + " … +976 B"
    assert hexadecimal(row(SENT, b"\x00z")) == "00 7a"
    assert words(row(SENT, "你".encode("gb18030")), "gb18030") == "你"


UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")
NASTY = b"\x1b]0;gone\x07\r\n\x00\xff" + "\u202e\u200b".encode()


@pytest.mark.parametrize(
    "rung",
    [
        row(SENT, NASTY, end=HOSTILE),
        row(RECEIVED, NASTY, end=HOSTILE),
        row(PLAIN_SENT, NASTY, end=HOSTILE),
        row(WIRE_SENT, NASTY, end=HOSTILE),
        row(
            EVENT,
            end=HOSTILE,
            event=Connecting(at=1.0, activity=4, peer=Endpoint(NASTY.decode("latin-1"), 1)),
        ),
    ],
)
def test_nothing_that_a_peer_says_does_harm(rung: Rung) -> None:
    options = TextOptions({Site(4, "", False): NASTY.decode("latin-1")}, commentary=True)
    lines = [*ladder_lines([rung], options), hexadecimal(rung)]
    assert not [line for line in lines if UNSAFE.search(line)]
    for record in ladder_records(rung, options):
        assert not [text for text in record.values() if UNSAFE.search(str(text))]
        assert json.loads(json.dumps(record)) == record
