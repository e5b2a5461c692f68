"""Every experiment in Chinese in the window: predicted wrongly, refuted by real sockets."""

from __future__ import annotations

import pytest

from netlib.teaching.experiment_list import EXPERIMENTS
from tests.gui.lessons import play
from tests.gui.window import Window


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_played_to_its_end(window: Window, name: str) -> None:
    window.app.switch_language()
    play(window, f"experiment-{name}")
