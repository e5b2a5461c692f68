"""The request editor: the same bytes as text or as hex, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.models.request import PRESETS, RequestText
from gui.models.typed import Eol
from netlib import __version__, head_ended


def test_it_begins_with_a_request_that_says_who_asks() -> None:
    assert RequestText("localhost:8000").data() == (
        b"GET / HTTP/1.1\r\nHost: localhost:8000\r\n"
        b"User-Agent: Socketboard/%b\r\nAccept: */*\r\n\r\n" % __version__.encode()
    )


def test_the_tutorials_request_is_there_to_the_byte() -> None:
    request = RequestText("localhost:8000")
    request.use("tutorial", "localhost:8000")
    assert request.data() == (
        b"GET / HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/7.55.1\r\nAccept: */*\r\n\r\n"
    )


def test_a_preset_follows_the_address_until_it_is_edited() -> None:
    request = RequestText("localhost:8000")
    request.use("1.0", "localhost:8000")
    assert request.offer("http://example.org/page")
    assert request.data() == b"GET /page HTTP/1.0\r\n\r\n"


def test_a_preset_takes_the_place_of_hex_and_of_line_feeds() -> None:
    request = RequestText("localhost:8000")
    request.type(request.text, "lf")
    request.switch("hex")
    request.use("no host", "localhost:8000")
    assert request.data() == b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
    request.use("get", "no port")
    assert b"Connection: close" in request.data()


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_but_one_has_ended(key: str) -> None:
    request = RequestText("localhost:8000")
    request.use(key, "localhost:8000")
    assert head_ended(request.data()) is (key != "endless")


@pytest.mark.parametrize(
    ("data", "ended"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET / HTTP/1.1\n\n", True),
        (b"POST / HTTP/1.1\r\n\r\nbody", True),
        (b"GET / HTTP/1.1\r\n\r", False),
        (b"", False),
    ],
)
def test_a_blank_line_ends_the_head(data: bytes, ended: bool) -> None:
    assert head_ended(data) is ended


def test_line_ends_are_what_was_chosen() -> None:
    request = RequestText("localhost:8000")
    request.type("GET / HTTP/1.1\n\n", "lf")
    assert request.data() == b"GET / HTTP/1.1\n\n"
    request.type("GET / HTTP/1.1\n\n", "crlf")
    assert request.data() == b"GET / HTTP/1.1\r\n\r\n"


def test_an_edited_request_is_not_overwritten_by_another_address() -> None:
    request = RequestText("localhost:8000")
    assert request.offer("http://example.org/page")
    assert b"GET /page HTTP/1.1\r\nHost: example.org\r\n" in request.data()
    request.type("POST / HTTP/1.1\n\n", "crlf")
    assert not request.offer("localhost:9000")
    assert request.data() == b"POST / HTTP/1.1\r\n\r\n"


def test_a_wrong_address_leaves_the_request_alone() -> None:
    request = RequestText("localhost:8000")
    before = request.text
    assert not request.offer("localhost:99999")
    assert request.text == before


@pytest.mark.parametrize("eol", ["crlf", "lf"])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_text_to_hex_keeps_every_byte(eol: Eol, text: str) -> None:
    request = RequestText("localhost:8000")
    request.type(text, eol)
    data = request.data()
    assert request.switch("hex") is None
    assert request.data() == data
    request.switch("text")
    assert request.data() == data


@given(data=st.binary())
def test_hex_to_text_and_back_never_changes_a_byte(data: bytes) -> None:
    request = RequestText("localhost:8000")
    request.switch("hex")
    request.type(data.hex(), "crlf")
    refused = request.switch("text")
    assert request.mode == ("hex" if refused else "text")
    assert request.data() == data


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"a\r\nb\n", b"a\rb", b"a\x00b", "a\u202eb".encode(), b"\xed\xa0\x80"]
)
def test_bytes_that_text_cannot_show_faithfully_stay_hex(data: bytes) -> None:
    request = RequestText("localhost:8000")
    request.switch("hex")
    request.type(data.hex(" "), "crlf")
    assert "hex" in (request.switch("text") or "")
    assert request.mode == "hex"
    assert request.data() == data


def test_wrong_hex_stays_as_typed_and_is_explained() -> None:
    request = RequestText("localhost:8000")
    request.switch("hex")
    request.type("47 4", "crlf")
    assert "character 4" in (request.switch("text") or "")
    assert (request.mode, request.text) == ("hex", "47 4")
