"""Packets between computers: over Ethernet, over a bridge, of an ICMP error from elsewhere.

client ── bridge of the router ── server
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from netlib.recording.reader import Recording
from netlib.segment import ACK, FIN, SYN, read_segment
from tests.command import PATIENCE_SECONDS, Finished, Running, command, listening
from tests.namespaces import ROUTER, SERVER, bridged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")

CLOSED_PORT = "9"


class Lan(NamedTuple):
    """Three computers: how to run something there."""

    router: list[str]
    client: list[str]
    server: list[str]


@pytest.fixture
def lan() -> Iterator[Lan]:
    with bridged() as (router, client, server):
        yield Lan(router, client, server)


def ask(lan: Lan, *arguments: str) -> Finished:
    """Run a command on the client's computer."""
    call = [*lan.client, *command("--lang", "en", *arguments)]
    return subprocess.run(
        call, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )


def serve(file: Path, host: str) -> list[str]:
    recorded = ("--record", str(file), "--packets", "--quiet")
    return command("--lang", "en", "serve", "echo", "--host", host, "--port", "0", *recorded)


def say_hello(lan: Lan, server: Running, file: Path) -> None:
    asked = ("connect", server.where, "--send", "hello", "--record", str(file), "--packets")
    done = ask(lan, *asked)
    assert (done.returncode, done.stdout) == (0, b"hello\n"), done.stderr
    assert server.end()[0] == 0


def packets(file: Path) -> list[bytes]:
    with closing(Recording(file)) as recording:
        rows = [row for _id, row in recording.packets()]
    assert all(row.data is not None and row.size == len(row.data) for row in rows)
    return [row.data for row in rows if row.data is not None]


def check(captured: list[bytes]) -> None:
    """See that it is one conversation, whole, each packet once."""
    assert len(captured) == len(set(captured))
    said = [one for one in map(read_segment, captured) if one is not None]
    assert [one.flags for one in said[:3]] == [SYN, SYN | ACK, ACK]
    assert [one.data for one in said if one.data] == [b"hello\n", b"hello\n"]
    assert sum(one.flags & FIN for one in said) == 2


@pytest.mark.parametrize("host", [SERVER, "fd77::9"])
def test_two_computers_see_the_same_packets(lan: Lan, tmp_path: Path, host: str) -> None:
    ours, theirs = tmp_path / "client", tmp_path / "server"
    with listening([*lan.server, *serve(theirs, host)]) as server:
        say_hello(lan, server, ours)
    check(packets(ours))
    assert sorted(packets(ours)) == sorted(packets(theirs))


def test_on_a_bridge_and_its_port_each_packet_is_kept_once(lan: Lan, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "client", tmp_path / "router"
    with listening([*lan.router, *serve(theirs, ROUTER)]) as server:
        say_hello(lan, server, ours)
    check(packets(theirs))


def test_an_icmp_error_of_another_computer_is_there(lan: Lan, tmp_path: Path) -> None:
    file = tmp_path / "lesson"
    recorded = ("--record", str(file), "--packets")
    assert ask(lan, "udp", f"{SERVER}:{CLOSED_PORT}", "--send", "?", *recorded).returncode == 1
    asked, refused = packets(file)
    assert (asked[9], asked[28:]) == (17, b"?")
    assert (refused[9], refused[20:22]) == (1, b"\x03\x03"), "port unreachable (RFC 792)"
