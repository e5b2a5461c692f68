"""`main.py` chooses between window and command line, and says what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

_HOUSE = Path(__file__).resolve().parent.parent.parent


def _python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=_HOUSE, capture_output=True, text=True, check=False)


def test_without_tkinter_one_line_says_what_to_install() -> None:
    result = _python("import sys, main; sys.modules['tkinter'] = None; sys.exit(main.main([]))")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "The window needs Tk: " in result.stderr  # and what to do, in the words of each system


def test_the_command_line_works_without_tkinter() -> None:
    result = _python("import sys, main; sys.modules['tkinter'] = None; main.main(['--help'])")
    assert result.returncode == 0
    assert "serve" in result.stdout


def test_a_program_without_standard_streams_survives_printing() -> None:
    code = (
        "import sys, types, main, gui.windowed, gui.__main__ as start\n"
        "keep, sys.stdout, sys.stderr = sys.stderr, None, None\n"
        "start.sys = types.SimpleNamespace(platform='win32', stdout=None)  # there that may be\n"
        "gui.windowed.refers_to_console = lambda _arguments: False  # Windows waits for an answer\n"
        "try: main.main(['--help'])\n"
        "except SystemExit as end: keep.write(f'ended with {end.code or 0}')\n"
        "else: keep.write('ended with 0')"
    )
    assert _python(code).stderr == "ended with 0"


def test_at_its_end_no_memory_is_searched_for_garbage() -> None:
    code = (
        "import atexit, gc, main\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"
        "main.main(['--version'])"
    )
    result = _python(code)
    assert result.stdout.splitlines()[-1] == "True", result.stderr


def test_the_installed_command_is_one_and_starts_what_main_starts() -> None:
    project = tomllib.loads((_HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"socketboard": "socketboard.__main__:main"}
    assert "gui-scripts" not in project
    result = _python("import sys, main; sys.argv[1:] = ['-V']; sys.exit(main.main())")
    assert (result.returncode, result.stdout.split()[0]) == (0, "socketboard")
    wrong = [sys.executable, "-m", "gui", "conect"]
    result = subprocess.run(wrong, cwd=_HOUSE, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "'conect'" in result.stderr


def test_the_installed_program_runs_what_lies_inside_it_and_imports_nothing_else(
    tmp_path: Path,
) -> None:
    shutil.copytree(_HOUSE / "gui" / "installed", tmp_path / "socketboard")
    for folder, ending in ((tmp_path, 1), (tmp_path / "socketboard", 7)):
        (folder / "gui").mkdir()
        (folder / "gui" / "__init__.py").touch()
        (folder / "gui" / "__main__.py").write_text(f"def main(): return {ending}", "utf-8")
    module = [sys.executable, "-m", "socketboard"]
    assert subprocess.run(module, cwd=tmp_path, check=False).returncode == 7
    imported = [sys.executable, "-c", "import socketboard, gui.__main__ as gui; exit(gui.main())"]
    assert subprocess.run(imported, cwd=tmp_path, check=False).returncode == 1
