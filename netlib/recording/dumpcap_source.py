"""Packets that dumpcap captures, read from what it writes."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from netlib.i18n import _
from netlib.protocols.pcapng import PcapngReader
from netlib.system.logger import Logger
from netlib.system.packet_socket import Packet

if TYPE_CHECKING:
    from netlib.system.dumpcap import Dumpcap

log = Logger(__name__)

MOST_BYTES: Final = 1 << 20
"""Of what it writes so much is read at once: some ten thousand short packets."""


class DumpcapSource:
    """What a dumpcap has captured, in pieces; for one thread."""

    name = "dumpcap"

    def __init__(self, dumpcap: Dumpcap) -> None:
        self._dumpcap = dumpcap
        self._reader = PcapngReader()
        self._told = 0
        self.close = dumpcap.close

    @property
    def begun(self) -> bool:
        """Whether it captures."""
        return bool(self._reader.interfaces)

    def take(self, most: int) -> tuple[list[Packet], int]:
        """Return the first of what has come, and how many others were missed.

        Raises OSError: it has ended, and why.
        """
        try:
            packets = self._reader.feed(self._dumpcap.read(MOST_BYTES))
        except ValueError as error:
            log.warning("dumpcap wrote no pcapng: %s", error)
            raise OSError(errno.EINVAL, _("what it writes cannot be read")) from error
        missed = self._reader.missed - self._told
        self._told += missed
        left = max(0, len(packets) - most)
        return [Packet(*packet) for packet in packets[:most]], missed + left
