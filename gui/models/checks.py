"""What a field accepts: each check gives a translated sentence saying what is wrong, or None."""

from __future__ import annotations

from collections.abc import Callable

from netlib import check_encoding, parse_endpoint, parse_port, parse_url


def _complaint(read: Callable[[str], object], text: str) -> str | None:
    try:
        read(text)
    except ValueError as wrong:
        return str(wrong)
    return None


def address(text: str) -> str | None:
    """An address with its port."""
    return _complaint(parse_endpoint, text)


def address_or_url(text: str) -> str | None:
    """An address with its port, or a URL."""
    return _complaint(parse_url if "//" in text else parse_endpoint, text)


def listening_port(text: str) -> str | None:
    """A port to listen on; 0 lets the system choose."""
    return _complaint(lambda typed: parse_port(typed, listening=True), text)


def encoding(text: str) -> str | None:
    """The name of a text encoding."""
    return _complaint(check_encoding, text)
