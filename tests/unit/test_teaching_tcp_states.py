"""The diagram of the eleven states, ways through it, and what states and windows come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.engine.state import State
from netlib.events import (
    Accepted,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Event,
    Finished,
    Listening,
    PeerFinished,
    Transport,
)
from netlib.i18n import set_language
from netlib.system.tcp_info import LINUX_STATES
from netlib.teaching.tcp_states import (
    EDGES,
    FIN_WAIT,
    STATES,
    Flow,
    agree,
    boxes,
    comparison,
    consequence,
    meaning,
    taken,
    waiting,
    way,
)
from tests.samples import HERE, THERE, events

HEAD: dict[str, Any] = {"at": 1.0, "activity": 1}
ON_1: dict[str, Any] = HEAD | {"connection": 1}

CONNECTING = Connecting(**HEAD, peer=HERE)
CONNECTED = Connected(
    **ON_1,
    transport=Transport.TCP,
    local=THERE,
    peer=HERE,
    resolve_seconds=0.0,
    connect_seconds=0.001,
)
ACCEPTED = Accepted(**ON_1, local=HERE, peer=THERE)
FIN_SENT = Finished(**ON_1)
FIN_READ = PeerFinished(**ON_1)


def closed(state: str) -> Closed:
    return Closed(**ON_1, reason=CloseReason.BY_US, state=state)


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


def test_there_are_eleven_states_and_each_can_be_reached_and_left() -> None:
    assert len(STATES) == 11
    assert {edge.start for edge in EDGES} == {edge.end for edge in EDGES} == set(STATES)


def test_every_state_that_a_system_or_the_engine_names_is_in_the_diagram() -> None:
    assert {name for name in LINUX_STATES if name} == set(STATES)
    for state in State:
        assert set(boxes(state.rfc_name)) <= set(STATES)


def test_an_edge_reads_as_in_the_rfc() -> None:
    labels = {(edge.start, edge.end): edge.label for edge in EDGES}
    assert labels["CLOSED", "SYN-SENT"] == "connect() / SYN"
    assert labels["SYN-SENT", "ESTABLISHED"] == "SYN,ACK / ACK"
    assert labels["LAST-ACK", "CLOSED"] == "ACK"


WAYS: list[tuple[list[Event], tuple[str, ...]]] = [
    ([CONNECTING], ("CLOSED", "SYN-SENT")),
    (
        [Listening(**HEAD, local=HERE, transport=Transport.TCP, service="echo")],
        ("CLOSED", "LISTEN"),
    ),
    ([CONNECTING, CONNECTED], ("CLOSED", "SYN-SENT", "ESTABLISHED")),
    ([ACCEPTED], ("CLOSED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED")),
    (
        [CONNECTED, FIN_SENT, FIN_READ, closed("TIME-WAIT")],
        ("CLOSED", "SYN-SENT", "ESTABLISHED", FIN_WAIT, "TIME-WAIT"),
    ),
    (
        [CONNECTED, FIN_READ, closed("LAST-ACK")],
        ("CLOSED", "SYN-SENT", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK"),
    ),
    ([CONNECTED, closed(FIN_WAIT)], ("CLOSED", "SYN-SENT", "ESTABLISHED", FIN_WAIT)),
    ([CONNECTED, closed("CLOSED")], ("CLOSED", "SYN-SENT", "ESTABLISHED", "CLOSED")),
    ([CONNECTED, closed("")], ("CLOSED", "SYN-SENT", "ESTABLISHED")),
    ([CONNECTED, closed("nonsense")], ("CLOSED", "SYN-SENT", "ESTABLISHED")),
]


@pytest.mark.parametrize(("happened", "states"), WAYS)
def test_events_lead_through_the_diagram(happened: list[Event], states: tuple[str, ...]) -> None:
    found: tuple[str, ...] = ()
    for event in happened:
        found = way(found, event)
    assert found == states


@given(st.lists(events))
def test_no_order_of_events_leads_out_of_the_diagram(happened: list[Event]) -> None:
    found: tuple[str, ...] = ()
    for event in happened:
        found = way(found, event)
    assert {box for state in found for box in boxes(state)} <= set(STATES)
    assert taken(found) <= set(EDGES)
    assert all(meaning(state) for state in found)


def test_the_edges_of_a_way_are_those_between_its_states() -> None:
    edges = taken(("CLOSED", "SYN-SENT", "ESTABLISHED", FIN_WAIT, "FIN-WAIT-2", "TIME-WAIT"))
    assert {edge.label for edge in edges} == {
        "connect() / SYN",
        "SYN,ACK / ACK",
        "close() / FIN",
        "ACK",
        "FIN / ACK",
    }
    assert taken((FIN_WAIT, "TIME-WAIT")) == set()  # one of three ways
    assert taken(("ESTABLISHED", "CLOSED")) == set()  # RST: from any state, and no edge


@given(st.sampled_from([*STATES, FIN_WAIT]), st.sampled_from(STATES))
def test_two_states_agree_or_the_difference_is_said(ours: str, system: str) -> None:
    same = "the system says the same" in comparison(ours, system)
    assert same is agree(ours, system)


def test_what_a_program_cannot_see_is_explained() -> None:
    assert "has not read up to it" in comparison("ESTABLISHED", "CLOSE-WAIT")
    assert "the kernel goes on by itself" in comparison(FIN_WAIT, "TIME-WAIT")
    assert agree(FIN_WAIT, "FIN-WAIT-2")
    set_language("zh")
    assert comparison("ESTABLISHED", "CLOSE-WAIT") == "对端的 FIN 已到达，但本程序还没有读到那里"


SAID = [
    (Flow(), ""),
    (Flow(unsent=0, window=65536, unread=0), ""),
    (
        Flow(unsent=9, window=0, probe_seconds=1.62),
        "The window is 0: the sender must stop. TCP asks again: next probe in 1.6 s.",
    ),
    (
        Flow(unsent=9, window=0, paused=True, retransmits=2),
        "The window is 0: the sender must stop. TCP keeps asking whether it is open.",
    ),
    (Flow(unsent=0, window=0), "The window is 0: nothing more may be sent."),
    (Flow(retransmits=1), "A segment was sent again 1 time and is still not acknowledged."),
    (
        Flow(window=9, unread=5, paused=True),
        "Reading is paused: what arrives stays in the receive buffer.",
    ),
]


@pytest.mark.parametrize(("flow", "words"), SAID)
def test_what_follows_from_windows_and_buffers_is_said(flow: Flow, words: str) -> None:
    assert consequence(flow) == words


@pytest.mark.parametrize(
    ("queue", "backlog", "words"),
    [
        (0, 128, ""),
        (1, 128, "1 connection waits: its handshake is complete, but nobody has accepted it."),
        (128, 128, "128 connections wait: their handshakes are complete, but nobody"),
        (129, 128, "The accept queue is full: the kernel takes no further connection."),
        (3, None, "3 connections wait"),
    ],
)
def test_who_waits_in_the_accept_queue(queue: int, backlog: int | None, words: str) -> None:
    assert waiting(queue, backlog).startswith(words)
