"""Wireshark's dumpcap, for who may not capture himself: it has the rights, we read what it writes.

Found and started without a shell and without a window; it never asks for a password.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from netlib.i18n import _

if TYPE_CHECKING:
    from subprocess import Popen

FILTER: Final = "tcp or udp or icmp or icmp6"
"""What the kernel lets through, as pcap-filter(7) has it."""
MOST_BYTES: Final = 2048
"""Of each packet; the same as a packet socket of ours gives."""
ROOM_BYTES: Final = 4 << 20
"""What may wait to be read; then dumpcap has to wait, and drops."""

_LIST_SECONDS: Final = 10.0
"""Windows starts the service of Npcap when it is first asked."""
_END_SECONDS: Final = 2.0
_PIECE_BYTES: Final = 1 << 16
_MOST_WORDS: Final = 4096
"""Bytes of what it says on standard error."""
_SAID_ANYWAY: Final = ("Capturing on ", "File: ", "Packets ")
_EVERY: Final = "any"
"""The interface of Linux that is all of them."""
_NAME: Final[str] = "dumpcap.exe" if sys.platform == "win32" else "dumpcap"
_PLACES: Final[dict[str, tuple[Path, ...]]] = {
    "win32": (Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "Wireshark",),
    "darwin": (Path("/Applications/Wireshark.app/Contents/MacOS"),),
}
"""Where it is that is on no PATH."""


def find_dumpcap() -> Path | None:
    """Return the program, if there is one that we may start.

    The current folder is not looked at, as Windows would: a file there may be anybody's.
    """
    folders = [Path(folder) for folder in os.get_exec_path()]
    for folder in (*_PLACES.get(sys.platform, ()), *folders):
        program = folder / _NAME
        if folder.is_absolute() and program.is_file() and os.access(program, os.X_OK):
            return program
    return None


def interfaces_in(listed: str) -> list[str]:
    """Read `dumpcap -D -M`: the interfaces that packets of ours may cross.

    Number and name, vendor, name for people, type, addresses, whether it is loopback; by tabs.
    """
    found = []
    for line in listed.splitlines():
        number, _point, rest = line.partition(". ")
        name, *fields = rest.split("\t")
        if not number.isdigit() or len(fields) < 5:
            continue
        if name == _EVERY:
            return [name]
        if fields[3] or fields[4] == "loopback":
            found.append(name)
    return found


class Dumpcap:
    """A dumpcap that captures on all interfaces until it is closed, or ends by itself."""

    def __init__(self, program: Path) -> None:
        """Start it, which takes a moment. Raises OSError: it cannot be, and what it said of it."""
        names = interfaces_in(_listed(program))
        chosen = [part for name in names for part in ("-i", name)]
        options = ["-q", "-p", "-s", str(MOST_BYTES), "-f", FILTER, *chosen, "-w", "-"]
        self._process = _started([str(program), *options])
        self._room = threading.Condition()
        self._come = bytearray()
        self._words = b""
        self._closing = False
        self._readers = [
            threading.Thread(target=read, name=f"socketboard-dumpcap-{name}", daemon=True)
            for name, read in (("packets", self._read_packets), ("words", self._read_words))
        ]
        for reader in self._readers:
            reader.start()

    def read(self, most: int) -> bytes:
        """Return what it has written since, at most so many bytes; at once, perhaps nothing.

        Raises OSError when it has ended: `strerror` is what it said of that, or its exit code.
        """
        from subprocess import TimeoutExpired

        ended = not self._readers[0].is_alive()  # first: after its end nothing more comes
        with self._room:
            data = bytes(self._come[:most])
            del self._come[:most]
            self._room.notify()
        if not data and ended:
            with suppress(TimeoutExpired):  # it lives, and writes no more
                self._process.wait(_END_SECONDS)
            self._readers[1].join(_END_SECONDS)
            raise OSError(0, _reason(self._words, self._process.returncode))
        return data

    def close(self) -> None:
        """Have it end, and wait for that; what it still writes is read by nobody."""
        from subprocess import TimeoutExpired

        with self._room:
            self._closing = True
            self._room.notify()
        self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(_END_SECONDS)
        for stream in filter(None, (self._process.stdout, self._process.stderr)):
            stream.close()

    def _read_packets(self) -> None:
        for piece in _pieces(self._process.stdout):
            with self._room:
                self._room.wait_for(lambda: self._closing or len(self._come) < ROOM_BYTES)
                if not self._closing:
                    self._come += piece

    def _read_words(self) -> None:
        for piece in _pieces(self._process.stderr):
            self._words = (self._words + piece)[:_MOST_WORDS]


def _pieces(stream: IO[bytes] | None) -> Iterator[bytes]:
    """Yield what a program writes, as it comes, until it writes no more."""
    assert stream is not None
    with suppress(OSError):
        while piece := os.read(stream.fileno(), _PIECE_BYTES):
            yield piece


def _listed(program: Path) -> str:
    """Return what interfaces it knows. Raises OSError: it cannot be asked, or finds none."""
    import subprocess

    try:
        run = subprocess.run(  # noqa: S603 - a program of the system, words of ours
            [str(program), "-D", "-M"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIST_SECONDS,
            check=False,
            **_BESIDE,
        )
    except subprocess.TimeoutExpired as late:
        raise OSError(0, _("it does not answer")) from late
    listed: str = run.stdout.decode("utf-8", "replace")
    if not interfaces_in(listed):
        raise OSError(0, _reason(run.stderr[:_MOST_WORDS], run.returncode))
    return listed


def _started(command: list[str]) -> Popen[bytes]:
    import subprocess

    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - a program of the system, words of ours
        command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, bufsize=0, **_BESIDE
    )


def _reason(words: bytes, code: int | None) -> str:
    """Return the first thing it said that it does not always say, or how it ended."""
    lines = words.decode("utf-8", "replace").splitlines()
    said = (line.strip().removeprefix("dumpcap: ") for line in lines)
    told = (line for line in said if line and not line.startswith(_SAID_ANYWAY))
    if first := next(told, ""):
        return first
    return _("exit code {code}").format(code=code)


_CREATE_NO_WINDOW, _NEW_GROUP = 0x08000000, 0x00000200
_BESIDE: Final[dict[str, Any]] = (
    {"creationflags": _CREATE_NO_WINDOW | _NEW_GROUP}
    if sys.platform == "win32"
    else {"start_new_session": True}
)
"""No window, and not ended by a Ctrl+C that is for us: the last packets are still to come."""
