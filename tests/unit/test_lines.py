r"""How one line of a recording reads: in columns, as text, as bytes."""

from __future__ import annotations

import re

import pytest

from netlib.events import (
    ActivityStopped,
    Closed,
    CloseReason,
    Direction,
    Event,
    PeerFinished,
)
from netlib.teaching.lines import (
    CLIENTS_TABLE,
    CLIENTS_TALK,
    LOG,
    PLAIN,
    TABLE,
    TAGS,
    TALK,
    Column,
    Line,
    LogEntry,
    View,
    clock,
    format_line,
    format_row,
    short_time,
    stamp,
)
from tests.samples import DatetimeOfWindows

NOON = 1_700_000_000.25


def line(data: bytes, carry: bytes = b"", *, connection: int = 1, first: bool = True) -> Line:
    return Line(
        0, NOON, 5.0, connection, Direction.RECEIVED, None, data, first, len(data), carry
    )  # fmt: skip


def text(shown: Line, view: View, encoding: str = "utf-8") -> str:
    return format_line(shown, None, view, encoding)[1]


TIME = clock(NOON)
STOPPED = ActivityStopped(at=5.0, activity=1)
AT_HOME = "127.0.0.1:53"


@pytest.mark.parametrize(
    ("columns", "what", "row"),
    [
        (LOG, Direction.SENT, f"{TIME}  {AT_HOME}  → hi"),
        (LOG, STOPPED, f"{TIME}  {AT_HOME}  · stopped"),
        (TALK, Direction.RECEIVED, f"{TIME[:8]}  ← hi"),
        (TALK, STOPPED, f"{TIME[:8]}  · stopped"),
        (PLAIN, Direction.SENT, "→ hi"),
        (PLAIN, STOPPED, "· stopped"),
        (TABLE, Direction.SENT, f"{TIME}   +0.2 ms  →   1,234 B  {AT_HOME}  hi"),
        (TABLE, STOPPED, f"{TIME}   +0.2 ms  {AT_HOME}  · stopped"),
    ],
)
def test_the_columns_are_all_that_differs(
    columns: tuple[Column, ...], what: Event | Direction, row: str
) -> None:
    entry = LogEntry(NOON, what, "hi", AT_HOME, 1234, 0.0002)
    tag = TAGS[what] if isinstance(what, Direction) else "info"
    assert format_row(entry, columns) == (tag, row)


def test_a_peer_that_is_not_known_has_no_column_but_a_text_always_has() -> None:
    assert format_row(LogEntry(NOON, Direction.SENT), LOG)[1] == f"{TIME}  → "
    empty = line(b"")._replace(peer="")
    assert format_line(empty, None, "log", "utf-8", peers=True)[1].endswith("←       0 B  ")


def test_the_log_has_time_interval_arrow_size_peer_and_text() -> None:
    datagram = line(b"hi")._replace(peer="127.0.0.1:53")
    tag, shown = format_line(datagram, line(b"")._replace(at=4.5), "log", "utf-8", peers=True)
    assert tag == "received"
    assert shown == f"{clock(NOON)} +500.0 ms  ←       2 B  127.0.0.1:53  hi"


def test_a_further_line_of_a_chunk_stands_under_the_first() -> None:
    assert re.fullmatch(r" +┊ +two\\n", text(line(b"two\n", first=False), "log"))


def test_it_stands_under_its_text_also_where_a_peer_is_named() -> None:
    first = line(b"one\n")._replace(peer="127.0.0.1:8080")
    second = first._replace(data=b"two\n", first=False)
    one, two = (format_line(part, None, "log", "utf-8", peers=True)[1] for part in (first, second))
    assert two.index("two") == one.index("one")
    assert "127.0.0.1" not in two


@pytest.mark.parametrize(
    ("data", "shown"),
    [(b"one\r\n", "← one"), (b"one\n", "← one"), (b"\x1b[2J", r"← \x1b[2J"), (b"", "← ")],
)
def test_the_text_view_has_no_columns_and_no_line_ends(data: bytes, shown: str) -> None:
    assert text(line(data), "text") == shown


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-8", 2), ("gbk", 1)])
def test_a_split_character_is_whole_in_the_text_view(encoding: str, cut: int) -> None:
    data = "好".encode(encoding)
    assert text(line(data[:cut]), "text", encoding) == "← "
    assert text(line(data[cut:] + b"!\n", carry=data[:cut]), "text", encoding) == "← 好!"


