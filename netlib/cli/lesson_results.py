"""`--results`: what was answered and proven in a lesson, in a file to hand in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from netlib import _, visible
from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write
from netlib.lessons.progress import Progress
from netlib.teaching.lesson import Lesson
from netlib.value import NamedTuple


class Kept(NamedTuple):
    """What is kept of a lesson while it is played."""

    folder: Path
    """For recordings that nobody keeps."""
    proving: dict[int, frozenset[int]]
    """See `Player.proving`."""
    live: dict[int, Path]
    """See `Player.recordings`."""


@contextmanager
def handing_in(
    lesson: Lesson, progress: Progress, options: Namespace, console: Console
) -> Iterator[tuple[Namespace, Kept]]:
    """Yield options that record what is played, and what to keep in how steps are proven.

    The results are written at the end, with the ladders of what was recorded. UsageError: they
    cannot be written, which is seen before anything is played.
    """
    if options.results is None and not options.live:
        yield options, Kept(Path(), {}, {})
        return
    with TemporaryDirectory(prefix="socketboard-", ignore_cleanup_errors=True) as folder:
        kept = Kept(Path(folder), {}, {})
        if options.results is None:
            yield options, kept
            return
        with _written_at_the_end(lesson, progress, options, console, kept) as recorded:
            yield recorded, kept


@contextmanager
def _written_at_the_end(
    lesson: Lesson, progress: Progress, options: Namespace, console: Console, kept: Kept
) -> Iterator[Namespace]:
    path = Path(options.results)
    if path.exists():
        told = _('"{path}" exists already; results need a new file.')
        raise UsageError(told.format(path=visible(str(path))))
    _write(path, lesson, progress, {})
    recording = Path(options.record or kept.folder / "lesson.socketboard")
    try:
        yield Namespace(**{**vars(options), "record": str(recording)})
    except UsageError:
        path.unlink(missing_ok=True)  # nothing was played
        raise
    finally:
        if path.exists():
            _write(path, lesson, progress, _ladders(progress, kept, recording, console))


def _write(
    path: Path, lesson: Lesson, progress: Progress, ladders: Mapping[int, tuple[str, ...]]
) -> None:
    """Write the results. UsageError: they cannot be written."""
    from netlib.lessons.results import write_results

    try:
        write_results(path, lesson, progress, ladders)
    except OSError as refusal:
        raise cannot_write(path, refusal) from None
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None


def _ladders(
    progress: Progress, kept: Kept, recording: Path, console: Console
) -> dict[int, tuple[str, ...]]:
    """Draw what was recorded; what cannot be read is told, and drawn nowhere."""
    from netlib.lessons.ladders import step_ladders
    from netlib.recording.reader import RecordingError

    try:
        return step_ladders(progress, kept.proving, recording, kept.live)
    except (RecordingError, ValueError) as refusal:
        console.fail(str(refusal))
        return {}
