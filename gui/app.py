"""The window: the composition root, and the only place that builds things."""

from __future__ import annotations

import logging
import sys
import tkinter as tk
from functools import partial
from pathlib import Path
from types import TracebackType

from gui.context import Context
from gui.help import show_help
from gui.main_thread_gc import MainThreadGc
from gui.main_window import MainWindow
from gui.models.backend import Backend
from gui.pump import Pump
from gui.recording_files import RecordingFiles
from gui.settings import Settings, default_path
from gui.tabs.page import Page
from gui.tabs.registry import Tabs
from gui.theme.theme import BASE_SIZE, Theme, has_cjk_font, make_dpi_aware
from gui.translated import retranslate, set_title
from gui.widgets.menus import Entry
from netlib import LANGUAGES, N_, Language, _, language, set_language, system_language, visible_text

log = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0
SWITCH_SECONDS = 0.001
"""How long a busy thread of ours may keep the interpreter from the window; Python's own 5 ms, twice
in a row, would be felt."""

SLOW_TICKS = 8
"""Figures (status line, tables) are renewed at every eighth tick: four times a second."""


class App:
    """The window with everything in it."""

    def __init__(self, root: tk.Tk, settings: Settings) -> None:
        """Build the window; the network is opened once its first picture has been drawn."""
        self.root, self.settings = root, settings
        self.backend, self._gc = Backend(), MainThreadGc()
        self._ticks = 0
        self._building = ""
        self._choose_language()
        self.theme = Theme(
            root,
            dark=settings.get("window.dark", False),
            scale_font=settings.get("window.size", BASE_SIZE),
        )
        set_title(root, N_("Socketboard"))
        self.main_window = MainWindow(root, self.theme, self)
        context = Context(self.theme, self.backend, settings, self.main_window.tell)
        self.tabs = Tabs(self.main_window.notebook, context)
        self.recording_files = RecordingFiles(root, context, lambda: self.page.banner.complain)
        self.main_window.fill_menu(
            Entry(N_("Open recording…"), self.recording_files.ask_open, "Ctrl+O"),
            Entry(N_("Save recording as…"), self.recording_files.ask_save_copy),
            None,
            Entry(N_("Keys and help"), lambda: show_help(root, self.theme), "F1"),
            None,
            Entry(N_("Quit"), self.close, "Ctrl+Q"),
        )
        self.main_window.notebook.bind(
            "<<NotebookTabChanged>>", lambda _event: self.main_window.notebook.focus_set(), add=True
        )
        self.go_to(settings.one_of("window.tab", self.tabs, "connect"))
        self.main_window.place_window(settings.get("window.geometry", ""))
        self._bind()
        self.pump = Pump(root, self._tick)
        root.after_idle(lambda: root.after(1, self._begin))

    @property
    def page(self) -> Page:
        """The tab in sight."""
        return self.tabs.shown

    # -- intents ---------------------------------------------------------------------------------

    def go_to(self, key: str, _event: object = None) -> str:
        """Bring a tab to the front; "break": the digit that asked for it is not typed."""
        self.tabs.show(key)
        return "break"

    def switch_language(self) -> None:
        """Change between Chinese and English, live."""
        self._use_language("en" if language() == "zh" else "zh")

    def switch_dark(self) -> None:
        """Change between light and dark, live."""
        self.theme.toggle_dark()

    def zoom(self, step: int) -> None:
        """Make everything larger or smaller."""
        self.theme.zoom(step)

    def close(self) -> None:
        """End everything within a second; what was set is kept."""
        self.pump.stop()
        if self._building:
            self.root.after_cancel(self._building)
        self.recording_files.stop()
        self._remember()
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
            self._gc.built()

    def _tick(self) -> None:
        self.backend.tick()
        self.page.tick()
        self._ticks += 1
        if self._ticks % SLOW_TICKS == 0:
            self.page.slow_tick()
            self.main_window.show_counts(self.backend)
            self.recording_files.tick()
        self._gc.tick()

    def _choose_language(self) -> None:
        chosen = self.settings.one_of("window.language", LANGUAGES, system_language())
        set_language("zh" if chosen == "zh" and has_cjk_font(self.root) else "en")

    def _use_language(self, chosen: Language) -> None:
        if chosen == "zh" and not has_cjk_font(self.root):
            self.main_window.tell(
                _("No Chinese font is installed here; for example: fonts-noto-cjk.")
            )
            return
        set_language(chosen)
        self.settings.set("window.language", chosen)
        self.main_window.be_ready()
        retranslate(self.root)

    def _on_bug(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        """A mistake of ours in a callback: the window goes on, the log and the user know."""
        log.error("in the window", exc_info=(kind, bug, trace))
        self.main_window.tell(
            _("A bug in Socketboard, please report it: {what}").format(
                what=visible_text(str(bug), 200)
            )
        )

    def _bind(self) -> None:
        root = self.root
        root.report_callback_exception = self._on_bug
        root.protocol("WM_DELETE_WINDOW", self.close)
        self.theme.bind_zoom_keys()
        for number, key in enumerate(self.tabs, 1):
            root.bind(f"<Control-Key-{number}>", partial(self.go_to, key))
        root.bind("<Escape>", lambda _event: self.page.cancel())
        for key in ("<Return>", "<KP_Enter>"):  # the tab has the keyboard after Ctrl+2
            self.main_window.notebook.bind(key, lambda _event: self.page.main_action())
        root.bind("<Control-q>", lambda _event: self.close())
        root.bind("<Control-l>", lambda _event: self.switch_language())
        root.bind("<Control-o>", lambda _event: self.recording_files.ask_open())
        root.bind("<Control-d>", lambda _event: self.switch_dark())

    def _remember(self) -> None:
        for page in self.tabs.built():
            page.remember()
        self.settings.set("window.dark", self.theme.dark)
        self.settings.set("window.size", self.theme.size)
        self.settings.set("window.tab", self.tabs.shown_key)
        self.settings.set("window.geometry", self.root.geometry())
        self.settings.save()


def main(settings_path: Path | None = None) -> int:
    """Open the window and stay until it is closed; 2 when there is no display."""
    make_dpi_aware()
    try:
        root = tk.Tk(className="Socketboard")
    except tk.TclError as error:
        set_language(system_language())
        sys.stderr.write(_("No window can be opened here: {why}").format(why=error) + "\n")
        sys.stderr.write(_("The command line works without one: see --help.") + "\n")
        return 2
    root.withdraw()
    App(root, Settings(settings_path or default_path()))
    root.deiconify()
    root.mainloop()
    return 0
