"""Random keys, clicks and sizes: whatever is done to it, the window answers.

    MONKEY_SECONDS=300 MONKEY_SEED=7 .venv/bin/python -m pytest -s tests/gui/test_window_monkey.py

The same seed does the same things in the same order; what the network has done in between may
differ. What the window does not survive within `STUCK_SECONDS` ends the run with all stacks.
"""

from __future__ import annotations

import logging
import os
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from random import Random
from tkinter import filedialog, ttk
from typing import TextIO

import pytest

from gui.boundaries_window import BoundariesWindow
from gui.models.lesson_catalogue import GROUP_WORDS
from gui.models.lesson_files import GROUPS
from gui.server_models_window import ServerModelsWindow
from gui.tabs.lessons import LessonsTab
from gui.tabs.registry import TABS
from gui.widgets.composer import Composer
from netlib import MODELS
from netlib.teaching.lesson_list import lesson_path
from tests.gui.watchdog import watchdog
from tests.gui.window import Window, everything
from tests.helpers import free_port

SECONDS = int(os.environ.get("MONKEY_SECONDS", "60"))
SEED = int(os.environ.get("MONKEY_SEED", "1"))
STUCK_SECONDS = 30.0
PROBE_MILLISECONDS = 5
SERVERS, PANES = 6, 8

KEYS = (
    *("Tab", "Shift-Tab", "space", "Return", "Escape", "Up", "Down", "Left", "Right", "Home"),
    *("End", "Prior", "Next", "Delete", "BackSpace", "F1", "F3", "Shift-F3", "F5", "F10", "plus"),
    *("minus", "Control-f", "Control-a", "Control-o", "Control-c", "Control-l", "Control-d"),
    *("Control-plus", "Control-minus", "Control-Key-0"),
    *(f"Control-Key-{digit}" for digit in range(1, 6)),
)
TEXTS = (
    "hello",
    "你好，世界",
    "/name 小明",
    "GET / HTTP/1.1",
    "e5 b7",
    "x" * 3_000,
    "peer:::",
    "send send receive",
    "发送 (",
    "-1",
    "99999999999999999999",
    "0",
    "",
)
Capture = pytest.CaptureFixture[str]
Acts = tuple[tuple[int, Callable[[], object]], ...]
"""How often something is done, compared with the rest, and what."""
OWN_LESSONS = (lesson_path("stream", "en"), Path(__file__), Path(__file__).with_name("nowhere.md"))
SIZES = (8, 9, 11, 13, 16, 20, 24, 32)


class Hands:
    """What a person does to the widgets in sight, without knowing what they are."""

    def __init__(self, window: Window, chance: Random) -> None:
        self.window, self.chance = window, chance
        self.acts: Acts = (
            (30, self._key),
            (30, self._click),
            (10, self._wheel),
            (10, self._type),
            (6, self._pick),
            (6, self._resize),
        )

    def _any(self, *kinds: type[tk.Misc]) -> tk.Misc | None:
        """Choose a widget of the page in sight."""
        found = [
            one
            for one in everything(self.window.root)
            if isinstance(one, kinds) and one.winfo_viewable()
        ]
        return self.chance.choice(found) if found else None

    def _key(self) -> str:
        key = self.chance.choice(KEYS)
        call = self.window.root.tk.call
        target = call("focus") or "."  # a path: the list of an open choice is Tk's own
        call("event", "generate", target, f"<{key}>")
        return f"{key} on {target}"

    def _click(self) -> str:
        one = self._any(
            ttk.Button, ttk.Checkbutton, ttk.Radiobutton, ttk.Treeview, tk.Text, tk.Canvas
        )
        if one is None:
            return ""
        x, y = (
            self.chance.randrange(max(side, 1)) for side in (one.winfo_width(), one.winfo_height())
        )
        for event in ("<Enter>", "<Motion>", "<Button-1>", "<ButtonRelease-1>", "<Leave>"):
            if one.winfo_exists():
                one.event_generate(event, x=x, y=y)
        return str(one)

    def _wheel(self) -> str:
        one = self._any(ttk.Treeview, tk.Text, tk.Canvas)
        if one is not None:
            one.event_generate(self.chance.choice(("<Button-4>", "<Button-5>")))
        return str(one)

    def _type(self) -> str:
        entry, text = self._any(ttk.Entry, ttk.Combobox), self.chance.choice(TEXTS)
        if isinstance(entry, ttk.Entry) and not entry.instate(["readonly"]):
            entry.delete(0, "end")
            entry.insert(0, text)
            entry.event_generate("<KeyRelease>", keysym="a")
        return f"{text[:20]} in {entry}"

    def _pick(self) -> str:
        choice = self._any(ttk.Combobox)
        if isinstance(choice, ttk.Combobox) and (values := choice.cget("values")):
            choice.current(self.chance.randrange(len(values)))
            choice.event_generate("<<ComboboxSelected>>")
        return str(choice)

    def _resize(self) -> str:
        wide, high = self.chance.randint(640, 1900), self.chance.randint(400, 1150)
        self.window.root.geometry(f"{wide}x{high}")
        return f"{wide}x{high}"


