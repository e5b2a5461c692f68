"""A word server, as in Beej's course: some words, each behind its length in two bytes, then FIN.

The length is in bytes, most significant first, and some words have fewer characters than bytes: who
takes what one receive brings for a word, or counts characters, reads nonsense.
"""

from __future__ import annotations

from random import Random
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.framing import Framing
from netlib.protocols.handler import Handler
from netlib.services.base import Options, Service

WORDS: Final = (
    *("accept", "bind", "byte", "café", "client", "datagram", "Ethernet", "handshake", "listen"),
    *(
        "naïve",
        "packet",
        "port",
        "router",
        "server",
        "socket",
        "stream",
        "Straße",
        "套接字",
        "网络",
    ),
)
MOST: Final = 10
"""Words for one client; there is at least one."""

_FRAMING: Final = Framing(prefix=2)


class WordsHandler(Handler):
    """Says its words at once and closes; what is said to it is not read."""

    __slots__ = ("_data",)

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self._data = b"".join(_FRAMING.frame(word.encode()) for word in words)

    def opened(self) -> bytes:
        """Return all words (UTF-8), each behind its length."""
        self.close_reason = CloseReason.BY_US
        return self._data


class Words(Service):
    """Send every client some words."""

    name: ClassVar[str] = "words"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._random = Random(options.seed)

    def handler(self, peer: Endpoint) -> Handler:
        """Return a handler with words that chance has chosen."""
        return WordsHandler(self._random.choices(WORDS, k=self._random.randint(1, MOST)))
