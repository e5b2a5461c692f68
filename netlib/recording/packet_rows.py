"""Captured packets as rows of a ladder: between which lifelines each went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netlib.recording.packet_index import PacketIndex
from netlib.segment import ACK, SYN
from netlib.teaching.ladder import OTHERS, SeenPacket, Site
from netlib.teaching.segments import Captured

if TYPE_CHECKING:
    from netlib.recording.pairing import Pairing
    from netlib.recording.reader import Recording


def seen_packets(
    recording: Recording, packets: PacketIndex, places: Sequence[int]
) -> list[SeenPacket]:
    """Return the packets at places, with who sent and who got each. Raises RecordingError."""
    return [_seen(packets.pairing, packet) for packet in packets.read(recording, places)]


def _seen(pairing: Pairing, packet: Captured) -> SeenPacket:
    segment = packet.segment
    if segment is None:
        return SeenPacket(packet, OTHERS, OTHERS)
    end, there = pairing.ends[packet.end], pairing.partners.get(packet.end)
    ours = end.local == str(segment.source)
    if not end.local:  # an attempt that came to nothing: only whom it asked is known
        ours = segment.flags & (SYN | ACK) == SYN
    other = segment.target if ours else segment.source
    mine = Site(end.activity, "", end.serves)
    theirs = Site(0, str(other), not end.serves)
    if there is not None:
        theirs = Site(pairing.ends[there].activity, "", pairing.ends[there].serves)
    return SeenPacket(packet, *((mine, theirs) if ours else (theirs, mine)))
