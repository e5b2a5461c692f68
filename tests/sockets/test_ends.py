"""What Linux says of both ends of a connection, as the cases ask it."""

from __future__ import annotations

import sys
from functools import partial

import pytest

from netlib import CloseMode, Listening, Network, ReadingPaused, ServerConfig
from netlib.live_cases import ends as module
from netlib.live_cases.ends import LOOPBACK, Ends, probes
from netlib.live_cases.heard import Heard
from tests.helpers import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc/net/tcp")


def test_both_ends_are_seen_from_first_byte_to_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PORT", port := free_port())
    heard = Heard()
    network = Network(heard.queue)
    try:
        config = ServerConfig(service="acknowledge", host=LOOPBACK, port=port)
        server = network.serve(config)
        heard.wait_for(Listening, activity=server)
        ends = partial(Ends, network, heard, server, LOOPBACK)()
        assert (ends.client_socket.state, ends.server_socket.state) == ("01", "01")
        network.kernel.pause_reading(server, ends.served)
        heard.wait_for(ReadingPaused, connection=ends.served)
        ends.send(b"hello\n")
        heard.wait_until(lambda: ends.server_socket.unread == 6)
        assert ends.client_socket.retransmits == 0
        network.kernel.resume_reading(server, ends.served)
        heard.wait_until(lambda: ends.heard() == "已接收: hello\n".encode())
        assert ends.heard_by_server() == b"hello\n"
        ends.end(CloseMode.CLOSE)
        heard.wait_until(lambda: ends.server_socket.state == module.GONE)
        assert probes() >= 0
    finally:
        assert network.close(5.0)
