"""Laws of the services, for any bytes in any chunks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.services import SERVICES, Options
from netlib.services.acknowledge import ACKNOWLEDGEMENT, Acknowledge
from netlib.services.chat import Chat
from netlib.services.smtp import Smtp
from netlib.services.time import Time
from netlib.text import visible

PEER = Endpoint("127.0.0.1", 1)
chunks = st.lists(
    st.binary(min_size=1, max_size=30)
    | st.sampled_from(
        [
            *(b"\n", b"/who\n", b"/name a\n", b"\r\n"),
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            *(b"HELO a\n", b"MAIL FROM:<a>\r\n", b"RCPT TO:<b>\r\n", b"DATA\n", b".\r\n", b"..\n"),
        ]
    ),
    max_size=20,
)
names = st.sampled_from(sorted(name for name, info in SERVICES.items() if "tcp" in info.transports))


def options(max_line: int = 1 << 20) -> Options:
    return Options(now=lambda: 0.0, max_line=max_line)


@given(chunks)
def test_acknowledgements_depend_on_the_lines_only(pieces: list[bytes]) -> None:
    handler = Acknowledge(options()).handler(PEER)
    replies = b"".join(map(handler.received, pieces))
    lines = b"".join(pieces).split(b"\n")[:-1]
    assert replies == b"".join(ACKNOWLEDGEMENT + line + b"\n" for line in lines)
    assert handler.messages == len(lines)


@given(chunks, st.integers(0, 20))
def test_a_line_limit_holds_for_any_chunks(pieces: list[bytes], limit: int) -> None:
    handler = Acknowledge(options(limit)).handler(PEER)
    for piece in pieces:
        handler.received(piece)
        if handler.close_reason:
            assert handler.close_reason is CloseReason.LINE_TOO_LONG
            assert max(map(len, b"".join(pieces).split(b"\n"))) > limit
            return
    assert max(map(len, b"".join(pieces).split(b"\n"))) <= limit


@given(names, chunks)
def test_no_peer_can_break_a_session(name: str, pieces: list[bytes]) -> None:
    service = SERVICES[name].make(options(64))
    other, handler = service.handler(PEER), service.handler(PEER)
    other.opened()
    assert isinstance(handler.opened(), bytes)
    for piece in pieces:
        assert isinstance(handler.received(piece), bytes)
        assert all(isinstance(data, bytes) for _to, data in service.take_broadcasts())
        if handler.close_reason:
            break
    assert isinstance(handler.finished(), bytes)
    handler.closed()


@given(chunks)
def test_a_mail_server_answers_alike_however_the_lines_are_cut(pieces: list[bytes]) -> None:
    begin = [b"HELO a\nMAIL FROM:<a>\nRCPT TO:<b>\nDATA\n", *pieces]
    cut, whole = Smtp(options()).handler(PEER), Smtp(options()).handler(PEER)
    assert b"".join(map(cut.received, begin)) == whole.received(b"".join(begin))
    assert (cut.messages, cut.unfinished, cut.pending) == (
        *(whole.messages, whole.unfinished, whole.pending),
    )


@given(st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=10))
def test_a_mail_that_was_stuffed_with_dots_is_shown_as_it_was(lines: list[bytes]) -> None:
    """RFC 5321, section 4.5.2."""
    server = Smtp(options()).handler(PEER)
    server.received(b"HELO a\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n")
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    shown = server.received(b"".join(line + b"\r\n" for line in [*stuffed, b"."]))
    told = [line.removeprefix(b"250-  | ") for line in shown.split(b"\r\n") if b"-  |" in line[:7]]
    assert told == [visible(line).encode() for line in lines]


@given(chunks)
def test_a_member_never_hears_itself_and_all_others_hear_the_same(pieces: list[bytes]) -> None:
    chat = Chat(options())
    handlers = [chat.handler(PEER) for _ in range(3)]
    for handler in handlers:
        handler.opened()
    chat.announce()
    chat.take_broadcasts()
    for piece in pieces:
        handlers[0].received(piece)
        post = chat.take_broadcasts()
        heard = [[data for to, data in post if to is handler] for handler in handlers]
        assert heard[0] == []
        assert heard[1] == heard[2]


@given(st.floats(0, 4e9), st.binary())
def test_the_time_is_whole_seconds_in_any_zone(now: float, query: bytes) -> None:
    answer = Time(Options(now=lambda: now)).datagram(query, PEER)
    assert answer is not None
    assert len(answer) in {20, 25}
