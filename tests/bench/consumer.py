"""A server watched as the window watches one, without the window.

`python -m tests.bench.consumer SERVICE TRANSPORT [FILE]`
Thirty times a second it takes the events, and four times a second the figures of the clients that
a table would have in sight, and holds the engines meanwhile.
With FILE everything is recorded there, and the newest page is read at every tick. A line on
standard input is answered with the figures as JSON; its end is the program's.
"""

from __future__ import annotations

import json
import select
import sys
import time
from itertools import islice
from pathlib import Path

from gui.app import SLOW_TICKS, SWITCH_SECONDS
from gui.models.backend import EVENTS_AT_ONCE
from gui.pump import PERIOD
from netlib import ServerConfig
from netlib.events import Listening, Transport
from netlib.network import Network
from netlib.recording.journal import QUOTA, Journal
from netlib.recording.reader import Recording
from netlib.teaching.lines import ROW_BYTES

PAGE_ROWS = 60


class Watcher:
    """What the window does between two drawings."""

    def __init__(self, config: ServerConfig, path: Path | None) -> None:
        self.journal = Journal(path, QUOTA, segmented=True) if path else None
        newest = self.journal.newest if self.journal else None
        self._recording = Recording(path, newest=newest) if path else None
        self.network = Network(self.journal)
        self.number = self.network.serve(config)
        self._ticks = 0

    def tick(self) -> None:
        """Take what has happened."""
        while events := self.network.poll(EVENTS_AT_ONCE):
            for event in events:
                if isinstance(event, Listening):
                    tell(f"listening on {event.local}")
        self._ticks += 1
        if self._ticks % SLOW_TICKS == 0:
            list(islice(self.network.clients(self.number).values(), PAGE_ROWS))
            self.network.totals(self.number)
        if self._recording is not None:
            rows = self._rows
            list(self._recording.read(self.number, max(0, rows - PAGE_ROWS), rows, ROW_BYTES))

    @property
    def _rows(self) -> int:
        return self.journal.lines.get(self.number, 0) if self.journal else 0

    def figures(self) -> str:
        """Return what is known of the server, and of its recording, as JSON."""
        journal = self.journal
        known = {
            **self.network.totals(self.number)._asdict(),
            "rows": self._rows,
            "recorded": journal.recorded[1] if journal else 0,
            "dropped": journal.dropped[1] if journal else 0,
        }
        return json.dumps(known)

    def close(self) -> None:
        """End everything."""
        self.network.close()
        if self._recording is not None:
            self._recording.close()
        if self.journal is not None:
            self.journal.close()


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(service: str, transport: str, path: str = "") -> None:
    """Serve and watch until standard input ends."""
    sys.setswitchinterval(SWITCH_SECONDS)
    config = ServerConfig(service=service, transport=Transport(transport), port=0)
    watcher = Watcher(config, Path(path) if path else None)
    due = time.monotonic()
    while True:
        with watcher.network.hold:
            watcher.tick()
        due = max(due + PERIOD / 1000, time.monotonic())
        if select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
            if not sys.stdin.readline():
                break
            tell(watcher.figures())
    watcher.close()
    tell(watcher.figures())


if __name__ == "__main__":
    main(*sys.argv[1:])
