"""What X refuses fails the test that asked for it; by itself Xlib ends the whole run."""

from __future__ import annotations

import ctypes
import traceback
from collections.abc import Callable


class _Refused(ctypes.Structure):
    """XErrorEvent of Xlib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("resource", ctypes.c_ulong),
        ("serial", ctypes.c_ulong),
        ("error", ctypes.c_ubyte),
        ("request", ctypes.c_ubyte),
        ("minor", ctypes.c_ubyte),
    )


_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Refused))


def hear_x_errors(tell: Callable[[str], object]) -> object:
    """Have what X refuses told; to be called before Tk opens its display. Keep what is returned.

    The answers of X come later: the request was made a little before the place that is told.
    """

    def hear(_display: object, told: ctypes._Pointer[_Refused]) -> int:
        refused = told.contents
        what = f"error {refused.error} of request {refused.request}, value {refused.resource:#x}"
        tell(f"X refused: {what}\n{''.join(traceback.format_stack())}")
        return 0

    handler = _Handler(hear)
    ctypes.CDLL("libX11.so.6").XSetErrorHandler(handler)
    return handler
