"""Where is X tested? In test_X.py: every module of netlib that does something has such a file."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).resolve().parent.parent

ABOUT_NETLIB = ("unit", "property", "sockets")
"""The folders that hold tests of netlib; a name is looked for in all of them."""


class Module(NamedTuple):
    """A module by its place: netlib.cli.commands.time."""

    name: str

    @property
    def plain(self) -> str:
        """The shortest name of its test file; one module only may have it."""
        return f"test_{self.name.rpartition('.')[2]}.py"

    @property
    def own(self) -> set[str]:
        """Names that say which module of this name is meant: test_cli_time.py."""
        *packages, last = self.name.split(".")
        return {f"test_{package}_{last}.py" for package in packages}


def does_something(tree: ast.Module) -> bool:
    """Tell whether a module has functions, or classes with methods that are not only promised."""
    return any(
        isinstance(node, ast.FunctionDef) or (isinstance(node, ast.ClassDef) and _has_methods(node))
        for node in tree.body
    )


def _has_methods(node: ast.ClassDef) -> bool:
    promised = any(ast.unparse(base).startswith("Protocol") for base in node.bases)
    return not promised and any(isinstance(part, ast.FunctionDef) for part in node.body)


def modules_that_do_something() -> Iterator[Module]:
    for path in sorted((HOUSE / "netlib").rglob("*.py")):
        if does_something(ast.parse(path.read_text(encoding="utf-8"))):
            parts = path.relative_to(HOUSE).with_suffix("").parts
            yield Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def without_a_file(modules: Iterator[Module], files: set[str]) -> list[str]:
    """Return the modules that no file is named after; a plain name counts for one module."""
    sharing = defaultdict[str, list[str]](list)
    for module in modules:
        if not module.own & files:
            sharing[module.plain].append(module.name)
    return [
        name
        for plain, names in sharing.items()
        for name in (names if len(names) > 1 or plain not in files else [])
    ]


def test_every_module_of_netlib_with_behaviour_has_a_test_file_of_its_name() -> None:
    files = {
        path.name for folder in ABOUT_NETLIB for path in (HOUSE / "tests" / folder).glob("test_*")
    }
    missing = without_a_file(modules_that_do_something(), files)
    assert missing == [], "test_NAME.py; where two share a name, test_FOLDER_NAME.py"


def test_of_two_modules_of_one_name_only_one_may_have_the_plain_name() -> None:
    modules = [Module("netlib.services.time"), Module("netlib.cli.commands.time")]
    assert without_a_file(iter(modules), {"test_time.py"}) == [one.name for one in modules]
    assert without_a_file(iter(modules), {"test_time.py", "test_cli_time.py"}) == []
    assert without_a_file(iter(modules[:1]), {"test_services_time.py"}) == []
    assert without_a_file(iter(modules[:1]), {"test_time_query.py"}) == [modules[0].name]


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ("LIMIT = 3", False),
        ("class A(Enum):\n    B = 1", False),
        ("class A(NamedTuple):\n    b: int", False),
        ("class A(Protocol):\n    def b(self) -> None: ...", False),
        ("class A(NamedTuple):\n    def b(self) -> int: return 1", True),
        ("class A:\n    def b(self) -> int: return 1", True),
        ("def a() -> None: ...", True),
    ],
)
def test_a_module_that_only_declares_needs_no_test(source: str, does: bool) -> None:
    assert does_something(ast.parse(source)) is does


def test_named_tuples_are_made_with_netlib_value_which_loads_faster_than_typing() -> None:
    taken_from_typing = [
        path.relative_to(HOUSE).as_posix()
        for top in ("netlib", "gui")
        for path in (HOUSE / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "typing"
        if "NamedTuple" in {alias.name for alias in node.names}
    ]
    assert taken_from_typing == ["netlib/value.py"]
