"""Which two ends of a recording are one connection, or speak by datagrams."""

from __future__ import annotations

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from netlib.events import Event, Idle
from netlib.recording import pairing
from netlib.recording.cut import Cut, Row
from netlib.recording.pairing import FIRST_EVENTS, Pairing
from netlib.teaching.calls import EVENT, RECEIVED, SENT, End
from tests.ladders import (
    CLIENT,
    DIALS,
    IN,
    OUT,
    SERVER,
    SERVES,
    TCP,
    UDP,
    Ladder,
    accepted,
    both,
    connected,
    datagram,
    ladder,
    listening,
    received,
    sent,
)

ELSEWHERE = Endpoint("192.0.2.7", 9)


def pairs(found: Ladder) -> list[tuple[str, str]]:
    """Return which ends are partners, by where they are."""
    known = found.index.pairing
    return sorted((known.ends[a].local, known.ends[b].local) for a, b in known.partners.items())


def ends(*items: Item) -> list[End]:
    with ladder(items) as found:
        return found.index.pairing.ends


def paired(*items: Item) -> list[tuple[str, str]]:
    with ladder(items) as found:
        return pairs(found)


BOTH = sorted([(str(SERVER), str(CLIENT)), (str(CLIENT), str(SERVER))])


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [0, 1, 3, 2], [2, 0, 3, 1], [3, 2, 1, 0]], ids=str)
def test_the_ends_of_a_connection_are_partners_whoever_is_told_first(order: list[int]) -> None:
    items = both()
    assert paired(*(items[place] for place in order)) == BOTH


def test_ends_are_numbered_as_they_come_and_say_where_they_are() -> None:
    assert ends(*both()) == [
        End(0, SERVES, 0, str(SERVER), "", serves=True),
        End(1, DIALS, 0),
        End(2, DIALS, 12, str(CLIENT), str(SERVER)),
        End(3, SERVES, 11, str(SERVER), str(CLIENT), serves=True),
    ]


def test_one_end_only_has_no_partner() -> None:
    assert paired(listening(), accepted()) == []
    assert paired(connected()) == []
    assert paired(sent(b"the connection's beginning is not in the recording")) == []


@pytest.mark.parametrize("missing", ["connected", "accepted"])
def test_without_the_beginning_of_one_end_nothing_is_matched(missing: str) -> None:
    """The quota takes the oldest: what goes on has no beginning."""
    beginning = both()[3] if missing == "connected" else both()[2]
    assert paired(listening(), beginning, sent(b"later"), received(b"later")) == []


def test_a_client_of_another_port_is_not_this_servers() -> None:
    other = Endpoint(SERVER.host, 8081)
    assert paired(listening(), connected(peer=other), accepted()) == []


def test_a_server_may_listen_on_all_addresses() -> None:
    everywhere = Endpoint("0.0.0.0", SERVER.port)
    assert (str(CLIENT), str(SERVER)) in paired(
        listening(everywhere), connected(), accepted(local=SERVER)
    )


def test_two_connections_between_the_same_hosts_are_told_apart_by_their_ports() -> None:
    second = Endpoint(CLIENT.host, 50001)
    items = [
        listening(),
        connected(connection=1),
        connected(second, connection=2, activity=3),
        accepted(second, connection=3),
        accepted(connection=4),
    ]
    assert paired(*items) == sorted([*BOTH, (str(SERVER), str(second)), (str(second), str(SERVER))])


def test_a_port_that_is_used_again_belongs_to_the_connection_of_its_time() -> None:
    items = [
        listening(),
        *(connected(connection=1), accepted(connection=2)),
        *(connected(connection=3, at=9.0), accepted(connection=4, at=9.0)),
    ]
    with ladder(items) as found:
        known = found.index.pairing
        by_connection = {
            known.ends[a].connection: known.ends[b].connection for a, b in known.partners.items()
        }
    assert by_connection == {1: 2, 2: 1, 3: 4, 4: 3}


def test_a_connection_accepted_long_before_a_client_began_is_somebody_elses() -> None:
    """Another program had the port pair before; its connection is not ours."""
    items = [
        listening(),
        accepted(connection=2, at=1.0),
        connected(connection=3, at=90.0),
        accepted(connection=4, at=90.0),
    ]
    with ladder(items) as found:
        known = found.index.pairing
        assert {
            known.ends[a].connection: known.ends[b].connection for a, b in known.partners.items()
        } == {
            3: 4,
            4: 3,
        }


def test_a_client_that_connected_before_the_server_listened_was_somebody_elses() -> None:
    assert paired(connected(at=1.0), listening(at=90.0), accepted(at=91.0)) == []


def test_tcp_and_udp_have_ports_of_their_own() -> None:
    items = [
        connected(transport=TCP),
        listening(SERVER, UDP),
        datagram(b"from another program", IN, SERVES, CLIENT),
    ]
    assert paired(*items) == []


def test_a_udp_client_and_a_server_are_partners_by_their_addresses() -> None:
    items = [
        listening(SERVER, UDP),
        connected(connection=0, transport=UDP),
        datagram(b"a", OUT, DIALS, SERVER),
        datagram(b"a", IN, SERVES, CLIENT),
    ]
    assert paired(*items) == BOTH
    assert paired(*(items[place] for place in (1, 2, 0, 3))) == BOTH


