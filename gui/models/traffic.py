"""The rows of a traffic view: lines of activities, as `netlib.teaching.lines` says they read."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING

from gui.models.backend import Source
from gui.models.row_filter import RowFilter
from gui.models.row_format import RowFormat
from gui.models.rows import Row
from netlib import N_, _, language, visible_text
from netlib.recording.query import Query, parse_query
from netlib.recording.row_index import RowIndex
from netlib.teaching.lines import ROW_BYTES, Format, View, short_time

if TYPE_CHECKING:
    from netlib.recording.export import ExportOptions
    from netlib.recording.row_index import Placed
    from netlib.recording.timeline import Order

__all__ = ["TrafficRows", "cannot_read", "short_time"]

_TRIMMED = N_("… removed: the recording had reached its quota")
_BELOW = "┊"
"""Stands below a row that says why the rows from there on cannot be read."""
AT = r"(?is)\s*at[:：](.*)"
"""`at:10:31:02` goes to a time instead of searching."""

SCREENFUL_SECONDS = 2.0
"""Longest time a page may take to be read, whatever is in the file."""

RULE = 60
"""Length in characters of the line between one connection and the next."""


class TrafficRows(RowFilter):
    """A `RowSource` over the activities of one tab, one after the other.

    Which lines are its rows, and the search among them, is the filter's part; here they are read.
    """

    def __init__(
        self,
        source: Source,
        *,
        peers: bool = False,
        clients: bool = False,
        numbered: bool = False,
    ) -> None:
        """Show nothing yet; `peers`: say of each chunk whose it is.

        `clients`: say it of every row, by number and nickname, where several clients are served.
        `numbered`: say of every row which activity's it is, where several are one list.
        """
        super().__init__()
        self.index: Order = RowIndex()
        self.source = source
        self.activities: list[int] = []
        self.format = RowFormat(peers, clients, numbered)
        """How a line becomes a row; who changes it adds to `changes`."""

    def show(self, activity: int) -> None:
        """Append the rows of a further activity."""
        self.activities.append(activity)

    def show_only(self, activities: list[int]) -> None:
        """Show these activities and no others."""
        if activities != self.activities:
            self.reset()
            self.activities = list(activities)

    def clear(self) -> int:
        """Begin anew with what comes next; the recording keeps everything."""
        self._sync()
        return super().clear()

    def set_view(self, view: View) -> None:
        """Show the rows another way."""
        self.format.view = view
        self.changes += 1

    def set_encoding(self, encoding: str) -> None:
        """Decode by another (known) encoding."""
        self.format.encoding = encoding
        self.changes += 1

    def find(self, typed: str) -> int | None:
        """Begin to search for what is typed; or return the row of a time (`at:10:31:02`).

        ValueError with a translated sentence when it cannot be read.
        """
        self._sync()
        encoding = self.format.encoding
        time = re.fullmatch(AT, typed)
        if time is not None:
            return _row_at(self, self.source, parse_query(f"after:{time[1].strip()}", encoding))
        query = parse_query(typed, encoding)
        self.begin_search(self.source.recording.path, query)
        return None

    def show_connection(self, connection: int) -> None:
        """Show the rows of one connection and no others; 0: all."""
        from netlib.recording.query import Query

        self._sync()
        self.connection = connection
        if connection:
            self.begin_search(self.source.recording.path, Query(), finds=False)
        else:
            self.end_search()

    # -- RowSource -------------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of rows there are now."""
        self._sync()
        return super().count()

    def version(self) -> int:
        """Return a number that changes when rows already shown may look different."""
        return self.changes * 2 + (language() == "zh")

    def rows(self, first: int, last: int) -> list[Row]:
        """Format rows `first` to `last` - 1; what cannot be read just now says so."""
        from netlib.recording.reader import RecordingError

        try:
            placed = self._read(max(first - 1, 0), last, ROW_BYTES)
        except RecordingError as refusal:
            self.changes += 1  # the next refresh asks again
            return [cannot_read(str(refusal))] * (last - first)
        before = placed.pop(0) if first > 0 and placed else None
        rows: list[Row] = []
        apart = not (self.only_matches or self.format.numbered)
        for one in placed:
            if one is None and before is not None and before.line.lost:
                rows.append(Row("warn", _BELOW))
                continue
            if one is None:
                rows.append(Row("warn", _(_TRIMMED)))
            else:
                first_of_all = one.line.first or self.only_matches  # far apart, each has its head
                line = one.line._replace(first=first_of_all)
                row = self.format.row(line, before and before.line, one.activity)
                number = self.activities.index(one.activity) if apart and not one.line.number else 0
                rows.append(_below_a_rule(row, number + 1) if number else row)
            before = one
        return rows

    def data(self, first: int, last: int) -> list[bytes]:
        """Return the bytes of rows `first` to `last` - 1; b"" for an event, or what is gone.

        ValueError with a translated sentence: they cannot be read.
        """
        from netlib.recording.reader import RecordingError

        try:
            return [one.line.data if one else b"" for one in self._read(first, last)]
        except RecordingError as refusal:
            raise ValueError(cannot_read(str(refusal)).text) from refusal

    def export_options(self, format: Format, chosen: tuple[int, int] | None) -> ExportOptions:
        """Return what an export needs to write rows `chosen` (first, last + 1), or all.

        ValueError with a translated sentence: nothing is recorded.
        """
        from netlib.recording.export import ExportOptions

        first, last = chosen or (0, self.count())
        return ExportOptions(
            recording=self.source.recording.path,
            lines=self.index.frozen(),
            positions=self.positions(first, last),
            format=format,
            encoding=self.format.encoding,
            view=self.format.view,
            numbered=self.format.numbered,
        )

    # -- inside ----------------------------------------------------------------------------------

    def _sync(self) -> None:
        """Take in what has been recorded by now.

        While a recording is being written, how many lines there are is told by its writer, after
        each commit, and what they are by a reader of the file: two truths. The writer's is the
        older one or the same, so that what is counted can be read, or the quota has removed it.
        """
        self.extend([(number, self.source.lines(number)) for number in self.activities])

    def _read(self, first: int, last: int, limit: int | None = None) -> list[Placed | None]:
        """Return the lines of rows `first` to `last` - 1; trimmed ones are missing.

        `limit`: bytes of a line that are wanted; then it must not take long.
        """
        positions = self.positions(first, last)
        if not positions:  # where nothing can be recorded there is nothing to ask
            return []
        recording = self.source.recording
        with nullcontext() if limit is None else recording.within(SCREENFUL_SECONDS):
            found = self.index.lines(recording, positions, limit)
            known = {placed.position: placed for placed in found}
        return [known.get(position) for position in positions]


