"""Which language the system speaks: the environment first, then what its menus are written in."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace

import pytest

from netlib.system.user_language import system_language


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variable", "value", "spoken"),
    [
        ("LANG", "zh_CN.UTF-8", "zh"),
        ("LANG", "zh_TW.Big5", "zh"),
        ("LANG", "de_DE.UTF-8", "en"),
        ("LANG", "C", "en"),
        ("LC_ALL", "zh-Hans-CN", "zh"),
        ("LANGUAGE", "zh:en", "zh"),
        ("LC_MESSAGES", "Chinese (Simplified)_China.936", "zh"),
    ],
)
def test_the_environment_says_what_the_system_speaks(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, spoken: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert system_language() == spoken


def test_the_first_variable_that_speaks_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert system_language() == "en"


def test_without_environment_the_c_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("locale.setlocale", lambda _category: "zh_CN.UTF-8")
    assert system_language() == "zh"
    monkeypatch.setattr("locale.setlocale", lambda _category: "C.UTF-8")
    assert system_language() == "en"


@pytest.mark.parametrize(
    ("identifier", "spoken"),
    [(0x0804, "zh"), (0x0404, "zh"), (0x7C04, "zh"), (0x0409, "en"), (0x0407, "en"), (0, "en")],
)
def test_windows_is_asked_for_the_language_of_its_menus_not_of_its_formats(
    monkeypatch: pytest.MonkeyPatch, identifier: int, spoken: str
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: identifier)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    formats = "Chinese (Simplified)_China.936" if spoken == "en" else "English_United States.1252"
    monkeypatch.setattr("locale.setlocale", lambda _category: formats)
    assert system_language() == spoken


class Function:
    """A function of a C library, and what it is told of its arguments."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.argtypes: object = None
        self.restype: object = None

    def __call__(self, *arguments: object) -> object:
        return self.answer(*arguments) if callable(self.answer) else self.answer


@pytest.mark.parametrize(
    ("preferred", "spoken"), [(b"zh-Hans-CN", "zh"), (b"en-CN", "en"), (None, "en")]
)
def test_macos_is_asked_for_the_first_of_its_languages(
    monkeypatch: pytest.MonkeyPatch, preferred: bytes | None, spoken: str
) -> None:
    def copy(first: int, name: ctypes.Array[ctypes.c_char], room: int, encoding: int) -> bool:
        assert (first, room >= 100, encoding) == (7, True, 0x08000100)
        assert preferred is not None
        name.value = preferred
        return True

    core = SimpleNamespace(
        CFLocaleCopyPreferredLanguages=Function(5),
        CFArrayGetCount=Function(0 if preferred is None else 2),
        CFArrayGetValueAtIndex=Function(lambda array, index: {(5, 0): 7}[array, index]),
        CFStringGetCString=Function(copy),
    )
    monkeypatch.setattr(ctypes, "CDLL", lambda path: core if "CoreFoundation" in path else None)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("locale.setlocale", lambda _category: "C")
    assert system_language() == spoken
    assert core.CFLocaleCopyPreferredLanguages.restype is ctypes.c_void_p
