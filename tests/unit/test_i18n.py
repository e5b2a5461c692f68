"""The language in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import LANGUAGES, N_, _, language, ngettext, set_language

_KNOWN = "The port is missing: a number from 1 to 65535."


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


def test_the_language_changes_at_any_time() -> None:
    assert (language(), _(_KNOWN)) == ("en", _KNOWN)
    set_language("zh")
    assert language() == "zh"
    assert "端口" in _(_KNOWN)
    set_language("en")
    assert _(_KNOWN) == _KNOWN


@pytest.mark.parametrize("name", LANGUAGES)
def test_an_unknown_sentence_stands_as_it_is(name: str) -> None:
    set_language(name)  # type: ignore[arg-type]
    assert _("No such sentence.") == "No such sentence."
    assert _("") == ""
    assert N_("No such sentence.") == "No such sentence."
    assert ngettext("one thing", "many things", 2) == "many things"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        set_language("fr")  # type: ignore[arg-type]
    assert language() == "en"
