"""Echo, without a socket."""

from __future__ import annotations

from netlib.services.echo import Echo
from tests.samples import THERE, service_options


def test_echo_changes_nothing() -> None:
    echo = Echo(service_options())
    handler = echo.handler(THERE)
    assert [handler.received(b"a"), handler.received(b"\x00\n")] == [b"a", b"\x00\n"]
    assert handler.messages == 2
    assert echo.datagram(b"", THERE) == b""
