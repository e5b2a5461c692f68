"""Packets as Wireshark reads them: pcapng, a section with one interface.

draft-ietf-opsawg-pcapng: section 4.1 the section, 4.2 the interface, 4.3 a packet. Of connections
that were captured as a whole the packets are real; all others are rebuilt from calls, and say so in
a comment.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from netlib.i18n import N_, _
from netlib.recording.cut import LATEST
from netlib.recording.export.captured import CapturedPackets
from netlib.recording.export.chosen import all_calls, chosen_calls
from netlib.recording.export.rebuilt import Rebuilder
from netlib.recording.export.writer import Out, Turn, Writer
from netlib.recording.places import place_of_call
from netlib.recording.reader import Recording
from netlib.teaching.calls import Call
from netlib.version import __version__

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.packets import CapturedPacket

SECTION: Final = 0x0A0D0D0A
INTERFACE: Final = 1
PACKET: Final = 6
"""Types of blocks."""

RAW_IP: Final = 101
"""LINKTYPE_RAW: a packet begins with IP; its first four bits say which version."""

_COMMENT: Final = 1
_NAME: Final = 2
_PROGRAM: Final = 4
_BYTE_ORDER: Final = 0x1A2B3C4D
_UNKNOWN_LENGTH: Final = -1


def block(kind: int, body: bytes, options: Iterable[tuple[int, bytes]] = ()) -> bytes:
    """Return a block: its body, and options by their codes, filled up to words of 32 bits."""
    written = b"".join(
        struct.pack("=HH", code, len(value)) + _filled(value) for code, value in options
    )
    inside = _filled(body) + (written and written + bytes(4))
    length = struct.pack("=I", len(inside) + 12)
    return struct.pack("=I", kind) + length + inside + length


def _filled(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


class Capture:
    """The capture that calls make, block by block."""

    def __init__(self, recording: Recording, index: CallIndex) -> None:
        self._rebuilder = Rebuilder(recording, index)
        self._time = 0
        self._ahead = float("-inf")
        """Furthest that the wall clock was ahead of the monotonic one, in seconds."""

    def head(self, *, captured: bool = False) -> bytes:
        """Return what it begins with. `captured`: some of its packets are real."""
        words = _(
            "Rebuilt by Socketboard from what crossed the sockets. No packet was captured: "
            "sequence numbers, ACKs and handshakes are computed."
        )
        if captured:
            words = _(
                "Written by Socketboard. Packets without a comment were captured; all others are "
                "rebuilt from what crossed the sockets: their numbers, ACKs and handshakes are "
                "computed."
            )
        section = struct.pack("=IHHq", _BYTE_ORDER, 1, 0, _UNKNOWN_LENGTH)
        program = f"Socketboard {__version__}"
        options = ((_COMMENT, words.encode()), (_PROGRAM, program.encode()))
        interface = struct.pack("=HHI", RAW_IP, 0, 0)
        return block(SECTION, section, options) + block(
            INTERFACE, interface, ((_NAME, b"Socketboard"),)
        )

    def rebuilt(self, call: Call) -> Iterator[bytes]:
        """Yield the packets of a call that has all its bytes. Raises RecordingError."""
        packets = [*self._rebuilder.packets(call)]
        if not packets:
            return
        self._advance(call.at, call.wall)
        for data, comment in packets:
            yield self._packet(data, len(data), ((_COMMENT, comment.encode()),))

    def captured(self, packet: CapturedPacket) -> bytes:
        """Return a packet as the kernel showed it."""
        self._advance(packet.at / 1e6, (packet.at + packet.wall) / 1e6)
        data = packet.data or b""
        return self._packet(data, max(packet.size, len(data)), ())

    def _packet(self, data: bytes, size: int, options: Iterable[tuple[int, bytes]]) -> bytes:
        head = struct.pack("=IIIII", 0, *divmod(self._time, 1 << 32), len(data), size)
        return block(PACKET, head + data, options)

    def _advance(self, at: float, wall: float) -> None:
        """Let the time be that of what comes next: microseconds since 1970, which never go back.

        Where the wall clock was set back, it is the monotonic clock that goes on.
        """
        self._ahead = max(self._ahead, wall - at)
        moment = at + self._ahead
        if not moment < LATEST:  # a stranger's file may claim anything
            moment = wall
        self._time = max(self._time, round(moment * 1e6))


class PcapngWriter(Writer):
    """Writes the packets of the calls of which a line is chosen."""

    written = N_("{count} packets written to {name}")

    def write(self, recording: Recording, outs: Mapping[int, Out], turn: Turn) -> int:
        """Write the packets. RecordingError: more calls than are known at once."""
        out = next(iter(outs.values()))  # there is one file
        index = all_calls(recording, turn)
        capture, captured = Capture(recording, index), CapturedPackets(recording, index)
        out.write(capture.head(captured=captured.any))
        count, last = 0, -1

        def write(packets: Iterable[bytes]) -> None:
            nonlocal count
            for packet in packets:
                out.write(packet)
                count += 1

        for call in chosen_calls(recording, index, self.options, turn):
            place = place_of_call(call.number)
            if last < 0 < call.number:  # not from the beginning
                captured.pass_over(place)
            write(map(capture.captured, captured.until(place)))
            if not captured.has(call.end):
                write(capture.rebuilt(call))
            last = call.number
        if last == index.total - 1:
            write(map(capture.captured, captured.until(place_of_call(index.total))))
        return count
