"""What the doctor says of each finding, as data.

Where a sentence rests on a standard its section stands in the comment above; the others are proved
in tests/sockets/test_activities_doctor.py and test_evidence.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netlib.i18n import N_
from netlib.value import NamedTuple


class Words(NamedTuple):
    """English sentences. Places: what `doctor._known` returns."""

    sentence: str
    advice: str = ""
    """What to try; none: nothing need be, the step went well."""


_ALLOW_THERE = N_("Allow the server's program in the firewall of that computer.")
_ALLOW_HERE = N_("Look at the firewall of this computer.")
_OTHER_NETWORK = N_(
    "Compare the address; try a cable, or a network without client isolation, such as a hotspot."
)
_SERVER_KNOWS = N_("See what the server says: it may be full, or serve certain addresses only.")

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
    "address": Words(N_("{host} is the address to connect to.")),
    "route: own": Words(N_("What is sent there stays in this computer.")),
    "route: direct": Words(N_("Directly over {interface}, from {source}: no router between.")),
    "route: router": Words(N_("Over {interface}, from {source}, through the router {router}.")),
    "route: unknown": Words(N_("There is a route, from {source}; the system tells no more.")),
    "no route": Words(
        N_("No route to {host}: this computer's networks ({networks}) do not lead there."),
        N_("Check the cable or Wi-Fi, and whether both computers are in the same network."),
    ),
    "connected": Words(N_("Connected to {peer}, from {local}.")),
    "other address": Words(
        N_("On port {port} this computer listens at {listeners} only, not at {host}: refused."),
        N_("Let the server listen on all interfaces, or connect to {listeners}."),
    ),
    # RFC 3493, section 5.3: IPV6_V6ONLY
    "IPv6 alone": Words(
        N_(
            "On port {port} this computer listens at {listeners}, but {host} was refused: most "
            "likely that server takes IPv6 only; or a firewall rejects."
        ),
        N_("Connect to [::1]:{port}, or let the server listen at 0.0.0.0 too."),
    ),
    "nothing listens": Words(
        N_("Nothing listens on port {port} of this computer: the connection was refused."),
        N_("Start the server, or compare the port with the server's."),
    ),
    "refused here": Words(
        N_("Somebody listens on port {port}, but {where} refused: most likely a firewall rejects."),
        _ALLOW_HERE,
    ),
    "refused": Words(
        N_(
            "{where} refused: most likely nothing listens there, or only at another address such "
            "as 127.0.0.1; or a firewall rejects."
        ),
        N_("Start the server there, on all interfaces; compare address and port."),
    ),
    "dropped here": Words(
        N_(
            "No answer within {seconds} s, although {host} is this computer: most likely its "
            "firewall drops the SYN, or the server's accept queue is full."
        ),
        _ALLOW_HERE,
    ),
    "rejected here": Words(
        N_("A rule of this computer (firewall, routing) rejects connections to {where}."),
        _ALLOW_HERE,
    ),
    # RFC 4443, section 3.1, code 1; icmp(7): Linux tells of it as EACCES
    "forbidden": Words(
        N_(
            "The connection to {where} is forbidden: most likely a firewall rejects it, there, on "
            "the way (ICMPv6: administratively prohibited) or on this computer."
        ),
        N_("Look at the firewall of both computers; ask who runs the network."),
    ),
    "permission": Words(
        N_("The system said no at once: most likely this program may not use the local network."),
        N_(
            "System Settings, Privacy & Security, Local Network: allow the program, or the "
            "terminal it runs in; then start it again."
        ),
    ),
    # RFC 826; RFC 4861, section 7.2.2
    "isolated": Words(
        N_(
            "The router {router} answers, but nobody with the address {host} in the same network: "
            "the computer is off or has another address, or the Wi-Fi keeps its clients apart "
            "(client isolation)."
        ),
        _OTHER_NETWORK,
    ),
    "no network": Words(
        N_(
            "Neither {host} nor the router {router} answers in the own network: most likely this "
            "computer's cable or Wi-Fi is the cause."
        ),
        N_("Check the cable or Wi-Fi of this computer, then try again."),
    ),
    "no neighbour": Words(
        N_(
            "Nobody with the address {host} answers in the own network: the computer is off or "
            "has another address, or the Wi-Fi keeps its clients apart (client isolation)."
        ),
        _OTHER_NETWORK,
    ),
    # RFC 792: destination unreachable; RFC 1812, section 5.2.7.1: administratively prohibited
    "rejected": Words(
        N_("An ICMP error came back: most likely the firewall of {host} rejects the connection."),
        _ALLOW_THERE,
    ),
    "dropped": Words(
        N_(
            "{host} answers in the own network, but not to SYN within {seconds} s: most likely "
            "its firewall drops it."
        ),
        _ALLOW_THERE,
    ),
    "silent neighbour": Words(
        N_(
            "No answer within {seconds} s, while the router {router} answers: most likely the "
            "firewall of {host} drops the SYN; or it is off, or the Wi-Fi keeps its clients apart."
        ),
        _ALLOW_THERE,
    ),
    "no router": Words(
        N_(
            "The router {router}, through which {host} is reached, does not answer in the own "
            "network: most likely the cable or Wi-Fi is the cause, or a wrong router address."
        ),
        N_("Check the cable or Wi-Fi of this computer, and the address of its router."),
    ),
    "wrong subnet": Words(
        N_(
            "No way to {host} was found, a private address outside of this computer's networks "
            "({networks}): most likely the two computers are in different networks; or a firewall "
            "stands between."
        ),
        N_("Bring both computers into the same Wi-Fi or network; compare their addresses."),
    ),
    "rejected on the way": Words(
        N_(
            "An ICMP error came back at once: most likely a firewall on the way to {host} rejects "
            "the connection, or a router knows no way there."
        ),
        N_("Check the address; ask who runs the network."),
    ),
    # RFC 1812, section 5.2.7.1: host unreachable
    "unreachable": Words(
        N_("{host} cannot be reached, a router reports: most likely that computer is off."),
        N_("Check the address, and that the computer is on."),
    ),
    "silence": Words(
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
    "closed": Words(
        N_("It closed the connection at once, without a byte (FIN)."),
        _SERVER_KNOWS,
    ),
    "reset": Words(
        N_("The connection was reset at once (RST)."),
        _SERVER_KNOWS,
    ),
}
"""By the name of the finding, which is the same in all languages."""
