"""The calls of a recording: all of them, in order of time, while it is written or years later."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import Named
from netlib.recording import calls, paged, version_1
from netlib.recording.calls import CallIndex
from netlib.recording.journal import Journal
from netlib.recording.query import Query, parse_query
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.schema import segment_path
from netlib.recording.search import Search, find
from netlib.recording.version_1 import Version1
from netlib.teaching.calls import (
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Call,
)
from tests.backends import Unreadable
from tests.helpers import wait_until
from tests.ladders import (
    SERVED,
    SERVES,
    accepted,
    both,
    closed,
    connected,
    ladder,
    listening,
    opened,
    received,
    sent,
    whole_index,
)
from tests.pages import Chunk, write_1, write_2
from tests.recordings import record
from tests.records import put


def told(found: Sequence[Call]) -> list[tuple[int, int, int, int, bytes]]:
    return [(call.number, call.end, call.kind, call.offset, call.data) for call in found]


def test_every_call_stands_once_with_its_place_in_its_stream() -> None:
    items = [*both(), sent(b"one\ntwo\n"), received(b"one\n"), sent(b"three"), received(b"two\n")]
    with ladder(items) as found:
        assert found.index.total == 8
        assert told(found.calls[4:]) == [
            (4, 2, SENT, 0, b"one\ntwo\n"),
            (5, 3, RECEIVED, 0, b"one\n"),
            (6, 2, SENT, 8, b"three"),
            (7, 3, RECEIVED, 4, b"two\n"),
        ]
        assert [type(call.event).__name__ for call in found.calls[:4]] == [
            *("Listening", "Connecting", "Connected", "Accepted")
        ]
        assert [call.size for call in found.calls] == [0, 0, 0, 0, 8, 4, 5, 4]
        # Lines are those of the log: a call of two lines is followed by its third.
        assert [call.line for call in found.calls if call.end == 2] == [1, 2, 4]


def test_calls_that_there_are_not_are_not_waited_for() -> None:
    with ladder(both()) as found, pytest.raises(ValueError, match="4 to 4 of 4 calls"):
        found.index.read(found.recording, [4], 0)


def test_of_a_call_as_many_bytes_are_read_as_are_wanted() -> None:
    with ladder([*both(), sent(b"x" * 5000), sent(b"y" * 10)]) as found:
        long, short = found.index.read(found.recording, [4, 5], 8)
        assert (long.data, long.size, short.data) == (b"x" * 8, 5000, b"y" * 8)
        assert [call.number for call in found.index.read(found.recording, [0, 5], 1)] == [0, 5]
        assert found.index.read(found.recording, [], 1) == []


def test_a_nickname_is_told_with_what_follows_it() -> None:
    named = Named(at=2.0, activity=SERVES, connection=SERVED, name="Ada")
    with ladder([*both(), received(b"a"), named, received(b"b")]) as found:
        before, _named, after = found.calls[4:]
        assert (before.name, after.name, before.end) == ("", "Ada", after.end)
        assert (before.offset, after.offset) == (0, 1)


def test_only_some_activities_may_be_wanted(tmp_path: Path) -> None:
    path = record(tmp_path / "r", [*both(), sent(b"a"), received(b"a")])
    with closing(Recording(path)) as recording:
        index = CallIndex({SERVES})
        while index.advance(recording):
            pass
        found = index.read(recording, range(index.total), 9)
        assert {index.pairing.ends[call.end].activity for call in found} == {SERVES}
        assert (index.total, index.pairing.partners) == (3, {})


def test_a_recording_of_nothing_has_no_calls(tmp_path: Path) -> None:
    with closing(Recording(record(tmp_path / "r", []))) as recording:
        index = CallIndex()
        assert not index.advance(recording)
        assert (index.total, [*find(recording, index, Query())]) == (0, [])


def test_two_hundred_activities_each_have_their_ends() -> None:
    items: list[Item] = [listening()]
    for one in range(2, 202):
        place = Endpoint("127.0.0.1", 50000 + one)
        items += [
            connected(place, connection=one, activity=one),
            accepted(place, connection=1000 + one),
        ]
    with ladder(items) as found:
        assert found.index.total == 401
        pairing = found.index.pairing
        pairs = [(pairing.ends[a], pairing.ends[b]) for a, b in pairing.partners.items()]
        assert len(pairs) == 400
        assert all(here.local == there.peer for here, there in pairs)


# -- while it is written -------------------------------------------------------------------------


def test_an_index_grows_with_its_recording_and_numbers_stay_true(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "r")
    beginning, end = [*both(), sent(b"a")], [received(b"a"), closed(), closed(serves=True)]
    put(journal, *beginning)
    assert journal.flush()
    with closing(Recording(journal.path)) as recording:
        index = whole_index(recording)
        assert index.total == 5
        first = index.read(recording, range(5), 9)
        assert not index.advance(recording)
        for number, item in enumerate(end, 6):
            put(journal, item)
            assert journal.flush()
            assert index.advance(recording)
            assert not index.advance(recording)
            assert index.total == number
        assert index.read(recording, range(5), 9) == first
        assert index.columns.parts(4, 3)[0].number == 5
        whole = index.read(recording, range(index.total), 9)
        assert journal.close()
    with opened(journal.path) as later:
        assert later.calls == whole


def test_a_search_goes_on_while_calls_come(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "r")
    put(journal, *both(), sent(b"needle"))
    assert journal.flush()
    with closing(Recording(journal.path)) as recording:
        index = whole_index(recording)
        search = Search(journal.path, parse_query("needle", "utf-8"), index)
        wait_until(lambda: search.scanned == 5)
        put(journal, received(b"hay"), sent(b"hay\nneedle"))
        assert journal.flush()
        while index.advance(recording):
            pass
        search.extend([])
        wait_until(lambda: search.scanned == 7)
        assert [*search.matches] == [4, 6]
        search.cancel()
    assert journal.close()


def test_a_search_finds_calls_by_what_the_log_finds(tmp_path: Path) -> None:
    path = record(tmp_path / "r", [*both(), sent("你好\nb".encode()), received("你好\nb".encode())])
    with closing(Recording(path)) as recording:
        index = whole_index(recording)
        for query, numbers in [
            *(("你好", [4, 5]), ("dir:out", [4]), ("dir:in b", [5]), ("dir:event", [0, 1, 2, 3])),
            *((f"conn:{SERVED}", [3, 5]), ("hex:0a62", [4, 5]), ("nowhere", [])),
        ]:
            assert [*find(recording, index, parse_query(query, "utf-8"))] == numbers, query


def test_of_too_many_calls_the_later_ones_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_CALLS", 5)
    journal = Journal(tmp_path / "r")
    put(journal, *both(), sent(b"a"))
    assert journal.flush()
    put(journal, received(b"a"))
    assert journal.close()
    with closing(Recording(journal.path)) as recording:
        index = whole_index(recording)
        assert (index.total, index.full, index.advance(recording)) == (5, True, False)


# -- what is missing -----------------------------------------------------------------------------


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


def in_three_pages(tmp_path: Path) -> Path:
    """Record a connection; three pages each of both activities."""
    journal = Journal(tmp_path / "r")
    for items in (both(), [sent(b"one"), received(b"one")], [sent(b"two"), received(b"two")]):
        put(journal, *items)
        assert journal.flush()
    assert journal.close()
    with closing(sqlite3.connect(journal.path)) as db:
        assert db.execute("SELECT count(*) FROM page").fetchone() == (6,)
    return journal.path


DAMAGES = [
    "UPDATE page SET lines = 99 WHERE id = {}",
    "UPDATE page SET codes = NULL WHERE id = {}",
    "UPDATE page SET ends = x'09000000' WHERE id = {}",
    "DELETE FROM page WHERE id = {}",
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("id", [3, 4])
def test_after_a_page_that_is_lost_nothing_is_matched_wrongly(
    tmp_path: Path, damage: str, id: int
) -> None:
    path = in_three_pages(tmp_path)
    change(path, damage.format(id))
    with opened(path) as found:
        known = [call for call in found.calls if not call.lost]
        assert [call.data for call in known if call.kind] == ([b"one", b"two", b"two"])
        assert [call.lost for call in found.calls if call.lost] == (
            [] if damage.startswith("DELETE") else [paged.DAMAGED]
        )
        assert found.index.pairing.partners == {}
        assert {arrow.other for rung in found.rungs for arrow in rung.arrows} == {None}


def test_what_the_quota_takes_while_it_is_read_breaks_no_place(tmp_path: Path) -> None:
    """Pages that go before they were seen leave no mark but that lines are missing."""
    path = in_three_pages(tmp_path)
    change(path, "CREATE TABLE later AS SELECT * FROM page WHERE id > 4")
    change(path, "DELETE FROM page WHERE id > 2")
    with closing(Recording(path)) as recording:
        index = whole_index(recording)
        assert len(index.pairing.partners) == 2
        change(path, "INSERT INTO page SELECT * FROM later")
        while index.advance(recording):
            pass
        assert [call.data for call in index.read(recording, [4, 5], 9)] == [b"two", b"two"]
        assert index.pairing.partners == {}


def test_a_call_that_is_gone_says_so(tmp_path: Path) -> None:
    path = in_three_pages(tmp_path)
    with closing(Recording(path)) as recording:
        index = whole_index(recording)
        change(path, "DELETE FROM page WHERE id <= 4")
    with closing(Recording(path)) as recording:
        found = index.read(recording, range(index.total), 9)
        assert [bool(call.lost) for call in found] == [True] * 6 + [False] * 2
        assert [call.number for call in found] == [*range(8)]


def test_the_beginning_that_the_quota_took_is_matched_with_nothing(tmp_path: Path) -> None:
    path = in_three_pages(tmp_path)
    change(path, "DELETE FROM page WHERE id <= 2")
    with opened(path) as found:
        assert found.index.total == 4
        assert found.index.pairing.partners == {}
        assert [(call.data, call.lost) for call in found.calls] == [
            *((b"one", ""), (b"one", ""), (b"two", ""), (b"two", ""))
        ]


def test_calls_whose_bytes_are_gone_keep_their_places(tmp_path: Path) -> None:
    chunks = [Chunk(b"abc", RECEIVED, at=one) for one in range(6)]
    path = write_2(tmp_path / "r", chunks, lambda: 2, segments=3)
    segment_path(path, 2).unlink()
    os.truncate(segment_path(path, 3), 0)
    with opened(path) as found:
        assert [call.offset for call in found.calls if not call.lost] == [0, 3]
        assert [bool(call.lost) for call in found.calls] == [*[False] * 2, *[True] * 4]


def test_a_read_that_fails_is_never_no_call(tmp_path: Path) -> None:
    path = in_three_pages(tmp_path)
    with closing(Recording(path)) as recording:
        index = CallIndex()
        assert index.advance(recording)
        with Unreadable(recording):
            with pytest.raises(RecordingError):
                CallIndex().advance(recording)
            with pytest.raises(RecordingError):
                index.read(recording, [0], 9)
        total = index.total
        while index.advance(recording):
            pass
        assert index.total > total
        assert whole_index(recording).total == index.total


# -- both formats, and what is told without a look at the bytes ----------------------------------

CHUNKS = [
    *(Chunk(b"a", WIRE_SENT, at=1), Chunk(b"b", PLAIN_SENT, at=2)),
    *(Chunk(b"cd", WIRE_RECEIVED, at=3), Chunk(b"efg", PLAIN_RECEIVED, at=4)),
    *(Chunk(b"h", SENT, connection=2, at=5), Chunk(b"ij\n", RECEIVED, 2, 3, at=6)),
    Chunk(b"datagram", RECEIVED, 2, 0, "127.0.0.1:9", 7),
    Chunk(b"named", RECEIVED, 2, 3, "127.0.0.1:9 Ada", 8),
]
KINDS = [WIRE_SENT, PLAIN_SENT, WIRE_RECEIVED, PLAIN_RECEIVED, SENT, *[RECEIVED] * 3]


@pytest.mark.parametrize("write", [write_1, write_2])
def test_both_formats_tell_the_same_calls(
    tmp_path: Path, write: Callable[[Path, Sequence[Chunk]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_1, "BLOCK", 3)
    path = write(tmp_path / "r", CHUNKS)
    with opened(path) as found:
        assert [(call.data, call.kind) for call in found.calls] == [
            (chunk.data, kind) for chunk, kind in zip(CHUNKS, KINDS, strict=True)
        ]
        owners = [found.index.pairing.ends[call.end] for call in found.calls]
        assert [(end.activity, end.connection, end.peer) for end in owners] == [
            *[(1, 1, "")] * 4,
            *((1, 2, ""), (2, 3, ""), (2, 0, "127.0.0.1:9"), (2, 3, "")),
        ]
        assert found.calls[-1].name == "Ada"
        assert [call.offset for call in found.calls] == [0, 0, 0, 0, 0, 0, 0, 3]


def test_a_recording_of_version_1_is_read_once_and_never_grows(tmp_path: Path) -> None:
    path = write_1(tmp_path / "r", CHUNKS)
    with closing(Recording(path)) as recording:
        index = whole_index(recording)
        assert index.total == len(CHUNKS)
        assert not index.advance(recording)
        assert whole_index(recording).total == index.total
        assert isinstance(recording.tables, Version1)
        assert recording.tables.flow(-1) == (0, None)


@pytest.mark.parametrize(
    "cells",
    [
        *("connection = 'x'", "connection = NULL", "peer = x'ff00'", "peer = zeroblob(5000)"),
        *("kind = 99", "kind = 0", "data = NULL", "data = 5", "activity = -7"),
    ],
)
def test_rows_of_version_1_that_somebody_else_wrote_do_no_harm(tmp_path: Path, cells: str) -> None:
    path = write_1(tmp_path / "r", CHUNKS)
    change(path, f"UPDATE chunk SET {cells} WHERE id = 5")
    with opened(path) as found:
        assert found.index.total == len(CHUNKS)
        assert len(found.lines()) == len(CHUNKS)


@pytest.mark.parametrize(
    "cells",
    [
        *("connection = 'x'", "connection = 9223372036854775807", "connection = -5"),
        *("peer = x'ff00'", "peer = char(27) || '[2J' || char(8238)", "activity = 99"),
        "peer = replace(hex(zeroblob(3000)), '0', 'x')",
    ],
)
def test_flows_that_somebody_else_wrote_do_no_harm(tmp_path: Path, cells: str) -> None:
    path = write_2(tmp_path / "r", CHUNKS)
    change(path, f"UPDATE flow SET {cells}")
    with opened(path) as found:
        assert found.index.total == len(CHUNKS)
        assert all(line.isprintable() for line in found.lines())


def test_a_flow_that_is_not_in_the_file_is_the_activitys_own(tmp_path: Path) -> None:
    path = write_2(tmp_path / "r", CHUNKS)
    change(path, "DELETE FROM flow")
    with opened(path) as found:
        ends = found.index.pairing.ends
        assert [(end.activity, end.connection, end.peer) for end in ends] == [
            (1, 0, ""),
            (2, 0, ""),
        ]
