"""Every lesson in Chinese from start to end in the window: each proof comes from real sockets."""

from __future__ import annotations

import pytest

from netlib.teaching.lesson_list import LESSONS
from tests.gui.lessons import play
from tests.gui.window import Window


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_played_to_its_end(window: Window, name: str) -> None:
    window.app.switch_language()
    play(window, name)
