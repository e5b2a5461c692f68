"""What the clients of textbooks send to the services that textbooks use, as saved messages."""

from __future__ import annotations

from typing import Final

from gui.models.saved_messages import SavedMessage
from gui.models.typed import Eol, Mode, Typed
from netlib import N_, SERVICES, _

_NTP_QUERY: Final = "23" + "00" * 47
"""Version 4, mode 3 (client), and nothing else (RFC 5905, section 7.3)."""
_MAIL: Final[tuple[tuple[str, str], ...]] = (
    (N_("Mail 1: who I am"), "HELO student.example"),
    (N_("Mail 2: from whom"), "MAIL FROM:<ada@example.org>"),
    (N_("Mail 3: to whom"), "RCPT TO:<bob@example.org>"),
    (N_("Mail 4: the text follows"), "DATA"),
    (N_("Mail 5: a line of text"), "Dear Bob, I typed this mail by hand."),
    (N_("Mail 6: the end of the text"), "."),
    (N_("Mail 7: that is all"), "QUIT"),
)
"""RFC 5321, appendix D.1; each line is answered but the fifth."""
_OTHERS: Final[tuple[tuple[str, str, str, str, Mode, Eol, float], ...]] = (
    (N_("Ping, once a second"), "udp", "pinger", "ping", "text", "none", 1.0),
    (N_("Capitals, please (TCP)"), "tcp", "uppercase", "hello, world", "text", "none", 0.0),
    (N_("Capitals, please (UDP)"), "udp", "uppercase", "hello, world", "text", "none", 0.0),
    (N_("What time is it? (daytime)"), "udp", "daytime", "?", "text", "lf", 0.0),
    (N_("What time is it? (NTP)"), "udp", "ntp", _NTP_QUERY, "hex", "lf", 0.0),
)


def textbook_messages() -> list[SavedMessage]:
    """Return them, named in the language in use; each for a service on this computer."""
    others = [
        SavedMessage(
            name=_(name),
            target=_target(transport, service),
            typed=Typed(text, mode, eol),
            every=every,
        )
        for name, transport, service, text, mode, eol, every in _OTHERS
    ]
    to = _target("tcp", "smtp")
    mail = [
        SavedMessage(name=_(name), target=to, typed=Typed(text, eol="crlf")) for name, text in _MAIL
    ]
    return others + mail


def _target(transport: str, service: str) -> str:
    return f"{transport} localhost:{SERVICES[service].default_port}"
