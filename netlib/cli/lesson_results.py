"""`--results`: what was answered and proven in a lesson, in a file to hand in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from netlib import _, visible
from netlib.cli.console import Console, UsageError
from netlib.cli.files import cannot_write
from netlib.lessons.progress import Progress
from netlib.teaching.lesson import Lesson


@contextmanager
def handing_in(
    lesson: Lesson, progress: Progress, options: Namespace, console: Console
) -> Iterator[tuple[Namespace, dict[int, frozenset[int]]]]:
    """Yield options that record what is played, and what to keep in whose activities prove a step.

    The results are written at the end, with the ladders of what was recorded. UsageError: they
    cannot be written, which is seen before anything is played.
    """
    proving: dict[int, frozenset[int]] = {}
    if options.results is None:
        yield options, proving
        return
    path = Path(options.results)
    if path.exists():
        told = _('"{path}" exists already; results need a new file.')
        raise UsageError(told.format(path=visible(str(path))))
    _write(path, lesson, progress, {})
    with TemporaryDirectory(prefix="socketboard-", ignore_cleanup_errors=True) as folder:
        recording = Path(options.record or Path(folder, "lesson.socketboard"))
        try:
            yield Namespace(**{**vars(options), "record": str(recording)}), proving
        except UsageError:
            path.unlink(missing_ok=True)  # nothing was played
            raise
        finally:
            if path.exists():
                _write(path, lesson, progress, _ladders(progress, proving, recording, console))


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
    progress: Progress,
    proving: Mapping[int, Collection[int]],
    recording: Path,
    console: Console,
) -> dict[int, tuple[str, ...]]:
    """Draw what was recorded; what cannot be read is told, and drawn nowhere."""
    from netlib.lessons.ladders import step_ladders
    from netlib.recording.reader import RecordingError

    try:
        return step_ladders(progress, proving, recording)
    except (RecordingError, ValueError) as refusal:
        console.fail(str(refusal))
        return {}
