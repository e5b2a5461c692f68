"""What a network error means to somebody who meets it for the first time.

Every cause has a sentence (what happened), a likely reason, and something to try; where the same
cause means different things to different operations, each has its own. Translated when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from netlib.errors import Cause, NetError, Operation, code_name
from netlib.i18n import N_, _, language
from netlib.text import visible_text


class Explanation(NamedTuple):
    """An error in words, in the language in use; every part is one line, safe to show."""

    sentence: str
    """What happened."""
    wire: str
    """What is known to have crossed the network; empty: nothing is."""
    reasons: tuple[str, ...]
    """What may be behind it, most likely first; sentences."""
    advice: str
    """What to try."""


class _Words(NamedTuple):
    sentence: str
    reason: str
    advice: str


_GENERAL: Final[dict[Cause, _Words]] = {
    Cause.REFUSED: _Words(
        N_("Connection refused: no program is listening on that address and port."),
        N_(
            "Our SYN was rejected, usually with RST: the server is not running, or it listens on "
            "another address (localhost only?) or port. A firewall may reject too, with RST or "
            "ICMP."
        ),
        N_("Start the server, or compare address and port with what the server shows."),
    ),
    Cause.TIMED_OUT: _Words(
        N_("It took longer than the time allowed."),
        N_("The other side is slow, or what it sent was lost."),
        N_("Try again with a longer timeout."),
    ),
    Cause.CONNECTION_LOST: _Words(
        N_("The connection is dead: what was sent is no longer acknowledged."),
        N_(
            "TCP sent again and again, and no ACK came back: "
            "the other computer is off or asleep, or the path is broken."
        ),
        N_("Check the other computer and the network, then connect again."),
    ),
    Cause.CANCELLED: _Words(
        N_("It was cancelled."),
        N_("It was stopped before it finished."),
        N_("Start it again whenever you like."),
    ),
    Cause.RESET: _Words(
        N_("The peer reset the connection (RST)."),
        N_(
            "The peer closed with unread data, was already closed when our data arrived, or "
            "aborted."
        ),
        N_("See what the peer's program says about it, then connect again."),
    ),
    Cause.ABORTED: _Words(
        N_("This computer aborted the connection."),
        N_("The peer no longer acknowledged anything, or the network changed meanwhile."),
        N_("Check the network, then connect again."),
    ),
    Cause.BROKEN_PIPE: _Words(
        N_("Nothing more can be sent on this connection."),
        N_("The peer has already reset the connection, or this end has already sent FIN."),
        N_("Connect again to send more."),
    ),
    Cause.NO_ROUTE: _Words(
        N_("That computer cannot be reached (no route to host)."),
        N_("No computer of this address answers on the local network, or a firewall refused."),
        N_(
            "Check the address and that the computer is on; in a classroom also whether the Wi-Fi"
            " isolates its clients."
        ),
    ),
    Cause.UNREACHABLE: _Words(
        N_("The network is unreachable: no route to that address."),
        N_("This computer has no network, or none for this kind of address (IPv4, IPv6)."),
        N_(
            "Check the cable or Wi-Fi. Without a network only this computer's own addresses work,"
            " such as 127.0.0.1 and ::1."
        ),
    ),
    Cause.NETWORK_DOWN: _Words(
        N_("The network is down."),
        N_("The network interface is switched off or has lost its link."),
        N_("Check the cable or Wi-Fi, then try again."),
    ),
    Cause.PORT_UNREACHABLE: _Words(
        N_("No program has opened that UDP port: an ICMP “port unreachable” error came back."),
        N_(
            "UDP sends without a handshake; only an ICMP error can tell that no program received "
            "the datagram. No error proves nothing."
        ),
        N_("Start the UDP server, or check the port. TCP and UDP have separate port numbers."),
    ),
    Cause.ADDRESS_IN_USE: _Words(
        N_("The port is already in use."),
        N_("Another program, or another server of this one, listens there."),
        N_("Stop the other program, or choose another port."),
    ),
    Cause.ADDRESS_NOT_AVAILABLE: _Words(
        N_("This computer does not have that address."),
        N_("A socket can only be bound to an address of this computer itself."),
        N_("Choose one of this computer's addresses, or every interface."),
    ),
    Cause.FAMILY_NOT_SUPPORTED: _Words(
        N_("This kind of address cannot be used here."),
        N_("The name has no address of the chosen kind, or IPv6 is switched off on this computer."),
        N_("Choose automatic, or the other of IPv4 and IPv6."),
    ),
    Cause.PERMISSION: _Words(
        N_("The system does not allow it."),
        N_("A firewall or a security rule forbids it, or the address is a broadcast address."),
        N_("Allow the program in the firewall, or use another address."),
    ),
    Cause.NAME_NOT_FOUND: _Words(
        N_("No host with that name was found."),
        N_("The name is misspelt, or the name server does not know it."),
        N_("Check the spelling, or type the IP address instead."),
    ),
    Cause.NAME_LOOKUP_FAILED: _Words(
        N_("The name could not be looked up."),
        N_("The name server did not answer; often there is no network at all."),
        N_("Check the network, or type the IP address instead."),
    ),
    Cause.MESSAGE_TOO_LONG: _Words(
        N_("The datagram is too large."),
        N_(
            "A UDP datagram carries 65507 bytes at most over IPv4, 65527 over IPv6. IP may "
            "fragment it; the receiver gets all of it or nothing."
        ),
        N_("Send less at once, or use TCP."),
    ),
    Cause.NO_FILES: _Words(
        N_("No more sockets can be opened."),
        N_("The system limits how many files and sockets one program may have open."),
        N_("Close some connections, or raise the limit (ulimit -n)."),
    ),
    Cause.NO_BUFFERS: _Words(
        N_("The system has no memory left for network data."),
        N_("Too many connections, or too much data waiting on them."),
        N_("Close some connections, wait a little, then try again."),
    ),
    Cause.NO_PORTS: _Words(
        N_("No free local port."),
        N_(
            "Connections to the same address and port need a local port each; the end that closes"
            " first keeps it for a while (TIME_WAIT)."
        ),
        N_("Wait a minute, or open fewer connections."),
    ),
    Cause.DISK_FULL: _Words(
        N_("The disk is full."),
        N_("Not enough space to write the file."),
        N_("Free some space, or choose another folder."),
    ),
    Cause.UNREADABLE_REPLY: _Words(
        N_("The reply cannot be understood."),
        N_("The other side speaks another protocol on this port, or part of the reply is missing."),
        N_("Look at the raw bytes, and check the port."),
    ),
    Cause.CERTIFICATE_SELF_SIGNED: _Words(
        N_("The server's certificate is self-signed: nobody vouches for it."),
        N_("Test servers make such certificates themselves; so does an attacker in between."),
        N_("Give the certificate as the trusted authority, or connect without verification."),
    ),
    Cause.CERTIFICATE_UNKNOWN_CA: _Words(
        N_("The server's certificate comes from an authority that is not trusted here."),
        N_("A school or company has its own authority, or the server does not send the chain."),
        N_("Give that authority's certificate, or install it in the system."),
    ),
    Cause.CERTIFICATE_WRONG_NAME: _Words(
        N_("The server's certificate is for another name."),
        N_("It was called by another name or by its address, or this is another server."),
        N_("Use the name that is in the certificate."),
    ),
    Cause.CERTIFICATE_EXPIRED: _Words(
        N_("The server's certificate has expired, or is not valid yet."),
        N_("Nobody renewed it in time; or the clock of this computer is wrong."),
        N_("Check the date of this computer, then ask whoever runs the server."),
    ),
    Cause.CERTIFICATE_INVALID: _Words(
        N_("The server's certificate is not valid."),
        N_("It may have been revoked, or was made for another purpose."),
        N_("Ask whoever runs the server."),
    ),
    Cause.CERTIFICATE_REJECTED: _Words(
        N_("The other side does not accept our certificate."),
        N_("It does not trust the authority that made it, or the certificate has expired."),
        N_("Let the other side trust that authority, or use another certificate."),
    ),
    Cause.CLIENT_CERTIFICATE_REQUIRED: _Words(
        N_("The server asks for a certificate of the client, and got none."),
        N_("It lets in only those who prove who they are by a certificate of their own."),
        N_("Ask whoever runs the server for a certificate; it cannot be given here yet."),
    ),
    Cause.TLS_VERSION: _Words(
        N_("The two sides have no TLS version in common."),
        N_("The other side speaks only versions before 1.2, which are no longer considered safe."),
        N_("Let the server allow TLS 1.2 or 1.3."),
    ),
    Cause.NOT_TLS: _Words(
        N_("What came is not TLS."),
        N_("The other side speaks plain text on this port, or another protocol."),
        N_("Check the port, or connect without TLS."),
    ),
    Cause.TLS_TRUNCATED: _Words(
        N_("The connection ended without close_notify, the end of TLS: something may be missing."),
        N_("The peer's program ended suddenly, is careless about the end, or was cut off."),
        N_("Do not trust that all has come; ask again."),
    ),
    Cause.TLS_FAILED: _Words(
        N_("TLS failed."),
        N_("The two sides found no common way to encrypt, or what came was damaged."),
        N_("The library's own words say more; check versions and ciphers of both sides."),
    ),
    Cause.UNKNOWN: _Words(
        N_("The system reported an unusual error."),
        N_("No more is known than the system's message."),
        N_("Try again; search for the error number if it stays."),
    ),
}

_SPECIAL: Final[dict[tuple[Operation, Cause], _Words]] = {
    (Operation.RESOLVE, Cause.TIMED_OUT): _Words(
        N_("The name look-up got no answer in time."),
        N_("The name server cannot be reached, or its address is set wrongly on this computer."),
        N_("Check the network, or type the IP address instead."),
    ),
    (Operation.CONNECT, Cause.TIMED_OUT): _Words(
        N_("Nobody answered in time."),
        N_(
            "No answer came: no SYN-ACK, no RST, no ICMP error. The computer is off, the address "
            "belongs to nobody, a firewall drops silently, or the server is too busy to accept."
        ),
        N_("Check the address, and allow the server in the firewall of the other computer."),
    ),
    (Operation.HANDSHAKE, Cause.TIMED_OUT): _Words(
        N_("The TLS handshake did not end in time."),
        N_("The connection stands, but the other side does not speak TLS on this port."),
        N_("Check the port, or connect without TLS."),
    ),
    (Operation.HANDSHAKE, Cause.TLS_TRUNCATED): _Words(
        N_("The connection was closed during the TLS handshake."),
        N_("The other side does not speak TLS on this port, or found nothing to agree on."),
        N_("Check the port, or connect without TLS."),
    ),
    (Operation.SEND, Cause.TIMED_OUT): _Words(
        N_("The peer did not take what was sent in time."),
        N_("It does not read: its receive buffer is full, and now ours is too."),
        N_("Let the peer read, or allow a longer write timeout."),
    ),
    (Operation.RECEIVE, Cause.TIMED_OUT): _Words(
        N_("Nothing arrived in time."),
        N_(
            "The peer sent nothing; it may be waiting for the end of our line (LF). UDP: the "
            "datagram or its reply may be lost."
        ),
        N_("Check what was sent, line ending included, or wait longer."),
    ),
    (Operation.ACCEPT, Cause.ABORTED): _Words(
        N_("A client gave up before its connection was accepted."),
        N_("It closed or reset the connection while that was still in the queue."),
        N_("Nothing to do here; the server goes on."),
    ),
    (Operation.CONNECT, Cause.ADDRESS_NOT_AVAILABLE): _Words(
        N_("This computer has no address or no free port to call from."),
        N_("IPv6 is switched off here, or all local ports are taken by earlier connections."),
        N_("Try the IPv4 address, or wait a minute."),
    ),
    (Operation.BIND, Cause.PERMISSION): _Words(
        N_("The system does not allow this port."),
        N_("Ports below 1024 need administrator rights; Windows also reserves some others."),
        N_("Choose a port above 1023, for example 8080."),
    ),
    (Operation.RECORD, Cause.PERMISSION): _Words(
        N_("The recording may not be written there."),
        N_("The folder belongs to somebody else, or is read-only."),
        N_("Choose another folder."),
    ),
}


def explain(error: NetError) -> Explanation:
    """Return the error in words, in the language in use."""
    words = _SPECIAL.get((error.operation, error.cause)) or _GENERAL[error.cause]
    return Explanation(_(words.sentence), "", (_(words.reason),), _(words.advice))


def code_words(error: NetError) -> str:
    """Return symbol and number, `ECONNREFUSED 111`, the same in all languages; empty: neither."""
    if error.code is None:
        return ""
    return f"{code_name(error)} {error.code}".lstrip()


def numbered(reasons: Sequence[str]) -> str:
    """Return reasons as one line: numbered, where there is more than one."""
    if len(reasons) == 1:
        return reasons[0]
    parts = [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    return ("" if language() == "zh" else " ").join(parts)


def in_words(error: NetError) -> str:
    """Return the lines What, On the wire, Likely reasons, Try; the second if anything is known."""
    words = explain(error)
    lines = [_("What: {text}").format(text=in_short(error))]
    if words.wire:
        lines.append(_("On the wire: {text}").format(text=words.wire))
    lines.append(_("Likely reasons: {text}").format(text=numbered(words.reasons)))
    lines.append(_("Try: {text}").format(text=words.advice))
    return "\n  ".join(lines)


def in_short(error: NetError) -> str:
    """Return one short line: what happened, what else is known, and symbol and number."""
    line = explain(error).sentence
    known = tuple(filter(None, (visible_text(error.detail, 200), code_words(error))))
    if not known:
        return line
    template = _("{line} ({system}).")
    return template.format(line=line.rstrip(".。"), system=_(", ").join(known))
