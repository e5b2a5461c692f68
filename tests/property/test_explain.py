"""Whatever the system said, the line is one safe line."""

from __future__ import annotations

from hypothesis import given

from netlib.errors import NetError
from netlib.teaching.explain import in_short, in_words
from netlib.text import visible_text
from tests.samples import errors


@given(errors)
def test_an_error_in_words_is_safe_lines(error: NetError) -> None:
    for line in (*in_words(error).splitlines(), in_short(error)):
        assert visible_text(line) == line
