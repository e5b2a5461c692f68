"""What a time server's reply tells, and that no digit is shown that is not known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.events import TimeReply
from netlib.i18n import set_language
from netlib.teaching.time_words import clock_offset, offset_figures, time_told
from tests.samples import HERE


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


def reply(
    offset: float | None, bound: float | None, text: str, stratum: int | None = None
) -> TimeReply:
    return TimeReply(
        at=1.0,
        activity=1,
        peer=HERE,
        number=1,
        text=text,
        rtt_seconds=0.01,
        offset_seconds=offset,
        precision_seconds=bound,
        stratum=stratum,
    )


@pytest.mark.parametrize(
    ("offset", "bound", "text", "told"),
    [
        (0.453, 0.5002, "12:00:00", ("", "0.5")),
        (-0.004, 0.5002, "12:00:00", ("", "0.5")),  # never “−0.00 s”
        (-2.0, 0.5002, "12:00:00", ("−2.0", "0.5")),
        (0.6, 0.55, "12:00:00", ("+0.6", "0.6")),  # a round trip of 100 ms adds 50
        (0.3127, 0.0502, "12:00:00.1", ("+0.31", "0.05")),
        (0.00042, 0.0002, "12:00:00.123456", ("+0.0004", "0.0002")),
        (0.00012, 0.0002, "12:00:00.123456", ("", "0.0002")),
        (0.5, 1e-9, "12:00:00.123456", ("+0.500000", "0.000001")),
        (0.2, None, "12:00:00", ("", "0.5")),  # an old recording
        (0.4, 0.5002, "Monday, November 30, 2026 17:09:20-UTC", ("", "0.5")),
    ],
)
def test_a_clock_offset_shows_no_digit_that_is_not_known(
    offset: float, bound: float | None, text: str, told: tuple[str, str]
) -> None:
    assert offset_figures(reply(offset, bound, text)) == told
    words = clock_offset(reply(offset, bound, text))
    assert ("whole seconds" in words) is ("." not in text)  # a fraction has the only point
    assert ("+ = server ahead" in words) is bool(told[0])


def test_of_ntp_stratum_delay_and_offset_are_told_with_their_letters() -> None:
    ntp = reply(2.05, 0.05, "2024-07-19T09:37:05.250000Z", stratum=1)
    assert time_told(ntp) == (
        "127.0.0.1:8080 says 2024-07-19T09:37:05.250000Z (stratum 1; round-trip time δ 10.0 ms;"
        " clock offset θ +2.05 s ± δ/2 = 0.05 s, + = server ahead)"
    )
    set_language("zh")
    assert time_told(ntp) == (
        "127.0.0.1:8080 应答 2024-07-19T09:37:05.250000Z（层级 1；往返时间 δ 10.0 毫秒；"
        "时钟偏差 θ +2.05 秒，误差不超过 δ/2 = 0.05 秒，+ 表示服务器快）"
    )


def test_theta_is_told_even_where_it_may_be_none() -> None:
    assert offset_figures(reply(0.00001, 0.0002, "…", stratum=1)) == ("+0.0000", "0.0002")


def test_what_a_server_of_somebody_else_says_is_made_safe() -> None:
    assert time_told(reply(None, None, "\x1b[2J")) == (
        r"127.0.0.1:8080 says \x1b[2J (round-trip time 10.0 ms)"
    )
