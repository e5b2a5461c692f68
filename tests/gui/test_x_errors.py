"""An error of X is a failure of one test."""

from __future__ import annotations

import ctypes
import sys

import pytest

from tests.gui import conftest


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_what_x_refuses_is_told_with_the_place() -> None:
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(xlib.XOpenDisplay(None))
    xlib.XCreatePixmap(display, ctypes.c_ulong(xlib.XDefaultRootWindow(display)), 0, 0, 24)
    xlib.XSync(display, 0)
    xlib.XCloseDisplay(display)
    [error] = conftest._callback_errors
    conftest._callback_errors.clear()
    assert "error 2 of request 53, value 0x0" in str(error)
    assert "test_what_x_refuses" in str(error)
