"""Which of the two languages the window speaks."""

from __future__ import annotations

import tkinter as tk

from gui.settings import Settings
from gui.theme.theme import has_cjk_font
from gui.translated import retranslate
from netlib import LANGUAGES, Language, language, set_language, system_language


def begin_language(root: tk.Tk, settings: Settings) -> None:
    """Speak the language chosen last time, or that of the system, if there is a font for it."""
    chosen = settings.one_of("window.language", LANGUAGES, system_language())
    set_language("zh" if chosen == "zh" and has_cjk_font(root) else "en")


def switch_language(root: tk.Tk, settings: Settings) -> bool:
    """Speak the other language, live; False: no font here can show it."""
    chosen: Language = "en" if language() == "zh" else "zh"
    if chosen == "zh" and not has_cjk_font(root):
        return False
    set_language(chosen)
    settings.set("window.language", chosen)
    retranslate(root)
    return True
