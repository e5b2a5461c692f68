"""The seam between a stream and what speaks on it: layers round a handler, in both directions."""

from __future__ import annotations

from netlib.errors import Cause, NetError, Operation
from netlib.events import CloseReason
from netlib.protocols.handler import Handler, Layer, innermost
from netlib.services.acknowledge import ACKNOWLEDGEMENT, AcknowledgeHandler
from tests.layers import LengthPrefix, UpperCase


class Talker(Handler):
    """Says something at every occasion, and ends when it is told to."""

    def opened(self) -> bytes:
        return b"hello\n"

    def received(self, data: bytes) -> bytes:
        self.messages += 1
        if data == b"END":
            self.close_reason = CloseReason.FAILED
            self.error = NetError(Operation.RECEIVE, Cause.UNREADABLE_REPLY)
        return b"got " + data

    def finished(self) -> bytes:
        return b"last"

    def finishing(self) -> bytes:
        return b"bye"


def test_a_layer_changes_what_goes_in_and_what_comes_out() -> None:
    layer = UpperCase(AcknowledgeHandler(100))
    assert layer.received(b"abc\n") == ACKNOWLEDGEMENT + b"ABC\n"
    assert layer.outgoing(b"posted\n") == b"POSTED\n"


def test_everything_a_handler_says_passes_through_its_layer() -> None:
    layer = UpperCase(Talker())
    assert layer.opened() == b"HELLO\n"
    assert layer.received(b"x") == b"GOT X"
    assert layer.finished() == b"LAST"
    assert layer.finishing() == b"BYE"


def test_layers_stand_round_each_other_and_the_outermost_is_on_the_wire() -> None:
    layer = LengthPrefix(UpperCase(Talker()))
    assert layer.opened() == b"\x00\x06HELLO\n"
    assert layer.received(b"\x00\x01a\x00\x01") == b"\x00\x05GOT A"
    assert layer.received(b"b") == b"\x00\x05GOT B"
    assert layer.outgoing(b"x") == b"\x00\x01X"
    assert isinstance(innermost(layer), Talker)


def test_messages_and_the_end_of_the_inner_handler_are_the_layers() -> None:
    layer = LengthPrefix(UpperCase(Talker()))
    layer.received(b"\x00\x01a\x00\x01b")
    assert (layer.messages, layer.close_reason) == (2, None)
    layer.received(b"\x00\x03end")
    assert layer.messages == 3
    assert layer.close_reason is CloseReason.FAILED
    assert layer.error == NetError(Operation.RECEIVE, Cause.UNREADABLE_REPLY)


def test_what_is_unfinished_inside_is_the_layers_and_is_given_up_through_it() -> None:
    layer = LengthPrefix(UpperCase(AcknowledgeHandler(100)))
    layer.received(b"\x00\x04half")
    assert layer.unfinished == 4
    assert layer.give_up(9)[2:].startswith(b"THE CLIENTS' UNFINISHED MESSAGES TOGETHER")
    assert (layer.unfinished, layer.close_reason) == (0, CloseReason.TOO_MUCH_UNFINISHED)


def test_a_plain_layer_changes_nothing() -> None:
    layer = Layer(Talker())
    assert [layer.opened(), layer.received(b"a"), layer.outgoing(b"b")] == [
        b"hello\n",
        b"got a",
        b"b",
    ]
    assert layer.held == 0
