"""`serve`: a server until it is told to stop, and its log.

What is printed never slows the server down: in text mode the log takes what it can keep up with
and counts the rest; `--quiet` and no `--record` cost the engine nothing at all. `--json` and
`--record` lose nothing: when they cannot keep up, the server reads more slowly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netlib.activities.serving import ServerConfig
from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write
from netlib.cli.log import TURN_SECONDS, Log, LossyQueue
from netlib.cli.reports import JsonReport
from netlib.engine.outbox import EventQueue, Item, Recorder, Tee
from netlib.events import ActivityStopped, Chunk, Crashed, Failed, Listening
from netlib.i18n import _
from netlib.network import Network
from netlib.teaching.explain import in_words
from netlib.text import visible

if TYPE_CHECKING:
    from netlib.recording.journal import Journal

WAIT_SECONDS: Final = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""

START_SECONDS: Final = 0.002
"""How often a quiet server looks whether it listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What to serve, and what to tell of it."""

    config: ServerConfig
    json: bool
    quiet: bool
    """Tell only where the server listens, and what fails."""
    encoding: str
    record: Path | None
    """The recording to write."""


class Serving:
    """One server and those who watch it: the log or the JSON lines, the recording."""

    def __init__(self, options: ServeOptions, console: Console) -> None:
        self._options = options
        self._console = console
        self._json = JsonReport(console, options.encoding)
        self._log = Log(console, options.encoding)
        self._queue = None if options.quiet else EventQueue() if options.json else LossyQueue()
        self._journal = open_journal(options.record) if options.record else None
        self._recording_failed = self._listening = self._over = False
        self.code = 0

    def run(self) -> int:
        """Serve until SIGINT or SIGTERM, or until the server cannot go on; return the exit code."""
        network = Network(_joined(self._queue, self._journal))
        try:
            network.serve(self._options.config)
            while not self._over:
                self._turn(self._take(network))
            self.code = 1  # it ended by itself, and has said why
        except KeyboardInterrupt:  # SIGTERM too, see netlib.cli.main
            pass
        finally:
            network.close()
            self._close_journal()
        self._turn(self._take_rest())
        return self.code

    def _take(self, network: Network) -> list[Item]:
        """Wait a little and return what has happened since."""
        if self._queue is not None:
            self._queue.wait(WAIT_SECONDS)
            return self._queue.take()
        time.sleep(WAIT_SECONDS if self._listening else START_SECONDS)
        return list(network.poll())

    def _take_rest(self) -> list[Item]:
        return self._queue.take(1 << 30) if self._queue is not None else []

    def _turn(self, items: list[Item]) -> None:
        for item in items:
            if not isinstance(item, Chunk):
                self._follow(item)
        if isinstance(self._queue, LossyQueue):
            self._log.show(items, self._queue)
            if items:
                time.sleep(TURN_SECONDS)
        elif self._queue is not None:
            for item in items:
                self._json(item)
        if self._journal is not None and self._journal.error and not self._recording_failed:
            self._recording_failed, self.code = True, 1
            self._console.note(f"✗ {in_words(self._journal.error)}")

    def _follow(self, event: Item) -> None:
        match event:
            case Listening():
                self._listening = True
                if not self._options.json:  # in English always: programs read it
                    self._console.line(f"listening on {event.local}")
                elif self._queue is None:
                    self._json(event)
            case Failed(error=error):
                self._console.note(f"✗ {in_words(error)}")
            case Crashed(traceback=trace):
                self._console.note(trace)
            case ActivityStopped():
                self._over = True
            case _:
                pass

    def _close_journal(self) -> None:
        journal = self._journal
        if journal is None:
            return
        journal.close()
        lost = sum(journal.dropped.values())
        if lost:
            sentence = _("{count:,} bytes are missing in the recording.")
            self._console.note(f"✗ {sentence.format(count=lost)}")
            self.code = 1


def open_journal(path: Path) -> Journal:
    """Begin a recording in a new file. UsageError where that cannot be."""
    from netlib.recording.journal import Journal

    if path.exists() and (path.is_dir() or path.stat().st_size):
        sentence = _("“%(path)s” exists already; a recording needs a new file.")
        raise UsageError(sentence % {"path": visible(str(path))})
    try:
        return Journal(path)
    except OSError as refusal:
        raise cannot_write(path, refusal) from None


def _joined(queue: EventQueue | LossyQueue | None, journal: Journal | None) -> Recorder | None:
    if queue is not None and journal is not None:
        return Tee(queue, journal)
    return queue or journal
