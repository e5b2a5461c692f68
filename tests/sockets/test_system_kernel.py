"""What the kernel of this machine says of real connections."""

from __future__ import annotations

import socket
import sys

import pytest

from netlib.address import Endpoint
from netlib.system.tcp_info import tcp_info
from netlib.system.tcp_states import TIME_WAIT_SECONDS, Pair, tcp_states
from tests.helpers import wait_until
from tests.sockets.conftest import accept, dial, listener, port_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all of it")


def pair(sock: socket.socket) -> Pair:
    return Pair(*map(Endpoint.from_sockaddr, (sock.getsockname(), sock.getpeername())))


def test_who_does_not_read_lets_the_window_close_and_the_sender_stop() -> None:
    with listener() as listening, dial(port_of(listening)) as sender, accept(listening) as reader:
        sender.setblocking(False)
        wait_until(lambda: _is_full(sender) and tcp_info(sender).send_window == 0)
        told, other = tcp_info(sender), tcp_info(reader)
        assert told.state == other.state == "ESTABLISHED"
        assert told.unsent
        assert other.unread
        ends = pair(sender)
        assert tcp_states([ends])[ends].unacknowledged == (told.unsent or 0) + (
            told.unacknowledged or 0
        )


def _is_full(sender: socket.socket) -> bool:
    try:
        sender.send(bytes(1 << 16))
    except BlockingIOError:
        return True
    return False


def test_the_accept_queue_of_a_listener_is_counted() -> None:
    with listener(backlog=7) as listening, dial(port_of(listening)), dial(port_of(listening)):
        wait_until(lambda: tcp_info(listening).accept_queue == 2)
        assert tcp_info(listening).backlog == 7
        assert tcp_info(listening).state == "LISTEN"


def test_a_full_accept_queue_takes_no_further_connection() -> None:
    """Linux takes one more than it was told, and then lets SYNs go unanswered."""
    with listener(backlog=1) as listening, dial(port_of(listening)), dial(port_of(listening)):
        wait_until(lambda: tcp_info(listening).accept_queue == 2)
        with socket.socket() as third:
            third.setblocking(False)
            third.connect_ex(listening.getsockname())
            wait_until(lambda: tcp_info(third).total_retransmits)
            assert tcp_info(third).state == "SYN-SENT"
            assert tcp_info(listening).accept_queue == 2


def test_the_states_of_both_ends_and_time_wait_with_its_countdown() -> None:
    with listener() as listening:
        client = dial(port_of(listening))
        server = accept(listening)
        here, there = pair(client), pair(server)
        client.shutdown(socket.SHUT_WR)
        wait_until(lambda: tcp_info(server).state == "CLOSE-WAIT")
        wait_until(lambda: tcp_info(client).state == "FIN-WAIT-2")
        assert {end: one.state for end, one in tcp_states([here, there]).items()} == {
            here: "FIN-WAIT-2",
            there: "CLOSE-WAIT",
        }
        server.close()
        client.close()
        wait_until(lambda: tcp_states([here])[here].state == "TIME-WAIT")
        left = tcp_states([here])[here].seconds
        assert left is not None
        assert TIME_WAIT_SECONDS is not None
        assert TIME_WAIT_SECONDS - 10 < left <= TIME_WAIT_SECONDS
        assert there not in tcp_states([there])
