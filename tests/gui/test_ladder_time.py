"""Going to a time in the ladder."""

from __future__ import annotations

from datetime import datetime

from gui.views.ladder_pane import LadderPane
from tests.gui import test_ladder
from tests.gui.window import Window

ladder = test_ladder.ladder
"""A fixture."""


def test_a_time_is_gone_to(window: Window, ladder: LadderPane) -> None:
    moment = ladder.rows.rungs(3, 4)[0].call.wall
    at = f"{datetime.fromtimestamp(moment):%H:%M:%S.%f}"
    assert ladder.finding.find(f"at:{at}") is None
    assert ladder.view.chosen() == (3, 4)
