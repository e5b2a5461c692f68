"""Real packets of every interface, as the kernel of Linux sees them (packet(7)).

Needs CAP_NET_RAW. The kernel cuts off link headers, filters, takes the time and puts packets into
memory that it shares with us: looking at them needs no system call, so no engine waits for the
interpreter, and what finds no room there is counted and costs nothing more.
"""

from __future__ import annotations

import errno
import mmap
import os
import socket
import struct
from typing import Final

from netlib.value import NamedTuple

FRAMES: Final = 1024
"""Packets that may wait to be taken; further ones are missed."""
FRAME_BYTES: Final = 2048
"""Memory of each: one of an Ethernet is whole in it, a longer one (loopback) is cut."""
_BLOCK_BYTES: Final = 1 << 17
_BYTES: Final = FRAMES * FRAME_BYTES

_AF_PACKET: Final[int | None] = getattr(socket, "AF_PACKET", None)
# linux/if_packet.h, linux/if_ether.h
_SOL_PACKET, _RX_RING, _STATISTICS, _VERSION, _TPACKET_V2 = 263, 5, 6, 10, 1
_EVERY_PROTOCOL: Final = 0x0003
_HEAD: Final = struct.Struct("=IIIHHII8x4xi")
"""tpacket2_hdr: status, length, length captured, where link and network header begin, time; then
of sockaddr_ll the interface."""
_OURS_TO_READ: Final = 1
"""TP_STATUS_USER."""
_ATTACH_FILTER: Final = 26


# linux/filter.h: what the kernel runs on each packet, which begins with its IP header
_LOAD, _LOAD_BYTE, _EQUALS, _RETURN = 0x20, 0x30, 0x15, 0x06
_ANCILLARY: Final = 0xFFFFF000
_PROTOCOL, _KIND, _HARDWARE = _ANCILLARY, _ANCILLARY + 4, _ANCILLARY + 28
_LOOPBACK: Final = 772
_OUTGOING, _OF_OTHERS = 4, 3
_IPV4, _IPV6 = 0x0800, 0x86DD
_ICMP, _TCP, _UDP, _FRAGMENT, _ICMPV6 = 1, 6, 17, 44, 58
_KEEP, _DROP = -2, -1
_FILTER: Final = (
    (_LOAD, _HARDWARE, 0, 0),
    (_EQUALS, _LOOPBACK, 0, 2),
    (_LOAD, _KIND, 0, 0),
    (_EQUALS, _OUTGOING, 0, _DROP),  # there each packet goes out and comes in: once is enough
    (_LOAD, _KIND, 0, 0),
    (_EQUALS, _OF_OTHERS, _DROP, 0),
    (_LOAD, _PROTOCOL, 0, 0),
    (_EQUALS, _IPV4, 0, 4),
    (_LOAD_BYTE, 9, 0, 0),
    (_EQUALS, _TCP, _KEEP, 0),
    (_EQUALS, _UDP, _KEEP, 0),
    (_EQUALS, _ICMP, _KEEP, _DROP),
    (_EQUALS, _IPV6, 0, _DROP),
    (_LOAD_BYTE, 6, 0, 0),
    (_EQUALS, _TCP, _KEEP, 0),
    (_EQUALS, _UDP, _KEEP, 0),
    (_EQUALS, _FRAGMENT, _KEEP, 0),
    (_EQUALS, _ICMPV6, _KEEP, _DROP),
    (_RETURN, 0xFFFF, 0, 0),
    (_RETURN, 0, 0, 0),
)
"""Operation, operand, and how many to skip where it holds and where not; _KEEP and _DROP: all up to
the last but one, and up to the last."""


class Packet(NamedTuple):
    """A packet as it was seen on an interface, from its IP header on."""

    at: int
    """Microseconds since 1970, as the kernel says."""
    interface: int
    """Its number."""
    size: int
    """Bytes there were."""
    data: bytes
    """The bytes, or the first of them."""


def may_capture() -> bool:
    """Tell whether a `PacketSocket` can be made here."""
    try:
        _packet_socket(0).close()
    except OSError:
        return False
    return True


def _packet_socket(protocol: int) -> socket.socket:
    """Return a socket that gets packets of a protocol, 0: none. Raises OSError."""
    if _AF_PACKET is None:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
    return socket.socket(_AF_PACKET, socket.SOCK_DGRAM, socket.htons(protocol))


class PacketSocket:
    """Packets of TCP, UDP and ICMP on all interfaces, from when it is made; for one thread."""

    name = "AF_PACKET"
    begun = True

    def __init__(self) -> None:
        """Raises OSError: there is no such socket here, or it is not permitted (EPERM)."""
        self._sock = _packet_socket(_EVERY_PROTOCOL)
        try:
            self._filter()
            self._sock.setsockopt(_SOL_PACKET, _VERSION, _TPACKET_V2)
            size = struct.pack("=4I", _BLOCK_BYTES, _BYTES // _BLOCK_BYTES, FRAME_BYTES, FRAMES)
            self._sock.setsockopt(_SOL_PACKET, _RX_RING, size)  # what came before is thrown away
            self._memory = mmap.mmap(self._sock.fileno(), _BYTES)
        except OSError:
            self._sock.close()
            raise
        self._states = memoryview(self._memory).cast("I")[:: FRAME_BYTES // 4]
        """The status of each packet: whether it is ours to read, or the kernel's to write."""
        self._next = 0

    def take(self, most: int = FRAMES) -> tuple[list[Packet], int]:
        """Return the first packets of those that have come, and how many others were missed."""
        ready, states = 0, self._states
        while ready < FRAMES and states[(self._next + ready) % FRAMES] & _OURS_TO_READ:
            ready += 1
        # Between status and content: a system call, so that the processor reads them in this order.
        told = self._sock.getsockopt(_SOL_PACKET, _STATISTICS, 8)
        _come, missed = struct.unpack("=II", told)
        numbers = [number % FRAMES for number in range(self._next, self._next + ready)]
        taken = [self._read(number * FRAME_BYTES) for number in numbers[:most]]
        for number in numbers:
            states[number] = 0  # the kernel's again
        self._next = (self._next + ready) % FRAMES
        return taken, missed + ready - len(taken)

    def _read(self, at: int) -> Packet:
        memory = self._memory
        _status, size, captured, _link, begin, *time, interface = _HEAD.unpack_from(memory, at)
        seconds, nanoseconds = time
        begin += at
        data = memory[begin : begin + captured]
        return Packet(seconds * 1_000_000 + nanoseconds // 1000, interface, size, data)

    def close(self) -> None:
        """See nothing any more."""
        self._states.release()
        self._memory.close()
        self._sock.close()

    def _filter(self) -> None:
        """Have the kernel hand us no more than what we want."""
        import ctypes

        last = len(_FILTER)
        code = b"".join(
            struct.pack("=HBBI", operation, *(_skipped(one, at, last) for one in skips), operand)
            for at, (operation, operand, *skips) in enumerate(_FILTER)
        )
        kept = ctypes.create_string_buffer(code)
        program = struct.pack("@HP", len(_FILTER), ctypes.addressof(kept))
        self._sock.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)


def _skipped(skip: int, at: int, last: int) -> int:
    """Return how many instructions after the one at `at` are skipped."""
    return skip if skip >= 0 else last + skip - at - 1
