"""The experiment of the boundaries in a window of its own: settings, and what came of them."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from gui.boundaries_form import BoundariesForm
from gui.context import Context
from gui.experiment_window import ExperimentWindow
from gui.models.boundaries import BoundariesModel
from gui.views.boundaries_view import BoundariesView
from netlib import N_


class BoundariesWindow(ExperimentWindow):
    """Sends of one end over the receives of the other."""

    NAME, TITLE = "boundaries", N_("Socketboard: message boundaries")

    def __init__(self, root: tk.Tk, context: Context) -> None:
        """Begin at once, so that there is something to see."""
        self.model = BoundariesModel()
        super().__init__(root, context)

    @property
    def _model(self) -> BoundariesModel:
        return self.model

    def _make_form(self, page: ttk.Frame) -> BoundariesForm:
        self.form = BoundariesForm(page, self._theme)
        return self.form

    def _make_picture(self, inside: ttk.Frame) -> BoundariesView:
        self.view = BoundariesView(inside, self._theme)
        return self.view

    def _begin(self) -> None:
        self.model.start(self.form.settings())

    def _accept(self) -> bool:
        return self.form.accept()

    def _show(self) -> None:
        if (found := self.model.boundaries) is not None:
            self.view.show(found)

    def _copy(self) -> None:
        self.view.copy()
