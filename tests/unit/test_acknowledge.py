"""What the services say: acknowledge, echo, time and the registry."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo

import pytest

from netlib.address import Endpoint
from netlib.events import CloseReason, Transport
from netlib.services import SERVICES, Options, Service
from netlib.services.acknowledge import ACKNOWLEDGEMENT, Acknowledge
from netlib.services.echo import Echo
from netlib.services.time import Time, rfc3339

PEER = Endpoint("127.0.0.1", 53122)
SECOND = 1_721_381_825
"""2024-07-19T09:37:05Z"""


def options(max_line: int = 1 << 20, zone: tzinfo | None = UTC) -> Options:
    return Options(now=lambda: SECOND + 0.9, max_line=max_line, zone=zone)


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
    handler = Acknowledge(options()).handler(PEER)
    assert handler.opened() == b""
    assert [handler.received(chunk) for chunk in chunks] == replies
    assert handler.messages == b"".join(chunks).count(b"\n")
    assert handler.finished() == b""
    assert handler.close_reason is None


def test_a_line_too_long_is_explained_and_ends_the_connection() -> None:
    handler = Acknowledge(options(max_line=4)).handler(PEER)
    reply = handler.received(b"ok\n12345\n")
    assert reply.startswith(ACKNOWLEDGEMENT + b"ok\nline too long (limit 4 bytes)")
    assert "一行太长（上限 4 字节）" in reply.decode()
    assert reply.endswith(b"\n")
    assert handler.close_reason is CloseReason.LINE_TOO_LONG
    assert handler.messages == 1


def test_a_datagram_is_acknowledged_whole() -> None:
    assert Acknowledge(options()).datagram(b"a\nb", PEER) == ACKNOWLEDGEMENT + b"a\nb"


def test_echo_changes_nothing() -> None:
    echo = Echo(options())
    handler = echo.handler(PEER)
    assert [handler.received(b"a"), handler.received(b"\x00\n")] == [b"a", b"\x00\n"]
    assert handler.messages == 2
    assert echo.datagram(b"", PEER) == b""


@pytest.mark.parametrize("query", ["获取时间".encode(), b"", b"\x00"])
def test_any_datagram_is_answered_with_the_time(query: bytes) -> None:
    assert Time(options()).datagram(query, PEER) == b"2024-07-19T09:37:05Z"


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0, "2024-07-19T09:37:05Z"),
        (-7, "2024-07-19T02:37:05-07:00"),
        (8, "2024-07-19T17:37:05+08:00"),
        (5.75, "2024-07-19T15:22:05+05:45"),
    ],
)
def test_time_is_told_with_its_offset(hours: float, text: str) -> None:
    assert rfc3339(SECOND, timezone(timedelta(hours=hours))) == text
    assert len(text) == (25 if hours else 20)


def test_the_time_goes_on() -> None:
    now = [SECOND + 0.25]
    time = Time(Options(now=lambda: now[0], zone=UTC))
    first = time.datagram(b"", PEER)
    now[0] += 0.5
    assert time.datagram(b"", PEER) == first
    now[0] += 0.25
    assert time.datagram(b"", PEER) == b"2024-07-19T09:37:06Z"


@pytest.mark.parametrize("name", SERVICES)
def test_the_registry_tells_the_truth(name: str) -> None:
    info = SERVICES[name]
    service = info.factory(options())
    assert info.name == service.name == name
    assert 1023 < info.default_port < 65536
    assert info.description
    if Transport.TCP in info.transports:
        assert service.handler(PEER).close_reason is None
    else:
        with pytest.raises(ValueError, match="does not speak TCP"):
            service.handler(PEER)
    if Transport.UDP in info.transports:
        assert isinstance(service.datagram(b"?", PEER), bytes)
    else:
        with pytest.raises(ValueError, match="does not speak UDP"):
            service.datagram(b"?", PEER)


def test_only_the_chat_room_lets_clients_be_silent_and_has_post_for_others() -> None:
    services = [info.factory(options()) for info in SERVICES.values()]
    assert [service.name for service in services if not service.idle_closes] == ["chat"]
    posting = [s for s in services if type(s).take_broadcasts is not Service.take_broadcasts]
    assert [service.name for service in posting] == ["chat"]
    assert not Echo(options()).take_broadcasts()
