r"""Bytes to text and back: encodings, hex, and `visible`, the guard of everything that is shown.

Peers send any byte. Before any of it reaches a widget, a title or a terminal it passes `visible` or
`visible_text`: NUL (Tk cuts the string there), other control characters and bytes that do not
decode are written `\xNN`; characters that hide or reorder others are written `<U+202E>`.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from netlib.i18n import _

ENCODINGS: Final = (
    "utf-8",
    "gb18030",
    "gbk",
    "big5",
    "shift_jis",
    "euc-kr",
    "latin-1",
    "ascii",
    "utf-16-le",
    "utf-16-be",
)
"""The encodings offered in menus; any other text encoding Python knows may be typed."""

_SHORT: Final = 2048
_FEW: Final = 16
"""So many LF in a long chunk, and `count` is the quicker way after all."""

EOL: Final[dict[str, bytes]] = {"lf": b"\n", "crlf": b"\r\n", "none": b""}
"""What is sent after a typed line, by the names the command line and the menus use."""

_NOT_ON_A_WIRE: Final = "idna|punycode|undefined|(raw-)?unicode-escape|iso2022.*"
"""Notations, not ways to send characters; and ISO 2022, whose decoder gives up on garbage."""

_BYTE_ORDER: Final = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""Python wants a byte order mark for these; on a stream there is none, so Windows' order it is."""

_HALF_WIDTH: Final = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {
    ord("。"): ".",
    ord("【"): "[",
    ord("】"): "]",
    0x3000: " ",
}

_HEX_BYTE: Final = r"[\s:,-]*(?:0[xX]|\\[xX])?([0-9A-Fa-f]{2})"
_HEX_GAP: Final = r"[\s:,-]*"

_UNSAFE: Final = (
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters
    "\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, bidi
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of pairs, and no characters at all
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # invisible, other planes
    "]"
)
_PRINTABLE_YET_UNSAFE: Final = "[\U000e0100-\U000e01ef]"
"""Variation selectors: of what is unsafe, all that Python calls printable."""
_ESCAPES: Final = {
    chr(code): {9: r"\t", 10: r"\n", 13: r"\r"}.get(code, f"\\x{code:02x}")
    for code in (*range(0x20), *range(0x7F, 0xA0))
}


class Decoder:
    r"""Decode a stream piece by piece: no character is lost where two reads meet.

    Bytes that are not valid in the encoding become `\xNN`. ValueError for an unknown encoding.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = check_encoding(encoding)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("backslashreplace")

    def decode(self, data: bytes, final: bool = False) -> str:
        """Return the characters completed by `data`; `final` also gives what is left over."""
        return self._decoder.decode(data, final)


def check_encoding(name: str) -> str:
    """Return Python's name of a text encoding; ValueError with a sentence for anything else."""
    try:
        found = codecs.lookup(name.strip()).name
        found = _BYTE_ORDER.get(found, found)
        "".encode(found)  # LookupError for codecs between bytes and bytes: hex, base64, rot13
        if not re.fullmatch(_NOT_ON_A_WIRE, found):
            return found
    except (LookupError, ValueError):
        pass
    raise ValueError(_('Unknown encoding "{name}".').format(name=visible_text(name, 40)))


def encode(text: str, encoding: str) -> bytes:
    """Encode what a person typed; ValueError naming the first character the encoding lacks."""
    known = check_encoding(encoding)
    try:
        return text.encode(known)
    except UnicodeEncodeError as error:
        sentence = _('{encoding} has no character "{character}" (character {number}).').format(
            encoding=known, character=visible_text(text[error.start]), number=error.start + 1
        )
        raise ValueError(sentence) from None


def half_width(text: str) -> str:
    """Return `text` with full-width Latin characters, digits and signs as their ASCII twins.

    A Chinese input method easily leaves ：８０８０ or 。 in an address. Positions do not move.
    """
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def parse_hex(text: str) -> bytes:
    r"""Read hexadecimal bytes: `e5b7`, `e5 b7`, `0xe5,0xb7`, `\xe5\xb7`, `e5:b7`, `e5-b7`.

    ValueError with a sentence naming the first place that is not a pair of hexadecimal digits.
    """
    text = half_width(text)
    data = bytearray()
    at = 0
    byte, gap = re.compile(_HEX_BYTE), re.compile(_HEX_GAP)
    while pair := byte.match(text, at):
        data.append(int(pair[1], 16))
        at = pair.end()
    if rest := gap.match(text, at):
        at = rest.end()
    if at == len(text):
        return bytes(data)
    sentence = _('Not hexadecimal at character {number}: "{text}". Write two digits per byte.')
    raise ValueError(sentence.format(number=at + 1, text=visible_text(text[at : at + 8])))


def to_hex(data: bytes) -> str:
    """Return bytes as pairs of hexadecimal digits: `e5 b7 b2`."""
    return data.hex(" ")


def visible(data: bytes | str, encoding: str = "utf-8", limit: int = 4096, *, more: int = 0) -> str:
    r"""Return what may be shown of any bytes or text; never raises for a known encoding.

    Controls are shown as `\n`, `\r`, `\t` or `\xNN`, bytes that do not decode as `\xNN`, invisible
    and reordering characters and lone surrogates as `<U+200B>`. Beyond `limit` bytes the rest is
    counted: `… +12 B`, and `more` that follow and are not at hand. `encoding` is a name that
    `check_encoding` returned.
    """
    if isinstance(data, str):
        return visible_text(data, limit)
    if len(data) + more <= limit:
        return visible_text(data.decode(encoding, "backslashreplace"), None)
    decoder = codecs.getincrementaldecoder(encoding)("backslashreplace")
    shown = decoder.decode(data[:limit])
    unfinished = len(decoder.getstate()[0])  # the first bytes of a character that was cut
    return f"{visible_text(shown, None)}… +{len(data[limit:]) + more + unfinished} B"


def visible_text(text: str, limit: int | None = 4096) -> str:
    """Return what may be shown of decoded text: `visible` with `limit` in characters, or none."""
    if limit is not None and len(text) > limit:
        return f"{visible_text(text[:limit], None)}… +{len(text) - limit}"
    safe = text.isprintable() and (text.isascii() or not re.search(_PRINTABLE_YET_UNSAFE, text))
    return text if safe else re.sub(_UNSAFE, _escape, text)


def harmless_json(text: str) -> str:
    r"""Return a line of JSON with the same value, and what `visible` would not show as `\uXXXX`.

    Such characters stand within strings only (RFC 8259, section 7), each a unit or two of UTF-16.
    """
    if text.isascii() and "\x7f" not in text:  # as most are: bytes are base64
        return text
    return re.sub(_UNSAFE, _escape_for_json, text)


def _escape_for_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"<U+{ord(character):04X}>"


def count_lf(data: bytes) -> int:
    """Return how many LF there are: `count` looks at each byte, `find` at 32 bytes at once."""
    if len(data) < _SHORT:
        return data.count(b"\n")
    found, at = 0, data.find(b"\n")
    while at >= 0:
        found += 1
        if found == _FEW:
            return found + data.count(b"\n", at + 1)
        at = data.find(b"\n", at + 1)
    return found


def in_milliseconds(seconds: float) -> str:
    """Return a duration for a column: `0.34`, `12.3`, `1503`."""
    value = seconds * 1000
    digits = 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}"


def milliseconds(seconds: float) -> str:
    """Return a duration for a sentence: `0.34 ms`, `12.3 ms`, `1503 ms`."""
    return _("{number} ms").format(number=in_milliseconds(seconds))
