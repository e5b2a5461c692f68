"""The house keeps its shape: which way imports point, and how large things may grow.

Folders are storeys: a new module has its place by the folder it lies in. The rules are the tables
at the top; docs/design.md, section 1, says why.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import netlib
from tests.layout_rules import TOLD_THEIR_SIZE, WAITERS

HOUSE = Path(__file__).resolve().parent.parent

VOCABULARY = "vocabulary"
"""The modules that lie flat in netlib, below all folders: what all speak."""
FACE = "netlib"
"""netlib/__init__.py: the public names."""

VALUES = "netlib.value"
"""What every storey makes its own values with."""

MAY_IMPORT: dict[str, set[str]] = {
    VOCABULARY: set(),
    "system": {VOCABULARY},
    "protocols": {VOCABULARY},
    "services": {VOCABULARY, "protocols"},
    "engine": {VOCABULARY, "system", "protocols"},
    "activities": {VOCABULARY, "system", "protocols", "services", "engine"},
    "teaching": {VOCABULARY},
    "recording": {VOCABULARY, "system", "protocols", "engine", "teaching"},
    "network": {VOCABULARY, "system", "protocols", "engine", "activities"},
    FACE: {VOCABULARY, "system", "protocols", "services", "engine", "activities", "network"},
    "live_cases": {FACE, "system", "recording"},
    "lessons": {FACE, "network", "teaching", "recording", "live_cases"},
    "cli": {FACE, "network", "teaching", "recording", "live_cases", "lessons"},
    "gui.settings": {FACE},
    "gui.translated": {FACE},
    "gui.theme": set(),
    "gui.models": {FACE, "network", "teaching", "recording", "live_cases", "lessons"},
    "gui.context": {FACE, "gui.settings", "gui.theme", "gui.models"},
    "gui.widgets": {FACE, "gui.theme", "gui.translated", "gui.models"},
    "gui.views": {FACE, "recording", "teaching"}
    | {"gui.theme", "gui.translated", "gui.models", "gui.context", "gui.widgets"},
    "gui.tabs": {FACE, "network", "teaching", "gui.settings", "gui.theme", "gui.translated"}
    | {"gui.models", "gui.context", "gui.widgets", "gui.views"},
    "gui": {FACE, "teaching", "recording", "gui.settings", "gui.translated", "gui.theme"}
    | {"gui.models", "gui.context", "gui.widgets", "gui.views", "gui.tabs"},
    "gui.__main__": {FACE, "cli", "gui"},
    "gui.installed": {"gui.__main__"},
    "main": {"gui.__main__"},
    "__main__": {"cli"},
}
"""The storeys, and onto which each may step down. A folder is one; what lies flat in netlib and is
not named here is vocabulary, what lies flat in gui and is not named here belongs to the window."""

MAY_CALL_THE_COMMAND_LINE = {"cli", "gui.__main__", "__main__"}

NEVER = (
    *(("engine", storey) for storey in ("services", "teaching", "recording", "activities")),
    ("activities", "teaching"),
    ("gui.models", "gui.widgets"),
    *(
        (storey, "cli")
        for storey in MAY_IMPORT
        if storey not in {"cli", "gui.__main__", "__main__"}
    ),
)
"""What the table must not be changed to allow."""

RECORDED = ("outbox", "records", "own_sockets")
"""What a recording knows of the engine."""

ONLY = {
    ("engine", "protocols"): {"netlib.protocols.handler"},
    ("recording", "protocols"): {"netlib.protocols.pcapng"},
    ("recording", "engine"): {f"netlib.engine.{name}" for name in RECORDED},
}
"""Where a storey may step onto one room of another only."""

PURE = {VOCABULARY, "protocols", "services", "teaching"}
IMPURE_IMPORTS = {"socket", "threading", "time", "random", "select", "selectors", "ssl"}
IMPURE_BUT_ALLOWED = {
    *(("netlib.errors", "socket"), ("netlib.protocols.tls", "ssl")),
    *(("netlib.protocols.impairment", "random"), ("netlib.services.pinger", "random")),
    ("netlib.services.words", "random"),
}
"""Of random these have the class alone, with a seed that they are given: the same comes again."""
"""errors reads socket's exception types and EAI_ numbers; TLS runs over memory, not sockets."""
WITHOUT_TOOLKIT = {"gui.models", "gui.settings"}
LATE = {
    "asyncio",
    "ctypes",
    "ssl",
    "sqlite3",
    "h11",
    "markdown_it",
    "netlib.cli",
    "dataclasses",
    "inspect",
    "logging",
    "traceback",
}
"""What must not be loaded before the first window is drawn."""
CLOCKS = ("time", "monotonic", "perf_counter")
"""Those of the standard library that all go through netlib.system.clock."""
SQL = ("SELECT ", "PRAGMA ", "VACUUM ", "DELETE FROM ")
PRINTERS = {"netlib.cli", "netlib.__main__"}
FILE_LINES = 400
CLASS_METHODS = 15
FUNCTION_LINES = 40


