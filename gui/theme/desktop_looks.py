"""What Windows is told of a window, and asked about how windows shall look; nothing elsewhere.

Everything here is a wish: where Windows is too old for it, or says nothing, all stays as it is.
"""

from __future__ import annotations

import sys
import tkinter as tk
from contextlib import suppress
from typing import Final

from gui.theme.palette import SystemColours

APP_ID: Final = "Socketboard.Socketboard"
"""By this the task bar groups our windows under our icon, and not under Python's."""
_SETTINGS: Final = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
_DARK_TITLE: Final = (20, 19)
"""DWMWA_USE_IMMERSIVE_DARK_MODE, and its number before Windows 10 2004."""
_GET_HIGH_CONTRAST: Final = 0x42
"""SPI_GETHIGHCONTRAST."""
_ON: Final = 0x1
"""HCF_HIGHCONTRASTON."""
_ABSENT: Final = (AttributeError, OSError)
"""What asking a library of Windows ends with that has no such function, or refuses."""


_INDEXES: Final = (5, 8, 17, 13, 14, 26)
"""Arguments of GetSysColor, e.g. COLOR_WINDOW."""


def make_dpi_aware() -> None:
    """Ask Windows for real pixels instead of a stretched picture; call before the first window."""
    if sys.platform == "win32":
        import ctypes

        with suppress(*_ABSENT):  # Windows before 8.1, or already decided by a manifest
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def name_application() -> None:
    """Tell the task bar which program this is; call before the first window."""
    if sys.platform == "win32":
        import ctypes

        with suppress(*_ABSENT):
            ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(APP_ID))


def take_own_icon(root: tk.Tk) -> bool:
    """Give all windows the icon of the executable, sharp at every size; False: it has none."""
    if sys.platform != "win32" or not getattr(sys, "frozen", False):
        return False
    with suppress(tk.TclError):
        root.tk.call("wm", "iconbitmap", ".", "-default", sys.executable)
        return True
    return False


def prefers_dark() -> bool:
    """Tell whether the user wants programs dark."""
    if sys.platform == "win32":
        import winreg

        with suppress(*_ABSENT), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SETTINGS) as key:
            return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
    return False


def dress_title(frame: int, *, dark: bool) -> None:
    """Make the title line of a window dark or light; `frame` is what `wm frame` tells of it."""
    if sys.platform == "win32":
        import ctypes

        value = ctypes.c_int(dark)
        with suppress(*_ABSENT):
            for attribute in _DARK_TITLE:
                size = ctypes.sizeof(value)
                if not ctypes.windll.dwmapi.DwmSetWindowAttribute(
                    ctypes.c_void_p(frame), attribute, ctypes.byref(value), size
                ):
                    return


def high_contrast() -> SystemColours | None:
    """Return the colours of high contrast; None: the user has not asked for it."""
    if sys.platform == "win32":
        import ctypes

        class HighContrast(ctypes.Structure):
            _fields_ = (
                ("size", ctypes.c_uint32),
                ("flags", ctypes.c_uint32),
                ("scheme", ctypes.c_void_p),
            )

        asked = HighContrast(ctypes.sizeof(HighContrast), 0, None)
        with suppress(*_ABSENT):
            user32 = ctypes.windll.user32
            told = user32.SystemParametersInfoW(
                _GET_HIGH_CONTRAST, asked.size, ctypes.byref(asked), 0
            )
            if told and asked.flags & _ON:
                return SystemColours(*(_rgb(user32.GetSysColor(one)) for one in _INDEXES))
    return None


def _rgb(colour: int) -> str:
    """Turn Windows' 0x00bbggrr into `#rrggbb`."""
    return f"#{colour & 0xFF:02x}{colour >> 8 & 0xFF:02x}{colour >> 16 & 0xFF:02x}"
