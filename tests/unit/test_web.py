"""The web service, read back by the standard library's own client."""

from __future__ import annotations

import io
from http.client import HTTPResponse
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.services import Options
from netlib.services.web import BODY_LIMIT, Web, WebHandler, http_date
from netlib.silence import Awaited
from tests.samples import DatetimeOfWindows

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def handler(host_name: str = "") -> WebHandler:
    options = Options(now=lambda: 784111777.5, host_name=host_name)
    made = Web(options).handler(Endpoint("127.0.0.1", 1))
    assert isinstance(made, WebHandler)
    return made


def replies(data: bytes, methods: str = "GET") -> list[tuple[HTTPResponse, bytes]]:
    """Read one reply for each method from what the service sent; nothing may be left over."""
    wire = io.BytesIO(data)
    found = []
    for method in methods.split():
        response = HTTPResponse(_Socket(wire), method=method)  # type: ignore[arg-type]
        response.begin()
        found.append((response, response.read()))
    assert wire.read() == b""
    return found


class _Socket:
    def __init__(self, wire: io.BytesIO) -> None:
        self._wire = wire

    def makefile(self, *_args: Any) -> Any:
        return _Unclosable(self._wire)


class _Unclosable:
    """A reader that stays open for the next reply on the same connection."""

    def __init__(self, wire: io.BytesIO) -> None:
        self._wire = wire

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def close(self) -> None:
        pass


def test_the_page_is_small_and_in_both_languages() -> None:
    web = handler()
    [(reply, body)] = replies(web.received(GET))
    assert (reply.status, reply.reason, reply.version) == (200, "OK", 11)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Date"] == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert "你的浏览器发送了什么" in body.decode()
    assert "What did your browser send?" in body.decode()
    assert b'<form method="post" action="/echo">' in body
    assert len(body) < 4096
    assert (web.messages, web.close_reason) == (1, None)


def test_echo_gives_the_request_back_as_it_was_parsed() -> None:
    request = (
        b"POST /echo?a=b HTTP/1.1\r\nHost: localhost:8000\r\nX-Odd-Case: 1\r\n"
        b"Content-Length: 6\r\n\r\n\xe4\xbd\xa0\xff\x00\n"
    )
    [(reply, body)] = replies(handler().received(request))
    assert (reply.status, body) == (200, request)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_chunked_request_is_put_together() -> None:
    head = b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    [(_reply, body)] = replies(handler().received(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
    assert body == head + b"abcde"


def test_byte_by_byte_and_all_at_once_are_the_same() -> None:
    slow, fast = handler(), handler()
    data = GET + b"GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET
    assert b"".join(slow.received(bytes([byte])) for byte in data) == fast.received(data)
    assert slow.messages == fast.messages == 3


def test_requests_in_one_packet_are_answered_in_order() -> None:
    data = handler().received(GET + GET.replace(b"/ ", b"/nothing ") + GET)
    assert [reply.status for reply, _body in replies(data, "GET GET GET")] == [200, 404, 200]


def test_head_tells_the_size_and_sends_no_body() -> None:
    web = handler()
    data = web.received(GET.replace(b"GET", b"HEAD") + GET)
    (head, nothing), (_get, body) = replies(data, "HEAD GET")
    assert nothing == b""
    assert int(head.headers["Content-Length"]) == len(body)


def test_other_methods_are_for_echo_only() -> None:
    [(reply, _body)] = replies(handler().received(GET.replace(b"GET", b"DELETE")))
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "request_head",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"],
)
def test_the_connection_is_closed_when_the_client_wants_it(request_head: bytes) -> None:
    web = handler()
    [(reply, _body)] = replies(web.received(request_head))
    assert (reply.status, reply.headers["Connection"]) == (200, "close")
    assert web.close_reason is CloseReason.BY_US


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET /\xe4\xbd\xa0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000, 431),
        (b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (
            b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            400,
        ),
    ],
)
def test_what_is_not_http_is_told_so_and_closed(data: bytes, status: int) -> None:
    web = handler()
    [(reply, body)] = replies(web.received(data))
    assert (reply.status, reply.headers["Connection"]) == (status, "close")
    assert body.startswith(str(status).encode())
    assert web.close_reason is CloseReason.BY_US


def test_garbage_after_a_head_request_is_still_answered() -> None:
    web = handler()
    data = web.received(GET.replace(b"GET", b"HEAD") + b"garbage\r\n\r\n")
    assert [reply.status for reply, _body in replies(data, "HEAD GET")] == [200, 400]


