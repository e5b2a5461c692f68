"""A capture of what crosses lo."""

from __future__ import annotations

import socket
import struct
from typing import Final, Self

from netlib.recording.packets import CapturedPacket
from netlib.system.clock import wall_clock

SO_TIMESTAMPNS: Final = 35


class Capture:
    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self._socket.bind(("lo", 3))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def take(self) -> list[CapturedPacket]:
        wall = round(wall_clock.offset() * 1e6)
        found: list[CapturedPacket] = []
        while True:
            try:
                data, told, _flags, address = self._socket.recvmsg(1 << 17, 1000)
            except BlockingIOError:
                return found
            if address[2] == socket.PACKET_OUTGOING:
                seconds, nanoseconds = struct.unpack("qq", told[0][2])
                at = seconds * 1_000_000 + nanoseconds // 1000 - wall
                found.append(CapturedPacket(at, wall, len(data), data))
