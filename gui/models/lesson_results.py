"""What was done in the lesson that is open, as a file to hand in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netlib import Background

if TYPE_CHECKING:
    from gui.models.lesson import LessonModel


def results_of(model: LessonModel, path: Path, student: str) -> Background:
    """Begin to write them. ValueError with a translated sentence: the name says not in which form.

    The ladders are those of the runs in this window, as far as these are recorded.
    """
    from netlib.lessons.results import results_file  # SQLite, SVG: few want it

    player = model.player
    assert player is not None
    player.progress.student = student
    try:
        recording = model.lesson_run.rows.source.recording.path
    except ValueError:  # nothing is recorded: it is said instead of each ladder
        recording = None
    ran, live = player.proving, player.recordings
    return results_file(path, player.lesson, player.progress, ran, recording, live=live)
