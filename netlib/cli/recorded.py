"""`--record`: everything that crosses the sockets of one command, in a new file.

What the recording loses is said at once, and makes the exit code 1; the network goes on. With
`--packets` real packets are in it too; where they cannot be captured, that is said and is no error.
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
    from netlib.network import Network
    from netlib.recording.capture import Capture
    from netlib.recording.journal import Journal

WAIT_SECONDS: Final = 0.25
"""Longest wait without a look around: Windows notices Ctrl+C only between two waits."""

CAPTURE_SECONDS: Final = 5.0
"""Longest wait until packets are captured, and until none is any more."""


def add_record(parser: ArgumentParser) -> None:
    """Add --record, --record-limit and --packets, which `begin` reads."""
    explained = _("record everything in this new SQLite file")
    add_value(parser, "--record", "FILE", values.file_name, explained)
    explained = _(
        "largest size of that file: 500M, 2G (default: no limit); past it the oldest entries "
        "are removed, and the exit code is 1"
    )
    add_value(parser, "--record-limit", "BYTES", values.size, explained)
    explained = _("record the real packets too: as root, or by Wireshark's dumpcap")
    parser.add_argument("--packets", action="store_true", help=explained)


def begin(options: Namespace, console: Console) -> Recorded | None:
    """Begin the recording that is asked for; None: none is. UsageError: it cannot be begun."""
    if options.record:
        wanted = options.packets
        return Recorded(Path(options.record), options.record_limit, console, packets=wanted)
    if options.record_limit:
        raise UsageError(_("--record-limit is for --record only."))
    if options.packets:
        raise UsageError(_("--packets is for --record only."))
    return None


class Recorded:
    """A recording, and who is told what it loses."""

    def __init__(self, path: Path, limit: int | None, console: Console, *, packets: bool) -> None:
        """Create the file, which grows up to `limit` bytes. UsageError: that cannot be."""
        self._journal = _journal(path, limit)
        self._console = console
        self._failed = self._trimmed = self._told = False
        self._packets = packets
        self._capture: Capture | None = None

    def beside(self, queue: EventQueue | None) -> Recorder:
        """Return what records everything, and puts it into `queue` too."""
        return self._journal if queue is None else Tee(queue, self._journal)

    def capture(self, network: Network) -> None:
        """Begin to capture what crosses the sockets of `network`, if that is wanted."""
        if self._packets:
            from netlib.recording.capture import Capture

            self._capture = Capture(self._journal, network.sockets)
            waits = range(round(CAPTURE_SECONDS / WAIT_SECONDS))
            any(self._capture.begun_within(WAIT_SECONDS) for _wait in waits)

    def watch(self) -> None:
        """Say once what the recording has begun to lose, and that no packets are captured."""
        journal = self._journal
        if self._capture is not None and self._capture.outcome and not self._told:
            self._told = True
            self._console.note(f"! {self._capture.outcome}")
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
        if self._capture is not None:
            self._capture.cancel(CAPTURE_SECONDS)
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
        if journal.error and (wal := journal.unmerged()) is not None:
            sentence = _('"{wal}" belongs to the recording: keep it beside "{path}".')
            names = visible(str(wal)), visible(str(journal.path))
            self._console.fail(sentence.format(wal=names[0], path=names[1]))


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
