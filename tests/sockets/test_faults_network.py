"""The network is cut and mended: two computers of our own, a cable between them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import PATIENCE_SECONDS, Running, command, listening
from tests.helpers import wait_until
from tests.namespaces import computer, ip, namespace
from tests.sockets.conftest import PREFIX, SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")

SERVER, CLIENT = "10.77.0.1", "10.77.0.2"


class Cable(NamedTuple):
    """Two computers, as far as the network is concerned, and the cable between them."""

    server: list[str]
    """What to put in front of a command to run it on the server's computer."""
    client: list[str]
    client_process: int
    """Any process there."""

    def cut(self) -> None:
        """Pull the plug at the server."""
        ip(self.server, "link set plug down")

    def mend(self) -> None:
        """Put it back."""
        ip(self.server, "link set plug up")


@pytest.fixture
def cable() -> Iterator[Cable]:
    """Two network namespaces with a pair of virtual interfaces between them."""
    with computer() as (server, _), computer(*server) as (client, process):
        ip(server, f"link add plug type veth peer name socket netns {namespace(process)}")
        ip(server, f"addr add {SERVER}/24 dev plug", "link set plug up")
        ip(client, f"addr add {CLIENT}/24 dev socket", "link set socket up")
        yield Cable(server, client, process)


@contextmanager
def serving_on(cable: Cable, *options: str) -> Iterator[Running]:
    """Serve on the server's computer."""
    ours = ("--lang", "en", "serve", "acknowledge", "--host", SERVER, "--port", "0", *options)
    with listening([*cable.server, *command(*ours)]) as server:
        yield server


def connect_to(cable: Cable, port: int, *options: str) -> list[str]:
    """Return the command that connects from the client's computer."""
    return [*cable.client, *command("--lang", "en", "connect", f"{SERVER}:{port}", *options)]


class Caller:
    """Our own client on the other computer."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def say(self, line: bytes) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def heard(self, event: str) -> dict[str, str]:
        """Return the next event of one kind."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: dict[str, str] = json.loads(line)
            if told["event"] == event:
                return told
        raise AssertionError(f"no {event}")


@contextmanager
def calling(cable: Cable, port: int) -> Iterator[Caller]:
    """Connect from the client's computer, and stay."""
    pipe = subprocess.PIPE
    options = connect_to(cable, port, "--json", "--wait", "0")
    with subprocess.Popen(options, stdin=pipe, stdout=pipe) as process:
        try:
            caller = Caller(process)
            caller.say(b"one\n")
            assert caller.heard("received")["text"] == PREFIX.decode() + "one\n"
            yield caller
        finally:
            process.kill()


def retransmits(process: int) -> int:
    """Return how often a network's sockets have sent again what nobody has acknowledged."""
    table = Path(f"/proc/{process}/net/tcp").read_text(encoding="ascii")
    return sum(int(row.split()[6], 16) for row in table.splitlines()[1:])


def test_a_connection_survives_a_cut_and_what_was_said_meanwhile_arrives(cable: Cable) -> None:
    with serving_on(cable, "--quiet") as server, calling(cable, server.port) as caller:
        cable.cut()
        caller.say(b"two\n")
        wait_until(lambda: retransmits(cable.client_process), SECONDS)
        refused = subprocess.run(
            connect_to(cable, server.port, "--send", "x", "--timeout", "0.3"),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert refused.returncode == 1
        assert b"No answer from" in refused.stderr
        cable.mend()
        assert caller.heard("received")["text"] == PREFIX.decode() + "two\n"


def test_a_client_behind_a_cut_is_let_go_at_its_deadline_and_newcomers_are_served(
    cable: Cable,
) -> None:
    with serving_on(cable, "--read-timeout", "0.6") as server:
        with calling(cable, server.port):
            cable.cut()
            assert CLIENT in server.line_with("read timeout")
        cable.mend()
        with calling(cable, server.port):
            pass
        assert server.end()[0] == 0
