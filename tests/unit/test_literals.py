"""Literals mean the bytes they stand for."""

from __future__ import annotations

import ast
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netlib.teaching.code.literals import (
    decimal,
    go_text,
    plus,
    python_bytes,
    python_text,
    shell_printf,
    shell_word,
)

ANY = st.one_of(
    st.binary(max_size=30), st.text(st.characters(codec="utf-8"), max_size=20).map(str.encode)
)


@given(ANY)
def test_bytes_are_what_python_evaluates(data: bytes) -> None:
    assert eval(python_bytes(data)) == data


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_text_is_what_python_evaluates(text: str) -> None:
    assert ast.literal_eval(python_text(text)) == text


def test_text_stays_readable() -> None:
    assert python_bytes("你好\n".encode()) == '"你好\\n".encode()'
    assert python_bytes("汉".encode("gbk"), "gbk") == '"汉".encode("gbk")'
    assert python_bytes(b"GET /") == 'b"GET /"'
    assert go_text("你好\n".encode()) == '"你好\\n"'
    assert go_text(b"\xff\x00") == '"\\xff\\x00"'
    assert shell_printf("你好 100%\n".encode()) == "'你好 100%%\\n'"


@pytest.mark.peers
@example([b"-", b"-n\n", b"\\055", b"--\xff"])
@settings(max_examples=40)
@given(st.lists(ANY, min_size=1, max_size=20))
def test_printf_writes_the_bytes(some: list[bytes]) -> None:
    script = "".join(f"printf {shell_printf(data)}\n" for data in some)
    done = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=True)
    assert done.stdout == b"".join(some)


@pytest.mark.peers
@pytest.mark.parametrize("text", ["plain", "it's", "a b", "$HOME", "*", "", "好", "-x"])
def test_a_word_of_the_shell_is_one_word(text: str) -> None:
    script = f"printf '%s' {shell_word(text)}"
    assert (
        subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout
        == text.encode()
    )


@given(st.floats(-1e9, 1e9))
def test_a_number_is_written_to_a_nanosecond_without_a_power_of_ten(value: float) -> None:
    written = decimal(value)
    assert set(written) <= set("-.0123456789")
    assert abs(float(written) - value) < 1e-9


def test_what_is_added_may_be_less_than_nothing() -> None:
    assert [plus(one) for one in (0, 2.5, -1234567.5)] == ["", " + 2.5", " - 1234567.5"]
