"""Whether a command can have a network of its own here, and why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netlib.system import namespace
from netlib.system.namespace import (
    NoNamespaceError,
    environment,
    is_new_network,
    namespace_command,
    this_program,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")


@linux
def test_a_command_has_a_network_in_which_nothing_is_set_up() -> None:
    program, variables = this_program()
    code = "from netlib.system.namespace import is_new_network; print(is_new_network())"
    call = [*namespace_command(), *program[:-2], "-c", code]
    told = subprocess.run(
        call, capture_output=True, text=True, timeout=20, check=True, env=variables
    )
    assert told.stdout == "True\n"
    assert not is_new_network(), "ours has its loopback"


def test_on_another_system_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoNamespaceError, match="this system is not Linux"):
        namespace_command()


@linux
def test_it_names_the_program_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(namespace, "MORE_FOLDERS", ())
    for name in ("unshare", "ip"):
        (tmp_path / name).symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoNamespaceError, match=r"^nft is missing$"):
        namespace_command()


@linux
def test_what_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in namespace.PROGRAMS:
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'unshare failed: \033[1mnot permitted' >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoNamespaceError, match=r"is permitted: .*not permitted") as told:
        namespace_command()
    assert "\033" not in str(told.value)


def test_what_ordinary_users_have_not_in_their_path_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    assert environment()["PATH"].split(os.pathsep) == ["/usr/bin", "/usr/sbin", "/sbin"]


def test_this_program_is_run_from_its_own_folder_wherever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "netlib.py").write_text("raise SystemExit('not ours')")
    program, variables = this_program()
    told = subprocess.run(
        [*program, "--version"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        cwd=tmp_path,
        env=variables,
    )
    assert told.stdout.startswith("socketboard ")


def test_packed_it_is_its_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert this_program()[0] == [sys.executable]
