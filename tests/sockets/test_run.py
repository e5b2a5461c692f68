"""Scripts of lessons on real sockets: what each word does, and what is told when a proof fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from netlib import EventQueue, Network
from netlib.lessons.player import Player
from tests.lessons import play, scripted
from tests.sockets.conftest import listener, port_of


@pytest.fixture
def queue() -> EventQueue:
    return EventQueue(4 << 20)


@pytest.fixture
def network(queue: EventQueue) -> Iterator[Network]:
    network = Network(queue)
    yield network
    assert network.close(timeout=5.0)


def outcome(network: Network, queue: EventQueue, *script: str) -> str:
    """Play a script; return why it was not proven, or nothing."""
    player = Player(scripted(*script), network)
    why_not = play(player, queue)
    player.close()
    return why_not


SCRIPTS = {
    "a half-close, and the peer's": (
        "serve server echo",
        "connect client server",
        'send client "a"',
        "half-close client",
        "expect client finished",
        "expect server peer-finished",
        'expect client received data="a"',
        "expect client closed reason=by-peer unsent=0",
    ),
    "a reset": (
        "serve server echo",
        "connect client server",
        "expect server accepted local=client.peer",
        "reset client",
        "expect client closed reason=aborted state=CLOSED",
        "expect server closed reason=reset",
    ),
    "a close, once there is something to close": (
        "serve server echo",
        "connect client server",
        "close client",
        "expect client closed reason=by-us",
    ),
    "two sends, one receive": (
        "serve server echo reading=paused",
        "connect client server",
        "expect server accepted",
        'send client "ab"',
        "expect client sent bytes=2",
        'send client "cd"',
        "expect client sent bytes=4 calls=2",
        "not-yet server received",
        "resume-reading server",
        'expect server received data="abcd" calls=1',
    ),
    "receives of four bytes": (
        "serve server echo reading=paused receive=4",
        "connect client server",
        "expect server accepted",
        'send client "one"',
        'send client "two"',
        'send client "three"',
        "expect server kernel unread=11",
        "resume-reading server",
        'expect server received data="onetwothree" calls=3',
    ),
    "a relay that delays one way": (
        "serve server echo",
        "relay road server up.delay=0.3",
        "connect client road",
        'send client "hi"',
        "not-yet server received for=0.2",
        'expect client received data="hi"',
    ),
    "a cable pulled, and put back": (
        "serve server echo",
        "relay road server",
        "connect client road",
        'send client "a"',
        'expect client received data="a"',
        "impair road up.black-hole=on down.black-hole=on",
        'send client "b"',
        "not-yet server received bytes=2 for=0.2",
        "not-yet client closed",
        "impair road",
        'expect client received data="ab"',
    ),
    "datagrams that are lost and overtaken": (
        "serve server echo over=udp",
        "relay road server over=udp up.delay=0.5 up.reorder=0.3 up.loss=0.3 seed=15",
        "connect client road over=udp",
        'send client "1"',
        'send client "2"',
        'send client "3"',
        'send client "4"',
        'send client "5"',
        'send client "6"',
        "expect client sent calls=6",
        'expect server received data="1635"',
        'expect client received data="1635"',
    ),
    "a clock that is seen wrong": (
        "serve server ntp over=udp",
        "relay road server over=udp down.delay=0.2",
        "ask-time client road protocol=ntp",
        "expect client time-reply offset<=-0.08 offset>=-1 rtt>=0.2",
    ),
    "pausing while it runs": (
        "serve server echo",
        "connect client server",
        "expect server accepted",
        "pause-reading server",
        "expect server reading-paused",
        "pause-accepting server",
        "expect server accepting-paused",
        "resume-accepting server",
        "expect server accepting-resumed",
        "resume-reading server",
        "expect server reading-resumed count=1",
    ),
    "more than there is room for": (
        "serve server echo",
        "connect client server",
        "send client size=3000000",
        "expect client received bytes=3000000 calls>=2 within=20",
        "expect client sent bytes=3000000",
    ),
    "what the kernel says": (
        "serve server echo reading=paused buffer=4096",
        "connect client server",
        "send client size=12000000",
        "expect client kernel unsent>=1 state=ESTABLISHED",
        "expect server kernel unread>=1",
    ),
    "acknowledged and unread": (
        "only-on linux,macos",
        "case reset",
        "serve server echo reading=paused",
        "connect client server",
        'send client "a"',
        "expect server kernel unread=1",
        "expect client kernel unacknowledged=0",
        "not-yet server received",
    ),
    "datagrams": (
        "serve server echo over=udp",
        "connect client server over=udp",
        "expect client connected",
        "not-yet client sent",
        'send client "a"',
        'send client ""',
        'expect client received data="a" calls=2',
    ),
    "nobody has the port": (
        "serve server echo over=udp",
        "expect server listening",
        "stop server",
        "expect server stopped",
        "connect client server over=udp",
        'send client "a"',
        "expect client sent calls=1",
        "expect client port-unreachable",
    ),
    "the time": (
        "serve server time over=udp",
        "ask-time client server times=2",
        "expect client time-reply count=2",
    ),
    "one address of two": (
        "serve server echo address=127.0.0.1",
        "connect four server address=127.0.0.1",
        "connect six server address=::1",
        "connect zero server address=0.0.0.0",
        "expect four connected",
        "expect six failed operation=connect",
        "expect zero failed cause=unspecified-address",
    ),
    "the same port at another address": (
        "serve four echo address=127.0.0.1",
        "serve six acknowledge address=::1 port=four",
        "connect client six",
        'send client "a\\n"',
        'expect client received data="已接收: a\\n"',
        "not-yet four accepted",
    ),
    "the port of another": (
        "serve one echo",
        "serve two echo port=one",
        "expect two failed cause=address-in-use operation=bind",
        "not-yet two listening",
    ),
    "many under one name": (
        "serve server echo",
        "connect crowd server times=20",
        "expect crowd connected peer=server.local count=20",
        "expect server accepted local=server.local count=20",
        "expect crowd kernel state=ESTABLISHED",
    ),
    "chance that can be repeated": (
        "serve server pinger over=udp loss=1 seed=1",
        "serve other words seed=3",
        "connect client server over=udp",
        'send client "a"',
        "connect reader other",
        'expect reader received starts="\\x00\\x04port"',
        "expect reader peer-finished",
        "expect server received calls=1",
        "not-yet client received",
    ),
    "nothing after a FIN of one's own": (
        "serve server echo",
        "connect client server",
        "half-close client",
        "expect client finished",
        'cannot-send client "a"',
    ),
    "a write timeout": (
        "serve server count",
        "relay road server up.black-hole=on",
        "connect client road write-timeout=0.5",
        "send client size=12000000",
        "expect client closed reason=write-timeout",
    ),
    "a port that is bound": (
        "serve server echo",
        "connect first server",
        "connect second first",
        "expect second failed cause=refused operation=connect",
    ),
    "several sends": (
        "serve server count reading=paused",
        "connect client server",
        'send client "ab" times=3',
        'expect client sent data="ababab" calls=3',
    ),
    "datagrams without room": (
        "serve server acknowledge over=udp reading=paused buffer=65536",
        "expect server reading-paused",
        "connect client server over=udp",
        "send client size=1000 times=200",
        "expect client sent calls=200",
        "not-yet server received",
        "resume-reading server",
        "expect server reading-resumed",
        "expect server received calls>=1",
        "not-yet server received calls>=200 for=0.5",
        "pause-reading server",
        "expect server reading-paused count=2",
    ),
    "no time": (
        "serve server time over=udp",
        "expect server listening",
        "stop server",
        "expect server stopped",
        "ask-time client server timeout=0.2",
        "expect client time-lost",
    ),
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_each_word_does_what_it_says(
    network: Network, queue: EventQueue, script: tuple[str, ...]
) -> None:
    assert outcome(network, queue, *script) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'expect client received data="x" within=0.1',
            'not come within 0.1 s: client: it has received (data="x" within=0.1)',
        ),
        ("expect client closed within=0.1", "not come within 0.1 s: client: its connection is cl"),
        ("not-yet client connected", "This is not so: client: not yet: it is connected"),
        ("impair server up.delay=1", "Only a relay can be impaired."),
        ('cannot-send client "a"', "This is not so: client: it cannot send"),
        ('send server "x"', "within 5 s"),
    ],
)
def test_a_proof_that_does_not_come_is_told(
    network: Network, queue: EventQueue, line: str, told: str
) -> None:
    if line.startswith("send"):
        script = ["serve server time over=udp", f"{line} within=0.1"]
        told = "not come within 0.1 s: send server"
    else:
        script = ["serve server echo", "connect client server", "expect client connected", line]
    assert told in outcome(network, queue, *script, "expect server listening")


def test_what_comes_while_it_must_not_is_told(network: Network, queue: EventQueue) -> None:
    script = ("serve server echo", "relay road server down.delay=0.3", "connect client road")
    more = ('send client "a"', "expect client sent", "not-yet client received for=9")
    why_not = outcome(network, queue, *script, *more)
    assert "This is not so: client: not yet: it has received (for=9)" in why_not


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("impair road up.loss=0.5", "loss=0.5: a relay of TCP"),
        ("relay other server over=udp up.reorder=0.5", "Without a delay nothing"),
    ],
)
def test_what_a_relay_cannot_do_is_told(
    network: Network, queue: EventQueue, line: str, told: str
) -> None:
    script = ("serve server echo", "relay road server", "expect road listening")
    assert told in outcome(network, queue, *script, line)


def test_what_has_failed_is_not_waited_for(network: Network, queue: EventQueue) -> None:
    with listener() as taken:
        port = port_of(taken)
        script = (f"serve server echo port={port}", "connect client server within=30")
        why_not = outcome(network, queue, *script, "expect client connected within=30")
    assert str(port) in why_not
    assert why_not.startswith("server: ")


@pytest.mark.skipif(sys.platform != "linux", reason="others refuse, or take any number")
def test_who_finds_no_place_in_the_accept_queue_is_not_answered(
    network: Network, queue: EventQueue
) -> None:
    script = (
        "serve server echo accepting=paused backlog=1",
        "connect crowd server times=2",
        "expect crowd connected count=2",
        "connect late server timeout=0.5",
        "expect late failed cause=timed-out operation=connect",
        "not-yet server accepted",
        "resume-accepting server",
        "expect server accepted count=2",
        "connect next server",
        "expect next connected",
    )
    assert outcome(network, queue, *script) == ""


def test_many_under_one_name_are_told_nothing(network: Network, queue: EventQueue) -> None:
    script = ("serve server echo", "connect crowd server times=2", 'send crowd "a"')
    assert outcome(network, queue, *script, "expect crowd sent") == (
        "crowd stands for 2 clients; a line can tell only one what to do."
    )


def test_a_datagram_that_is_too_long_is_told(network: Network, queue: EventQueue) -> None:
    script = ("serve server echo over=udp", "connect client server over=udp")
    why_not = outcome(network, queue, *script, "send client size=70000", "expect client sent")
    assert "70,000 bytes" in why_not