class Module(NamedTuple):
    name: str
    path: Path
    tree: ast.Module

    def within(self, *names: str) -> bool:
        """Is this one of `names`, or inside one of these packages?"""
        return any(self.name == name or self.name.startswith(name + ".") for name in names)


def _read(path: Path) -> Module:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def _files() -> Iterator[Path]:
    yield HOUSE / "main.py"
    for folder in ("netlib", "gui", "tests"):
        yield from sorted((HOUSE / folder).rglob("*.py"))


MODULES = {module.name: module for module in map(_read, _files())}
PRODUCT = [module for module in MODULES.values() if not module.within("tests")]
NETLIB = [module for module in PRODUCT if module.within("netlib") and module.name != "netlib"]


@cache
def imports(name: str) -> frozenset[str]:
    """Return every module that `name` imports, anywhere in it; ours in full, e.g. netlib.text."""
    found: set[str] = set()
    for node in ast.walk(MODULES[name].tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}, line {node.lineno}: write imports in full"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (full & MODULES.keys()) or {node.module or ""}
    return frozenset(found)


def _roots(name: str) -> set[str]:
    return {imported.partition(".")[0] for imported in imports(name)}


def storey(name: str) -> str:
    """Return the storey of a module, by its folder."""
    top, *rest = name.split(".")
    if top == "main" or not rest:
        return top
    if top == "gui":
        return f"gui.{rest[0]}" if f"gui.{rest[0]}" in MAY_IMPORT else "gui"
    return rest[0] if rest[0] in MAY_IMPORT else VOCABULARY


def arrows() -> Iterator[tuple[Module, str]]:
    """Yield every import of one of our modules by another, as it stands."""
    for module in PRODUCT:
        for imported in sorted(imports(module.name) & MODULES.keys()):
            yield module, imported


def test_every_folder_is_a_storey_and_what_lies_flat_is_little() -> None:
    folders = {
        f"{base}{path.name}"
        for base, top in (("", "netlib"), ("gui.", "gui"))
        for path in (HOUSE / top).iterdir()
        if path.is_dir() and list(path.glob("*.py"))
    }
    assert folders <= MAY_IMPORT.keys()
    assert len(list((HOUSE / "netlib").glob("*.py"))) <= 14


def test_imports_step_down_onto_the_storeys_they_may() -> None:
    wrong = [
        f"{module.name} → {imported}"
        for module, imported in arrows()
        if imported != VALUES
        and (here := storey(module.name)) != (there := storey(imported))
        and (there not in MAY_IMPORT[here] or imported not in ONLY.get((here, there), {imported}))
    ]
    assert wrong == []


def test_the_storeys_stand_on_each_other_and_the_nevers_hold() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()  # a CycleError names the storeys
    assert [pair for pair in NEVER if pair[1] in MAY_IMPORT[pair[0]]] == []


def test_nothing_imports_in_a_circle() -> None:
    graph = {module.name: imports(module.name) & MODULES.keys() for module in PRODUCT}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_netlib_knows_no_window() -> None:
    wrong = [module.name for module in NETLIB if {"tkinter", "gui"} & _roots(module.name)]
    assert wrong == []


def test_pure_modules_touch_neither_sockets_nor_threads_nor_clocks() -> None:
    wrong = [
        (module.name, root)
        for module in NETLIB
        if storey(module.name) in PURE
        for root in _roots(module.name) & IMPURE_IMPORTS
        if (module.name, root) not in IMPURE_BUT_ALLOWED
    ]
    assert wrong == []


