"""Every error is explained to a first-year student, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from netlib.errors import Cause, NetError, Operation
from netlib.i18n import LANGUAGES, Language, set_language
from netlib.teaching.explain import explain, in_short, in_words


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
    for words in explain(NetError(operation, cause)):
        assert words.endswith("。" if language == "zh" else ".")
        assert words.isprintable()


def test_both_languages_have_their_own_words_for_every_error() -> None:
    errors = [NetError(operation, cause) for operation, cause in product(Operation, Cause)]
    english = [explain(error) for error in errors]
    set_language("zh")
    for error, words in zip(errors, english, strict=True):
        assert not set(explain(error)) & set(words), error


def test_a_timeout_means_another_thing_to_each_operation() -> None:
    sentences = {
        explain(NetError(operation, Cause.TIMED_OUT)).sentence
        for operation in (Operation.RESOLVE, Operation.CONNECT, Operation.SEND, Operation.RECEIVE)
    }
    assert len(sentences) == 4


def test_permission_to_bind_is_about_the_port() -> None:
    assert "1024" in explain(NetError(Operation.BIND, Cause.PERMISSION)).reason
    assert "1024" not in explain(NetError(Operation.SEND, Cause.PERMISSION)).reason


def test_in_words_is_one_line_with_the_words_of_the_system() -> None:
    line = in_words(NetError(Operation.CONNECT, Cause.REFUSED, 111, "Connection refused"))
    assert line == (
        "Connection refused: no program is listening on that address and port. "
        "Start the server, or compare address and port with what the server shows. "
        "(Connection refused, 111)"
    )
    assert in_words(NetError(Operation.CONNECT, Cause.CANCELLED)).endswith("like.")
    set_language("zh")
    assert in_short(NetError(Operation.BIND, Cause.ADDRESS_IN_USE, None, "nc (PID 12)")) == (
        "端口已被占用。（nc (PID 12)）"
    )


def test_what_the_system_says_is_made_safe() -> None:
    error = NetError(Operation.SEND, Cause.UNKNOWN, None, "bad\n\x1b[2J\u202e")
    assert in_words(error).isprintable()


def test_a_dead_connection_is_not_told_like_a_silent_peer() -> None:
    lost, silent = (
        explain(NetError(Operation.RECEIVE, cause))
        for cause in (Cause.CONNECTION_LOST, Cause.TIMED_OUT)
    )
    assert "ACK" in lost.reason
    assert "LF" not in lost.reason
    assert "LF" in silent.reason
