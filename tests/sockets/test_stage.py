"""Who is on the stage of a run: what is sent as there is room, and whose address is known."""

from __future__ import annotations

from netlib import EventQueue, Network, ServerConfig
from netlib.lessons.stage import PIECE_BYTES, Stage
from netlib.teaching.lesson_script import parse_line
from netlib.teaching.lesson_words import Reference
from tests.helpers import wait_until
from tests.sockets.conftest import SECONDS


def test_what_there_is_no_room_for_follows_in_order() -> None:
    queue = EventQueue(4 << 20)
    network = Network(queue)
    stage = Stage(network)
    stage.add("server", network.serve(ServerConfig(service="echo", port=0)))
    where = Reference("server", "local")

    def heard() -> bool:
        for item in queue.take():
            stage.hear(item)
        stage.go_on()
        return True

    assert stage.address(where) is None
    assert not stage.send(stage.activity(parse_line("stop server", 1, {"server"})), b"to nobody")
    wait_until(lambda: heard() and stage.address(where), SECONDS)
    from netlib import ClientConfig, ConnectionOptions

    address = stage.address(where)
    assert address is not None
    options = ConnectionOptions(duplex=True, stays_open=True)
    client = network.connect(ClientConfig(endpoint=address, options=options))
    stage.add("client", client)
    data = bytes(range(256)) * (5 * PIECE_BYTES // 256)
    wait_until(lambda: heard() and stage.send(client, data[:PIECE_BYTES]), SECONDS)
    assert stage.send(client, data[PIECE_BYTES:])
    wait_until(lambda: heard() and network.totals(client).received == len(data), SECONDS)
    stage.close()
    wait_until(lambda: not network.clients(client), SECONDS)
    assert network.close(5.0)
