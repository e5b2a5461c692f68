"""TLS: certificates, and the handshake (RFC 8446)."""

from __future__ import annotations

from typing import Final

from netlib.errors import Cause, Operation
from netlib.i18n import N_
from netlib.teaching.error_words.words import Table, Words

TABLE: Final[Table] = {
    (None, Cause.CERTIFICATE_SELF_SIGNED, ""): Words(
        N_("The server's certificate is self-signed: nobody vouches for it."),
        "",
        (N_("Test servers make such certificates themselves; so does an attacker in between."),),
        N_("Give the certificate as the trusted authority, or connect without verification."),
    ),
    (None, Cause.CERTIFICATE_UNKNOWN_CA, ""): Words(
        N_("The server's certificate comes from an authority that is not trusted here."),
        "",
        (N_("A school or company has its own authority, or the server does not send the chain."),),
        N_("Give that authority's certificate, or install it in the system."),
    ),
    (None, Cause.CERTIFICATE_WRONG_NAME, ""): Words(
        N_("The server's certificate is for another name."),
        "",
        (N_("We connected by another name or by its address, or this is another server."),),
        N_("Use the name that is in the certificate."),
    ),
    (None, Cause.CERTIFICATE_EXPIRED, ""): Words(
        N_("The server's certificate has expired, or is not valid yet."),
        "",
        (N_("Nobody renewed it in time; or the clock of this computer is wrong."),),
        N_("Check the date of this computer, then ask whoever runs the server."),
    ),
    (None, Cause.CERTIFICATE_INVALID, ""): Words(
        N_("The server's certificate is not valid."),
        "",
        (N_("It may have been revoked, or was made for another purpose."),),
        N_("Ask whoever runs the server."),
    ),
    (None, Cause.CERTIFICATE_REJECTED, ""): Words(
        N_("The peer does not accept our certificate."),
        "",
        (N_("It does not trust the authority that made it, or the certificate has expired."),),
        N_("Let the peer trust that authority, or use another certificate."),
    ),
    (None, Cause.CLIENT_CERTIFICATE_REQUIRED, ""): Words(
        N_("The server asks for a certificate of the client, and got none."),
        "",
        (N_("It lets in only those who prove who they are by a certificate of their own."),),
        N_("Ask whoever runs the server for a certificate; it cannot be given here yet."),
    ),
    (None, Cause.TLS_VERSION, ""): Words(
        N_("The two sides have no TLS version in common."),
        "",
        (N_("The peer speaks only versions before 1.2, no longer considered safe."),),
        N_("Let the server allow TLS 1.2 or 1.3."),
    ),
    (None, Cause.NOT_TLS, ""): Words(
        N_("What came is not TLS."),
        "",
        (N_("The peer speaks plain text on this port, or another protocol."),),
        N_("Check the port, or connect without TLS."),
    ),
    (None, Cause.TLS_TRUNCATED, ""): Words(
        N_("The connection ended without close_notify, the end of TLS: something may be missing."),
        "",
        (N_("The peer's program ended suddenly, is careless about the end, or was cut off."),),
        N_("Do not trust that all has come; ask again."),
    ),
    (None, Cause.TLS_FAILED, ""): Words(
        N_("TLS failed."),
        "",
        (N_("The two sides found no common way to encrypt, or what came was damaged."),),
        N_("The library's own words say more; check versions and ciphers of both sides."),
    ),
    (Operation.HANDSHAKE, Cause.TIMED_OUT, ""): Words(
        N_("The TLS handshake did not end in time."),
        "",
        (N_("TCP is connected, but the peer does not speak TLS on this port."),),
        N_("Check the port, or connect without TLS."),
    ),
    (Operation.HANDSHAKE, Cause.TLS_TRUNCATED, ""): Words(
        N_("The connection was closed during the TLS handshake."),
        "",
        (N_("The peer does not speak TLS on this port, or found nothing to agree on."),),
        N_("Check the port, or connect without TLS."),
    ),
}
