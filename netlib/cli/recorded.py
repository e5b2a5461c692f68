"""`--record`: everything that crosses the sockets of one command, in a new file.

What the recording loses is said at once, and makes the exit code 1; the network goes on.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netlib import EventQueue, Item, Recorder, Tee, _, ngettext, visible
from netlib.cli import values
from netlib.cli.arguments import add_value
from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write
from netlib.teaching.explain import in_words

if TYPE_CHECKING:
    from netlib.recording.journal import Journal

WAIT_SECONDS: Final = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""


def add_record(parser: ArgumentParser) -> None:
    """Add --record and --record-limit, which `begin` reads."""
    explained = _("record everything in this new SQLite file")
    add_value(parser, "--record", "FILE", values.file_name, explained)
    explained = _(
        "largest size of that file: 500M, 2G (default: no limit); past it the oldest entries "
        "are removed, and the exit code is 1"
    )
    add_value(parser, "--record-limit", "BYTES", values.size, explained)


def begin(options: Namespace, console: Console) -> Recorded | None:
    """Begin the recording that is asked for; None: none is. UsageError: it cannot be begun."""
    if options.record:
        return Recorded(Path(options.record), options.record_limit, console)
    if options.record_limit:
        raise UsageError(_("--record-limit is for --record only."))
    return None


class Recorded:
    """A recording, and who is told what it loses."""

    def __init__(self, path: Path, limit: int | None, console: Console) -> None:
        """Create the file, which grows up to `limit` bytes. UsageError: that cannot be."""
        self._journal = _journal(path, limit)
        self._console = console
        self._failed = self._trimmed = False

    def beside(self, queue: EventQueue | None) -> Recorder:
        """Return what records everything, and puts it into `queue` too."""
        return self._journal if queue is None else Tee(queue, self._journal)

    def watch(self) -> None:
        """Say once what the recording has begun to lose."""
        journal = self._journal
        if journal.error and not self._failed:
            self._failed = True
            self._console.fail(in_words(journal.error))
        if journal.trimmed and not self._trimmed:
            self._trimmed = True
            self._console.fail(
                _("The recording has reached --record-limit: its oldest entries are removed.")
            )

    def close(self) -> None:
        """Write what waits, and say how much is missing. Call after `Network.close`."""
        journal = self._journal
        while not journal.close(WAIT_SECONDS):
            pass  # a slow disk is waited for; a second signal ends us
        self.watch()
        if gone := journal.trimmed:
            sentence = ngettext(
                "{count:,} entry, the oldest, was removed from the recording.",
                "{count:,} entries, the oldest, were removed from the recording.",
                gone,
            )
            self._console.fail(sentence.format(count=gone))
        if lost := sum(journal.dropped.values()):
            sentence = _("{count:,} bytes are missing in the recording.")
            self._console.fail(sentence.format(count=lost))


class WatchedQueue(EventQueue):
    """What happens, beside a recording: who takes it is told what the recording loses."""

    def __init__(self, room: int, recorded: Recorded) -> None:
        super().__init__(room)
        self._recorded = recorded

    def take(self, limit: int = 10_000) -> list[Item]:
        """Return up to `limit` items, oldest first; see `EventQueue.take`."""
        self._recorded.watch()
        return super().take(limit)


def _journal(path: Path, limit: int | None) -> Journal:
    from netlib.recording.journal import Journal

    try:
        return Journal(path, limit)
    except FileExistsError:
        sentence = _('"{path}" exists already; a recording needs a new file.')
        raise UsageError(sentence.format(path=visible(str(path)))) from None
    except OSError as refusal:
        raise cannot_write(path, refusal) from None
