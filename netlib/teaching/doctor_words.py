"""What the doctor says of each finding, as data.

Where a sentence rests on a standard its section stands in the comment above; the others are proved
in tests/sockets/test_doctor.py and test_doctor_network.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from netlib.i18n import N_


class Words(NamedTuple):
    """English sentences. Places: what `doctor._known` returns."""

    sentence: str
    advice: str = ""
    failed: bool = False


def _bad(sentence: str, advice: str) -> Words:
    return Words(sentence, advice, failed=True)


_ALLOW_THERE = N_("Allow the server's program in the firewall of that computer.")
_ALLOW_HERE = N_("Look at the firewall of this computer.")
_START = N_("Start the server there, on all interfaces; compare address and port.")
_OTHER_NETWORK = N_(
    "Compare the address; try a cable, or a network without client isolation, such as a hotspot."
)

WORDS: Final[Mapping[str, Words]] = {
    "typed": Words(N_("{name} is an address: there is no name to look up.")),
    "found": Words(N_("{name} is {addresses}.")),
    # RFC 6890, section 2.2.2
    "loopback": Words(N_("{host} is this computer itself (loopback): it leads nowhere else.")),
    "own": Words(N_("{host} is an address of this computer ({interface}).")),
    "own network": Words(N_("{host} is in a network of this computer ({interface}).")),
    # RFC 1918, section 3; RFC 4193, section 3.1
    "private elsewhere": Words(
        N_("{host} is a private address, in none of this computer's networks ({networks}).")
    ),
    "elsewhere": Words(N_("{host} is outside of this computer's networks ({networks}).")),
    "route: own": Words(N_("What is sent there stays in this computer.")),
    "route: direct": Words(N_("Directly over {interface}, from {source}: no router between.")),
    "route: router": Words(N_("Over {interface}, from {source}, through the router {router}.")),
    "route: unknown": Words(N_("There is a route, from {source}; the system tells no more.")),
    "no route": _bad(
        N_("No route to {host}: this computer's networks ({networks}) do not lead there."),
        N_("Check the cable or Wi-Fi, and whether both computers are in the same network."),
    ),
    "connected": Words(N_("Connected to {where}, from {local}.")),
    "other address": _bad(
        N_("On port {port} this computer listens at {listeners} only, not at {host}: refused."),
        N_("Let the server listen on all interfaces, or connect to {listeners}."),
    ),
    "nothing listens": _bad(
        N_("Nothing listens on port {port} of this computer: the connection was refused."),
        N_("Start the server, or compare the port with the server's."),
    ),
    "refused here": _bad(
        N_("Somebody listens on port {port}, but {where} refused: most likely a firewall rejects."),
        _ALLOW_HERE,
    ),
    "refused": _bad(
        N_(
            "{where} refused: most likely nothing listens there, or only at another address such "
            "as 127.0.0.1; or a firewall rejects."
        ),
        _START,
    ),
    "dropped here": _bad(
        N_(
            "No answer within {seconds} s, although {host} is this computer: most likely its "
            "firewall drops the SYN, or the server's accept queue is full."
        ),
        _ALLOW_HERE,
    ),
    "rejected here": _bad(
        N_("A rule of this computer (firewall, routing) rejects connections to {where}."),
        _ALLOW_HERE,
    ),
    "permission": _bad(
        N_("The system said no at once: most likely this program may not use the local network."),
        N_(
            "System Settings, Privacy & Security, Local Network: allow the program, or the "
            "terminal it runs in; then start it again."
        ),
    ),
    # RFC 826; RFC 4861, section 7.2.2
    "isolated": _bad(
        N_(
            "The router {router} answers, but nobody with the address {host} in the same network: "
            "the computer is off or has another address, or the Wi-Fi keeps its clients apart "
            "(client isolation)."
        ),
        _OTHER_NETWORK,
    ),
    "no network": _bad(
        N_(
            "Neither {host} nor the router {router} answers in the own network: most likely this "
            "computer's cable or Wi-Fi is the cause."
        ),
        N_("Check the cable or Wi-Fi of this computer, then try again."),
    ),
    "no neighbour": _bad(
        N_(
            "Nobody with the address {host} answers in the own network: the computer is off or "
            "has another address, or the Wi-Fi keeps its clients apart (client isolation)."
        ),
        _OTHER_NETWORK,
    ),
    # RFC 792: destination unreachable; RFC 1812, section 5.2.7.1: administratively prohibited
    "rejected": _bad(
        N_("{host} answered with an ICMP error: most likely its firewall rejects the connection."),
        _ALLOW_THERE,
    ),
    "dropped": _bad(
        N_(
            "{host} answers in the own network, but not to SYN within {seconds} s: most likely "
            "its firewall drops it."
        ),
        _ALLOW_THERE,
    ),
    "silent neighbour": _bad(
        N_(
            "No answer within {seconds} s, while the router {router} answers: most likely the "
            "firewall of {host} drops the SYN; or it is off, or the Wi-Fi keeps its clients apart."
        ),
        _ALLOW_THERE,
    ),
    "wrong subnet": _bad(
        N_(
            "No way to {host} was found, a private address outside of this computer's networks "
            "({networks}): most likely the two computers are in different networks."
        ),
        N_("Bring both computers into the same Wi-Fi or network; compare their addresses."),
    ),
    "rejected on the way": _bad(
        N_(
            "An ICMP error came back at once: most likely a firewall on the way to {host} rejects "
            "the connection, or a router knows no way there."
        ),
        N_("Check the address; ask who runs the network."),
    ),
    # RFC 1812, section 5.2.7.1: host unreachable
    "unreachable": _bad(
        N_("A router reports that {host} cannot be reached: most likely that computer is off."),
        N_("Check the address, and that the computer is on."),
    ),
    "silence": _bad(
        N_(
            "No answer from {where} within {seconds} s: most likely a firewall drops the SYN, or "
            "the computer is off."
        ),
        N_("Check the address, and the firewall of the other computer."),
    ),
    "silent": Words(
        N_("Connected; it says nothing first. That is no fault: many servers wait to be asked.")
    ),
    "speaks first": Words(N_('It speaks first: "{data}"')),
    "closed": _bad(
        N_("It closed the connection at once, without a byte (FIN)."),
        N_("See what the server says: it may be full, or serve certain addresses only."),
    ),
    "reset": _bad(
        N_("The connection was reset at once (RST)."),
        N_("See what the server says; behind a port forwarding there may be no server."),
    ),
}
"""By the name of the finding, which is the same in all languages."""
