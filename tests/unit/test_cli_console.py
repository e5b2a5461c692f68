"""What the command line makes of typed lines, and of what a terminal must not get."""

from __future__ import annotations

import json

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


HARMFUL = (
    "\x00\x07\x1b\x7f\x80\x9b\x9d\xad\u061c\u200b\u200e\u202e\u2028\u2066\ufeff\ud800"
    "\U000e0041\U000e0100"
)


@pytest.mark.parametrize("terminal", [True, False])
def test_json_has_only_harmless_characters_and_the_same_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    said = {"text": f'你好 é "\\" {HARMFUL}', HARMFUL: "\\"}
    Console().record(said)
    line = capsys.readouterr().out
    assert json.loads(line) == said
    assert not set(line) & set(HARMFUL)
    assert "你好 é" in line
    assert line.count("\n") == 1


def test_a_terminal_is_protected_but_keeps_its_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console()
    console.received("plain \x1b[2J\n")
    assert capsys.readouterr().out == "plain \x1b[2J\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    console.received("one\ttwo\r\n\x1b[2J\u202e\n")
    assert capsys.readouterr().out == "one\ttwo\r\n\\x1b[2J<U+202E>\n"
