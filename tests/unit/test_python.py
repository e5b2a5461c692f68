"""Programs in Python: each is one that Python reads, and each imports all it names, no more."""

from __future__ import annotations

import ast

import pytest

from netlib.teaching.code.python import program
from netlib.teaching.code.tasks import Task
from tests.tasks import TASKS


@pytest.mark.parametrize("task", TASKS, ids=str)
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
    modules |= {"struct", "random", "itertools", "contextlib", "codecs", "asyncio"}
    assert used & modules <= imported
