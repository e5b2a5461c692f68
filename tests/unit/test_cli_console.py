"""What the command line makes of typed lines, and of what a terminal must not get."""

from __future__ import annotations

import pytest

from netlib.cli.console import Console, wire_lines


@pytest.mark.parametrize(
    ("typed", "eol", "encoding", "sent"),
    [
        (b"a\nb\n", "lf", "utf-8", b"a\nb\n"),
        (b"a\r\nb\n", "crlf", "utf-8", b"a\r\nb\r\n"),
        (b"a\nb\n", "none", "utf-8", b"ab"),
        (b"\xff\x00\n", "lf", "utf-8", b"\xff\x00\n"),
        ("你好\n".encode(), "lf", "gbk", b"\xc4\xe3\xba\xc3\n"),
        (b"a\n", "crlf", "utf-16-le", b"a\0\r\0\n\0"),
    ],
)
def test_typed_lines_become_bytes(typed: bytes, eol: str, encoding: str, sent: bytes) -> None:
    assert wire_lines(typed, eol, encoding) == sent


def test_typed_bytes_that_are_no_text_cannot_be_encoded_anew() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        wire_lines(b"\xff\n", "lf", "gbk")


def test_a_terminal_is_protected_but_keeps_its_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console()
    console.received("plain \x1b[2J\n")
    assert capsys.readouterr().out == "plain \x1b[2J\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    console.received("one\ttwo\r\n\x1b[2J\u202e\n")
    assert capsys.readouterr().out == "one\ttwo\r\n\\x1b[2J<U+202E>\n"
