"""Rights that a test does without, as an ordinary user has to."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netlib.system.packet_socket import may_capture

_VERSION_3 = 0x20080522
_NET_RAW = 1 << 13


def need_raw_sockets() -> None:
    """Fail where packets cannot be captured: what that needs is not tested then."""
    if not may_capture():
        pytest.fail("NOT TESTED: be root, or run it by: unshare -Urn sh -c 'ip link set lo up; …'")


@contextmanager
def without_raw_sockets() -> Iterator[None]:
    """Take CAP_NET_RAW (capabilities(7)) from this thread, and from those that it begins."""
    library = ctypes.CDLL(None, use_errno=True)
    head = struct.pack("=II", _VERSION_3, 0)
    held = ctypes.create_string_buffer(24)
    _call(library.capget, head, held)
    effective, *others = struct.unpack("=6I", held.raw)
    _call(library.capset, head, struct.pack("=6I", effective & ~_NET_RAW, *others))
    try:
        yield
    finally:
        _call(library.capset, head, held.raw)


def _call(function: ctypes._NamedFuncPointer, head: bytes, data: object) -> None:
    if function(head, data):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
