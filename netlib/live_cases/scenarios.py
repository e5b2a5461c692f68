"""What happens in each case, from the first packet to the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netlib import (
    ACKNOWLEDGEMENT,
    Closed,
    CloseMode,
    Failed,
    PeerFinished,
    ReadingPaused,
)
from netlib.live_cases.ends import (
    FIN_WAIT_2,
    GONE,
    LOOPBACK,
    PORT,
    TIME_WAIT,
    Ends,
    dropped,
    probes,
)
from netlib.live_cases.path import Fault, damaged, doubled, swapped
from netlib.value import NamedTuple

LINE: Final = b"hello\n"
ANSWER: Final = ACKNOWLEDGEMENT + LINE

SMALL_BUFFER: Final = 4096
"""Bytes that are asked for as receive buffer; Linux takes twice as many."""
MUCH: Final = b"0123456789" * 800
"""More than fits in there; no line ends in it, so that the server has nothing to answer."""
SEGMENT: Final = 1460
"""Bytes that a segment holds where an Ethernet frame holds 1500 (RFC 9293, section 3.7.1)."""
LONG: Final = b"1" * SEGMENT + b"2" * SEGMENT + b"3" * SEGMENT
"""Whole segments: what is left over would wait for an ACK (RFC 9293, section 3.7.4)."""
TWO: Final = LONG[: 2 * SEGMENT]

PROBES: Final = 3
"""Of the closed window that are waited for; a machine that is very busy may send more."""

LOST: Final = 2
"""Retransmissions that are lost like the segment itself, or more; the next arrives."""

ONE_ACK: Final = f"tcp dport {PORT} quota 60 bytes drop"
"""A segment without data has 40 bytes: one is dropped."""

UNANSWERED_SECONDS: Final = 5.0
"""How long a client waits whose SYN is lost: it is sent three times by then."""


def handshake(connect: Callable[[], Ends]) -> None:
    """Connect, a line, its answer; the client closes."""
    ends = connect()
    _ask(ends)
    _close(ends)


def close(connect: Callable[[], Ends]) -> None:
    """The client is first to say that it sends nothing more; on a second connection the server."""
    ends = connect()
    _pause_server(ends)
    ends.send(LINE)
    ends.end(CloseMode.FINISH)
    ends.events.wait_until(lambda: ends.client_socket.state == FIN_WAIT_2)
    ends.network.kernel.resume_reading(ends.server, ends.served)
    ends.events.wait_until(lambda: ends.heard() == ANSWER)
    _wait_for_end(ends)
    ends = connect()
    ends.end_from_server(CloseMode.FINISH)
    ends.events.wait_for(PeerFinished, activity=ends.client)
    ends.send(LINE)
    ends.events.wait_until(lambda: ends.heard_by_server() == LINE)
    _close(ends)


def reset(connect: Callable[[], Ends]) -> None:
    """The server closes while a line of the client lies unread in its receive buffer."""
    ends = connect()
    _ask(ends)
    _pause_server(ends)
    ends.send(LINE)
    ends.events.wait_until(lambda: ends.server_socket.unread == len(LINE))
    ends.end_from_server(CloseMode.CLOSE)
    ends.events.wait_for(PeerFinished, activity=ends.client)
    _close(ends)


def retransmission(connect: Callable[[], Ends]) -> None:
    """The path to the server is cut while the client sends, and mended."""
    ends = connect()
    _ask(ends)
    with dropped(f"tcp dport {PORT} drop"):
        ends.send(LINE)
        ends.events.wait_until(lambda: ends.client_socket.retransmits >= LOST)
    ends.events.wait_until(lambda: ends.heard() == 2 * ANSWER)
    _close(ends)


def zero_window(connect: Callable[[], Ends]) -> None:
    """The server does not read until its window is closed and was probed; then it does."""
    ends = connect()
    _pause_server(ends)
    before = probes()
    ends.send(MUCH)
    ends.events.wait_until(lambda: probes() >= before + PROBES)
    ends.network.kernel.resume_reading(ends.server, ends.served)
    ends.events.wait_until(lambda: ends.heard_by_server() == MUCH)
    _close(ends)


def time_wait(connect: Callable[[], Ends]) -> None:
    """The ACK for the server's FIN is lost."""
    ends = connect()
    _ask(ends)
    _pause_server(ends)
    ends.end(CloseMode.FINISH)
    ends.events.wait_until(lambda: ends.client_socket.state == FIN_WAIT_2)
    with dropped(ONE_ACK):
        ends.network.kernel.resume_reading(ends.server, ends.served)
        _wait_for_end(ends)


def unanswered(connect: Callable[[], Ends]) -> None:
    """A client is answered, closes, and calls again; now nothing arrives any more."""
    ends = connect()
    _ask(ends)
    _close(ends)
    with dropped(f"tcp dport {PORT} drop"):
        caller = ends.call(LOOPBACK, UNANSWERED_SECONDS)
        ends.events.wait_for(Failed, activity=caller)


def segmentation(connect: Callable[[], Ends]) -> None:
    """One send of more than a segment holds; the server reads when all of it is there."""
    ends = connect()
    _pause_server(ends)
    ends.send(LONG)
    ends.events.wait_until(lambda: ends.server_socket.unread == len(LONG))
    ends.network.kernel.resume_reading(ends.server, ends.served)
    ends.events.wait_until(lambda: ends.heard_by_server() == LONG)
    _close(ends)


def reordering(connect: Callable[[], Ends]) -> None:
    """One send of two segments, which arrive in the other order."""
    ends = connect()
    ends.send(TWO)
    ends.events.wait_until(lambda: ends.heard_by_server() == TWO)
    _close(ends)


def asked(connect: Callable[[], Ends]) -> None:
    """A line and its answer, whatever the path does to the line."""
    ends = connect()
    _ask(ends)
    _close(ends)


class Scenario(NamedTuple):
    """What happens, SO_RCVBUF of the server's connections, and what the path does."""

    happen: Callable[[Callable[[], Ends]], None]
    receive_buffer: int | None = None
    fault: Callable[[], Fault] | None = None
    """None: both ends are on loopback."""


SCENARIOS: Final = {
    "handshake": Scenario(handshake),
    "segmentation": Scenario(segmentation),
    "close": Scenario(close),
    "reset": Scenario(reset),
    "retransmission": Scenario(retransmission),
    "checksum": Scenario(asked, fault=damaged),
    "reordering": Scenario(reordering, fault=swapped),
    "duplicate": Scenario(asked, fault=doubled),
    "zero-window": Scenario(zero_window, SMALL_BUFFER),
    "time-wait": Scenario(time_wait),
    "unanswered": Scenario(unanswered),
}
"""By the names of the cases."""


def _ask(ends: Ends) -> None:
    ends.send(LINE)
    ends.events.wait_until(lambda: ends.heard() == ANSWER)


def _pause_server(ends: Ends) -> None:
    ends.network.kernel.pause_reading(ends.server, ends.served)
    ends.events.wait_for(ReadingPaused, connection=ends.served)


def _close(ends: Ends) -> None:
    ends.end(CloseMode.CLOSE)
    _wait_for_end(ends)


def _wait_for_end(ends: Ends) -> None:
    """Wait until both ends are closed, and the server's kernel knows that nothing more comes."""
    ends.events.wait_for(Closed, activity=ends.client)
    ends.events.wait_for(Closed, connection=ends.served)
    ends.events.wait_until(
        lambda: {ends.client_socket.state, ends.server_socket.state} <= {TIME_WAIT, GONE}
    )
