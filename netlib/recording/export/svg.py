"""The ladder of a recording as an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netlib.i18n import N_
from netlib.recording.export.chosen import all_calls, chosen_calls
from netlib.recording.export.writer import Out, Turn, Writer
from netlib.recording.ladder import LadderReader, svg
from netlib.recording.places import places_of_calls
from netlib.recording.reader import Recording
from netlib.teaching.ladder_text import TextOptions

COMMENTARY: Final = True
"""A picture on paper has no pointer that asks what an arrow is: sentences stand beside it."""


class SvgWriter(Writer):
    """Draws the calls of which a line is chosen."""

    written = N_("{count} calls drawn in {name}")

    def write(self, recording: Recording, outs: Mapping[int, Out], turn: Turn) -> int:
        """Draw the calls. RecordingError: more calls than are known at once."""
        index = all_calls(recording, turn)
        chosen = chosen_calls(recording, index, self.options, turn)
        places = places_of_calls(call.number for call in chosen)
        reader = LadderReader(recording, index)
        options = TextOptions(reader.addresses(), self.options.encoding, COMMENTARY)
        next(iter(outs.values())).write(svg(reader, places, options).encode())
        return len(places)