def test_models_and_settings_know_no_toolkit() -> None:
    wrong = [
        module.name
        for module in PRODUCT
        if "tkinter" in _roots(module.name) and module.within(*WITHOUT_TOOLKIT)
    ]
    assert wrong == []


def test_the_face_says_the_same_to_the_type_checker_and_to_the_program() -> None:
    typed = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(MODULES["netlib"].tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("netlib.")
        for alias in node.names
    }
    assert typed == {f"{module}.{name}" for name, module in netlib._WHERE.items()}
    assert [name for name in netlib._WHERE if not hasattr(netlib, name)] == []
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        netlib.nothing_of_ours  # type: ignore[attr-defined]  # noqa: B018


def test_only_the_recording_speaks_sql() -> None:
    wrong = [
        module.name
        for module in PRODUCT
        if not module.within("netlib.recording")
        if "sqlite3" in _roots(module.name)
        or any(word in module.path.read_text(encoding="utf-8") for word in SQL)
    ]
    assert wrong == []


def test_asyncio_is_nowhere() -> None:
    assert [name for name in MODULES if "asyncio" in _roots(name)] == []


def test_the_bundle_leaves_out_nothing_that_is_imported() -> None:
    spec = ast.parse((HOUSE / "build.spec").read_text(encoding="utf-8"))
    excluded: set[str] = next(
        set(ast.literal_eval(node.value))
        for node in spec.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXCLUDED"
    )
    assert [module.name for module in PRODUCT if imports(module.name) & excluded] == []


@pytest.mark.parametrize(
    ("start", "unwanted"), [("gui.app", LATE), ("netlib.cli", {"tkinter", "gui"})]
)
def test_a_start_loads_only_what_it_needs(start: str, unwanted: set[str]) -> None:
    code = f"import sys, {start}; print(*sys.modules)" if start in MODULES else ""
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=True)
    assert set(result.stdout.split()) & unwanted == set()


def test_only_the_command_line_prints() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in PRODUCT
        if not module.within(*PRINTERS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert wrong == []


def test_only_the_system_folder_asks_which_platform_this_is() -> None:
    questions = {"sys.platform", "os.name", "platform.system"}
    wrong = [
        module.name
        for module in NETLIB
        if storey(module.name) != "system"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in questions
    ]
    assert wrong == []


def test_there_is_one_clock() -> None:
    names = {f"time.{name}{end}" for name in CLOCKS for end in ("", "_ns")}
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in PRODUCT
        if module.name != "netlib.system.clock"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in names)
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
    ]
    assert wrong == [], "netlib.system.clock says why"


def test_nobody_waits_for_the_layout_without_a_reason() -> None:
    found = {
        module.name
        for module in PRODUCT
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args
        if node.func.attr in {"update", "update_idletasks"}
    }
    assert found == WAITERS.keys()


def test_layout_is_told_its_size_in_listed_places_only() -> None:
    found = {
        module.name
        for module in PRODUCT
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value == "<Configure>"
    }
    assert found == TOLD_THEIR_SIZE.keys()


def test_files_stay_small() -> None:
    lines = {
        name: len(m.path.read_text(encoding="utf-8").splitlines()) for name, m in MODULES.items()
    }
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}
    assert lines["main"] <= 40


def test_classes_stay_small() -> None:
    wrong = {
        f"{module.name}.{node.name}": count
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        if (count := sum(isinstance(part, ast.FunctionDef) for part in node.body)) > CLASS_METHODS
    }
    assert wrong == {}


def test_functions_stay_small() -> None:
    wrong = {
        f"{module.name}.{node.name}": count
        for module in MODULES.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
        if (count := _lines_without_docstring(node)) > FUNCTION_LINES
    }
    assert wrong == {}


def _lines_without_docstring(node: ast.FunctionDef) -> int:
    first = node.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_modules_and_public_names_say_what_they_are() -> None:
    assert [m.name for m in MODULES.values() if not ast.get_docstring(m.tree)] == []
    wrong = [
        f"{module.name}.{node.name}"
        for module in PRODUCT
        for node in module.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert wrong == []
