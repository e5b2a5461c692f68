"""The window: the composition root, and the only place that builds things."""

from __future__ import annotations

import signal
import sys
import tkinter as tk
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gui.context import Context
from gui.keys import Intents, bind_keys, shown_key
from gui.language import begin_language, switch_language
from gui.main_thread_gc import MainThreadGc
from gui.main_window import MainWindow
from gui.models.backend import Backend
from gui.pump import Pump
from gui.recording_files import RecordingFiles
from gui.remembering import Remembering
from gui.settings import Settings, default_path
from gui.tabs.page import Page
from gui.tabs.registry import FIRST, Tabs
from gui.theme.desktop_looks import (
    high_contrast,
    make_dpi_aware,
    name_application,
    prefers_dark,
)
from gui.theme.palette import contrast_palette
from gui.theme.screens import show
from gui.theme.theme import BASE_SIZE, Theme
from gui.title import Title
from gui.translated import Message
from gui.widgets.menus import Entry, Group
from gui.windowed import log_path
from netlib import (
    N_,
    Logger,
    _,
    load_logging,
    set_language,
    system_language,
    system_words,
    visible_text,
)
from netlib.teaching.cases import CASES
from netlib.teaching.explain import load_words

if TYPE_CHECKING:
    from gui.projector import Projector

log = Logger(__name__)

