"""Laws of HTTP, for any bytes in any chunks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import h11
from hypothesis import given
from hypothesis import strategies as st

from netlib.address import parse_url
from netlib.protocols.http import ReplyReader, build_request, decode_body, in_plain_words
from netlib.services import Options
from netlib.services.web import WebHandler, http_date
from netlib.text import visible

bodies = st.binary(max_size=200)
sizes = st.lists(st.integers(1, 30), max_size=40)
tokens = st.text(st.sampled_from("abcXYZ-_09!"), min_size=1, max_size=12)
heads = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 200 OK\r\n",
        b"HTTP/1.1 204 No\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"Content-Length: 7\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
    ]
)
streams = st.lists(st.one_of(heads, st.binary(max_size=20)), max_size=8).map(b"".join)
methods = st.sampled_from(["GET", "HEAD", "CONNECT", "POST", "?? ?", ""])


def read(method: str, pieces: list[bytes]) -> tuple[object, ...]:
    reader, body = ReplyReader(method), b""
    for piece in pieces:
        reader.feed(piece)
        body += reader.take_body()
    reader.finish()
    assert reader.body_size == len(body)
    return (reader.status, list(reader.headers), body, reader.complete, reader.error is None)


def cut(data: bytes, lengths: list[int]) -> list[bytes]:
    pieces = []
    for length in lengths:
        pieces.append(data[:length])
        data = data[length:]
    return [*pieces, data]


@given(streams, sizes, methods)
def test_a_reply_does_not_depend_on_chunks(data: bytes, lengths: list[int], method: str) -> None:
    assert read(method, cut(data, lengths)) == read(method, [data])


@given(bodies, sizes)
def test_every_framing_gives_the_body_back(body: bytes, lengths: list[int]) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in cut(body, lengths) if c)
    for framed in (
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body),
        b"Transfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % chunks,
        b"\r\n" + body,
    ):
        status, _headers, found, complete, is_http = read(
            "GET", cut(b"HTTP/1.1 200 \r\n" + framed, lengths)
        )
        assert (status, found, complete, is_http) == (200, body, True, True)


@given(st.text(max_size=10), st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12))), bodies)
def test_a_request_is_one_request_or_a_value_error(
    method: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    try:
        request = build_request(parse_url("h"), method, headers, body)
    except ValueError:
        return
    head, blank, rest = request.partition(b"\r\n\r\n")
    assert (blank, rest) == (b"\r\n\r\n", body)
    assert head.count(b"\n") == head.count(b"\r") == head.count(b"\r\n")


@given(tokens, st.dictionaries(tokens.map("X-{}".format), tokens), bodies)
def test_h11_reads_what_we_build(method: str, headers: dict[str, str], body: bytes) -> None:
    server = h11.Connection(h11.SERVER)
    server.receive_data(build_request(parse_url("h/a"), method, list(headers.items()), body))
    request = server.next_event()
    assert isinstance(request, h11.Request)
    assert (request.method, request.target) == (method.encode(), b"/a")
    received = dict(request.headers)
    assert {
        name.lower().encode(): value.encode() for name, value in headers.items()
    }.items() <= received.items()


@given(
    st.lists(st.tuples(st.sampled_from([b"content-type", b"content-encoding"]), st.binary())),
    bodies,
)
def test_any_body_can_be_shown(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    assert isinstance(decode_body(headers, body), str)


@given(st.integers(0, 250_000_000_000))
def test_dates_are_those_of_the_standard_library(second: int) -> None:
    # Not formatdate: on Windows it knows no year after 3000.
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    assert http_date(second) == format_datetime(when, usegmt=True)


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi"


@given(
    st.binary(min_size=2, max_size=40).filter(lambda junk: not junk.startswith((b"\r\n", b"\n")))
)
def test_whatever_stands_behind_a_chunk_is_told_in_words(junk: bytes) -> None:
    reader = ReplyReader()
    reader.feed(b"HTTP/1.1 200 OK\r\n" + CHUNKED + junk)
    assert (reader.error or "").startswith("malformed chunk footer")
    answer = WebHandler(Options(now=lambda: 0.0)).received(
        b"POST /echo HTTP/1.1\r\nHost: localhost\r\n" + CHUNKED + junk
    )
    assert answer.startswith(b"HTTP/1.1 400 ")


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_bytes_that_h11_quotes_are_written_as_everywhere(one: bytes, two: bytes) -> None:
    said = in_plain_words(ValueError(f"wrong: {bytearray(one)!r} (expected {two!r})"))
    assert said == f"wrong: “{visible(one, limit=80)}” (expected “{visible(two, limit=80)}”)"
