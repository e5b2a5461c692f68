"""`code`: the programs it shows run as they are, and show what our own commands show."""

from __future__ import annotations

import re
import socket
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.certificates import Pair
from tests.command import run, serving
from tests.helpers import wait_until
from tests.programs import LANGUAGES, command, output, shown

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


@IN_EACH
def test_daytime_is_asked_for_and_shown(language: str, tmp_path: Path) -> None:
    with serving("daytime", "--udp") as server:
        asked = ("time", server.where, "--protocol", "daytime", "--timeout", "1")
        found = output(language, shown(language, *asked), tmp_path)
        assert b"-UTC" in found


@pytest.mark.parametrize("language", ["python", "go"])
def test_ntp_is_asked_for_and_shown_as_our_command_shows_it(language: str, tmp_path: Path) -> None:
    with serving("ntp", "--clock-offset", "2") as server:
        asked = ("time", server.where, "--protocol", "ntp", "--count", "2", "--interval", "0.1")
        found = output(language, shown(language, *asked), tmp_path).decode()
    offsets = re.findall(r"stratum 1, delay [\d.]+ ms, offset \+([\d.]+) s", found)
    assert [float(one) for one in offsets] == pytest.approx([2.0, 2.0], abs=0.5)


ODD: Final = 'it\'s "好" $HOME %d \\n'
SAME: Final = (
    ("echo", ("connect", "--send", ODD, "--eol", "crlf")),
    ("acknowledge", ("connect", "--send", ODD, "--hex", "e5 b7 b2 0a", "--no-half-close")),
    ("echo", ("connect", "--raw", "--send", ODD, "--hex", "0d00ff")),
    ("count", ("connect", "--send", ODD, "--encoding", "gbk")),
    ("echo --udp", ("udp", "--send", ODD, "--hex", "e5b7b2", "--send", "two")),
    ("uppercase --udp", ("udp", "--send", "naïve", "--send", "b")),
)
"""Servers, and commands whose output the program for them writes byte for byte."""


@IN_EACH
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize(("service", "words"), SAME, ids=str)
def test_a_program_prints_what_our_command_prints(
    language: str, host: str, service: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    with serving(*service.split(), "--host", host) as server:
        name, *rest = words
        asked = (name, server.where, *rest, "--wait", "1")
        assert output(language, shown(language, *asked), tmp_path) == run(*asked).stdout


@pytest.mark.parametrize("language", ["python", "go"])
def test_a_datagram_without_a_byte_comes_back_as_an_empty_line(
    language: str, tmp_path: Path
) -> None:
    with serving("echo", "--udp") as server:
        asked = ("udp", server.where, "--send", "", "--send", "x", "--wait", "1")
        assert output(language, shown(language, *asked), tmp_path) == b"\nx\n"


@IN_EACH
def test_a_page_over_ipv6_and_a_query_in_the_url(language: str, tmp_path: Path) -> None:
    with serving("web", "--host", "::1") as server:
        asked = ("http", f"http://{server.where}/echo?a='1'&b=%E5%A5%BD", "-H", "X-A: it's")
        found = output(language, shown(language, *asked), tmp_path).decode()
        assert found.startswith("HTTP/1.1 200")
        assert "X-A: it's" in found or "x-a: it's" in found.lower()
        assert "a='1'&b=%E5%A5%BD" in found


# -- over TLS ------------------------------------------------------------------------------------


@pytest.fixture
def secure(good: Pair) -> tuple[str, ...]:
    return ("--tls", "--cert", str(good.cert), "--key", str(good.key))


@IN_EACH
def test_a_connection_over_tls_shows_what_our_command_shows(
    language: str, secure: tuple[str, ...], authority: Path, tmp_path: Path
) -> None:
    with serving("acknowledge", *secure) as server:
        asked = ("connect", f"localhost:{server.port}", "--tls", "--ca", str(authority))
        said = (*asked, "--send", "it's 好", "--wait", "1")
        found = output(language, shown(language, *said), tmp_path)
        assert found == run(*said).stdout == PREFIX + "it's 好\n".encode()
        typed = output(language, shown(language, *asked, "--wait", "1"), tmp_path, b"one\ntwo\n")
        assert typed == PREFIX + b"one\n" + PREFIX + b"two\n"


@IN_EACH
def test_who_is_not_trusted_is_told_nothing(
    language: str, secure: tuple[str, ...], tmp_path: Path
) -> None:
    with serving("acknowledge", *secure) as server:
        asked = ("connect", f"localhost:{server.port}", "--tls", "--send", "secret", "--wait", "1")
        command_line = command(language, shown(language, *asked), tmp_path)
        done = subprocess.run(command_line, capture_output=True, check=False, timeout=20)
        assert done.stdout == b""
        assert done.stderr
        assert language == "shell" or done.returncode
        trusting = shown(language, *asked, "--insecure")
        assert output(language, trusting, tmp_path) == PREFIX + b"secret\n"


@IN_EACH
def test_a_chat_over_tls_hears_the_room(
    language: str, secure: tuple[str, ...], authority: Path, tmp_path: Path
) -> None:
    with serving("chat", *secure) as server:
        asked = ("chat", f"localhost:{server.port}", "--tls", "--ca", str(authority))
        program = shown(language, *asked, "--name", "O'Neil", "--wait", "2")
        with subprocess.Popen(
            command(language, program, tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as ada:
            assert ada.stdin is not None
            assert ada.stdout is not None
            ada.stdin.write("大家好\n".encode())
            ada.stdin.flush()

            server.line_with("大家好")
            assert run(*asked, "--name", "Bo", stdin=b"hello\n").returncode == 0
            ada.stdin.close()
            assert "Bo: hello" in ada.stdout.read().decode()


# -- what it is asked ----------------------------------------------------------------------------


def test_the_language_of_the_program_may_stand_behind_or_before_the_command() -> None:
    before = run("code", "--lang", "go", "connect", ":1", "--send", "x").stdout
    assert before == run("code", "connect", ":1", "--send", "x", "--lang", "go").stdout
    assert before.startswith(b"package main")
    assert run("code", "connect", ":1", "--send", "x").stdout.startswith(b"import socket")


def test_the_language_of_the_interface_stands_before_it() -> None:
    done = run("--lang", "zh", "code", "serve", "ntp", "--lang", "shell")
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
        ("code", "connect", ":1", "--ca", "ca.pem"),
        ("code", "connect", ":1", "--pause-reading"),
        ("code", "connect", ":1", "--receive-buffer=4096"),
        ("code", "connect", ":1", "--tls", "--wait", "0", "--lang", "shell"),
        ("code", "http", "http://h/", "--insecure"),
        ("code", "serve", "echo", "--max-clients", "3"),
        ("code", "serve", "echo", "--tls"),
        ("code", "serve", "echo", "--udp", "--tls", "--cert", "c", "--key", "k"),
        ("code", "serve", "echo", "--cert", "c", "--key", "k"),
        ("code", "serve", "words", "--lang", "shell"),
        ("code", "serve", "pinger", "--lang", "shell"),
        ("code", "serve", "ntp", "--lang", "shell"),
        ("code", "time", ":1", "--protocol", "ntp", "--lang", "shell"),
        ("code", "serve", "time", "--clock-offset", "2", "--lang", "shell"),
        ("code", "udp", ":1", "--encoding", "gbk", "--lang", "go"),
        ("code", "udp", ":1", "--send", "", "--lang", "shell"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_usage(wrong: tuple[str, ...]) -> None:
    done = run(*wrong)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