def row_of_line(rows: TrafficRows, activity: int, line: int, wall: float) -> int | None:
    """Return the row of a line that was at `wall`; None: it is not shown any more."""
    from netlib.recording.reader import RecordingError

    try:
        position = rows.index.place(rows.source.recording, activity, line, wall)
    except RecordingError:
        return None
    return None if position is None else rows.row_of(position)


def line_of_row(rows: TrafficRows, row: int) -> tuple[int, int] | None:
    """Return activity and number of the line in a row; None: it cannot be read."""
    from netlib.recording.reader import RecordingError

    try:
        found = rows.index.lines(rows.source.recording, rows.positions(row, row + 1), 1)
        return next(((one.activity, one.line.number) for one in found), None)
    except RecordingError:
        return None


def _row_at(rows: TrafficRows, source: Source, query: Query) -> int:
    """Return the row of a time. ValueError with a translated sentence."""
    from netlib.recording.reader import RecordingError

    try:
        return rows.row_of(rows.index.at(source.recording, query.since or 0.0))
    except RecordingError as refusal:
        raise ValueError(cannot_read(str(refusal)).text) from refusal


def _below_a_rule(row: Row, number: int) -> Row:
    """Set a row off from those of the connection before, and say the how manieth this is."""
    return row._replace(text=f"──── {number} {'─' * RULE}\n{row.text}")


def cannot_read(reason: str) -> Row:
    """Return the row that stands where the recording could not be read."""
    return Row(
        "bad", _("The recording cannot be read: {reason}").format(reason=visible_text(reason, 200))
    )
