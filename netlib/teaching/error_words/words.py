"""The form of a row: what is told of one cause, before it is translated."""

from __future__ import annotations

from typing import Literal

from netlib.errors import Cause, Operation
from netlib.value import NamedTuple

Variant = Literal["", "ours", "windows", "short", "ipv6", "low port", "program", "service"]
"""What else is known, and makes another story of the same cause: the limit was ours, or even short;
the number is Windows'; the address is IPv6; the port is below 1024; who holds the port."""

Key = tuple[Operation | None, Cause, Variant]
"""None: whatever was being done."""


class Words(NamedTuple):
    """English sentences. Places: {where} {host} {port} {seconds} {detail} {service}."""

    what: str
    """What happened; {where} is never its first word, which may be “the peer”."""
    wire: str
    """What crossed the network, or did not; empty: that is not known."""
    reasons: tuple[str, ...]
    """Most likely first."""
    advice: str


Table = dict[Key, Words]
