"""The models of a server in a window of their own: settings, and what came of each model."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.context import Context
from gui.experiment_window import ExperimentWindow
from gui.models.server_models import ServerModels
from gui.theme.theme import Theme
from gui.translated import Message, set_text
from gui.views.models_view import ModelsView
from gui.widgets.choice import Choice
from gui.widgets.field import Limits
from gui.widgets.slider import Slider
from gui.widgets.tooltip import tip
from netlib import MODEL_LIMITS, MODEL_NAMES, MODELS, N_, ModelSettings, now

ALL: Final = "all"
"""All models, one after the other."""
FIRST: Final = {"clients": 4, "seconds": 2, "work": 100, "pause": 100}
"""Settings that show something."""
UNITS: Final[dict[str, Message]] = {"seconds": "s", "work": "ms", "pause": "ms"}
LOOK_SECONDS: Final = 0.2
"""From one picture of a run to the next."""
_HINTS: Final[dict[str, Message]] = {
    "work": N_("While it works for an answer, whoever gives it does nothing else."),
    "pause": N_("From an answer to the next question of the same client, which stays connected."),
}


class ServerModelsForm(ttk.Frame):
    """Reads the settings; what is wrong is told beside its field."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        """Show settings that show something."""
        super().__init__(parent)
        label = ttk.Label(self)
        set_text(label, N_("Server"))
        label.pack(anchor="w")
        offered = {ALL: N_("all, one after the other"), **MODELS}
        self.model: Choice[str] = Choice(self, offered)
        self.model.pack(fill="x", pady=(theme.px(2), theme.px(8)))
        self.sliders = {name: self._slider(theme, name) for name in MODEL_LIMITS}

    def _slider(self, theme: Theme, name: str) -> Slider:
        low, high = MODEL_LIMITS[name]
        limits, unit = Limits(low=low, high=high), UNITS.get(name, "")
        slider = Slider(self, theme, MODEL_NAMES[name], limits, unit=unit, logarithmic=high > 100)
        slider.number = FIRST[name]
        if name in _HINTS:
            tip(slider.field.entry, _HINTS[name])
        slider.pack(fill="x", pady=(0, theme.px(4)))
        return slider

    def accept(self) -> bool:
        """Whether each number is right; if not, it is said beside the first that is wrong."""
        return all(slider.field.accept() for slider in self.sliders.values())

    def settings(self) -> list[ModelSettings]:
        """Return what is tried, one after the other; ValueError with a translated sentence."""
        numbers = {name: slider.number for name, slider in self.sliders.items()}
        models = MODELS if self.model.key == ALL else (self.model.key,)
        return [ModelSettings(model=model, **numbers) for model in models]


class ServerModelsWindow(ExperimentWindow):
    """Who is connected, who is served, who waits: three ways to serve several clients."""

    NAME, TITLE = "models", N_("Socketboard: models of a server")

    def __init__(self, root: tk.Tk, context: Context) -> None:
        """Begin at once, so that there is something to see."""
        self.model = ServerModels()
        self._looked = 0.0
        super().__init__(root, context)

    @property
    def _model(self) -> ServerModels:
        return self.model

    def _make_form(self, page: ttk.Frame) -> ServerModelsForm:
        self.form = ServerModelsForm(page, self._theme)
        return self.form

    def _make_picture(self, inside: ttk.Frame) -> ModelsView:
        self.view = ModelsView(inside, self._theme)
        return self.view

    def _begin(self) -> None:
        self.model.start(self.form.settings())

    def _accept(self) -> bool:
        return self.form.accept()

    def _show(self) -> None:
        self._looked = now()
        self.view.show(self.model.shown(), self.model.seconds)

    def _copy(self) -> None:
        self.view.copy()

    def _tick(self) -> None:
        super()._tick()
        if self.model.running and now() - self._looked >= LOOK_SECONDS:
            self._show()
