"""Programs in Python: each is one that Python reads, and each imports all it names, no more."""

from __future__ import annotations

import ast
from random import Random

import pytest

from netlib.services import Options
from netlib.services.base import LOSS, SEED
from netlib.services.pinger import Pinger
from netlib.teaching.code.python import program
from netlib.teaching.code.tasks import Serve, Task
from tests.samples import HERE
from tests.tasks import PYTHON_ONLY, TASKS


@pytest.mark.parametrize("task", TASKS + PYTHON_ONLY, ids=str)
def test_it_is_a_program_and_imports_what_it_needs(task: Task) -> None:
    tree = ast.parse(program(task))
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported <= used
    modules = {"socket", "sys", "time", "http", "ssl", "threading", "socketserver", "datetime"}
    modules |= {"struct", "random"}
    assert used & modules <= imported


def test_the_pinger_that_is_shown_loses_the_same_pings_as_ours() -> None:
    lines = program(Serve("pinger", "", 12000, udp=True, loss=0.5, seed=7)).splitlines()
    assert "random.seed(7)" in lines
    assert "    if random.random() >= 0.5:" in lines
    chance = Random(7)
    answer = Pinger(Options(now=lambda: 0.0, loss=0.5, seed=7)).answer_to(HERE)
    for number in range(100):
        assert (answer(b"%d" % number, HERE) is not None) is (chance.random() >= 0.5)


def test_what_a_server_that_is_shown_does_unless_told_otherwise_is_what_ours_does() -> None:
    usual = Serve("pinger", "", 12000)
    assert (usual.loss, usual.seed) == (LOSS, SEED)


def test_a_service_without_a_program_is_refused() -> None:
    with pytest.raises(ValueError, match="smoke"):
        program(Serve("smoke", "", 1))
