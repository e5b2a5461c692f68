"""What tshark, which nobody here wrote, reads in a capture."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.peers import program

NOTE = 0x00400000
"""Severity from which on a remark is a complaint; below it are comments and chat."""
NO_COMPLAINT = (
    *("Connection reset (RST)", "This frame initiates", "This frame undergoes"),
    "A new tcp session is started with the same ports as an earlier session in this trace",
)
"""Remarks that are true and say nothing against the capture."""

APART = "\x1f"
"""Stands between the values of a field that a packet has more than once."""
CHECKED = tuple(
    word for name in ("tcp", "ip", "udp") for word in ("-o", f"{name}.check_checksum:TRUE")
)
BARE = ("-d", "tcp.port==1-65535,data", "-d", "udp.port==1-65535,data")
"""Bytes are bytes: whether they are good HTTP is not what is asked."""

FIELDS = (
    *("frame.number", "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "udp.srcport"),
    *("tcp.payload", "udp.payload", "ip.checksum.status", "tcp.checksum.status"),
    *("udp.checksum.status", "_ws.expert.severity", "_ws.expert.message", "frame.time_delta"),
    *("icmp.code", "icmpv6.code"),
)


class Read(NamedTuple):
    """A capture as tshark reads it."""

    complaints: list[str]
    streams: dict[int, dict[str, bytes]]
    """Of each TCP connection what each side sent, by `host|port`."""
    datagrams: list[tuple[str, bytes]]
    """From where, and what."""
    unreachable: list[str]
    """Where a port was asked that nobody has."""


def read(path: Path) -> Read:
    """Read a capture; a checksum that is not good, and a time that goes back, are complaints."""
    fields = [word for field in FIELDS for word in ("-e", field)]
    call = [program("tshark"), "-n", "-r", str(path), *CHECKED, *BARE, "-T", "fields"]
    done = subprocess.run(
        [*call, "-E", "separator=/t", "-E", f"aggregator={APART}", *fields],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = Read([], defaultdict(lambda: defaultdict(bytes)), [], [])
    for line in done.stdout.decode().splitlines():
        _take(found, dict(zip(FIELDS, line.split("\t"), strict=True)))
    return found


def _take(found: Read, told: dict[str, str]) -> None:
    found.complaints.extend(f"{told['frame.number']}: {one}" for one in _complaints(told))
    host = (told["ip.src"] or told["ipv6.src"]).split(APART)[0]
    if told["icmp.code"] or told["icmpv6.code"]:
        assert (told["icmp.code"], told["icmpv6.code"]) in (("3", ""), ("", "4"))
        found.unreachable.append(host)
    elif told["tcp.stream"]:
        source = f"{host}|{told['tcp.srcport']}"
        found.streams[int(told["tcp.stream"])][source] += bytes.fromhex(told["tcp.payload"])
    elif told["udp.srcport"]:
        source = f"{host}|{told['udp.srcport']}"
        found.datagrams.append((source, bytes.fromhex(told["udp.payload"])))


def _complaints(told: dict[str, str]) -> Iterator[str]:
    severities, messages = (
        told[f"_ws.expert.{name}"].split(APART) for name in ("severity", "message")
    )
    for severity, message in zip(severities, messages, strict=True):
        if severity and int(severity) >= NOTE and not message.startswith(NO_COMPLAINT):
            yield message
    for name in ("ip", "tcp", "udp"):
        if told[f"{name}.checksum.status"].split(APART)[0] not in ("", "1"):
            yield f"{name} checksum"
    if float(told["frame.time_delta"]) < 0:
        yield "time goes back"
