"""A recording opened from a file: a source of rows like the backend, but one that stands still."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Self

from gui.models.traffic import SCREENFUL_SECONDS, TrafficRows, cannot_read
from netlib import (
    Connected,
    Connecting,
    Event,
    Listening,
    Resolving,
    TimeLost,
    TimeReply,
    Transport,
    _,
    visible_text,
)
from netlib.teaching.lines import stamp
from netlib.teaching.narrate import describe
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.recording.opening import Contents
    from netlib.recording.timeline import Timeline

BEGINNING = 24
"""Lines at the beginning of an activity that are read to find out what it is."""

KEPT_ENTRIES = 1000


class Entry(NamedTuple):
    """One server, client or UDP socket of a recording."""

    activity: int
    lines: int
    wall: float
    """When it began, in seconds since 1970; 0: the recording does not tell any more."""
    events: tuple[Event, ...]
    """What happened at first."""

    @property
    def name(self) -> str:
        """What it is, in the language in use: `server acknowledge :8080`."""
        return activity_name(self.events)

    @property
    def cells(self) -> tuple[str, ...]:
        """It as a row of a table."""
        began = stamp(self.wall)[:19].replace("T", " ") if self.wall else "–"
        return (f"{self.activity:02}", self.name, began, f"{self.lines:,}")


class Archive:
    """A `Source` over a file. Belongs to the main thread."""

    def __init__(self, contents: Contents) -> None:
        """Take over what was opened."""
        self.recording = contents.recording
        self.complete = contents.complete
        """Whether all its activities are listed."""
        self.everything = contents.everything
        self._lines = contents.lines
        self.entry = lru_cache(KEPT_ENTRIES)(self._entry)

    @property
    def activities(self) -> list[int]:
        """What the recording holds, in the order it began."""
        return sorted(self._lines)

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self._lines.get(activity, 0)

    def timeline(self, activities: list[int]) -> Timeline:
        """Return the lines of some activities in order of time. Raises RecordingError."""
        from netlib.recording.timeline import Timeline

        with self.recording.within(SCREENFUL_SECONDS):
            return Timeline(self.recording, activities)

    def entries(self, activities: list[int]) -> list[Entry]:
        """Return some entries; what cannot be read in the time of a screenful has no name."""
        with self.recording.within(SCREENFUL_SECONDS):
            return [self.entry(activity) for activity in activities]

    def close(self) -> None:
        """Let the file go."""
        self.recording.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def _entry(self, activity: int) -> Entry:
        from netlib.recording.reader import RecordingError

        total = self._lines[activity]
        try:
            lines = self.recording.lines(activity, 0, min(total, BEGINNING))
        except RecordingError:  # its rows say so
            lines = []
        events = tuple(line.event for line in lines if line.event is not None)
        return Entry(activity, total, lines[0].wall if lines else 0.0, events)


class ArchiveRows(TrafficRows):
    """The rows of an archive: those of all its activities, or of some, in order of time."""

    def __init__(self, archive: Archive) -> None:
        """Show everything."""
        super().__init__(archive, peers=True, numbered=True)
        self._archive = archive
        self.activities = archive.activities
        self.index = archive.everything

    def show_only(self, activities: list[int]) -> None:
        """Show these activities and no others. ValueError with a sentence: they cannot be read."""
        from netlib.recording.reader import RecordingError

        if activities == self.activities:
            return
        try:
            everything = activities == self._archive.activities
            lines = self._archive.everything if everything else self._archive.timeline(activities)
        except RecordingError as refusal:
            raise ValueError(cannot_read(str(refusal)).text) from refusal
        self.reset(lines)
        self.activities = list(activities)

    def _sync(self) -> None:
        """Nothing more comes."""


def activity_name(events: tuple[Event, ...]) -> str:
    """Return what an activity is, told by its first events, in the language in use."""
    host = ""
    for event in events:
        match event:
            case Listening(transport=transport, local=local, service=service):
                words = _("server {service} :{port}")
                if transport is Transport.UDP:
                    words = _("server {service} :{port} (UDP)")
                return words.format(service=visible_text(service, 40), port=local.port)
            case Resolving():
                host = visible_text(event.host, 200)
            case TimeReply() | TimeLost():
                return _("time query {host}").format(host=host).rstrip()
            case Connecting(peer=peer):
                return _("client → {peer}").format(peer=_at(host, peer.host, peer.port))
            case Connected(transport=Transport.UDP, peer=peer):
                return _("UDP client → {peer}").format(peer=_at(host, peer.host, peer.port))
            case _:
                pass
    return _("client → {peer}").format(peer=host) if host else _first_words(events)


def _at(typed: str, host: str, port: int) -> str:
    """Return where a client went: the name that was typed, if there is one, and the port."""
    shown = typed or host
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def _first_words(events: tuple[Event, ...]) -> str:
    return describe(events[0]) if events else "…"
