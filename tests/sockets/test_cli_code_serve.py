"""Servers that `code` shows: they run as they are, and answer our own commands."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from netlib.services import SERVICES
from tests.certificates import Pair
from tests.command import command, run
from tests.helpers import free_port, wait_until
from tests.programs import LANGUAGES, served, shown

pytestmark = pytest.mark.peers

IN_EACH: Final = pytest.mark.parametrize("language", LANGUAGES)
MAIL: Final = ("EHLO me", "MAIL FROM:<a@b.c>", "RCPT TO:<d@e.f>", "DATA", "..你好", ".", "QUIT")


class Ask(NamedTuple):
    """What our command is told behind the address of a server, and what it shows then."""

    command: str
    words: tuple[str, ...]
    shows: tuple[str, ...]
    but: tuple[str, ...] = ()
    """Languages that have no such program."""


MAIL_WORDS: Final = tuple(word for line in MAIL for word in ("--send", line))
TABLE: Final[dict[tuple[str, str], Ask]] = {
    ("acknowledge", "tcp"): Ask("connect", ("--send", "好"), ("已接收: 好\n",)),
    ("acknowledge", "udp"): Ask("udp", ("--send", "好"), ("已接收: 好\n",)),
    ("echo", "tcp"): Ask("connect", ("--send", "it's 好"), ("it's 好\n",)),
    ("echo", "udp"): Ask("udp", ("--send", "it's 好"), ("it's 好\n",)),
    ("count", "tcp"): Ask("connect", ("--send", "好", "--send", "x"), ("6 bytes, 2 lines\n",)),
    ("uppercase", "tcp"): Ask("connect", ("--send", "naïve"), ("NAïVE\n",)),
    ("uppercase", "udp"): Ask("udp", ("--send", "naïve"), ("NAïVE\n",)),
    ("words", "tcp"): Ask("connect", ("--raw",), ("\x00",), ("shell",)),
    ("smtp", "tcp"): Ask(
        "connect",
        (*MAIL_WORDS, "--eol", "crlf"),
        ("220 ", "250 OK", "354 ", "250-  | .你好", "250 It was accepted", "221 "),
    ),
    ("daytime", "tcp"): Ask("connect", (), ("-UTC",)),
    ("daytime", "udp"): Ask("time", ("--protocol", "daytime", "--timeout", "1"), ("-UTC",)),
    ("time", "udp"): Ask("time", ("--timeout", "1"), ("T",)),
    ("ntp", "udp"): Ask(
        "time", ("--protocol", "ntp", "--timeout", "1"), ("stratum 1",), ("shell",)
    ),
    ("pinger", "udp"): Ask("udp", ("--send", "ping 1"), ("PING 1\n",), ("shell",)),
    ("web", "tcp"): Ask("http", (), ("<h1>It works</h1>\n",)),
}
NO_LOSS: Final = {"pinger": ("--loss", "0")}


def asked(ask: Ask, where: str, *more: str, scheme: str = "http") -> str:
    """Ask a server until it is there; return what our command shows."""
    found = [""]
    target = f"{scheme}://{where}" if ask.command == "http" else where

    def answered() -> bool:
        done = run(ask.command, target, *ask.words, *more)
        found[0] = done.stdout.decode()
        return done.returncode == 0 and bool(done.stdout)

    wait_until(answered, 30.0)
    return found[0]


def port_of(transport: str) -> int:
    return free_port(socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)


def test_no_service_is_left_out() -> None:
    offered = {
        (info.name, transport.value) for info in SERVICES.values() for transport in info.transports
    }
    assert offered - TABLE.keys() == {("chat", "tcp")}


@IN_EACH
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize(("service", "transport"), TABLE, ids="/".join)
def test_a_server_answers_our_command(
    language: str, host: str, service: str, transport: str, tmp_path: Path
) -> None:
    ask, port = TABLE[service, transport], port_of(transport)
    words = ("serve", service, "--port", str(port), "--host", host, *NO_LOSS.get(service, ()))
    words += ("--udp",) * (transport == "udp")
    if language in ask.but:
        done = run("code", *words, "--lang", language)
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"no program in {language}" in done.stderr.decode()
        return
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    with served(language, shown(language, *words), tmp_path):
        for _client in range(2):
            found = asked(ask, where)
            assert all(part in found for part in ask.shows), found


@pytest.mark.parametrize(
    ("language", "service"),
    [
        (language, service)
        for language in LANGUAGES
        for service in ("acknowledge", "echo", "count", "words", "smtp", "daytime", "web")
        if language not in TABLE[service, "tcp"].but
    ],
)
def test_a_server_answers_over_tls(
    language: str, service: str, good: Pair, authority: Path, tmp_path: Path
) -> None:
    ask, port = TABLE[service, "tcp"], port_of("tcp")
    files = ("--tls", "--cert", str(good.cert), "--key", str(good.key))
    program = shown(language, "serve", service, "--port", str(port), "--host", "127.0.0.1", *files)
    with served(language, program, tmp_path):
        trust = ("--ca", str(authority))
        if service == "web":
            found = asked(ask, f"localhost:{port}", *trust, scheme="https")
        else:
            found = asked(ask, f"localhost:{port}", "--tls", *trust)
        assert all(part in found for part in ask.shows), found


@pytest.mark.parametrize("language", ["python", "go"])
@pytest.mark.parametrize(
    ("service", "transport"), [("ntp", "udp"), ("daytime", "udp"), ("time", "udp")], ids="/".join
)
def test_a_clock_that_is_wrong_is_found_wrong(
    language: str, service: str, transport: str, tmp_path: Path
) -> None:
    ask, port = TABLE[service, transport], port_of(transport)
    words = ("serve", service, "--port", str(port), "--clock-offset", "3600", "--udp")
    with served(language, shown(language, *words), tmp_path):
        found = asked(ask, f"127.0.0.1:{port}")
        assert "+3600." in found or "+3599." in found


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@IN_EACH
def test_a_room_passes_lines_on(
    language: str, tls: bool, good: Pair, authority: Path, tmp_path: Path
) -> None:
    port = port_of("tcp")
    files = ("--tls", "--cert", str(good.cert), "--key", str(good.key)) if tls else ()
    secure = ("--tls", "--ca", str(authority)) if tls else ()
    words = ("serve", "chat", "--port", str(port), "--host", "127.0.0.1")
    with served(language, shown(language, *words, *files), tmp_path):
        where = f"localhost:{port}"

        def heard() -> bool:
            pipe = subprocess.PIPE
            with subprocess.Popen(
                command("chat", where, *secure), stdin=pipe, stdout=pipe, stderr=pipe
            ) as ada:
                done = run("chat", where, *secure, "--wait", "0.2", stdin="大家好\n".encode())
                return done.returncode == 0 and "大家好" in ada.communicate(b"")[0].decode()

        wait_until(heard, 60.0)
