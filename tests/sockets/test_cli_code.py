"""`code`: the programs it shows run as they are, and show what our own commands show."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Final

import pytest

from tests.command import run, serving
from tests.helpers import free_port, wait_until
from tests.programs import LANGUAGES, output, served, shown

pytestmark = pytest.mark.peers

IN_EACH: Final = pytest.mark.parametrize("language", LANGUAGES)
PREFIX: Final = "已接收: ".encode()

HIDDEN: Final = ('it\'s "quoted"', "$HOME `id` %s \\n", "你好，世界", "\t", "")
"""Texts that a language might read as something else."""


@IN_EACH
def test_a_connection_says_the_same_bytes(language: str, tmp_path: Path) -> None:
    said = [word for text in HIDDEN for word in ("--send", text)]
    with serving("acknowledge") as server:
        program = shown(language, "connect", server.where, *said, "--hex", "ff00e5b7b20a")
        found = output(language, program, tmp_path)
        expected = b"".join(PREFIX + text.encode() + b"\n" for text in HIDDEN)
        assert found == expected + PREFIX + b"\xff\x00\xe5\xb7\xb2\n"


@IN_EACH
def test_what_is_typed_is_said(language: str, tmp_path: Path) -> None:
    with serving("acknowledge") as server:
        program = shown(language, "connect", server.where)
        assert output(language, program, tmp_path, b"one\ntwo\n") == (
            PREFIX + b"one\n" + PREFIX + b"two\n"
        )


@pytest.mark.parametrize("language", ["python", "shell"])
def test_an_encoding_is_used_both_ways(language: str, tmp_path: Path) -> None:
    with serving("echo") as server:
        said = ("--send", "汉字", "--encoding", "gbk")
        program = shown(language, "connect", server.where, *said)
        assert output(language, program, tmp_path).decode() == "汉字\n"


@IN_EACH
def test_ipv6_is_an_address_like_any_other(language: str, tmp_path: Path) -> None:
    with serving("acknowledge", "--host", "::1") as server:
        program = shown(language, "connect", server.where, "--send", "six")
        assert output(language, program, tmp_path) == PREFIX + b"six\n"
    with serving("echo", "--udp", "--host", "::1") as server:
        program = shown(language, "udp", server.where, "--send", "six", "--wait", "1")
        assert output(language, program, tmp_path) == b"six\n"


@IN_EACH
def test_a_request_shows_the_status_line_and_the_body(language: str, tmp_path: Path) -> None:
    with serving("web") as server:
        url = f"http://{server.where}/echo?q=1"
        asked = ("http", url, "-d", "a='1'&b=好", "-H", "X-Who: it's me", "-X", "PUT")
        found = output(language, shown(language, *asked), tmp_path).decode()
        assert found.startswith("HTTP/1.1 200")
        for words in ("PUT /echo?q=1", "a='1'&b=好", "it's me", "x-www-form-urlencoded"):
            assert words in found


@IN_EACH
def test_a_body_from_a_file_and_into_a_file(language: str, tmp_path: Path) -> None:
    (tmp_path / "data.json").write_bytes(b'{"a": 1}')
    with serving("web") as server:
        asked = ("http", f"http://{server.where}/echo", "-d", "@data.json", "-o", "page")
        found = output(language, shown(language, *asked), tmp_path)
        assert found.startswith(b"HTTP/1.1 200")
        assert b'{"a": 1}' not in found
        assert b'{"a": 1}' in (tmp_path / "page").read_bytes()


@IN_EACH
def test_the_tutorials_request_is_sent_byte_for_byte(language: str, tmp_path: Path) -> None:
    with serving("web") as server:
        program = shown(language, "http", f"http://{server.where}/echo", "--tutorial")
        assert b"curl/7.55.1" in output(language, program, tmp_path)


@IN_EACH
def test_datagrams_go_out_and_what_comes_back_is_shown(language: str, tmp_path: Path) -> None:
    with serving("echo", "--udp") as server:
        program = shown(language, "udp", server.where, "--send", "好 %d", "--wait", "1")
        assert output(language, program, tmp_path).decode() == "好 %d\n"


@IN_EACH
def test_the_time_is_asked_for_and_shown(language: str, tmp_path: Path) -> None:
    with serving("time") as server:
        program = shown(
            language, "time", server.where, "--count", "2", "--interval", "0.1", "--timeout", "1"
        )
        lines = output(language, program, tmp_path).decode().split("\n")
        assert [line[10] for line in lines if line] == ["T", "T"]


@IN_EACH
def test_a_chat_says_its_name_and_hears_the_room(language: str, tmp_path: Path) -> None:
    with serving("chat") as server, socket.create_connection(("127.0.0.1", server.port)) as ada:
        ada.sendall("/name 阿达\n".encode())
        program = shown(language, "chat", server.where, "--name", "O'Neil")
        output(language, program, tmp_path, "大家好\n".encode())
        heard = ada.makefile(encoding="utf-8")
        wait_until(lambda: "O'Neil: 大家好" in heard.readline())


# -- servers -------------------------------------------------------------------------------------


def asks(port: int, *arguments: str) -> bytes:
    """Ask a server until it is there."""
    found = [b""]

    def answered() -> bool:
        done = run(arguments[0], f"127.0.0.1:{port}", *arguments[1:])
        found[0] = done.stdout
        return done.returncode == 0 and bool(done.stdout)

    wait_until(answered, 30.0)
    return found[0]


@IN_EACH
@pytest.mark.parametrize(("service", "reply"), [("acknowledge", "已接收: 好\n"), ("echo", "好\n")])
def test_a_server_answers_our_client(
    language: str, service: str, reply: str, tmp_path: Path
) -> None:
    port = free_port()
    with served(language, shown(language, "serve", service, "--port", str(port)), tmp_path):
        for _client in range(2):
            found = asks(port, "connect", "--send", "好").decode()
            assert reply.strip() in found


@IN_EACH
def test_a_time_server_answers_our_query(language: str, tmp_path: Path) -> None:
    port = free_port(socket.SOCK_DGRAM)
    with served(language, shown(language, "serve", "time", "--port", str(port)), tmp_path):
        assert b"T" in asks(port, "time", "--timeout", "1")


@IN_EACH
def test_daytime_is_asked_for_and_shown(language: str, tmp_path: Path) -> None:
    with serving("daytime", "--udp") as server:
        asked = ("time", server.where, "--protocol", "daytime", "--timeout", "1")
        found = output(language, shown(language, *asked), tmp_path)
        assert b"-UTC" in found


def test_ntp_is_asked_for_and_shown_as_our_command_shows_it(tmp_path: Path) -> None:
    with serving("ntp", "--clock-offset", "2") as server:
        asked = ("time", server.where, "--protocol", "ntp", "--count", "2", "--interval", "0.1")
        found = output("python", shown("python", *asked), tmp_path).decode()
    offsets = re.findall(r"stratum 1, delay [\d.]+ ms, offset \+([\d.]+) s", found)
    assert [float(one) for one in offsets] == pytest.approx([2.0, 2.0], abs=0.5)


@pytest.mark.parametrize(
    ("service", "protocol", "told"),
    [
        ("ntp", "ntp", b"stratum 1"),
        ("daytime --udp", "daytime", b"-UTC"),
        ("time", "rfc3339", b"T"),
    ],
)
def test_a_clock_that_is_wrong_is_found_wrong(
    service: str, protocol: str, told: bytes, tmp_path: Path
) -> None:
    port = free_port(socket.SOCK_DGRAM)
    served_by = (*service.split(), "--port", str(port), "--clock-offset", "3600")
    with served("python", shown("python", "serve", *served_by), tmp_path):
        found = asks(port, "time", "--timeout", "1", "--protocol", protocol)
        assert told in found
        assert b"+3600." in found or b"+3599." in found


@pytest.mark.parametrize(
    ("service", "reply"), [("uppercase", b"HELLO"), ("daytime", b"-UTC"), ("words", b"\x00")]
)
def test_a_textbook_server_answers_our_client(service: str, reply: bytes, tmp_path: Path) -> None:
    port = free_port()
    with served("python", shown("python", "serve", service, "--port", str(port)), tmp_path):
        # To a word server nothing is said: what it leaves unread when it closes resets its words.
        said = () if service == "words" else ("--send", "hello")
        assert reply in asks(port, "connect", *said, "--raw")


@pytest.mark.parametrize("language", ["python", "go"])
def test_a_page_is_served(language: str, tmp_path: Path) -> None:
    port = free_port()
    with served(language, shown(language, "serve", "web", "--port", str(port)), tmp_path):

        def works() -> bool:
            return b"It works" in run("http", f"http://127.0.0.1:{port}/").stdout

        wait_until(works, 30.0)


@IN_EACH
def test_a_room_passes_lines_on(language: str, tmp_path: Path) -> None:
    port = free_port()
    with served(language, shown(language, "serve", "chat", "--port", str(port)), tmp_path):

        def both() -> bool:
            try:
                with (
                    socket.create_connection(("127.0.0.1", port), 5) as one,
                    socket.create_connection(("127.0.0.1", port), 5) as other,
                ):
                    other.settimeout(1.0)
                    one.sendall("大家好\n".encode())
                    return "大家好" in other.recv(100).decode()
            except OSError:
                return False

        wait_until(both, 30.0)


# -- what it is asked ----------------------------------------------------------------------------


def test_the_language_of_the_program_may_stand_behind_or_before_the_command() -> None:
    before = run("code", "--lang", "go", "connect", ":1", "--send", "x").stdout
    assert before == run("code", "connect", ":1", "--send", "x", "--lang", "go").stdout
    assert before.startswith(b"package main")
    assert run("code", "connect", ":1", "--send", "x").stdout.startswith(b"import socket")


def test_the_language_of_the_interface_stands_before_it() -> None:
    done = run("--lang", "zh", "code", "serve", "web", "--lang", "shell")
    assert done.returncode == 2
    assert "没有" in done.stderr.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        ("code",),
        ("code", "demo"),
        ("code", "connect"),
        ("code", "connect", "host:99999"),
        ("code", "connect", ":1", "--lang", "zh"),
        ("code", "connect", ":1", "--tls"),
        ("code", "serve", "web", "--lang", "shell"),
        ("code", "serve", "smtp"),
        ("code", "time", ":1", "--protocol", "ntp", "--lang", "go"),
        ("code", "time", ":1", "--protocol", "ntp", "--lang", "shell"),
        ("code", "serve", "time", "--clock-offset", "2", "--lang", "go"),
        ("code", "udp", ":1", "--encoding", "gbk", "--lang", "go"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_usage(wrong: tuple[str, ...]) -> None:
    done = run(*wrong)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
