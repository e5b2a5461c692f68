"""The request editor: the same bytes as text or as hex, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.models.request import RequestText
from gui.models.typed import Eol


def test_it_begins_with_the_tutorials_request_for_the_address() -> None:
    request = RequestText("localhost:8000")
    assert request.data() == (
        b"GET / HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/7.55.1\r\nAccept: */*\r\n\r\n"
    )


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
