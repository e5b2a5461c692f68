"""Which arrows a call is: what the program did, and what TCP must have done for it."""

from __future__ import annotations

from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    Accepted,
    AcceptingPaused,
    AcceptingResumed,
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Crashed,
    Diagnosed,
    Event,
    Failed,
    Finished,
    HttpHead,
    HttpReply,
    Idle,
    Impaired,
    Listening,
    Named,
    PeerFinished,
    PortUnreachable,
    ReadingPaused,
    ReadingResumed,
    ReceiveBufferSet,
    Rejected,
    Resolved,
    Resolving,
    Secured,
    TimeLost,
    TimeReply,
    Transport,
    Unanswered,
    Unfinished,
)
from netlib.path import NetPath
from netlib.silence import Awaited
from netlib.teaching.calls import (
    EVENT,
    PLAIN_RECEIVED,
    PLAIN_SENT,
    RECEIVED,
    SENT,
    WIRE_RECEIVED,
    WIRE_SENT,
    Call,
    End,
    Part,
)
from netlib.teaching.ladder import (
    OTHERS,
    PAUSE_SECONDS,
    Rung,
    Seen,
    Site,
    meets_rst,
    rungs,
    sends_fin,
    sends_rst,
    sites,
)
from tests.ladders import arrivals_of, brief
from tests.samples import EVENT_TYPES

HERE, THERE = Endpoint("127.0.0.1", 8080), Endpoint("127.0.0.1", 50000)
ENDS = [
    End(0, 2, 12, str(THERE), str(HERE)),
    End(1, 1, 11, str(HERE), str(THERE), serves=True),
    End(2, 3, 0, "", "10.0.0.9:53"),
    End(3, 2, 0),
]
CLIENT, SERVER, ASKS, WHOLE = range(4)
BOTH: dict[str, Any] = {"at": 1.0, "activity": 1}
ONE: dict[str, Any] = BOTH | {"connection": 11}
TIMED_OUT = NetError(Operation.CONNECT, Cause.TIMED_OUT, endpoint=HERE)
REFUSED = NetError(Operation.CONNECT, Cause.REFUSED, endpoint=HERE)


def happened(event: Event, end: int = CLIENT, there: int | None = None, **more: object) -> Rung:
    call = Call(0, 0.0, 0.0, end, EVENT, 0, event=event)
    (rung,) = rungs([Seen(call, there, **more)], ENDS)  # type: ignore[arg-type]
    return rung


def moved(
    kind: int,
    size: int,
    *parts: Part,
    end: int = CLIENT,
    there: int | None = None,
    missed: bool = False,
) -> Rung:
    call = Call(5, 0.0, 0.0, end, kind, 0, size=size, data=b"x" * size)
    (rung,) = rungs([Seen(call, there, parts, missed=missed)], ENDS)
    return rung


def closed(reason: CloseReason) -> Closed:
    return Closed(**ONE, reason=reason)


def connected(transport: Transport) -> Connected:
    return Connected(
        **ONE,
        local=THERE,
        peer=HERE,
        transport=transport,
        resolve_seconds=0.0,
        connect_seconds=0.0,
    )


