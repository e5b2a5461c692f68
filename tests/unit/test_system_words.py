"""What people are told to type and install is there on their system."""

from __future__ import annotations

import sys

import pytest

from netlib.i18n import _, set_language
from netlib.system.words import _UNIX, _WINDOWS, system_words

NOT_ON_WINDOWS = ("nc ", "ulimit", "apt", "fonts-noto", "python3-tk", "SIGTERM", "SIGINT")


@pytest.mark.parametrize("system", ["win32", "linux", "darwin"])
def test_each_system_has_words_for_the_same(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert _UNIX.keys() == _WINDOWS.keys()
    assert ("nc" in system_words("tcp")) is (system != "win32")


def test_windows_is_not_told_of_what_it_does_not_have() -> None:
    told = " ".join(_WINDOWS.values())
    assert [word for word in NOT_ON_WINDOWS if word in told] == []


def test_an_address_of_ipv6_is_typed_in_brackets_where_the_port_follows_it() -> None:
    where = {"host": "::1", "port": 8080, "endpoint": "[::1]:8080"}
    assert _WINDOWS["tcp"].format(**where) == "curl telnet://[::1]:8080"
    assert _UNIX["tcp"].format(**where) == "nc ::1 8080"


@pytest.mark.parametrize("key", ["font", "tk", "serve"])
def test_sentences_have_their_chinese(key: str) -> None:
    set_language("zh")
    try:
        for words in (_UNIX, _WINDOWS):
            assert _(words[key]) != words[key]  # type: ignore[index]
    finally:
        set_language("en")
