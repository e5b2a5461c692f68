"""Which of the two languages the window speaks."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from gui.settings import Settings
from gui.theme.theme import has_cjk_font
from gui.translated import retranslate
from netlib import LANGUAGES, Language, language, set_language, system_language

_TK_LOCALES: Final[dict[Language, str]] = {"en": "en", "zh": "zh_cn"}


def begin_language(root: tk.Tk, settings: Settings) -> None:
    """Speak the language chosen last time, or that of the system, if there is a font for it."""
    chosen = settings.one_of("window.language", LANGUAGES, system_language())
    set_language("zh" if chosen == "zh" and has_cjk_font(root) else "en")
    _tell_tk(root)


def switch_language(root: tk.Tk, settings: Settings) -> bool:
    """Speak the other language, live; False: no font here can show it."""
    chosen: Language = "en" if language() == "zh" else "zh"
    if chosen == "zh" and not has_cjk_font(root):
        return False
    set_language(chosen)
    settings.set("window.language", chosen)
    _tell_tk(root)
    retranslate(root)
    return True


def _tell_tk(root: tk.Tk) -> None:
    """Let Tk's own dialogs speak it, too: those for files, where the system has none."""
    root.tk.call("::msgcat::mclocale", _TK_LOCALES[language()])
