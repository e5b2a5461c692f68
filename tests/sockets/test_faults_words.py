"""What a student reads of a real fault, in a network of our own: each main sentence, proved."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.command import PATIENCE_SECONDS, command
from tests.namespaces import computer
from tests.peers import program
from tests.sockets.test_faults_network import SERVER, Cable, cable, serving_on

__all__ = ["cable"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")

NOWHERE = "203.0.113.9"
"""RFC 5737: an address for examples."""

FULL_QUEUE = """
import socket, sys
listener = socket.socket()
listener.bind(("127.0.0.1", 7001))
listener.listen(0)
waiting = [socket.socket() for _ in range(2)]
for one in waiting:
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", 7001))
print("full", flush=True)
sys.stdin.read()
"""

ALL_PORTS = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 7001))
taken = [socket.create_connection(("127.0.0.1", 7001)) for _ in range(4)]
udp = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(4)]
for one in udp:
    one.connect(("127.0.0.1", 7001))
print("full", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def alone() -> Iterator[list[str]]:
    """Return how to run something on a computer whose only network is itself."""
    with computer() as (inside, _):
        ip(inside, "link set lo up")
        yield inside


def ip(inside: list[str], *commands: str) -> None:
    for one in commands:
        words = [*inside, program("ip"), *one.split()]
        subprocess.run(words, check=True, timeout=PATIENCE_SECONDS, capture_output=True)


def told(inside: list[str], *words: str, timeout: float | None = 1.0) -> tuple[str, str]:
    """Run our client there; return what it says in English and in Chinese."""
    limit = () if timeout is None else ("--timeout", f"{timeout:g}")
    said = []
    for language in ("en", "zh"):
        ours = command("--lang", language, words[0], *words[1:], *limit)
        ran = subprocess.run(
            [*inside, *ours],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
        assert ran.returncode == 1, ran
        said.append(ran.stderr.decode())
    return said[0], said[1]


@contextmanager
def running(inside: list[str], script: str) -> Iterator[None]:
    """Run a script of ours there until the block ends."""
    words = [*inside, sys.executable, "-c", script]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"full\n"
        yield


@pytest.mark.parametrize(
    ("where", "route", "english", "chinese"),
    [
        (
            "127.0.0.1:7",
            "",
            ["Connection refused by 127.0.0.1:7 (ECONNREFUSED 111).", "RST came back"],
            ["127.0.0.1:7 拒绝了连接（ECONNREFUSED 111）。", "收到 RST", "1. 服务器没有启动。"],
        ),
        (
            "localhost:7",
            "",
            ["refused by 127.0.0.1:7, [::1]:7 (ECONNREFUSED 111)"],
            ["127.0.0.1:7、[::1]:7 拒绝了连接"],
        ),
        (
            f"{NOWHERE}:80",
            "",
            [f"no route to {NOWHERE}:80 (ENETUNREACH 101).", "Nothing left this computer"],
            [f"网络不可达：没有到 {NOWHERE}:80 的路由（ENETUNREACH 101）。"],
        ),
        (
            f"{NOWHERE}:80",
            "unreachable",
            [f"No route to {NOWHERE}:80", "(EHOSTUNREACH 113)", "client isolation"],
            [f"没有到 {NOWHERE}:80 的路由：无法到达那台主机（EHOSTUNREACH 113）。", "AP 隔离"],
        ),
        (
            f"{NOWHERE}:80",
            "prohibit",
            [f"The system does not allow it: {NOWHERE}:80 (EACCES 13).", "routing"],
            ["系统不允许", "（EACCES 13）", "路由"],
        ),
        (
            f"{NOWHERE}:80",
            "blackhole",
            ["invalid request", "(EINVAL 22)", '"blackhole"'],
            ["（EINVAL 22）", "黑洞路由"],
        ),
        (
            "255.255.255.255:80",
            "",
            ["TCP cannot connect to 255.255.255.255:80", "exactly two ends"],
            ["TCP 不能连接 255.255.255.255:80"],
        ),
    ],
)
def test_why_a_connection_fails(
    alone: list[str], where: str, route: str, english: list[str], chinese: list[str]
) -> None:
    if route:
        ip(alone, f"route add {route} {NOWHERE}")
    said = told(alone, "connect", where)
    for text, wanted in zip(said, (english, chinese), strict=True):
        assert all(part in text for part in wanted), text
    assert "Connection refused, " not in said[1]


def test_a_broadcast_address_is_not_for_udp_without_permission(cable: Cable) -> None:
    english, chinese = told(cable.client, "udp", "10.77.0.255:7", "--send", "a")
    assert "does not let us send to 10.77.0.255:7 (EACCES 13)." in english
    assert "1. It is a broadcast address" in english
    assert "1. 这是广播地址" in chinese


def test_a_full_accept_queue_is_silent_and_whose_limit_that_was_is_said(alone: list[str]) -> None:
    with running(alone, FULL_QUEUE):
        english, chinese = told(alone, "connect", "127.0.0.1:7001", timeout=0.5)
    assert "No answer from 127.0.0.1:7001 within 0.5 s (our limit)." in english
    assert "its accept queue is full" in english
    assert "SYN is repeated" in english
    assert "127.0.0.1:7001 在 0.5 秒（本程序的时限）内没有应答。" in chinese
    assert "接受队列已满" in chinese


@pytest.mark.parametrize(("verb", "code"), [("connect", "EADDRNOTAVAIL 99"), ("udp", "EAGAIN 11")])
def test_ports_used_up_to_one_server_are_free_to_another(
    alone: list[str], verb: str, code: str
) -> None:
    ports = "echo 40000 40003 > /proc/sys/net/ipv4/ip_local_port_range"
    subprocess.run([*alone, "sh", "-c", ports], check=True, timeout=PATIENCE_SECONDS)
    with running(alone, ALL_PORTS):
        english, chinese = told(alone, verb, "127.0.0.1:7001", "--send", "a")
        if verb == "connect":  # RFC 9293, section 3.4.1: four numbers name a connection
            assert "refused by 127.0.0.1:7002" in told(alone, verb, "127.0.0.1:7002")[0]
    assert f"No free local port to reach 127.0.0.1:7001 ({code})." in english
    assert "TIME_WAIT" in english
    assert f"没有空闲的本地端口可以连接 127.0.0.1:7001（{code}）。" in chinese


def test_an_absent_neighbour_is_no_route_after_three_seconds(cable: Cable) -> None:
    ip(cable.client, "link set lo up")
    english, chinese = told(cable.client, "connect", "10.77.0.77:80", timeout=8)
    assert "No route to 10.77.0.77:80" in english
    assert "(EHOSTUNREACH 113)" in english
    assert "ARP got no answer" in english
    assert "ARP 请求没有应答" in chinese


def test_a_server_that_rejects_and_one_that_runs_look_alike(cable: Cable) -> None:
    rules = "add table ip t; add chain ip t in { type filter hook input priority 0; };"
    rules += " add rule ip t in tcp dport 1-65535 reject with tcp reset"
    with ExitStack() as stack:
        server = stack.enter_context(serving_on(cable))
        nft = [*cable.server, program("nft"), rules]
        subprocess.run(nft, check=True, timeout=PATIENCE_SECONDS)
        english, chinese = told(cable.client, "connect", f"{SERVER}:{server.port}")
    assert f"Connection refused by {SERVER}:{server.port}" in english
    assert "3. A firewall rejects the connection." in english
    assert "3. 防火墙拒绝了连接。" in chinese


def test_an_address_for_listening_is_refused_where_it_is_typed() -> None:
    ran = subprocess.run(
        command("--lang", "en", "connect", "0.0.0.0:80"),
        check=False,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ran.returncode == 2
    assert re.search(rb"0\.0\.0\.0.* is for listening; connect to 127\.0\.0\.1", ran.stderr)