def test_a_udp_client_at_an_unknown_address_is_known_by_what_it_sent_first() -> None:
    items = [
        listening(SERVER, UDP),
        datagram(b"a", OUT, DIALS, SERVER),
        datagram(b"b", OUT, 3, SERVER),
        datagram(b"b", IN, SERVES, Endpoint(CLIENT.host, 50001)),
        datagram(b"a", IN, SERVES, CLIENT),
    ]
    second = f"{CLIENT.host}:50001"
    with ladder(items) as found:
        assert pairs(found) == sorted([*BOTH, (second, str(SERVER)), (str(SERVER), second)])
        owners = {end.local: end.activity for end in found.index.pairing.ends if not end.serves}
    assert owners == {str(CLIENT): DIALS, second: 3}


def test_of_unknown_clients_those_that_asked_last_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pairing, "ASKING", 2)
    items: list[Item] = [listening(SERVER, UDP)]
    items += [datagram(bytes([one]), OUT, one, SERVER) for one in (2, 3, 4)]
    items += [
        datagram(bytes([one]), IN, SERVES, Endpoint(CLIENT.host, 50000 + one)) for one in (2, 3, 4)
    ]
    with ladder(items) as found:
        known = found.index.pairing
        assert {known.ends[one].activity for one in known.partners} == {SERVES, 3, 4}


def test_of_ends_that_wait_those_that_came_last_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pairing, "MOST_ENDS", 2)
    places = [Endpoint(CLIENT.host, port) for port in (1, 2, 3)]
    items: list[Item] = [connected(place, connection=place.port) for place in places]
    items += [accepted(place, connection=place.port + 10) for place in places]
    assert {here for here, _there in paired(*items)} == {str(SERVER), *map(str, places[1:])}


def told(connection: int, peer: str | None) -> tuple[int, str | None]:
    return connection, peer


def cut(event: Event | None = None, kind: int = EVENT, data: bytes = b"") -> Cut:
    return Cut(Row(0.0, 1.0, 0, kind, None, 0, data, len(data)), event=event)


def test_a_flow_with_a_nickname_is_the_same_end() -> None:
    known = Pairing()
    assert known.end(1, 5, lambda _flow: told(7, "127.0.0.1:9")) == 0
    assert known.end(1, 6, lambda _flow: told(7, "127.0.0.1:9 Ada")) == 0
    assert known.end(1, 7, lambda _flow: told(8, "127.0.0.1:9")) == 1
    assert known.end(2, 8, lambda _flow: told(7, None)) == 2
    assert known.ends[0].peer == "127.0.0.1:9"


def test_every_datagram_flow_is_an_end_and_the_activity_is_one() -> None:
    known = Pairing()
    assert [known.end(1, flow, lambda one: told(0, f"[::1]:{one}")) for flow in (1, 2, 1)] == [
        *(0, 1, 0)
    ]
    assert known.end(1, 3, lambda _flow: told(0, None)) == 2
    assert known.end(1, 4, lambda _flow: told(0, None)) == 2


def test_only_the_first_events_of_an_end_are_looked_at() -> None:
    known = Pairing()
    known.end(1, 1, lambda _flow: told(7, None))
    wanted = [known.wants(0, EVENT) for _event in range(FIRST_EVENTS + 5)]
    assert wanted == [True] * FIRST_EVENTS + [False] * 5
    assert not known.wants(0, RECEIVED)


def test_once_an_end_is_known_no_more_of_its_events_are_looked_at() -> None:
    known = Pairing()
    known.end(DIALS, 1, lambda _flow: told(12, str(SERVER)))
    assert known.wants(0, EVENT)
    known.learn([(0, cut(Idle(at=1.0, activity=DIALS, connection=12, seconds=1.0)))])
    assert known.wants(0, EVENT)
    known.learn([(0, cut(connected()))])
    assert not known.wants(0, EVENT)
    assert known.connected == {DIALS: 0}


def test_of_datagrams_the_first_is_looked_at() -> None:
    known = Pairing()
    known.end(DIALS, 1, lambda _flow: told(0, str(SERVER)))
    assert [known.wants(0, EVENT), known.wants(0, SENT), known.wants(0, SENT)] == [
        *(False, True, False)
    ]


def test_where_something_is_missing_no_end_is_matched_any_more() -> None:
    known = Pairing()
    client = known.end(DIALS, 1, lambda _flow: told(12, str(SERVER)))
    server = known.end(SERVES, 2, lambda _flow: told(11, str(CLIENT)))
    known.learn([(client, cut(connected())), (server, cut(accepted()))])
    assert known.partners == {client: server, server: client}
    known.forget()
    assert known.partners == {}
    assert known.ends[known.end(0, -1, _unasked)] == End(2, 0, 0)


def test_an_end_that_waited_before_something_was_missing_is_not_matched_after_it() -> None:
    known = Pairing()
    client = known.end(DIALS, 1, lambda _flow: told(12, str(SERVER)))
    known.learn([(client, cut(connected()))])
    known.forget()
    server = known.end(SERVES, 2, lambda _flow: told(11, str(CLIENT)))
    known.learn([(server, cut(accepted()))])
    assert known.partners == {}


def _unasked(_flow: int) -> tuple[int, str | None]:
    raise AssertionError("a flow that is known is not asked for again")