CLOSE_SECONDS = 1.0
SWITCH_SECONDS = 0.001
"""How long a busy thread of ours may keep the interpreter from the window; Python's own 5 ms, twice
in a row, would be felt."""

ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Whichever of them the system has; nohup has one ignored, which stays so."""

SLOW_TICKS = 8
"""Figures (status line, tables) are renewed at every eighth tick: four times a second."""

MENU = {
    FIRST: ((N_("Home"), FIRST),),
    N_("Recordings"): (
        (N_("Open recording…"), "open"),
        (N_("Recorded cases"), "cases"),
        (N_("Save recording as…"), "save"),
    ),
    N_("Experiments"): (
        (N_("Experiment: message boundaries…"), "boundaries"),
        (N_("Experiment: models of a server…"), "models"),
        (N_("Show the code…"), "code"),
    ),
    N_("Appearance"): (
        (N_("Projector"), "projector"),
        (N_("Larger"), "larger"),
        (N_("Smaller"), "smaller"),
        (N_("Usual size"), "usual size"),
        (N_("Light or dark"), "dark"),
        ("中文 / English", "language"),
    ),
    "help": ((N_("Keys and help"), "help"),),
    "quit": ((N_("Quit"), "quit"),),
}
"""What the menu of the window offers, in groups; a group of several has words of its own, under
which it stands on a low screen."""


class App:
    """The window with everything in it."""

    def __init__(self, root: tk.Tk, settings: Settings) -> None:
        """Build the window; the network is opened once its first picture has been drawn."""
        self.root, self.settings = root, settings
        self.backend, self._gc = Backend(), MainThreadGc()
        self._ticks = 0
        self._building = ""
        begin_language(root, settings)
        colours = high_contrast()
        self.theme = Theme(
            root,
            dark=settings.get("window.dark", prefers_dark()),
            scale_font=settings.get("window.size", BASE_SIZE),
            contrast=colours and contrast_palette(colours),
        )
        self._title = Title(root, self.backend)
        self.intents: dict[str, Callable[[], object]] = {}
        self.main_window = MainWindow(root, self.theme, self.intents)
        context = Context(
            self.theme, self.backend, settings, self.main_window.tell, lambda: self.tabs
        )
        self.tabs = Tabs(self.main_window.notebook, context)
        self.recording_files = RecordingFiles(root, context, lambda: self.page.banner.complain)
        self.remembering = Remembering(
            root, self.theme, settings, self.tabs, lambda: self.page.banner.complain
        )
        self.intents |= self._intents(context)
        self.main_window.fill_menu(
            Group(words, tuple(_entry(self, *one) for one in group))
            for words, group in MENU.items()
        )
        self.main_window.notebook.bind(
            "<<NotebookTabChanged>>", lambda _event: self.main_window.notebook.focus_set(), add=True
        )
        self.go_to(settings.one_of("window.tab", self.tabs, FIRST))
        self.main_window.place_window(settings.get("window.geometry", ""))
        self._bind()
        self.pump = Pump(root, self._tick)
        root.after_idle(lambda: root.after(1, self._begin))

    @property
    def page(self) -> Page:
        """The tab in sight."""
        return self.tabs.shown

    @cached_property
    def projector(self) -> Projector:
        """The projector mode."""
        from gui.projector import Projector  # late: not needed for the first picture

        looks = self.remembering.look_is_usual
        return Projector(self.root, self.theme, lambda: self.page, looks)

    # -- intents ---------------------------------------------------------------------------------

    def go_to(self, key: str, _event: object = None) -> str:
        """Bring a tab to the front; "break": the digit that asked for it is not typed."""
        self.tabs.show(key)
        return "break"

    def switch_language(self) -> None:
        """Change between Chinese and English, live."""
        if not switch_language(self.root, self.settings):
            self.main_window.tell(_(system_words("font")))
            return
        self.main_window.be_ready()

    def switch_dark(self) -> None:
        """Change between light and dark, live."""
        self.theme.toggle_dark()

    def zoom(self, step: int) -> None:
        """Make everything larger or smaller."""
        self.theme.zoom(step)

    def quit(self) -> None:
        """Close, but ask first when something would be lost."""
        from gui.quitting import Quitting

        Quitting(self.root, self.theme, self.backend, self.recording_files, self.close).quit()

    def close(self) -> None:
        """End everything within a second; what was set is kept."""
        self.pump.stop()
        if self._building:
            self.root.after_cancel(self._building)
        self.main_window.stop_telling()
        self.recording_files.stop()
        self.remembering.save()
        if not self.backend.close(CLOSE_SECONDS):
            log.warning("the network did not end within %s s", CLOSE_SECONDS)
        self.root.destroy()
        self._gc.stop()

    # -- inside ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        """The window is drawn: open the network, and draw what the first picture did not need."""
        self.root.update_idletasks()
        sys.setswitchinterval(SWITCH_SECONDS)
        if refusal := self.backend.open().recording.refusal:
            self.main_window.tell(refusal)
        self.main_window.set_icon()
        self.pump.start()
        self._build_rest()
        self.recording_files.recover_crashed()

    def _build_rest(self) -> None:
        """Build the other tabs, one at a time, while the first is being looked at."""
        if self.tabs.build_one():
            self._building = self.root.after(1, self._build_rest)
        else:
            load_words()
            load_logging()
            self._gc.built()

    def _tick(self) -> None:
        with self.backend.network.hold as hold:
            self.backend.tick()
            self.page.tick()
            self.projector.tick()
            self._ticks += 1
            if self._ticks % SLOW_TICKS == 0:
                self.page.slow_tick()
                self.tabs.settle()
                self.projector.slow_tick()
                self._title.slow_tick()
                self.main_window.show_counts(self.backend)
                self.recording_files.tick()
                self.remembering.tick()
            if hold.waiting:
                self.root.update_idletasks()  # draws all that, while nobody else is at it
        self._gc.tick()

    def _on_bug(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        """A mistake of ours in a callback: the window goes on, the log and the user know."""
        log.error("in the window", exc_info=(kind, bug, trace))
        words = _("A bug in Socketboard, please report it: {what}")
        if path := log_path():
            words = _("A bug in Socketboard, please report it: {what} (details: {path})")
        self.main_window.tell(words.format(what=visible_text(str(bug), 200), path=path))

    def _intents(self, context: Context) -> Intents:
        """Return what the window does, for keys, tools and menu."""
        return {
            FIRST: lambda: self.go_to(FIRST),
            "cancel": partial(_cancel, self),
            "find": lambda: self.page.find(),  # noqa: PLW0108 - the page of that moment
            "language": self.switch_language,
            "dark": self.switch_dark,
            "projector": lambda: self.projector.toggle(),  # noqa: PLW0108 - made when it is asked for
            "larger": lambda: self.zoom(1),
            "smaller": lambda: self.zoom(-1),
            "usual size": lambda: self.zoom(0),
            "open": self.recording_files.ask_open,
            "save": self.recording_files.ask_save_copy,
            "boundaries": partial(_boundaries, self, context),
            "models": partial(_models, self, context),
            "code": partial(_code, self, context),
            "help": partial(_help, self),
            "menu": self.main_window.open_menu,
            "quit": self.quit,
        }

    def _bind(self) -> None:
        root = self.root
        root.report_callback_exception = self._on_bug
        root.protocol("WM_DELETE_WINDOW", self.quit)
        root.protocol("WM_SAVE_YOURSELF", partial(_save_all, self))  # on Windows: log-off
        bind_keys(root, self.intents)
        for number, key in enumerate(self.tabs, 1):
            root.bind(f"<Control-Key-{number}>", partial(self.go_to, key))
        for key in ("<Return>", "<KP_Enter>"):  # the tab has the keyboard after Ctrl+2
            self.main_window.notebook.bind(key, lambda _event: self.page.main_action())


def _entry(app: App, words: Message, intent: str) -> Entry | Group:
    """Return what an entry of the menu does, or the entries beside it."""
    if intent != "cases":
        return Entry(words, app.intents[intent], shown_key(intent))
    show = app.recording_files.open
    return Group(words, tuple(Entry(case.title, partial(show, case.path)) for case in CASES))


def _help(app: App) -> None:
    from gui.help import show_help  # late: not needed for the first picture

    show_help(app.root, app.theme)


def _boundaries(app: App, context: Context) -> None:
    from gui.boundaries_window import BoundariesWindow  # late: not needed for the first picture
    from gui.experiment_window import open_experiment

    open_experiment(BoundariesWindow, app.root, context)


def _models(app: App, context: Context) -> None:
    from gui.experiment_window import open_experiment
    from gui.server_models_window import ServerModelsWindow  # late, too

    open_experiment(ServerModelsWindow, app.root, context)


def _code(app: App, context: Context) -> None:
    from gui.code_window import open_code  # late: not needed for the first picture

    open_code(app.root, context, lambda: app.page)


def _save_all(app: App) -> None:
    """Leave nothing unwritten: we may be ended at once, or go on because somebody else would not.

    The recording stays where the next start finds it.
    """
    app.remembering.save()
    app.backend.flush(CLOSE_SECONDS)


def _cancel(app: App) -> None:
    if app.projector.on:
        app.projector.end()
    else:
        app.page.cancel()


def main(settings_path: Path | None = None) -> int:
    """Open the window and stay until it is closed; 2 when there is no display."""
    make_dpi_aware()
    name_application()
    try:
        root = tk.Tk(className="Socketboard")
    except tk.TclError as error:
        set_language(system_language())
        sys.stderr.write(_("No window can be opened here: {why}").format(why=error) + "\n")
        sys.stderr.write(_("The command line works without one: see --help.") + "\n")
        return 2
    root.withdraw()
    app = App(root, Settings(settings_path or default_path()))
    before = _let_signals_close(app)
    if sys.platform == "win32":  # there a window keeps the icon with which it was first shown
        app.main_window.set_icon()
    show(root, maximised=app.settings.get("window.maximised", False))
    root.mainloop()
    for number, handler in before.items():
        signal.signal(number, handler)
    return 0


def _let_signals_close(app: App) -> dict[int, Any]:
    """Let the signals that ask us to end close the window; return what they did before.

    A second one does that, too: whoever is in a hurry may have it.
    """
    numbers = [getattr(signal, name) for name in ENDING_SIGNALS if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    before = {number: old for number, old in handlers.items() if old is not signal.SIG_IGN}

    def close(*_: object) -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        app.root.after(0, app.close)

    for number in before:
        signal.signal(number, close)
    return before
