"""A fresh Windows for a built program: a wine prefix of its own, in one language."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.frozen.driver import DIST
from tests.peers import program

WINE, SERVER = Path("/usr/lib/wine/wine64"), Path("/usr/lib/wine/wineserver64")
BAT = "@set LC_ALL=\r\n@%*\r\n"
"""Starts what follows as a double click does: without a word about languages in its environment."""


class Language(NamedTuple):
    """What makes a Windows Chinese: a locale here; and the folder the program lies in."""

    name: str
    locale: str
    folder: str
    title: str


ENGLISH = Language("en", "C.UTF-8", "Program Files", "Socketboard")
CHINESE = Language("zh", "zh_CN.UTF-8", "U盘 课堂", "插座板")


class Windows:
    """A Windows that has never seen the program, with the program copied to it."""

    def __init__(self, home: Path, display: str, language: Language) -> None:
        self.language, self._drive = language, home / "prefix" / "drive_c"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "DISPLAY": display,
            "LC_ALL": language.locale,
            "LOCPATH": str(home),
            "WINEPREFIX": str(home / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",
        }
        localedef = [program("localedef"), "-i", "zh_CN", "-f", "UTF-8", str(home / "zh_CN.UTF-8")]
        subprocess.run(localedef, check=True, timeout=60)
        self._boot("--init")
        self._quietly(WINE, "winecfg", "/v", "win10")
        self._clean = set(self._temporary())
        place = self._drive / language.folder
        place.mkdir(exist_ok=True)
        shutil.copytree(DIST / "Socketboard", place / "Socketboard")
        shutil.copy2(DIST / "Socketboard.exe", place)
        (self._drive / "start.bat").write_bytes(BAT.encode())

    def window(self, path: str) -> Sequence[str | Path]:
        """Return the command that starts a window program of `dist` as a double click does."""
        return [WINE, "cmd", "/c", r"C:\start.bat", self._path(path)]

    def console(self, *arguments: str) -> Sequence[str | Path]:
        """Return the command that runs the command line."""
        return [WINE, self._path(r"Socketboard\socketboard-cli.exe"), *arguments]

    def scale(self, percent: int) -> None:
        """Have the screen scaled, as after signing in again."""
        key = ("HKCU\\Control Panel\\Desktop", "/v", "LogPixels", "/t", "REG_DWORD", "/f")
        self._quietly(WINE, "reg", "add", *key, "/d", str(96 * percent // 100))
        self.shut_down()
        self._boot()

    def settings(self, text: str) -> None:
        """Put settings where the program will look for them."""
        (local,) = self._drive.glob("users/*/AppData/Local")
        (local / "Socketboard").mkdir(exist_ok=True)
        (local / "Socketboard" / "settings.json").write_text(text, encoding="utf-8")

    def left_behind(self) -> list[str]:
        """Name what programs have left in the temporary folder."""
        return sorted(set(self._temporary()) - self._clean)

    def shut_down(self) -> None:
        """End wine's services."""
        self._quietly(SERVER, "-k")
        self._quietly(SERVER, "-w")

    def _path(self, path: str) -> str:
        return f"C:\\{self.language.folder}\\{path}"

    def _temporary(self) -> list[str]:
        return [path.name for path in self._drive.glob("users/*/Temp/*")]

    def _boot(self, *how: str) -> None:
        """Start wine's services, before any program whose pipe they would inherit."""
        self._quietly(SERVER, "-p")
        self._quietly(WINE, "wineboot", *how)

    def _quietly(self, *command: str | Path) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(
            command, env=self.env, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120, check=False
        )


@contextmanager
def windows(home: Path, display: str, language: Language) -> Iterator[Windows]:
    """Set up a Windows in an empty folder; shut it down and remove it at the end."""
    made = Windows(home, display, language)
    try:
        yield made
    finally:
        made.shut_down()
        shutil.rmtree(home / "prefix", ignore_errors=True)
