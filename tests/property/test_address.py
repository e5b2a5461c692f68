"""Laws of addresses, for anything typed."""

from __future__ import annotations

from ipaddress import IPv6Network

from hypothesis import given
from hypothesis import strategies as st

from netlib.address import (
    UNSPECIFIED,
    AddressError,
    Endpoint,
    parse_endpoint,
    parse_port,
    parse_url,
)
from netlib.text import visible_text
from tests.samples import refusal

MAPPED = IPv6Network("::ffff:0:0/96")
"""Shown as plain IPv4."""

ports = st.integers(1, 65535)
names = st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,8}){0,2}", fullmatch=True)
plain_v6 = st.ip_addresses(v=6).filter(lambda address: address not in MAPPED).map(str)
addresses = st.one_of(st.ip_addresses(v=4).map(str), plain_v6)
hosts = st.one_of(names, addresses.filter(lambda host: host not in UNSPECIFIED))
typed = st.one_of(st.text(), st.text(st.sampled_from("[]:.a1%/@# \r\n：。【】１０")))


@given(hosts, ports)
def test_what_is_shown_can_be_typed_again(host: str, port: int) -> None:
    endpoint = Endpoint(host, port)
    assert parse_endpoint(str(endpoint)) == endpoint


@given(typed)
def test_any_text_is_an_endpoint_or_an_address_error(text: str) -> None:
    if error := refusal(parse_endpoint, text, 80):
        assert isinstance(error, AddressError)
        assert visible_text(str(error)) == str(error)
        return
    endpoint = parse_endpoint(text, 80)
    assert 1 <= endpoint.port <= 65535
    assert endpoint.host
    assert parse_endpoint(str(endpoint)) == endpoint


@given(typed)
def test_any_text_is_a_url_or_an_address_error(text: str) -> None:
    if error := refusal(parse_url, text):
        assert isinstance(error, AddressError)
        assert visible_text(str(error)) == str(error)
        return
    url = parse_url(text)
    assert all("!" <= character <= "~" for character in url.target)
    assert url.target.startswith("/")
    assert parse_url(str(url)) == url


@given(typed)
def test_any_text_is_a_port_or_an_address_error(text: str) -> None:
    if error := refusal(parse_port, text, listening=True):
        assert isinstance(error, AddressError)
        assert error.part == "port"
    else:
        assert 0 <= parse_port(text, listening=True) <= 65535
