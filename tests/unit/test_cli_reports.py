"""What reading the bytes of a connection needs to remember."""

from __future__ import annotations

from netlib.address import Endpoint
from netlib.cli.reports import ConnectionText
from netlib.events import Chunk, Direction

PEER = Endpoint("127.0.0.1", 50_000)


def _chunk(data: bytes, connection: int = 1, peer: Endpoint | None = None) -> Chunk:
    return Chunk(0.0, 1, connection, Direction.RECEIVED, peer, data)


def test_half_a_character_waits_for_the_other_half_of_its_own_connection() -> None:
    reader = ConnectionText("utf-8")
    first, second = "你好".encode()[:2], "你好".encode()[2:]
    assert reader.text(_chunk(first, 1)) + reader.text(_chunk(b"abc", 2)) == "abc"
    assert reader.text(_chunk(second, 1)) == "你好"
    assert reader.text(_chunk(first, 0, PEER)) == "\\xe4\\xbd"
