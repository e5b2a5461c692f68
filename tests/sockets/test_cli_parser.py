"""Wrong usage: a sentence that names the option, exit code 2, and nothing opened."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import east_asian_width

import pytest

import netlib
from netlib import cli, network
from netlib.cli import commands
from netlib.i18n import language, set_language
from tests.command import MAIN
from tests.helpers import free_port

HERE = "127.0.0.1:9"
NO_FILE, NO_FOLDER = str(Path("/no/such/file")), str(Path("/no/such/folder/file"))


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("the network was opened")

    monkeypatch.setattr(network.Network, "__init__", opened)


WRONG = [
    (["connect"], "ADDR"),
    (["connect", ""], "ADDR"),
    (["connect", "127.0.0.1"], "no port"),
    (["connect", "127.0.0.1:0"], "port 0"),
    (["connect", "127.0.0.1:65536"], "65536"),
    (["connect", "127.0.0.1:http"], "not a whole number from 1 to 65535"),
    (["connect", "[::1:80"], "bracket"),
    (["connect", "256.0.0.1:80"], "IPv4"),
    (["connect", HERE, "--hex", "e5b"], "--hex"),
    (["connect", HERE, "--hex", ""], "--hex"),
    (["connect", HERE, "--encoding", "klingon", "--send", "x"], "--encoding"),
    (["connect", HERE, "--encoding", "", "--send", "x"], "--encoding"),
    (["connect", HERE, "--encoding", "gbk", "--send", "😀"], "--send"),
    (["connect", HERE, "--eol", "cr"], "--eol"),
    (["connect", HERE, "--eol", "lf", "--raw"], "--eol"),
    (["connect", HERE, "--timeout", "-1"], "--timeout"),
    (["connect", HERE, "--timeout", "0"], "--timeout"),
    (["connect", HERE, "--timeout", "nan"], "--timeout"),
    (["connect", HERE, "--timeout", "inf"], "--timeout"),
    (["connect", HERE, "--wait", "-0.1"], "--wait"),
    (["connect", HERE, "--wait", "soon"], "--wait"),
    (["connect", HERE, "--sent", "x"], "--sent"),
    (["serve"], "SERVICE"),
    (["serve", "gopher"], "gopher"),
    (["serve", "echo", "--port", "65536"], "--port"),
    (["serve", "echo", "--port", ""], "--port"),
    (["serve", "echo", "--host", ""], "--host"),
    (["serve", "echo", "--host", "a b"], "--host"),
    (["serve", "echo", "--host", "127.0.0.1:80"], "--host"),
    (["serve", "web", "--udp"], "--udp"),
    (["serve", "echo", "--max-clients", "0"], "--max-clients"),
    (["serve", "echo", "--max-rate", "0"], "--max-rate"),
    (["serve", "echo", "--max-line", "1.5"], "--max-line"),
    (["serve", "echo", "--read-timeout", "-1"], "--read-timeout"),
    (["serve", "echo", "--record", ""], "--record"),
    (["serve", "echo", "--record", NO_FOLDER], NO_FOLDER),
    (["http", ""], "Write a URL"),
    (["http", "http:///page"], "Write a URL"),
    (["http", "http://::1:7081/"], "needs brackets"),
    (["http", HERE, "--tutorial", "-d", "x"], "--tutorial"),
    (["http", HERE, "--tutorial", "--raw", os.devnull], "nothing can be added"),
    (["http", HERE, "-d", f"@{NO_FILE}"], NO_FILE),
    (["http", "ftp://localhost/"], "URL"),
    (["http", "https://localhost/", "--ca", NO_FILE], NO_FILE),
    (["http", HERE, "--insecure"], "--insecure"),
    (["connect", HERE, "--ca", os.devnull], "--ca"),
    (["chat", HERE, "--tls", "--ca", os.devnull], os.devnull),
    (["serve", "echo", "--tls"], "--cert"),
    (["serve", "echo", "--cert", os.devnull, "--key", os.devnull], "--tls"),
    (["serve", "echo", "--tls", "--cert", os.devnull, "--key", os.devnull], os.devnull),
    (["serve", "time", "--tls", "--cert", os.devnull, "--key", os.devnull], "TCP"),
    (["http", HERE, "-H", "no colon"], "-H"),
    (["http", HERE, "-H", "A: b\r\nC: d"], "-H"),
    (["http", HERE, "-X", "G T"], "-X"),
    (["http", HERE, "-X", ""], "-X"),
    (["http", HERE, "--raw", NO_FILE], NO_FILE),
    (["http", HERE, "--raw", os.devnull, "-d", "x"], "--raw"),
    (["http", HERE, "--raw", os.devnull], "--raw"),
    (["http", HERE, "-o", NO_FOLDER], NO_FOLDER),
    (["http", HERE, "-o", "."], "cannot be written"),
    (["chat", HERE, "--name", ""], "--name"),
    (["chat", HERE, "--name", "a\nb"], "--name"),
    (["chat", HERE, "--name", "😀", "--encoding", "latin-1"], "--name"),
    (["time", HERE, "--count", "0"], "--count"),
    (["time", HERE, "--interval", "-1"], "--interval"),
    (["udp", HERE, "--send", "x" * 65508], "65,508"),
    (["demo", "now"], "now"),
    (["teach"], "teach"),
    ([], "command"),
    (["--lang", "la", "demo"], "--lang"),
]


@pytest.mark.usefixtures("_no_network")
@pytest.mark.parametrize(("arguments", "named"), WRONG, ids=lambda value: str(value)[:50])
def test_wrong_usage_is_named_and_opens_nothing(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    language_first = [] if "--lang" in arguments else ["--lang", "en"]
    assert cli.main([*language_first, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert named in shown.err
    assert "error:" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.usefixtures("_no_network")
def test_a_recording_never_overwrites_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("all my work")
    assert cli.main(["--lang", "en", "serve", "echo", "--record", str(precious)]) == 2
    assert "thesis.txt" in capsys.readouterr().err
    assert precious.read_text() == "all my work"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_of_every_command_explains_every_option(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--lang", lang, "--help"]) == 0
    overview = capsys.readouterr().out
    for name, command in commands.load(*commands.names()).items():
        assert name in overview
        assert cli.main(["--lang", lang, name, "--help"]) == 0
        shown = capsys.readouterr().out
        parser = argparse.ArgumentParser()
        command.add_options(parser)
        told = [action for action in parser._actions if action.help != argparse.SUPPRESS]
        options = [option for action in told for option in action.option_strings]
        for option in (*options, "--json", "--encoding", "--lang"):
            assert option in shown
        assert ("--timeout" in shown) == bool(command.TIMEOUT_HELP)


@pytest.mark.parametrize("lang", [[], ["--lang", "en"], ["--lang", "zh"]])
@pytest.mark.parametrize("command", [[], ["serve"]])
def test_help_is_a_command_as_well(
    lang: list[str], command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*lang, *command, "--help"]) == 0
    expected = capsys.readouterr().out
    assert cli.main([*lang, "help", *command]) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    ("told", "columns"), [("60", 60), ("120", 120), ("", 80), ("0", 80), ("wide", 80)]
)
def test_help_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], told: str, columns: int
) -> None:
    def no_terminal() -> os.terminal_size:
        raise OSError

    monkeypatch.setattr(os, "get_terminal_size", no_terminal)
    monkeypatch.setenv("COLUMNS", told)
    assert cli.main(["--lang", "en", "serve", "--help"]) == 0
    widest = max(map(len, capsys.readouterr().out.splitlines()))
    assert columns - 12 < widest <= columns - 2


def test_help_for_what_is_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "help", "conect"]) == 2
    assert "conect" in capsys.readouterr().err


def test_chinese_help_is_punctuated_and_aligned_as_chinese(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def column(line: str, words: str) -> int:
        before = line[: line.index(words)]
        return sum(2 if east_asian_width(char) in "WF" else 1 for char in before)

    assert cli.main(["--lang", "zh", "serve", "--help"]) == 0
    shown = capsys.readouterr().out
    assert {"参数：", "选项："} <= set(shown.splitlines())
    lines = {
        word: line
        for line in shown.splitlines()
        for word in ("监听地址：", "一行最长", "echo：")
        if word in line
    }
    columns = {column(line, word) for word, line in lines.items()}
    assert len(columns) == 1
    assert "--record 文件" in shown


def test_the_language_is_chosen_before_or_after_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["--lang", "zh", "connect", "127.0.0.1"]) == 2
    first = capsys.readouterr().err
    assert cli.main(["connect", "127.0.0.1", "--lang=zh"]) == 2
    assert first == capsys.readouterr().err
    assert "用法：" in first
    assert "错误：" in first


def test_version() -> None:
    for how in ([str(MAIN)], ["-m", "netlib"]):
        command = [sys.executable, *how, "--version"]
        shown = subprocess.run(command, cwd=MAIN.parent, capture_output=True, check=True).stdout
        assert shown.decode().split() == ["socketboard", netlib.__version__]


def test_a_refused_connection_is_exit_code_1_with_the_cause_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    assert cli.main(["--lang", "en", "connect", f"127.0.0.1:{port}", "--send", "hello"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "refused" in shown.err
