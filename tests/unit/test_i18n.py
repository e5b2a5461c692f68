"""The language in use, and which one the system speaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netlib.i18n import LANGUAGES, N_, _, language, ngettext, set_language, system_language

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


@pytest.mark.parametrize(
    ("variable", "value", "spoken"),
    [
        ("LANG", "zh_CN.UTF-8", "zh"),
        ("LANG", "zh_TW.Big5", "zh"),
        ("LANG", "de_DE.UTF-8", "en"),
        ("LANG", "C", "en"),
        ("LC_ALL", "zh-Hans-CN", "zh"),
        ("LANGUAGE", "zh:en", "zh"),
        ("LC_MESSAGES", "Chinese (Simplified)_China.936", "zh"),
    ],
)
def test_the_environment_says_what_the_system_speaks(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, spoken: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert system_language() == spoken


def test_the_first_variable_that_speaks_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert system_language() == "en"


def test_without_environment_the_c_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.setlocale", lambda _category: "Chinese (Simplified)_China.936")
    assert system_language() == "zh"
    monkeypatch.setattr("locale.setlocale", lambda _category: "C.UTF-8")
    assert system_language() == "en"
