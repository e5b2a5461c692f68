"""What a time server's answer tells, in each protocol, without a socket."""

from __future__ import annotations

import pytest

from netlib.protocols.ntp import Mode, Packet, to_timestamp
from netlib.protocols.time_protocols import TIME_PROTOCOLS, Told, offset
from netlib.value import replace
from tests.samples import SECOND

NTP = TIME_PROTOCOLS["ntp"]
ASKED = float(SECOND)
REPLY = Packet(
    mode=Mode.SERVER,
    stratum=2,
    origin=to_timestamp(ASKED),
    receive=to_timestamp(ASKED + 2.05),
    transmit=to_timestamp(ASKED + 2.06),
)


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("2024-07-19T09:37:05Z", 0.5),  # cut to the second: half of one has passed on average
        ("2024-07-19T17:37:05+08:00", 0.5),
        ("2024-07-19T09:37:05.250Z", 0.2505),
        ("2024-07-19T09:37:03.5Z\n", -1.45),
        ("2024-07-19T09:37:05", None),  # of which zone?
        ("five past nine", None),
        ("", None),
    ],
)
def test_how_far_a_clock_is_ahead_is_told_where_it_can_be(text: str, ahead: float | None) -> None:
    assert offset(text, SECOND) == (None if ahead is None else pytest.approx(ahead, abs=1e-6))


def test_ntp_is_asked_with_our_time_and_tells_stratum_delay_and_offset() -> None:
    assert NTP.query(ASKED) == Packet(mode=Mode.CLIENT, transmit=to_timestamp(ASKED)).encode()
    told = NTP.read(REPLY.encode(), ASKED, 0.11)
    assert told is not None
    assert told.text == "2024-07-19T09:37:07.060000Z"
    assert (told.rtt, told.offset) == pytest.approx((0.1, 2.0), abs=1e-6)
    assert told.precision == told.rtt / 2
    assert told.stratum == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(REPLY, origin=to_timestamp(ASKED) + 1),
        replace(REPLY, origin=0),
        replace(REPLY, mode=Mode.CLIENT),
        replace(REPLY, mode=Mode.BROADCAST),
    ],
)
def test_what_does_not_repeat_our_time_is_no_reply_to_us(other: Packet) -> None:
    assert NTP.read(other.encode(), ASKED, 0.1) is None
    assert NTP.read(REPLY.encode()[:-1], ASKED, 0.1) is None


def test_a_server_that_has_no_time_or_wants_to_be_left_alone_says_so() -> None:
    kiss = replace(REPLY, stratum=0, reference_id=b"RATE")
    assert NTP.read(kiss.encode(), ASKED, 0.1) == Told("RATE", 0.1, None, None, 0)
    lost = replace(REPLY, leap=3)
    assert NTP.read(lost.encode(), ASKED, 0.1) == Told("unsynchronized", 0.1, None, None, 2)


@pytest.mark.parametrize("version", [0, 1, 3, 5, 7])
def test_a_reply_of_another_version_is_none(version: int) -> None:
    assert NTP.read(replace(REPLY, version=version).encode(), ASKED, 0.1) is None


def test_a_reply_whose_times_cannot_be_is_not_believed() -> None:
    no_t2 = NTP.read(replace(REPLY, receive=0).encode(), ASKED, 0.1)
    assert no_t2 is not None
    assert no_t2.offset is None
    slow = replace(REPLY, transmit=(REPLY.receive + 5 * (1 << 32)) % (1 << 64))
    little = NTP.read(REPLY.encode(), ASKED, 0.0095)  # two clocks count half a millisecond apart
    assert little is not None
    assert (little.rtt, little.precision) == (0.0, 0.0)
    told = NTP.read(slow.encode(), ASKED, 0.005)
    assert told is not None
    assert (told.text, told.offset, told.precision) == ("T3 − T2 > T4 − T1", None, None)


def test_daytime_tells_whole_seconds() -> None:
    read = TIME_PROTOCOLS["daytime"].read
    line = "Friday, July 19, 2024 09:37:05-UTC"
    told = read(f"{line}\r\n".encode(), ASKED + 0.25, 0.5)
    assert told == Told(line, 0.5, 0.0, 0.75)
    assert read(b"19 JUL 24 09:37:05 PDT", ASKED, 0.5) == Told(
        "19 JUL 24 09:37:05 PDT", 0.5, None, None
    )
