"""Every event, whatever its fields, is one line."""

from __future__ import annotations

from hypothesis import given

from netlib.events import Event
from netlib.teaching.narrate import describe, mark
from netlib.text import visible_text
from tests.samples import events


@given(events)
def test_every_event_has_a_mark_and_one_line(event: Event) -> None:
    assert mark(event) in "✓·!✗"
    line = describe(event)
    assert line
    assert visible_text(line) == line