def test_a_body_beyond_the_limit_is_refused() -> None:
    web = handler()
    head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (
        BODY_LIMIT + 1
    )
    assert web.received(head + b"x" * BODY_LIMIT) == b""
    [(reply, _body)] = replies(web.received(b"x"))
    assert reply.status == 413
    assert web.close_reason is CloseReason.BY_US


def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    web = handler()
    head = GET.replace(b"GET /", b"POST /echo")[:-2]
    head += b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert web.received(head).startswith(b"HTTP/1.1 100 ")
    [(reply, body)] = replies(web.received(b"hi"))
    assert (reply.status, body) == (200, head + b"hi")


def test_a_request_whose_end_has_not_come_is_pending() -> None:
    web = handler()
    assert web.pending is None
    web.received(GET[:-2])
    assert web.pending == (Awaited.HEADER_END, len(GET) - 2)
    web.received(b"\r\n")
    assert web.pending is None
    web.received(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
    assert web.pending == (Awaited.BODY_END, 2)


def test_what_is_no_request_is_quoted_and_not_in_python() -> None:
    answer = handler().received(b"garbage\x01\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.decode().endswith("illegal request line: “garbage\\x01”\n")
    assert b"bytearray" not in answer


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:8000",
        "127.0.0.1",
        "192.168.1.7:8000",
        "[::1]",
        "[fe80::1]:8000",
        "Lab-PC7:8000",
        "lab-pc7.local",
    ],
)
def test_a_request_to_an_address_or_to_this_computer_is_answered(host: str) -> None:
    for name in ("Lab-PC7", "lab-pc7.local"):
        web = handler(name)
        [(reply, _body)] = replies(web.received(GET.replace(b"localhost", host.encode())))
        assert reply.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":8000",
        "h",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "lab-pc7.evil.example",
        ".local",
        "[]",
        "[127.0.0.1]",
        "[evil.example]",
        "::1",
        "127.0.0.1:8000:1",
        "1.2.3",
    ],
)
@pytest.mark.parametrize("name", ["Lab-PC7", ""])
def test_a_request_to_somebody_else_is_misdirected(host: str, name: str) -> None:
    web = handler(name)
    data = GET.replace(b"localhost", host.encode())
    (reply, body), (again, _page) = replies(web.received(data + GET), "GET GET")
    assert (reply.status, reply.reason) == (421, "Misdirected Request")
    assert body.startswith(b"421: ")
    assert again.status == 200  # the connection stays


def test_a_name_beyond_ascii_is_known_as_browsers_spell_it() -> None:
    web = handler("教室电脑")
    host = "教室电脑".encode("idna") + b".local:8000"
    [(reply, _body)] = replies(web.received(GET.replace(b"localhost", host)))
    assert reply.status == 200


POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize("begun", [b"GET / HT", POST, POST + b"ab", GET + POST + b"ab"])
def test_a_request_that_has_begun_is_given_up_with_503(begun: bytes) -> None:
    web = handler()
    web.received(begun)
    assert web.unfinished > 0
    [(reply, body)] = replies(web.give_up(1000))
    assert (reply.status, reply.reason) == (503, "Service Unavailable")
    assert body.startswith(b"503: the clients' unfinished messages together are too long (limit 10")
    assert web.close_reason is CloseReason.TOO_MUCH_UNFINISHED
    assert (web.unfinished, web.pending) == (0, None)


def test_of_what_is_refused_nothing_is_kept() -> None:
    web = handler()
    web.received(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n")
    web.received(bytes(1_000_000))
    assert web.unfinished > 1_000_000
    assert b" 413 " in web.received(bytes(500_000))
    assert web.unfinished == 0


def test_headers_count_as_what_they_take_in_memory() -> None:
    web = handler()
    many = b"".join(b"a%d:b\r\n" % number for number in range(1000))
    web.received(POST[:-2] + many)
    assert web.unfinished == len(POST) - 2 + len(many)
    web.received(b"\r\n")
    assert web.unfinished > 150_000
    web.received(b"12345")
    assert web.unfinished == 0


def test_a_date_is_written_as_http_wants_it() -> None:
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"


def test_a_year_that_windows_does_not_convert_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.services.web.datetime", DatetimeOfWindows)
    assert http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert http_date(64092211200) == "Mon, 01 Jan 4001 00:00:00 GMT"