class Lesson:
    """What a class does with the tabs, faster than any class."""

    def __init__(self, window: Window, chance: Random) -> None:
        self.window, self.chance = window, chance
        self.acts: Acts = (
            (6, self._tab),
            (4, self._dress),
            (2, self.window.app.switch_language),
            (4, self._serve),
            (4, self._connect),
            (4, self._say),
            (3, self._ask),
            (3, self._banners),
            (1, self._panes),
            (6, self._view),
            (1, self._experiment),
            (2, self._models),
            (6, self._play),
            (1, self._own_lesson),
        )

    def _tab(self) -> str:
        key = self.chance.choice([*TABS])
        self.window.app.go_to(key)
        return key

    def _dress(self) -> str:
        size, dark = self.chance.choice(SIZES), self.chance.random() < 0.3
        self.window.app.theme.dress(size=size, dark=dark)
        return f"{size} {dark}"

    def _serve(self) -> str:
        tab = self.window.server
        running = [one for one in tab.model.servers if one.running]
        if len(running) < SERVERS:
            tab.form.service.current(self.chance.randrange(len(tab.form.service.cget("values"))))
            tab.form.port.text = "0"
            tab.main_action()
            return "start"
        tab.model.choose(self.chance.choice(running))
        tab.model.stop()
        return "stop"

    def _address(self) -> str:
        """Return where to connect: a server of ours, now and then a port where nobody listens."""
        ports = [one.local.port for one in self.window.server.model.servers if one.local]
        return f"localhost:{self.chance.choice([*ports, free_port()])}"

    def _connect(self) -> str:
        address, where = self._address(), self.chance.choice(("connect", "chat"))
        if where == "connect":
            self.window.connect.address.text = address
            self.window.connect.main_action()
        else:
            for pane in self.window.chat.panes:
                pane.address.text = address
            self.window.chat.main_action()
        return f"{where} {address}"

    def _say(self) -> str:
        text = self.chance.choice(TEXTS)
        for pane in self.window.chat.panes:
            pane.line.delete(0, "end")
            pane.line.insert(0, text)
            pane.submit()
        composers: list[Composer] = [self.window.connect.composer, self.window.server.composer]
        for composer in composers:
            composer.text = text
            composer.submit()
        return text[:20]

    def _ask(self) -> str:
        tab = self.window.time
        tab.port.text = "0"
        if not tab.server.running or self.chance.random() < 0.2:
            tab.start_or_stop()
        if tab.server.local:
            tab.address.text = f"localhost:{tab.server.local.port}"
            for field, text in zip(tab.fields.values(), ("3", "0.1", "0.2", "1"), strict=True):
                field.text = text
            tab.main_action()
        return tab.address.text

    def _banners(self) -> None:
        for page in self.window.app.tabs.built():
            page.cancel()

    def _view(self) -> str:
        """Show the traffic another way; a ladder has the keyboard next."""
        panes = [self.window.connect.traffic, self.window.server.traffic, self.window.time.traffic]
        pane = self.chance.choice([one for one in panes if one.winfo_viewable()] or panes)
        view = self.chance.choice(pane.view.offered)
        pane.view.choose(view)
        if view == "ladder" and pane.ladder is not None:
            pane.ladder.focus_rows()
            if self.chance.random() < 0.3:
                pane.ladder.open_pattern()
        return view

    def _experiment(self) -> str:
        """Open the window of the experiment, or close it."""
        found = [
            one for one in self.window.root.winfo_children() if isinstance(one, BoundariesWindow)
        ]
        if found:
            found[0].destroy()
            return "close"
        self.window.app.intents["boundaries"]()
        return "open"

    def _models(self) -> str:
        """Open the window of the models of a server, type and run there, or close it."""
        found = [
            one for one in self.window.root.winfo_children() if isinstance(one, ServerModelsWindow)
        ]
        if not found:
            self.window.app.intents["models"]()
            return "open"
        if self.chance.random() < 0.2:
            found[0].destroy()
            return "close"
        slider = self.chance.choice([*found[0].form.sliders.values()])
        slider.field.text = self.chance.choice((*TEXTS, "1", "1", "50", "2"))
        found[0].form.model.current(self.chance.randrange(len(MODELS) + 1))
        found[0].run()
        return slider.field.text[:20]

    def _play(self) -> str:
        """Begin a lesson, go on with it by guessing, or leave it."""
        tab = self.window.app.tabs["lessons"]
        assert isinstance(tab, LessonsTab)
        player = tab.model.player
        if player is None:
            group = self.chance.choice([*GROUPS])
            playable = self.chance.choice(GROUPS[group].playables())
            tab.play(playable)
            return playable.key
        if self.chance.random() < 0.2:
            tab.model.go_to(self.chance.randrange(len(player.lesson.steps)))
        elif tab.page.radios:
            self.chance.choice(tab.page.radios).invoke()
        elif tab.page.field is not None:
            tab.page.field.text = self.chance.choice(TEXTS)
        tab.foot.main.invoke()
        if self.chance.random() < 0.05:
            tab.leave()
        return tab.model.moment

    def _own_lesson(self) -> str:
        """Open a file that is a lesson, is none, or is not there; or begin a lesson again."""
        tab = self.window.app.tabs["lessons"]
        assert isinstance(tab, LessonsTab)
        if tab.model.player is not None and self.chance.random() < 0.5:
            tab.model.begin_again()
            return "again"
        tab.list.group.choose(self.chance.choice([*GROUP_WORDS]))
        path = self.chance.choice(OWN_LESSONS)
        tab.list.open_file(path)
        return path.name

    def _panes(self) -> str:
        chat = self.window.chat
        if len(chat.panes) < PANES and self.chance.random() < 0.7:
            chat.more.invoke()
        else:
            chat.panes[-1].remove.invoke()
        return str(len(chat.panes))


