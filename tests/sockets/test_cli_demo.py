"""`demo`: every step of the tutorial does what it says."""

from __future__ import annotations

import pytest

from netlib.cli.commands.demo import Stage, send_to_nobody
from netlib.cli.console import Console
from netlib.cli.online import online
from tests.command import NOT_RECORDED, objects, run


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


class NoIcmp(Stage):
    """A stage on which the port stays open: no ICMP error comes, as where a firewall drops it."""

    def stop(self, number: int) -> None:
        """Stop the clients only."""
        if self.names[number] != "time server":
            super().stop(number)


def test_a_system_that_passes_no_icmp_error_on_fails_no_step() -> None:
    with online(NOT_RECORDED, Console()) as (network, queue):
        told = send_to_nobody(NoIcmp(network, queue, 0.3, lambda _item: None))
    assert told == "No ICMP error came: this system, or a firewall, does not tell."
