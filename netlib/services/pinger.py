"""The UDP pinger of the textbooks: some datagrams are lost, the others come back in capitals.

What is lost is decided by chance that begins with a seed, whoever asks: with the same one, the same
pings are lost after every start, counted from the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.protocols.impairment import ImpairedDirection, Impairment
from netlib.services.base import Options, Service, unless_repeated
from netlib.silence import Silence

REPEATS: Final = 200
"""As in `base`, but more: what is lost ends an exchange, and the same ping ten times a second must
not seem lost more often than it is."""


class Pinger(Service):
    """Answer pings, but for those that are lost."""

    name: ClassVar[str] = "pinger"
    silence: ClassVar[Silence] = Silence.LOSS

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._network = ImpairedDirection(Impairment(loss=options.loss), options.seed)

    def answer_to(self, peer: Endpoint) -> Callable[[bytes, Endpoint], bytes | None]:
        """Return what answers the pings of a peer, or loses them."""
        return unless_repeated(self._ponged, self.options.now, REPEATS)

    def _ponged(self, data: bytes) -> bytes | None:
        return data.upper() if self._network.fate(0.0, len(data)) else None
