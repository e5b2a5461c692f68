"""Every error is explained to a first-year student, in both languages."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from itertools import product

import pytest

from netlib.errors import Cause, NetError, Operation
from netlib.i18n import LANGUAGES, Language, set_language
from netlib.teaching.explain import Explanation, code_words, explain, in_short, in_words


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("operation", "cause"), [*product(Operation, Cause)])
def test_every_error_has_a_sentence_a_reason_and_advice(
    operation: Operation, cause: Cause, language: Language
) -> None:
    set_language(language)
    sentence, wire, reasons, advice = explain(NetError(operation, cause))
    assert reasons
    for words in filter(None, (sentence, wire, *reasons, advice)):
        assert words.endswith("。" if language == "zh" else ".")
        assert words.isprintable()


def test_both_languages_have_their_own_words_for_every_error() -> None:
    errors = [NetError(operation, cause) for operation, cause in product(Operation, Cause)]
    english = [explain(error) for error in errors]
    set_language("zh")
    for error, words in zip(errors, english, strict=True):
        assert not _sentences(explain(error)) & _sentences(words), error


def _sentences(words: Explanation) -> set[str]:
    return {words.sentence, words.wire, *words.reasons, words.advice} - {""}


def test_a_timeout_means_another_thing_to_each_operation() -> None:
    sentences = {
        explain(NetError(operation, Cause.TIMED_OUT)).sentence
        for operation in (Operation.RESOLVE, Operation.CONNECT, Operation.SEND, Operation.RECEIVE)
    }
    assert len(sentences) == 4


def test_permission_to_bind_is_about_the_port() -> None:
    assert "1024" in explain(NetError(Operation.BIND, Cause.PERMISSION)).reasons[0]
    assert "1024" not in explain(NetError(Operation.SEND, Cause.PERMISSION)).reasons[0]


def test_in_words_is_four_lines_with_symbol_and_number_instead_of_the_systems_english() -> None:
    error = NetError(Operation.CONNECT, Cause.REFUSED, errno.ECONNREFUSED, "words")
    what, *rest = in_words(error).splitlines()
    assert what.startswith("What: ")
    assert what.endswith(f"(words, ECONNREFUSED {errno.ECONNREFUSED}).")
    assert [line.partition(":")[0] for line in rest] == ["  Likely reasons", "  Try"]
    set_language("zh")
    assert [line.strip().partition("：")[0] for line in in_words(error).splitlines()] == [
        "现象",
        "可能原因",
        "试一试",
    ]


def test_symbol_and_number_are_the_same_in_both_languages_and_on_every_system() -> None:
    def words(operation: Operation, cause: Cause, code: int | None) -> str:
        return code_words(NetError(operation, cause, code))

    for language in LANGUAGES:
        set_language(language)
        assert words(Operation.CONNECT, Cause.REFUSED, 10061) == "WSAECONNREFUSED 10061"
        refused = errno.ECONNREFUSED
        assert words(Operation.CONNECT, Cause.REFUSED, refused) == f"ECONNREFUSED {refused}"
        unknown = socket.EAI_NONAME
        assert words(Operation.RESOLVE, Cause.NAME_NOT_FOUND, unknown) == f"EAI_NONAME {unknown}"
        assert words(Operation.CONNECT, Cause.TIMED_OUT, None) == ""


def test_a_number_of_another_system_is_not_called_what_it_means_here() -> None:
    macos = NetError(Operation.CONNECT, Cause.REFUSED, 61)
    assert errno.errorcode[61] != "ECONNREFUSED"
    assert code_words(macos) == "61"


def test_what_the_system_says_is_made_safe() -> None:
    error = NetError(Operation.SEND, Cause.UNKNOWN, None, "bad\n\x1b[2J\u202e")
    assert all(line.isprintable() for line in in_words(error).splitlines())


def test_who_holds_the_port_is_said() -> None:
    set_language("zh")
    error = NetError(Operation.BIND, Cause.ADDRESS_IN_USE, 98, "nc (PID 12)")
    assert in_short(error) == "端口已被占用（nc (PID 12)、EADDRINUSE 98）。"


def test_a_dead_connection_is_not_told_like_a_silent_peer() -> None:
    lost, silent = (
        explain(NetError(Operation.RECEIVE, cause))
        for cause in (Cause.CONNECTION_LOST, Cause.TIMED_OUT)
    )
    assert "ACK" in lost.reasons[0]
    assert "LF" not in lost.reasons[0]
    assert "LF" in silent.reasons[0]
