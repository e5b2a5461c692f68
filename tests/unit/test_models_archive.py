"""A recording opened from a file: one list in order of time, and what its activities are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.models.archive import Archive, ArchiveRows, activity_name
from netlib import set_language
from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import (
    Connected,
    Connecting,
    Event,
    Listening,
    Resolving,
    TimeLost,
    Transport,
)
from netlib.recording.export import Export
from netlib.recording.opening import open_contents
from tests.backends import texts
from tests.helpers import wait_until
from tests.pages import Chunk, write_2
from tests.recordings import OUT, chunk, record
from tests.samples import HERE

SERVER, CLIENT = 1, 2


def listening(
    host: str, port: int, service: str, transport: Transport = Transport.TCP
) -> Listening:
    local = Endpoint(host, port)
    return Listening(at=1000.0, activity=SERVER, local=local, transport=transport, service=service)


def resolving(host: str) -> Resolving:
    return Resolving(at=1001.0, activity=CLIENT, host=host)


def connecting(peer: Endpoint) -> Connecting:
    return Connecting(at=1001.1, activity=CLIENT, peer=peer)


def lesson() -> list[Item]:
    """Return a line that goes from a client to a server, and its answer, as both ends see it."""
    return [
        listening("127.0.0.1", 8080, "acknowledge"),
        resolving("localhost"),
        connecting(Endpoint("127.0.0.1", 8080)),
        chunk(b"hello\n", OUT, at=1002.0, activity=CLIENT, connection=2),
        chunk(b"hello\n", at=1002.1, activity=SERVER, connection=1),
        chunk(b"received: hello\n", OUT, at=1002.2, activity=SERVER, connection=1),
        chunk(b"received: hello\n", at=1002.3, activity=CLIENT, connection=2),
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(open_contents(record(tmp_path / "lesson.socketboard", lesson()))) as opened:
        yield opened


def ends(rows: ArchiveRows) -> list[str]:
    """Return of each row whose it is."""
    return [text[:3] for text in texts(rows)]


def test_both_ends_stand_in_one_list_and_every_row_says_whose_it_is(archive: Archive) -> None:
    rows = ArchiveRows(archive)
    assert ends(rows) == ["▌01", "▌02", "▌02", "▌02", "▌01", "▌01", "▌02"]
    assert [row.client for row in rows.rows(0, 4)] == [1, 2, 2, 2]
    assert texts(rows)[3].endswith("hello\\n")
    for view in ("text", "hex"):
        rows.set_view(view)
        assert ends(rows)[3:5] == ["▌02", "▌01"]


def test_one_of_them_can_be_looked_at_alone(archive: Archive) -> None:
    rows = ArchiveRows(archive)
    rows.show_only([SERVER])
    assert ends(rows) == ["▌01"] * 3
    rows.show_only([SERVER, CLIENT])
    assert rows.count() == 7


def test_what_is_found_and_exported_has_the_same_order(archive: Archive, tmp_path: Path) -> None:
    rows = ArchiveRows(archive)
    wanted = texts(rows)
    exported = Export(rows.export_options("text", None), tmp_path / "rows.txt")
    wait_until(lambda: exported.outcome)
    assert (tmp_path / "rows.txt").read_text("utf-8").splitlines() == wanted
    assert rows.find("hello") is None
    wait_until(lambda: (told := rows.progress()) and told.found == 4)
    rows.show_matches_only(True)
    assert [text[:3] for text in texts(rows)] == ["▌02", "▌01", "▌01", "▌02"]
    rows.end_search()


def test_a_moment_is_gone_to(archive: Archive) -> None:
    rows = ArchiveRows(archive)
    assert rows.find("at:2099-01-01T00:00:00") == 6
    assert rows.find("at:2001-01-01T00:00:00") == 0


PEER = Endpoint("::1", 8080)
LISTENING = listening("0.0.0.0", 8080, "acknowledge")
LISTENING_UDP = listening("0.0.0.0", 8123, "time", Transport.UDP)
UDP = Connected(
    at=1.0,
    activity=1,
    connection=1,
    transport=Transport.UDP,
    local=HERE,
    peer=PEER,
    resolve_seconds=0.0,
    connect_seconds=0.0,
)
NAMES: list[tuple[str, str, tuple[Event, ...]]] = [
    ("server acknowledge :8080", "服务器 acknowledge :8080", (LISTENING,)),
    ("server time :8123 (UDP)", "服务器 time :8123（UDP）", (LISTENING_UDP,)),
    (
        "client → localhost:8080",
        "客户端 → localhost:8080",
        (resolving("localhost"), connecting(PEER)),
    ),
    ("client → [::1]:8080", "客户端 → [::1]:8080", (connecting(PEER),)),
    ("client → nowhere", "客户端 → nowhere", (resolving("nowhere"),)),
    ("UDP client → [::1]:8080", "UDP 客户端 → [::1]:8080", (UDP,)),
    (
        "time query localhost",
        "查询时间 localhost",
        (resolving("localhost"), TimeLost(at=1.0, activity=1, number=1, tries=3)),
    ),
    ("…", "…", ()),
]


@pytest.mark.parametrize(("english", "chinese", "events"), NAMES)
def test_an_activity_is_called_by_what_it_is(
    english: str, chinese: str, events: tuple[Event, ...]
) -> None:
    assert activity_name(events) == english
    set_language("zh")
    try:
        assert activity_name(events) == chinese
    finally:
        set_language("en")


def test_the_list_has_what_when_and_how_many(archive: Archive) -> None:
    assert archive.activities == [SERVER, CLIENT]
    number, name, began, rows = archive.entry(CLIENT).cells
    assert (number, name, rows) == ("02", "client → localhost:8080", "4")
    assert began[:2] == "20"


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="absent does not exist"):
        open_contents(tmp_path / "absent")


def test_a_million_activities_open_as_quickly_as_one(tmp_path: Path) -> None:
    path = write_2(tmp_path / "many.db", [Chunk(b"x\n", activity=one) for one in range(5000)])
    with Archive(open_contents(path)) as archive:
        assert ArchiveRows(archive).count() == 5000
        assert archive.entry.cache_info().currsize == 0
