"""What the log of a server shows, of a flood too."""

from __future__ import annotations

import pytest

from netlib.address import Endpoint
from netlib.cli.console import Console
from netlib.cli.log import LINES_AT_ONCE, Log, LossyQueue, messages_in
from netlib.events import Accepted, Chunk, Closed, CloseReason, Direction, Named
from tests.records import put

PEER, LOCAL = Endpoint("127.0.0.1", 50_000), Endpoint("127.0.0.1", 8080)


def _chunk(data: bytes, connection: int = 1, peer: Endpoint | None = None) -> Chunk:
    return Chunk(0.0, 1, connection, Direction.RECEIVED, peer, data)


def _accepted() -> Accepted:
    return Accepted(at=0.0, activity=1, connection=1, local=LOCAL, peer=PEER)


def test_the_log_shows_lines_with_their_peer(capsys: pytest.CaptureFixture[str]) -> None:
    closed = Closed(at=0.0, activity=1, connection=1, reason=CloseReason.READ_TIMEOUT)
    Log(Console(), "utf-8").show([_accepted(), _chunk(b"one\ntwo"), closed], LossyQueue())
    rows = [line[14:] for line in capsys.readouterr().out.splitlines()]
    assert rows[1:3] == ["127.0.0.1:50000  ← one\\n", "127.0.0.1:50000  ← two"]
    assert "127.0.0.1:50000" in rows[0]
    assert rows[3].startswith("127.0.0.1:50000  ! closed: read timeout")


def test_a_flood_is_shown_as_far_as_it_goes_and_the_rest_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    queue = LossyQueue()
    for _ in range(LINES_AT_ONCE + 500):
        put(queue, _chunk(b"x\n"))
    put(queue, _accepted())
    assert not queue.full()
    log = Log(Console(), "utf-8")
    log.show([*queue.take(1 << 20), _chunk(b"y\n" * LINES_AT_ONCE)], queue)
    rows = capsys.readouterr().out.splitlines()
    assert sum("← x" in row for row in rows) == LINES_AT_ONCE
    assert any("accepted" in row for row in rows)
    assert rows[-1].startswith("… 10,500 more messages (21,000 bytes) not printed")


def test_events_that_found_no_room_are_counted_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netlib.cli.log.EVENT_ROOM", 2)
    queue, log = LossyQueue(), Log(Console(), "utf-8")
    put(queue, *[_accepted()] * 5)
    log.show(queue.take(), queue)
    rows = capsys.readouterr().out.splitlines()
    assert rows[2] == "… 3 more events not printed; --record FILE keeps everything"
    log.show(queue.take(), queue)
    assert capsys.readouterr().out == ""


def test_messages_are_lines_or_whole_datagrams() -> None:
    counts = [messages_in(_chunk(data)) for data in (b"a\nb\n", b"a\nb", b"\n")]
    assert counts == [2, 2, 1]
    assert messages_in(_chunk(b"a\nb\n", 0, PEER)) == 1
    assert messages_in(_chunk(b"", 0, PEER)) == 1


def test_a_nickname_stands_behind_the_address_from_when_it_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = Named(at=0.0, activity=1, connection=1, name="小明")
    gone = Closed(at=0.0, activity=1, connection=1, reason=CloseReason.RESET)
    Log(Console(), "utf-8").show([_accepted(), _chunk(b"a\n"), named, gone], LossyQueue())
    rows = [line[14:] for line in capsys.readouterr().out.splitlines()]
    assert rows[1].startswith("127.0.0.1:50000  ←")
    assert rows[3].startswith("127.0.0.1:50000 小明  ✗ closed: the peer reset")
