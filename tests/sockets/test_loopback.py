"""A connection of the program with itself."""

from __future__ import annotations

import socket

import pytest

from netlib.system import loopback
from netlib.system.loopback import loopback_pair, receive_buffer_of


def test_both_ends_are_one_connection_of_this_computer() -> None:
    sender, receiver = loopback_pair()
    with sender, receiver:
        assert sender.getsockname() == receiver.getpeername()
        assert receiver.getsockname()[0] == "127.0.0.1"
        sender.sendall(b"hello")
        assert receiver.recv(10) == b"hello"


def test_the_receive_buffer_that_is_asked_for_is_the_receivers() -> None:
    usual, small = loopback_pair(), loopback_pair(4096)
    found = [receive_buffer_of(receiver) for _sender, receiver in (usual, small)]
    for end in (*usual, *small):
        end.close()
    assert 0 < found[1] < found[0]


def test_who_comes_to_the_port_by_chance_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    strangers: list[socket.socket] = []
    create = socket.create_connection

    def after_a_stranger(address: tuple[str, int], timeout: float) -> socket.socket:
        strangers.append(create(address, timeout))
        return create(address, timeout)

    monkeypatch.setattr(socket, "create_connection", after_a_stranger)
    sender, receiver = loopback_pair()
    with sender, receiver, strangers[0] as stranger:
        assert receiver.getpeername() == sender.getsockname()
        assert stranger.recv(1) == b""


def test_nobody_who_comes_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_listener: socket.socket, _sender: socket.socket) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(loopback, "_accept_from", full)
    with pytest.raises(TimeoutError):
        loopback_pair()
