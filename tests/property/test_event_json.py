"""No event is lost or changed by a recording."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Event
from netlib.recording.event_json import from_json, public, to_json
from tests.samples import EVENT_TYPES, events, refusal

names = st.sampled_from([kind.__name__ for kind in EVENT_TYPES])
fields = st.sampled_from(["at", "activity", "peer", "error", "reason", "headers", "connection"])
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(events)
def test_every_event_comes_back(event: Event) -> None:
    assert from_json(to_json(event)) == event


@given(events, st.floats(0, 4e9))
def test_what_other_programs_see_is_plain_json(event: Event, at: float) -> None:
    shown = public(event, at)
    assert list(shown)[:2] == ["event", "at"]
    assert json.loads(json.dumps(shown)) == shown


@given(names, st.dictionaries(fields, anything))
def test_garbage_is_a_value_error(name: str, written: dict[str, Any]) -> None:
    text = json.dumps({"event": name} | written)
    if not refusal(from_json, text):
        assert isinstance(from_json(text), EVENT_TYPES)
