"""What is known of the other end of a call: where its bytes came from, and where they arrived."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.errors import Cause, NetError, Operation
from netlib.events import ActivityStopped, CloseReason, Failed, Idle
from netlib.recording import call_columns, ladder
from netlib.recording.ladder import arrivals
from netlib.recording.places import places_of_calls
from netlib.teaching.calls import RECEIVED, SENT, Call
from netlib.teaching.ladder import Site
from netlib.teaching.ladder_text import commentary
from tests.ladders import (
    CLIENT,
    DIALLED,
    DIALS,
    IN,
    OUT,
    SERVER,
    SERVES,
    UDP,
    Ladder,
    arrivals_of,
    both,
    brief,
    closed,
    connected,
    connecting,
    datagram,
    finished,
    listening,
    opened,
    peer_finished,
    plain,
    received,
    sent,
    wire,
)
from tests.ladders import ladder as recorded_ladder
from tests.pages import Chunk, write_1


def others(found: Ladder, numbers: range) -> list[list[tuple[int | None, int]]]:
    """Return of some rows where each arrow ends or begins, and how many bytes it is."""
    return [arrivals_of(rung) for rung in found.reader.rungs(places_of_calls(numbers))]


def styles(found: Ladder) -> list[str]:
    """Return how the arrows of datagrams and streams that were sent are drawn."""
    rungs = [rung for rung in found.rungs if rung.call.kind == SENT]
    return [arrow.style for rung in rungs for arrow in rung.arrows]


# -- streams -------------------------------------------------------------------------------------


def test_three_sends_arrive_in_one_receive_and_one_send_in_three() -> None:
    items = [
        *(*both(), sent(b"a"), sent(b"bc"), sent(b"def"), received(b"abcdef")),
        *(sent(b"xyz", serves=True), *(received(bytes([one]), serves=False) for one in b"xyz")),
    ]
    with recorded_ladder(items) as found:
        assert others(found, range(4, 8)) == [
            *([(7, 1)], [(7, 2)], [(7, 3)], [(4, 1), (5, 2), (6, 3)])
        ]
        assert others(found, range(8, 12)) == [
            *([(9, 1), (10, 1), (11, 1)], [(8, 1)], [(8, 1)], [(8, 1)])
        ]


def test_what_was_not_received_yet_waits() -> None:
    with recorded_ladder([*both(), sent(b"abc"), received(b"ab"), sent(b"d")]) as found:
        assert styles(found) == ["seen", "waiting", "waiting"]
        assert [line for line in found.said() if "not received yet" in line] == [
            f"{CLIENT} ──… {SERVER}  send  1 B  abc  not received yet",
            f"{CLIENT} ──… {SERVER}  send  1 B  d  not received yet",
        ]


def test_of_an_end_alone_nothing_is_said_of_what_arrived() -> None:
    with recorded_ladder([connected(), sent(b"abc"), received(b"d", serves=False)]) as found:
        assert others(found, range(1, 3)) == [[(None, 3)], [(None, 1)]]
        assert styles(found) == ["seen"]


def test_bytes_that_very_many_calls_received_are_not_said_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call_columns, "MOST_PARTS", 3)
    items = [*both(), sent(b"x" * 10), *[received(b"x")] * 9]
    with recorded_ladder(items) as found:
        rung = found.find(4)
        assert arrivals_of(rung) == [(5, 1), (6, 1), (7, 1), (None, 6), (None, 1)]
        assert [arrow.style for arrow in rung.arrows] == [*["seen"] * 4, "waiting"]
        assert commentary(rung) == "So far 9 of 10 bytes were received by the peer."
    with recorded_ladder([*items, received(b"x")]) as found:
        rung = found.find(4)
        assert [arrow.style for arrow in rung.arrows] == ["seen"] * 4
        assert commentary(rung) == (
            "It was received by more than 3 calls of the peer: TCP carries bytes, not messages."
        )
    with recorded_ladder([*both(), *[sent(b"x")] * 10, received(b"x" * 10)]) as found:
        assert commentary(found.find(14)) == (
            "Bytes of more than 3 send calls arrived in this one receive: "
            "TCP carries bytes, not messages."
        )


def test_under_tls_ciphertext_is_what_crosses_and_plain_text_is_a_note() -> None:
    items = [
        *both(),
        *(plain(b"hi", OUT, False), wire(b"\x17\x03\x03", OUT, False)),
        *(wire(b"\x17\x03", IN, True), wire(b"\x03", IN, True), plain(b"hi", IN, True)),
    ]
    with recorded_ladder(items) as found:
        assert others(found, range(4, 9)) == [[], [(6, 2), (7, 1)], [(5, 2)], [(5, 1)], []]
        assert {arrow.sort for arrow in found.find(5).arrows} == {"secret"}
        assert found.said()[-1] == f"{SERVER}  · read as plain text: hi"


def test_a_client_without_tls_at_a_server_with_it() -> None:
    items = [*both(), sent(b"hi"), wire(b"hi", IN, True), wire(b"\x15", OUT, True)]
    with recorded_ladder([*items, received(b"\x15", serves=False)]) as found:
        assert others(found, range(4, 8)) == [[(5, 2)], [(4, 2)], [(7, 1)], [(6, 1)]]


def test_a_recording_of_version_1_is_matched_too(tmp_path: Path) -> None:
    path = write_1(tmp_path / "r", [Chunk(b"a", 2), Chunk(b"b", 1)])
    with opened(path) as found:
        assert [line.partition("  ")[2] for line in found.said()] == [
            "send  1 B  a",
            "recv  1 B  b",
        ]


# -- how a connection ends -----------------------------------------------------------------------


def test_a_fin_is_drawn_to_the_call_that_met_it_both_ways() -> None:
    items = [
        *(*both(), finished(), peer_finished(), closed(serves=True)),
        *(peer_finished(serves=False), closed(CloseReason.BY_PEER)),
    ]
    with recorded_ladder(items) as found:
        fin, met, other, met_other, end = found.rungs[4:]
        assert [arrow.other for arrow in fin.arrows] == [5]
        assert [arrow.other for arrow in met.arrows] == [4, None]
        assert [arrow.other for arrow in other.arrows] == [7]
        assert [arrow.other for arrow in met_other.arrows] == [6, None]
        assert (end.name, end.arrows) == ("close", ())


def test_between_two_fins_many_things_may_happen() -> None:
    idle = Idle(at=3.0, activity=DIALS, connection=DIALLED, seconds=1.0)
    items = [*both(), finished(), peer_finished(), *[idle] * 40, closed()]
    with recorded_ladder(items) as found:
        assert (found.rungs[-1].name, found.rungs[-1].arrows) == ("close", ())
        assert [arrow.other for arrow in found.find(5).arrows] == [4, None]


@pytest.mark.parametrize("reason", [CloseReason.ABORTED, CloseReason.BY_US])
def test_a_reset_is_drawn_to_the_call_that_met_it(reason: CloseReason) -> None:
    """A close with unread data is a reset, whatever the program asked for."""
    items = [*both(), closed(reason), closed(CloseReason.RESET, serves=True)]
    with recorded_ladder(items) as found:
        made, met = found.rungs[4:]
        assert brief(made.arrows, serves=False) == ["→ RST seen"]
        assert [arrow.other for arrow in made.arrows] == [5]
        assert brief(met.arrows, serves=True) == ["← RST seen"]
        if reason is CloseReason.ABORTED:
            assert [arrow.other for arrow in met.arrows] == [4]


def test_who_is_written_to_after_its_close_sent_fin_and_only_then_rst() -> None:
    items = [*both(), closed(), peer_finished(), closed(CloseReason.RESET, serves=True)]
    with recorded_ladder(items) as found:
        made, met, reset = found.rungs[4:]
        assert brief(made.arrows, serves=False) == ["→ FIN seen"]
        assert [arrow.other for arrow in made.arrows] == [5]
        assert [arrow.other for arrow in met.arrows] == [4, None]
        assert brief(reset.arrows, serves=True) == ["← RST seen"]


def test_a_reset_from_outside_begins_in_its_own_row() -> None:
    with recorded_ladder([connected(), closed(CloseReason.RESET)]) as found:
        (rst,) = found.rungs[-1].arrows
        assert (rst.source, rst.other) == (Site(0, str(SERVER), True), None)


# -- before there is a connection ----------------------------------------------------------------


def test_a_syn_goes_to_the_server_that_accepted_it() -> None:
    with recorded_ladder(both()) as found:
        (syn,) = found.find(1).arrows
        assert (syn.source, syn.target) == (Site(DIALS, "", False), Site(SERVES, "", True))


def test_an_address_that_refused_is_not_the_server_that_accepted_at_another() -> None:
    """localhost is ::1 first, where nobody listens."""
    nobody = Endpoint("::1", SERVER.port)
    error = NetError(Operation.CONNECT, Cause.REFUSED, endpoint=nobody)
    items = [
        *(listening(), connecting(nobody), Failed(at=1.0, activity=DIALS, error=error)),
        *both()[1:],
    ]
    with recorded_ladder(items) as found:
        (syn,), (rst,), (second,) = (found.find(number).arrows for number in (1, 2, 3))
        assert syn.target == rst.source == Site(0, str(nobody), True)
        assert (rst.label, rst.style) == ("RST, ACK", "seen")
        assert second.target == Site(SERVES, "", True)


def test_a_timeout_is_no_arrow_that_came_back() -> None:
    error = NetError(Operation.CONNECT, Cause.TIMED_OUT, endpoint=SERVER)
    items = [connecting(), Failed(at=1.0, activity=DIALS, error=error)]
    with recorded_ladder(items) as found:
        assert [len(rung.arrows) for rung in found.rungs] == [1, 0]
        assert found.said()[0].endswith(f"╌╌▶ {SERVER}  SYN  implied")


def test_where_servers_and_clients_are_is_told() -> None:
    with recorded_ladder(both()) as found:
        assert found.reader.addresses() == {
            Site(SERVES, "", True): str(SERVER),
            Site(DIALS, "", False): str(CLIENT),
        }


# -- datagrams -----------------------------------------------------------------------------------


def speaking(*rest: Item) -> list[Item]:
    """Return a UDP server and a client of it, and what they do: calls from 2 on."""
    return [listening(SERVER, UDP), connected(connection=0, transport=UDP), *rest]


def asks(data: bytes) -> Item:
    return datagram(data, OUT, DIALS, SERVER)


def hears(data: bytes) -> Item:
    return datagram(data, IN, SERVES, CLIENT)


def test_a_datagram_arrives_whole_in_one_call() -> None:
    answer = [datagram(b"A", OUT, SERVES, CLIENT), datagram(b"A", IN, DIALS, SERVER)]
    items = speaking(asks(b"a"), asks(b""), hears(b"a"), hears(b""), *answer)
    with recorded_ladder(items) as found:
        assert others(found, range(2, 8)) == [
            *([(4, 1)], [(5, 0)], [(2, 1)], [(3, 0)], [(7, 1)], [(6, 1)])
        ]


def test_a_datagram_is_lost_when_a_later_one_arrived() -> None:
    with recorded_ladder(speaking(asks(b"a"), asks(b"b"), hears(b"b"))) as found:
        assert styles(found) == ["lost", "seen"]
        assert commentary(found.find(2)).startswith("This datagram was never received")


def test_a_datagram_may_still_arrive_while_no_later_one_has() -> None:
    with recorded_ladder(speaking(asks(b"a"), hears(b"a"), asks(b"b"))) as found:
        assert styles(found) == ["seen", "waiting"]


@pytest.mark.parametrize("everywhere", [None, "0.0.0.0", "::"])
def test_a_datagram_of_which_a_server_here_knows_nothing_waits(everywhere: str | None) -> None:
    place = Endpoint(everywhere or SERVER.host, SERVER.port)
    items: list[Item] = [listening(place, UDP), connected(connection=0, transport=UDP)]
    with recorded_ladder([*items, asks(b"a")]) as found:
        assert styles(found) == ["waiting"]
        assert found.find(2).arrows[0].target == Site(SERVES, "", True)
    with recorded_ladder([*items, asks(b"a"), ActivityStopped(at=9.0, activity=SERVES)]) as found:
        assert styles(found) == ["lost"]


def test_of_a_datagram_to_somebody_else_nothing_is_said() -> None:
    later = listening(SERVER, UDP, at=90.0)
    elsewhere = listening(Endpoint(SERVER.host, 1), UDP)
    client = connected(connection=0, transport=UDP)
    for items in ([client, asks(b"a"), later], [elsewhere, client, asks(b"a")], [asks(b"a")]):
        with recorded_ladder(items) as found:
            assert styles(found) == ["seen"]


def test_what_has_not_arrived_when_the_server_stops_is_lost() -> None:
    stopped = ActivityStopped(at=9.0, activity=SERVES)
    with recorded_ladder(speaking(asks(b"a"), hears(b"a"), asks(b"b"), stopped)) as found:
        assert styles(found) == ["seen", "lost"]


def test_datagrams_that_change_places_are_known_by_their_bytes() -> None:
    with recorded_ladder(speaking(asks(b"a"), asks(b"b"), hears(b"b"), hears(b"a"))) as found:
        assert others(found, range(2, 6)) == [[(5, 1)], [(4, 1)], [(3, 1)], [(2, 1)]]


def test_the_same_bytes_again_and_again_arrive_in_their_order() -> None:
    with recorded_ladder(speaking(*[asks(b"a")] * 3, *[hears(b"a")] * 3)) as found:
        assert others(found, range(2, 5)) == [[(5, 1)], [(6, 1)], [(7, 1)]]


def test_one_that_was_lost_is_not_taken_for_the_same_bytes_sent_later() -> None:
    with recorded_ladder(
        speaking(asks(b"a"), asks(b"a"), hears(b"a"), asks(b"a"), hears(b"a"))
    ) as f:
        assert others(f, range(2, 7)) == [[(None, 1)], [(4, 1)], [(3, 1)], [(6, 1)], [(5, 1)]]
        assert styles(f) == ["lost", "seen", "seen"]


def test_a_datagram_that_came_twice_was_sent_once() -> None:
    with recorded_ladder(speaking(asks(b"a"), hears(b"a"), hears(b"a"))) as found:
        assert others(found, range(2, 5)) == [[(3, 1)], [(2, 1)], [(None, 1)]]


def test_a_burst_arrives_though_all_of_it_was_sent_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "AT_ONCE", 8)
    burst = [b"%d" % number for number in range(100)]
    items: list[Item] = []
    for begin in range(0, 100, 8):
        some = burst[begin : begin + 8]
        items += [*map(asks, some), *map(hears, some[1:])]  # the first of each is lost
    with recorded_ladder(speaking(*items)) as found:
        rungs = found.rungs[2:]
        sends = {rung.call.number: rung for rung in rungs if rung.call.is_sent}
        receives = {rung.call.number: rung for rung in rungs if not rung.call.is_sent}
        assert {rung.call.data for rung in sends.values() if rung.arrows[0].other is None} == {
            *burst[::8]
        }
        assert all(
            sends[rung.arrows[0].other or 0].call.data == rung.call.data
            and sends[rung.arrows[0].other or 0].arrows[0].other == number
            for number, rung in receives.items()
        )


def told(kind: int, *datas: bytes, first: int) -> list[Call]:
    return [
        Call(first + place, 0.0, 0.0, 0, kind, 0, size=len(data), data=data)
        for place, data in enumerate(datas)
    ]


def test_nothing_arrives_before_it_was_sent() -> None:
    before, after = told(RECEIVED, b"a", first=1), told(RECEIVED, b"a", first=9)
    calls = told(SENT, b"a", b"b", first=5)
    assert arrivals(calls, before) == {}
    assert arrivals(calls, [*before, *after]) == {5: 9}


# -- rows ----------------------------------------------------------------------------------------


def test_the_time_since_the_row_above_does_not_depend_on_where_reading_begins() -> None:
    items = [*both(), *(sent(b"x", at=2.0 + one) for one in range(5))]
    with recorded_ladder(items) as found:
        whole = found.rungs
        assert whole[0].delta is None
        assert [rung.pause for rung in whole[4:]] == [1.0] * 5
        places = found.reader.places()
        for first in range(len(whole)):
            above = places[first - 1] if first else None
            assert found.reader.rungs(places[first:], above) == whole[first:]


def test_only_the_first_bytes_of_a_call_are_read() -> None:
    with recorded_ladder([*both(), sent(b"x" * 5000)]) as found:
        rung = found.find(4)
        assert (len(rung.call.data), rung.call.size) == (ladder.SHOWN_BYTES, 5000)
