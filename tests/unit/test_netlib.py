"""The public names of netlib: there when asked for, and no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import netlib

HOUSE = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", [name for name in dir(netlib) if not name.startswith("__")])
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(netlib, name) is getattr(netlib, name)


def test_a_name_that_is_not_public_is_refused_by_name() -> None:
    with pytest.raises(AttributeError, match="no public name 'Stream'"):
        netlib.Stream  # type: ignore[attr-defined]  # noqa: B018


def test_importing_netlib_loads_nothing_of_the_network() -> None:
    code = "import sys, netlib; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert {"netlib.network", "netlib.engine.loop", "ssl", "sqlite3"} & loaded == set()
