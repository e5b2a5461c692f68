"""Bytes and text as literals of three languages: what is not printable, or no text, is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_COMMON: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def python_text(text: str) -> str:
    """Return text as a literal of Python."""
    return f'"{_escaped(text, _COMMON | {chr(34): chr(92) + chr(34)})}"'


def python_bytes(data: bytes, encoding: str = "utf-8") -> str:
    """Return an expression of Python for bytes: text where they are text in an encoding."""
    if data.isascii():
        return "b" + python_text(data.decode("ascii"))
    text = _as_text(data, encoding)
    if text is None:
        return 'b"' + "".join(map(_byte, data)) + '"'
    return f"{python_text(text)}.encode({'' if encoding == 'utf-8' else python_text(encoding)})"


def go_text(data: bytes) -> str:
    """Return bytes as a string literal of Go, whose strings are UTF-8 or any bytes."""
    text = _as_text(data, "utf-8")
    if text is None:
        return '"' + "".join(map(_byte, data)) + '"'
    return f'"{_escaped(text, _COMMON | {chr(34): chr(92) + chr(34)})}"'


def shell_printf(data: bytes) -> str:
    """Return the format for printf that writes bytes, quoted (POSIX, printf and quoting)."""
    text = _as_text(data, "utf-8")
    special = _COMMON | {"%": "%%", "'": "'\\''"}
    if text is None:
        written = "".join(_octal(byte, special) for byte in data)
    else:
        written = _escaped(text, special, octal=True)
    if written.startswith("-"):  # it would be read as an option
        written = f"\\055{written[1:]}"
    return f"'{written}'"


def shell_word(text: str) -> str:
    """Return a word of the shell that stands for a text."""
    plain = text.isascii() and text.replace("-", "").replace(".", "").replace("_", "").isalnum()
    return text if plain else "'" + text.replace("'", "'\\''") + "'"


def decimal(value: float) -> str:
    """Return a number as all three languages read it, without a power of ten."""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def plus(value: float) -> str:
    """Return what adds a number to an expression; empty: nothing is added."""
    return f" {'-' if value < 0 else '+'} {decimal(abs(value))}" if value else ""


def _as_text(data: bytes, encoding: str) -> str | None:
    """Return the text that bytes are in an encoding; None: they are none that reads as such."""
    try:
        text = data.decode(encoding)
        return text if text.encode(encoding) == data and _is_readable(text) else None
    except UnicodeError:
        return None


def _is_readable(text: str) -> bool:
    return all(char.isprintable() or char in "\n\r\t" or ord(char) < 0x80 for char in text)


def _escaped(text: str, special: Mapping[str, str], *, octal: bool = False) -> str:
    return "".join(
        special.get(char)
        or (char if char.isprintable() else f"\\{ord(char):03o}" if octal else _code(char))
        for char in text
    )


def _code(char: str) -> str:
    """Return a character by its number."""
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _byte(value: int) -> str:
    char = chr(value)
    if value < 0x80 and char.isprintable() and char not in '"\\':
        return char
    return f"\\x{value:02x}"


def _octal(value: int, special: Mapping[str, str]) -> str:
    char = chr(value)
    if value < 0x80:
        return special.get(char) or (char if char.isprintable() else f"\\{value:03o}")
    return f"\\{value:03o}"
