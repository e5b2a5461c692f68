"""Bytes as text, and what may be shown."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from netlib.text import (
    ENCODINGS,
    Decoder,
    check_encoding,
    encode,
    half_width,
    parse_hex,
    to_hex,
    visible,
    visible_text,
)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "big5", "shift_jis", "utf-16-le"])
def test_a_character_split_between_reads_is_not_lost(encoding: str) -> None:
    data = "日本人".encode(encoding)
    decoder = Decoder(encoding)
    text = "".join(decoder.decode(data[at : at + 1]) for at in range(len(data)))
    assert text + decoder.decode(b"", final=True) == "日本人"


def test_bytes_that_do_not_decode_are_shown_as_such() -> None:
    decoder = Decoder("utf-8")
    assert decoder.decode(b"ok\xff\xfe") == r"ok\xff\xfe"
    assert decoder.decode(b"\xe4\xbd") == ""
    assert decoder.decode(b"", final=True) == r"\xe4\xbd"


@pytest.mark.parametrize("name", [*ENCODINGS, "UTF8", " gb2312 ", "cp936", "iso-8859-15"])
def test_text_encodings_are_known(name: str) -> None:
    assert Decoder(check_encoding(name)).decode(b"", final=True) == ""


@pytest.mark.parametrize(
    "name", ["", "klingon", "hex", "base64", "rot13", "idna", "undefined", "utf\x00", "数字"]
)
def test_other_encodings_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="Unknown encoding"):
        check_encoding(name)


def test_utf_16_without_a_byte_order_is_the_order_of_windows() -> None:
    assert Decoder("UTF-16").decode(b"\x60\x4f") == "你"
    assert encode("你", "utf-16") == b"\x60\x4f"


def test_a_character_the_encoding_lacks_is_named() -> None:
    with pytest.raises(ValueError, match=r'gbk has no character "😀" \(character 3\)'):
        encode("你好😀", "gbk")
    with pytest.raises(ValueError, match="<U\\+D83D>"):
        encode("\ud83d", "utf-8")
    assert encode("你好", "gb2312") == b"\xc4\xe3\xba\xc3"


@pytest.mark.parametrize(
    "typed",
    [
        "e5b7b23a",
        "E5 B7 B2 3A",
        "0xe5, 0xb7, 0xb2, 0x3a",
        r"\xe5\xb7\xb2\x3a",
        "e5:b7:b2:3a",
        "e5-b7-b2-3a",
        " e5b7\n\tb23a\n",
        "０ｘｅ５ ｂ７ｂ２３ａ",
    ],
)
def test_hexadecimal_is_read_as_people_write_it(typed: str) -> None:
    assert parse_hex(typed) == b"\xe5\xb7\xb2:"


@pytest.mark.parametrize(
    ("typed", "place"),
    [("abc", 3), ("a b", 1), ("ab xy", 4), ("0x", 1), ("41 42 4g", 7), ("你", 1)],
)
def test_the_place_that_is_not_hexadecimal_is_named(typed: str, place: int) -> None:
    with pytest.raises(ValueError, match=f"at character {place}:"):
        parse_hex(typed)


def test_no_hexadecimal_is_no_bytes() -> None:
    assert parse_hex(" ") == b""
    assert to_hex(b"\xe5\xb7\x00") == "e5 b7 00"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"plain", "plain"),
        ("你好 😀\u3000。".encode(), "你好 😀\u3000。"),
        (b"a\tb\r\n", r"a\tb\r\n"),
        (b"a\x00b\x1b[31m\x7f", r"a\x00b\x1b[31m\x7f"),
        ("\x85".encode(), r"\x85"),
        (b"\xff\xe4\xbd", r"\xff\xe4\xbd"),
        (
            "\u202egpj.exe\u2066\u200b\ufeff\u2028".encode(),
            "<U+202E>gpj.exe<U+2066><U+200B><U+FEFF><U+2028>",
        ),
        ("\ud83dx", "<U+D83D>x"),
        (b"", ""),
    ],
)
def test_only_what_is_safe_is_shown(data: bytes | str, shown: str) -> None:
    assert visible(data) == shown


def test_other_encodings_are_shown_too() -> None:
    assert visible(b"\xc4\xe3\xba\xc3\n", "gbk") == r"你好\n"


def test_what_is_too_much_is_counted() -> None:
    assert visible(b"x" * 5000) == "x" * 4096 + "… +904 B"
    assert visible("你好".encode(), limit=4) == "你… +3 B"
    assert visible("你好吗", limit=2) == "你好… +1"
    assert visible(b"\xff\xff\xff", limit=2) == r"\xff\xff… +1 B"
    assert visible(b"\n\n", limit=2) == r"\n\n"


def test_no_control_invisible_or_reordering_character_of_unicode_gets_through() -> None:
    shown_format_characters = set(
        "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    )
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        dangerous = category in {"Cc", "Cs", "Zl", "Zp"} or (
            category == "Cf"
            and character not in shown_format_characters
            and not 0x11000 <= code < 0x14000
        )
        if dangerous or code in range(0xE0100, 0xE01F0):  # these are printable for Python
            assert visible_text(character) != character, hex(code)
        elif category not in {"Cf", "Cn"}:
            assert visible_text(character) == character, hex(code)


def test_half_width_keeps_positions() -> None:
    assert half_width("【：：１】：８０８０。a") == "[::1]:8080.a"
