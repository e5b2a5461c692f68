"""What a Kernel view remembers and compares: pure, with facts that a test makes up."""

from __future__ import annotations

from typing import Any

import pytest

from gui.models.kernel_flow import flow_shown
from gui.models.kernel_history import SECONDS, History, TimeWaits
from gui.models.kernel_states import NOT_TOLD, PEER_ELSEWHERE, States
from netlib import (
    Accepted,
    Closed,
    CloseReason,
    Connected,
    ConnectionFacts,
    Endpoint,
    Finished,
    Pair,
    PairFacts,
    PairState,
    PeerFinished,
    TcpInfo,
    Transport,
    now,
)
from netlib.teaching.tcp_states import FIN_WAIT

HERE, THERE = Endpoint("127.0.0.1", 50_000), Endpoint("127.0.0.1", 8080)
PAIR, BACK = Pair(HERE, THERE), Pair(THERE, HERE)
ON_1: dict[str, Any] = {"at": 1.0, "activity": 1, "connection": 1}
CONNECTED = Connected(
    **ON_1,
    transport=Transport.TCP,
    local=HERE,
    peer=THERE,
    resolve_seconds=0.0,
    connect_seconds=0.001,
)
CLOSED = Closed(**ON_1, reason=CloseReason.BY_US, state=FIN_WAIT)


def facts(
    ours: str = "ESTABLISHED", at: float = 2.0, gives_up_at: float = float("inf"), **told: Any
) -> ConnectionFacts:
    return ConnectionFacts(
        at=at,
        pair=PAIR,
        state=ours,
        info=TcpInfo(**{"state": ours, **told}),
        unsent=0,
        reading_paused=False,
        gives_up_at=gives_up_at,
        other_end=None,
    )


def listed(at: float = 5.0, **states: PairState) -> PairFacts:
    pairs = {"here": PAIR, "back": BACK}
    told = {pairs[name]: state for name, state in states.items()}
    return PairFacts(at=at, asked=frozenset(pairs.values()), states=told)


def test_both_marks_move_with_events_and_facts() -> None:
    states = States()
    states.hear(CONNECTED)
    shown = states.shown(1, "this", facts(), None)
    assert (shown.ours, shown.system) == ("ESTABLISHED", "ESTABLISHED")
    assert shown.visited == ("CLOSED", "SYN-SENT", "ESTABLISHED")
    states.hear(Finished(**{**ON_1, "at": 3.0}))
    shown = states.shown(1, "this", facts(at=2.9), None)
    assert shown.ours == FIN_WAIT  # the event is newer than the facts
    shown = states.shown(1, "this", facts("FIN-WAIT", at=3.1, state="FIN-WAIT-2"), None)
    assert (shown.ours, shown.system) == (FIN_WAIT, "FIN-WAIT-2")
    states.hear(PeerFinished(**{**ON_1, "at": 4.0}))
    assert states.shown(1, "this", None, None).ours == "TIME-WAIT"


def test_a_closed_socket_is_followed_in_the_systems_list() -> None:
    states = States()
    states.hear(CONNECTED)
    states.hear(CLOSED)
    shown = states.shown(1, "this", None, listed(here=PairState("TIME-WAIT", seconds=59.0)))
    assert (shown.ours, shown.system) == (FIN_WAIT, "TIME-WAIT")
    over = states.shown(1, "this", None, listed())
    assert over.system == "CLOSED"
    assert over.visited[-3:] == (FIN_WAIT, "TIME-WAIT", "CLOSED")


def test_what_the_system_does_not_tell_has_a_reason() -> None:
    states = States()
    states.hear(CONNECTED)
    assert states.shown(1, "this", None, None).why == NOT_TOLD
    refused = PairFacts(at=1.0, asked=frozenset(), states={}, refusal="not here")
    assert states.shown(1, "this", None, refused).why == "not here"
    elsewhere = Endpoint("192.0.2.1", 80)
    states.hear(Accepted(**{**ON_1, "connection": 2}, local=HERE, peer=elsewhere))
    assert states.shown(2, "peer", None, listed()).why == PEER_ELSEWHERE


