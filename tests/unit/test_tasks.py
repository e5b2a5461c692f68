"""A request that was typed, as the fields of a program that sends it, or byte for byte."""

from __future__ import annotations

import pytest

from netlib.address import parse_url
from netlib.protocols.http import build_request, tutorial_request
from netlib.teaching.code.tasks import Fetch, fetch_of

URL = parse_url("http://localhost:8000/a?b=1")
SECURE = parse_url("https://localhost:8443/")


def test_an_ordinary_request_is_told_by_its_fields() -> None:
    found = fetch_of(URL, build_request(URL, "POST", [("X-A", "b: c")], b"hello"), timeout=3)
    assert (found.method, found.body, found.request, found.timeout) == ("POST", b"hello", b"", 3)
    assert ("X-A", "b: c") in found.headers
    assert not {"host", "content-length"} & {name.lower() for name, _value in found.headers}
    assert dict(fetch_of(URL, tutorial_request(URL)).headers)["User-Agent"] == "curl/7.55.1"


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"GET /a?b=1 HTTP/1.1\r\nHost: localhost:8000\r\n",
        b"GET /a?b=1 HTTP/1.1\r\n\r\n",
        b"GET /a?b=1 HTTP/1.0\r\nHost: localhost:8000\r\n\r\n",
        b"GET /other HTTP/1.1\r\nHost: localhost:8000\r\n\r\n",
        b"GET /a?b=1 HTTP/1.1\nHost: localhost:8000\n\n",
        b"POST /a?b=1 HTTP/1.1\r\nHost: localhost:8000\r\nContent-Length: 9\r\n\r\nhello",
        b"POST /a?b=1 HTTP/1.1\r\nHost: localhost:8000\r\n\r\nhello",
        "GET /好 HTTP/1.1\r\n\r\n".encode(),
        b"\xff\x00",
    ],
)
def test_whatever_a_library_would_not_send_goes_byte_for_byte(request_: bytes) -> None:
    assert fetch_of(URL, request_) == Fetch(URL, request=request_)
    with pytest.raises(ValueError, match="byte for byte"):
        fetch_of(SECURE, request_)


def test_over_tls_it_is_verified_or_not_as_asked() -> None:
    assert not fetch_of(SECURE, build_request(SECURE, "GET"), verify=False).verify
