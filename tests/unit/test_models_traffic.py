"""The rows of a traffic view: what the socket gave, readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui.models.traffic import TrafficRows, short_time
from netlib.address import Endpoint
from netlib.events import Accepted, Chunk, Direction
from netlib.recording.export import Export
from tests.backends import Script, Unreadable, shown, texts
from tests.helpers import wait_until
from tests.records import put
from tests.samples import HERE, THERE


@pytest.fixture
def rows(script: Script) -> TrafficRows:
    made = TrafficRows(script)
    made.show(1)
    return made


def test_a_row_has_time_interval_direction_size_and_text(script: Script, rows: TrafficRows) -> None:
    script.send("你好\n".encode())
    script.receive("已接收: 你好\n".encode())
    first, second = texts(rows)
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} +→ +7 B  你好\\n", first)
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} +\+1\.0 ms  ← +18 B  已接收: 你好\\n", second)


def test_a_read_that_fails_says_so_and_is_tried_again(script: Script, rows: TrafficRows) -> None:
    script.receive(b"one\ntwo\n")
    before = rows.version()
    with Unreadable(script.recording):
        failed = texts(rows)
    assert len(failed) == rows.count() == 2
    assert all("cannot be read" in text and "quota" not in text for text in failed)
    assert rows.version() != before  # the view draws them again
    assert [text[-5:] for text in texts(rows)] == ["one\\n", "two\\n"]


def test_a_time_that_cannot_be_looked_for_is_a_sentence(script: Script, rows: TrafficRows) -> None:
    script.receive(b"one\n")
    with Unreadable(script.recording), pytest.raises(ValueError, match="cannot be read"):
        rows.find("at:10:31:02")


def test_the_border_between_two_reads_is_seen(script: Script, rows: TrafficRows) -> None:
    script.receive(b"one\ntwo\nth", b"ree\n")
    one, two, begun, ended = texts(rows)
    assert re.search(r"← +10 B  one\\n$", one)
    assert re.fullmatch(r" +┊ +two\\n", two)
    assert re.fullmatch(r" +┊ +th", begun)
    assert ended.endswith(r"4 B  ree\n")


def test_a_rule_with_a_number_stands_between_connections(script: Script, rows: TrafficRows) -> None:
    script.receive(b"one\ntwo\n")
    rows.show(7)
    script.receive(b"three\nfour\n", activity=7)
    third = texts(rows)[2].splitlines()
    assert third[0].startswith("──── 2 ───")
    assert third[1].endswith("three\\n")
    assert ["──" in text for text in texts(rows)] == [False, False, True, False]
    script.receive(b"late\n", activity=1)
    assert "──" not in texts(rows)[4]
    assert rows.data(2, 3) == [b"three\n"]


def test_a_character_split_between_two_reads_is_one_character(
    script: Script, rows: TrafficRows
) -> None:
    data = "好\n".encode()
    script.receive(data[:1], data[1:])
    assert r"\xe5" in texts(rows)[0]
    assert texts(rows)[1].endswith("好\\n")


def test_hex_shows_every_byte_beside_its_text(script: Script, rows: TrafficRows) -> None:
    script.receive(b"\x00A\xff\n")
    rows.set_view("hex")
    assert texts(rows)[0].endswith(r"00 41 ff 0a  │\x00A\xff\n│")


def test_the_encoding_can_be_changed_afterwards(script: Script, rows: TrafficRows) -> None:
    script.receive("汉字\n".encode("gbk"))
    before = rows.version()
    assert "汉字" not in shown(rows)
    rows.set_encoding("gbk")
    assert "汉字" in shown(rows)
    assert rows.version() != before


def test_a_row_says_whose_datagram_it_is(script: Script) -> None:
    rows = TrafficRows(script, peers=True)
    rows.show(1)
    peer = Endpoint("127.0.0.1", 5353)
    put(script.journal, Chunk(1.0, 1, 0, Direction.RECEIVED, peer, b""))
    assert script.journal.flush()
    assert "0 B  127.0.0.1:5353" in texts(rows)[0]


def test_events_stand_between_the_bytes(script: Script, rows: TrafficRows) -> None:
    script.happen(Accepted(at=1.0, activity=1, connection=1, local=HERE, peer=THERE))
    assert "[::1]:53122" in texts(rows)[0]


def test_a_long_line_is_cut_and_the_rest_counted(script: Script, rows: TrafficRows) -> None:
    script.receive(b"x" * 1_000_000 + b"\n")
    (text,) = texts(rows)
    assert len(text) < 5000
    assert text.endswith("… +995905 B")
    rows.set_view("hex")
    assert len(texts(rows)[0]) < 10_000


def test_garbage_after_half_a_character_is_cut_once(script: Script, rows: TrafficRows) -> None:
    script.receive("好".encode()[:2], b"\xff" * 10_000)
    text = texts(rows)[1]
    assert text.count("…") == 1
    assert text.endswith(f"+{10_000 - 4096:,} B")


def test_several_activities_follow_one_another(script: Script, rows: TrafficRows) -> None:
    script.receive(b"a\n", b"b\n")
    rows.show(2)
    script.receive(b"c\n", activity=2)
    assert [text[-3] for text in texts(rows)] == ["a", "b", "c"]
    assert [row.text[-3] for row in rows.rows(1, 3)] == ["b", "c"]


def test_looking_at_other_activities_forgets_the_first(script: Script, rows: TrafficRows) -> None:
    script.receive(b"a\n")
    script.receive(b"b\n", activity=2)
    rows.clear()
    rows.show_only([2])
    assert [text[-3] for text in texts(rows)] == ["b"]


def test_clearing_shows_only_what_comes_next(script: Script, rows: TrafficRows) -> None:
    script.receive(b"old\n")
    rows.clear()
    assert rows.count() == 0
    script.receive(b"new\n")
    assert len(texts(rows)) == 1
    assert "new" in shown(rows)


def test_what_was_cleared_comes_back(script: Script, rows: TrafficRows) -> None:
    script.receive(b"old\n")
    assert rows.clear() == 1
    script.receive(b"new\n")
    before = rows.version()
    rows.restore()
    assert [text[-5:] for text in texts(rows)] == ["old\\n", "new\\n"]
    assert rows.version() != before


def test_the_bytes_of_rows_can_be_had(script: Script, rows: TrafficRows) -> None:
    script.receive(b"one\ntwo", b"\xff\n")
    assert rows.data(0, rows.count()) == [b"one\n", b"two", b"\xff\n"]
    with Unreadable(script.recording), pytest.raises(ValueError, match="cannot be read"):
        rows.data(0, 1)


def test_what_the_quota_removed_is_said_not_hidden(tmp_path: Path) -> None:
    script = Script(tmp_path, quota=1 << 20)
    rows = TrafficRows(script)
    rows.show(1)
    for _batch in range(3):
        script.receive(*[b"x" * 999 + b"\n"] * 4000)
    assert rows.count() == 12_000
    assert script.journal.trimmed
    first, last = rows.rows(0, 1)[0], rows.rows(11_999, 12_000)[0]
    assert first.tag == "warn"
    assert "quota" in first.text
    assert "xxx" in last.text
    script.close()


def test_what_is_exported_is_what_was_shown_at_that_moment(
    script: Script, rows: TrafficRows, tmp_path: Path
) -> None:
    script.receive(*("第%d行\n".encode().replace(b"%d", b"%d" % n) for n in range(1000)))
    order, wanted = rows.export_options("text", None), texts(rows)
    script.receive(b"later\n")
    exported = Export(order, tmp_path / "流量.txt")
    wait_until(lambda: exported.outcome)
    assert (tmp_path / "流量.txt").read_text("utf-8").splitlines() == wanted
    assert "1,000" in (exported.outcome or "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0003, "+0.3 ms"), (0.5, "+500.0 ms"), (1.25, "+1.25 s"), (180.0, "+3 min")],
)
def test_intervals_are_written_as_people_read_them(seconds: float, words: str) -> None:
    assert short_time(seconds) == words
