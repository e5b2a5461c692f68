"""The doctor's judgement: facts in, findings out, in both languages, whatever the facts hold."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.i18n import LANGUAGES, Language, set_language
from netlib.path import Attempt, NetPath, Reply, Route, Via
from netlib.teaching.doctor import MARKS, State, Step, findings, has_failed, line, told
from netlib.teaching.doctor_words import WORDS
from netlib.text import visible_text
from netlib.value import replace
from tests.samples import paths

HERE = Endpoint("127.0.0.1", 8080)
NEAR = Endpoint("10.77.0.9", 8080)
OTHER = Endpoint("192.168.5.9", 8080)
FAR = Endpoint("203.0.113.7", 8080)
NETWORKS = ("10.77.0.0/24",)
ROUTER = "10.77.0.254"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    set_language("en")


def path_to(peer: Endpoint, via: Via, **known: object) -> NetPath:
    """Return a path whose address and route are known, and what else is."""
    router = ROUTER if via is Via.ROUTER else ""
    route = Route(peer=peer, via=via, router=router, interface="eth0", source="10.77.0.2")
    path = NetPath(
        target=peer,
        name_seconds=0.0,
        addresses=(peer,),
        routes=(route,),
        route_seconds=0.001,
        networks=NETWORKS,
    )
    return replace(path, **known)


def failed(
    peer: Endpoint, via: Via, cause: Cause, seconds: float = 0.01, **known: object
) -> NetPath:
    """Return a path whose only attempt has failed."""
    limit = 5.0 if cause is Cause.TIMED_OUT else None
    code = errno.EHOSTUNREACH if cause is Cause.NO_ROUTE else None
    error = NetError(Operation.CONNECT, cause, code, endpoint=peer, seconds=limit)
    attempt = Attempt(peer=peer, seconds=seconds, error=error)
    return path_to(peer, via, attempts=(attempt,), connected=False, **known)


def connected(**known: object) -> NetPath:
    """Return a path on which a connection stands."""
    attempt = Attempt(peer=NEAR, seconds=0.002, local=Endpoint("10.77.0.2", 50000))
    return path_to(NEAR, Via.DIRECT, attempts=(attempt,), connected=True, **known)


REFUSED, SILENCE, NO_ROUTE = Cause.REFUSED, Cause.TIMED_OUT, Cause.NO_ROUTE

CAUSES = {
    "nothing listens": failed(HERE, Via.OWN, REFUSED, listeners=()),
    "other address": failed(HERE, Via.OWN, REFUSED, listeners=("10.77.0.2",)),
    "IPv6 alone": failed(HERE, Via.OWN, REFUSED, listeners=("::",)),
    "refused here": failed(HERE, Via.OWN, REFUSED, listeners=("0.0.0.0",)),
    "refused": failed(NEAR, Via.DIRECT, REFUSED),
    "dropped here": failed(HERE, Via.OWN, SILENCE, 5.0),
    "rejected here": failed(HERE, Via.OWN, Cause.PERMISSION),
    "forbidden": failed(Endpoint("fd77::9", 8080), Via.DIRECT, Cause.PERMISSION),
    "permission": failed(NEAR, Via.DIRECT, NO_ROUTE, asks_permission=True),
    "isolated": failed(NEAR, Via.DIRECT, SILENCE, 5.0, is_neighbour=False, router_answers=True),
    "no network": failed(NEAR, Via.DIRECT, SILENCE, 5.0, is_neighbour=False, router_answers=False),
    "no neighbour": failed(NEAR, Via.DIRECT, NO_ROUTE, 3.1),
    "rejected": failed(NEAR, Via.DIRECT, NO_ROUTE),
    "dropped": failed(NEAR, Via.DIRECT, SILENCE, 5.0, is_neighbour=True),
    "silent neighbour": failed(NEAR, Via.DIRECT, SILENCE, 5.0, router_answers=True),
    "no router": failed(FAR, Via.ROUTER, NO_ROUTE, 3.1, router_answers=False),
    "wrong subnet": failed(OTHER, Via.ROUTER, SILENCE, 5.0),
    "rejected on the way": failed(FAR, Via.ROUTER, NO_ROUTE),
    "unreachable": failed(FAR, Via.ROUTER, NO_ROUTE, 3.1),
    "silence": failed(FAR, Via.ROUTER, SILENCE, 5.0),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_of_a_failed_connection_is_told_apart(cause: str) -> None:
    *before, finding, reply = findings(CAUSES[cause])
    assert [one.state for one in before] == [State.OK] * 3
    assert (finding.step, finding.state, finding.cause) == (Step.CONNECT, State.FAILED, cause)
    assert finding.advice
    assert reply.state is State.NOT_REACHED
    assert has_failed(CAUSES[cause])


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        (failed(NEAR, Via.DIRECT, NO_ROUTE, 3.1, router_answers=True), "isolated"),
        (failed(NEAR, Via.DIRECT, NO_ROUTE, is_neighbour=True), "rejected"),
        (failed(NEAR, Via.DIRECT, NO_ROUTE, 3.1, asks_permission=True), "no neighbour"),
        (failed(NEAR, Via.DIRECT, Cause.PERMISSION), "permission denied"),
        (failed(NEAR, Via.DIRECT, Cause.NETWORK_DOWN), "network down"),
        (failed(NEAR, Via.DIRECT, SILENCE, 5.0), "silence"),
        (failed(OTHER, Via.ROUTER, Cause.UNREACHABLE), "wrong subnet"),
        (failed(OTHER, Via.DIRECT, SILENCE, 5.0, is_neighbour=True), "dropped"),
        (failed(FAR, Via.ROUTER, Cause.UNREACHABLE), "rejected on the way"),
        (failed(OTHER, Via.ROUTER, SILENCE, 5.0, networks=None), "silence"),
        (failed(OTHER, Via.ROUTER, SILENCE, 5.0, router_answers=False), "no router"),
        (failed(FAR, Via.ROUTER, SILENCE, 5.0, router_answers=True), "silence"),
        (failed(HERE, Via.OWN, REFUSED, listeners=("::", "0.0.0.0")), "refused here"),
        (failed(HERE, Via.OWN, REFUSED, listeners=("::1",)), "other address"),
        (failed(HERE, Via.OWN, REFUSED, listeners=None), "refused"),
        (failed(Endpoint("::1", 1), Via.OWN, REFUSED, listeners=("0.0.0.0",)), "other address"),
    ],
)
def test_what_else_is_known_decides(path: NetPath, cause: str) -> None:
    assert findings(path)[3].cause == cause


def test_what_has_a_story_of_its_own_is_told_as_elsewhere() -> None:
    finding = findings(failed(NEAR, Via.DIRECT, Cause.NO_PORTS))[3]
    assert finding.cause == "no free local port"
    assert "No free local port to reach 10.77.0.9:8080" in finding.sentence
    assert finding.advice


@pytest.mark.parametrize(
    ("peer", "via", "cause"),
    [
        (HERE, Via.OWN, "loopback"),
        (Endpoint("10.77.0.2", 1), Via.OWN, "own"),
        (NEAR, Via.DIRECT, "own network"),
        (OTHER, Via.ROUTER, "private elsewhere"),
        (Endpoint("fd12::7", 1), Via.ROUTER, "private elsewhere"),
        (FAR, Via.ROUTER, "elsewhere"),
        (Endpoint("10.77.0.200", 1), Via.ROUTER, "address"),
        (Endpoint("10.77.0.200", 1), Via.UNKNOWN, "own network"),
        (Endpoint("172.32.0.1", 1), Via.ROUTER, "elsewhere"),
    ],
)
def test_an_address_is_placed(peer: Endpoint, via: Via, cause: str) -> None:
    finding = findings(path_to(peer, via))[1]
    assert (finding.state, finding.cause) == (State.OK, cause)
    assert peer.host in finding.sentence


def test_networks_that_are_not_known_are_no_networks() -> None:
    path = path_to(OTHER, Via.ROUTER, networks=None)
    assert findings(path)[1].sentence == "192.168.5.9 is the address to connect to."
    assert "(none)" in findings(replace(path, networks=("fd77::/64",)))[1].sentence


@pytest.mark.parametrize("host", ["0.0.0.0", "224.0.0.1", "255.255.255.255"])
def test_an_address_of_nobody_ends_the_path_there(host: str) -> None:
    found = findings(path_to(Endpoint(host, 80), Via.ROUTER))
    assert [one.state for one in found[1:]] == [State.FAILED, *[State.NOT_REACHED] * 3]
    assert host in found[1].sentence


def test_without_a_route_it_is_said_which_networks_there_are() -> None:
    error = NetError(Operation.CONNECT, Cause.UNREACHABLE, 101, endpoint=OTHER)
    finding = findings(path_to(OTHER, Via.UNKNOWN, routes=(Route(peer=OTHER, error=error),)))[2]
    assert (finding.state, finding.cause) == (State.FAILED, "no route")
    assert "10.77.0.0/24" in finding.sentence
    forbidden = Route(peer=OTHER, error=replace(error, cause=Cause.PERMISSION))
    finding = findings(path_to(OTHER, Via.UNKNOWN, routes=(forbidden,)))[2]
    assert (finding.state, finding.cause) == (State.FAILED, "permission denied")


def test_a_name_that_does_not_exist_ends_the_path_at_once() -> None:
    error = NetError(Operation.RESOLVE, Cause.NAME_NOT_FOUND, endpoint=Endpoint("nixda", 1))
    path = NetPath(target=Endpoint("nixda", 1), name_seconds=0.02, name_error=error)
    found = findings(path)
    assert [one.state for one in found] == [State.FAILED, *[State.NOT_REACHED] * 4]
    assert "nixda" in found[0].sentence


@pytest.mark.parametrize(
    ("reply", "cause", "state"),
    [
        (Reply(seconds=1.0), "silent", State.OK),
        (Reply(seconds=0.1, data=b"220 ready\r\n"), "speaks first", State.OK),
        (Reply(seconds=0.1, finished=True), "closed", State.FAILED),
        (
            Reply(seconds=0.1, error=NetError(Operation.RECEIVE, Cause.RESET)),
            "reset",
            State.FAILED,
        ),
    ],
)
def test_a_reply_is_judged(reply: Reply, cause: str, state: State) -> None:
    finding = findings(connected(reply=reply))[4]
    assert (finding.cause, finding.state) == (cause, state)


def test_what_a_server_says_first_cannot_harm_a_terminal() -> None:
    shown = line(findings(connected(reply=Reply(seconds=0.1, data=b"\x1b[2J\xff\r\n")))[4])
    assert r"\x1b[2J\xff\r\n" in shown


def test_the_step_under_way_is_pending_and_those_behind_it_are_not_reached() -> None:
    states = [one.state for one in findings(path_to(NEAR, Via.DIRECT))]
    assert states == [*[State.OK] * 3, State.PENDING, State.NOT_REACHED]
    assert findings(NetPath(target=NEAR))[0].state is State.PENDING
    assert not has_failed(NetPath(target=NEAR))
    assert NEAR.host in told(NetPath(target=NEAR))


def test_of_several_addresses_the_one_that_connects_decides() -> None:
    lost = failed(HERE, Via.OWN, REFUSED).attempts[0]
    path = connected(addresses=(HERE, NEAR))
    path = replace(path, attempts=(lost, *path.attempts))
    assert findings(path)[3].cause == "connected"
    assert "10.77.0.9" in findings(path)[1].sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_in_both_languages(language: Language) -> None:
    set_language(language)
    reply = Reply(seconds=1.0)
    for path in (*CAUSES.values(), connected(reply=reply)):
        found = findings(path)
        assert all(one.sentence for one in found if one.is_over)
        assert not [one for one in found if "{" in one.sentence + one.advice]
        assert (told(path).isascii()) is (language == "en")


def test_times_have_the_unit_of_the_language() -> None:
    set_language("zh")
    found = line(findings(connected(reply=Reply(seconds=1.0)))[4])
    assert "1000 毫秒" in found
    assert " ms" not in found


def test_lines_stand_in_columns() -> None:
    lines = [line(one) for one in findings(connected(reply=Reply(seconds=1.0)))]
    assert lines[0].startswith("✓ name      0.00 ms  10.77.0.9 is an address")
    assert lines[4].startswith("✓ reply     1000 ms  Connected; it says nothing first.")
    assert {text[17:19] for text in lines} == {"ms"}
    assert [text[0] for text in map(line, findings(CAUSES["refused"]))] == [*"✓✓✓✗–"]
    assert set(MARKS) == set(State)


def test_every_word_of_the_table_is_used() -> None:
    used = set(CAUSES) | {"typed", "found", "loopback", "own", "own network", "elsewhere"}
    used |= {
        "private elsewhere",
        "address",
        "no route",
        "connected",
        *(f"route: {via}" for via in Via),
    }
    assert used | {"silent", "speaks first", "closed", "reset"} == set(WORDS)


@given(paths, st.sampled_from(LANGUAGES))
def test_any_facts_at_all_are_judged(path: NetPath, language: Language) -> None:
    """A recording that somebody else made may hold anything."""
    set_language(language)
    found = findings(path)
    assert [one.step for one in found] == [*Step]
    for shown in (told(path), *map(line, found), *(one.advice for one in found)):
        assert visible_text(shown, None) == shown
