"""What `make wheel` has built, a copy of the repository, and environments nobody has used before.

The tools and all that is installed with them are those of requirements/wheel.txt, fetched once;
no test asks a package registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent.parent
BIN = "Scripts" if sys.platform == "win32" else "bin"
COMMAND = "socketboard.exe" if sys.platform == "win32" else "socketboard"


def call(*command: str | Path, env: dict[str, str], cwd: Path) -> str:
    """Run a program to its end; it must end well. Return what it printed."""
    result = subprocess.run(
        command, env=env, cwd=cwd, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout


def tracked() -> set[str]:
    """Return the name of every file of the repository."""
    listing = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, check=True)
    return set(listing.stdout.decode().splitlines())


def copy_house(to: Path) -> Path:
    """Copy the repository, without its history; return the folder."""
    for name in tracked():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOUSE / name, to / name)
    return to


@pytest.fixture(scope="session")
def wheel() -> Path:
    """The wheel that was built."""
    return _built("*.whl")


@pytest.fixture(scope="session")
def sdist() -> Path:
    """The source archive that was built."""
    return _built("*.tar.gz")


def _built(pattern: str) -> Path:
    found = list((HOUSE / "dist").glob(pattern))
    assert len(found) == 1, f"not one dist/{pattern} but {found}. Run `make wheel` first."
    return found[0]


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of requirements/wheel.txt."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet")
    pinned = HOUSE / "requirements" / "wheel.txt"
    where = ("--require-hashes", "--requirement", pinned, "--dest", folder)
    call(*pip, *where, env=dict(os.environ), cwd=folder)
    return folder


def fresh(home: Path, wheelhouse: Path) -> dict[str, str]:
    """Return the environment of somebody who has installed nothing yet, in the folder `home`."""
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "en",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "PIPX_DEFAULT_PYTHON": sys.executable,
        "PIPX_HOME": str(home / "pipx"),
        "PIPX_BIN_DIR": str(home / BIN),
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheelhouse),
        "UV_PYTHON": sys.executable,
        "UV_TOOL_BIN_DIR": str(home / BIN),
    }


class Installed:
    """An environment with the wheel in it."""

    def __init__(self, env: dict[str, str], programs: Path) -> None:
        self.env, self.home = env, Path(env["HOME"])
        self.command, self.python = programs / COMMAND, programs / "python"

    def run(self, *command: str | Path) -> str:
        """Run a program of this environment; it must end well. Return what it printed."""
        return call(*command, env=self.env, cwd=self.home)


@pytest.fixture(scope="session")
def installed(wheel: Path, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment that was made for it."""
    env = fresh(tmp_path_factory.mktemp("installed") / "home", wheelhouse)
    return Installed(env, install(wheel, env))


def install(what: Path, env: dict[str, str]) -> Path:
    """Install with pip into a new environment below HOME; return the folder of its programs."""
    home = Path(env["HOME"])
    call(sys.executable, "-m", "venv", home / "venv", env=env, cwd=home)
    programs = home / "venv" / BIN
    call(programs / "python", "-m", "pip", "install", "--quiet", what, env=env, cwd=home)
    return programs
