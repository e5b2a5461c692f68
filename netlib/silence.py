"""Why a server is silent: why a datagram is not answered, and what a message still lacks."""

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
    NO_PORT = "no port"
    """Its source port is 0: no answer is wanted, nor can one be sent (RFC 768)."""
    NOT_SENT = "not sent"
    """The system did not take the answer; `Failed` says why, once a second at most."""


class Awaited(StrEnum):
    """What would complete a message that has begun."""

    LINE_END = "line end"  # LF
    HEADER_END = "header end"
    """The empty line after the header (RFC 9112, section 2.1)."""
    BODY_END = "body end"
    """The rest of the body that the header announced (RFC 9112, section 6)."""
    MAIL_END = "mail end"
    """The line that holds a single dot (RFC 5321, section 4.5.2)."""
