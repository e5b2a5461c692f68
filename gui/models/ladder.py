"""The rows of a ladder: the calls of a pane's activities, and those at their other ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.models.row_filter import RowFilter
from gui.models.shown_calls import ShownCalls
from gui.models.traffic import AT, SCREENFUL_SECONDS, TrafficRows, cannot_read
from netlib import Background, _, wall_clock
from netlib.recording.places import PlacedCalls, place_of_call
from netlib.recording.query import parse_query

if TYPE_CHECKING:
    from netlib.recording.call_scan import CallScan
    from netlib.recording.calls import CallIndex
    from netlib.recording.ladder import LadderReader
    from netlib.recording.packet_index import PacketIndex
    from netlib.recording.pattern_search import PatternSearch
    from netlib.teaching.ladder import Rung, Site
    from netlib.teaching.ladder_text import TextOptions


class LadderRows(RowFilter):
    """Which calls and packets are shown, and how they are read. A position is a place.

    It is over the same activities as the rows of the log, and the same connection, if one is
    chosen; and over the other ends of their connections, where these are in the recording.
    """

    def __init__(self, log: TrafficRows) -> None:
        """Show nothing until somebody looks: see `sync`."""
        super().__init__()
        self.log = log
        self.refusal = ""
        """Why there is nothing to see, in a translated sentence."""
        self._scan: CallScan | None = None
        self._reader: LadderReader | None = None
        self.with_packets = True
        """Whether captured packets have rows, where there are any."""
        self._shown_for: tuple[object, ...] = ()
        self._calls = ShownCalls((), 0)
        self._segments_known = 0
        self._cleared_at: list[float] = []
        """When the view was cleared before anybody looked, in seconds since 1970."""

    @property
    def calls(self) -> CallIndex | None:
        """What is known of the recording; None: nobody has looked yet, or it cannot be read."""
        return None if self._scan is None else self._scan.index

    @property
    def packets(self) -> PacketIndex | None:
        """The packets that were captured, if they are shown."""
        return self._scan.packets if self._scan is not None and self.with_packets else None

    def total(self) -> int:
        """Return the number of rows there were without a search."""
        places = self._calls.places
        return len(places) - bisect_left(places, self._skipped)

    @property
    def arranging(self) -> bool:
        """Whether what there was at first is still being gone through."""
        return self._scan is not None and not self._scan.caught_up and not self._scan.outcome

    def clear(self) -> int:
        """Begin anew with what comes next, also where nobody has looked yet."""
        if self._scan is None:
            self._cleared_at.append(wall_clock.now())
            return 0
        count = super().clear()
        if count:  # not all up to the next call: packets may come before it
            last = place_of_call(self._scan.index.total - 1)
            self._skipped = max(last, self._calls.places[-1]) + 1
        return count

    def restore(self) -> None:
        """Bring back what was cleared last."""
        if self._scan is None and self._cleared_at:
            self._cleared_at.pop()
        super().restore()

    def sync(self) -> None:
        """Take in what has come; called at every tick while somebody looks."""
        if self._scan is None and not self._open():
            return
        assert self._scan is not None
        self._scan.look()
        self.refusal = self._scan.outcome or self.refusal
        activities, connection = tuple(self.log.activities), self.log.connection
        asked = (activities, connection, self.with_packets)
        if asked != self._shown_for:
            from netlib.recording.ladder import LadderReader

            self._shown_for = asked
            self._calls = ShownCalls(activities, connection, packets=self.with_packets)
            recording = self.log.source.recording
            self._reader = LadderReader(recording, self._scan.index, self.packets)
            self.changes += 1
        self.changes += self._calls.sync(self._scan.index, self._scan.packets)
        if self._scan.packets.changes != self._segments_known:  # they are implied no longer
            self._segments_known = self._scan.packets.changes
            self.changes += 1
        if self._cleared_at and self._scan.caught_up:
            self._skip_what_was_cleared()
        if self._search is not None:
            self._search.extend([])

    def close(self) -> None:
        """Look no longer."""
        self.end_search()
        if self._scan is not None:
            self._scan.cancel(0.0)
            self._scan = None

    # -- reading ---------------------------------------------------------------------------------

    def rungs(self, first: int, last: int) -> list[Rung]:
        """Return rows `first` to `last` - 1. ValueError with a translated sentence: no."""
        from netlib.recording.reader import RecordingError

        if self._reader is None:
            return []
        places = self.positions(max(first - 1, 0), last)
        before = places[0] if first > 0 and places else None
        try:
            with self.log.source.recording.within(SCREENFUL_SECONDS):
                return self._reader.rungs(places if before is None else places[1:], before)
        except RecordingError as refusal:
            self.changes += 1  # the next refresh asks again
            raise ValueError(cannot_read(str(refusal)).text) from refusal

    def addresses(self) -> dict[Site, str]:
        """Return where servers and clients are."""
        return {} if self._reader is None else self._reader.addresses()

    # -- searching -------------------------------------------------------------------------------

    def find(self, typed: str) -> int | None:
        """Begin to search for what is typed; or return the row of a time (`at:10:31:02`).

        ValueError with a translated sentence when it cannot be read.
        """
        encoding = self.log.format.encoding
        time = re.fullmatch(AT, typed)
        if time is not None:
            query = parse_query(f"after:{time[1].strip()}", encoding)
            return self.row_of(_first_at(self, query.since or 0.0))
        query = parse_query(typed, encoding)
        self.begin_search(self.log.source.recording.path, query)
        return None

    # -- inside ----------------------------------------------------------------------------------

    def _open(self) -> bool:
        from netlib.recording.call_scan import CallScan

        try:
            recording = self.log.source.recording
        except ValueError as nothing_recorded:
            self.refusal = str(nothing_recorded)
            return False
        self._scan = CallScan(recording.path)
        self.index = PlacedCalls(self._scan.index)
        return True

    def _skip_what_was_cleared(self) -> None:
        for moment in self._cleared_at:
            self._before.append(self._skipped)
            self._skipped = _first_at(self, moment)
        self._cleared_at = []
        self.changes += 1

    def _shown(self) -> tuple[Sequence[int], int]:
        """Return the calls that may be shown, and how many of them were cleared away."""
        shown: Sequence[int] = self._calls.places
        if self.only_matches and self._search is not None:
            shown = self._calls.found(self._search.matches)
        return shown, bisect_left(shown, self._skipped) if self._skipped else 0


def row_of_line(rows: LadderRows, activity: int, line: int) -> int | None:
    """Return the row of the call that a line of the log is part of."""
    from netlib.recording.ladder import call_of
    from netlib.recording.reader import RecordingError

    if (index := rows.calls) is None:
        return None
    try:
        call = call_of(rows.log.source.recording, index, activity, line)
    except RecordingError:
        return None
    return None if call is None else rows.row_of(place_of_call(call))


def row_of_call(rows: LadderRows, call: int) -> int | None:
    """Return in which row a call is; None: it is not shown."""
    place = place_of_call(call)
    row = rows.row_of(place)
    return row if place in rows.positions(row, row + 1) else None


def find_pattern(rows: LadderRows, typed: str) -> PatternSearch:
    """Begin to look for calls that follow each other. ValueError with a sentence: no words."""
    from netlib.recording.pattern_search import PatternSearch
    from netlib.recording.patterns import Pattern

    pattern = Pattern(typed)
    recording = rows.log.source.recording.path
    if rows.calls is None:
        raise ValueError(_("There is nothing to look through yet."))
    return PatternSearch(recording, rows.calls, pattern)


def svg_file(
    rows: LadderRows, chosen: tuple[int, int], options: TextOptions, path: Path
) -> Background:
    """Begin to write rows (first, last + 1), or all, as a picture."""
    from netlib.recording.ladder_file import LadderFile

    first, last = chosen if chosen[1] > chosen[0] else (0, rows.count())
    places = rows.positions(first, last)
    if not places or (index := rows.calls) is None:
        raise ValueError(_("There is nothing to draw yet."))
    recording = rows.log.source.recording.path
    return LadderFile(recording, index, places, options, path, packets=rows.packets)


def _first_at(rows: LadderRows, moment: float) -> int:
    """Return the place of the first call at or after a moment, in seconds since 1970."""
    index, recording = rows.calls, rows.log.source.recording
    if index is None:
        return 0

    def wall(number: int) -> float:
        return index.read(recording, (number,), 0)[0].wall

    return place_of_call(bisect_left(range(index.total), moment, key=wall))
