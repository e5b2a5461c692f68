"""What the kernel of Linux answers about an address, whatever the answer holds."""

from __future__ import annotations

import socket
import struct
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlib.system import netlink
from netlib.system.netlink import Hop, is_neighbour, next_hop

LOOPBACK = 1
REACHABLE, STALE, FAILED, PERMANENT, INCOMPLETE = 0x02, 0x04, 0x20, 0x80, 0x01
V4, V6 = socket.AF_INET, socket.AF_INET6


def attribute(kind: int, content: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(content), kind) + content


def route(*attributes: bytes) -> bytes:
    return bytes(12) + b"".join(attributes)


def neighbour(state: int) -> bytes:
    return struct.pack("=BBHiHBB", V4, 0, 0, 7, state, 0, 0)


class Kernel:
    """It answers what a test wants; None: nothing."""

    def __init__(self) -> None:
        self.route: bytes | None = None
        self.neighbour: bytes | None = None
        self.asked: list[bytes] = []

    def ask(self, kind: int, asked: bytes, _answer: int) -> bytes | None:
        self.asked.append(asked)
        return self.route if kind == 26 else self.neighbour


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel()
    monkeypatch.setattr(netlink, "_ask", made.ask)
    return made


INTERFACE = attribute(4, struct.pack("=I", 7))


@pytest.mark.parametrize(
    ("told", "hop"),
    [
        (None, None),
        (route(INTERFACE), Hop("", 7)),
        (route(INTERFACE, attribute(5, bytes([10, 77, 0, 254]))), Hop("10.77.0.254", 7)),
        (route(attribute(5, socket.inet_pton(V6, "fd77::fe")), INTERFACE), Hop("fd77::fe", 7)),
        (route(INTERFACE, attribute(5, socket.inet_pton(V6, "fe80::1"))), Hop("fe80::1%7", 7)),
        (
            route(INTERFACE, attribute(18, b"\x0a\x00" + socket.inet_pton(V6, "fe80::1"))),
            Hop("fe80::1%7", 7),
        ),
        (route(), Hop("", 0)),
        (route(b"\x01\x00\x04\x00", INTERFACE), Hop("", 0)),
    ],
)
def test_the_next_hop_is_a_router_or_nobody(
    kernel: Kernel, told: bytes | None, hop: Hop | None
) -> None:
    kernel.route = told
    assert next_hop("10.77.0.9") == hop


def test_the_zone_of_a_link_local_address_goes_with_the_question(kernel: Kernel) -> None:
    next_hop("fe80::1%7")
    next_hop("fe80::1%no such interface")
    assert [one.endswith(INTERFACE) for one in kernel.asked] == [True, False]


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        *((REACHABLE, True), (PERMANENT, True), (STALE, None)),
        *((INCOMPLETE, False), (FAILED, False), (0, None)),
    ],
)
def test_a_neighbour_has_answered_or_has_not_or_that_is_not_known(
    kernel: Kernel, state: int, answers: bool | None
) -> None:
    kernel.route, kernel.neighbour = route(INTERFACE), neighbour(state)
    assert is_neighbour("10.77.0.9") is answers


def test_who_is_behind_a_router_is_no_neighbour(kernel: Kernel) -> None:
    kernel.route = route(INTERFACE, attribute(5, bytes([10, 77, 0, 254])))
    kernel.neighbour = neighbour(REACHABLE)
    assert is_neighbour("203.0.113.1") is None
    kernel.route = None
    assert is_neighbour("10.77.0.9") is None


@given(st.binary(max_size=100))
@example(attribute(5, b"123"))
def test_no_answer_makes_it_stumble(told: bytes) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(netlink, "_ask", lambda *_asked: bytes(12) + told)
        hop = next_hop("10.77.0.9")
    assert hop is not None


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
def test_the_kernel_says_that_loopback_is_direct() -> None:
    assert next_hop("127.0.0.1") == Hop("", LOOPBACK)
    assert is_neighbour("127.0.0.1") in (None, True)


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
def test_a_kernel_without_netlink_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "AF_NETLINK", 9999)  # no family of this kernel
    assert next_hop("127.0.0.1") is None
