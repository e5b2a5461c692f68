"""Events for recordings and for other people's programs."""

from __future__ import annotations

import errno
import json

import pytest

from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    Closed,
    CloseReason,
    Connected,
    Diagnosed,
    Failed,
    HttpReply,
    Idle,
    Listening,
    Resolved,
    TimeReply,
    Transport,
)
from netlib.path import Attempt, NetPath, Reply, Route, Via
from netlib.recording.event_json import from_json, public, to_json
from netlib.value import replace
from tests.samples import EVENT_TYPES, HERE, REFUSED, THERE, refusal


def test_a_connection_as_other_programs_see_it() -> None:
    event = Connected(
        at=1.0,
        activity=2,
        connection=3,
        transport=Transport.TCP,
        local=THERE,
        peer=HERE,
        resolve_seconds=0.0,
        connect_seconds=0.00123456,
    )
    shown = public(event, 1700000000.1234567)
    assert list(shown) == [
        *("event", "at", "activity", "connection", "transport"),
        *("local", "peer", "resolve_ms", "connect_ms"),
    ]
    assert json.loads(json.dumps(shown)) == {
        "event": "connected",
        "at": 1700000000.123457,
        "activity": 2,
        "connection": 3,
        "transport": "tcp",
        "local": "[::1]:53122",
        "peer": "127.0.0.1:8080",
        "resolve_ms": 0.0,
        "connect_ms": 1.235,
    }


def test_an_error_as_other_programs_see_it() -> None:
    shown = public(Failed(at=1, activity=1, error=REFUSED), 2.0)
    assert (shown["event"], shown["operation"], shown["cause"]) == ("failed", "connect", "refused")
    assert (shown["code"], "refused" in shown["message"]) == (errno.ECONNREFUSED, True)
    assert "SYN" in shown["wire"]
    assert shown["reasons"][0] == "The server is not running."
    assert "server" in shown["advice"]
    there = replace(REFUSED, endpoint=THERE)
    assert public(Failed(at=1, activity=1, error=there), 2.0)["endpoint"] == str(THERE)


def test_a_path_is_shown_with_all_that_it_holds() -> None:
    failed = Attempt(peer=HERE, seconds=0.5, error=REFUSED)
    route = Route(peer=HERE, via=Via.OWN, source="127.0.0.1")
    path = NetPath(
        target=HERE, name_seconds=0.0, routes=(route,), attempts=(failed,), reply=Reply(seconds=1.0)
    )
    shown = json.loads(json.dumps(public(Diagnosed(at=1, activity=1, path=path), 2.0)))["path"]
    assert (shown["target"], shown["name_ms"], shown["networks"]) == (str(HERE), 0.0, None)
    assert shown["routes"][0] | {"peer": str(HERE), "via": "own"} == shown["routes"][0]
    assert (shown["attempts"][0]["cause"], shown["attempts"][0]["duration_ms"]) == ("refused", 500)
    assert shown["reply"] == {"duration_ms": 1000.0, "data": "", "finished": False}


def test_an_error_comes_back_whole_and_an_old_one_is_still_read() -> None:
    other = replace(REFUSED, endpoint=HERE)
    error = replace(REFUSED, endpoint=THERE, seconds=5.0, service="chat", others=(other,))
    event = Failed(at=1.0, activity=1, error=error)
    assert from_json(to_json(event)) == event
    old = json.loads(to_json(Failed(at=1.0, activity=1, error=REFUSED)))
    for name in ("endpoint", "seconds", "service", "others"):
        del old["error"][name]
    assert from_json(json.dumps(old)) == Failed(at=1.0, activity=1, error=REFUSED)


def test_a_close_without_error_has_a_reason_only() -> None:
    shown = public(Closed(at=1, activity=1, connection=1, reason=CloseReason.BY_PEER), 2.0)
    assert shown["reason"] == "by peer"
    assert not {"error", "cause"} & set(shown)
    reset = NetError(Operation.RECEIVE, Cause.RESET)
    event = Closed(at=1, activity=1, connection=1, reason=CloseReason.RESET, error=reset)
    assert public(event, 2.0)["cause"] == "reset"


def test_times_are_milliseconds() -> None:
    reply = TimeReply(
        at=1, activity=1, peer=HERE, number=1, text="x", rtt_seconds=0.5, offset_seconds=None
    )
    assert (public(reply, 0)["rtt_ms"], public(reply, 0)["offset_ms"]) == (500, None)
    assert public(Idle(at=1, activity=1, connection=1, seconds=60), 0)["duration_ms"] == 60_000
    resolved = Resolved(at=1, activity=1, host="h", addresses=(HERE, THERE), seconds=0.25)
    assert public(resolved, 0)["addresses"] == ["127.0.0.1:8080", "[::1]:53122"]
    assert public(resolved, 0)["duration_ms"] == 250


def test_headers_are_text_and_a_body_is_base64() -> None:
    event = HttpReply(
        at=1,
        activity=1,
        connection=1,
        status=200,
        reason="OK",
        headers=((b"Server", b"x\xff"),),
        body=b"\x00\xff",
        body_size=2,
        complete=True,
        error="",
    )
    shown = public(event, 0)
    assert (shown["event"], shown["headers"], shown["body"]) == (
        "http_reply",
        [["Server", "x\xff"]],
        "AP8=",
    )


def test_every_event_has_a_name_of_its_own() -> None:
    assert len({kind.__name__.lower() for kind in EVENT_TYPES}) == len(EVENT_TYPES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"event": "Nothing"}',
        '{"event": ["Listening"]}',
        '{"event": "ActivityStopped", "at": "now", "activity": 1}',
        '{"event": "ActivityStopped", "at": 1.0}',
        '{"event": "ActivityStopped", "at": 1.0, "activity": 1, "__class__": 1}',
        '{"event": "Connecting", "at": 1.0, "activity": 1, "peer": null}',
        '{"event": "Connecting", "at": 1.0, "activity": 1, "peer": {"host": "h"}}',
        '{"event": "Closed", "at": 1.0, "activity": 1, "connection": 1, "reason": "bored"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_event_is_refused(text: str) -> None:
    assert refusal(from_json, text)


def test_whole_seconds_come_back_too() -> None:
    event = Idle(at=1, activity=1, connection=1, seconds=60)
    assert from_json(to_json(event)) == event


def test_a_recorded_event_is_one_line_of_ascii() -> None:
    line = to_json(
        Listening(at=1.5, activity=1, local=HERE, transport=Transport.TCP, service="时\n")
    )
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["local"] == {"host": "127.0.0.1", "port": 8080}


def test_what_older_recordings_do_not_know_has_a_value() -> None:
    old = (
        '{"event": "Listening", "at": 1.5, "activity": 1, "transport": "tcp", "service": "echo",'
        ' "local": {"host": "127.0.0.1", "port": 8080}}'
    )
    event = from_json(old)
    assert isinstance(event, Listening)
    assert (event.local, event.also, event.dual_stack) == (HERE, (), False)
