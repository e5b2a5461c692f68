"""What may stand behind an option: text in, value out, or a sentence that says what is wrong.

Checked before any socket is opened; argparse puts the option's name in front. What only one command
takes stands in its own file.
"""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from netlib import Endpoint, _, check_encoding, parse_endpoint, parse_hex, visible_text

_UNITS: Final = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}

CASE: Final = "case:"
"""What precedes the name of a recorded case where a recording may stand."""

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_SECONDS: Final = 10_000_000.0
"""Nearly four months: more than any wait, less than what a clock cannot count."""

FURTHEST_SECONDS: Final = 1e10
"""Three centuries: no clock need be further ahead."""


def argument_type(parse: Callable[P, R]) -> Callable[P, R]:
    """Let a function be the `type` of an argument: argparse has its own error for a wrong value."""

    @wraps(parse)
    def parse_or_say(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return parse(*args, **kwargs)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return parse_or_say


@argument_type
def address(text: str) -> Endpoint:
    """Read host:port."""
    return parse_endpoint(text)


@argument_type
def encoding(text: str) -> str:
    """Read the name of a text encoding."""
    return check_encoding(text)


@argument_type
def seconds(text: str) -> float:
    """Read a time in seconds, 0 or more."""
    return _number(text)


@argument_type
def some_seconds(text: str) -> float:
    """Read a time in seconds, more than 0."""
    value = _number(text)
    if not value:
        raise ValueError(_("It must be more than 0 seconds."))
    return value


@argument_type
def offset(text: str) -> float:
    """Read by how many seconds a clock is ahead; negative: behind."""
    value = _float(text)
    if not abs(value) <= FURTHEST_SECONDS:
        sentence = _('"{text}" is not a number of seconds from −{most} to {most}.')
        raise ValueError(
            sentence.format(text=visible_text(text, 40), most=f"{FURTHEST_SECONDS:.0f}")
        )
    return value


@argument_type
def probability(text: str) -> float:
    """Read a number from 0 to 1."""
    value = _float(text)
    if not 0 <= value <= 1:
        sentence = _('"{text}" is not a number from 0 to 1.')
        raise ValueError(sentence.format(text=visible_text(text, 40)))
    return value


@argument_type
def positive(text: str) -> int:
    """Read a whole number, 1 or more."""
    if not (text.isascii() and text.isdigit() and text.strip("0") and len(text) <= 12):
        sentence = _('"{text}" is not a whole number from 1 upwards.')
        raise ValueError(sentence.format(text=visible_text(text, 40)))
    return int(text)


@argument_type
def whole(text: str) -> int:
    """Read a whole number, 0 or more."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        sentence = _('"{text}" is not a whole number from 0 upwards.')
        raise ValueError(sentence.format(text=visible_text(text, 40)))
    return int(text)


@argument_type
def size(text: str) -> int:
    """Read a number of bytes, 1 or more; K, M or G behind it counts in steps of 1,024."""
    number, unit = text[:-1], _UNITS.get(text[-1:].upper())
    return positive(text) if unit is None else positive(number) * unit


@argument_type
def hex_bytes(text: str) -> bytes:
    """Read bytes written in hexadecimal, at least one."""
    if data := parse_hex(text):
        return data
    raise ValueError(_("There are no bytes in it; write two hexadecimal digits per byte."))


@argument_type
def not_empty(text: str) -> str:
    """Read a text that may not be empty, nor have a second line."""
    if not text.strip() or "\n" in text or "\r" in text:
        raise ValueError(_("It must be one line, and may not be empty."))
    return text


@argument_type
def file_name(text: str) -> str:
    """Read the name of a file; whether it can be opened is seen later."""
    if not text.strip() or "\0" in text:
        raise ValueError(_("The name of the file is missing."))
    return text


@argument_type
def recording(text: str) -> str:
    """Read the name of a recording: of a file, or case:NAME, one that comes with the program."""
    name = text.removeprefix(CASE)
    if name == text:
        return file_name(text)
    from netlib.teaching.cases import find_case  # every other start would read all their words

    return str(find_case(name).path)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _number(text: str) -> float:
    value = _float(text)
    if not 0 <= value <= LONGEST_SECONDS:
        sentence = _('"{text}" is not a time in seconds, 0 or more.')
        raise ValueError(sentence.format(text=visible_text(text, 40)))
    return value
