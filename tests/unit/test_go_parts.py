"""Parts of programs in Go."""

from __future__ import annotations

import pytest

from netlib.teaching.code.go_parts import argument, duration


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (5, "5 * time.Second"),
        (0.5, "500 * time.Millisecond"),
        (-2.5, "-2500 * time.Millisecond"),
        (3600, "3600 * time.Second"),
        (1234567.5, "1234567500 * time.Millisecond"),
        (0.00025, "250 * time.Microsecond"),
        (0.1, "100 * time.Millisecond"),
    ],
)
def test_a_duration_is_written_as_people_do(seconds: float, written: str) -> None:
    assert duration(seconds) == written
    assert argument(seconds) == written.replace(" ", "")
