"""Why a UDP server does not answer a datagram."""

from __future__ import annotations

from enum import StrEnum


class Silence(StrEnum):
    """Why a datagram got no answer, though it arrived."""

    LOOP = "loop"
    """Its sender may be a server, too: the two could answer each other for ever."""
    LOSS = "loss"
    """The server loses some, to show what loss is."""
    NO_QUERY = "no query"
    """It asks nothing that the server's protocol answers."""
