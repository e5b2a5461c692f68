"""The ladders of a lesson's steps, as pictures: of a run, from its recording, or of its case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from netlib import ngettext
from netlib.lessons.progress import BY_RUN, LIVE, Progress
from netlib.recording.ladder import whole_ladder
from netlib.recording.reader import open_recording
from netlib.teaching.cases import CASES
from netlib.teaching.ladder_svg import ladder_svg
from netlib.teaching.ladder_text import TextOptions, ladder_lines

ROWS_EACH: Final = 25
"""Rows in one picture: it stays whole on a printed page."""
MOST_ROWS: Final = 50
"""Rows that are drawn of one step; of more the rest is counted."""

Ladder = tuple[str, ...]
"""SVG documents, one below the other."""


def step_ladders(
    progress: Progress,
    runs: Mapping[int, Collection[int]],
    recording: Path | None,
    live: Mapping[int, Path],
) -> dict[int, Ladder]:
    """Return the ladder of each proven step, by its number from 0; none where it was not recorded.

    `runs`: the activities of the runs that are in `recording` (see `Player.proving`). `live`: see
    `Player.recordings`. Raises RecordingError, and ValueError with a sentence, of a recording that
    cannot be read.
    """
    cases = {f"case {case.name}": case.path for case in CASES}
    found = {}
    for number, step in enumerate(progress.steps):
        if step.proof in cases:
            found[number] = ladder_of(cases[step.proof])
        elif step.proof.startswith(LIVE) and number in live:
            found[number] = ladder_of(live[number])
        elif step.proof == BY_RUN and number in runs and recording is not None:
            found[number] = ladder_of(recording, runs[number])
    return {number: ladder for number, ladder in found.items() if ladder}


def ladder_of(recording: Path, activities: Collection[int] | None = None) -> Ladder:
    """Return the calls of some activities of a recording, or all, with what was captured of them.

    Raises RecordingError, and ValueError with a sentence.
    """
    with closing(open_recording(recording)) as opened:
        reader = whole_ladder(opened, activities)
        places = reader.places()
        options = TextOptions(reader.addresses(), commentary=True)
        left = len(places) - MOST_ROWS
        words = ngettext("… and {count:,} more row", "… and {count:,} more rows", left)
        pictures = []
        for begin in range(0, min(len(places), MOST_ROWS), ROWS_EACH):
            until = min(begin + ROWS_EACH, MOST_ROWS)
            rows = reader.rungs(places[begin:until], places[begin - 1] if begin else None)
            note = words.format(count=left) if until == MOST_ROWS and left > 0 else ""
            pictures.append(ladder_svg(rows, options, note))
        return tuple(pictures)


def ladder_text(recording: Path) -> list[str]:
    """Return the first MOST_ROWS rows of a recording as lines of text; raises as `ladder_of`."""
    with closing(open_recording(recording)) as opened:
        reader = whole_ladder(opened)
        rows = reader.rungs(reader.places()[:MOST_ROWS], None)
        return list(ladder_lines(rows, TextOptions(reader.addresses())))
