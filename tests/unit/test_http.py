"""HTTP requests and replies, to the byte."""

from __future__ import annotations

import codecs
import gzip
import zlib

import pytest

from netlib import __version__
from netlib.address import parse_url
from netlib.protocols.http import (
    INTERIM_LIMIT,
    ReplyReader,
    build_request,
    charset,
    decode_body,
    tutorial_request,
)

OK = b"HTTP/1.1 200 OK\r\n"


def read(data: bytes, method: str = "GET", end: bool = False) -> tuple[ReplyReader, bytes]:
    reader = ReplyReader(method)
    reader.feed(data)
    if end:
        reader.finish()
    return reader, reader.take_body()


def test_the_tutorials_request_to_the_byte() -> None:
    assert tutorial_request(parse_url("www.baidu.com")) == (
        b"GET / HTTP/1.1\r\nHost: www.baidu.com\r\nUser-Agent: curl/7.55.1\r\nAccept: */*\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "first", "host"),
    [
        ("http://h:8000/a?b", "GET /a?b HTTP/1.1", "h:8000"),
        ("http://h:80/", "GET / HTTP/1.1", "h"),
        ("https://h:443/", "GET / HTTP/1.1", "h"),
        ("http://[::1]:8000/", "GET / HTTP/1.1", "[::1]:8000"),
        ("http://[fe80::1%eth0]/", "GET / HTTP/1.1", "[fe80::1]"),
        ("http://例子.测试/路", "GET /%E8%B7%AF HTTP/1.1", "xn--fsqu00a.xn--0zwm56d"),
    ],
)
def test_request_line_and_host_come_from_the_address(url: str, first: str, host: str) -> None:
    lines = tutorial_request(parse_url(url)).decode("ascii").split("\r\n")
    assert lines[:2] == [first, f"Host: {host}"]


def test_what_is_not_given_is_added() -> None:
    url = parse_url("h/form")
    assert build_request(url, "POST", [("Content-Type", "text/plain")], b"hi") == (
        b"POST /form HTTP/1.1\r\nHost: h\r\n"
        b"User-Agent: Socketboard/%s\r\nAccept: */*\r\n"
        % __version__.encode()
        + b"Content-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi"
    )
    assert b"Content-Length: 0\r\n" in build_request(url, "PUT")
    assert b"Content-Length" not in build_request(url, "GET")


