"""Captured segments in words: their numbers, and what they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netlib.i18n import N_, _, ngettext
from netlib.segment import ACK, FIN, RST, SYN, Segment
from netlib.value import NamedTuple


class Captured(NamedTuple):
    """A segment of TCP that the kernel showed, or that some were missed."""

    number: int
    """Its row in the recording."""
    at: float
    """Seconds by the monotonic clock."""
    wall: float
    """Seconds since 1970."""
    end: int
    """An end of its connection; -1: none."""
    segment: Segment | None = None
    """None: packets were missed."""
    missed: int = 0
    """How many."""
    sequence: int | None = None
    """Counted from the SYN of its sender; None: that was not captured."""
    acknowledged: int | None = None
    """Counted from the SYN of its receiver."""
    window: int | None = None
    """In bytes; None: by how many bits it is shifted was not captured."""
    again: bool = False
    """All its numbers were seen before."""
    fills: bool = False
    """Its numbers were missing; what follows it was seen before."""
    damaged: bool = False
    """Its checksum does not fit it."""
    probe: bool = False
    """It only asks for an answer: its number was acknowledged before."""
    opened: bool = False
    """The window of its sender was 0 in the segment before."""


def numbers(captured: Captured) -> str:
    """Return the numbers of a segment, as short as they can be."""
    segment = captured.segment
    if segment is None:
        return ""
    cells = [f"seq {_counted(captured.sequence, segment.sequence)}"]
    if segment.flags & ACK:
        cells.append(f"ack {_counted(captured.acknowledged, segment.acknowledged)}")
    if segment.size:
        cells.append(f"len {segment.size:,}")
    if not segment.flags & RST:
        shifted = captured.window is None
        cells.append(f"win {segment.window:,} << ?" if shifted else f"win {captured.window:,}")
    if segment.mss is not None:
        cells.append(f"mss {segment.mss:,}")
    return "  ".join(cells)


def absolute(captured: Captured) -> str:
    """Return the sequence numbers as they stand in the header."""
    segment = captured.segment
    if segment is None:
        return ""
    acknowledged = f"  ack {segment.acknowledged}" if segment.flags & ACK else ""
    return f"seq {segment.sequence}{acknowledged}"


def _counted(relative: int | None, number: int) -> str:
    """Return a number counted from the SYN; where that was not captured as the header has it."""
    return str(number) if relative is None else f"{relative:,}"


def what(captured: Captured) -> str:
    """Return what is remarkable about a segment in a word or two; empty: nothing is."""
    if captured.damaged:
        return _("checksum wrong")
    if captured.again:
        return _("again")
    if captured.fills:
        return _("fills a gap")
    if captured.probe:
        return _("probe")
    if captured.opened:
        return _("window open again")
    if captured.window == 0 and captured.segment and not captured.segment.flags & RST:
        return _("window 0")
    return ""


def told(captured: Captured) -> str:
    """Return a sentence about it."""
    segment = captured.segment
    if segment is None:
        template = ngettext(
            "{count:,} packet of this computer was missed here, perhaps one of these.",
            "{count:,} packets of this computer were missed here, perhaps some of these.",
            captured.missed,
        )
        return template.format(count=captured.missed)
    for applies, sentence in _SENTENCES:
        if applies(captured, segment):
            return _(sentence).format(
                sequence=segment.sequence,
                next=_counted(captured.acknowledged, segment.acknowledged),
                count=segment.size,
            )
    return ""


def _has(flags: int) -> Callable[[Captured, Segment], bool]:
    return lambda _captured, segment: segment.flags & flags == flags


_SENTENCES: Final[tuple[tuple[Callable[[Captured, Segment], bool], str], ...]] = (
    (
        lambda captured, _segment: captured.damaged,
        N_("Its checksum does not fit it: it was damaged, and is thrown away (RFC 9293, 3.1)."),
    ),
    (_has(RST), N_("The connection is over at once: RST (RFC 9293, 3.5.3).")),
    (
        lambda captured, _segment: captured.again,
        N_(
            "All of it was seen before: sent again, for want of an acknowledgement, or doubled on "
            "its way (RFC 9293, 3.8)."
        ),
    ),
    (
        lambda captured, _segment: captured.fills,
        N_("It fills a gap: what follows it was seen before (RFC 9293, 3.10.7.4)."),
    ),
    (
        _has(SYN | ACK),
        N_("The server agrees; its own sequence numbers begin at {sequence} (RFC 9293, 3.5)."),
    ),
    (
        _has(SYN),
        N_(
            "The client asks for a connection; its sequence numbers begin at {sequence} "
            "(RFC 9293, 3.5)."
        ),
    ),
    (
        _has(FIN),
        N_("Its sender has nothing more to send; FIN takes a sequence number (RFC 9293, 3.6)."),
    ),
    (
        lambda captured, _segment: captured.probe,
        N_("Nothing new is in it: it asks for an answer (RFC 9293, 3.8.4 and 3.8.6.1)."),
    ),
    (
        lambda captured, _segment: captured.opened,
        N_("There is room again: the window is no longer 0 (RFC 9293, 3.8.6)."),
    ),
    (
        lambda captured, _segment: captured.window == 0,
        N_("Window 0: there is no room, the peer has to wait (RFC 9293, 3.8.6)."),
    ),
    (
        lambda _captured, segment: bool(segment.size),
        N_("{count:,} bytes of data; what is before number {next} has arrived (RFC 9293, 3.4)."),
    ),
    (_has(ACK), N_("What is before number {next} has arrived (RFC 9293, 3.4).")),
)
"""What is said of a segment: the first sentence that applies."""
