"""Laws of decoding and of what may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.text import (
    ENCODINGS,
    Decoder,
    check_encoding,
    encode,
    parse_hex,
    to_hex,
    visible,
    visible_text,
)
from tests.samples import refusal

encodings = st.sampled_from([*ENCODINGS, "utf-16", "utf-8-sig", "hz", "cp1252", "utf-7"])
anything = st.text(st.characters())


@given(encodings, st.binary(max_size=60), st.lists(st.integers(0, 9), max_size=30))
def test_decoding_does_not_depend_on_where_reads_end(
    encoding: str, data: bytes, sizes: list[int]
) -> None:
    decoder, text, at = Decoder(encoding), "", 0
    for size in sizes:
        text += decoder.decode(data[at : at + size])
        at += size
    text += decoder.decode(data[at:], final=True)
    assert text == Decoder(encoding).decode(data, final=True)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(data=st.data())
def test_what_can_be_encoded_comes_back(encoding: str, data: st.DataObject) -> None:
    text = data.draw(st.binary().map(lambda sent: sent.decode(encoding, "ignore")))
    assert Decoder(encoding).decode(encode(text, encoding), final=True) == text


@given(anything, encodings)
def test_encoding_succeeds_or_says_which_character_is_missing(text: str, encoding: str) -> None:
    sentence = str(refusal(encode, text, encoding))
    assert visible_text(sentence) == sentence


@given(st.text(max_size=20))
def test_any_name_is_an_encoding_or_a_value_error(name: str) -> None:
    if error := refusal(check_encoding, name):
        assert visible_text(str(error)) == str(error)
    else:
        assert "".encode(check_encoding(name)) == b""


@given(st.one_of(st.binary(), anything), encodings, st.integers(0, 40))
def test_what_is_shown_is_safe_and_stays_as_it_is(
    data: bytes | str, encoding: str, limit: int
) -> None:
    shown = visible(data, check_encoding(encoding), limit)
    assert visible_text(shown, None) == shown
    assert len(shown) <= 10 * limit + 12
    assert not {"\0", "\n", "\r", "\t", "\x1b", "\u202e", "\u2028"} & set(shown)


@given(st.binary())
def test_hexadecimal_comes_back(data: bytes) -> None:
    assert parse_hex(to_hex(data)) == data
    assert parse_hex(data.hex()) == data


@given(st.text(st.sampled_from("0123456789abcdefxX\\ ,:-\ng")))
def test_any_text_is_hexadecimal_or_a_value_error(text: str) -> None:
    if error := refusal(parse_hex, text):
        assert "at character" in str(error)
    else:
        assert len(parse_hex(text)) <= len(text) / 2
