"""The run of a step whose case is recorded here and now."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netlib import EventQueue, Network
from netlib.lessons.live_run import LiveRun
from tests.helpers import wait_until
from tests.processes import processes_about

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")


def test_given_up_it_has_proven_nothing_and_nothing_goes_on(tmp_path: Path) -> None:
    network = Network(EventQueue(4 << 20))
    run = LiveRun(network, "unanswered", tmp_path / "case.socketboard")
    wait_until(lambda: processes_about(f"{tmp_path}/.socketboard-"), 20.0)
    run.turn()
    assert not run.over
    run.close()
    wait_until(lambda: not processes_about(f"{tmp_path}/.socketboard-"), 20.0)
    run.turn()
    assert run.over
    assert not run.proven
    assert [*tmp_path.iterdir()] == []
    assert network.close(5.0)
