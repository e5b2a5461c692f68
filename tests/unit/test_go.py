"""Programs in Go: laid out as gofmt does, where that is present; refused where there is none."""

from __future__ import annotations

import shutil
import subprocess

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


def test_what_gos_library_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="gbk"):
        program(Chat(Endpoint("h", 1), encoding="gbk"))
    with pytest.raises(ValueError, match="smoke"):
        program(Serve("smoke", "", 1))
