"""What people type, install and press, by system: the one table of such words.

`{endpoint}` is HOST:PORT as it is typed, `{host}` and `{port}` its halves.
"""

from __future__ import annotations

import sys
from typing import Final, Literal

from netlib.i18n import N_

Key = Literal["tcp", "udp", "font", "tk", "serve", "capture"]

_UNIX: Final[dict[Key, str]] = {
    "tcp": "nc {host} {port}",
    "udp": "nc -u {host} {port}",
    "font": N_("No Chinese font is installed here; for example: fonts-noto-cjk."),
    "tk": N_(
        "The window needs Tk: install python3-tk (Debian), python3-tkinter (Fedora) or python-tk"
    ),
    "serve": N_("Run a server until Ctrl+C (SIGINT) or SIGTERM."),
    "capture": N_(
        "Whoever administers this computer can permit it (Debian, Ubuntu: install "
        "wireshark-common, say Yes in dpkg-reconfigure wireshark-common, add you to the group "
        "wireshark); then log in again."
    ),
}
_MACOS: Final[dict[Key, str]] = _UNIX | {
    "capture": N_(
        "Whoever administers this computer can permit it: install Wireshark and its ChmodBPF; "
        "then log in again."
    ),
}
_WINDOWS: Final[dict[Key, str]] = {
    "tcp": "curl telnet://{endpoint}",  # part of Windows since 2018
    "udp": "socketboard-cli udp {endpoint}",
    "font": N_("No Chinese font is installed here: see Settings, Time & language, Language."),
    "tk": N_("The window needs Tk: run the installer of Python again and choose tcl/tk"),
    "serve": N_("Run a server until Ctrl+C."),
    "capture": N_(
        "Whoever administers this computer can permit it: install Wireshark with Npcap, without "
        "its restriction to administrators."
    ),
}
_BY_SYSTEM: Final = {"win32": _WINDOWS, "darwin": _MACOS}


def system_words(key: Key) -> str:
    """Return the words of this system, to be translated when they are shown."""
    return _BY_SYSTEM.get(sys.platform, _UNIX)[key]


def system_name() -> str:
    """Return the name of this system as a lesson writes it: linux, macos, windows."""
    return {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
