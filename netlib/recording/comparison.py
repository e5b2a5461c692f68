"""Two runs side by side: the ladders of two recordings, read and compared in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from netlib.i18n import _
from netlib.recording.calls import CallIndex
from netlib.recording.ladder import LadderReader
from netlib.recording.places import places_of_calls
from netlib.recording.reader import RecordingError, open_recording
from netlib.system.background import Background
from netlib.teaching.ladder import Rung, Site
from netlib.teaching.ladder_difference import MOST_ROWS, Pair, compared
from netlib.text import visible_text
from netlib.value import NamedTuple


class Run(NamedTuple):
    """One of the two."""

    name: str
    rows: Sequence[Rung]
    addresses: dict[Site, str]
    total: int
    """Rows there are; no more than `MOST_ROWS` are compared."""


class Comparison(Background):
    """Reads both and compares them. Its outcome is why that cannot be done; empty: it is."""

    def __init__(self, left: Path, places: Sequence[int] | None, right: Path) -> None:
        """Begin at once. `places`: only these calls of the left one."""
        self.runs: tuple[Run, Run] | None = None
        self.pairs: list[Pair] = []
        self._sources = ((left, places), (right, None))
        super().__init__("comparison", lambda _job: self._compare())

    def _compare(self) -> str:
        runs = []
        for path, places in self._sources:
            try:
                runs.append(self._read(path, places))
            except ValueError as refusal:
                return str(refusal)
            except RecordingError as refusal:
                words = _("{name} cannot be read: {reason}")
                reason = visible_text(str(refusal), 200)
                return words.format(name=visible_text(path.name, 100), reason=reason)
        self.pairs = compared(runs[0].rows, runs[1].rows)
        self.runs = (runs[0], runs[1])
        return ""

    def _read(self, path: Path, places: Sequence[int] | None) -> Run:
        index = CallIndex()
        with closing(open_recording(path)) as recording:
            recording.give_up_when(self.cancelled)
            while index.advance(recording):
                pass
            reader = LadderReader(recording, index)
            wanted = places_of_calls(range(index.total)) if places is None else places
            rows = reader.rungs(wanted[:MOST_ROWS])
            name = visible_text(path.name, 100)
            return Run(name, rows, reader.addresses(), len(wanted))
