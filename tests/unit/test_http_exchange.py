"""Requests and replies over one connection, paired in order, each read to its real end."""

from __future__ import annotations

import pytest

from netlib.protocols.http import ReplyReader
from netlib.protocols.http_exchange import BODY_KEPT, HttpExchange

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")


class Owner:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heads: list[int] = []
        self.replies: list[tuple[int, bytes, bool]] = []

    def on_reply_head(self, reply: ReplyReader) -> None:
        self.heads.append(reply.status)

    def on_reply(self, reply: ReplyReader, body: bytes) -> None:
        self.replies.append((reply.status, body, reply.complete))


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def exchange(owner: Owner) -> HttpExchange:
    return HttpExchange(owner)


def reply(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_two_requests_over_one_connection_get_their_replies_in_order(
    owner: Owner, exchange: HttpExchange, size: int
) -> None:
    exchange.await_reply(GET)
    exchange.await_reply(HEAD)
    exchange.await_reply(GET)
    answer = reply(200, b"one")
    data = answer + b"HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n" + reply(404, b"three")
    for at in range(0, len(data), size):
        assert exchange.received(data[at : at + size]) == b""
    assert owner.replies == [(200, b"one", True), (204, b"", True), (404, b"three", True)]
    assert owner.heads == [200, 204, 404]


def test_what_follows_a_request_that_has_not_ended_is_the_rest_of_it(
    owner: Owner, exchange: HttpExchange
) -> None:
    for piece in (b"GET / HTTP/1.1", b"\r\nHost: h\r\n", b"\r", b"\n"):
        exchange.await_reply(piece)
    exchange.await_reply(HEAD)
    exchange.received(reply(200, b"one") + b"HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n")
    exchange.finished()
    assert owner.replies == [(200, b"one", True), (204, b"", True)]


def test_a_second_request_after_the_first_reply(owner: Owner, exchange: HttpExchange) -> None:
    for status in (200, 500):
        exchange.await_reply(GET)
        exchange.received(reply(status, b"x"))
    assert [status for status, _body, _complete in owner.replies] == [200, 500]


def test_chunks_end_where_they_end_and_what_follows_is_the_next(
    owner: Owner, exchange: HttpExchange
) -> None:
    exchange.await_reply(GET)
    exchange.await_reply(GET)
    chunked = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    exchange.received(chunked + reply(201, b"c"))
    assert owner.replies == [(200, b"ab", True), (201, b"c", True)]


def test_without_a_length_the_peers_fin_is_the_end_and_a_reset_is_not(owner: Owner) -> None:
    for end, complete in ((HttpExchange.finished, True), (HttpExchange.closed, False)):
        exchange = HttpExchange(owner)
        exchange.await_reply(GET)
        exchange.received(b"HTTP/1.1 200 X\r\n\r\nall?")
        end(exchange)
        assert owner.replies[-1] == (200, b"all?", complete)


def test_requests_without_a_reply_are_told_of_each(owner: Owner, exchange: HttpExchange) -> None:
    exchange.await_reply(GET)
    exchange.await_reply(GET)
    exchange.finished()
    exchange.closed()
    assert owner.replies == [(0, b"", False)] * 2


def test_a_body_goes_to_its_sink_piece_by_piece(owner: Owner, exchange: HttpExchange) -> None:
    pieces: list[bytes] = []
    exchange.await_reply(GET, pieces.append)
    exchange.received(b"HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nab")
    assert pieces == [b"ab"]
    exchange.received(b"cd")
    assert (pieces, owner.replies) == ([b"ab", b"cd"], [(200, b"", True)])


def test_a_body_of_known_length_may_be_poured_as_far_as_it_goes(
    owner: Owner, exchange: HttpExchange
) -> None:
    came = bytearray()
    exchange.await_reply(GET, pour=came.extend)
    assert exchange.pours == 0
    exchange.received(b"HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\na")
    assert (bytes(came), exchange.pours, exchange.messages) == (b"a", 5, 1)
    exchange.pour(memoryview(b"bcd"))
    assert (exchange.pours, exchange.messages, owner.replies) == (2, 2, [])
    exchange.received(b"ef")
    assert (bytes(came), exchange.pours, owner.replies) == (b"abcdef", 0, [(200, b"", True)])


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 X\r\n\r\n",
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP at all, and no length\r\n\r\n",
    ],
)
def test_what_has_no_length_is_read_not_poured(exchange: HttpExchange, head: bytes) -> None:
    exchange.await_reply(GET, pour=bytearray().extend)
    exchange.received(head)
    assert exchange.pours == 0


def test_what_is_not_asked_to_be_poured_is_not(exchange: HttpExchange) -> None:
    exchange.await_reply(GET, bytearray().extend)
    exchange.received(b"HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\na")
    assert exchange.pours == 0


def test_a_large_body_is_kept_up_to_a_limit(owner: Owner, exchange: HttpExchange) -> None:
    exchange.await_reply(GET)
    exchange.received(reply(200, b"x" * (BODY_KEPT + 10)))
    assert len(owner.replies[0][1]) == BODY_KEPT


def test_what_comes_unasked_is_only_counted(owner: Owner, exchange: HttpExchange) -> None:
    assert exchange.received(b"220 ready\r\n") == b""
    assert (exchange.messages, owner.replies) == (1, [])


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"abc"),
        (b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\n\r\n", b"abc"),
        (
            b"HTTP/1.1 103 \r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"3;x=yyyyyy\r\nabc\r\n",
        ),
    ],
)
def test_a_head_counts_when_it_is_whole_and_then_each_piece_of_the_body(
    exchange: HttpExchange, head: bytes, body: bytes
) -> None:
    exchange.await_reply(GET)
    for byte in head[:-1]:
        exchange.received(bytes([byte]))
    assert exchange.messages == 0
    exchange.received(head[-1:])
    assert exchange.messages == 1
    for byte in body:
        exchange.received(bytes([byte]))
    assert exchange.messages == 4


def test_what_nobody_has_asked_for_counts_as_it_comes(exchange: HttpExchange) -> None:
    exchange.received(b"a")
    exchange.received(b"b")
    assert exchange.messages == 2
