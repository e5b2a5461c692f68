"""The house keeps its shape: which way imports point, and how large things may grow.

The rules are the tables at the top; DESIGN.md section 1 says why. A new module of netlib gets its
place in `LAYERS`, a new gui module that needs the toolkit gets its place in `TOOLKIT`.
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

HOUSE = Path(__file__).resolve().parent.parent

LAYERS: tuple[set[str], ...] = (
    # Pure: bytes and values in, bytes and values out.
    {"address", "errors", "events", "event_json", "explain", "facts", "framing", "http", "i18n"}
    | {"lines", "narrate", "ntp", "query", "services", "spans", "text"}
    | {"value", "protocols", "teaching"},
    # One door each to the operating system: sockets, threads, files.
    {"sockets", "interfaces", "draft", "recorder", "system"},
    {"engine", "resolver", "holder", "dial", "tcp", "stream", "datagram", "door"},
    {"journal", "recording", "search", "export", "keep"},
    {"activity", "figures", "activities"},
    # Activities: a service or a dialogue wired to streams and datagrams.
    {"server", "client", "udp_client", "time_client"},
    {"network"},
    {"cli", "__main__"},
)
"""Modules of netlib, lowest first; an import points down or stays in its layer."""
PURE = LAYERS[0]
IMPURE_IMPORTS = {"socket", "threading", "time", "random", "select", "selectors", "ssl"}
IMPURE_BUT_ALLOWED = {("netlib.errors", "socket"), ("netlib.protocols.tls", "ssl")}
"""errors reads socket's exception types and EAI_ numbers; TLS runs over memory, not sockets."""
SYSTEM_DOORS = {"netlib.system.sockets", "netlib.system.poller", "netlib.i18n"}
"""The modules that may ask which platform this is (i18n: Windows names its languages otherwise)."""

TOOLKIT = {"gui.app", "gui.pump", "gui.tabs", "gui.widgets", "gui.translated"}
TOOLKIT |= {
    "gui.demo",
    "gui.main_window",
    "gui.help",
    "gui.theme.rescale",
    "gui.theme.style_sheet",
    "gui.theme.theme",
}
TOOLKIT |= {"gui.recording_files", "gui.recording_window", "gui.tabs.registry"}
TOOLKIT |= {"gui.context", "gui.main_window", "gui.recording_files", "gui.translated", "gui.views"}
"""Where tkinter may be imported; whatever lies below a listed package may too."""
NO_TOOLKIT = {"gui.models.rows"}
LATE = {"asyncio", "psutil", "ssl", "sqlite3", "h11", "netlib.cli"}
"""What must not be loaded before the first window is drawn."""
SQL = ("SELECT ", "PRAGMA ", "VACUUM ", "DELETE FROM ")
PRINTERS = {"netlib.cli", "netlib.__main__"}
WAITERS = {
    "gui.app": "the network is opened when the first picture has been drawn",
    "gui.tabs.server_form": "what is wrong is said beside a field that has only now been shown",
    "gui.demo": "a picture is taken of what has been drawn",
}
"""Who may wait for the window to be laid out, and why. Never to show a tab: that took for ever."""
TOLD_THEIR_SIZE = {
    "gui.widgets.fit": "the one way to adapt to a width",
    "gui.widgets.split": "places its sash; it asks for next to nothing, and so do its panes",
    "gui.widgets.table": "fills its lines again, which changes neither columns nor lines asked for",
    "gui.views.row_list": "draws its rows again into a text that asks for one character",
    "gui.widgets.bubble": "takes away a word that is laid over the window",
}
"""Who may do something when a size changes, and why it cannot change that size."""

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


def _layer(name: str) -> int:
    short = name.split(".")[1]
    return next((level for level, layer in enumerate(LAYERS) if short in layer), -1)


def test_every_module_of_netlib_has_a_layer() -> None:
    assert [module.name for module in NETLIB if _layer(module.name) < 0] == []


def test_imports_inside_netlib_point_down() -> None:
    wrong = [
        f"{module.name} → {imported}"
        for module in NETLIB
        for imported in imports(module.name)
        if imported.startswith("netlib.") and _layer(imported) > _layer(module.name) >= 0
    ]
    assert wrong == []


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
        if module.name.split(".")[1] in PURE
        for root in _roots(module.name) & IMPURE_IMPORTS
        if (module.name, root) not in IMPURE_BUT_ALLOWED
    ]
    assert wrong == []


def test_tkinter_stays_with_the_toolkit() -> None:
    wrong = [
        module.name
        for module in PRODUCT
        if "tkinter" in _roots(module.name)
        and (not module.within(*TOOLKIT) or module.within(*NO_TOOLKIT))
    ]
    assert wrong == []


def test_window_and_command_line_reach_sockets_only_through_the_facade() -> None:
    below = {f"netlib.{name}" for name in ("sockets", "tcp", "stream", "door")}
    wrong = [
        f"{module.name} → {imported}"
        for module in PRODUCT
        if module.within("main", "gui", *(f"netlib.{name}" for name in LAYERS[-1]))
        for imported in imports(module.name) & below
    ]
    assert wrong == []


def test_models_and_settings_know_no_toolkit_module() -> None:
    wrong = [
        f"{module.name} → {imported}"
        for module in PRODUCT
        if module.within("gui.models", "gui.settings")
        for imported in (imports(module.name) & MODULES.keys()) - NO_TOOLKIT
        if MODULES[imported].within(*TOOLKIT)
    ]
    assert wrong == []


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
        if not module.within(*PRINTERS) and not module.name.startswith("netlib.cli_")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert wrong == []


def test_only_the_doors_to_the_system_ask_which_platform_this_is() -> None:
    questions = {"sys.platform", "os.name", "platform.system"}
    wrong = [
        module.name
        for module in NETLIB
        if module.name not in SYSTEM_DOORS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in questions
    ]
    assert wrong == []


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
