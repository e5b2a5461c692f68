"""The bench itself: its sums are right and its programs compile; nothing is timed here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.plan import HERE, compile_c
from tests.bench.report import BEGIN, END, GOALS, Goal, line, number, replaced, tables
from tests.bench.stats import Figure, Spread, in_turn, quantile, ratios, slope, spread


def test_spread_is_least_median_most() -> None:
    assert spread([3, 1, 10]) == Spread(1, 3, 10)
    assert spread([4, 2]) == Spread(2, 3, 4)


def test_no_run_has_no_spread() -> None:
    with pytest.raises(ValueError):
        spread([])


def test_ratios_divide_neighbours_in_time() -> None:
    assert ratios([2, 9], [1, 3]) == [2, 3]
    with pytest.raises(ValueError):
        ratios([1, 2], [1])


def test_quantile_is_a_value_that_was_seen() -> None:
    values = list(range(100, 0, -1))
    assert quantile(values, 0.5) == 51
    assert quantile(values, 0.99) == 100
    assert quantile([7], 0.99) == 7


def test_slope_is_growth_per_step_and_noise_has_none() -> None:
    assert slope([(0, 1), (10, 2), (20, 3)]) == pytest.approx(0.1)
    assert slope([(0, 5), (1, 6), (2, 6), (3, 5)]) == 0
    assert slope([(3, 7)]) == 0


def test_every_second_round_runs_backwards() -> None:
    assert [in_turn("AB", number) for number in range(3)] == [["A", "B"], ["B", "A"], ["A", "B"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.9349, "0.93"), (1, "1"), (123.456, "123.5"), (4567890.1, "4,567,890")],
)
def test_a_figure_has_as_many_digits_as_it_deserves(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_line_shows_the_goal_beside_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GOALS, "speed", Goal("≥ 1", "≥ 2"))
    assert line(Figure("speed", Spread(1.5, 1.75, 2), "by foot")).split() == [
        *("speed", "1.50", "1.75", "2", "≥", "1,", "≥", "2", "by", "foot")
    ]


def test_the_tables_tell_figures_with_a_goal_from_those_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(GOALS, "speed", Goal("≥ 1", "≥ 2"))
    figures = [Figure("weight", Spread(1, 1, 1)), Figure("speed", Spread(0.5, 1.25, 2), "by foot")]
    aimed, others = tables(figures, "two rounds").split("Beside them:")
    assert "| speed | ≥ 1 | ≥ 2 | **1.25** | 0.50 … 2 | by foot |" in aimed
    assert "weight" not in aimed
    assert "| weight | **1** | 1 … 1 |  |" in others


def test_results_replace_what_stood_between_the_marks() -> None:
    page = f"# Title\n{BEGIN}\nold\n{END}\nrest\n"
    assert replaced(page, "new") == f"# Title\n{BEGIN}\n\nnew\n\n{END}\nrest\n"
    assert replaced(replaced(page, "new"), "new") == replaced(page, "new")


def test_a_page_without_marks_is_not_overwritten() -> None:
    with pytest.raises(ValueError):
        replaced("# Title\n", "new")


if sys.platform == "linux":  # the bench and its C programs (epoll) are for Linux

    @pytest.mark.parametrize("name", ["load", "limit"])
    def test_the_c_programs_compile_without_a_warning_and_explain_themselves(
        name: str, tmp_path: Path
    ) -> None:
        compile_c(HERE / f"{name}.c", tmp_path / name)
        run = subprocess.run([str(tmp_path / name)], capture_output=True, check=False, timeout=10)
        assert run.returncode == 2
        assert run.stderr.startswith(b"usage:")
