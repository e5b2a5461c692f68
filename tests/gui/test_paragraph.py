"""Text that is broken where its room ends: no character is cut, in any width."""

from __future__ import annotations

import pytest

from gui.theme.theme import Theme
from gui.widgets.fit import Paragraph
from tests.gui.conftest import Pump

RESULT = (
    "服务器时间 2026-11-29T16:51:37.299197Z（本地 16:51:37） · 层级 1 · 往返时间 δ 0.11 毫秒 · "
    "时钟偏差 θ +0.00000 ± 0.00006 s"
)


@pytest.mark.parametrize("style", ["TLabel", "Result.TLabel", "Small.TLabel"])
def test_no_line_is_wider_than_its_room(theme: Theme, pump: Pump, style: str) -> None:
    paragraph = Paragraph(theme.root, theme, style)
    paragraph.pack(fill="x")
    paragraph.label.configure(text=RESULT)
    theme.root.geometry("900x200")
    pump(lambda: paragraph.winfo_width() == 900)
    wider = {}
    for width in range(400, 900):  # a Paragraph whose text alone changes is not arranged anew
        paragraph.arrange(width)
        if (asked := paragraph.label.winfo_reqwidth()) > width:
            wider[width] = asked
    assert wider == {}
