"""Memory to receive into, and memory that is freed."""

from __future__ import annotations

import ctypes
import mmap
import socket
import subprocess
import sys

import pytest

from netlib.system.memory import page_aligned

FAULTS = """
import resource, sys
from netlib.system.memory import keep_freed_memory
if sys.argv[1:]:
    keep_freed_memory()
held = []
for number in range(200):
    held.append(bytearray(b"x") * (1 << 20))
    if len(held) == 4:
        held.clear()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def test_it_begins_with_a_page_and_can_be_received_into() -> None:
    memory = page_aligned(300_000)
    assert len(memory) == 300_000
    assert not any(memory)
    assert ctypes.addressof(ctypes.c_char.from_buffer(memory)) % mmap.PAGESIZE == 0
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"hello")
        assert ours.recv_into(memory, 5) == 5
    assert bytes(memory[:6]) == b"hello\0"


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's malloc")
def test_what_is_freed_is_used_again_without_a_page_fault() -> None:
    usual, kept = (
        int(subprocess.run([sys.executable, "-c", FAULTS, *words], stdout=-1, check=True).stdout)
        for words in ((), ("keep",))
    )
    assert kept < usual / 4, (usual, kept)
