"""TLS as a layer round any handler, over `ssl.MemoryBIO`: the socket below knows nothing of it.

The library (OpenSSL) speaks the protocol; what is ours is when its bytes go out, what is recorded,
and telling its refusals apart. Source: RFC 8446; close_notify: section 6.1.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from netlib.errors import Cause, NetError, Operation
from netlib.events import CloseReason, Direction
from netlib.protocols.handler import Handler, Layer
from netlib.value import NamedTuple, value

PIECE_BYTES: Final = 64 * 1024
"""Plain text read from the library in one call."""


class TlsSession:
    """The library's side of one connection: ciphertext in and out, no socket."""

    def __init__(self, context: ssl.SSLContext, server_name: str | None) -> None:
        """Prepare the handshake; `server_name` None: we are the server.

        May read the system's certificates, and so block. ValueError: no name for a certificate.
        """
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.library = context.wrap_bio(
            self.incoming, self.outgoing, server_name is None, server_hostname=server_name
        )


class Secrets(NamedTuple):
    """What a handshake has come to."""

    version: str
    """As it is written: TLSv1.3."""
    cipher: str
    name: str
    """Whom the peer's certificate names; empty: unknown, or the peer has shown none."""


class TlsOwner(Protocol):
    """Whoever has the connection: keeps the plain text, hears of the handshake, runs its steps."""

    def record(self, direction: Direction, data: bytes) -> None:
        """Record plain text that was received or is to be sent."""

    def secured(self, secrets: Secrets) -> None:
        """Hear that the handshake has succeeded."""

    def in_thread(self, work: Callable[[], Any], done: Callable[[Any], bytes]) -> None:
        """Have `work` done where it may block, then `done`, whose answer is sent."""


@value(kw_only=True)
class TlsOptions:
    """How a connection's TLS behaves."""

    verifies_in_thread: bool = False
    """Verifying the peer's certificate may block: systems fetch lists of revoked ones."""
    stays_open: bool = False
    """Keep our direction open after the peer's close_notify."""


class TlsLayer(Layer):
    """TLS round a handler. What the user sends before the handshake is over waits here."""

    __slots__ = ("_held", "_late", "_options", "_over", "_owner", "_secured", "_session")

    enciphers = True

    def __init__(
        self, inner: Handler, session: TlsSession, owner: TlsOwner, options: TlsOptions
    ) -> None:
        super().__init__(inner)
        self._session = session
        self._owner = owner
        self._options = options
        self._secured = self._over = False
        self._held: list[bytes] = []
        self._late: list[bytes] | None = None
        """What came while a thread has the library; None: no thread has it."""

    @property
    def held(self) -> int:
        """Bytes that wait for the end of the handshake."""
        return sum(map(len, self._held)) + self.inner.held

    def opened(self) -> bytes:
        """Return the ClientHello; a server waits for it."""
        return self._go_on()

    def received(self, data: bytes) -> bytes:
        """Take ciphertext; return ciphertext: of the handshake, or of the inner answer."""
        if self._late is not None:
            self._late.append(data)
            return b""
        self._session.incoming.write(data)
        return self._go_on()

    def outgoing(self, data: bytes) -> bytes:
        """Return `data` encrypted; b"" before the handshake is over."""
        if self._secured:
            return super().outgoing(data)
        self._held.append(data)
        return b""

    def finished(self) -> bytes:
        """Take notice of FIN; without a close_notify before it something may be missing."""
        if not self._over and self.close_reason is None:
            operation = Operation.RECEIVE if self._secured else Operation.HANDSHAKE
            self._fail(NetError(operation, Cause.TLS_TRUNCATED))
        return b""

    def finishing(self) -> bytes:
        """Return the inner last bytes and our close_notify."""
        if not self._secured or self.close_reason is CloseReason.FAILED:
            return b""
        last = super().finishing()
        try:
            self._session.library.unwrap()
        except (ssl.SSLWantReadError, ssl.SSLSyscallError):
            pass  # it is written; the peer's own may come later
        except ssl.SSLError as refusal:
            self._fail(from_ssl_error(Operation.SEND, refusal))
        return last + self._session.outgoing.read()

    # -- inside ----------------------------------------------------------------------------------

    def _go_on(self) -> bytes:
        """Do what can be done with what has come; return what goes out."""
        if self.close_reason is not None:
            return b""
        if self._secured:
            return self._read()
        handshake = partial(_handshake, self._session.library)
        if self._options.verifies_in_thread and self._session.incoming.pending:
            self._late = []
            self._owner.in_thread(handshake, self._resume)
            return b""
        return self._after_handshake(handshake())

    def _resume(self, outcome: bool | ssl.SSLError) -> bytes:
        """Go on with the library back from its thread, and what came meanwhile."""
        late, self._late = self._late or [], None
        for data in late:
            self._session.incoming.write(data)
        if self.close_reason is not None:
            return b""
        out = self._after_handshake(outcome)
        return out + self._go_on() if late and not self._secured else out

    def _after_handshake(self, outcome: bool | ssl.SSLError) -> bytes:
        """Go on after a step of the handshake: it is over (True), needs more, or was refused."""
        if isinstance(outcome, ssl.SSLError):
            self._fail(from_ssl_error(Operation.HANDSHAKE, outcome))
            return self._session.outgoing.read()  # an alert: the peer is told, too
        if not outcome:
            return self._session.outgoing.read()
        self._secured = True
        self._owner.secured(_secrets(self._session.library))
        held, self._held = self._held, []
        out = self._session.outgoing.read()  # our last part of the handshake, before anything else
        out += super().opened() + b"".join(map(super().outgoing, held))
        return out + self._read()

    def _read(self) -> bytes:
        """Hand on the plain text of what has come; return the answers, encrypted."""
        answers: list[bytes] = []
        try:
            while not self._over and self.close_reason is None:
                plain = self._session.library.read(PIECE_BYTES)
                if not plain:
                    self._peer_closed(answers)
                    break
                self._owner.record(Direction.RECEIVED, plain)
                answers.append(self._sent(self._heard(self.inner.received(plain))))
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._peer_closed(answers)
        except ssl.SSLError as refusal:
            self._fail(from_ssl_error(Operation.RECEIVE, refusal))
        answers.append(self._session.outgoing.read())  # an alert, a KeyUpdate's answer
        return b"".join(answers)

    def _peer_closed(self, answers: list[bytes]) -> None:
        """The peer's close_notify: it will say nothing more (RFC 8446, section 6.1)."""
        self._over = True
        answers.append(self._sent(self._heard(self.inner.finished())))
        if not self._options.stays_open and self.close_reason is None:
            self.close_reason = CloseReason.BY_PEER

    def _sent(self, data: bytes) -> bytes:
        if not data:
            return b""
        self._owner.record(Direction.SENT, data)
        self._session.library.write(data)
        return self._session.outgoing.read()

    def _fail(self, error: NetError) -> None:
        self.close_reason, self.error = CloseReason.FAILED, error