def test_half_a_character_that_ends_a_datagram_is_shown() -> None:
    assert text(line("好".encode()[:2], connection=0), "text") == r"← \xe5\xa5"


def test_bytes_stand_beside_their_text_and_many_are_counted() -> None:
    assert text(line(b"A\x00\n"), "hex").endswith(r"41 00 0a  │A\x00\n│")
    long = text(line(b"x" * 1000), "hex")
    assert " … +744 B  │xxx" in long
    assert long.count("78") == 256


@pytest.mark.parametrize("view", ["log", "text", "hex"])
def test_an_event_is_a_sentence_in_every_view(view: View) -> None:
    event = line(b"")._replace(kind=0, event=ActivityStopped(at=5.0, activity=1))
    tag, shown = format_line(event, None, view, "utf-8")
    assert tag == "info"
    assert shown.endswith("· stopped")


def test_time_is_local_with_milliseconds() -> None:
    assert re.fullmatch(r"2023-11-1[45]T\d\d:\d\d:20\.250[+-]\d\d:\d\d", stamp(NOON))
    assert re.fullmatch(r"\d\d:\d\d:20\.250", clock(NOON))


@pytest.mark.parametrize(
    ("wall", "year"), [(-1e300, "19[67]"), (-1.0, "19[67]"), (0.0, "19[67]"), (1e18, "(2999|3000)")]
)
def test_a_time_no_calendar_knows_is_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch, wall: float, year: str
) -> None:
    monkeypatch.setattr("netlib.teaching.lines.datetime", DatetimeOfWindows)
    assert re.match(year, stamp(wall))
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.000", clock(round(wall)))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        *((0.0007, "+0.7 ms"), (0.9994, "+999.4 ms"), (1.254, "+1.25 s"), (180.0, "+3 min")),
        *((-0.00051, "−0.5 ms"), (-0.00001, "+0.0 ms"), (-20.0, "−20.00 s"), (-180.0, "−3 min")),
    ],
)
def test_intervals_are_short(seconds: float, shown: str) -> None:
    assert short_time(seconds) == shown


def test_a_servers_row_says_whose_it_is_in_one_column_whatever_it_is() -> None:
    said = line(b"hi\n", connection=4)._replace(peer="192.168.1.24:51906")
    gone = Closed(at=5.0, activity=1, connection=4, reason=CloseReason.RESET)
    rows = [said, said._replace(kind=0, event=gone), said._replace(name="王小明")]
    shown = [
        format_line(one, None, "log", "utf-8", peers=True, columns=CLIENTS_TABLE)[1] for one in rows
    ]
    time = f"{clock(NOON)}{'':10}"
    assert shown == [
        f"{time}  ▌04 192.168.1.24:51906\t  ←       3 B  hi\\n",
        f"{time}  ▌04 192.168.1.24:51906\t  ✗            "
        "closed: the peer reset the connection (RST)",
        f"{time}  ▌04 王小明\t  ←       3 B  hi\\n",
    ]


@pytest.mark.parametrize("view", ["log", "text", "hex"])
def test_every_view_names_the_client_of_every_event(view: View) -> None:
    fin = PeerFinished(at=5.0, activity=1, connection=4)
    event = line(b"", connection=4)._replace(kind=0, event=fin, peer=AT_HOME)
    columns = CLIENTS_TALK if view == "text" else CLIENTS_TABLE
    assert (
        f"▌04 {AT_HOME}" in format_line(event, None, view, "utf-8", peers=True, columns=columns)[1]
    )
    assert AT_HOME in format_line(event, None, "log", "utf-8", peers=True)[1]


def test_a_text_file_names_address_and_nickname() -> None:
    said = line(b"hi")._replace(peer=AT_HOME, name="王小明")
    assert f"{AT_HOME} 王小明" in format_line(said, None, "log", "utf-8", peers=True)[1]
