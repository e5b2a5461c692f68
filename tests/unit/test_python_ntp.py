"""The arithmetic of the NTP program that is shown is that of `netlib.protocols.ntp`."""

from __future__ import annotations

import re

import pytest

from netlib.protocols import ntp
from netlib.teaching.code import python_ntp


def test_both_count_from_1900() -> None:
    assert python_ntp.EPOCH_SECONDS == ntp.EPOCH_SECONDS


def test_the_query_has_the_bytes_of_a_query_of_ours() -> None:
    (call,) = re.findall(r"struct.pack\((.*)\)\)", "\n".join(python_ntp.QUERY))
    assert call == '"!B39xQ", 0x23, stamp'
    packet = ntp.Packet(mode=ntp.Mode.CLIENT, transmit=0x1122334455667788)
    assert packet.encode() == b"\x23" + bytes(39) + bytes.fromhex("1122334455667788")


@pytest.mark.parametrize(("ahead", "written"), [(0.0, "2208988800)"), (2.5, "2208988800 + 2.5)")])
def test_a_clock_that_is_wrong_is_written_into_the_program(ahead: float, written: str) -> None:
    before, _answer = python_ntp.answer(ahead)
    assert any(written in line for line in before)
