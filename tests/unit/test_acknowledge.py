"""Acknowledging lines and datagrams, without a socket."""

from __future__ import annotations

import pytest

from netlib.events import CloseReason
from netlib.services.acknowledge import ACKNOWLEDGEMENT, Acknowledge
from netlib.silence import Awaited
from tests.samples import THERE, service_options


def test_the_prefix_is_the_tutorials_to_the_byte() -> None:
    assert ACKNOWLEDGEMENT.hex(" ") == "e5 b7 b2 e6 8e a5 e6 94 b6 3a 20"


@pytest.mark.parametrize(
    ("chunks", "replies"),
    [
        ([b"hello\n"], [ACKNOWLEDGEMENT + b"hello\n"]),
        ([b"hello\r\n"], [ACKNOWLEDGEMENT + b"hello\r\n"]),
        ([b"\n"], [ACKNOWLEDGEMENT + b"\n"]),
        ([b"\xff\x00\xc4\xe3\n"], [ACKNOWLEDGEMENT + b"\xff\x00\xc4\xe3\n"]),
        (
            [b"a\nb\n\nc\n"],
            [
                ACKNOWLEDGEMENT
                + b"a\n"
                + ACKNOWLEDGEMENT
                + b"b\n"
                + ACKNOWLEDGEMENT
                + b"\n"
                + ACKNOWLEDGEMENT
                + b"c\n"
            ],
        ),
        ([b"a\nb", b"c", b"\nd"], [ACKNOWLEDGEMENT + b"a\n", b"", ACKNOWLEDGEMENT + b"bc\n"]),
        ([b"x" * 200_000, b"\n"], [b"", ACKNOWLEDGEMENT + b"x" * 200_000 + b"\n"]),
    ],
)
def test_every_line_is_acknowledged_byte_for_byte(
    chunks: list[bytes], replies: list[bytes]
) -> None:
    handler = Acknowledge(service_options()).handler(THERE)
    assert handler.opened() == b""
    assert [handler.received(chunk) for chunk in chunks] == replies
    assert handler.messages == b"".join(chunks).count(b"\n")
    assert handler.finished() == b""
    assert handler.close_reason is None


def test_a_line_too_long_is_explained_and_ends_the_connection() -> None:
    handler = Acknowledge(service_options(max_line=4)).handler(THERE)
    reply = handler.received(b"ok\n12345\n")
    assert reply.startswith(ACKNOWLEDGEMENT + b"ok\nline too long (limit 4 bytes)")
    assert "一行太长（上限 4 字节）" in reply.decode()
    assert reply.endswith(b"\n")
    assert handler.close_reason is CloseReason.LINE_TOO_LONG
    assert handler.messages == 1


def test_a_datagram_is_acknowledged_whole() -> None:
    assert Acknowledge(service_options()).datagram(b"a\nb", THERE) == ACKNOWLEDGEMENT + b"a\nb"


def test_a_line_without_its_end_is_pending_with_its_bytes() -> None:
    handler = Acknowledge(service_options()).handler(THERE)
    assert handler.pending is None
    handler.received(b"whole\nhalf")
    assert handler.pending == (Awaited.LINE_END, 4)
    handler.received(b"\n")
    assert handler.pending is None


def test_an_acknowledgement_is_not_acknowledged_over_udp() -> None:
    service = Acknowledge(service_options())
    assert service.datagram(ACKNOWLEDGEMENT + b"a\nb", THERE) is None
    assert service.datagram(ACKNOWLEDGEMENT[:-1], THERE) is not None


def test_half_a_line_is_given_up_with_the_reason_and_nothing_of_it_is_kept() -> None:
    handler = Acknowledge(service_options()).handler(THERE)
    handler.received(b"whole\nhalf")
    assert handler.unfinished == 4
    told = handler.give_up(1000)
    assert told.startswith(b"the clients' unfinished messages together are too long (limit 1000 ")
    assert told.count(b"\n") == 1
    assert handler.close_reason is CloseReason.TOO_MUCH_UNFINISHED
    assert (handler.unfinished, handler.pending) == (0, None)


def test_a_line_too_long_is_unfinished_no_more() -> None:
    handler = Acknowledge(service_options(max_line=4)).handler(THERE)
    handler.received(b"123")
    assert handler.unfinished == 3
    handler.received(b"45")
    assert handler.unfinished == 0
