"""The calls that an export is about: those of which a line is chosen, with all their bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.recording.calls import MOST_CALLS, CallIndex
from netlib.recording.reader import RecordingError
from netlib.recording.timeline import Timeline, in_order
from netlib.teaching.calls import EVENT, WIRE_RECEIVED, WIRE_SENT, Call

if TYPE_CHECKING:
    from netlib.recording.export.writer import ExportOptions, Turn
    from netlib.recording.reader import Recording
    from netlib.recording.row_index import Batch

AT_ONCE: Final = 256
"""Calls that are read at once, at most."""

BYTES_AT_ONCE: Final = 1 << 20
"""So many of their bytes, unless one call has more."""

ALL_BYTES: Final = 1 << 62
EVERY_LINE: Final = 1 << 62
"""More than there are."""


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


def whole_calls(recording: Recording, index: CallIndex, numbers: range) -> Iterator[Call]:
    """Yield calls with all their bytes, which are read some at a time. Raises RecordingError."""
    begin = numbers.start
    while begin < numbers.stop:
        end, size = begin, 0
        while end < min(numbers.stop, begin + AT_ONCE) and size < BYTES_AT_ONCE:
            size += index.columns.size(end)
            end += 1
        yield from index.read(recording, range(begin, end), ALL_BYTES)
        begin = end


def chosen_calls(
    recording: Recording, index: CallIndex, options: ExportOptions, turn: Turn
) -> Iterator[Call]:
    """Yield the calls of which an export is to hold a line. Raises RecordingError."""
    chosen = _chosen_lines(recording, options)
    for call in whole_calls(recording, index, range(index.total)):
        if call.number % AT_ONCE == 0:
            turn(call.number / index.total)
        activity = index.pairing.ends[call.end].activity
        if chosen is None or chosen.has(activity, call.line, call.line + lines_of(call)):
            yield call


def lines_of(call: Call) -> int:
    """Return how many lines a call is that has all its bytes; see docs/recording.md."""
    if call.kind in (EVENT, WIRE_RECEIVED, WIRE_SENT):
        return 1
    return max(call.data.count(b"\n") + (call.data[-1:] != b"\n"), 1)


def _chosen_lines(recording: Recording, options: ExportOptions) -> Lines | None:
    """Return which lines are chosen; None: all there are."""
    order = in_order(options.lines)
    positions = range(order.total) if options.positions is None else options.positions
    if not isinstance(order, Timeline):
        return Lines(_lines_of(order.batches(positions, max(order.total, 1))))
    if len(positions) < order.total:
        found = order.lines(recording, positions, limit=1)
        return Lines((activity, line.number, line.number + 1) for _place, activity, line in found)
    if order.activities is None:
        return None
    return Lines((activity, 0, EVERY_LINE) for activity in order.activities)


def _lines_of(batches: Iterable[Batch]) -> Iterator[tuple[int, int, int]]:
    """Yield lines as `Lines` takes them; a range, however long, is one item."""
    for span, shift, positions in batches:
        if isinstance(positions, range):
            yield span
        else:
            yield from ((span.activity, one - shift, one - shift + 1) for one in positions)
