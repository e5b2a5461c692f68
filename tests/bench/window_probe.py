"""The real window with a server in it, told by standard input what to measure; times in ms.

`begin` starts to count how late a 5 ms timer fires; `late` answers with what was seen since.
`jump N` moves the traffic view N times to anywhere; `counts` answers with the status line's
figures. `ladder` shows the server's ladder; `open PATH` shows that of a recording, once all of it
was gone through, and `frames N` draws it N times anywhere. The end of standard input closes the
window as a user does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from gui.app import App
from gui.settings import Settings
from gui.tabs.server import ServerTab
from gui.views.ladder_pane import LadderPane
from netlib import ServerConfig
from tests.bench.consumer import tell
from tests.bench.stats import quantile

PROBE_MS = 5
LOOK_MS = 10
JUMP_SEED = 8123
ARROWS = 1_000_000
"""So many calls are in a recording whose ladder is shown."""


class Probe:
    """Answers the questions on standard input, in the window's own thread."""

    def __init__(self, root: tk.Tk, app: App) -> None:
        """Start a server as soon as the network is open."""
        self._root, self._app = root, app
        app.backend.packets.automatic = False  # who measures may be permitted to capture, or not
        self._late: list[float] = []
        self._drawn: list[float] = []
        self._opened: LadderPane | None = None
        self._due = 0.0
        self._answers: dict[str, Callable[[str], str]] = {
            "begin": self._begin,
            "late": self._lateness,
            "jump": self._jump,
            "ladder": self._ladder,
            "open": self._open,
            "frames": self._frames,
            "drawn": lambda _argument: _summary(self._drawn),
            "counts": lambda _argument: json.dumps(self._app.backend.counts()._asdict()),
        }
        tabs = app.tabs  # building one is not idle: it was inside what was measured
        self._when(lambda: app.pump.running and len([*tabs.built()]) == len(tabs), self._serve)

    @property
    def _tab(self) -> ServerTab:
        tab = self._app.tabs["server"]
        assert isinstance(tab, ServerTab)
        return tab

    def _when(self, condition: Callable[[], object], then: Callable[[], None]) -> None:
        if condition():
            then()
        else:
            self._root.after(LOOK_MS, self._when, condition, then)

    def _serve(self) -> None:
        self._app.go_to("server")
        self._root.update()  # drawing it for the first time is not idle, either
        model = self._tab.model
        model.start(ServerConfig(service="acknowledge", port=0))
        self._when(lambda: model.servers[-1].local, self._listening)

    def _listening(self) -> None:
        tell(f"listening on {self._tab.model.servers[-1].local}")
        if sys.platform != "win32":  # Tk has no file handlers there
            self._root.tk.createfilehandler(sys.stdin, tk.READABLE, self._on_command)
        self._arm()

    def _on_command(self, _file: object, _mask: int) -> None:
        words = sys.stdin.readline().split()
        if words:
            tell(self._answers[words[0]](words[-1]))
        elif sys.platform != "win32":
            self._root.tk.deletefilehandler(sys.stdin)
            self._app.close()

    # -- lateness --------------------------------------------------------------------------------

    def _arm(self) -> None:
        self._due = time.perf_counter() + PROBE_MS / 1000
        self._root.after(PROBE_MS, self._fire)

    def _fire(self) -> None:
        self._late.append((time.perf_counter() - self._due) * 1000)
        self._arm()

    def _begin(self, _argument: str) -> str:
        self._late.clear()
        return "{}"

    def _lateness(self, _argument: str) -> str:
        return _summary(self._late)

    # -- jumps -----------------------------------------------------------------------------------

    def _jump(self, times: str) -> str:
        """Move as the scrollbar does, and wait until the rows are drawn."""
        chance = random.Random(JUMP_SEED)
        traffic = self._tab.traffic.traffic
        move = self._root.register(traffic._scrolling.yview)
        taken = []
        for _jump in range(int(times)):
            begun = time.perf_counter()
            self._root.tk.call(move, "moveto", chance.random())
            self._root.update_idletasks()
            taken.append((time.perf_counter() - begun) * 1000)
        traffic.follow()
        return _summary(taken)

    # -- the ladder ------------------------------------------------------------------------------

    def _ladder(self, _argument: str) -> str:
        self._tab.traffic.view.choose("ladder")
        self._root.update()  # drawing it for the first time is not what is measured
        ladder = self._tab.traffic.ladder
        assert ladder is not None
        draw = ladder.view.ladder.draw

        def timed() -> None:
            self._root.update_idletasks()  # what else has changed in the window is no ladder
            begun = time.perf_counter()
            draw()
            self._root.update_idletasks()
            self._drawn.append((time.perf_counter() - begun) * 1000)

        setattr(ladder.view.ladder, "draw", timed)  # noqa: B010 - mypy: a method is not assigned to
        return "{}"

    def _open(self, path: str) -> str:
        """Show the ladder of a recording, as large as the screen."""
        found = self._app.recording_files.open(Path(path))
        found.attributes("-fullscreen", True)
        while found.view is None:
            self._root.update()
        found.view.pane.view.choose("ladder")
        self._opened = ladder = found.view.pane.ladder
        while ladder is not None and (ladder.rows.arranging or ladder.rows.count() < ARROWS):
            self._root.update()
        return "{}"

    def _frames(self, times: str) -> str:
        """Move as the scrollbar does, and wait until the arrows are drawn."""
        chance, taken = random.Random(JUMP_SEED), []
        for _frame in range(int(times)):
            assert self._opened is not None
            drawn = self._opened.view.ladder
            row = chance.randrange(self._opened.rows.count())
            begun = time.perf_counter()
            drawn.to(row)
            self._root.update_idletasks()
            taken.append((time.perf_counter() - begun) * 1000)
        return _summary(taken)


def _summary(times: list[float]) -> str:
    return json.dumps(
        {
            "count": len(times),
            "p50": quantile(times, 0.5),
            "p99": quantile(times, 0.99),
            "max": max(times),
        }
    )


def main() -> None:
    """Open the window and stay until it is closed.

    It finds nothing that a window before it has left: to copy that takes the time of others.
    """
    with TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = home
        root = tk.Tk(className="Socketboard")
        app = App(root, Settings(Path(home) / "settings.json"))
        signal.signal(signal.SIGTERM, lambda *_: root.after(0, app.close))
        Probe(root, app)
        root.mainloop()


if __name__ == "__main__":
    main()
