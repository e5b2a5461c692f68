"""Which of our languages the user of this computer reads."""

from __future__ import annotations

import os
import sys
from typing import Final

from netlib.i18n import Language

_ENVIRONMENT: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_PRIMARY: Final = 0x3FF
_CHINESE: Final = 0x04
"""Bits of a Windows language identifier, and their value for any Chinese (LANG_CHINESE)."""
_CORE_FOUNDATION: Final = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_UTF8: Final = 0x08000100
"""kCFStringEncodingUTF8."""


def system_language() -> Language:
    """Return "zh" where the system speaks any Chinese, else "en".

    The environment decides where it says anything (LANGUAGE first, as for gettext). Programs that
    are started by a click have none: then it is the language of menus, which is not that of dates
    and numbers.
    """
    for variable in _ENVIRONMENT:
        if value := os.environ.get(variable):
            return _spoken(value)
    if sys.platform == "win32":
        return _spoken_by_windows()
    if sys.platform == "darwin" and (preferred := _first_of_macos()):
        return _spoken(preferred)
    import locale  # only here: 2 ms that the usual start does not need

    return _spoken(locale.setlocale(locale.LC_CTYPE))


def _spoken(locale_name: str) -> Language:
    """Recognise zh_CN.UTF-8, zh-Hans, zh_TW:en and Windows' Chinese (Simplified)_China.936."""
    return "zh" if locale_name.lower().startswith(("zh", "chinese")) else "en"


def _spoken_by_windows() -> Language:
    import ctypes

    identifier: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined,unused-ignore]
    return "zh" if identifier & _PRIMARY == _CHINESE else "en"


def _first_of_macos() -> str:
    """Return the first of AppleLanguages, such as zh-Hans-CN; empty: it cannot be asked."""
    import ctypes

    try:
        core = ctypes.CDLL(_CORE_FOUNDATION)
    except OSError:
        return ""
    core.CFLocaleCopyPreferredLanguages.restype = ctypes.c_void_p
    core.CFArrayGetCount.argtypes = [ctypes.c_void_p]
    core.CFArrayGetCount.restype = ctypes.c_long
    core.CFArrayGetValueAtIndex.argtypes = [ctypes.c_void_p, ctypes.c_long]
    core.CFArrayGetValueAtIndex.restype = ctypes.c_void_p
    core.CFStringGetCString.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p),
        *(ctypes.c_long, ctypes.c_uint32),
    ]
    languages = core.CFLocaleCopyPreferredLanguages()
    if not languages or not core.CFArrayGetCount(languages):
        return ""
    name = ctypes.create_string_buffer(100)
    first = core.CFArrayGetValueAtIndex(languages, 0)
    core.CFStringGetCString(first, name, len(name), _UTF8)
    return name.value.decode("utf-8", "replace")