FIN, RST = "→ FIN seen", "→ RST seen"
EVENTS: list[tuple[Event, str, list[str]]] = [
    (Connecting(**BOTH, peer=HERE), "connect", ["→ SYN implied"]),
    (connected(Transport.TCP), "connect", ["← SYN, ACK implied", "→ ACK implied"]),
    (connected(Transport.UDP), "", []),
    (
        Accepted(**ONE, local=THERE, peer=HERE),
        "accept",
        ["← SYN implied", "→ SYN, ACK implied", "← ACK implied"],
    ),
    (PeerFinished(**ONE), "recv", ["← FIN seen", "→ ACK implied"]),
    (Finished(**ONE), "shutdown", [FIN]),
    (closed(CloseReason.BY_US), "close", [FIN]),
    (closed(CloseReason.BY_PEER), "close", [FIN]),
    (closed(CloseReason.STOPPED), "close", [FIN]),
    (closed(CloseReason.READ_TIMEOUT), "close", [FIN]),
    (closed(CloseReason.LINE_TOO_LONG), "close", [FIN]),
    (closed(CloseReason.TOO_MUCH_UNFINISHED), "close", [FIN]),
    (closed(CloseReason.WRONG_PROTOCOL), "close", [FIN]),
    (closed(CloseReason.ABORTED), "close", [RST]),
    (closed(CloseReason.WRITE_TIMEOUT), "close", [RST]),
    (closed(CloseReason.TOO_SLOW), "close", [RST]),
    (closed(CloseReason.BUG), "close", [RST]),
    (closed(CloseReason.RESET), "recv", ["← RST seen"]),
    (closed(CloseReason.FAILED), "", []),
    (Failed(**BOTH, error=REFUSED), "connect", ["← RST, ACK seen"]),
    (Failed(**BOTH, error=TIMED_OUT), "", []),
    (PortUnreachable(**BOTH, peer=HERE), "", ["← ICMP seen"]),
    (Listening(**BOTH, local=HERE, transport=Transport.TCP, service="echo"), "", []),
    (Resolving(**BOTH, host="localhost"), "", []),
    (Resolved(**BOTH, host="localhost", addresses=(HERE,), seconds=0.1), "", []),
    (
        Secured(**ONE, version="TLSv1.3", cipher="AES", verified=True, name="ada", seconds=0.1),
        "",
        [],
    ),
    (Rejected(**BOTH, peer=HERE, limit=1), "", []),
    (Unanswered(**BOTH, peer=HERE, count=1), "", []),
    (Impaired(**BOTH, up="loss=0.3", down=""), "", []),
    (Unfinished(**ONE, awaits=Awaited.LINE_END, size=3), "", []),
    (Named(**ONE, name="Ada"), "", []),
    (Idle(**ONE, seconds=5.0), "", []),
    (
        TimeReply(**BOTH, peer=HERE, number=1, text="now", rtt_seconds=0.1, offset_seconds=None),
        "",
        [],
    ),
    (TimeLost(**BOTH, number=1, tries=2), "", []),
    (HttpHead(**ONE, status=200, reason="OK", headers=()), "", []),
    (
        HttpReply(
            **ONE,
            status=200,
            reason="OK",
            headers=(),
            body=b"",
            body_size=0,
            complete=True,
            error="",
        ),
        "",
        [],
    ),
    (Crashed(**ONE, traceback="..."), "", []),
    (Diagnosed(**BOTH, path=NetPath(target=HERE)), "", []),
    (ReadingPaused(**ONE), "", []),
    (ReadingResumed(**ONE), "", []),
    (AcceptingPaused(**BOTH), "", []),
    (AcceptingResumed(**BOTH), "", []),
    (ReceiveBufferSet(**ONE, asked=1024, given=2304), "", []),
    (ActivityStopped(**BOTH), "", []),
]


@pytest.mark.parametrize(("event", "name", "arrows"), EVENTS, ids=lambda value: str(value)[:30])
def test_what_happened_is_the_call_and_the_segments_it_is(
    event: Event, name: str, arrows: list[str]
) -> None:
    rung = happened(event)
    assert (rung.name, brief(rung.arrows, serves=False)) == (name, arrows)
    assert rung.size is None


def test_of_every_kind_of_event_it_is_known_what_it_is() -> None:
    assert {type(event) for event, *_rest in EVENTS} == {*EVENT_TYPES}
    reasons = {event.reason for event, *_rest in EVENTS if isinstance(event, Closed)}
    assert reasons == {*CloseReason}


@pytest.mark.parametrize("event", [event for event, *_rest in EVENTS])
def test_fin_and_rst_are_told_of_just_where_they_are_drawn(event: Event) -> None:
    drawn = brief(happened(event).arrows, serves=False)
    assert sends_fin(event) is (FIN in drawn)
    assert sends_rst(event) is (RST in drawn)
    assert meets_rst(event) is ("← RST seen" in drawn)


def test_of_a_handshake_with_both_ends_the_clients_calls_are_the_arrows() -> None:
    accepts = happened(Accepted(**ONE, local=HERE, peer=THERE), SERVER, there=CLIENT)
    assert (accepts.name, accepts.arrows) == ("accept", ())
    syn_ack, ack = happened(connected(Transport.TCP), CLIENT, there=SERVER).arrows
    assert (syn_ack.source, syn_ack.target) == (Site(1, "", True), Site(2, "", False))
    assert (ack.source, ack.target) == (Site(2, "", False), Site(1, "", True))


def test_a_fin_ends_at_the_call_that_met_it_and_the_ack_is_in_its_own_row() -> None:
    (fin,) = happened(closed(CloseReason.BY_US), there=SERVER, parts=(Part(8, 0, 0),)).arrows
    assert (fin.label, fin.other) == ("FIN", 8)
    fin, ack = happened(PeerFinished(**ONE), SERVER, CLIENT, parts=(Part(7, 0, 0),)).arrows
    assert ((fin.other, fin.source), ack.other) == ((7, Site(2, "", False)), None)


def test_who_sent_fin_before_only_closes() -> None:
    rung = happened(closed(CloseReason.BY_PEER), fin_before=True)
    assert (rung.name, rung.arrows) == ("close", ())


def test_a_close_that_the_peer_met_as_a_reset_was_one() -> None:
    """Unread data: the system answers with RST, whatever the program asked for."""
    rung = happened(closed(CloseReason.BY_US), there=SERVER, met_reset=True)
    assert brief(rung.arrows, serves=False) == [RST]


def test_somebody_who_is_not_in_the_recording_is_an_address() -> None:
    (syn,) = happened(Connecting(**BOTH, peer=Endpoint("::1", 9)), WHOLE).arrows
    assert syn.target == Site(0, "[::1]:9", True)
    (refusal,) = happened(Failed(**BOTH, error=REFUSED), WHOLE).arrows
    assert refusal.source == Site(0, str(HERE), True)
    (unreachable,) = happened(PortUnreachable(**BOTH, peer=None), ASKS).arrows
    assert unreachable.source == Site(0, "10.0.0.9:53", True)


