"""Record the cases into a folder: `unshare -rn python -m tests.cases FOLDER [NAME…]`."""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Final

from netlib.activities.serving import ServerConfig
from netlib.engine.outbox import Tee
from netlib.events import Listening
from netlib.network import Network
from netlib.recording.capture import Capture
from netlib.recording.journal import Journal
from netlib.system.packet_socket import PacketSocket
from tests.cases.ends import PORT, Ends
from tests.cases.path import SERVER, AtServer, joined
from tests.cases.scenarios import SCENARIOS
from tests.sockets.conftest import HOST, SECONDS, Events

ETHERNET: Final = "link set lo up mtu 1500 gso_max_segs 1"
"""Segments are as long as in an Ethernet (MTU 1500), and captured one by one."""

SETTINGS: Final = {
    "tcp_early_retrans": "0",  # no loss probes (RFC 8985): the timer of RFC 6298 repeats
    "tcp_window_scaling": "0",  # no options of RFC 7323: the window is what its field says
    "tcp_timestamps": "0",
    "tcp_sack": "0",  # what has come early or twice is told by the ACK number alone
    "tcp_syn_linear_timeouts": "0",  # a SYN is repeated after longer and longer (Linux 6.5)
    "tcp_invalid_ratelimit": "0",  # each probe of a closed window is answered
}
"""Of /proc/sys/net/ipv4."""

PAGE_BYTES: Final = 1024
"""A recording is made of pages; where they are large, an empty one takes 96 KB."""


def main(arguments: Sequence[str]) -> None:
    """Record each case that is named, or all."""
    parser = argparse.ArgumentParser(prog="tests.cases", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=[*SCENARIOS], metavar="NAME")
    options = parser.parse_args(arguments)
    subprocess.run(["ip", *ETHERNET.split()], check=True)
    for name, value in SETTINGS.items():
        if (setting := Path("/proc/sys/net/ipv4", name)).exists():
            setting.write_text(value, encoding="ascii")
    for name in options.names:
        record(name, options.folder / f"{name}.socketboard")


def record(name: str, path: Path) -> None:
    """Have a case happen, and record it in place of the file that is there."""
    path.unlink(missing_ok=True)
    journal, events = Journal(path), Events()
    network = Network(Tee(events, journal))
    happen, buffer, fault = SCENARIOS[name]
    host, seen = (HOST, PacketSocket) if fault is None else (SERVER, AtServer)
    with ExitStack() as way:
        if fault is not None:
            way.enter_context(joined(fault()))
        capture = Capture(journal, network.sockets, seen)
        assert capture.how == "AF_PACKET", "packets as the kernel has them"
        server = network.serve(
            ServerConfig(service="acknowledge", host=host, port=PORT, receive_buffer=buffer)
        )
        events.wait_for(Listening, activity=server)
        happen(partial(Ends, network, events, server, host))
        assert network.close(SECONDS)
        assert capture.cancel(SECONDS)
    assert capture.outcome == "", capture.outcome
    assert journal.close(SECONDS)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute("VACUUM")
    path.chmod(0o644)


if __name__ == "__main__":
    main(sys.argv[1:])
