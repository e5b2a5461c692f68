"""Completion: what a real bash, and a real zsh where there is one, offer for what was typed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib import cli
from netlib.cli import commands
from netlib.i18n import language, set_language
from netlib.teaching.lines import FORMATS

BASH = """\
{script}
COMP_WORDS=({line} ''); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_socketboard
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """\
compdef() {{ : }}
compadd() {{ shift; print -l -- "$@" }}
_files() {{ print -l -- * }}
{script}
words=({line} ''); CURRENT=$#words
_socketboard
"""
"""The completion system itself needs a terminal: here stand what it offers to such functions."""


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def offered(
    shell: str, line: str, capsys: pytest.CaptureFixture[str], folder: Path | None = None
) -> list[str]:
    """Return what a shell offers behind `line`."""
    assert cli.main(["--lang", "zh", "--print-completion", shell]) == 0
    program = (BASH if shell == "bash" else ZSH).format(
        script=capsys.readouterr().out, line=f"socketboard {line}"
    )
    shown = subprocess.run(
        [shell, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    return shown.stdout.split()


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here")
    return name


def test_commands_are_offered_and_nothing_is_forgotten(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = offered(shell, "", capsys)
    assert set(commands.names()) <= set(words)
    assert {"--version", "-V", "--lang"} <= set(words)
    assert offered(shell, "--lang en", capsys) == words


def test_options_and_choices_are_those_of_the_command(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--no-half-close" in offered(shell, "connect localhost:80", capsys)
    assert "--no-half-close" not in offered(shell, "serve", capsys)
    assert {"acknowledge", "web"} <= set(offered(shell, "serve", capsys))
    assert offered(shell, "connect localhost:80 --eol", capsys) == ["lf", "crlf", "none"]
    assert offered(shell, "recording x --export", capsys) == [*FORMATS]
    assert offered(shell, "connect localhost:80 --timeout", capsys) == []


def test_names_of_files_are_offered_where_one_belongs(
    shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "lesson.sqlite").touch()
    for line in ("recording", "http localhost:80 -o", "serve echo --record"):
        assert offered(shell, line, capsys, tmp_path) == ["lesson.sqlite"]


def test_it_names_no_shell_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "--print-completion", "fish"]) == 2
    assert "choose from" in capsys.readouterr().err
