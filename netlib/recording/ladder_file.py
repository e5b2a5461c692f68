"""A ladder as a file, written in a thread: an SVG picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from netlib.i18n import _
from netlib.recording.calls import CallIndex
from netlib.recording.ladder import LadderReader, svg
from netlib.recording.packet_index import PacketIndex
from netlib.recording.reader import Recording, RecordingError
from netlib.recording.refusal import why_not
from netlib.system.atomic_file import AtomicFile
from netlib.system.background import Background
from netlib.teaching.ladder_text import TextOptions
from netlib.text import visible_text


class LadderFile(Background):
    """Rows on their way into a file; its outcome is a sentence, whatever became of it."""

    def __init__(
        self,
        recording: Path,
        index: CallIndex,
        places: Sequence[int],
        options: TextOptions,
        target: Path,
        *,
        packets: PacketIndex | None = None,
    ) -> None:
        """Begin at once."""

        def made() -> bytes:
            with closing(Recording(recording)) as opened:
                opened.give_up_when(self.cancelled)
                return svg(LadderReader(opened, index, packets), places, options).encode()

        super().__init__("ladder file", lambda job: _write(target, made, job))


def written(target: Path, made: Callable[[], bytes]) -> Background:
    """Begin to write a file; its outcome is a sentence. `made` may raise as readers do."""
    return Background("file", lambda job: _write(target, made, job))


def write_whole(target: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all. Raises OSError."""
    file = AtomicFile(target, private=True)
    try:
        with file.open() as out:
            out.write(data)
        file.commit()
    finally:
        file.discard()


def _write(target: Path, made: Callable[[], bytes], job: Background) -> str:
    name = visible_text(target.name, 100)
    try:
        data = made()
        if not job.cancelled():
            write_whole(target, data)
            return _("{name} was written.").format(name=name)
    except (OSError, ValueError, RecordingError) as refusal:
        if not job.cancelled():
            job.failed = True
            words = _("{name} could not be written: {reason}")
            return words.format(name=name, reason=why_not(refusal))
    return _("Cancelled: {name} was not written.").format(name=name)
