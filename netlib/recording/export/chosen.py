"""The calls that an export is about: those of which a line is chosen, with all their bytes."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.recording.calls import MOST_CALLS, CallIndex
from netlib.recording.reader import RecordingError
from netlib.recording.timeline import Order, Timeline, in_order
from netlib.teaching.calls import EVENT, WIRE_RECEIVED, WIRE_SENT, Call

if TYPE_CHECKING:
    from netlib.recording.export.writer import ExportOptions, Turn
    from netlib.recording.reader import Recording

AT_ONCE: Final = 256
"""Calls that are read at once, at most."""

BYTES_AT_ONCE: Final = 1 << 20
"""So many of their bytes, unless one call has more."""

ALL_BYTES: Final = 1 << 62


class Lines:
    """Some lines of a recording, by their activities and numbers."""

    def __init__(self, lines: Iterable[tuple[int, int, int]]) -> None:
        """Each: an activity, its first line, and the one after its last; ascending."""
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        for activity, first, last in lines:
            ends = self._ends.setdefault(activity, [])
            if ends and ends[-1] == first:
                ends[-1] = last
            else:
                self._starts.setdefault(activity, []).append(first)
                ends.append(last)

    def has(self, activity: int, first: int, last: int) -> bool:
        """Tell whether one of the lines `first` to `last` - 1 is among them."""
        ends = self._ends.get(activity, [])
        at = bisect_right(ends, first)
        return at < len(ends) and self._starts[activity][at] < last


def all_calls(recording: Recording, turn: Turn = lambda _share: None) -> CallIndex:
    """Return the calls of a recording. RecordingError: there are too many."""
    index = CallIndex()
    while index.advance(recording):
        turn(0.0)
    if index.full:
        raise RecordingError(_("it has more than {count:,} calls").format(count=MOST_CALLS))
    return index


def whole_calls(
    recording: Recording, index: CallIndex, numbers: Sequence[int], turn: Turn = lambda _share: None
) -> Iterator[Call]:
    """Yield calls by ascending numbers, with all their bytes. Raises RecordingError.

    They are read some at a time.
    """
    begin = 0
    while begin < len(numbers):
        turn(begin / len(numbers))
        end, size = begin, 0
        while end < min(len(numbers), begin + AT_ONCE) and size < BYTES_AT_ONCE:
            size += index.columns.size(numbers[end])
            end += 1
        yield from index.read(recording, numbers[begin:end], ALL_BYTES)
        begin = end


def chosen_calls(
    recording: Recording, index: CallIndex, options: ExportOptions, turn: Turn
) -> Iterator[Call]:
    """Yield the calls of which an export is to hold a line. Raises RecordingError."""
    order = in_order(options.lines)
    positions = range(order.total) if options.positions is None else options.positions
    if isinstance(order, Timeline) and order.activities is None:
        chosen = array("q", index.of_lines(recording, positions))
        yield from whole_calls(recording, index, chosen, turn)
        return
    lines = Lines(_chosen_lines(recording, order, positions))
    for call in whole_calls(recording, index, range(index.total), turn):
        activity = index.pairing.ends[call.end].activity
        if lines.has(activity, call.line, call.line + lines_of(call)):
            yield call


def lines_of(call: Call) -> int:
    """Return how many lines a call is that has all its bytes; see docs/recording.md."""
    if call.kind in (EVENT, WIRE_RECEIVED, WIRE_SENT):
        return 1
    return max(call.data.count(b"\n") + (call.data[-1:] != b"\n"), 1)


def _chosen_lines(
    recording: Recording, order: Order, positions: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield the lines at some positions as `Lines` takes them."""
    if isinstance(order, Timeline):
        for _position, activity, line in order.lines(recording, positions, limit=1):
            yield activity, line.number, line.number + 1
        return
    for span, shift, places in order.batches(positions, max(order.total, 1)):
        if isinstance(places, range):  # however long, one item
            yield span
        else:
            yield from ((span.activity, one - shift, one - shift + 1) for one in places)
