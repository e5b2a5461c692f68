"""`demo`: every step of the tutorial does what it says."""

from __future__ import annotations

import pytest

from tests.command import objects, run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_plays_the_whole_tutorial(lang: str) -> None:
    result = run("demo", lang=lang)
    assert result.returncode == 0, result.stdout.decode()
    shown = result.stdout.decode()
    assert shown.count("\n   ✓ ") == 9
    assert "\n   ✗ " not in shown
    assert result.stderr == b""


def test_the_demo_in_json_tells_each_step() -> None:
    steps = [one for one in objects(run("demo", "--json").stdout) if one["event"] == "step"]
    assert [step["ok"] for step in steps] == [True] * 9
