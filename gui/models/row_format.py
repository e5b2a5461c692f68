"""How a line of the recording becomes a row of a view."""

from __future__ import annotations

from typing import Literal

from gui.models.rows import Row
from netlib.teaching.lines import (
    CLIENTS_BRIEF,
    CLIENTS_LOG,
    CLIENTS_TABLE,
    CLIENTS_TALK,
    TAB_COLUMNS,
    Column,
    Line,
    View,
    format_line,
    whose_row,
)

Room = Literal["wide", "narrow", "brief"]
"""How wide a view is: narrow: no milliseconds, no size; brief: no time, and ports for addresses."""
_COLUMNS: dict[Room, tuple[Column, ...]] = {
    "wide": CLIENTS_TABLE,
    "narrow": CLIENTS_LOG,
    "brief": CLIENTS_BRIEF,
}


class RowFormat:
    """View, encoding, and how much is said of whose a row is."""

    def __init__(self, peers: bool, clients: bool, numbered: bool = False) -> None:
        self.peers = peers
        """Say of each chunk whose it is."""
        self.clients = clients
        """Say it of every row, by number and nickname: several clients are served."""
        self.numbered = numbered
        """Say of every row which activity's it is: several are one list."""
        self.view: View = "log"
        self.encoding = "utf-8"
        self.room: Room = "wide"

    def row(self, line: Line, previous: Line | None, activity: int) -> Row:
        """Return the row of a line of an activity; `previous` is the line above it."""
        if self.numbered:
            tag, text = format_line(line, previous, self.view, self.encoding, peers=self.peers)
            return Row(tag, whose_row(activity) + text, activity)
        if not self.clients:
            peers = self.peers and line.event is None
            return Row(*format_line(line, previous, self.view, self.encoding, peers=peers))
        if self.view == "text":
            columns: tuple[Column, ...] = CLIENTS_BRIEF if self.room == "brief" else CLIENTS_TALK
        else:
            columns = _COLUMNS[self.room]
        told = format_line(line, previous, self.view, self.encoding, peers=True, columns=columns)
        named = line.first or self.view == "text"
        return Row(*told, line.connection if named else 0, TAB_COLUMNS[columns])
