"""A command is one file in a folder: found, listed and run without a word anywhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlib import cli
from netlib.cli import commands
from netlib.i18n import language, set_language

HOUSE = Path(__file__).resolve().parents[2]

WEATHER = """
ORDER = 35
SUMMARY = "Tell the weather."
MORE = "It is made up."
TIMEOUT = 3.0
TIMEOUT_HELP = "seconds until it changes"


def add_options(parser):
    parser.add_argument("--town", default="Rome")


def run(options, console):
    if options.town == "nowhere":
        raise KeyboardInterrupt
    console.line(f"{options.town}: fair for {options.timeout} s")
    return 0
"""


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def _weather(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file called weather.py lies in the folder of the commands."""
    (tmp_path / "weather.py").write_text(WEATHER, encoding="utf-8")
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    yield
    sys.modules.pop("netlib.cli.commands.weather", None)
    vars(commands).pop("weather", None)


@pytest.mark.usefixtures("_weather")
def test_a_new_command_is_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "weather", "--town", "Oslo", "--timeout", "2"]) == 0
    assert capsys.readouterr().out == "Oslo: fair for 2.0 s\n"
    assert cli.main(["weather", "--town", "nowhere"]) == 130
    assert cli.main(["--lang", "en", "weather", "--help"]) == 0
    shown = capsys.readouterr().out
    for words in ("Tell the weather.", "It is made up.", "--town", "seconds until it changes"):
        assert words in shown


@pytest.mark.usefixtures("_weather")
def test_it_is_listed_in_the_place_it_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.index("    serve ") < shown.index("    weather ") < shown.index("    chat ")
    assert cli.main(["--lang", "en", "wether"]) == 2
    assert "'weather'" in capsys.readouterr().err


def test_the_list_begins_with_what_a_lesson_begins_with() -> None:
    order = ["connect", "http", "serve", "chat", "time", "udp", "doctor", "recording", "export"]
    order += ["ladder", "code", "demo", "lesson", "experiment", "extcap"]
    assert list(commands.load(*commands.names())) == order


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"sqlite3", "h11", "ctypes", "ssl"}),
        (["recording", "--help"], {"sqlite3", "netlib.network"}),
        (["connect", "--help"], {"netlib.cli.commands.serve", "netlib.cli.commands.demo"}),
        (["time", "--help"], {"logging", "traceback", "shutil", "dataclasses", "inspect"}),
    ],
)
def test_help_loads_only_what_it_needs(arguments: list[str], unwanted: set[str]) -> None:
    code = f"import sys; from netlib import cli; cli.main({arguments}); print(*sys.modules)"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True)
    assert set(result.stdout.splitlines()[-1].split()) & unwanted == set()


def test_what_exists_is_what_is_listed() -> None:
    assert all(map(commands.exists, commands.names()))
    others = ("", "nothing", "__init__", "time.x", "../time", "__main__", "TIME", "--help", "时间")
    assert [name for name in others if commands.exists(name)] == []
