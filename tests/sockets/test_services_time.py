"""The time server on real sockets."""

from __future__ import annotations

from datetime import datetime

from netlib.network import Network
from tests.sockets.conftest import (
    Events,
    serve,
    udp_peer,
)


def test_time_is_told_to_any_datagram(network: Network, events: Events) -> None:
    server = serve(network, events, "time", udp=True, host="localhost")
    for host in ("127.0.0.1", "::1"):
        with udp_peer(server.port, host) as peer:
            for question in (b"", b"?", "获取时间".encode()):
                peer.send(question)
                answer = peer.recv(1000).decode()
                assert len(answer) in (20, 25)
                assert abs(datetime.fromisoformat(answer).timestamp() - _now()) < 5


def _now() -> float:
    return datetime.now().astimezone().timestamp()
