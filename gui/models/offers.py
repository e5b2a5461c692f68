"""Which servers of this window somebody may want to connect to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gui.models.backend import Backend, Running
from netlib import LOCAL_HOST, Endpoint, Transport, _
from netlib.value import NamedTuple

_EVERYWHERE = ("0.0.0.0", "::")


class Offer(NamedTuple):
    """A server that runs: what one types to reach it from here, and what it is."""

    address: str
    service: str

    @property
    def words(self) -> str:
        """How it stands in a list."""
        from netlib import SERVICES  # late: not needed for the first picture

        template = _("{address} · {service}, running here")
        return template.format(address=self.address, service=SERVICES[self.service].label())


class Fitting(NamedTuple):
    """Which servers fit: over what, and the services, in groups; an earlier group fits better."""

    transport: Transport
    groups: Sequence[Collection[str]] = ()
    """Empty: all services alike."""


def offers(backend: Backend, fitting: Fitting) -> list[Offer]:
    """Return the servers that fit, those that fit better first."""
    return [offer for group in _grouped(backend, fitting) for offer in group]


def only_offer(backend: Backend, fitting: Fitting) -> str:
    """Return the address of the one server that fits best; empty: there is none, or several."""
    best = next((group for group in _grouped(backend, fitting) if group), [])
    return best[0].address if len(best) == 1 else ""


def _grouped(backend: Backend, fitting: Fitting) -> list[list[Offer]]:
    running = [one for one in backend.running.values() if one.transport is fitting.transport]
    groups = fitting.groups or [{one.service for one in running}]
    return [[_offer(one) for one in running if one.service in group] for group in groups]


def _offer(server: Running) -> Offer:
    local = server.local
    here = local.is_loopback or local.host in _EVERYWHERE
    return Offer(str(Endpoint(LOCAL_HOST, local.port) if here else local), server.service)
