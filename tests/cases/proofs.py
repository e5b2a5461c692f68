"""What the packets of each case must show, whoever made the recording, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final

from netlib.live_cases.ends import PORT
from netlib.live_cases.path import SERVER
from netlib.live_cases.scenarios import ANSWER, LINE, LONG, LOST, MUCH, PROBES, SEGMENT, TWO
from netlib.recording.reader import open_recording
from tests.captures import FIN, RST, SYN, Packet, parsed
from tests.sockets.conftest import HOST

SERVERS: Final = {f"{host}|{PORT}" for host in (HOST, SERVER)}


def packets_of(recording: Path) -> list[Packet]:
    """Return all that was captured; nothing was missed."""
    with closing(open_recording(recording)) as opened:
        found = [packet for _number, packet in opened.packets()]
    assert all(packet.data is not None and len(packet.data) == packet.size for packet in found)
    assert [packet.at for packet in found] == sorted(packet.at for packet in found)
    return [parsed(packet.data or b"", packet.at + packet.wall) for packet in found]


def connections(packets: Sequence[Packet]) -> list[list[Packet]]:
    """Return the packets of each connection, after its handshake, which is looked at here."""
    found: dict[str, list[Packet]] = {}
    for one in packets:
        found.setdefault(one.target if one.source in SERVERS else one.source, []).append(one)
    for syn, answer, ack, *_others in found.values():
        assert (syn.flags, answer.flags, ack.flags) == (SYN, SYN, 0)
        assert {syn.target, answer.source, ack.target} <= SERVERS
        assert (syn.awaited, answer.awaited) == (None, _next(syn))
        assert (ack.sequence, ack.awaited) == (_next(syn), _next(answer))
    return [one[3:] for one in found.values()]


def handshake(packets: Sequence[Packet]) -> None:
    """Three segments, then a line and its answer, each acknowledged; loopback has no checksums."""
    assert not any(one.intact for one in packets)
    (rest,) = connections(packets)
    assert [one.data for one in rest if one.data] == [LINE, ANSWER]
    _assert_all_is_acknowledged(rest)


def close(packets: Sequence[Packet]) -> None:
    """After the FIN of the one end the other sends data, and then its own FIN."""
    for rest, first in zip(connections(packets), ("client", "server"), strict=True):
        fin, last = [one for one in rest if one.flags & FIN]
        assert (fin.source in SERVERS, last.source in SERVERS) == (
            first == "server",
            first == "client",
        )
        between = rest[rest.index(fin) : rest.index(last)]
        assert [one.data for one in between if one.source == last.source and one.data] == [
            ANSWER if first == "client" else LINE
        ]
        _assert_all_is_acknowledged(rest)


def reset(packets: Sequence[Packet]) -> None:
    """The server acknowledges a line, and resets the connection all the same."""
    (rest,) = connections(packets)
    *before, fin, rst = rest
    assert fin.source == rst.source
    assert (fin.source in SERVERS, fin.flags) == (True, FIN)
    assert rst.flags == RST
    line = [one for one in before if one.data == LINE][-1]
    assert fin.awaited == _next(line), "the line had arrived"


def retransmission(packets: Sequence[Packet]) -> None:
    """A segment goes again, the same each time, after longer and longer; the last is answered."""
    (rest,) = connections(packets)
    lines = [one for one in rest if one.source not in SERVERS and one.data]
    first, *same = lines[1:]
    assert len(same) > LOST
    assert {(one.sequence, one.data) for one in same} == {(first.sequence, LINE)}
    waits = [later.at - one.at for one, later in pairwise(lines[1:])]
    assert waits == sorted(waits), "RFC 6298, section 5.5"
    between = rest[rest.index(first) : rest.index(same[-1])]
    assert {one.source for one in between} == {first.source}, "silence"
    assert [one.data for one in rest if one.source in SERVERS and one.data] == [ANSWER, ANSWER]
    _assert_all_is_acknowledged(rest)


def zero_window(packets: Sequence[Packet]) -> None:
    """The window closes, is probed, and opens; all bytes arrive, each once."""
    (rest,) = connections(packets)
    closed = next(one for one in rest if one.source in SERVERS and not one.window)
    opened = next(one for one in rest[rest.index(closed) :] if one.window and one.source in SERVERS)
    probes = [
        one for one in rest[rest.index(closed) : rest.index(opened)] if one.source not in SERVERS
    ]
    assert len(probes) >= PROBES
    assert {(one.sequence, one.data) for one in probes} == {((closed.awaited or 0) - 1, b"")}
    assert opened.awaited == closed.awaited, "it tells of room, and acknowledges nothing new"
    assert b"".join(one.data for one in rest if one.source not in SERVERS) == MUCH
    _assert_all_is_acknowledged(rest)


def time_wait(packets: Sequence[Packet]) -> None:
    """The server repeats its FIN, and the client, which is closed, answers it again."""
    (rest,) = connections(packets)
    (leave,) = [one for one in rest if one.source not in SERVERS and one.flags & FIN]
    fin, ack, again, last = rest[-4:]
    assert (fin.flags, fin.sequence) == (again.flags, again.sequence)
    assert fin.flags == FIN
    assert (
        (ack.sequence, ack.awaited) == (last.sequence, last.awaited) == (_next(leave), _next(fin))
    )
    assert [one.source in SERVERS for one in (fin, ack, again, last)] == [True, False, True, False]


def unanswered(packets: Sequence[Packet]) -> None:
    """A SYN goes again, the same each time, after longer and longer; nothing comes back."""
    port = packets[-1].source
    syns = [one for one in packets if port in {one.source, one.target}]
    connections(packets[: -len(syns)])
    assert {(one.source, one.flags, one.sequence) for one in syns} == {
        (port, SYN, syns[0].sequence)
    }
    first, second = ((later.at - one.at) / 1e6 for one, later in pairwise(syns))
    assert 0.9 <= first < second <= 2.5, "1 s, and twice that (RFC 6298, sections 2 and 5)"


def segmentation(packets: Sequence[Packet]) -> None:
    """Three segments carry what was sent at once, each as long as it may be."""
    (rest,) = connections(packets)
    segments = [one for one in rest if one.data]
    assert [len(one.data) for one in segments] == [SEGMENT] * 3
    assert b"".join(one.data for one in segments) == LONG
    assert all(later.sequence == _next(one) for one, later in pairwise(segments))
    _assert_all_is_acknowledged(rest)


def checksum(packets: Sequence[Packet]) -> None:
    """The damaged segment is answered by nothing; sent again it is acknowledged."""
    (rest,) = connections(packets)
    (damaged,) = [one for one in packets if not one.intact]
    first, again, ack, *_others = rest
    assert first is damaged
    assert len(first.data) == len(LINE)
    assert first.data != LINE
    assert (again.source, again.sequence, again.data) == (first.source, first.sequence, LINE)
    assert ack.awaited == _next(again)
    assert again.at - first.at >= 200_000, "the timer of Linux is no shorter"
    assert [one.data for one in rest if one.data][2:] == [ANSWER], "it was said once"
    _assert_all_is_acknowledged(rest)


def reordering(packets: Sequence[Packet]) -> None:
    """The second segment is there before the first; both are acknowledged when that has come."""
    (rest,) = connections(packets)
    early, waits, late, ack, *_others = rest
    assert early.data + late.data == TWO[SEGMENT:] + TWO[:SEGMENT]
    assert early.sequence == _next(late)
    assert waits.awaited == late.sequence, "what is missing"
    assert ack.awaited == _next(early)
    assert len([one for one in rest if one.data]) == 2
    _assert_all_is_acknowledged(rest)


def duplicate(packets: Sequence[Packet]) -> None:
    """Both copies are acknowledged, one by one and alike; one is answered."""
    (rest,) = connections(packets)
    copies = [one for one in rest if one.data == LINE]
    assert len(copies) == 2
    first, second = copies
    assert second._replace(at=first.at) == first
    acks = [one for one in rest if one.awaited == _next(first) and not one.data and not one.flags]
    assert len(acks) == 2
    assert [one.data for one in rest if one.source in SERVERS and one.data] == [ANSWER]
    _assert_all_is_acknowledged(rest)


PROOFS: Final[dict[str, Callable[[Sequence[Packet]], None]]] = {
    "handshake": handshake,
    "segmentation": segmentation,
    "close": close,
    "reset": reset,
    "retransmission": retransmission,
    "checksum": checksum,
    "reordering": reordering,
    "duplicate": duplicate,
    "zero-window": zero_window,
    "time-wait": time_wait,
    "unanswered": unanswered,
}
"""By the names of the cases."""


def _next(segment: Packet) -> int:
    """Return the sequence number behind a segment: SYN and FIN count as one (RFC 9293, 3.4)."""
    return (segment.sequence + len(segment.data) + bool(segment.flags & (SYN | FIN))) % 2**32


def _assert_all_is_acknowledged(segments: Sequence[Packet]) -> None:
    for source in {one.source for one in segments}:
        last = [one for one in segments if one.source == source and (one.data or one.flags)][-1:]
        assert all(_next(one) in {other.awaited for other in segments} for one in last)
