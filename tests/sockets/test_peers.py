"""The programs we test against do what the tests rely on."""

from __future__ import annotations

import http.client
import socket
import subprocess

import pytest

from tests import peers

pytestmark = pytest.mark.peers


def _dial(port: int) -> socket.socket:
    return socket.create_connection((peers.LOOPBACK, port), timeout=5)


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(peers.LOOPBACK, port, timeout=5)
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, dict(reply.getheaders()), body


def test_nginx_serves_pages_in_both_encodings_and_compresses_on_request() -> None:
    with peers.nginx() as port:
        assert _get(port, "/", {})[2] == peers.INDEX.encode()
        _, headers, body = _get(port, "/gbk.html", {})
        assert headers["Content-Type"] == "text/html; charset=gbk"
        assert body == peers.GBK_PAGE.encode("gbk")
        _, headers, _ = _get(port, "/gz/lines.txt", {"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Transfer-Encoding"] == "chunked"
        assert [_get(port, path, {})[0] for path in ("/moved", "/nothing")] == [301, 204]
        assert _get(port, "/big.bin", {})[2] == peers.BIG


def test_an_ncat_broker_passes_bytes_unchanged_to_the_others() -> None:
    with peers.ncat("broker") as port, _dial(port) as one, _dial(port) as other:
        one.sendall("你好\n".encode())  # waits in ncat until it has accepted both
        assert other.recv(100) == "你好\n".encode()


@pytest.mark.parametrize("start", [lambda: peers.ncat("echo"), lambda: peers.socat("echo")])
def test_an_echo_peer_sends_the_bytes_back(start: object) -> None:
    assert callable(start)
    with start() as port, _dial(port) as client:
        client.sendall(b"\x00\xff\n")
        assert client.recv(100) == b"\x00\xff\n"


def test_socat_greets_closes_and_echoes_datagrams() -> None:
    with peers.socat("banner") as port, _dial(port) as client:
        assert client.recv(100) == b"220 ready\n"
    with peers.socat("close") as port, _dial(port) as client:
        assert client.recv(100) == b""
    with peers.socat("udp") as port, socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto("时间".encode(), (peers.LOOPBACK, port))
        assert client.recv(100) == "时间".encode()


def test_socat_floods_and_ends_with_all_its_children() -> None:
    with peers.socat("flood") as port, _dial(port) as client:
        assert client.recv(6) == b"flood\n"
        client.shutdown(socket.SHUT_RDWR)
    with peers.socat("deaf") as port, _dial(port) as client:
        client.sendall(b"hello\n")
    with pytest.raises(ConnectionRefusedError):
        _dial(port).close()


def test_plain_nc_talks_to_a_real_program() -> None:
    with peers.socat("echo") as port:
        command = [peers.nc(), "-N", peers.LOOPBACK, str(port)]
        reply = subprocess.run(command, input=b"line\n", capture_output=True, timeout=5, check=True)
    assert reply.stdout == b"line\n"