def test_the_peers_end_on_this_computer_is_in_the_systems_list() -> None:
    states = States()
    states.hear(CONNECTED)
    shown = states.shown(1, "peer", None, listed(back=PairState("CLOSE-WAIT")))
    assert (shown.ours, shown.system) == ("", "CLOSE-WAIT")
    assert shown.visited == ("CLOSED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT")


def test_time_wait_is_remembered_by_the_pair_until_the_system_has_it_no_more() -> None:
    waits = TimeWaits()
    waits.remember(PAIR)
    assert waits.waiting(told=True) == []
    moment = now()
    waits.hear(listed(at=moment, here=PairState("TIME-WAIT", seconds=41.0)))
    (one,) = waits.waiting(told=True)
    assert one.pair == PAIR
    assert one.left == pytest.approx(41.0, abs=1.0)
    waits.hear(listed(at=moment))
    assert waits.waiting(told=True) == []


def test_where_the_system_does_not_tell_time_wait_has_no_countdown() -> None:
    waits = TimeWaits()
    waits.remember(PAIR)
    waits.hear(PairFacts(at=1.0, asked=frozenset({PAIR}), states={}, refusal="not here"))
    (one,) = waits.waiting(told=False)
    assert one.left is None


def test_only_the_last_pairs_are_remembered() -> None:
    waits = TimeWaits()
    for port in range(1, 100):
        waits.remember(Pair(Endpoint("127.0.0.1", port), THERE))
    assert len(waits.pairs) < 20
    assert Pair(Endpoint("127.0.0.1", 99), THERE) in waits.pairs


def test_a_new_connection_with_the_same_pair_waits_no_more() -> None:
    states = States()
    states.hear(CONNECTED)
    states.hear(CLOSED)
    assert PAIR in states.time_waits.pairs
    states.hear(CONNECTED)
    assert PAIR not in states.time_waits.pairs


def test_the_connections_of_a_busy_server_are_forgotten_in_time() -> None:
    states = States()
    for number in range(1, 1000):
        states.hear(Accepted(**{**ON_1, "connection": number}, local=THERE, peer=HERE))
    assert states.way(1) == ()
    assert states.way(999)[-1] == "ESTABLISHED"


def test_a_figure_knows_how_long_it_has_been_0() -> None:
    history, moment = History(), now()
    for ago, figure in ((2.0, 64.0), (1.0, 0.0), (0.0, 0.0)):
        history.add(moment - ago, figure)
    assert (history.last, history.highest, history.zero_since()) == (0.0, 64.0, moment - 1.0)
    history.add(moment, None)
    assert history.zero_since() is None
    history.add(moment + 3 * SECONDS, 1.0)
    assert len(history.samples) == 1


def test_what_is_no_longer_known_is_not_drawn_on() -> None:
    history, long_ago = History(), now() - 5.0
    history.add(long_ago, 0.0)
    assert history.zero_since() is None
    assert history.end == pytest.approx(long_ago + 0.5)


def test_a_receivers_limit_is_what_it_holds_and_what_it_still_offers() -> None:
    receiver = facts(unread=1000, receive_window=3000, receive_buffer=99_999)
    flow = flow_shown(None, receiver, paused=False, probe_at=None)
    assert (flow.unread, flow.unread_limit, flow.window) == (1000, 4000, 3000)
    assert flow.unsent is None
    older = flow_shown(None, facts(unread=1, receive_buffer=8192), paused=False, probe_at=None)
    assert older.unread_limit == 8192


def test_a_stalled_sender_is_told_when_it_asks_again_and_gives_up() -> None:
    sender = facts(send_window=0, send_queue=5000, gives_up_at=now() + 7.4)
    flow = flow_shown(sender, None, paused=False, probe_at=now() + 1.61)
    assert flow.sentences == (
        "The window is 0: the sender must stop. TCP asks again: next probe in 1.6 s.",
        "The sender gives up in 7 s (write timeout).",
    )
    ours = flow_shown(sender, None, paused=True, probe_at=None)
    assert len(ours.sentences) == 1  # our own user keeps it waiting: it does not give up