@pytest.mark.parametrize(
    ("kind", "name", "arrow"),
    [
        (RECEIVED, "recv", "← data seen"),
        (SENT, "send", "→ data seen"),
        (WIRE_RECEIVED, "recv", "← secret seen"),
        (WIRE_SENT, "send", "→ secret seen"),
    ],
)
def test_a_call_with_one_end_only_is_one_arrow(kind: int, name: str, arrow: str) -> None:
    rung = moved(kind, 5)
    assert (rung.name, brief(rung.arrows, serves=False)) == (name, [arrow])
    assert (rung.size, arrivals_of(rung)) == (5, [(None, 5)])


@pytest.mark.parametrize("kind", [PLAIN_RECEIVED, PLAIN_SENT])
def test_what_was_said_above_tls_is_no_arrow_of_its_own(kind: int) -> None:
    rung = moved(kind, 5, there=SERVER)
    assert (rung.name, rung.arrows, rung.size) == ("", (), 5)


def test_a_send_is_an_arrow_for_each_call_that_received_of_it() -> None:
    rung = moved(SENT, 10, Part(6, 0, 4), Part(9, 4, 10), there=SERVER)
    assert arrivals_of(rung) == [(6, 4), (9, 6)]
    assert brief(rung.arrows, serves=False) == ["→ data seen"] * 2


def test_what_nobody_has_received_yet_waits() -> None:
    rung = moved(SENT, 10, Part(6, 0, 4), there=SERVER)
    assert arrivals_of(rung) == [(6, 4), (None, 6)]
    assert brief(rung.arrows, serves=False) == ["→ data seen", "→ data waiting"]


def test_what_was_received_of_calls_that_are_not_there_did_arrive() -> None:
    rung = moved(RECEIVED, 10, Part(3, 4, 10), end=SERVER, there=CLIENT)
    assert arrivals_of(rung) == [(3, 6), (None, 4)]
    assert brief(rung.arrows, serves=True) == ["← data seen"] * 2


def test_a_datagram_that_cannot_arrive_is_lost_and_one_of_no_bytes_is_an_arrow() -> None:
    lost = moved(SENT, 3, end=ASKS, there=SERVER, missed=True)
    assert brief(lost.arrows, False) == ["→ data lost"]
    assert brief(moved(SENT, 3, end=ASKS, there=SERVER).arrows, False) == ["→ data waiting"]
    assert brief(moved(SENT, 3, end=ASKS).arrows, False) == ["→ data seen"]
    empty = moved(SENT, 0, Part(7, 0, 0), end=ASKS, there=SERVER)
    assert (arrivals_of(empty), empty.arrows[0].style) == ([(7, 0)], "seen")


def test_bytes_of_calls_too_many_to_be_named_are_one_arrow_that_arrived() -> None:
    call = Call(5, 0.0, 0.0, CLIENT, SENT, 0, size=10)
    (rung,) = rungs([Seen(call, SERVER, (Part(6, 0, 1),), unnamed=7)], ENDS)
    assert arrivals_of(rung) == [(6, 1), (None, 7), (None, 2)]
    assert [arrow.style for arrow in rung.arrows] == ["seen", "seen", "waiting"]


def test_below_a_row_that_is_lost_no_time_is_told() -> None:
    calls = [Call(n, 0.0, 5.0 + n, CLIENT, SENT, 0, lost="gone" * (n == 1)) for n in range(4)]
    assert [row.delta for row in rungs([Seen(call) for call in calls], ENDS)] == [
        *(None, None, None, 1.0)
    ]


def test_the_time_since_the_row_above_is_told_and_a_long_one_is_a_pause() -> None:
    calls = [Call(n, 0.0, at, CLIENT, SENT, 0, size=1) for n, at in enumerate((5.0, 5.5, 9.0, 8.0))]
    rows = rungs([Seen(call) for call in calls], ENDS)
    assert [row.delta for row in rows] == [None, 0.5, 3.5, 0.0]
    assert [row.pause for row in rows] == [0.0, 0.0, 3.5, 0.0]
    (later,) = rungs([Seen(calls[0])], ENDS, before=5.0 - PAUSE_SECONDS)
    assert (later.delta, later.pause) == (PAUSE_SECONDS, PAUSE_SECONDS)


def test_clients_stand_left_of_servers_and_those_who_share_a_lifeline_among_their_like() -> None:
    rows = [moved(SENT, 1, Part(6, 0, 1), there=SERVER), moved(SENT, 1, end=ASKS)]
    asked = Site(0, "10.0.0.9:53", True)
    everyone = [Site(2, "", False), Site(3, "", False), Site(1, "", True), asked]
    assert sites(rows, 4) == everyone
    assert sites(rows, 3) == [*everyone[:2], OTHERS]
    assert sites([], 3) == []
