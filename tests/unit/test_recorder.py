"""A case happens in a network that is there for nothing else; that of a computer stays as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netlib.live_cases.recorder import SETTINGS, CaseError, record
from tests.command import run


def _settings() -> list[str]:
    paths = [Path("/proc/sys/net/ipv4", name) for name in SETTINGS]
    return [path.read_text(encoding="ascii") for path in paths if path.exists()]


def test_in_the_network_of_a_computer_nothing_is_changed(tmp_path: Path) -> None:
    before = _settings()
    with pytest.raises(CaseError, match="nothing was changed"):
        record("handshake", tmp_path / "none")
    assert _settings() == before
    assert [*tmp_path.iterdir()] == []


def test_nor_by_the_entry_that_is_not_for_people(tmp_path: Path) -> None:
    options = ("--record-case", "handshake", "--in-own-network", "-o", str(tmp_path / "none"))
    result = run("recording", *options)
    assert b"nothing was changed" in result.stderr
    assert result.returncode == 1
    assert b"--in-own-network" not in run("recording", "--help").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_the_settings_are_those_of_this_kernel() -> None:
    assert len(_settings()) >= len(SETTINGS) - 1, "one came with Linux 6.5"
