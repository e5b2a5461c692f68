"""What the Connect tab makes of an address, and says of TLS."""

from __future__ import annotations

import pytest

from gui.models.connect import is_https, tls_words
from gui.models.request import RequestText
from netlib.events import Secured


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://localhost:8443/", "localhost:8443"),
        ("https://localhost/", "localhost"),
        ("https://localhost:443/", "localhost"),
        ("https://localhost:80/", "localhost:80"),
        ("http://localhost:443/", "localhost:443"),
        ("localhost:443", "localhost:443"),
    ],
)
def test_the_host_header_names_the_port_unless_it_is_the_schemes_own(
    address: str, host: str
) -> None:
    assert f"\nHost: {host}\n" in RequestText(address).text


@pytest.mark.parametrize("address", ["https://localhost", "HTTPS://[::1]:8443/page", "https：//a"])
def test_https_asks_for_tls(address: str) -> None:
    assert is_https(address)


@pytest.mark.parametrize("address", ["localhost:443", "http://localhost:443", "[::1]:443"])
def test_nothing_else_does(address: str) -> None:
    assert not is_https(address)


@pytest.mark.parametrize(
    ("verified", "name", "words"),
    [
        (True, "example.org", "TLSv1.3, certificate of example.org verified"),
        (False, "", "TLSv1.3, certificate NOT verified"),
        (False, "example.org", "TLSv1.3, certificate NOT verified"),
    ],
)
def test_it_is_said_whether_anybody_checked_who_answers(
    verified: bool, name: str, words: str
) -> None:
    secured = Secured(
        at=0.0,
        activity=1,
        connection=1,
        version="TLSv1.3",
        cipher="TLS_AES_256_GCM_SHA384",
        verified=verified,
        name=name,
        seconds=0.1,
    )
    assert tls_words(secured) == words
