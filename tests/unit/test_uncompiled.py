"""No compiled package is needed: window, server and demo without any, in a program of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import files

import pytest

from tests.test_architecture import HOUSE

SUFFIXES = tuple(EXTENSION_SUFFIXES)

BLOCK = """
import sys
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder

class NoCompiledPackage:
    '''Hides what is compiled and lies among installed packages; not Python's own library.'''

    @staticmethod
    def find_spec(name, path=None, target=None):
        found = PathFinder.find_spec(name, path, target)
        origin = (found.origin or "") if found else ""
        compiled = origin.endswith(tuple(EXTENSION_SUFFIXES))
        if name.partition(".")[0] == "psutil" or compiled and "site-packages" in origin:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, NoCompiledPackage)
"""
SERVES = """
import socket, time
from netlib import ActivityStopped, Failed, Listening, Network, ServerConfig, Transport, interfaces
from netlib.system.port_owner import port_owner

def first(kind):
    until = time.perf_counter() + 20
    while time.perf_counter() < until:
        for event in network.poll():
            if isinstance(event, kind):
                return event
        time.sleep(0.002)
    raise SystemExit(f"no {kind}")

network = Network()
network.serve(ServerConfig(service="echo", transport=Transport.TCP, host="127.0.0.1", port=0))
port = first(Listening).local.port
with socket.create_connection(("127.0.0.1", port)) as client:
    client.sendall(b"hello\\n")
    assert client.recv(100) == b"hello\\n"
interfaces()
network.serve(ServerConfig(service="echo", transport=Transport.TCP, host="127.0.0.1", port=port))
assert first(Failed).error.service == "echo"
port_owner(port, Transport.TCP)
assert network.close(10)
"""


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("import gui.app, gui.quitting, gui.help, gui.projector", id="window"),
        pytest.param(SERVES, id="server"),
        pytest.param("from netlib import cli; sys.exit(cli.main(['demo']))", id="demo"),
        pytest.param("from netlib import cli; sys.exit(cli.main(['udp', '--help']))", id="help"),
    ],
)
def test_it_works_without_any_compiled_package(what: str) -> None:
    command = [sys.executable, "-c", BLOCK + what]
    result = subprocess.run(
        command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["psutil", "librt.internal"])
def test_such_packages_are_hidden(name: str) -> None:
    code = f"{BLOCK}\ntry:\n    import {name}\nexcept ModuleNotFoundError:\n    print('hidden')"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.stdout == "hidden\n", result.stderr


def test_no_package_that_is_asked_for_is_compiled() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split("[<>=~!]", wanted)[0] for wanted in project["dependencies"]]
    held = {name: [str(one) for one in files(name) or ()] for name in names}
    assert all(held.values())
    compiled = {name: [one for one in held[name] if one.endswith(SUFFIXES)] for name in names}
    assert not any(compiled.values()), compiled
