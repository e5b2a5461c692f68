"""Programs in Go: laid out as gofmt does, where that is present; refused where there is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.teaching.code.go import program
from netlib.teaching.code.tasks import Chat, Serve, Task
from tests.tasks import TASKS


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_it_is_laid_out_as_gofmt_does(task: Task) -> None:
    text = program(task)
    assert text.startswith("package main\n\nimport (\n")
    if shutil.which("gofmt") is not None:
        done = subprocess.run(["gofmt"], input=text.encode(), capture_output=True, check=False)
        assert done.stderr == b""
        assert done.stdout.decode() == text


@pytest.mark.peers
def test_go_compiles_each(tmp_path: Path) -> None:
    if shutil.which("go") is None:
        pytest.skip("Go is not on this computer")
    (tmp_path / "go.mod").write_text("module shown\n\ngo 1.20\n", "utf-8")
    for number, task in enumerate(TASKS):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "main.go").write_text(program(task), "utf-8")
    done = subprocess.run(["go", "vet", "./..."], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_what_gos_library_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="gbk"):
        program(Chat(Endpoint("h", 1), encoding="gbk"))
    with pytest.raises(ValueError, match="smoke"):
        program(Serve("smoke", "", 1))
