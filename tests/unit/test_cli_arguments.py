"""Options that several commands share, and the bytes they ask to be sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from netlib.cli import arguments
from netlib.cli.console import UsageError


def parsed(*line: str, encoding: str = "utf-8") -> Namespace:
    parser = ArgumentParser(exit_on_error=False)
    arguments.add_payloads(parser)
    arguments.add_wait(parser, "")
    arguments.add_tls(parser)
    return parser.parse_args(line, Namespace(encoding=encoding))


def test_texts_and_bytes_keep_their_order_and_only_texts_get_an_ending() -> None:
    options = parsed("--send", "a", "--hex", "00ff", "--send", "")
    assert arguments.payloads(options, "\r\n") == (b"a\r\n", b"\x00\xff", b"\r\n")
    assert arguments.payloads(parsed()) == ()


def test_text_and_its_ending_are_encoded_as_asked() -> None:
    assert arguments.payloads(parsed("--send", "你", encoding="utf-16-le"), "\n") == (b"`O\n\0",)


def test_text_that_cannot_be_encoded_names_its_option() -> None:
    with pytest.raises(UsageError, match=r"^--send: "):
        arguments.payloads(parsed("--send", "😀", encoding="gbk"))


def test_who_says_nothing_waits_a_second() -> None:
    assert parsed().wait == 1.0
    assert parsed("--wait", "0").wait == 0.0


def test_tls_is_verified_unless_that_is_given_up_on_the_command_line() -> None:
    secure = arguments.client_tls(parsed("--tls"), wanted=True)
    careless = arguments.client_tls(parsed("--tls", "--insecure"), wanted=True)
    assert secure is not None
    assert careless is not None
    assert (secure.verify, careless.verify) == (True, False)
    assert arguments.client_tls(parsed(), wanted=False) is None


def test_trust_without_tls_and_a_file_that_is_no_certificate_are_named(tmp_path: Path) -> None:
    file = tmp_path / "no.pem"
    file.write_text("hello")
    with pytest.raises(UsageError, match="--ca and --insecure"):
        arguments.client_tls(parsed("--ca", str(file)), wanted=False)
    with pytest.raises(UsageError, match=r"^--ca: "):
        arguments.client_tls(parsed("--tls", "--ca", str(file)), wanted=True)
