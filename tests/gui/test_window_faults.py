"""What the window goes through: two hundred lives under flood, a full disk, a rush of clients."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
import threading
import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gui.app import App
from gui.tabs.server import ServerTab
from tests.gui.conftest import pump_until, settings_in
from tests.gui.window import Window, figure, seen_in, told, words_in

CYCLES = 200
WARM = 20
"""Cycles until everything that is made once has been made."""
MEGABYTES = 48
"""What the allocator may keep of the floods of 180 windows; a window left behind holds more."""


class Flooder:
    """Sends lines without end to whoever it is told of, and never reads."""

    def __init__(self) -> None:
        self._port = 0
        self._go = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def attack(self, port: int) -> None:
        """Begin with a server; its end ends that."""
        self._port = port
        self._go.set()

    def end(self) -> None:
        """Stop for good."""
        self._over = True
        self._go.set()
        self._thread.join(10)

    def _run(self) -> None:
        lines = b"line of a flood\n" * 2000
        while self._go.wait() and not self._over:
            self._go.clear()
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self._port), timeout=5) as sock,
            ):
                while sock.send(lines):
                    pass


@contextmanager
def flooder() -> Iterator[Flooder]:
    made = Flooder()
    try:
        yield made
    finally:
        made.end()


def descriptors() -> int:
    """Return how many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counting only


def widgets() -> int:
    """Return how many Tk objects Python still holds."""
    return sum(isinstance(one, tk.Misc | tk.Variable | tk.Image) for one in gc.get_objects())


def memory() -> int:
    """Return the memory this process holds, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def cycle(folder: Path, flood: Flooder) -> None:
    """Open a window, start a server, let it be flooded, close the window in the middle of it."""
    root = tk.Tk()
    app = App(root, settings_in(folder))
    window = Window(app)
    flood.attack(window.start_server())
    window.wait(lambda: app.backend.counts().received > 100_000)
    app.close()


@pytest.mark.skipif(sys.platform != "linux", reason="counts /proc/self/fd")
def test_two_hundred_windows_closed_under_flood_leave_nothing_behind(tmp_path: Path) -> None:
    counts = []
    with flooder() as flood:
        for number in range(CYCLES):
            cycle(tmp_path, flood)
            gc.collect()  # here, not by chance in the thread that floods
            if number + 1 in (WARM, CYCLES):
                counts.append((descriptors(), threading.active_count(), widgets(), memory()))
    (files, threads, objects, held), (*last, held_last) = counts
    assert last == [files, threads, objects]
    assert held_last - held < MEGABYTES << 20


def test_tk_objects_in_cycles_die_in_the_thread_that_made_them(window: Window) -> None:
    died: list[str] = []

    class Picture(tk.PhotoImage):
        def __del__(self) -> None:
            died.append(threading.current_thread().name)
            super().__del__()

    def litter() -> None:
        for _ in range(1_000):
            kept: list[object] = [[] for _ in range(1_000)]
            kept.append(kept)

    ring: list[object] = [Picture(master=window.root)]
    ring.append(ring)
    del ring
    worker = threading.Thread(target=litter)
    worker.start()
    window.wait(lambda: died)
    window.wait(lambda: not worker.is_alive())
    assert died == [threading.current_thread().name]


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file of this process grow beyond `room` bytes: what a full disk looks like to it."""
    if sys.platform == "win32":
        raise RuntimeError("Windows has no limit of a file's size")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
def test_a_full_disk_is_said_and_counted_and_the_clients_are_served(window: Window) -> None:
    line = b"x" * 9_999 + b"\n"
    status = window.app.main_window.status
    with (
        full_disk(1 << 20),
        socket.create_connection(("127.0.0.1", window.start_server("echo/tcp"))) as peer,
        peer.makefile("rb") as answers,
    ):
        for _ in range(300):
            peer.sendall(line)
            assert answers.readline() == line
        window.wait(lambda: window.app.backend.counts().dropped)
        window.settle()
        window.wait(lambda: "Recording has stopped" in told(window.app.page.banner))
    counts = window.app.backend.counts()
    assert counts.received == counts.recorded + counts.dropped == 300 * len(line)
    assert figure(status, "dropped") == f"{counts.dropped:,}"


def test_a_rate_of_accepts_is_asked_for_in_the_form(window: Window) -> None:
    window.go("server")
    window.start_server()
    window.server.form.limits["rate"].text = "5"
    window.start_server()
    rates = [server.config.max_accepts for server in window.server.model.servers]
    assert rates == [None, 5]


def test_where_nothing_can_be_recorded_it_is_said_and_the_network_works(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr("gui.models.crash_recovery.state_folder", lambda: tmp_path / "a file")
    app = App(root, settings_in(tmp_path))
    pump_until(root, lambda: app.pump.running)
    assert "cannot be written" in " ".join(words_in(app.main_window.status))
    tab = app.tabs["server"]
    assert isinstance(tab, ServerTab)
    tab.form.port.text = "0"
    tab.main.invoke()
    pump_until(root, lambda: tab.model.servers[0].local)
    local = tab.model.servers[0].local
    assert local is not None
    with socket.create_connection(("127.0.0.1", local.port), timeout=5) as peer:
        peer.sendall(b"a\n")
        assert peer.recv(100).endswith(b"a\n")
    pump_until(root, lambda: figure(app.main_window.status, "dropped") == "2")
    for ask in (app.recording_files.save_copy, tab.traffic.export):
        app.main_window.be_ready()
        ask(tmp_path / "nothing.txt")
        assert any("cannot be written" in words for words in seen_in(app.main_window.status))
    app.close()
