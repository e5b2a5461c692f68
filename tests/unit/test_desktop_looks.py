"""What Windows is told of a window and asked about looks, by a Windows that is played here."""

from __future__ import annotations

import ctypes
import sys
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from gui.theme import desktop_looks
from gui.theme.desktop_looks import (
    APP_ID,
    dress_title,
    high_contrast,
    make_dpi_aware,
    name_application,
    prefers_dark,
)
from gui.theme.palette import SystemColours


class Windows:
    """What it was told, and what it answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[object] = []
        self.refused: set[int] = set()
        self.contrast = 0
        self.light: int | None = 1
        libraries = SimpleNamespace(
            shcore=SimpleNamespace(SetProcessDpiAwareness=self.told.append),
            shell32=SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=self.told.append),
            dwmapi=SimpleNamespace(DwmSetWindowAttribute=self.set_attribute),
            user32=SimpleNamespace(SystemParametersInfoW=self.tell, GetSysColor=self.colour),
        )
        registry = SimpleNamespace(
            HKEY_CURRENT_USER=1, OpenKey=self.open_key, QueryValueEx=lambda _key, _name: (0, 4)
        )
        registry.QueryValueEx = lambda _key, name: (self.value(name), 4)
        monkeypatch.setattr(ctypes, "windll", libraries, raising=False)
        monkeypatch.setitem(sys.modules, "winreg", registry)
        monkeypatch.setattr(sys, "platform", "win32")

    def set_attribute(self, frame: Any, attribute: int, value: Any, size: int) -> int:
        assert size == 4
        self.told.append((frame.value, attribute, value._obj.value))
        return -2147024809 if attribute in self.refused else 0

    def tell(self, what: int, size: int, asked: Any, _none: int) -> int:
        assert (what, size) == (0x42, ctypes.sizeof(asked._obj))
        asked._obj.flags = self.contrast
        return 1

    def colour(self, index: int) -> int:
        return {5: 0x000000, 8: 0xFFFFFF, 17: 0x3FF23F, 13: 0xFFEB1A, 14: 0, 26: 0x00FFFF}[index]

    def open_key(self, _root: int, path: str) -> AbstractContextManager[None]:
        if self.light is None or not path.endswith("Personalize"):
            raise FileNotFoundError
        return nullcontext()

    def value(self, name: str) -> int | None:
        return self.light if name == "AppsUseLightTheme" else None


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    return Windows(monkeypatch)


def test_the_task_bar_is_told_which_program_this_is(windows: Windows) -> None:
    make_dpi_aware()
    name_application()
    density, name = windows.told
    assert density == 1
    assert isinstance(name, ctypes.c_wchar_p)
    assert name.value == APP_ID


@pytest.mark.parametrize("dark", [True, False])
def test_the_title_line_is_as_dark_as_the_window(windows: Windows, dark: bool) -> None:
    dress_title(0x50A2C, dark=dark)
    assert windows.told == [(0x50A2C, 20, int(dark))]


def test_an_older_windows_is_told_by_the_older_number(windows: Windows) -> None:
    windows.refused = {20}
    dress_title(7, dark=True)
    assert windows.told == [(7, 20, 1), (7, 19, 1)]


@pytest.mark.parametrize(("light", "dark"), [(0, True), (1, False), (None, False)])
def test_the_first_start_is_as_dark_as_other_programs(
    windows: Windows, light: int | None, dark: bool
) -> None:
    windows.light = light
    assert prefers_dark() is dark


@pytest.mark.parametrize("flags", [0x7E, 0])
def test_without_high_contrast_the_colours_are_ours(windows: Windows, flags: int) -> None:
    windows.contrast = flags
    assert high_contrast() is None


def test_the_colours_of_high_contrast_are_red_green_blue(windows: Windows) -> None:
    windows.contrast = 0x7F
    assert high_contrast() == SystemColours(
        "#000000", "#ffffff", "#3ff23f", "#1aebff", "#000000", "#ffff00"
    )


def test_a_windows_without_these_functions_is_no_error(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = SimpleNamespace()
    names = ("shcore", "shell32", "dwmapi", "user32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(**dict.fromkeys(names, empty)))
    windows.light = None
    make_dpi_aware()
    name_application()
    dress_title(1, dark=True)
    assert (high_contrast(), prefers_dark()) == (None, False)


@pytest.mark.skipif(sys.platform == "win32", reason="asks this Windows")
def test_elsewhere_nothing_is_asked() -> None:
    make_dpi_aware()
    name_application()
    dress_title(1, dark=True)
    assert (desktop_looks.high_contrast(), desktop_looks.prefers_dark()) == (None, False)
