"""What the command line makes of typed lines, and of what a terminal must not get."""

from __future__ import annotations

import errno
import io
import json
from contextlib import suppress

import pytest

from netlib.cli.console import Console, OutputError, wire_lines


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


class Stream(io.TextIOWrapper):
    """A standard stream of a Western Windows."""

    def __init__(self, bytes_out: io.RawIOBase | io.BytesIO, *, terminal: bool) -> None:
        super().__init__(bytes_out, encoding="cp1252")  # type: ignore[arg-type]
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "written"),
    [(False, "你好 ✓ é\n".encode()), (True, b"\\u4f60\\u597d \\u2713 \xe9\n")],
)
def test_a_file_or_a_pipe_gets_utf_8_whatever_the_code_page_is(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, written: bytes
) -> None:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr("sys.stdout", Stream(out, terminal=terminal))
    monkeypatch.setattr("sys.stderr", Stream(err, terminal=terminal))
    console = Console()
    console.line("你好 ✓ é")
    console.note("你好 ✓ é")
    assert (out.getvalue(), err.getvalue()) == (written, written)


class NobodyReads(io.RawIOBase):
    """A pipe of Windows whose reader is gone."""

    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.mark.parametrize(
    ("windows", "terminal", "kind"),
    [(True, False, BrokenPipeError), (True, True, OutputError), (False, False, OutputError)],
)
def test_a_reader_that_is_gone_is_a_broken_pipe_on_windows_too(
    monkeypatch: pytest.MonkeyPatch, windows: bool, terminal: bool, kind: type[Exception]
) -> None:
    monkeypatch.setattr("netlib.system.streams._ON_WINDOWS", windows)
    stream = Stream(NobodyReads(), terminal=terminal)
    monkeypatch.setattr("sys.stdout", stream)
    with pytest.raises(kind):
        Console().line("read this")
    with suppress(OSError):
        stream.close()
