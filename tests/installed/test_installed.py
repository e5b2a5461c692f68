"""Installed in a fresh environment, by each of the usual tools, the program runs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from netlib import __version__
from tests.installed.conftest import BIN, COMMAND, Installed, call, copy_house, fresh, install

SAID = f"socketboard {__version__}"
FOREIGN = """\
[build-system]
requires = ["setuptools"]
[project]
name = "netlib"
version = "1"
[tool.setuptools]
packages = ["netlib", "gui"]
"""


def _pip(folder: Path, env: dict[str, str]) -> Path:
    return install(folder, env) / COMMAND


def _pipx(folder: Path, env: dict[str, str]) -> Path:
    call(sys.executable, "-m", "pipx", "install", folder, env=env, cwd=folder)
    return Path(env["PIPX_BIN_DIR"], COMMAND)


def _uv(folder: Path, env: dict[str, str]) -> Path:
    call(Path(sys.executable).with_name("uv"), "tool", "install", folder, env=env, cwd=folder)
    return Path(env["UV_TOOL_BIN_DIR"], COMMAND)


@pytest.mark.parametrize("installer", [_pip, _pipx, _uv])
def test_the_source_folder_installs_and_plays_the_demo(
    installer: Callable[[Path, dict[str, str]], Path], wheelhouse: Path, tmp_path: Path
) -> None:
    env = fresh(tmp_path / "home", wheelhouse)
    command = installer(copy_house(tmp_path / "source"), env)
    assert call(command, "--version", env=env, cwd=tmp_path).strip() == SAID
    assert "已接收" in call(command, "demo", env=env, cwd=tmp_path)


def test_the_wheel_plays_the_demo_and_pip_lists_one_folder(installed: Installed) -> None:
    assert "已接收" in installed.run(installed.command, "demo")
    shown = installed.run(installed.python, "-m", "pip", "show", "-f", "socketboard")
    files = [Path(line.strip()) for line in shown.partition("Files:\n")[2].splitlines()]
    script = [file for file in files if file.parts[0] == ".."]
    assert [file.parts[-2:] for file in script] == [(BIN, COMMAND)]
    assert {file.parts[0] for file in files if file not in script} == {
        "socketboard",
        f"socketboard-{__version__}.dist-info",
    }


def test_the_recorded_cases_are_installed(installed: Installed) -> None:
    assert "window 0" in installed.run(installed.command, "ladder", "case:zero-window")


def test_the_lessons_and_experiments_are_installed(installed: Installed) -> None:
    played = installed.run(installed.command, "lesson", "handshake", "--auto")
    assert re.search(r"Proven: (\d+) of \1 steps", played)
    experiment = "one-send-one-receive"
    assert "1 of 1" in installed.run(installed.command, "experiment", experiment, "--auto")


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_case_happens_anew_in_a_network_of_its_own(installed: Installed, tmp_path: Path) -> None:
    """Be root, or where user namespaces are permitted: it starts itself there."""
    made = str(tmp_path / "here")
    installed.run(installed.command, "recording", "--record-case", "handshake", "-o", made)
    assert "SYN" in installed.run(installed.command, "ladder", made)


def test_the_module_is_the_command(installed: Installed) -> None:
    module = (installed.python, "-m", "socketboard")
    assert installed.run(*module, "--version").strip() == SAID
    assert installed.run(*module, "--help") == installed.run(installed.command, "--help")
    assert installed.run(installed.command, "--help").startswith("usage: socketboard")
    assert "套接字" in installed.run(installed.command, "--lang", "zh", "--help")


@pytest.mark.parametrize("wrong", [[], ["conect"]], ids=["window", "usage"])
def test_what_cannot_be_is_told_with_2(installed: Installed, wrong: list[str]) -> None:
    result = subprocess.run(
        [installed.command, *wrong],
        env=installed.env,
        cwd=installed.home,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert ("conect" if wrong else "--help") in result.stderr


def test_another_package_named_netlib_neither_disturbs_nor_is_disturbed(
    installed: Installed, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign"
    for name in ("netlib", "gui"):
        (foreign / name).mkdir(parents=True)
        (foreign / name / "__init__.py").write_text(f"WHOSE = 'another {name}'\n")
    (foreign / "pyproject.toml").write_text(FOREIGN)
    installed.run(installed.python, "-m", "pip", "install", "--quiet", foreign)
    try:
        theirs = "import socketboard, netlib, gui; print(netlib.WHOSE, gui.WHOSE, sep=', ')"
        assert installed.run(installed.python, "-c", theirs) == "another netlib, another gui\n"
        assert "已接收" in installed.run(installed.command, "demo")
        nearer = {**installed.env, "PYTHONPATH": str(foreign)}
        module = (installed.python, "-m", "socketboard", "--version")
        assert call(*module, env=nearer, cwd=foreign).strip() == SAID
    finally:
        installed.run(installed.python, "-m", "pip", "uninstall", "--quiet", "--yes", "netlib")
    assert installed.run(installed.command, "--version").strip() == SAID
