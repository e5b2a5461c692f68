"""Looking a name up, and connecting."""

from __future__ import annotations

from typing import Final

from netlib.errors import Cause, Operation
from netlib.i18n import N_
from netlib.teaching.error_words.words import Table, Words

_RESOLVE, _CONNECT = Operation.RESOLVE, Operation.CONNECT

_ALLOW = N_("Check the address, and allow the server in the firewall of the other computer.")
_IP_INSTEAD = N_("Check the network, or type the IP address instead.")
_NOTHING_LEFT = N_("Nothing left this computer.")
_LOST_IN_SILENCE = (
    N_("The computer is off, or the address belongs to nobody."),
    N_("A firewall drops our segments silently."),
    N_("The server is too busy to accept: its accept queue is full."),
)

TABLE: Final[Table] = {
    (None, Cause.NAME_NOT_FOUND, ""): Words(
        N_("No host with that name was found: {host}."),
        # RFC 1035, section 4.2: port 53; RFC 2308, section 2.1: NXDOMAIN
        N_(
            "Nothing went to the server itself: its address was looked for in the hosts file and "
            "asked of the DNS server (UDP port 53). The result: there is no such name."
        ),
        (
            N_("The name is misspelt."),
            N_("The name is known only in another network, such as the school's own."),
        ),
        N_("Check the spelling, or type the IP address instead."),
    ),
    (None, Cause.NO_ADDRESS_OF_FAMILY, ""): Words(
        # RFC 2308, section 2.2: NODATA
        N_("The name exists, but has no address of the wanted kind: {host}."),
        N_("The DNS answer held no such record (A: IPv4, AAAA: IPv6)."),
        (
            N_("The name has addresses of the other IP version only."),
            N_("The name stands for a whole domain, not for a computer."),
        ),
        N_("Choose automatic as IP version, or try www. in front of the name."),
    ),
    (None, Cause.NAME_LOOKUP_FAILED, ""): Words(
        N_("The name could not be looked up: {host}."),
        N_("No usable answer came from the DNS server (UDP port 53)."),
        (
            N_("There is no network, or this computer has a wrong address of the DNS server."),
            N_("The DNS server does not answer, or answers with an error (SERVFAIL)."),
        ),
        _IP_INSTEAD,
    ),
    (_RESOLVE, Cause.TIMED_OUT, ""): Words(
        N_("The name lookup got no answer in time: {host}."),
        N_("No answer came from the DNS server (UDP port 53)."),
        (
            N_("There is no network, or this computer has a wrong address of the DNS server."),
            N_("A firewall drops what goes to port 53."),
        ),
        _IP_INSTEAD,
    ),
    (_RESOLVE, Cause.TIMED_OUT, "ours"): Words(
        N_("The name lookup got no answer within {seconds} s, our limit: {host}."),
        N_("No answer came from the DNS server (UDP port 53)."),
        (
            N_("There is no network, or this computer has a wrong address of the DNS server."),
            N_("A firewall drops what goes to port 53."),
        ),
        _IP_INSTEAD,
    ),
    (None, Cause.REFUSED, ""): Words(
        N_("Connection refused by {where}."),
        # RFC 9293, sections 3.5.2 and 3.10.7.1
        N_('SYN was sent; RST came back (from a firewall also ICMP "port unreachable").'),
        (
            N_("The server is not running."),
            N_("It listens on another address (on localhost only?) or port."),
            N_("A firewall rejects the connection."),
        ),
        N_("Start the server, on all interfaces for other computers; compare address and port."),
    ),
    (None, Cause.REFUSED, "windows"): Words(
        N_("Connection refused by {where}."),
        N_("SYN was sent; RST came back. Windows tries again and says so after about 2 s."),
        (
            N_("The server is not running."),
            N_("It listens on another address (on localhost only?) or port."),
            N_("Its accept queue is full, or a firewall rejects the connection."),
        ),
        N_("Start the server, on all interfaces for other computers; compare address and port."),
    ),
    (_CONNECT, Cause.TIMED_OUT, ""): Words(
        N_("No answer from {where}: the system gave up."),
        # RFC 9293, section 3.8.3; RFC 6298, section 5
        N_("The SYN was repeated, at ever longer intervals. No SYN-ACK, RST or ICMP error came."),
        _LOST_IN_SILENCE,
        _ALLOW,
    ),
    (_CONNECT, Cause.TIMED_OUT, "ours"): Words(
        N_("No answer from {where} within {seconds} s (our limit)."),
        # RFC 6298, section 5: after 1 s, then doubled. Linux since 6.5 (tcp_syn_linear_timeouts)
        # repeats it four times after 1 s each. RFC 1122, section 2.3.2: no SYN before ARP's answer
        N_(
            "No SYN-ACK, RST or ICMP error came. SYN is repeated, first after 1 s; Linux itself "
            "would go on for about 130 s. In the own network ARP comes before SYN."
        ),
        _LOST_IN_SILENCE,
        _ALLOW,
    ),
    (_CONNECT, Cause.TIMED_OUT, "short"): Words(
        N_("No answer from {where} within {seconds} s (our limit)."),
        N_("No SYN-ACK, RST or ICMP error came. SYN is repeated, first after 1 s."),
        (
            *_LOST_IN_SILENCE,
            N_("Windows tells of a refusal only after about 2 s: a shorter limit hides it."),
        ),
        N_("Allow 5 s. Check the address, and the firewall of the other computer."),
    ),
    (None, Cause.NO_ROUTE, ""): Words(
        N_("No route to {where}: that computer cannot be reached."),
        # RFC 1122, section 2.3.2.1: ARP fails; RFC 792: host unreachable
        N_("ARP got no answer in the own network, or an ICMP error came from a router."),
        (
            N_("No computer with this address is switched on in the own network."),
            N_("The Wi-Fi keeps its clients apart (client isolation)."),
            N_("A firewall rejects, or a router knows no way there."),
        ),
        N_("Check the address and that the computer is on; try another Wi-Fi or a cable."),
    ),
    (None, Cause.UNREACHABLE, ""): Words(
        N_("The network is unreachable: no route to {where}."),
        N_("Nothing left this computer, or a router answered with an ICMP error."),
        (
            N_("This computer has no network."),
            N_("It has none for this IP version (IPv4, IPv6)."),
        ),
        N_(
            "Check the cable or Wi-Fi. Without a network only this computer's own addresses work,"
            " such as 127.0.0.1 and ::1."
        ),
    ),
    (None, Cause.UNREACHABLE, "ipv6"): Words(
        N_("The network is unreachable: no route to {where}."),
        N_("Nothing left this computer, or a router answered with an ICMP error."),
        (
            N_("This network, or this computer, has no IPv6."),
            N_("This computer has no network at all."),
        ),
        N_("Use the IPv4 address; else check the cable or Wi-Fi."),
    ),
    (None, Cause.NETWORK_DOWN, ""): Words(
        N_("The network is down: no way to {where}."),
        _NOTHING_LEFT,
        (N_("The network interface is switched off or has lost its link."),),
        N_("Check the cable or Wi-Fi, then try again."),
    ),
    # RFC 9293, section 3.9.1.1, MUST-46
    (None, Cause.NOT_UNICAST, ""): Words(
        N_("TCP cannot connect to {where}: it is a broadcast or multicast address."),
        _NOTHING_LEFT,
        (N_("A TCP connection has exactly two ends; this address stands for many computers."),),
        N_("Type the address of one computer."),
    ),
    # RFC 1122, section 3.2.1.3 (a)
    (None, Cause.UNSPECIFIED, ""): Words(
        N_("Nobody can connect to {where}: that address is for listening."),
        _NOTHING_LEFT,
        (
            N_('0.0.0.0 and :: mean "all interfaces of this computer" to a server.'),
            N_("The name is blocked: a hosts file or DNS filter gives it this address."),
        ),
        N_("Connect to 127.0.0.1 on this computer, else to an address of the server."),
    ),
    # socket(7): SO_BROADCAST; ip-route(8): prohibit
    (None, Cause.BROADCAST, ""): Words(
        N_("The system does not let us send to {where}."),
        _NOTHING_LEFT,
        (
            N_(
                "It is a broadcast address, for all computers of a network at once: that needs "
                "SO_BROADCAST, which this program does not set."
            ),
            N_('A rule of this computer forbids it (firewall, "prohibit" route).'),
        ),
        N_("Use the address of one computer."),
    ),
    (None, Cause.PERMISSION, ""): Words(
        N_("The system does not allow it: {where}."),
        _NOTHING_LEFT,
        (N_("A rule of this computer forbids it: firewall, security software, routing."),),
        N_("Allow the program in the firewall of this computer."),
    ),
    (None, Cause.ADDRESS_NOT_AVAILABLE, ""): Words(
        N_("This computer has no address from which {where} can be reached."),
        _NOTHING_LEFT,
        (
            N_("IPv6 is switched off on this computer."),
            N_("All local ports are taken."),
        ),
        N_("Try the IPv4 address, or wait a minute."),
    ),
    (None, Cause.ADDRESS_NOT_AVAILABLE, "windows"): Words(
        N_("The address is not one to connect to: {where}."),
        _NOTHING_LEFT,
        (
            N_("It stands for no computer, as 0.0.0.0 does."),
            N_("IPv6 is switched off on this computer."),
        ),
        N_("Check the address; on this computer use 127.0.0.1."),
    ),
    # RFC 9293, sections 3.4.1 (four numbers name a connection) and 3.6.1 (MUST-13: TIME-WAIT)
    (None, Cause.NO_PORTS, ""): Words(
        N_("No free local port to reach {where}."),
        N_("Nothing left this computer: each connection to that port needs a local port."),
        (
            N_("Many connections to the same address and port are open."),
            N_(
                "This end closed many of them first: their ports stay in TIME_WAIT for a while "
                "(on Linux 60 s)."
            ),
        ),
        N_("Wait a minute, or open fewer connections; another port of the server works at once."),
    ),
    (None, Cause.FAMILY_NOT_SUPPORTED, ""): Words(
        N_("This kind of address cannot be used here: {where}."),
        _NOTHING_LEFT,
        (N_("IPv6 is switched off on this computer, or was left out of its system."),),
        N_("Choose automatic, or the other of IPv4 and IPv6."),
    ),
    # ip-route(8): blackhole; RFC 4007, section 11: the zone of a link-local address
    (None, Cause.INVALID, ""): Words(
        N_("The system takes this for an invalid request: {where}."),
        _NOTHING_LEFT,
        (
            N_("A link-local address (fe80::…) needs its interface, as in fe80::1%eth0."),
            N_('A route of this computer throws away all that goes there ("blackhole").'),
        ),
        N_("Check the address, and what the routing table of this computer says about it."),
    ),
    # RFC 3493, section 6.1: EAI_SERVICE, EAI_SOCKTYPE, EAI_BADFLAGS
    (_RESOLVE, Cause.INVALID, ""): Words(
        N_("The system takes this for an invalid name lookup: {host}."),
        _NOTHING_LEFT,
        (N_("It does not know the port, or has none of that name for this kind of socket."),),
        N_("Check the spelling, and write the port as a number."),
    ),
}