class Monkey:
    """Does one random thing after another to a window."""

    def __init__(self, window: Window, seed: int, diary: TextIO) -> None:
        self._diary = diary
        self._chance = Random(seed)
        self._acts = (*Hands(window, self._chance).acts, *Lesson(window, self._chance).acts)

    def act(self) -> str:
        """Do something; tell what."""
        weights = [weight for weight, _does in self._acts]
        does = self._chance.choices(self._acts, weights)[0][1]
        name = does.__name__.strip("_")
        print(name, end=" ", file=self._diary, flush=True)  # it may not come back
        what = str(does() or "")
        print(what, file=self._diary, flush=True)
        return f"{name} {what}"


class Latency:
    """How late a timer of the window comes: so long nothing else would have been answered."""

    def __init__(self, root: tk.Tk) -> None:
        self.late: list[tuple[float, str]] = []
        self.doing = ""
        self._root = root
        self._due = time.perf_counter()
        self._probe()

    def _probe(self) -> None:
        now = time.perf_counter()
        self.late.append((max(0.0, now - self._due), self.doing))
        self._due = now + PROBE_MILLISECONDS / 1000
        self._root.after(PROBE_MILLISECONDS, self._probe)

    def report(self) -> str:
        """Return the worst, what was being done then, and the figure that 99 % stay below."""
        ordered = sorted(self.late)
        seconds, p99 = ordered[-1][0], ordered[int(len(ordered) * 0.99)][0]
        worst = "".join(f"\n  {late * 1000:.0f} ms: {what}" for late, what in ordered[:-6:-1])
        return f"worst {seconds * 1000:.0f} ms, p99 {p99 * 1000:.1f} ms of {len(ordered)}{worst}"


@pytest.fixture
def _no_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs and menus of the system would wait for a person."""
    for name in ("askopenfilename", "asksaveasfilename"):
        monkeypatch.setattr(filedialog, name, lambda **_options: "")
    monkeypatch.setattr(tk.Menu, "tk_popup", lambda *_where: None)


@pytest.mark.usefixtures("_no_dialogs")
def test_the_window_answers_whatever_is_done_to_it(
    window: Window, capfd: Capture, logged_errors: list[logging.LogRecord], tmp_path: Path
) -> None:
    diary = tmp_path / "diary.txt"
    latency, until, acts = Latency(window.root), time.monotonic() + SECONDS, 0
    with capfd.disabled(), diary.open("w", encoding="utf-8") as file:
        print(f"\nwhat is done: {diary}")
        monkey = Monkey(window, SEED, file)
        while time.monotonic() < until:
            with watchdog(STUCK_SECONDS):
                seen = len(latency.late)
                latency.doing = monkey.act()
                window.wait(lambda seen=seen: len(latency.late) > seen, STUCK_SECONDS)  # type: ignore[misc]
            assert not logged_errors
            acts += 1
        print(f"seed {SEED}, {acts} acts in {SECONDS} s: {latency.report()}")
