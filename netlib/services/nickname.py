"""Names in a chat room: what may be one, and which two are the same.

A name must not look like a notice of the room, a command, two names, or nothing at all.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from unicodedata import category, normalize

from netlib.text import visible_text

NAME_LIMIT: Final = 20
"""Characters in a name."""

C1: Final = re.compile(rb"\xc2[\x80-\x9f]")
"""Control characters in UTF-8, which some terminals obey as they do ESC; in GBK, rare hanzi."""

_EMBLEMS: Final = "·・"
"""Signs beyond ASCII that stand inside of names: 安娜·卡列尼娜. No others: too many of them look
like * : / or a comma."""

_MISLEADING: Final = re.compile(
    r"[\s*:/,]"  # in the compatible form, so that ＊ ： ／ and wide blanks are in it
    "|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"  # seen as blank
    "|[\u2217\u2721-\u274b]"  # asterisks among the emblems
    "|[\u02d0\ua789]"  # letters that look like a colon
    "|[\U00016fe4\U0001d159\ufffc\ufffd]"  # blank, or in place of what cannot be shown
)
_RESERVED: Final = frozenset({"server", "服务器"})
"""Whoever had such a name could seem to speak for the room."""

_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Scripts with letters that look the same: a name has those of one (as UTS 39, section 5.2)."""

_REFUSED: Final = frozenset({"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm"})
_MARKS: Final = frozenset({"Mn", "Me"})
_MARKS_IN_A_ROW: Final = 2


def is_nickname(name: bytes) -> bool:
    """Tell whether a name can be shown without misleading, in UTF-8 or a double-byte encoding."""
    text = decoded(name)
    return (
        1 <= len(text) <= NAME_LIMIT
        and not C1.search(name)
        and visible_text(text) == text
        and not _MISLEADING.search(text)
        and not _MISLEADING.search(normalize("NFKC", text))
        and not any(map(_is_refused, text))
        and _marks_are_few(text)
        and len(_scripts(text) & _ALIKE) <= 1
        and folded(name) not in _RESERVED
    )


def decodes(data: bytes, encoding: str) -> bool:
    """Tell whether bytes are text in an encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def decoded(name: bytes) -> str:
    """Return a name as text: UTF-8, or else what most others here use."""
    return name.decode("utf-8" if decodes(name, "utf-8") else "gb18030", "replace")


def folded(name: bytes) -> str:
    """Return a name as names are compared: case, width and composition aside (UAX 15)."""
    return normalize("NFKC", normalize("NFKC", decoded(name)).casefold())


def _is_refused(character: str) -> bool:
    kind = category(character)
    if kind[0] in "ZC":
        return True
    return not character.isascii() and kind in _REFUSED and character not in _EMBLEMS


def _scripts(text: str) -> set[str]:
    """Return the scripts of letters, by the first word of their names in Unicode."""
    letters = filter(str.isalpha, normalize("NFKC", text))
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}


def _marks_are_few(text: str) -> bool:
    """Tell whether no mark comes first, and never many of them on one character."""
    row = _MARKS_IN_A_ROW  # as if there had been some: the first may be none
    for character in text:
        row = row + 1 if category(character) in _MARKS else 0
        if row > _MARKS_IN_A_ROW:
            return False
    return True
