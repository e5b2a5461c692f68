"""Which parts of a program in Python have a colour of their own."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator
from typing import Literal

from netlib.value import NamedTuple

Kind = Literal["keyword", "string", "number", "comment"]


class Part(NamedTuple):
    """Some characters of one line, or of several."""

    kind: Kind
    begin: tuple[int, int]
    """Line, from 1, and column, from 0."""
    end: tuple[int, int]


def python_parts(program: str) -> Iterator[Part]:
    """Yield the parts in order. A program that is none has fewer of them."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(program).readline):
            kind = _kind(token)
            if kind is not None:
                yield Part(kind, token.start, token.end)
    except (tokenize.TokenError, SyntaxError):
        return


def _kind(token: tokenize.TokenInfo) -> Kind | None:
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "keyword"
    if token.type == tokenize.COMMENT:
        return "comment"
    if token.type == tokenize.NUMBER:
        return "number"
    # From Python 3.12 on a formatted string comes in pieces: FSTRING_START, …
    return "string" if "STRING" in tokenize.tok_name[token.type] else None
