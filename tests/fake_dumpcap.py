"""Programs that are called dumpcap and behave as a test wants."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable
from pathlib import Path

LISTED = "1. any\t\t\t0\t\tnetwork\t\n"


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Return a block of pcapng."""
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 101, options: bytes = b"", order: str = "<") -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, 0) + options, order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def packet(data: bytes, at: int = 0, number: int = 0, order: str = "<") -> bytes:
    numbers = (number, at >> 32, at & 0xFFFFFFFF, len(data), len(data))
    padding = bytes(-len(data) % 4)
    return block(6, struct.pack(order + "5I", *numbers) + data + padding, order)


HEAD = section() + interface()


def install(
    folder: Path,
    *,
    writes: Iterable[bytes] = (HEAD,),
    says: str = "",
    code: int = 0,
    waits: bool = False,
    lists: str = LISTED,
) -> Path:
    """Make such a program: it writes, waits to be ended where it shall, says why it ends.

    Returns the file that its process number is in, once it waits.
    """
    pid = folder / "pid"
    script = f"""#!{sys.executable}
import os, signal, sys
if "-D" in sys.argv:
    sys.stdout.write({lists!r})
    sys.stderr.write("" if {bool(lists)!r} else {says!r})
    raise SystemExit(0 if {bool(lists)!r} else {code})
def end(*_signal):
    sys.stderr.write({says!r})
    sys.stderr.flush()
    os._exit({code})
signal.signal(signal.SIGTERM, end)
for piece in {list(writes)!r}:
    os.write(1, piece)
if {waits!r}:
    with open({str(pid)!r} + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.replace({str(pid)!r} + ".new", {str(pid)!r})
    while True:
        signal.pause()
end()
"""
    program = folder / "dumpcap"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o700)
    return pid
