"""What the command line makes of typed lines, and what its log shows of a flood."""

from __future__ import annotations

import pytest

from netlib.address import Endpoint
from netlib.cli.console import Console, wire_lines
from netlib.cli.log import LINES_AT_ONCE, Log, LossyQueue, messages_in
from netlib.cli.reports import ConnectionText
from netlib.events import Accepted, Chunk, Closed, CloseReason, Direction

PEER, LOCAL = Endpoint("127.0.0.1", 50_000), Endpoint("127.0.0.1", 8080)


def _chunk(data: bytes, connection: int = 1, peer: Endpoint | None = None) -> Chunk:
    return Chunk(0.0, 1, connection, Direction.RECEIVED, peer, data)


def _accepted() -> Accepted:
    return Accepted(at=0.0, activity=1, connection=1, local=LOCAL, peer=PEER)


@pytest.mark.parametrize(
    ("typed", "eol", "encoding", "sent"),
    [
        (b"a\nb\n", "lf", "utf-8", b"a\nb\n"),
        (b"a\r\nb\n", "crlf", "utf-8", b"a\r\nb\r\n"),
        (b"a\nb\n", "none", "utf-8", b"ab"),
        (b"\xff\x00\n", "lf", "utf-8", b"\xff\x00\n"),
        ("你好\n".encode(), "lf", "gbk", b"\xc4\xe3\xba\xc3\n"),
        (b"a\n", "crlf", "utf-16-le", b"a\0\r\0\n\0"),
    ],
)
def test_typed_lines_become_bytes(typed: bytes, eol: str, encoding: str, sent: bytes) -> None:
    assert wire_lines(typed, eol, encoding) == sent


def test_typed_bytes_that_are_no_text_cannot_be_encoded_anew() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        wire_lines(b"\xff\n", "lf", "gbk")


def test_a_terminal_is_protected_but_keeps_its_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console()
    console.received("plain \x1b[2J\n")
    assert capsys.readouterr().out == "plain \x1b[2J\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    console.received("one\ttwo\r\n\x1b[2J\u202e\n")
    assert capsys.readouterr().out == "one\ttwo\r\n\\x1b[2J<U+202E>\n"


def test_half_a_character_waits_for_the_other_half_of_its_own_connection() -> None:
    reader = ConnectionText("utf-8")
    first, second = "你好".encode()[:2], "你好".encode()[2:]
    assert reader.text(_chunk(first, 1)) + reader.text(_chunk(b"abc", 2)) == "abc"
    assert reader.text(_chunk(second, 1)) == "你好"
    assert reader.text(_chunk(first, 0, PEER)) == "\\xe4\\xbd"


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
    ring = LossyQueue()
    for _ in range(LINES_AT_ONCE + 500):
        ring.put(_chunk(b"x\n"))
    ring.put(_accepted())
    assert not ring.full()
    log = Log(Console(), "utf-8")
    log.show([*ring.take(1 << 20), _chunk(b"y\n" * LINES_AT_ONCE)], ring)
    rows = capsys.readouterr().out.splitlines()
    assert sum("← x" in row for row in rows) == LINES_AT_ONCE
    assert any("accepted" in row for row in rows)
    assert rows[-1].startswith("… 10,500 more messages (21,000 bytes) not printed")


def test_messages_are_lines_or_whole_datagrams() -> None:
    counts = [messages_in(_chunk(data)) for data in (b"a\nb\n", b"a\nb", b"\n")]
    assert counts == [2, 2, 1]
    assert messages_in(_chunk(b"a\nb\n", 0, PEER)) == 1
    assert messages_in(_chunk(b"", 0, PEER)) == 1
