"""A time server that speaks NTP (RFC 5905): its clock is this computer's, perhaps wrong on purpose.

It asks no other server, so it tells the stratum of a reference clock with the name LOCL, "local
clock that nobody has compared" (RFC 4330, section 4), and that its time may be a second wrong.
Only queries are answered, and answers are none: it can be set on no other server.
"""

from __future__ import annotations

from typing import ClassVar, Final

from netlib.address import Endpoint
from netlib.protocols.ntp import Mode, Packet, decode, to_timestamp
from netlib.services.base import Service
from netlib.silence import Silence

STRATUM: Final = 1
REFERENCE_ID: Final = b"LOCL"
PRECISION: Final = -20
"""A microsecond: what clocks of computers are read in."""
ROOT_DISPERSION: Final = 1 << 16
"""One second."""
VERSIONS: Final = range(1, 5)
"""Whose queries have this header; a server answers in the version it is asked in."""


class Ntp(Service):
    """Answer queries with the four timestamps that tell the offset of a clock."""

    name: ClassVar[str] = "ntp"
    silence: ClassVar[Silence] = Silence.NO_QUERY
    answers_queries_only: ClassVar[bool] = True

    def datagram(self, data: bytes, peer: Endpoint) -> bytes | None:
        """Return the reply of a server (mode 4) to the query of a client (mode 3); else None."""
        received = to_timestamp(self.options.now())
        query = decode(data)
        if query is None or query.mode is not Mode.CLIENT or query.version not in VERSIONS:
            return None
        return Packet(
            version=query.version,
            mode=Mode.SERVER,
            stratum=STRATUM,
            poll=query.poll,
            precision=PRECISION,
            root_dispersion=ROOT_DISPERSION,
            reference_id=REFERENCE_ID,
            reference=received,
            origin=query.transmit,
            receive=received,
            transmit=to_timestamp(self.options.now()),
        ).encode()
