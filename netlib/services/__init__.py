"""The services a server can offer, by name. A new one: a module with a Service, a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from netlib.events import Transport
from netlib.i18n import N_
from netlib.services.acknowledge import Acknowledge
from netlib.services.base import Options, Service
from netlib.services.chat import Chat
from netlib.services.echo import Echo
from netlib.services.time import Time

__all__ = ["SERVICES", "Options", "Service", "ServiceInfo"]


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """What menus and the command line need to know of a service before one is made."""

    name: str
    factory: Callable[[Options], Service]
    transports: tuple[Transport, ...]
    """The usual one first."""
    default_port: int
    description: str
    """One line in English; translate it when it is shown."""


def _web(options: Options) -> Service:
    from netlib.services.web import Web  # only here: nobody else needs h11

    return Web(options)


_TCP: Final = (Transport.TCP,)
_UDP: Final = (Transport.UDP,)

SERVICES: Final[dict[str, ServiceInfo]] = {
    info.name: info
    for info in (
        ServiceInfo(
            "acknowledge",
            Acknowledge,
            _TCP + _UDP,
            8080,
            N_("Every line comes back behind “已接收: ”"),
        ),
        ServiceInfo("echo", Echo, _TCP + _UDP, 8007, N_("Every byte comes back unchanged")),
        ServiceInfo("chat", Chat, _TCP, 8081, N_("A chat room: every line goes to all others")),
        ServiceInfo("time", Time, _UDP, 8123, N_("Any datagram is answered with the time")),
        ServiceInfo("web", _web, _TCP, 8000, N_("A small web page; /echo shows the request")),
    )
}
