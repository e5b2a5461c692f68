"""The words of a script: what a line may say, and what is said to one that says anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.teaching.lesson_script import Condition, in_words, parse_line
from netlib.teaching.lesson_words import MOST_BYTES, VERBS, Reference


def parsed(text: str, *actors: str) -> object:
    return parse_line(text, 7, set(actors))


def test_a_line_is_read_with_all_that_stands_in_it() -> None:
    actors = {"server"}
    line = parse_line(" connect client server  over=udp within=2.5", 7, actors)
    assert actors == {"server", "client"}
    assert (line.verb, line.actor, line.operand) == ("connect", "client", "server")
    assert (line.options, line.within, line.number) == ({"over": "udp"}, 2.5, 7)
    line = parse_line("expect server accepted peer=client.local count>=2", 8, actors)
    assert line.conditions == (
        Condition("peer", "=", Reference("client", "local")),
        Condition("count", ">=", 2.0),
    )


def test_a_port_is_a_number_or_that_of_another_server() -> None:
    assert parse_line("serve two echo port=8080", 1, {"one"}).options == {"port": 8080}
    assert parse_line("serve two echo port=one", 1, {"one"}).options == {
        "port": Reference("one", "local")
    }


@pytest.mark.parametrize(
    ("written", "data"),
    [
        (r'"hi\n"', b"hi\n"),
        (r'"a b  c"', b"a b  c"),
        (r'"\"\\\r\t\x00\xE5"', b'"\\\r\t\x00\xe5'),
        ('"好"', "好".encode()),
        ('""', b""),
        ("size=3", b"xxx"),
    ],
)
def test_data_is_written_as_text_or_by_its_size(written: str, data: bytes) -> None:
    assert parse_line(f"send client {written}", 1, {"client"}).operand == data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("launch server echo", "serve, connect"),
        ("run /bin/sh", "serve, connect"),
        ("serve", "a name of small letters"),
        ("serve Server echo", "a name of small letters"),
        ("serve client echo", "a new name"),
        ("serve server", "a service"),
        ("serve server ssh", "acknowledge, echo"),
        ("serve server echo port=80", "a number from 1024 to 65535"),
        ("serve server echo host=8.8.8.8", "over=, port="),
        ("serve server echo address=0.0.0.0", "one of: 127.0.0.1, ::1"),
        ("serve server echo address=192.0.2.1", "one of: 127.0.0.1, ::1"),
        ("serve server echo port=nobody", "a name that a line before has given: client"),
        ("serve server echo port=server", "a name that a line before has given: client"),
        ("connect other client address=192.0.2.1", "one of: 127.0.0.1, ::1, 0.0.0.0"),
        ("connect other client times=501", "a number from 1 to 500"),
        ("serve server time", "over=udp"),
        ("serve server web over=udp", "over=tcp"),
        ("serve server echo over=udp accepting=paused", "over=tcp for that"),
        ("serve server echo over=udp backlog=1", "over=tcp for that"),
        ("serve server echo backlog=0", "a number from 1 to 1000"),
        ("connect other client over=udp write-timeout=1", "over=tcp for that"),
        ("connect other client over=udp reading=paused", "over=tcp for that"),
        ("connect other server", "a name that a line before has given: client"),
        ("connect other 192.0.2.1:80", "a name of small letters"),
        ("relay road client up.loss=2", "a number from 0 to 1"),
        ("relay road client up.loss=0.5", "over=udp for that"),
        ("relay road client sideways.loss=0.5", "up.delay="),
        ("relay road nobody", "a name that a line before has given"),
        ("impair client seed=1", "up.delay="),
        ("impair client up.black-hole=perhaps", "on"),
        ("serve server echo receive=0", "a number from 1"),
        ("serve server echo over=udp receive=4", "over=tcp for that"),
        ("send server hello", "a name that a line before has given"),
        ("send client hello", "a text in quotes"),
        ("send client", "a text in quotes, or size=BYTES"),
        ('send client "hello', "a closing quote"),
        (r'send client "\q"', "only these after a backslash"),
        (f"send client size={MOST_BYTES + 1}", "a number from 1 to 16777216"),
        (f"send client size={MOST_BYTES} times=2", "at most 16,777,216 bytes in all"),
        ('send client "a" times=501', "a number from 1 to 500"),
        ("cannot-send client", "a text in quotes, or size=BYTES"),
        ("expect client", "what is to come to pass"),
        ("expect client happy", "listening, connecting"),
        ("expect client connected peer=10.0.0.1", "NAME.local or NAME.peer"),
        ("expect client connected peer=nobody.local", "a name that a line before has given"),
        ("expect client connected local>client.peer", "local=, peer="),
        ("expect client closed reason=tired", "by-us, by-peer"),
        ("expect client failed within=31", "a number from 0.1 to 30"),
        ("close client within>=1", "within="),
        ("only-on plan9", "linux"),
        ("case ghost", "handshake, segmentation"),
    ],
)
def test_what_is_no_line_is_told_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(ValueError) as told:
        parsed(text, "client")
    assert expected in str(told.value)


@given(st.text(max_size=80), st.sampled_from(["", *VERBS]))
def test_any_text_is_a_line_or_a_sentence(text: str, verb: str) -> None:
    if not (written := f"{verb} {text}").strip():
        return
    told = "."
    try:
        assert parse_line(written, 1, {"a"}).verb in VERBS
    except ValueError as wrong:
        told = str(wrong)
    assert told.endswith(".")


def test_what_is_waited_for_is_told_in_words() -> None:
    line = parse_line('expect client received data="a b" calls=1', 1, {"client"})
    assert in_words(line) == 'client: it has received (data="a b" calls=1)'
    line = parse_line("not-yet client closed", 1, {"client"})
    assert in_words(line) == "client: not yet: its connection is closed"
    assert in_words(parse_line("close client", 1, {"client"})) == "close client"
    line = parse_line('cannot-send client "a"', 1, {"client"})
    assert in_words(line) == "client: it cannot send"
