"""The doctor in networks that are broken on purpose, a cause each: what it says is what was done.

client ── lan (the router's bridge) ── server
            └── router ── far: another network behind it
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.command import PATIENCE_SECONDS, command, listening, objects
from tests.namespaces import CLIENT, ROUTER, SERVER, bridged, do, ip
from tests.peers import program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")

SERVER_V6 = "fd77::9"
ABSENT = "10.77.0.77"
FAR_ROUTER, FAR_ABSENT = "192.168.5.254", "192.168.5.9"
NOWHERE = "203.0.113.7"
"""RFC 5737: nobody's."""
PORT = 8080
SHORT, LONG = "0.6", "6"
"""Seconds: before and after Linux gives up ARP (3 s)."""


class Lan(NamedTuple):
    """Three computers: how to run something there."""

    router: list[str]
    client: list[str]
    server: list[str]

    def firewall(self, where: list[str], verdict: str, *, family: str = "ip") -> None:
        """Let a computer drop or reject what comes to PORT."""
        do(where, program("nft"), f"add table {family} wall")
        hook = "type filter hook input priority 0;"
        do(where, program("nft"), f"add chain {family} wall in {{ {hook} }}")
        do(where, program("nft"), f"add rule {family} wall in tcp dport {PORT} {verdict}")

    def forward(self) -> None:
        """Let the router do what makes it one."""
        do(self.router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")

    def diagnose(self, host: str, seconds: str = SHORT, port: int = PORT) -> list[dict[str, Any]]:
        """Return what the doctor finds on the client's computer."""
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        run = subprocess.run(
            [*self.client, *command("doctor", where, "--json", "--timeout", seconds)],
            stdout=subprocess.PIPE,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        found = objects(run.stdout)
        assert run.returncode == int(any(one["state"] == "failed" for one in found))
        return found

    def cause(self, host: str, seconds: str = SHORT, step: str = "connect") -> str:
        """Return the cause of the step that fails, which must be the one named."""
        found = self.diagnose(host, seconds)
        (failed,) = (one for one in found if one["state"] == "failed")
        assert failed["step"] == step, failed
        assert failed["advice"]
        return str(failed["cause"])


@pytest.fixture
def lan() -> Iterator[Lan]:
    """A router, whose bridge joins two computers; everything works."""
    with bridged() as (router, client, server):
        for where in (client, server):
            ip(where, f"route add default via {ROUTER}")
        yield Lan(router, client, server)


def test_where_all_is_well_all_is_green(lan: Lan) -> None:
    serve = command("--lang", "en", "serve", "acknowledge", "--host", SERVER, "--port", "0")
    with listening([*lan.server, *serve, "--quiet"]) as server:
        found = lan.diagnose(SERVER, LONG, server.port)
    assert [one["state"] for one in found] == ["ok"] * 5
    assert [one["cause"] for one in found[1:]] == [
        *("own network", "route: direct", "connected", "silent")
    ]
    assert f"Directly over eth0, from {CLIENT}" in found[2]["sentence"]


def test_nothing_listens_on_the_other_computer(lan: Lan) -> None:
    assert lan.cause(SERVER) == "refused"


@pytest.mark.parametrize("asked", [CLIENT, "fd77::2", "127.0.0.2"])
def test_it_listens_at_another_address_of_this_computer(lan: Lan, asked: str) -> None:
    serve = command("--lang", "en", "serve", "acknowledge", "--host", "127.0.0.1")
    with listening([*lan.client, *serve, "--port", str(PORT)]):
        assert lan.cause(asked) == "other address"


def test_a_firewall_drops(lan: Lan) -> None:
    lan.firewall(lan.server, "drop")
    assert lan.cause(SERVER) == "dropped"


@pytest.mark.parametrize(
    ("verdict", "cause"),
    [
        ("reject with icmp type admin-prohibited", "rejected"),
        ("reject with icmp type host-prohibited", "rejected"),
        ("reject with icmp type net-unreachable", "rejected"),
        ("reject with icmp type port-unreachable", "refused"),
        ("reject with tcp reset", "refused"),
    ],
)
def test_a_firewall_rejects(lan: Lan, verdict: str, cause: str) -> None:
    """As Linux tells of it: "port unreachable" and RST are the same to it."""
    lan.firewall(lan.server, verdict)
    assert lan.cause(SERVER) == cause


def test_a_firewall_rejects_over_ipv6(lan: Lan) -> None:
    lan.firewall(lan.server, "reject with icmpv6 type admin-prohibited", family="ip6")
    assert lan.cause(SERVER_V6, LONG) == "forbidden"


@pytest.mark.parametrize(
    ("verdict", "cause"),
    [
        ("drop", "dropped here"),
        ("reject with icmp type admin-prohibited", "rejected here"),
        ("reject with tcp reset", "refused here"),
    ],
)
def test_the_firewall_is_this_computers_own(lan: Lan, verdict: str, cause: str) -> None:
    lan.firewall(lan.client, verdict)
    serve = command("--lang", "en", "serve", "acknowledge", "--host", "0.0.0.0")
    with listening([*lan.client, *serve, "--port", str(PORT)]):
        assert lan.cause(CLIENT) == cause


@pytest.mark.parametrize("seconds", [SHORT, LONG])
def test_the_wifi_keeps_its_clients_apart(lan: Lan, seconds: str) -> None:
    """As an access point does it: each reaches the router, none another client."""
    for name in ("client", "server"):
        ip(lan.router, f"link set {name} type bridge_slave isolated on")
    assert lan.cause(SERVER, seconds) == "isolated"
    assert lan.cause(ABSENT, seconds) == "isolated"


def test_the_wifi_keeps_its_clients_apart_over_ipv6(lan: Lan) -> None:
    ip(lan.client, "-6 route add default via fd77::fe")
    ip(lan.router, "link set client type bridge_slave isolated on")
    ip(lan.router, "link set server type bridge_slave isolated on")
    assert lan.cause(SERVER_V6) == "isolated"


def test_nobody_answers_not_even_the_router(lan: Lan) -> None:
    ip(lan.router, "link set lan down")
    assert lan.cause(SERVER) == "no network"


def test_the_router_answers_no_syn_but_arp(lan: Lan) -> None:
    do(lan.router, program("nft"), "add table ip wall")
    do(lan.router, program("nft"), "add chain ip wall in { type filter hook input priority 0; }")
    do(lan.router, program("nft"), "add rule ip wall in drop")
    assert lan.cause(ABSENT) == "isolated"


def test_nobody_answers_and_there_is_no_router_to_ask(lan: Lan) -> None:
    ip(lan.client, "route del default")
    assert lan.cause(ABSENT) == "no neighbour"


def test_there_is_no_route(lan: Lan) -> None:
    ip(lan.client, "route del default")
    assert lan.cause(FAR_ABSENT, step="route") == "no route"
    ip(lan.client, "route add prohibit 192.168.5.0/24")
    assert lan.cause(FAR_ABSENT, step="route") == "permission denied"


def test_the_address_is_of_another_network(lan: Lan) -> None:
    assert lan.cause(FAR_ABSENT) == "wrong subnet"
    assert lan.cause(NOWHERE) == "silence"


def test_the_router_is_not_there(lan: Lan) -> None:
    ip(lan.client, f"route replace default via {ABSENT}")
    assert lan.cause(NOWHERE) == "no router"
    assert lan.cause(FAR_ABSENT) == "no router"


def test_the_router_knows_no_way(lan: Lan) -> None:
    lan.forward()
    assert lan.cause(NOWHERE) == "rejected on the way"


def test_the_router_finds_nobody(lan: Lan) -> None:
    ip(lan.router, "link add far type veth peer name farther", "link set farther up")
    ip(lan.router, f"addr add {FAR_ROUTER}/24 dev far")
    ip(lan.router, "addr add 203.0.113.254/24 dev far", "link set far up")
    lan.forward()
    assert lan.cause(NOWHERE, LONG) == "unreachable"
    assert lan.cause(FAR_ABSENT, LONG) == "wrong subnet"
