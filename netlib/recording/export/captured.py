"""Packets that were captured, for a file of packets: of connections of which no byte is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from netlib.recording.packet_index import PacketIndex
from netlib.recording.packets import CapturedPacket

if TYPE_CHECKING:
    from netlib.recording.calls import CallIndex
    from netlib.recording.reader import Recording


class CapturedPackets:
    """Gives packets once, in order of time. Belongs to one thread."""

    def __init__(self, recording: Recording, calls: CallIndex) -> None:
        """Look at all that were captured. Raises RecordingError."""
        self._recording = recording
        self._packets = packets = PacketIndex(calls)
        while packets.advance(recording, all_there=True):
            pass
        self.has = cache(self._has)
        """Whether the packets of an end were captured, all of them."""
        whole = (
            place
            for place, end in zip(packets.places, packets.owners, strict=True)
            if end >= 0 and self.has(end)
        )
        self._places, self._given = sorted(whole), 0
        self.any = bool(self._places)

    def pass_over(self, place: int) -> None:
        """Give none of those before a place."""
        while self._given < len(self._places) and self._places[self._given] < place:
            self._given += 1

    def until(self, place: int) -> Iterator[CapturedPacket]:
        """Yield those before a place that were not given yet. Raises RecordingError."""
        begin = self._given
        self.pass_over(place)
        for one in self._places[begin : self._given]:
            packet = self._packets.packet(self._recording, one)
            if packet is not None and packet.data is not None:
                yield packet

    def _has(self, end: int) -> bool:
        return self._packets.is_whole(end)
