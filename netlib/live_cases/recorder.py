"""A case happens, and is recorded: in a network that is there for nothing else."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from netlib import Listening, Network, ServerConfig, Tee, _
from netlib.live_cases.ends import LOOPBACK, PORT, Ends
from netlib.live_cases.heard import SECONDS, Heard
from netlib.live_cases.path import SERVER, AtServer, joined
from netlib.live_cases.scenarios import SCENARIOS
from netlib.recording.capture import Capture
from netlib.recording.journal import Journal
from netlib.system.namespace import is_new_network
from netlib.system.packet_socket import PacketSocket

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


class CaseError(Exception):
    """A case was not recorded; str() says why, translated."""


def record(name: str, path: Path) -> None:
    """Have a case happen in this network, and record it in a new file.

    Raises CaseError: this may be a computer's own network, which is left as it is; a program has
    failed; what the case waits for has not come.
    """
    if not is_new_network():
        raise CaseError(_("this is no network of its own: nothing was changed"))
    try:
        subprocess.run(["ip", *ETHERNET.split()], check=True)  # noqa: S603, S607 - words of ours
        for setting, value in SETTINGS.items():
            if (file := Path("/proc/sys/net/ipv4", setting)).exists():
                file.write_text(value, encoding="ascii")
        _happen(name, path)
    except (OSError, subprocess.CalledProcessError) as failed:  # a TimeoutError is an OSError
        raise CaseError(str(failed)) from failed


def _happen(name: str, path: Path) -> None:
    """Raises CaseError, OSError, and CalledProcessError of a program of the system."""
    journal, heard = Journal(path), Heard()
    network = Network(Tee(heard.queue, journal))
    happen, buffer, fault = SCENARIOS[name]
    host, seen = (LOOPBACK, PacketSocket) if fault is None else (SERVER, AtServer)
    with ExitStack() as way:
        if fault is not None:
            way.enter_context(joined(fault()))
        capture = Capture(journal, network.sockets, seen)
        server = network.serve(
            ServerConfig(service="acknowledge", host=host, port=PORT, receive_buffer=buffer)
        )
        heard.wait_for(Listening, activity=server)
        happen(partial(Ends, network, heard, server, host))
        ended = network.close(SECONDS) and capture.cancel(SECONDS)
    if not (ended and journal.close(SECONDS)) or capture.outcome or journal.error:
        raise CaseError(capture.outcome or _("the recording is not whole"))
