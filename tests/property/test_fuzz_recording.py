"""No recording, however damaged, ends the command line in a traceback."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz_recording import readings

MUTATIONS = 30


@settings(max_examples=10)
@given(st.integers(0, 1 << 30))
def test_whatever_is_damaged_is_read_or_refused(seed: int) -> None:
    assert {reading.code for reading in readings(MUTATIONS, seed)} <= {0, 1, 2}
