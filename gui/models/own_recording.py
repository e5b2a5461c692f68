"""What this window records: written by a journal, read by its views, gone when it is closed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from netlib import NetError, _, visible_text

if TYPE_CHECKING:
    from gui.models.crash_recovery import Held
    from netlib import Network, Recorder
    from netlib.recording.capture import Capture
    from netlib.recording.journal import Journal
    from netlib.recording.reader import Recording


class OwnRecording:
    """A recording in a folder of its own, and the journal that writes it."""

    refusal = ""

    def __init__(self, held: Held, journal: Journal, recording: Recording) -> None:
        self._held, self._journal, self.recording = held, journal, recording

    @property
    def recorder(self) -> Recorder:
        """Who records what the network does."""
        return self._journal

    @property
    def error(self) -> NetError | None:
        """Why nothing is recorded any more."""
        return self._journal.error

    def capture(self, network: Network) -> Capture:
        """Begin to capture the packets of a network's sockets into it."""
        from netlib.recording.capture import Capture

        return Capture(self._journal, network.sockets)

    def lines(self, activity: int) -> int:
        """Return how many lines of an activity are recorded."""
        return self._journal.lines.get(activity, 0)

    def rows(self) -> int:
        """Return how many lines are recorded, of all activities together."""
        return sum(self._journal.lines.values())

    def counts(self, _received: int) -> tuple[int, int, int]:
        """Return bytes received that were recorded, those dropped, and chunks trimmed."""
        journal = self._journal
        return journal.recorded[1], journal.dropped[1], journal.trimmed

    def flush(self, timeout: float) -> bool:
        """Write all that has happened so far; True: it is in the file."""
        return self._journal.flush(timeout)

    def close(self, timeout: float) -> bool:
        """Remove it; True: its thread has ended."""
        self.recording.close()
        done = self._journal.discard(timeout)
        self._held.remove()
        return done


class NoRecording:
    """In place of one where nothing can be recorded: the network works, views stay empty."""

    recorder = None
    error = None

    def __init__(self, reason: str) -> None:
        self._reason = reason

    @property
    def recording(self) -> Recording:
        """There is none: ValueError with a translated sentence."""
        raise ValueError(self.refusal)

    @property
    def refusal(self) -> str:
        """Why there is none, in a translated sentence."""
        return _("The recording cannot be written: {why}").format(
            why=visible_text(self._reason, 200)
        )

    def capture(self, _network: Network) -> None:
        """Return None: there is nothing to capture into."""

    def lines(self, _activity: int) -> int:
        """Return 0: nothing is recorded."""
        return 0

    def rows(self) -> int:
        """Return 0: nothing is recorded."""
        return 0

    def counts(self, received: int) -> tuple[int, int, int]:
        """Return that all bytes `received` were dropped."""
        return 0, received, 0

    def flush(self, _timeout: float) -> bool:
        """Return True: there is nothing to write."""
        return True

    def close(self, _timeout: float) -> bool:
        """Return True: nothing is left."""
        return True


def begin_recording() -> OwnRecording | NoRecording:
    """Begin to record to a new file; a recording that cannot be begun says why."""
    from gui.models.crash_recovery import RECORDING, new_folder
    from netlib.recording.journal import QUOTA, Journal
    from netlib.recording.reader import Recording, RecordingError

    try:
        with ExitStack() as undo:
            held = new_folder()
            undo.callback(held.remove)
            journal = Journal(held.folder / RECORDING, QUOTA, segmented=True)
            undo.callback(journal.discard)
            # A window never waits.
            recording = Recording(journal.path, patience=0.0, newest=journal.newest)
            undo.pop_all()
    except (OSError, ValueError, RecordingError) as refusal:
        return NoRecording(getattr(refusal, "strerror", None) or str(refusal))
    return OwnRecording(held, journal, recording)
