"""What may stand behind an option: text in, value out, or a sentence that says what is wrong.

Everything here is checked before any socket is opened. argparse puts the option's name in front.
"""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from netlib.address import Endpoint, Url, parse_endpoint, parse_port, parse_url
from netlib.i18n import _
from netlib.services import SERVICES
from netlib.text import EOL, check_encoding, parse_hex, visible_text

P = ParamSpec("P")
R = TypeVar("R")

EVERY_INTERFACE: Final = "*"
LONGEST_SECONDS: Final = 10_000_000.0
"""Nearly four months: more than any wait, less than what a clock cannot count."""


def _in_words(parse: Callable[P, R]) -> Callable[P, R]:
    """Hand a ValueError's sentence to argparse, which has its own error for it."""

    @wraps(parse)
    def parse_or_say(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return parse(*args, **kwargs)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return parse_or_say


@_in_words
def address(text: str) -> Endpoint:
    """Read host:port."""
    return parse_endpoint(text)


@_in_words
def url(text: str) -> Url:
    """Read an http address."""
    found = parse_url(text)
    if found.scheme == "https":
        raise ValueError(_("https needs TLS, which this version does not speak yet; use http."))
    return found


@_in_words
def listening_host(text: str) -> str:
    """Read an interface's address or name; * is every interface."""
    if text.strip() == EVERY_INTERFACE:
        return EVERY_INTERFACE
    if not text.strip():
        raise ValueError(_("It may not be empty; write * for every interface."))
    endpoint = parse_endpoint(text, 0, listening=True)
    if endpoint.port:
        raise ValueError(_("No port belongs here; it has an option of its own: --port."))
    return endpoint.host


@_in_words
def listening_port(text: str) -> int:
    """Read a port to listen on; 0: the system chooses."""
    return parse_port(text, listening=True)


@_in_words
def service(text: str) -> str:
    """Read the name of a service."""
    if text not in SERVICES:
        sentence = _("Unknown service “%(name)s”; there are: %(known)s.")
        told = {"name": visible_text(text, 40), "known": ", ".join(SERVICES)}
        raise ValueError(sentence % told)
    return text


@_in_words
def encoding(text: str) -> str:
    """Read the name of a text encoding."""
    return check_encoding(text)


@_in_words
def line_ending(text: str) -> str:
    """Read the name of a line ending."""
    if text not in EOL:
        raise ValueError(
            _("Unknown line ending; there are: %(known)s.") % {"known": ", ".join(EOL)}
        )
    return text


@_in_words
def seconds(text: str) -> float:
    """Read a time in seconds, 0 or more."""
    return _number(text)


@_in_words
def some_seconds(text: str) -> float:
    """Read a time in seconds, more than 0."""
    value = _number(text)
    if not value:
        raise ValueError(_("It must be more than 0 seconds."))
    return value


@_in_words
def positive(text: str) -> int:
    """Read a whole number, 1 or more."""
    if not (text.isascii() and text.isdigit() and text.strip("0") and len(text) <= 12):
        sentence = _("“%(text)s” is not a whole number from 1 upwards.")
        raise ValueError(sentence % {"text": visible_text(text, 40)})
    return int(text)


@_in_words
def hex_bytes(text: str) -> bytes:
    """Read bytes written in hexadecimal, at least one."""
    if data := parse_hex(text):
        return data
    raise ValueError(_("There are no bytes in it; write two hexadecimal digits a byte."))


@_in_words
def not_empty(text: str) -> str:
    """Read a text that may not be empty, nor have a second line."""
    if not text.strip() or "\n" in text or "\r" in text:
        raise ValueError(_("It must be one line, and may not be empty."))
    return text


@_in_words
def file_name(text: str) -> str:
    """Read the name of a file; whether it can be opened is seen later."""
    if not text.strip() or "\0" in text:
        raise ValueError(_("The name of the file is missing."))
    return text


@_in_words
def header(text: str) -> tuple[str, str]:
    """Read `Name: value`."""
    name, colon, value = text.partition(":")
    if not colon:
        sentence = _("“%(text)s” is no header; write it as 'Name: value'.")
        raise ValueError(sentence % {"text": visible_text(text, 60)})
    return name, value


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= LONGEST_SECONDS:
        sentence = _("“%(text)s” is not a time in seconds, 0 or more.")
        raise ValueError(sentence % {"text": visible_text(text, 40)})
    return value
