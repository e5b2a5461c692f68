"""The line of a daytime server: written, known again, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.protocols.daytime import is_daytime, read, write
from tests.samples import SECOND

LINE = b"Friday, July 19, 2024 09:37:05-UTC\r\n"


def test_the_line_is_the_first_form_of_rfc_867_in_utc() -> None:
    assert write(SECOND + 0.9) == LINE
    assert read(LINE.decode()) == SECOND


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_every_second_of_the_calendar_is_read_again(second: int) -> None:
    text = write(second).decode()
    assert is_daytime(text)
    assert read(text) == second


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Tuesday, February 22, 1982 17:37:43-PST", True),  # the example of the RFC
        ("Tuesday, February 30, 1982 17:37:43-UTC", True),
        ("02 FEB 82 07:59:01 PST", False),  # its other form
        ("2024-07-19T09:37:05Z", False),
        ("", False),
    ],
)
def test_what_is_not_in_utc_or_has_another_form_tells_no_time(text: str, known: bool) -> None:
    assert is_daytime(text) is known
    assert read(text) is None


def test_an_echo_in_capitals_is_a_daytime_too() -> None:
    assert is_daytime(LINE.decode().upper())
    assert read(LINE.decode().upper()) == SECOND


@pytest.mark.parametrize("seconds", [1e12, -1e12, float("inf"), float("nan")])
def test_a_clock_outside_of_the_calendar_is_refused(seconds: float) -> None:
    with pytest.raises((OverflowError, ValueError)):
        write(seconds)
