"""Addresses and URLs as people type them."""

from __future__ import annotations

import pytest

from netlib.address import AddressError, Endpoint, Part, Url, parse_endpoint, parse_port, parse_url


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("127.0.0.1:8080", Endpoint("127.0.0.1", 8080)),
        ("localhost:1", Endpoint("localhost", 1)),
        (":8080", Endpoint("localhost", 8080)),
        ("[::1]:65535", Endpoint("::1", 65535)),
        ("[0:0:0:0:0:0:0:1]:80", Endpoint("::1", 80)),
        ("[fe80::1%eth0]:80", Endpoint("fe80::1%eth0", 80)),
        ("[::ffff:10.0.0.1]:80", Endpoint("10.0.0.1", 80)),
        ("  example.com:00080\t", Endpoint("example.com", 80)),
        ("：８０８０", Endpoint("localhost", 8080)),
        ("127。0。0。1：80", Endpoint("127.0.0.1", 80)),
        ("【：：1】：80", Endpoint("::1", 80)),
        ("例子.测试:80", Endpoint("例子.测试", 80)),
        ("my_printer:9100", Endpoint("my_printer", 9100)),
        ("example.com.:80", Endpoint("example.com.", 80)),
    ],
)
def test_an_address_is_understood(typed: str, expected: Endpoint) -> None:
    assert parse_endpoint(typed) == expected


@pytest.mark.parametrize(
    ("typed", "host"), [("example.com", "example.com"), ("::1", "::1"), ("[::1]", "::1")]
)
def test_a_bare_host_takes_the_default_port(typed: str, host: str) -> None:
    assert parse_endpoint(typed, 8123) == Endpoint(host, 8123)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "host"),
        ("   ", "host"),
        ("a b:80", "host"),
        ("a/b:80", "host"),
        ("user@host:80", "host"),
        ("a\x00b:80", "host"),
        ("256.1.1.1:80", "host"),
        ("192.168.1:80", "host"),
        ("127.0.0.01:80", "host"),
        ("8080:80", "host"),
        ("a..b:80", "host"),
        (".:80", "host"),
        (f"{'a' * 64}.org:80", "host"),
        (f"{'a.' * 127}org:80", "host"),
        ("[127.0.0.1]:80", "host"),
        ("[]:80", "host"),
        ("[::1 ]:80", "host"),
        ("[fe80::1%a b]:80", "host"),
        ("localhost", "port"),
        ("[::1]", "port"),
        ("localhost:", "port"),
        ("localhost:http", "port"),
        ("localhost:-1", "port"),
        ("localhost:+80", "port"),
        ("localhost:8_0", "port"),
        ("localhost:80.0", "port"),
        ("localhost:²", "port"),
        ("localhost:0", "port"),
        ("localhost:65536", "port"),
        ("localhost:" + "9" * 5000, "port"),
        ("[::1", "bracket"),
        ("[::1]80", "bracket"),
        ("::1:80", "bracket"),
        ("a:b:80", "bracket"),
    ],
)
def test_the_wrong_part_is_named(typed: str, part: Part) -> None:
    with pytest.raises(AddressError) as caught:
        parse_endpoint(typed)
    assert caught.value.part == part
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["-1", "80.5", "http"])
def test_what_is_no_port_is_told_without_a_wrong_reason(text: str) -> None:
    with pytest.raises(AddressError) as wrong:
        parse_port(text)
    assert str(wrong.value) == f'The port "{text}" is not a whole number from 1 to 65535.'


def test_port_zero_is_for_listeners_only() -> None:
    assert parse_endpoint("127.0.0.1:0", listening=True).port == 0
    assert parse_port("0", listening=True) == 0
    with pytest.raises(AddressError, match="port 0"):
        parse_port("0")


def test_control_characters_never_come_back_raw_in_a_sentence() -> None:
    with pytest.raises(AddressError) as caught:
        parse_endpoint("local\u202ehost\x1b[31m:x")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("sockaddr", "shown"),
    [
        (("127.0.0.1", 80), "127.0.0.1:80"),
        (("::ffff:127.0.0.1", 80, 0, 0), "127.0.0.1:80"),
        (("::1", 80, 0, 0), "[::1]:80"),
        (("fe80::1", 80, 0, 2), "[fe80::1%2]:80"),
        (("fe80::1%eth0", 80, 0, 2), "[fe80::1%eth0]:80"),
        (("::ffff:0:1", 80, 0, 0), "[::ffff:0:1]:80"),
    ],
)
def test_a_socket_address_is_shown_as_people_write_it(
    sockaddr: tuple[str | int, ...], shown: str
) -> None:
    assert str(Endpoint.from_sockaddr(sockaddr)) == shown


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("http://example.com", Url("http", Endpoint("example.com", 80), "/")),
        ("https://example.com", Url("https", Endpoint("example.com", 443), "/")),
        ("HTTP://[::1]:8000/a?b=c#d", Url("http", Endpoint("::1", 8000), "/a?b=c")),
        ("localhost:8000/a", Url("http", Endpoint("localhost", 8000), "/a")),
        ("localhost?q=1", Url("http", Endpoint("localhost", 80), "/?q=1")),
        ("localhost#top", Url("http", Endpoint("localhost", 80), "/")),
        (":8000", Url("http", Endpoint("localhost", 8000), "/")),
        ("h/?u=http://x:1/", Url("http", Endpoint("h", 80), "/?u=http://x:1/")),
        ("http://h/路 径", Url("http", Endpoint("h", 80), "/%E8%B7%AF%20%E5%BE%84")),
        ("http://h/%E8%B7%AF?%20", Url("http", Endpoint("h", 80), "/%E8%B7%AF?%20")),
        ("ｈｔｔｐ：／／h：８０８０／a", Url("http", Endpoint("h", 8080), "/a")),
        ("  http://h/a \n", Url("http", Endpoint("h", 80), "/a")),
    ],
)
def test_a_url_is_understood(typed: str, url: Url) -> None:
    assert parse_url(typed) == url


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("ftp://h/", "scheme"),
        ("javascript://h/", "scheme"),
        ("http://", "host"),
        ("http:///path", "host"),
        ("", "host"),
        ("http://user:secret@h/", "host"),
        ("http://h:port/", "port"),
        ("http://[::1/", "bracket"),
        ("http://::1:7081/", "bracket"),
        ("::1", "bracket"),
        ("http:///page", "host"),
        ("http://h/a\r\nX: y", "path"),
        ("http://h/\ud800", "path"),
    ],
)
def test_the_wrong_part_of_a_url_is_named(typed: str, part: Part) -> None:
    with pytest.raises(AddressError) as caught:
        parse_url(typed)
    assert caught.value.part == part


def test_a_secret_in_a_url_is_not_repeated() -> None:
    with pytest.raises(AddressError) as caught:
        parse_url("http://user:secret@h/")
    assert "secret" not in str(caught.value)


def test_a_url_is_shown_without_the_port_that_goes_without_saying() -> None:
    assert str(parse_url("http://h:80/a")) == "http://h/a"
    assert str(parse_url("https://h:80/a")) == "https://h:80/a"
    assert parse_url("http://[::1]:8080").authority == "[::1]:8080"


@pytest.mark.parametrize("text", ["::%]", "[::%]]:80", "fe80::1%a/b", "::%["])
def test_a_scope_is_no_place_for_brackets(text: str) -> None:
    with pytest.raises(AddressError):
        parse_endpoint(text, 80)
