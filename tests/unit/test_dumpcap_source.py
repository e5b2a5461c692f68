"""What dumpcap writes, as packets: however it is cut, up to its end and the reason for that."""

from __future__ import annotations

import struct
from collections import deque
from typing import TYPE_CHECKING, cast

import pytest

from netlib.recording.dumpcap_source import DumpcapSource
from netlib.system.packet_socket import Packet
from tests.fake_dumpcap import HEAD, block, option, packet

if TYPE_CHECKING:
    from netlib.system.dumpcap import Dumpcap


class Written:
    """Gives what a dumpcap might have written, piece by piece."""

    def __init__(self, *pieces: bytes | OSError) -> None:
        self._pieces = deque(pieces)
        self.closed = False

    def read(self, most: int) -> bytes:
        piece = self._pieces.popleft()
        if isinstance(piece, OSError):
            raise piece
        assert len(piece) <= most
        return piece

    def close(self) -> None:
        self.closed = True


def source(*pieces: bytes | OSError) -> tuple[DumpcapSource, Written]:
    written = Written(*pieces)
    return DumpcapSource(cast("Dumpcap", written)), written


def test_it_has_begun_when_it_has_told_of_an_interface() -> None:
    dumpcap, _written = source(b"", HEAD[:30], HEAD[30:])
    begun = []
    for _turn in range(3):
        assert dumpcap.take(99) == ([], 0)
        begun.append(dumpcap.begun)
    assert begun == [False, False, True]


def test_packets_and_what_was_dropped_are_told_once() -> None:
    dropped = block(5, bytes(12) + option(5, struct.pack("<Q", 3)))
    whole = HEAD + packet(b"Eabc", at=7) + dropped
    dumpcap, _written = source(whole[:-5], whole[-5:], dropped + packet(b"E"))
    assert dumpcap.take(99) == ([Packet(7, 0, 4, b"Eabc")], 0)
    assert dumpcap.take(99) == ([], 3)
    assert dumpcap.take(99) == ([Packet(0, 0, 1, b"E")], 3)


def test_what_is_too_much_at_once_is_counted() -> None:
    dumpcap, _written = source(HEAD + packet(b"E1") + packet(b"E2") + packet(b"E3"))
    packets, missed = dumpcap.take(1)
    assert ([one.data for one in packets], missed) == ([b"E1"], 2)


def test_its_end_and_rubbish_are_told_as_the_end() -> None:
    dumpcap, written = source(HEAD, OSError(0, "Out of luck"))
    dumpcap.take(99)
    with pytest.raises(OSError, match="Out of luck"):
        dumpcap.take(99)
    dumpcap.close()
    assert written.closed
    dumpcap, _written = source(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(OSError, match="cannot be read"):
        dumpcap.take(99)
