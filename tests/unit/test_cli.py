"""One command from its words to its exit code, and what a signal does meanwhile."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Callable, Iterator

import pytest

from netlib import cli
from netlib.cli.commands import udp
from netlib.cli.console import Console, UsageError
from netlib.i18n import language, set_language

Run = Callable[[Namespace, Console], int]


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], int]:
    """Let a command do something else, and run it."""

    def run(what: Run) -> int:
        monkeypatch.setattr(udp, "run", what)
        return cli.main(["--lang", "en", "udp", ":9"])

    return run


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_what_the_command_says(running: Callable[[Run], int], code: int) -> None:
    assert running(lambda _options, _console: code) == code


def test_wrong_usage_is_one_sentence_and_code_2(
    running: Callable[[Run], int], capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_options: Namespace, _console: Console) -> int:
        raise UsageError("That cannot be sent.")

    assert running(refuse) == 2
    told = capsys.readouterr().err
    assert told.endswith("udp: error: That cannot be sent.\n")
    assert told.count("\n") == 1


def test_help_and_wrong_words_are_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "--help"]) == 0
    assert cli.main(["--lang", "en", "udp"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_command_and_the_handlers_are_as_before(
    running: Callable[[Run], int], number: signal.Signals, code: int
) -> None:
    def interrupted(_options: Namespace, _console: Console) -> int:
        signal.raise_signal(number)
        raise AssertionError("went on")

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    assert running(interrupted) == code
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
