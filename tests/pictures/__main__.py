"""Take the pictures: one process and one virtual screen for each size of screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tkinter as tk
from collections import defaultdict
from pathlib import Path

from gui.app import App
from netlib import language
from tests.gui.conftest import settings_in
from tests.gui.window import Window
from tests.pictures.looks import SCREENS, Look, Screen, every, pairwise
from tests.pictures.scenes import lesson, let_live
from tests.screen import virtual_screen, window_manager

TABS = ("start", "connect", "http", "kernel", "refused", "server", "chat", "time", "lesson")
REST_SECONDS = 0.45
COLUMNS = 4
"""Pictures beside each other on a contact sheet: the sizes grow downwards."""


def take(folder: Path, screen: Screen, looks: list[Look]) -> None:
    """Take the pictures of one screen, on a display of its own."""
    with (
        virtual_screen(f"{screen.width}x{screen.height}x24", screen.dpi) as display,
        window_manager(display),
        tempfile.TemporaryDirectory() as home,
    ):
        os.environ["DISPLAY"] = display
        root = tk.Tk(className="Socketboard")
        root.tk.call("tk", "scaling", screen.dpi / 72)
        app = App(root, settings_in(Path(home)))
        root.attributes("-fullscreen", True)
        root.event_generate("<Motion>", warp=True, x=screen.width - 1, y=screen.height - 1)
        with lesson(Window(app)) as scenes:
            for look in sorted(looks, key=lambda look: (look.tab, look.size, look.language)):
                _dress(app, look)
                scenes[look.tab]()
                let_live(Window(app), REST_SECONDS)
                _picture(folder / f"{look.name}.png")
        app.close()


def _dress(app: App, look: Look) -> None:
    app.theme.dress(dark=look.dark)
    app.theme.dress(size=look.size)
    if language() != look.language:
        app.switch_language()


def _picture(path: Path) -> None:
    _run("import", "-window", "root", str(path))


def contact_sheets(folder: Path, looks: list[Look]) -> None:
    """Put the pictures of each tab and screen on one sheet."""
    sheets = defaultdict(list)
    for look in looks:
        sheets[f"{look.tab}-{look.screen.name}"].append(str(folder / f"{look.name}.png"))
    for name, pictures in sheets.items():
        sheet = str(folder / f"sheet-{name}.jpg")
        _run("montage", *pictures, "-tile", f"{COLUMNS}x", "-geometry", "640x+6+6", sheet)


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} is missing: install ImageMagick")
    subprocess.run([path, *arguments], check=True, timeout=120)


def main(arguments: list[str]) -> int:
    """Take few pictures, or all; each screen in a process of its own, for Tk keeps its display."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    looks = every(TABS) if "all" in arguments else pairwise(every(TABS))
    only = next((one for one in SCREENS if one.name in arguments), None)
    if only is not None:
        take(folder, only, [look for look in looks if look.screen == only])
        return 0
    codes = []
    for screen in SCREENS:
        command = [sys.executable, "-m", "tests.pictures", *arguments, screen.name]
        codes.append(subprocess.run(command, check=False).returncode)
    if "all" in arguments and not any(codes):
        contact_sheets(folder, looks)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
