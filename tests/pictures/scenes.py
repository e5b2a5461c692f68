"""A window in which a lesson is going on, so that every tab has something to show."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from gui.models.connect import ConnectState
from gui.models.typed import Typed
from gui.views.kernel_view import KernelView
from tests.gui.lessons import Reader
from tests.gui.window import Window
from tests.helpers import free_port

CLIENTS: Final = 12
"""Students at the server that is looked at."""


class Scenes(dict[str, Callable[[], None]]):
    """What is done before each picture, by the name of what it shows."""

    def __init__(self, window: Window) -> None:
        """Let the lesson begin: servers, students, a chat, a request, some queries."""
        super().__init__()
        self._window, self._students = window, list[socket.socket]()
        self._port = window.start_server()
        self._come(self._port)
        self._chat()
        self._time()
        self._web = window.start_server("web/tcp")
        window.server.model.choose(window.server.model.servers[0])
        self.update(
            start=lambda: window.go("start"),
            connect=self._connect,
            http=self._http,
            kernel=self._kernel,
            refused=self._refused,
            server=lambda: window.go("server"),
            chat=lambda: window.go("chat"),
            time=lambda: window.go("time"),
            lesson=self._lesson,
        )

    def end(self) -> None:
        """Let the students go."""
        for student in self._students:
            student.close()

    def _come(self, port: int) -> None:
        for number in range(CLIENTS):
            student = socket.create_connection(("127.0.0.1", port))
            self._students.append(student)
            student.sendall(f"你好，我是 {number + 1} 号\n".encode())
            if number % 3 == 0:
                student.sendall("一行没有结尾的文字".encode())
            if number % 4 == 1:
                student.shutdown(socket.SHUT_WR)

    def _connect(self) -> None:
        tab = self._window.connect
        self._window.go("connect")
        self._kind("tcp")
        tab.address.text = f"localhost:{self._port}"
        tab.main.invoke()
        self._window.wait(lambda: tab.model.state is ConnectState.CONNECTED)
        tab.composer.text = "你好，世界"
        tab.composer.submit()

    def _http(self) -> None:
        tab = self._window.connect
        self._window.go("connect")
        self._kind("http")
        tab.address.text = f"localhost:{self._web}"
        tab.offer_request()
        tab.send_request()
        self._window.wait(lambda: tab.model.reply)

    def _kernel(self) -> None:
        """A sender has to stop: our own server, its receiver, reads nothing."""
        self._connect()
        tab = self._window.connect
        tab.traffic.view.choose("kernel")
        view = tab.traffic.other
        assert isinstance(view, KernelView)
        self._window.wait(lambda: view.model.there and not view.reading.instate(["disabled"]))
        view.reading.invoke()
        self._window.wait(lambda: view.model.flow().paused)

        def stalled() -> bool:
            tab.model.send(Typed("你好" * 10_000))
            return view.model.flow().window == 0

        self._window.wait(stalled)

    def _lesson(self) -> None:
        """A step that was predicted wrongly, seen rightly, and is explained."""
        reader = Reader(self._window)
        reader.open("stream")
        reader.tab.model.go_to(0)
        self._window.settle()
        if reader.tab.model.moment == "predict":
            reader.play_step(predicts_rightly=False, sees_rightly=True)

    def _refused(self) -> None:
        tab = self._window.connect
        self._window.go("connect")
        self._kind("tcp")
        tab.address.text = f"localhost:{free_port()}"
        tab.main.invoke()
        self._window.wait(lambda: tab.model.state is ConnectState.IDLE)

    def _kind(self, kind: str) -> None:
        tab = self._window.connect
        tab.traffic.view.choose("log")
        if tab.model.state is not ConnectState.IDLE:
            for server in self._window.server.model.servers:  # what is unsent may leave
                tab.context.backend.network.kernel.resume_reading(server.activity)
            tab.model.disconnect()
            self._window.wait(lambda: tab.model.state is ConnectState.IDLE)
        tab.kind.choose(kind)

    def _chat(self) -> None:
        port = self._window.start_server("chat/tcp")
        chat = self._window.chat
        for pane, name in zip(chat.panes, ("小明", "Ada"), strict=False):
            pane.address.text, pane.nickname.text = f"localhost:{port}", name
            pane.main.invoke()
        self._window.wait(lambda: all(pane.model.was_connected for pane in chat.panes[:2]))
        for pane, line in zip(chat.panes, ("大家好，我是小明", "Hello, 小明!"), strict=False):
            pane.line.insert(0, line)
            pane.submit()

    def _time(self) -> None:
        tab = self._window.time
        tab.port.text = "0"
        tab.start.invoke()
        self._window.wait(lambda: tab.server.local)
        tab.address.text = f"localhost:{tab.server.local.port if tab.server.local else 0}"
        tab.fields["count"].text, tab.fields["interval"].text = "3", "0.1"
        tab.query.invoke()
        self._window.wait(lambda: len(tab.client.round_trips()) >= 3)


@contextmanager
def lesson(window: Window) -> Iterator[Scenes]:
    """Let a lesson go on in a window while pictures are taken."""
    scenes = Scenes(window)
    try:
        yield scenes
    finally:
        with suppress(OSError):
            scenes.end()


def let_live(window: Window, seconds: float) -> None:
    """Let the window come to rest before its picture is taken."""
    until = time.monotonic() + seconds
    window.wait(lambda: time.monotonic() > until)
