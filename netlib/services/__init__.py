"""The services a server can offer, by name. A new one: a module with a `Service`, a line here.

A module is imported when its service is first wanted: web, for one, needs h11.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from netlib.events import Transport
from netlib.i18n import N_, _
from netlib.protocols.framing import MAX_MESSAGE
from netlib.services.base import Options, Service
from netlib.value import value

__all__ = ["SERVICES", "Options", "Service", "ServiceInfo"]


@value()
class ServiceInfo:
    """What menus and the command line need to know of a service before one is made."""

    name: str
    """Its own, and that of its module; what the command line calls it."""
    title: str
    """What people call it, in English; translate it when it is shown."""
    kind: str
    """The class in that module."""
    transports: tuple[Transport, ...]
    """The usual one first."""
    default_port: int
    description: str
    """One line in English; translate it when it is shown."""
    max_line: int = MAX_MESSAGE
    """Bytes usually allowed in one line."""
    settings: tuple[str, ...] = ()
    """What of it may be set beside a server's limits: `clock_offset`, `loss`, `seed`."""

    def label(self) -> str:
        """Return its title in the language in use, with the command line's name for it."""
        title = _(self.title)
        if title == self.name:
            return title
        return _("{title} ({name})").format(title=title, name=self.name)

    def make(self, options: Options) -> Service:
        """Return a fresh service."""
        kind: type[Service] = getattr(import_module(f"netlib.services.{self.name}"), self.kind)
        return kind(options)


TCP: Final = (Transport.TCP,)
UDP: Final = (Transport.UDP,)
BOTH: Final = TCP + UDP
CLOCK: Final = ("clock_offset",)

_ALL: Final = (
    ServiceInfo(
        "acknowledge",
        N_("line reply"),
        "Acknowledge",
        BOTH,
        8080,
        N_('Returns each line with the prefix "已接收: "; this reply is not TCP\'s ACK'),
    ),
    ServiceInfo(
        "echo",
        N_("echo"),
        "Echo",
        BOTH,
        8007,
        N_(
            "Returns every byte unchanged; over UDP, the same datagram again within a second only"
            " 4 times in a row"
        ),
    ),
    ServiceInfo(
        "chat",
        N_("chat room"),
        "Chat",
        TCP,
        8081,
        N_("A chat room: every line goes to all others"),
        4096,
    ),
    ServiceInfo(
        "count",
        N_("count"),
        "Count",
        TCP,
        8009,
        N_("Counts what a client sends, and answers after the client's FIN"),
    ),
    ServiceInfo(
        "time",
        N_("time"),
        "Time",
        UDP,
        8123,
        N_("Replies to any datagram with the time"),
        settings=CLOCK,
    ),
    ServiceInfo(
        "ntp",
        N_("NTP time"),
        "Ntp",
        UDP,
        1123,
        N_("Replies to NTP queries (RFC 5905), whose own port is 123; it sets no clock"),
        settings=CLOCK,
    ),
    ServiceInfo(
        "web",
        N_("web"),
        "Web",
        TCP,
        8000,
        N_("A small web page; /echo shows the request as the server parsed it"),
    ),
    ServiceInfo(
        "pinger",
        N_("UDP pinger"),
        "Pinger",
        UDP,
        12000,
        N_("Loses three of ten datagrams on purpose and returns the others in capitals"),
        settings=("loss", "seed"),
    ),
    ServiceInfo(
        "uppercase",
        N_("capitals"),
        "Uppercase",
        BOTH,
        12001,
        N_(
            "Returns everything in capitals (letters of ASCII); over UDP, the same datagram again"
            " within a second only 4 times in a row"
        ),
    ),
    ServiceInfo(
        "words",
        N_("word server"),
        "Words",
        TCP,
        12002,
        N_("Sends 1 to 10 words, each after its length in 2 bytes, and closes"),
        settings=("seed",),
    ),
    ServiceInfo(
        "smtp",
        N_("mail"),
        "Smtp",
        TCP,
        2525,
        N_("Takes a mail typed by hand (SMTP), shows it, never sends it"),
        4096,
    ),
    ServiceInfo(
        "daytime",
        N_("daytime"),
        "Daytime",
        BOTH,
        1313,
        N_("Tells date and time in one line, in UTC (RFC 867), and closes"),
        settings=CLOCK,
    ),
)

SERVICES: Final[dict[str, ServiceInfo]] = {info.name: info for info in _ALL}
