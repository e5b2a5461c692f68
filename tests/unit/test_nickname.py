"""Names in a room: what misleads is refused, what reads alike is one."""

from __future__ import annotations

import pytest

from netlib.services.nickname import folded, is_nickname

INVISIBLE = (
    "\u00a0\u3000\u2003\u2009\u3164\uffa0\u115f\u1160\u2800\u034f\ufe0f\U000e0100\u17b4\u180b\u200d"
    "\U00016fe4\U0001d159\ufffc"
)


@pytest.mark.parametrize("blank", INVISIBLE, ids=lambda one: f"U+{ord(one):04X}")
def test_what_is_not_seen_makes_no_name_and_no_second_of_one(blank: str) -> None:
    for name in (blank, f"Ada{blank}", f"{blank}Ada", f"A{blank}da"):
        assert not is_nickname(name.encode()), ascii(name)


@pytest.mark.parametrize(
    "sign", "*:/,＊：／，∗⁎٭∶﹡﹕﹐✱✻⋆‚꞉⁕ː\ufffd\n\r\x00\x1b\x7f\x9b\u2028\ue000\ufdd0"
)
def test_what_looks_like_a_sign_of_the_room_is_refused(sign: str) -> None:
    for name in (sign, f"Ada{sign}", f"Ada{sign}Bob"):
        assert not is_nickname(name.encode()), ascii(name)


@pytest.mark.parametrize(
    "name", ["A" + "\u0301" * 19, "\u0301Ada", "\u20dd", "a\u0301\u0301\u0301"]
)
def test_marks_are_few_and_stand_on_something(name: str) -> None:
    assert not is_nickname(name.encode())


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "安娜",
        "O'Neil-2",
        "安娜·卡列尼娜",
        "e\u0301",
        "अनिता",
        "Аня",
        "\U0001f600" * 20,
        "a.b!",
    ],
)
def test_ordinary_names_are_taken(name: str) -> None:
    assert is_nickname(name.encode())


@pytest.mark.parametrize(
    "name", ["\u0410d\u0430", "Ad\u0251\u03b1", "server", "Ｓｅｒｖｅｒ", "服务器"]
)
def test_twins_from_another_script_and_the_names_of_the_room_are_refused(name: str) -> None:
    assert not is_nickname(name.encode())


@pytest.mark.parametrize("twin", ["ADA", "Ａｄａ", "ａda", "𝐀𝐝𝐚", "ⓐⓓⓐ"])
def test_names_that_read_alike_are_one(twin: str) -> None:
    assert folded(twin.encode()) == folded(b"Ada")


def test_double_byte_names_are_read_as_such() -> None:
    assert is_nickname("安娜".encode("gbk"))
    assert folded("ＡＤＡ安".encode("gbk")) == folded("ada安".encode())
    assert not is_nickname("　安娜".encode("gbk"))
    assert not is_nickname(b"\xb9\xfa\xc2\x9b1G")  # on a UTF-8 terminal it moves the cursor


@pytest.mark.parametrize("name", [b"\xff\xfe", b"Ada\xff"])
def test_bytes_that_are_no_text_are_no_name(name: bytes) -> None:
    assert not is_nickname(name)
