"""What happens on a connection, or to a datagram."""

from __future__ import annotations

from typing import Final

from netlib.errors import Cause, Operation
from netlib.i18n import N_
from netlib.teaching.error_words.words import Table, Words

_DOES_NOT_READ = (
    N_("Its program runs, but does not read: its buffer is full, its window 0."),
    N_("The path is broken, so that its ACKs do not come back."),
)
_LET_IT_READ = N_("Let the peer read, or allow a longer write timeout.")
_NO_DATA = (
    N_("The peer has nothing to say, or waits for the end of our line (LF)."),
    N_("UDP: our datagram or the reply was lost."),
)
_NOTHING_LEFT = N_("Nothing left this computer.")
_LOOK_AT_WHAT_WAS_SENT = N_("Check what was sent, line ending included, or wait longer.")

TABLE: Final[Table] = {
    # RFC 9293, section 3.8.3
    (None, Cause.CONNECTION_LOST, ""): Words(
        N_("The connection is dead: what we sent is no longer acknowledged by {where}."),
        N_("TCP sent the same bytes again and again; no ACK came back."),
        (
            N_("The other computer is off, asleep, or has left the network."),
            N_("The path is broken, or a router in between has forgotten the connection."),
        ),
        N_("Check the other computer and the network, then connect again."),
    ),
    # RFC 9293, sections 3.6.1 (SHLD-3), 3.5.2, 3.5.1; RFC 2525, section 2.17
    (None, Cause.RESET, ""): Words(
        N_("The connection was reset by {where} (RST)."),
        N_("RST came. It ends both directions at once; what was on its way is lost."),
        (
            N_("The peer's program closed the connection before it had read all we sent."),
            N_("It had already closed when our data arrived."),
            N_("It aborted on purpose, was killed (Windows), or its computer restarted."),
            N_("A firewall or router in between cut the connection."),
        ),
        N_("See what the peer's program says about it, then connect again."),
    ),
    (None, Cause.ABORTED, ""): Words(
        N_("This computer's own system gave up the connection to {where}."),
        "",
        (
            N_("The peer has answered earlier data with RST: its program had closed."),
            N_("What we sent was no longer acknowledged."),
            N_("The network changed meanwhile, or security software intervened."),
        ),
        N_("Check the network, then connect again."),
    ),
    # RFC 9293, section 3.6.1: a FIN of the peer does not forbid sending
    (None, Cause.BROKEN_PIPE, ""): Words(
        N_("Nothing more can be sent on this connection to {where}."),
        N_("Nothing left this computer. The peer's FIN alone would not forbid sending."),
        (
            N_("The peer has answered earlier data with RST: its program had closed."),
            N_("This end has already sent FIN."),
        ),
        N_("Connect again to send more."),
    ),
    (None, Cause.NOT_CONNECTED, ""): Words(
        N_("The socket is not connected to {where}."),
        "",
        (
            N_("The connection was reset before it could be used."),
            N_("Nothing has connected it yet."),
        ),
        N_("Connect again."),
    ),
    (None, Cause.ALREADY_CONNECTED, ""): Words(
        N_("The socket is already connected to {where}."),
        _NOTHING_LEFT,
        (N_("It was to be connected a second time; a TCP socket is connected only once."),),
        N_("Disconnect first, then connect again."),
    ),
    (None, Cause.DISCONNECTED, ""): Words(
        N_("The connection was ended in order by {where}."),
        N_("FIN came: nothing more is sent from there."),
        (N_("The peer's program has said all it had to say, or was closed."),),
        N_("Connect again."),
    ),
    (None, Cause.PROTOCOL, ""): Words(
        N_("The system reported a protocol error on the connection to {where}."),
        "",
        (N_("The peer went away while the connection was being made."),),
        N_("Connect again."),
    ),
    (None, Cause.TIMED_OUT, ""): Words(
        N_("It took longer than the time allowed."),
        "",
        (
            N_("The peer is slow."),
            N_("What it sent was lost."),
        ),
        N_("Try again with a longer timeout."),
    ),
    # RFC 9293, section 3.8.6.1: zero-window probing has no end of its own
    (Operation.SEND, Cause.TIMED_OUT, ""): Words(
        N_("The peer took nothing in time; this end reset the connection to {where} (RST)."),
        N_("Its window was 0, or its ACKs did not come; TCP itself would go on trying."),
        _DOES_NOT_READ,
        _LET_IT_READ,
    ),
    (Operation.SEND, Cause.TIMED_OUT, "ours"): Words(
        N_("Nothing was taken for {seconds} s (our write timeout): this end reset {where} (RST)."),
        N_("Its window was 0, or its ACKs did not come; TCP itself would go on trying."),
        _DOES_NOT_READ,
        _LET_IT_READ,
    ),
    (Operation.RECEIVE, Cause.TIMED_OUT, ""): Words(
        N_("Nothing arrived in time."),
        "",
        _NO_DATA,
        _LOOK_AT_WHAT_WAS_SENT,
    ),
    (Operation.RECEIVE, Cause.TIMED_OUT, "ours"): Words(
        N_("Nothing arrived within {seconds} s (our limit) from {where}."),
        "",
        _NO_DATA,
        _LOOK_AT_WHAT_WAS_SENT,
    ),
    # RFC 1122, section 4.1.3.3
    (None, Cause.PORT_UNREACHABLE, ""): Words(
        N_("No program has opened that UDP port: {where}."),
        N_('A datagram was sent; an ICMP "port unreachable" error came back.'),
        (
            N_("The UDP server is not running, or listens on another address or port."),
            N_("A firewall rejects; one that drops would be silent, so no error proves nothing."),
        ),
        N_("Start the UDP server, or check the port. TCP and UDP have separate port numbers."),
    ),
    # RFC 768, RFC 791 section 3.1, RFC 8200 section 3: what a 16-bit length leaves
    (None, Cause.MESSAGE_TOO_LONG, ""): Words(
        N_("The datagram is too large to send."),
        _NOTHING_LEFT,
        (
            N_(
                "A UDP datagram carries 65507 bytes at most over IPv4, 65527 over IPv6. IP may "
                "fragment it; the receiver gets all of it or nothing."
            ),
            N_("The system's own limit is lower (macOS: 9216 bytes at first)."),
        ),
        N_("Send less at once, or use TCP."),
    ),
    (None, Cause.TRUNCATED, ""): Words(
        N_("A datagram was longer than the room for it; its end is lost."),
        N_("The whole datagram arrived. UDP never gives the rest of one later."),
        (N_("The peer sent more than this program reads at once."),),
        N_("Let the peer send smaller datagrams."),
    ),
    (None, Cause.UNREADABLE_REPLY, ""): Words(
        N_("This is not a valid HTTP response."),
        "",
        (
            N_("The server speaks another protocol on this port."),
            N_("A part of the response is missing or damaged."),
        ),
        N_("Look at the raw bytes, and check the port."),
    ),
}
