"""The window of an experiment: its settings beside a picture of what came of them."""

from __future__ import annotations

import tkinter as tk
from abc import ABC, abstractmethod
from tkinter import ttk
from typing import ClassVar, Final, Protocol, TypeVar

from gui.context import Context
from gui.pump import Pump
from gui.translated import LANGUAGE_CHANGED, set_text, set_title
from gui.widgets.bubble import Bubble
from gui.widgets.choice import Segments
from gui.widgets.emphasis import PRIMARY
from gui.widgets.fit import Paragraph, fixed_request
from gui.widgets.scrolled import Scrolled
from netlib import N_

SIZE: Final = (1120, 740)
FORM: Final = 350
NARROW: Final = 800
"""Logical pixels: the window at first; its form; the width below which one of both is shown."""
MARGIN: Final = 80
"""Pixels of the screen that the window leaves free."""


class Model(Protocol):
    """What is under way, and what came of it."""

    changes: int
    """Grows with each result."""
    refusal: str
    """Why there is no result of the last run."""

    @property
    def running(self) -> bool:
        """Whether a run is under way."""

    def tick(self) -> None:
        """Look what has happened."""

    def stop(self) -> None:
        """End the run under way."""

    def words(self) -> str:
        """Return what else there is to know of the result."""


class ExperimentWindow(ABC, tk.Toplevel):
    """Runs an experiment when it is opened, and again as often as wanted."""

    NAME: ClassVar[str]
    """Of the window, for Tk."""
    TITLE: ClassVar[str]

    def __init__(self, root: tk.Tk, context: Context) -> None:
        """Begin at once, so that there is something to see."""
        super().__init__(root, name=self.NAME)
        self._theme = context.theme
        self._seen, self._narrow, self._running = 0, False, False
        px = self._theme.px
        set_title(self, self.TITLE)
        room = self.winfo_screenwidth() - MARGIN, self.winfo_screenheight() - MARGIN
        wide, high = (min(px(side), most) for side, most in zip(SIZE, room, strict=True))
        self.geometry(f"{wide}x{high}")
        inside = ttk.Frame(self, padding=px(12))
        inside.pack(fill="both", expand=True)
        self.switch = Segments(
            inside, {"form": N_("Experiment"), "view": N_("Picture")}, lambda _key: self._divide()
        )
        self.switch.key = "view"
        self._side = ttk.Frame(inside)
        fixed_request(self._side)
        self._fill_side(self._side)
        self._picture = self._make_picture(inside)
        self._divide()
        self._listen()
        self._pump = Pump(self, self._tick)
        self._pump.start()
        self.run()
        self.run_button.focus_set()

    # -- what differs ----------------------------------------------------------------------------

    @property
    @abstractmethod
    def _model(self) -> Model:
        """What is run."""

    @abstractmethod
    def _make_form(self, page: ttk.Frame) -> ttk.Frame:
        """Return the settings."""

    @abstractmethod
    def _make_picture(self, inside: ttk.Frame) -> ttk.Frame:
        """Return where the result is shown."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin what is set. ValueError with a translated sentence: it cannot be."""

    @abstractmethod
    def _accept(self) -> bool:
        """Whether each field is right; if not, it is said beside the first that is wrong."""

    @abstractmethod
    def _show(self) -> None:
        """Show the result."""

    @abstractmethod
    def _copy(self) -> None:
        """Put the result on the clipboard, as text."""

    # -- what is the same ------------------------------------------------------------------------

    def _fill_side(self, side: ttk.Frame) -> None:
        px = self._theme.px
        foot = ttk.Frame(side)
        self.run_button = ttk.Button(foot, style=PRIMARY, command=self.run)
        self.copy_button = ttk.Button(foot, command=self._copy)
        self._bubble = Bubble(self.run_button, self._theme)
        set_text(self.run_button, N_("Run again"))
        set_text(self.copy_button, N_("Copy as text"))
        self.copy_button.pack(side="right", padx=(px(8), 0))
        self.run_button.pack(side="left", fill="x", expand=True)
        foot.pack(side="bottom", fill="x", pady=(px(6), 0))
        self._scrolled = Scrolled(side, self._theme)
        self._scrolled.pack(fill="both", expand=True)
        page = ttk.Frame(self._scrolled, padding=(0, 0, px(14), 0))
        self._make_form(page).pack(fill="x")
        self.told = Paragraph(page, self._theme, "Small.TLabel")
        self.told.pack(fill="x")
        self._scrolled.hold(page)

    def _listen(self) -> None:
        self.bind("<Escape>", lambda _event: self.destroy())
        for key in ("<Return>", "<KP_Enter>"):
            self.bind(key, lambda _event: self.run())
        self.bind("<<ThemeChanged>>", lambda _event: self._divide())
        self.bind(LANGUAGE_CHANGED, lambda _event: self._say())

    def run(self) -> None:
        """Run the experiment, end the one under way, or say what is wrong."""
        if self._model.running:
            self._model.stop()
            return
        self._bubble.hide()
        try:
            self._begin()
        except ValueError as wrong:
            if self._narrow:
                self.switch.choose("form")
                self.update_idletasks()  # it is said beside what has only now been shown
            if self._accept():
                self._bubble.show(str(wrong))

    def destroy(self) -> None:
        """Close the window, and end what is under way."""
        self._pump.stop()
        self._model.stop()
        super().destroy()

    def _tick(self) -> None:
        model = self._model
        model.tick()
        if model.changes != self._seen:
            self._seen = model.changes
            self._show()
            self._say()
            if self._narrow:
                self.switch.choose("view")
        if model.running != self._running:
            self._running = model.running
            set_text(self.run_button, N_("Stop") if self._running else N_("Run again"))
        if (self.winfo_width() < self._theme.px(NARROW)) != self._narrow:
            self._divide()
        self._scrolled.settle()

    def _say(self) -> None:
        """Say what else is known of the result, or why there is none."""
        self.told.label.configure(text=self._model.words())
        if self._model.refusal:
            self._bubble.show(self._model.refusal)

    def _divide(self) -> None:
        """Put form and picture beside each other or, where there is no room, one of them."""
        px, wide = self._theme.px, self.winfo_width()
        self._narrow = 1 < wide < px(NARROW)
        for part in (self.switch, self._side, self._picture):
            part.pack_forget()
        if self._narrow:
            self.switch.pack(side="top", anchor="w", pady=(0, px(8)))
            shown = self._side if self.switch.key == "form" else self._picture
            shown.pack(fill="both", expand=True)
        else:
            self._side.configure(width=px(FORM))
            self._side.pack(side="right", fill="y", padx=(px(12), 0))
            self._picture.pack(side="left", fill="both", expand=True)


Window = TypeVar("Window", bound=ExperimentWindow)


def open_experiment(kind: type[Window], root: tk.Tk, context: Context) -> Window:
    """Show its window, or bring it to the front."""
    name = f".{kind.NAME}"
    if root.tk.call("winfo", "exists", name):
        window = root.nametowidget(name)
        assert isinstance(window, kind)
        window.lift()
        window.focus_set()
        return window
    return kind(root, context)
