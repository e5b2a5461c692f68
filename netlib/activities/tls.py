"""TLS for clients and servers: what is trusted, with which certificate, and its events.

Nothing of it is imported before it is wanted: `ssl` takes 20 ms.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from netlib.activities.base import TcpActivity
from netlib.address import Endpoint
from netlib.engine.loop import Engine
from netlib.engine.records import KIND_MASK, PLAIN_RECEIVED, PLAIN_SENT
from netlib.engine.stream import LAST_BYTES
from netlib.errors import Cause, NetError, Operation
from netlib.events import CloseReason, Direction, Secured
from netlib.i18n import _
from netlib.protocols.handler import Handler
from netlib.protocols.tls import Secrets, TlsLayer, TlsOptions, TlsSession, from_ssl_error
from netlib.system.clock import now
from netlib.text import visible_text
from netlib.value import value

HANDSHAKE_SECONDS: Final = 10.0
"""How long a client of ours may take for the handshake."""


@value(kw_only=True)
class ClientTls:
    """How a client trusts a server."""

    verify: bool = True
    """False: whoever answers is believed; the traffic is encrypted, perhaps for an attacker."""
    ca_file: Path | None = None
    """The authorities that are trusted, as PEM; None: those of the system."""

    def __post_init__(self) -> None:
        """Refuse a file that holds no certificates. Raises ValueError with a sentence."""
        if self.ca_file is not None:
            with _FileSentences(self.ca_file):
                ssl.create_default_context(cafile=self.ca_file)

    def prepare(self, server: Endpoint) -> TlsSession | NetError:
        """Return a session with `server`, or why there can be none. Blocks: reads certificates."""
        try:
            return TlsSession(self._context(), server.host.partition("%")[0])
        except ssl.SSLError as refusal:
            return from_ssl_error(Operation.HANDSHAKE, refusal)
        except (OSError, ValueError) as refusal:
            return NetError(Operation.HANDSHAKE, Cause.TLS_FAILED, None, str(refusal))

    def _context(self) -> ssl.SSLContext:
        if self.ca_file is not None and self.verify:
            return ssl.create_default_context(cafile=self.ca_file)
        if self.verify:
            return _system_context()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


@value(kw_only=True)
class ServerTls:
    """With which certificate a server shows who it is."""

    cert_file: Path
    """The certificate, and those up to its authority, as PEM."""
    key_file: Path
    """Its private key, as PEM, without a password."""

    def make_context(self) -> ssl.SSLContext:
        """Return what all its connections share. ValueError with a sentence: no such pair."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with _FileSentences(self.cert_file):
            context.load_cert_chain(self.cert_file, self.key_file, password=_no_password)
        return context


class _FileSentences:
    """Say what is wrong with a file of certificates."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, refusal: BaseException | None, _trace: object) -> None:
        if isinstance(refusal, ssl.SSLError):
            sentence = _("{path} is not a certificate with its key in PEM form: {reason}.")
            reason = refusal.reason or str(refusal)
        elif isinstance(refusal, OSError):
            sentence = _("{path} cannot be read: {reason}.")
            reason = refusal.strerror or str(refusal)
        else:
            return
        path = visible_text(str(self._path), 200)
        raise ValueError(sentence.format(path=path, reason=reason)) from refusal


def _no_password() -> str:
    """Never ask on the terminal for the password of a key: without one it cannot be read."""
    return ""


def _system_context() -> ssl.SSLContext:
    """Return a context that trusts what the system trusts, as far as that can be asked."""
    try:
        import truststore
    except ImportError:
        return ssl.create_default_context()
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


class _Connection:
    """One connection's TLS as its layer needs it: what the layer reports becomes events."""

    def __init__(
        self, owner: TcpActivity, engine: Engine, connection: int, verified: bool | None
    ) -> None:
        self._owner, self._engine, self._connection = owner, engine, connection
        self._verified = verified
        self._begun = now()
        self.is_secured = False

    def record(self, direction: Direction, data: bytes) -> None:
        """Record plain text; the table of clients shows it instead of ciphertext."""
        engine, stream = self._engine, self._owner.streams[self._connection]
        if put := engine.outbox.put:
            kind = PLAIN_RECEIVED if direction is Direction.RECEIVED else PLAIN_SENT
            put((engine.us, stream.code & ~KIND_MASK | kind, data))
            engine.put_bytes += len(data)
        if direction is Direction.RECEIVED:
            stream.last = data[-LAST_BYTES:]

    def secured(self, secrets: Secrets) -> None:
        """Tell that the handshake has succeeded."""
        self.is_secured = True
        self._owner.emit(
            Secured(
                at=self._engine.now,
                activity=self._owner.activity,
                connection=self._connection,
                version=secrets.version,
                cipher=secrets.cipher,
                verified=self._verified,
                name=secrets.name,
                seconds=now() - self._begun,
            )
        )
        self._owner.secured()

    def in_thread(self, work: Callable[[], Any], done: Callable[[Any], bytes]) -> None:
        """Have `work` done in a thread, then `done` on the engine, if the connection still is."""

        def resume(outcome: Any) -> None:
            stream = self._owner.streams.get(self._connection)
            if stream is not None:
                stream.resume(partial(done, outcome))

        self._engine.in_thread(self._owner, work, resume)

    def too_slow(self) -> None:
        """End a connection whose handshake is not over in time."""
        stream = self._owner.streams.get(self._connection)
        if stream is not None and not self.is_secured:
            error = NetError(Operation.HANDSHAKE, Cause.TIMED_OUT)
            stream.close_now(CloseReason.FAILED, error)


def client_layer(
    owner: TcpActivity, connection: int, inner: Handler, session: TlsSession, tls: ClientTls
) -> TlsLayer:
    """Return TLS round what speaks on a connection that we opened."""
    reports = _Connection(owner, owner.engine, connection, tls.verify)
    in_thread = tls.verify and tls.ca_file is None
    options = TlsOptions(verifies_in_thread=in_thread, stays_open=owner.options.stays_open)
    return TlsLayer(inner, session, reports, options)


def server_layer(
    owner: TcpActivity, engine: Engine, connection: int, inner: Handler, context: ssl.SSLContext
) -> TlsLayer:
    """Return TLS round what speaks on a connection that was accepted."""
    reports = _Connection(owner, engine, connection, None)
    engine.run(owner, engine.call_later, HANDSHAKE_SECONDS, owner, reports.too_slow)
    return TlsLayer(inner, TlsSession(context, None), reports, TlsOptions())
