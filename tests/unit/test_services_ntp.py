"""The service that speaks NTP, without a socket."""

from __future__ import annotations

import pytest

from netlib.protocols.ntp import Mode, Packet, decode, to_timestamp
from netlib.services import Options
from netlib.services.ntp import Ntp
from tests.samples import SECOND, THERE, service_options


def test_a_query_is_answered_with_its_own_time_and_those_of_the_server() -> None:
    clock = iter([SECOND + 0.25, SECOND + 0.5])
    server = Ntp(Options(now=lambda: next(clock)))
    data = server.datagram(Packet(mode=Mode.CLIENT, poll=6, transmit=77).encode(), THERE)
    assert data is not None
    answer = decode(data)
    assert answer is not None
    assert (answer.mode, answer.version, answer.poll) == (Mode.SERVER, 4, 6)
    assert answer.origin == 77
    assert answer.receive == to_timestamp(SECOND + 0.25)
    assert answer.transmit == to_timestamp(SECOND + 0.5)
    assert (answer.stratum, answer.reference_id) == (1, b"LOCL")
    assert answer.synchronized


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_the_answer_has_the_version_of_the_query(version: int) -> None:
    query = Packet(mode=Mode.CLIENT, version=version).encode()
    data = Ntp(service_options()).datagram(query, THERE)
    assert data is not None
    answer = decode(data)
    assert answer is not None
    assert answer.version == version


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.CLIENT])
def test_what_is_no_query_is_not_answered(mode: Mode) -> None:
    assert Ntp(service_options()).datagram(Packet(mode=mode).encode(), THERE) is None


@pytest.mark.parametrize("data", [b"", b"?", bytes(48), b"\x23" + bytes(46), b"\x3b" + bytes(47)])
def test_what_is_no_ntp_of_our_time_is_not_answered(data: bytes) -> None:
    assert Ntp(service_options()).datagram(data, THERE) is None
