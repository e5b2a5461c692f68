"""NTP in Go: the same numbers as in our own."""

from __future__ import annotations

from netlib.protocols.ntp import Mode, Packet, to_timestamp
from netlib.teaching.code.go_ntp import ANSWER, query


def test_the_query_is_48_bytes_and_begins_as_ours() -> None:
    lines = query([])
    ours = Packet(mode=Mode.CLIENT, transmit=to_timestamp(0.0)).encode()
    assert f"query := make([]byte, {len(ours)})" in lines
    assert f"query[0] = {ours[0]:#x}" in lines


def test_only_queries_of_clients_are_answered() -> None:
    assert ANSWER[0] == "if n >= 48 && buffer[0]&7 == 3 {"
