"""A path between two interfaces of one computer, on which frames are swapped, doubled or damaged.

Each interface is one end of a virtual cable (veth); a relay joins the other ends. By its own rules
of routing the computer sends what is for itself through it, not through loopback.
"""

from __future__ import annotations

import select
import socket
import struct
import subprocess
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

from netlib.system.packet_socket import Packet, PacketSocket

CLIENT: Final = "10.77.0.2"
SERVER: Final = "10.77.0.9"

Fault = Callable[[bytes], list[bytes]]
"""What becomes of the next frame to the server."""

_IP: Final = f"""\
link add client address 02:00:00:00:00:02 type veth peer name client-far
link add server address 02:00:00:00:00:09 type veth peer name server-far
link set client-far up
link set server-far up
link set client up gso_max_segs 1
link set server up gso_max_segs 1
addr add {CLIENT}/32 dev client
addr add {SERVER}/32 dev server
neigh add {SERVER} lladdr 02:00:00:00:00:09 dev client
neigh add {CLIENT} lladdr 02:00:00:00:00:02 dev server
route add {SERVER} dev client src {CLIENT} table 10
route add {CLIENT} dev server src {SERVER} table 10
rule add pref 10 iif lo lookup 10
rule add pref 20 lookup local
rule del pref 0
"""
"""What leaves looks into table 10 first, and into the computer's own addresses after that."""
_UNDO: Final = """\
rule add pref 0 lookup local
rule del pref 20
rule del pref 10
link del client
link del server
"""
_SETTINGS: Final = {"accept_local": "1", "rp_filter": "0"}
"""What comes in may be from this computer."""
_ETHTOOL, _SET_CHECKSUMS = 0x8946, 0x17
"""linux/sockios.h, linux/ethtool.h"""
_EVERY_PROTOCOL: Final = 0x0003
_ETHERNET, _IPV4, _TCP = 14, 20, 6
FRAME_BYTES: Final = 2048


class AtServer(PacketSocket):
    """Packets as the server's interface has them: what the path did to them shows there."""

    def take(self, most: int = FRAME_BYTES) -> tuple[list[Packet], int]:
        """Return what `PacketSocket.take` does, of that interface."""
        packets, missed = super().take(most)
        number = socket.if_nametoindex("server")
        return [one for one in packets if one.interface == number], missed


@contextmanager
def joined(fault: Fault) -> Iterator[None]:
    """Make the path, and have `fault` on it from the client to the server."""
    _ip(_IP)
    for name in ("all", "client", "server"):
        for setting, value in _SETTINGS.items():
            Path("/proc/sys/net/ipv4/conf", name, setting).write_text(value, encoding="ascii")
    for name in ("client", "server"):
        _write_checksums(name)
    stop, stopped = socket.socketpair()
    with (
        closing(stop),
        closing(stopped),
        closing(_cable("client-far")) as client,
        closing(_cable("server-far")) as server,
    ):
        relay = Thread(target=_relay, args=(client, server, fault, stopped))
        relay.start()
        try:
            yield
        finally:
            stop.close()
            relay.join()
            _ip(_UNDO)


def _ip(commands: str) -> None:
    subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)  # noqa: S607


def swapped() -> Fault:
    """Let the first segment with data wait until the second one has passed it."""
    waiting: list[bytes] = []
    done = False

    def fault(frame: bytes) -> list[bytes]:
        nonlocal done
        if done or not data_of(frame):
            return [frame]
        waiting.insert(0, frame)
        done = len(waiting) == 2
        return waiting if done else []

    return fault


def doubled() -> Fault:
    """Let the first segment with data arrive twice."""
    return _first(lambda frame: [frame, frame])


def damaged() -> Fault:
    """Turn one bit of the first segment with data over."""
    return _first(lambda frame: [frame[:-2] + bytes([frame[-2] ^ 1]) + frame[-1:]])


def _first(fault: Fault) -> Fault:
    done = False

    def once(frame: bytes) -> list[bytes]:
        nonlocal done
        if done or not data_of(frame):
            return [frame]
        done = True
        return fault(frame)

    return once


def data_of(frame: bytes) -> bytes:
    """Return the data of a segment of TCP over IPv4, without options; empty: it is none."""
    if frame[_ETHERNET - 2 : _ETHERNET] != b"\x08\x00" or frame[_ETHERNET + 9] != _TCP:
        return b""
    size = int.from_bytes(frame[_ETHERNET + 2 : _ETHERNET + 4])
    head = frame[_ETHERNET + _IPV4 + 12] >> 4
    return frame[_ETHERNET + _IPV4 + 4 * head : _ETHERNET + size]


def _relay(
    client: socket.socket, server: socket.socket, fault: Fault, stopped: socket.socket
) -> None:
    """Carry frames from one cable to the other until the other end of `stopped` is closed."""
    while True:
        ready, _none, _neither = select.select([client, server, stopped], [], [])
        if stopped in ready:
            return
        if client in ready and (frame := _frame(client)):
            for one in fault(frame):
                server.send(one)
        if server in ready and (frame := _frame(server)):
            client.send(frame)


def _cable(interface: str) -> socket.socket:
    family = socket.AF_PACKET  # type: ignore[attr-defined,unused-ignore]
    cable = socket.socket(family, socket.SOCK_RAW, socket.htons(_EVERY_PROTOCOL))
    cable.bind((interface, _EVERY_PROTOCOL))
    return cable


def _frame(cable: socket.socket) -> bytes:
    """Return the next frame that has come in; empty: it is one that was sent there."""
    frame, (_interface, _protocol, kind, *_others) = cable.recvfrom(FRAME_BYTES)
    outgoing = socket.PACKET_OUTGOING  # type: ignore[attr-defined,unused-ignore]
    return b"" if kind == outgoing else frame


def _write_checksums(interface: str) -> None:
    """Have the kernel write checksums, which it leaves to the network card where it can."""
    import fcntl  # late: Windows has none, and reads the proofs all the same

    off = array("I", [_SET_CHECKSUMS, 0])
    request = struct.pack("16sP16x", interface.encode(), off.buffer_info()[0])
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as any_socket:
        fcntl.ioctl(any_socket, _ETHTOOL, request)  # type: ignore[attr-defined,unused-ignore]
