"""No event is lost or changed by a recording."""

from __future__ import annotations

import json
from base64 import b64encode
from math import inf, nan
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Event
from netlib.recording.event_json import from_json, public, to_json
from netlib.value import fields as value_fields
from netlib.value import replace
from tests.samples import EVENT_TYPES, events, refusal

names = st.sampled_from([kind.__name__ for kind in EVENT_TYPES])
fields = st.sampled_from(["at", "activity", "peer", "error", "reason", "headers", "connection"])
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def as_json(value: Any) -> Any:
    """Turn an event into what `json` knows, the plain way; bytes become base64."""
    if names := value_fields(value):
        return {name: as_json(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return b64encode(value).decode() if isinstance(value, bytes) else value


@given(events, st.sampled_from([inf, -inf, nan, 60]) | st.floats())
def test_an_event_is_written_as_json_writes_it(event: Event, at: float) -> None:
    for one in (event, replace(event, at=at)):
        plain = json.dumps({"event": type(one).__name__} | as_json(one))
        assert to_json(one) == plain


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
