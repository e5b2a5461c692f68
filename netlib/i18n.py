"""Two languages for every sentence a person reads: English in the code, Chinese in a catalogue.

`_("English sentence")` translates now, at the call; `N_()` only marks a sentence that is
translated later, when it is shown. What has no Chinese is shown in English. The language is one
per process and may change at any time: whoever shows text asks again.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final, Literal, get_args

Language = Literal["en", "zh"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DOMAIN: Final = "socketboard"
LOCALE_FOLDER: Final = Path(__file__).with_name("locale")

_CATALOGUES: Final[dict[Language, str]] = {"zh": "zh_CN"}


class _Speech:
    """The language in use and its sentences."""

    __slots__ = ("catalogue", "language")

    def __init__(self) -> None:
        self.language: Language = "en"
        self.catalogue = gettext.NullTranslations()


_speech = _Speech()


def _(message: str) -> str:
    """Return the sentence in the language in use; an empty string stays empty."""
    return _speech.catalogue.gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a sentence for the catalogue and return it unchanged; `_` translates it when shown."""
    return message


def ngettext(one: str, many: str, count: int) -> str:
    """Return the sentence for `count` things in the language in use (Chinese has one form)."""
    return _speech.catalogue.ngettext(one, many, count)


def set_language(language: Language) -> None:
    """Speak this language from now on; ValueError for one that is not in `LANGUAGES`."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; known: {', '.join(LANGUAGES)}")
    _speech.catalogue = gettext.NullTranslations()
    if locale := _CATALOGUES.get(language):
        _speech.catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [locale], fallback=True)
    _speech.language = language


def language() -> Language:
    """Return the language in use."""
    return _speech.language