def test_what_is_given_is_not_added() -> None:
    given = [
        ("host", "other"),
        ("USER-AGENT", "me"),
        ("accept", "text/html"),
        ("Transfer-Encoding", "chunked"),
    ]
    request = build_request(parse_url("h"), "POST", given, b"0\r\n\r\n")
    assert request == (
        b"POST / HTTP/1.1\r\nhost: other\r\nUSER-AGENT: me\r\naccept: text/html\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert "X-Name: 你好".encode() in build_request(parse_url("h"), "GET", [("X-Name", "你好")])


@pytest.mark.parametrize("method", ["", "GET /x", "GE\r\nT", "取", "GET\n"])
def test_a_method_is_one_word(method: str) -> None:
    with pytest.raises(ValueError, match="is not an HTTP method"):
        build_request(parse_url("h"), method)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("X: y\r\nZ", "1", "is not the name of an HTTP header"),
        ("", "1", "is not the name of an HTTP header"),
        ("X", "1\r\nZ: 2", 'The header X contains "\\\\r"'),
        ("X", "1\n", "contains"),
        ("X", "\x00", "contains"),
    ],
)
def test_a_header_cannot_smuggle_another_one(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        build_request(parse_url("h"), "GET", [(name, value)])


def test_a_reply_ends_where_its_length_says() -> None:
    reader, body = read(OK + b"Content-Length: 5\r\nX-Odd-Case: a\r\n\r\nhel")
    assert (reader.status, reader.reason, reader.done, body) == (200, "OK", False, b"hel")
    assert list(reader.headers) == [(b"Content-Length", b"5"), (b"X-Odd-Case", b"a")]
    reader.feed(b"lo, and what does not belong to it")
    assert (reader.done, reader.complete, reader.take_body(), reader.body_size) == (
        True,
        True,
        b"lo",
        5,
    )
    reader.feed(b"more")
    assert (reader.take_body(), reader.error) == (b"", None)


def test_a_chunked_reply_is_put_together() -> None:
    data = (
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nTrailer: t\r\n\r\nrest"
    )
    for pieces in ([data], [data[at : at + 1] for at in range(len(data))]):
        reader = ReplyReader("GET")
        for piece in pieces:
            reader.feed(piece)
        assert (reader.take_body(), reader.body_size, reader.complete) == (b"abcd", 4, True)


def test_without_length_a_reply_ends_with_the_connection() -> None:
    reader, body = read(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")
    assert (body, reader.done) == (b"until the end", False)
    reader.finish()
    assert (reader.done, reader.complete) == (True, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        OK,
        OK + b"Content-Length: 5\r\n\r\nhel",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
def test_a_reply_that_breaks_off_is_not_complete(data: bytes) -> None:
    reader, _body = read(data, end=True)
    assert (reader.done, reader.complete, reader.error) == (True, False, None)


@pytest.mark.parametrize(
    ("method", "head"),
    [
        ("HEAD", OK + b"Content-Length: 5\r\n\r\n"),
        ("HEAD", OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
        ("CONNECT", b"HTTP/1.1 200 Connection established\r\n\r\n"),
        ("GET", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: any\r\n\r\n"),
        ("GET", OK + b"Content-Length: 0\r\n\r\n"),
    ],
)
def test_some_replies_have_no_body(method: str, head: bytes) -> None:
    reader, body = read(head, method)
    assert (reader.done, reader.complete, body, reader.error) == (True, True, b"", None)


def test_interim_replies_are_passed_over() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
    reader, body = read(early + b"HTTP/1.1 404 Nein\r\nContent-Length: 1\r\n\r\n!")
    assert (reader.status, reader.reason, body, reader.complete) == (404, "Nein", b"!", True)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n",
        "已接收: GET / HTTP/1.1\r\n".encode() * 9 + b"\r\n\r\n",
        OK + b"Content-Length: x\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"X: " + b"x" * 300_000,
    ],
)
def test_what_is_not_http_is_said_and_never_raised(data: bytes) -> None:
    reader, _body = read(data)
    assert reader.error
    assert (reader.done, reader.complete) == (True, False)


@pytest.mark.parametrize("method", ["", "\r\n", "取", "GET /"])
def test_a_strange_request_is_answered_like_a_get(method: str) -> None:
    reader, body = read(OK + b"Content-Length: 1\r\n\r\n!", method)
    assert (reader.complete, body) == (True, b"!")


def test_a_large_body_is_not_copied() -> None:
    reader, _body = read(OK + b"Content-Length: 1000000\r\n\r\n")
    chunk = b"x" * 1000
    reader.feed(chunk)
    assert reader.take_body() is chunk


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ([(b"content-type", b"text/html; charset=GBK")], b"\xc4\xe3", "gb18030"),
        ([(b"Content-Type", b'text/html; Charset = "big5"')], b"", "big5"),
        ([(b"content-type", b"text/html; charset=gbk")], codecs.BOM_UTF8 + b"x", "gb18030"),
        ([(b"content-type", b"text/html; charset=klingon")], b"x", "utf-8"),
        ([], codecs.BOM_UTF8 + b"x", "utf-8-sig"),
        ([], codecs.BOM_UTF16_LE + b"x\0", "utf-16-le"),
        ([], b'<META charset="gb2312">', "gb18030"),
        ([], b"<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>", "shift_jis"),
        ([], b" " * 1024 + b"<meta charset=big5>", "utf-8"),
        ([], "你".encode()[:2], "utf-8"),
        ([], "你好".encode("gbk"), "gb18030"),
        ([(b"content-type", b"text/html; charset=hex")], b"<meta charset=base64>", "utf-8"),
    ],
)
def test_the_charset_of_a_page(
    headers: list[tuple[bytes, bytes]], body: bytes, expected: str
) -> None:
    assert charset(headers, body) == expected


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (b"gzip", gzip.compress("你好".encode(), mtime=0)),
        (b"X-GZIP ", gzip.compress("你好".encode(), mtime=0)),
        (b"deflate", zlib.compress("你好".encode())),
        (b"deflate", _raw_deflate("你好".encode())),
        (b"identity", "你好".encode()),
        (b"gzip", "你好".encode()),
    ],
)
def test_a_packed_body_is_unpacked(coding: bytes, packed: bytes) -> None:
    assert decode_body([(b"Content-Encoding", coding)], packed) == "你好"


def test_a_bomb_is_harmless() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(decode_body([(b"content-encoding", b"gzip")], bomb)) == 1 << 20


def test_bytes_that_do_not_decode_are_shown() -> None:
    assert decode_body([(b"content-type", b"text/plain; charset=utf-8")], b"a\xff") == r"a\xff"


def test_what_is_not_http_is_quoted_and_not_in_python() -> None:
    reply, _body = read(b"220 mail\x01 ready\r\n\r\n")
    assert reply.error is not None
    assert "“220 mail\\x01 ready”" in reply.error
    assert "bytearray" not in reply.error


@pytest.mark.parametrize("length", [6, 1 << 61, (1 << 61) + 5, 1 << 62, (1 << 64) + 6, 10**20 - 1])
def test_a_body_shorter_than_its_stated_length_is_incomplete_however_long_that_is(
    length: int,
) -> None:
    reader = ReplyReader()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length
    assert reader.feed(head + b"12345") == b""
    reader.finish()
    assert (reader.body_size, reader.complete, reader.done) == (5, False, True)


def test_a_length_no_number_can_be_read_from_is_no_reply() -> None:
    reader = ReplyReader()
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n12345")
    reader.finish()
    assert not reader.complete


@pytest.mark.parametrize("count", [INTERIM_LIMIT, INTERIM_LIMIT + 1])
def test_only_so_many_interim_responses_are_passed_over(count: int) -> None:
    reader = ReplyReader()
    reader.feed(b"HTTP/1.1 103 Early Hints\r\n\r\n" * count)
    reader.feed(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert reader.complete is (count == INTERIM_LIMIT)
    assert bool(reader.error) is (count > INTERIM_LIMIT)
