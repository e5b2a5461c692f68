"""Where our sockets listen, and what the system says about them."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.events import (
    Accepted,
)
from netlib.network import Network
from netlib.system import sockets
from tests.helpers import wait_until
from tests.sockets.conftest import (
    HOST,
    Events,
    accept,
    dial,
    listener,
    port_of,
    read,
    read_to_end,
    rows,
    serve,
    udp_peer,
)


def test_every_interface_means_both_families_and_ipv4_is_shown_as_ipv4(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="")
    with dial(server.port, "127.0.0.1"):
        first = events.wait_for(Accepted)
        assert (first.peer.host, first.local.host) == ("127.0.0.1", "127.0.0.1")
    with dial(server.port, "::1"):
        wait_until(lambda: len(events.of(Accepted)) == 2)
        assert events.of(Accepted)[1].peer.host == "::1"


def test_localhost_listens_on_both_families_with_one_port_and_shows_which(
    network: Network, events: Events
) -> None:
    server = serve(network, events, host="localhost")
    for host in ("127.0.0.1", "::1"):
        with dial(server.port, host):
            accepted = events.wait_for(Accepted, activity=server.number)
            events.items.clear()
            assert (accepted.local.host, accepted.peer.host) == (host, host)


@pytest.mark.parametrize("host", ["localhost", ""])
@pytest.mark.parametrize("no_ipv6", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EMFILE])
def test_only_where_there_is_no_ipv6_does_it_listen_on_ipv4_alone(
    monkeypatch: pytest.MonkeyPatch, host: str, no_ipv6: int
) -> None:
    class Ipv4(socket.socket):
        def __init__(self, family: int = -1, kind: int = -1, *more: int, **other: Any) -> None:
            if family == socket.AF_INET6:
                raise OSError(no_ipv6, os.strerror(no_ipv6))
            super().__init__(family, kind, *more, **other)

    monkeypatch.setattr("netlib.system.sockets.socket.has_dualstack_ipv6", lambda: True)
    monkeypatch.setattr("netlib.system.sockets.socket.socket", Ipv4)
    if no_ipv6 == errno.EMFILE:
        with pytest.raises(OSError, match=os.strerror(no_ipv6)):
            sockets.listen(host, 0)
        return
    [only] = sockets.listen(host, 0)
    with only:
        assert only.family == socket.AF_INET


@pytest.mark.parametrize("udp", [False, True])
def test_the_next_free_port_is_the_first_that_nobody_has(udp: bool) -> None:
    bind = sockets.bind_udp if udp else sockets.listen
    with ExitStack() as stack:
        first = [stack.enter_context(one) for one in bind("localhost", 0)]
        taken = first[0].getsockname()[1]
        free = sockets.free_port("localhost", taken - 1, udp=udp)
        assert free is not None
        assert free > taken
        for one in bind("localhost", free):
            stack.enter_context(one)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", ""])
def test_nobody_may_listen_where_somebody_listens(host: str) -> None:
    with ExitStack() as stack:
        first = [stack.enter_context(one) for one in sockets.listen(host, 0)]
        with pytest.raises(OSError) as refusal:
            sockets.listen(host, port_of(first[0]))
    assert refusal.value.errno in (errno.EADDRINUSE, errno.EACCES)


@pytest.mark.parametrize("make", [sockets.listen, sockets.bind_udp])
def test_both_families_of_this_computer_share_the_port_that_the_system_chose(
    make: Callable[[str, int], list[socket.socket]],
) -> None:
    with ExitStack() as stack:
        bound = [stack.enter_context(one) for one in make("localhost", 0)]
        ends = [sockets.local_endpoint(one) for one in bound]
        assert not any(one.getblocking() for one in bound)
    assert [end.host for end in ends] == ["127.0.0.1", "::1"]
    assert len({end.port for end in ends}) == 1


def test_a_name_is_not_looked_up_to_listen_on() -> None:
    with pytest.raises(OSError):
        sockets.listen("no.such.host.invalid", 0)


def test_a_burst_of_datagrams_finds_more_room_than_usual() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as usual:
        (ours,) = sockets.bind_udp(HOST, 0)
        with ours:
            size = socket.SOL_SOCKET, socket.SO_RCVBUF
            assert ours.getsockopt(*size) >= usual.getsockopt(*size)
            assert sockets.kernel_drops(ours) in (0, None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_the_kernel_drops_is_counted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as small:
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.bind((HOST, 0))
        with udp_peer(port_of(small)) as peer:
            for _ in range(100):
                peer.send(b"x" * 1000)
        small.setblocking(False)
        read = 0
        with suppress(BlockingIOError):
            while small.recv(1000):
                read += 1
        assert sockets.kernel_drops(small) == 100 - read > 0
    assert sockets.kernel_drops(small) is None  # closed: nobody can tell


def test_closing_can_be_a_reset_and_is_fin_otherwise() -> None:
    with listener() as listening:
        for with_reset in (False, True):
            with dial(port_of(listening)) as peer:
                sock, _address = sockets.accept(listening, socket.AF_INET)
                sockets.prepare_accepted(sock)
                if with_reset:
                    sockets.reset_on_close(sock)
                sock.close()
                if with_reset:
                    with pytest.raises(ConnectionResetError):
                        read_to_end(peer)
                else:
                    assert read_to_end(peer) == b""


def test_fin_leaves_the_other_direction_open_and_is_harmless_when_all_is_over() -> None:
    with listener() as listening, dial(port_of(listening)) as ours, accept(listening) as peer:
        sockets.shutdown_write(ours)
        assert read_to_end(peer) == b""
        peer.sendall(b"still here")
        assert read(ours, 10) == b"still here"
    sockets.shutdown_write(ours)


KEEP_ALIVE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}


def kept_alive(sock: sockets.SocketType) -> dict[str, int]:
    """Return what a socket says of its keep-alive, as far as this system has it."""
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    there = {name: getattr(socket, name) for name in KEEP_ALIVE if hasattr(socket, name)}
    return {name: sock.getsockopt(socket.IPPROTO_TCP, option) for name, option in there.items()}


@pytest.mark.parametrize("patience", [10.0, 30.0, 60.0, None])
@pytest.mark.parametrize("host", ["localhost", ""])
def test_accepted_and_dialled_sockets_notice_a_peer_that_vanishes(
    network: Network, events: Events, host: str, patience: float | None
) -> None:
    server = serve(network, events, host=host, write_timeout=patience)
    wanted = {name: value for name, value in KEEP_ALIVE.items() if hasattr(socket, name)}
    if "TCP_USER_TIMEOUT" in wanted:  # else it would cut a longer write timeout short
        wanted["TCP_USER_TIMEOUT"] = 0 if patience is None else int(max(patience, 30) * 1000)
    with dial(server.port):
        wait_until(lambda: rows(network, server.number))
        (stream,) = network._activities[server.number].connections()
        assert stream.sock is not None
        assert kept_alive(stream.sock) == wanted
    with sockets.tcp_socket(socket.AF_INET) as dialled:
        assert kept_alive(dialled).items() >= {"TCP_KEEPCNT": 3}.items()


def test_no_wake_up_waits_for_an_ack_where_the_pair_is_a_tcp_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listener() as door:
        pair = dial(port_of(door)), accept(door)
    for sock in pair:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    monkeypatch.setattr(socket, "socketpair", lambda: pair)
    with ExitStack() as stack:
        woken, waker = map(stack.enter_context, sockets.wakeup_pair())
        for sock in (woken, waker):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert not sock.getblocking()


def test_windows_is_asked_for_the_longest_queue_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.spec_from_file_location("sockets_of_windows", sockets.__file__)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setattr(sys, "platform", "win32")
    found.loader.exec_module(module)
    assert module.BACKLOG == socket.SOMAXCONN  # of any other number it takes 200


@pytest.mark.parametrize(
    ("host", "asked"), [("127.0.0.1", "127.0.0.1"), ("", "127.0.0.1"), ("", "::1")]
)
def test_what_a_socket_has_received_from_it_can_send_to(host: str, asked: str) -> None:
    (bound,) = sockets.bind_udp(host, 0)
    family = socket.AF_INET6 if ":" in asked else socket.AF_INET
    with bound, socket.socket(family, socket.SOCK_DGRAM) as peer:
        bound.settimeout(5)
        peer.settimeout(5)
        peer.sendto(b"question", (asked, sockets.local_endpoint(bound).port))
        _data, address = bound.recvfrom(100)
        assert sockets.address_for(bound, Endpoint.from_sockaddr(address)) == address
        bound.sendto(b"answer", sockets.address_for(bound, Endpoint.from_sockaddr(address)))
        assert peer.recv(100) == b"answer"
