"""A system that shows no packets to anybody: a capture says so, and that nothing comes instead."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from netlib.engine.own_sockets import OwnSockets
from netlib.errors import NetError
from netlib.recording.capture import Capture
from netlib.recording.packets import CapturedPacket
from tests.helpers import wait_until


class Nothing:
    """Takes no packet."""

    error: NetError | None = None

    def put_packets(self, rows: Sequence[CapturedPacket]) -> None:
        raise AssertionError(rows)


@pytest.mark.parametrize(
    ("platform", "advice"),
    [("win32", "Npcap"), ("darwin", "ChmodBPF"), ("linux", "wireshark-common")],
)
def test_who_can_permit_it_is_said_and_that_segments_are_implied(
    monkeypatch: pytest.MonkeyPatch, platform: str, advice: str
) -> None:
    monkeypatch.setattr("netlib.system.packet_socket._AF_PACKET", None)
    monkeypatch.setattr("netlib.system.dumpcap._PLACES", {})
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("netlib.recording.capture.SAVES_SYN", False)
    monkeypatch.setattr(sys, "platform", platform)
    reason = Capture.available()
    assert advice in reason
    capture = Capture(Nothing(), OwnSockets())
    assert capture.begun_within(5.0)
    wait_until(lambda: capture.outcome is not None)
    assert capture.outcome == f"{reason} Segments in a ladder are implied."
    assert capture.how == ""
    assert capture.cancel()
