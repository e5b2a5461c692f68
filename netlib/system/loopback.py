"""A TCP connection of this program with itself, for experiments: it never leaves the computer."""

from __future__ import annotations

import socket
from typing import Final

HOST: Final = "127.0.0.1"
CONNECT_SECONDS: Final = 5.0
"""Longest wait for a connection that nothing but a firewall could hold up."""


def loopback_pair(receive_buffer: int = 0) -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a new connection: the sender's and the receiver's. Raises OSError.

    `receive_buffer` in bytes is asked for (SO_RCVBUF) before the connection exists, for the window
    that is offered in the handshake depends on it; 0: what the system gives.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if receive_buffer:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        listener.settimeout(CONNECT_SECONDS)
        listener.bind((HOST, 0))
        listener.listen(1)
        sender = socket.create_connection(listener.getsockname(), CONNECT_SECONDS)
        try:
            return sender, _accept_from(listener, sender)
        except OSError:
            sender.close()
            raise


def _accept_from(listener: socket.socket, sender: socket.socket) -> socket.socket:
    """Accept the connection of `sender`; any other that comes to the port is closed."""
    while True:
        receiver, peer = listener.accept()
        if peer == sender.getsockname():
            return receiver
        receiver.close()


def receive_buffer_of(sock: socket.socket) -> int:
    """Return the bytes of receive buffer that the system gave; Linux counts its own needs, too."""
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
