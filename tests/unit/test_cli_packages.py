"""Without a package it needs, the program says which one to install, and not where it failed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from netlib.cli.packages import PACKAGES, told_missing
from tests.command import MAIN


def test_they_are_those_of_the_project() -> None:
    project = tomllib.loads((MAIN.parent / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {re.split(r"[><=]", line)[0] for line in project["project"]["dependencies"]}
    assert set(PACKAGES.values()) == needed


@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        (["demo"], "h11"),
        (["serve", "web", "--port", "0"], "h11"),
        (["lesson", "--list"], "markdown-it-py"),
    ],
)
def test_a_command_says_what_is_missing(arguments: list[str], package: str) -> None:
    bare = [sys.executable, "-S", str(MAIN), "--lang", "en"]  # without what is installed
    result = subprocess.run([*bare, *arguments], capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"✗ The package {package} is not installed: python -m pip install {package}",
        "In the source folder, pip install . installs all that is needed.",
    ]


def test_a_module_of_ours_that_is_missing_is_a_bug() -> None:
    assert told_missing(ModuleNotFoundError("…", name="netlib.nothing")) is None
    assert told_missing(ModuleNotFoundError("…")) is None
