"""Programs for a POSIX shell: sh reads each without a complaint."""

from __future__ import annotations

import subprocess

import pytest

from netlib.teaching.code.shell import program
from netlib.teaching.code.tasks import Fetch, Task
from tests.tasks import TASKS, URL, has_shell

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("task", [task for task in TASKS if has_shell(task)], ids=str)
def test_sh_reads_it(task: Task) -> None:
    text = program(task)
    assert text.startswith("#!/bin/sh\n")
    done = subprocess.run(["sh", "-n"], input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_curl_is_told_what_differs_from_its_own_ways_only() -> None:
    assert program(Fetch(URL)) == (
        "#!/bin/sh\ncurl -sS -i --connect-timeout 10 --globoff 'http://localhost:8000/a?b=1'\n"
    )
    assert "-X" not in program(Fetch(URL, "POST", body=b"x"))


@pytest.mark.parametrize("task", [task for task in TASKS if not has_shell(task)], ids=str)
def test_what_these_tools_cannot_do_is_refused(task: Task) -> None:
    with pytest.raises(ValueError, match=r"."):
        program(task)
