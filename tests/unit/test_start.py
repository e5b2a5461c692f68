"""A command starts without what it does not need; `make bench` says how long that takes."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.test_architecture import HOUSE, PRODUCT

TAKES_LONG = {"dataclasses", "inspect", "ast"}
"""What no command waits for: together they take longer to load than all that is ours."""

SERVING = {"netlib.services", "netlib.activities.server", "netlib.activities.serving"}
"""What a client does without."""

COMPILE_AT_ONCE = ("netlib.services", "netlib.recording")
"""Whose patterns may be compiled when they are loaded: late, and for that work."""


def _loaded_by(arguments: list[str]) -> set[str]:
    """Return what is loaded when a command has been read and is about to run."""
    code = (
        f"import sys; from netlib.cli.parser import parse; parse({arguments}); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize("command", ["chat", "connect", "http", "time", "udp"])
def test_a_client_starts_without_servers_and_without_what_takes_long_to_load(command: str) -> None:
    assert _loaded_by([command, "127.0.0.1:1"]) & (TAKES_LONG | SERVING) == set()


def test_a_server_starts_without_what_takes_long_to_load() -> None:
    assert _loaded_by(["serve", "echo"]) & TAKES_LONG == set()


def test_patterns_are_compiled_when_they_are_used() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in PRODUCT
        if not module.within(*COMPILE_AT_ONCE)
        for statement in module.tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]
    assert wrong == [], "re.search(STRING, text) compiles STRING once, and keeps it"
