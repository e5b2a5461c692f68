"""The tutorial played in the real window, a screenshot of every scene: `python -m gui.demo DIR`.

For machines without a display (`make run` there plays it on a virtual one), and for the pictures in
the README. Exit code 0 only if every step did what it says; `DIR/log.txt` tells.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tkinter as tk
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from gui.app import App
from gui.models.connect import ConnectState
from gui.settings import Settings
from gui.tabs.chat import ChatTab
from gui.tabs.connect import ConnectTab
from gui.tabs.server import ServerTab
from gui.tabs.time import TimeTab
from netlib import (
    language,
    now,
    set_language,
)

STEP_SECONDS = 10.0
SETTLE_SECONDS = 0.35
"""Time for the last animation frame before a picture is taken."""

T = TypeVar("T")
Step = tuple[str, Callable[[], object]]
"""What is awaited, in words, and how to tell that it has come."""


class StepError(Exception):
    """A step did not do what it says; str() is why."""


class Player:
    """Plays steps one after the other in an App, and keeps a log."""

    def __init__(self, app: App, folder: Path) -> None:
        """Play nothing yet; pictures and log go to `folder`."""
        self.app, self.folder = app, folder
        self.failed = False
        self._lines: list[str] = []
        self._steps: Iterator[Step] = iter(())

    def play(self, steps: Iterator[Step]) -> None:
        """Begin with the first step; the window closes after the last one."""
        self._steps = steps
        self.app.root.report_callback_exception = self._on_bug
        self.app.root.after(100, self._next)

    def _next(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._finish()
        else:
            self._await(step, now() + STEP_SECONDS)

    def _await(self, step: Step, until: float) -> None:
        words, done = step
        try:
            came = done()
        except StepError as why:
            self._fail(f"{words}: {why}")
            return
        if came:
            self._log(f"✓ {words}")
            self._next()
        elif now() > until:
            self._fail(f"{words}: did not happen within {STEP_SECONDS:g} s")
        else:
            self.app.root.after(20, self._await, step, until)

    def _fail(self, what: str) -> None:
        """End the demo, with a picture of where it stood if one can be taken."""
        self._log(f"✗ {what}")
        self.failed = True
        with suppress(StepError):
            picture(self.app.root, self.folder / "failed.png")
        self._finish()

    def _on_bug(self, *error: Any) -> None:
        """An exception in any callback of the window ends the demo."""
        self._log("✗ " + "".join(traceback.format_exception(*error)))
        self.failed = True
        self._finish()

    def _log(self, line: str) -> None:
        self._lines.append(line)
        (self.folder / "log.txt").write_text("\n".join(self._lines) + "\n", "utf-8")
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def _finish(self) -> None:
        self._log("✗ the demo failed" if self.failed else "✓ the demo is over: every step held")
        self.app.close()


class Scenes:
    """The tutorial, as steps for a `Player`."""

    def __init__(self, app: App, folder: Path) -> None:
        """Pictures go to `folder`."""
        self.app, self.folder = app, folder

    def steps(self) -> Iterator[Step]:
        """Yield every step of the demo."""
        yield "the network is open", lambda: self.app.pump.running
        for chosen, dark in (("zh", False), ("en", False), ("en", True), ("zh", True)):
            if language() != chosen:
                self.app.switch_language()
            self.app.theme.dress(dark=dark)
            yield from self._play(chosen)

    def _play(self, chosen: str) -> Iterator[Step]:
        yield from self._server_and_chat(chosen)
        yield from self._connect(chosen)
        yield from self._time(chosen)
        yield from self._stop_servers()

    def _server_and_chat(self, chosen: str) -> Iterator[Step]:
        server, chat = self._tab("server", ServerTab), self._tab("chat", ChatTab)
        self.app.go_to("server")
        server.form.service.key, server.form.port.text = "chat/tcp", "0"
        server.main.invoke()
        yield "the chat room listens", lambda: server.model.servers[-1].local
        port = server.model.servers[-1].local.port if server.model.servers[-1].local else 0
        self.app.go_to("chat")
        for pane, name in zip(chat.panes, ("小明", "Ada"), strict=False):
            pane.address.text, pane.nickname.text = f"localhost:{port}", name
        chat.main_action()
        yield (
            "two clients are connected",
            lambda: all(pane.model.was_connected for pane in chat.panes[:2]),
        )
        yield "both have joined", lambda: chat.panes[0].model.conversation.count() >= 2
        for pane, line in ((chat.panes[0], "大家好，我是小明"), (chat.panes[1], "Hello, 小明!")):
            pane.line.delete(0, "end")
            pane.line.insert(0, line)
            pane.submit()
        yield "the other sees the line", lambda: "Hello" in _shown(chat.panes[0].conversation.text)
        yield self.picture(f"chat-{chosen}")
        self.app.go_to("server")
        server.slow_tick()
        yield self.picture(f"server-{chosen}")

    def _connect(self, chosen: str) -> Iterator[Step]:
        server, connect = self._tab("server", ServerTab), self._tab("connect", ConnectTab)
        server.form.service.key, server.form.port.text = "acknowledge/tcp", "0"
        server.main.invoke()
        yield "the acknowledge server listens", lambda: server.model.servers[-1].local
        self.app.go_to("connect")
        connect.kind.choose("tcp")
        connect.address.text = f"localhost:{_port(server)}"
        connect.main.invoke()
        yield "connected", lambda: connect.model.state is ConnectState.CONNECTED
        connect.composer.text = "你好，世界"
        connect.composer.submit()
        yield (
            "已接收 comes back",
            lambda: "已接收: 你好，世界" in _shown(connect.traffic.traffic.text),
        )
        yield self.picture(f"connect-{chosen}")
        connect.main.invoke()
        yield "disconnected", lambda: connect.model.state is ConnectState.IDLE
        yield from self._http(chosen, server, connect)

    def _http(self, chosen: str, server: ServerTab, connect: ConnectTab) -> Iterator[Step]:
        server.form.service.key, server.form.port.text = "web/tcp", "0"
        server.main.invoke()
        yield "the web server listens", lambda: server.model.servers[-1].local
        connect.kind.choose("http")
        connect.address.text = f"localhost:{_port(server)}"
        connect.offer_request()
        connect.send_request()
        yield (
            "the reply has come",
            lambda: connect.model.reply and connect.model.reply.status == 200,
        )
        yield self.picture(f"http-{chosen}")
        connect.model.disconnect()
        yield "disconnected", lambda: connect.model.state is ConnectState.IDLE

    def _time(self, chosen: str) -> Iterator[Step]:
        clock = self._tab("time", TimeTab)
        self.app.go_to("time")
        clock.port.text = "0"
        clock.start_or_stop()
        yield "the time server listens", lambda: clock.server.local
        clock.address.text = f"localhost:{clock.server.local.port if clock.server.local else 0}"
        clock.fields["count"].text, clock.fields["interval"].text = "3", "0.1"
        clock.query.invoke()
        yield "three answers", lambda: len(clock.client.round_trips()) >= 3
        yield self.picture(f"time-{chosen}")
        clock.start_or_stop()
        yield "the time server has stopped", lambda: not clock.server.running
        clock.client.clear()

    def _stop_servers(self) -> Iterator[Step]:
        server, chat = self._tab("server", ServerTab), self._tab("chat", ChatTab)
        for pane in chat.panes:
            pane.model.disconnect()
            pane.model.was_connected = False
            pane.model.conversation.clear()
        for one in server.model.servers:
            self.app.backend.network.stop(one.activity)
        yield (
            "all servers have stopped",
            lambda: not any(one.running for one in server.model.servers),
        )

    def _tab(self, key: str, _kind: type[T]) -> T:
        return cast(T, self.app.tabs[key])

    def picture(self, name: str) -> Step:
        """Return the step that takes a picture, once the window has come to rest."""
        at_rest = now() + SETTLE_SECONDS

        def take() -> bool:
            if now() < at_rest:
                return False
            dark = "-dark" if self.app.theme.dark else ""
            picture(self.app.root, self.folder / f"{name}{dark}.png")
            return True

        return f"a picture of {name}", take


def _port(server: ServerTab) -> int:
    local = server.model.servers[-1].local
    return local.port if local else 0


def _shown(text: tk.Text) -> str:
    return text.get("1.0", "end")


def picture(root: tk.Tk, path: Path) -> None:
    """Take a picture of the window with ImageMagick. Raises StepError: there is none."""
    program = shutil.which("import")
    if program is None:
        raise StepError("ImageMagick is missing, whose `import` takes it")
    root.update()
    number = root.wm_frame() if root.wm_frame() != "0x0" else str(root.winfo_id())
    command = [program, "-window", number, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - found by which, our window
    if done.returncode or not path.exists():
        raise StepError(done.stderr.strip() or "import made no file")


def main(arguments: list[str]) -> int:
    """Play the demo; pictures and log go to the folder named, `build/demo` if none is."""
    folder = Path(arguments[0] if arguments else "build/demo")
    folder.mkdir(parents=True, exist_ok=True)
    set_language("zh")
    with TemporaryDirectory() as home:
        root = tk.Tk(className="Socketboard")
        settings = Settings(Path(home) / "settings.json")
        settings.set("window.language", "zh")
        settings.set("window.tab", "connect")
        app = App(root, settings)
        player = Player(app, folder)
        player.play(Scenes(app, folder).steps())
        root.mainloop()
    return 1 if player.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