def _handshake(library: ssl.SSLObject) -> bool | ssl.SSLError:
    """Take a step of the handshake; True: it is over. May block to verify a certificate."""
    try:
        library.do_handshake()
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError as refusal:
        return refusal
    return True


def _secrets(library: ssl.SSLObject) -> Secrets:
    cipher = library.cipher()
    certificate = library.getpeercert() or {}
    return Secrets(library.version() or "", cipher[0] if cipher else "", _name(certificate))


def _name(certificate: Any) -> str:
    """Return whom a verified certificate names: its first alternative name, or its subject."""
    for _kind, name in certificate.get("subjectAltName", ()):
        return str(name)
    parts = dict(part[0] for part in certificate.get("subject", ()))
    return str(parts.get("commonName", ""))


# -- refusals ------------------------------------------------------------------------------------

_VERIFY: Final = {
    9: Cause.CERTIFICATE_EXPIRED,  # not yet valid
    10: Cause.CERTIFICATE_EXPIRED,
    18: Cause.CERTIFICATE_SELF_SIGNED,
    2: Cause.CERTIFICATE_UNKNOWN_CA,
    19: Cause.CERTIFICATE_UNKNOWN_CA,  # the chain ends in a root that nobody here trusts
    20: Cause.CERTIFICATE_UNKNOWN_CA,
    21: Cause.CERTIFICATE_UNKNOWN_CA,
    62: Cause.CERTIFICATE_WRONG_NAME,
    64: Cause.CERTIFICATE_WRONG_NAME,  # an IP address
    0x800B0101: Cause.CERTIFICATE_EXPIRED,  # Windows, CERT_E_…: EXPIRED, UNTRUSTEDROOT, CN_NO_MATCH
    0x800B0109: Cause.CERTIFICATE_UNKNOWN_CA,
    0x800B010F: Cause.CERTIFICATE_WRONG_NAME,
}
"""What OpenSSL's X509_V_ERR_… and Windows' numbers mean."""

_REASONS: Final = {
    Cause.TLS_VERSION: (
        *("UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW"),
        *("TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION"),
    ),
    Cause.NOT_TLS: (
        *("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL"),
        *(
            "RECORD_LAYER_FAILURE",
            "PACKET_LENGTH_TOO_LONG",
            "BAD_RECORD_TYPE",
            "UNEXPECTED_MESSAGE",
        ),
    ),
    Cause.CLIENT_CERTIFICATE_REQUIRED: (
        *("TLSV13_ALERT_CERTIFICATE_REQUIRED", "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
    ),
    Cause.CERTIFICATE_REJECTED: (
        *("TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE"),
        *("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        *("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_REVOKED"),
    ),
    Cause.TLS_TRUNCATED: ("UNEXPECTED_EOF_WHILE_READING",),
}
_BY_REASON: Final = {reason: cause for cause, row in _REASONS.items() for reason in row}


def from_ssl_error(operation: Operation, refusal: ssl.SSLError) -> NetError:
    """Explain what the library refused: a certificate, a version, bytes that are not TLS."""
    if isinstance(refusal, ssl.SSLCertVerificationError):
        code = refusal.verify_code & 0xFFFFFFFF
        cause = _VERIFY.get(code, Cause.CERTIFICATE_INVALID)
        return NetError(operation, cause, code, refusal.verify_message or str(refusal))
    if isinstance(refusal, ssl.SSLEOFError):
        return NetError(operation, Cause.TLS_TRUNCATED)
    reason = refusal.reason or str(refusal)
    return NetError(operation, _BY_REASON.get(reason, Cause.TLS_FAILED), None, reason)
