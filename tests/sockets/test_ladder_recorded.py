"""What really crossed between two ends of this program is one picture in its recording."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from netlib.activities.client import ClientConfig
from netlib.activities.serving import ServerConfig
from netlib.activities.tls import ClientTls, ServerTls
from netlib.address import Endpoint
from netlib.engine.outbox import Tee
from netlib.events import Accepted, Closed, Connected, Listening
from netlib.network import CloseMode, Network
from netlib.recording.journal import Journal
from netlib.teaching.calls import PLAIN_SENT, RECEIVED, SENT, WIRE_RECEIVED, WIRE_SENT
from netlib.teaching.ladder import Rung
from tests.certificates import Pair
from tests.helpers import wait_until
from tests.ladders import IN, opened
from tests.sockets.conftest import HOST, Events, call, serve, udp_client

Lesson = Callable[[Network, Events], object]


def rungs_of(tmp_path: Path, lesson: Lesson) -> list[Rung]:
    """Return the ladder of all that happened in a lesson."""
    journal, events = Journal(tmp_path / "lesson"), Events()
    network = Network(Tee(journal, events))
    try:
        lesson(network, events)
    finally:
        assert network.close()
        assert journal.close()
    with opened(journal.path) as found:
        assert found.lines()
        return found.rungs


def of_kind(rungs: list[Rung], kind: int) -> list[Rung]:
    return [rung for rung in rungs if rung.call.kind == kind]


def assert_bytes_agree(rungs: list[Rung], sent: int, received: int) -> None:
    """Fail unless every byte received is in one arrow of the call that sent it, in order."""
    arrows = {
        (rung.call.number, arrow.other, arrow.size)
        for rung in of_kind(rungs, sent)
        for arrow in rung.arrows
        if arrow.style == "seen"
    }
    assert arrows
    assert arrows == {
        (arrow.other, rung.call.number, arrow.size)
        for rung in of_kind(rungs, received)
        for arrow in rung.arrows
    }


def test_a_conversation_over_tcp_from_its_first_syn_to_its_last_fin(tmp_path: Path) -> None:
    def lesson(network: Network, events: Events) -> None:
        server = serve(network, events, "echo")
        number = call(network, server.port)
        events.wait_for(Connected, activity=number)
        for size in (1, 2, 3, 100_000):
            assert network.send(number, b"x" * size)
        wait_until(lambda: network.totals(number).received == 100_006)
        network.end(number, CloseMode.CLOSE)
        events.wait_for(Closed, activity=number)
        events.wait_for(Closed, activity=server.number)

    rungs = rungs_of(tmp_path, lesson)
    assert_bytes_agree(rungs, SENT, RECEIVED)
    assert sum(rung.size or 0 for rung in of_kind(rungs, SENT)) == 2 * 100_006
    labels = [(arrow.label, arrow.style) for rung in rungs for arrow in rung.arrows if arrow.label]
    segments = ["SYN", "SYN, ACK", "ACK"]
    assert [label for label, style in labels if style == "implied"][:3] == segments
    assert ("FIN", "seen") in labels
    fins = [(rung, arrow) for rung in rungs for arrow in rung.arrows if arrow.label == "FIN"]
    assert len({arrow.source for _rung, arrow in fins}) == 2


def test_a_close_with_unread_data_is_one_reset(tmp_path: Path) -> None:
    def lesson(network: Network, events: Events) -> None:
        server = serve(network, events, "echo")
        number = call(network, server.port)
        connection = events.wait_for(Accepted, activity=server.number).connection
        events.wait_for(Connected, activity=number)
        network.end(server.number, CloseMode.ABORT, connection)
        events.wait_for(Closed, activity=number)

    rungs = rungs_of(tmp_path, lesson)
    resets = [
        (rung.call.number, arrow.other)
        for rung in rungs
        for arrow in rung.arrows
        if arrow.label == "RST"
    ]
    (made, met), (also_met, also_made) = resets
    assert (made, met) == (also_made, also_met)


def test_a_burst_of_datagrams_is_matched_one_by_one(tmp_path: Path) -> None:
    def lesson(network: Network, events: Events) -> None:
        server = serve(network, events, "echo", udp=True)
        number = udp_client(network, events, server.port)
        numbers = count()
        for _datagram in range(1500):
            assert network.send(number, b"datagram %d" % next(numbers))
        wait_until(lambda: network.totals(number).sent >= 1500 * len(b"datagram 0"))
        assert network.send(number, b"the last one")
        wait_until(lambda: events.data(IN, number).endswith(b"the last one"))

    rungs = rungs_of(tmp_path, lesson)
    assert_bytes_agree(rungs, SENT, RECEIVED)
    datagrams = {rung.call.number: rung for rung in rungs if rung.call.kind}
    for rung in datagrams.values():
        (arrow,) = rung.arrows
        if arrow.other is None:
            assert arrow.style == "lost"
        else:
            assert datagrams[arrow.other].call.data == rung.call.data


def test_under_tls_the_ciphertext_of_both_ends_is_matched(
    tmp_path: Path, authority: Path, good: Pair
) -> None:

    def lesson(network: Network, events: Events) -> None:
        server = network.serve(
            ServerConfig(
                service="echo",
                host=HOST,
                port=0,
                tls=ServerTls(cert_file=good.cert, key_file=good.key),
            )
        )
        port = events.wait_for(Listening, activity=server).local.port
        number = network.connect(
            ClientConfig(endpoint=Endpoint("localhost", port), tls=ClientTls(ca_file=authority))
        )
        wait_until(lambda: network.send(number, b"secret\n"))
        wait_until(lambda: b"secret\n" in events.data(IN, number))
        network.end(number, CloseMode.CLOSE)
        events.wait_for(Closed, activity=number)
        events.wait_for(Closed, activity=server)

    rungs = rungs_of(tmp_path, lesson)
    assert_bytes_agree(rungs, WIRE_SENT, WIRE_RECEIVED)
    assert {arrow.sort for rung in of_kind(rungs, WIRE_SENT) for arrow in rung.arrows} == {"secret"}
    assert of_kind(rungs, SENT) == []
    assert all(not rung.arrows for rung in of_kind(rungs, PLAIN_SENT))
    assert len(of_kind(rungs, PLAIN_SENT)) == 2
