"""A display of our own, a fresh root per test, and waiting by pumping Tk's events.

On Linux the tests start `Xvfb` and a window manager themselves, also when a display exists: nothing
flickers on the developer's screen, and size, fonts and dpi are the same everywhere. Windows and
macOS use the real desktop.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from gui.app import App
from gui.settings import Settings
from gui.theme.theme import Theme
from netlib.i18n import set_language
from tests.gui.x_errors import hear_x_errors
from tests.screen import virtual_screen, window_manager

if TYPE_CHECKING:
    from tests.gui.window import Window

POINTS_TO_PIXELS = 96 / 72
"""Tk's scaling at 96 dpi; pinned, so that sizes are the same on every desktop."""

_callback_errors: list[BaseException] = []


class Pump(Protocol):
    """Run Tk's events until a condition holds."""

    def __call__(self, condition: Callable[[], object], timeout: float = 5.0) -> None:
        """Return when `condition()` is true; fail after `timeout` seconds."""


@pytest.fixture(scope="session", autouse=True)
def display() -> Iterator[None]:
    """Give the whole session one virtual screen with a window manager."""
    if sys.platform != "linux":
        yield
        return
    with virtual_screen() as name, window_manager(name), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", name)
        kept = hear_x_errors(lambda told: _callback_errors.append(RuntimeError(told)))
        tk.Tk().destroy()  # Tk keeps its connection to the display: open it before any test
        yield
        del kept


@pytest.fixture(autouse=True)
def _callbacks_succeed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which a Tk callback raised, whichever root it belongs to, or X refused."""
    _callback_errors.clear()
    monkeypatch.setattr(tk.Tk, "report_callback_exception", _remember)
    yield
    gc.collect()  # Tk objects in reference cycles must die in the thread that made them
    _raise_callback_error()


@pytest.fixture
def root(_callbacks_succeed: None) -> Iterator[tk.Tk]:
    """Yield a fresh, mapped and focused root window at 96 dpi."""
    window = tk.Tk()
    window.tk.call("tk", "scaling", POINTS_TO_PIXELS)
    window.focus_force()
    pump_until(window, lambda: window.winfo_viewable() and window.focus_displayof() is not None)
    yield window
    if _alive(window):
        window.destroy()


@pytest.fixture
def theme(root: tk.Tk) -> Theme:
    """Return the look of a window of 800 by 500 pixels."""
    root.geometry("800x500")
    return Theme(root)


@pytest.fixture
def pump(root: tk.Tk) -> Pump:
    """Return `pump(condition, timeout=5.0)` for the test's root."""

    def pump_root(condition: Callable[[], object], timeout: float = 5.0) -> None:
        pump_until(root, condition, timeout)

    return pump_root


@pytest.fixture
def window(root: tk.Tk, tmp_path: Path) -> Iterator[Window]:
    """Yield the whole window, in English, with settings of its own; closed at the end."""
    from tests.gui.window import Window

    app = App(root, settings_in(tmp_path))
    app.backend.packets.automatic = False  # who runs the tests may be permitted, or not
    made = Window(app)
    yield made
    if _alive(root):
        app.close()
    set_language("en")


def settings_in(folder: Path) -> Settings:
    """Return the settings kept in a folder; English unless they say otherwise."""
    settings = Settings(folder / "settings.json")
    settings.set("window.language", settings.get("window.language", "en"))
    settings.set("window.tab", settings.get("window.tab", "connect"))
    return settings


def pump_until(window: tk.Misc, condition: Callable[[], object], timeout: float = 5.0) -> None:
    """Run Tk's events until `condition()` is true; fail after `timeout` seconds.

    An exception in a Tk callback is raised here, so that a test stops where things went wrong.
    """
    pause = threading.Event()
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"{condition} did not come true in {timeout:g} s"
        window.update()
        _raise_callback_error()
        pause.wait(0.002)


def _remember(_root: tk.Tk, _kind: object, error: BaseException, _trace: object) -> None:
    _callback_errors.append(error)


def _raise_callback_error() -> None:
    if _callback_errors:
        raise _callback_errors.pop(0)


def _alive(window: tk.Tk) -> bool:
    try:
        return bool(window.winfo_exists())
    except tk.TclError:
        return False
