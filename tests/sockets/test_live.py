"""A case recorded here and now: whole or not at all; given up, nothing of it goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netlib.live_cases.live import LiveCase, why_not_live
from netlib.system import namespace
from tests.cases.proofs import PROOFS, packets_of
from tests.command import command, run, started
from tests.helpers import wait_until
from tests.processes import processes_about

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")

SECONDS = 30.0


def test_the_command_records_a_case_of_this_kernel(tmp_path: Path) -> None:
    path = tmp_path / "anew.socketboard"
    result = run("recording", "--record-case", "handshake", "-o", str(path))
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    PROOFS["handshake"](packets_of(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [*tmp_path.iterdir()] == [path]
    again = run("recording", "--record-case", "handshake", "-o", str(path))
    assert b"exists already" in again.stderr
    assert again.returncode == 2


def test_without_o_nothing_is_recorded() -> None:
    result = run("recording", "--record-case", "handshake")
    assert b"--record-case needs -o" in result.stderr
    assert result.returncode == 2


def test_given_up_it_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    live = LiveCase("unanswered", tmp_path / "anew.socketboard")  # takes five seconds
    wait_until(lambda: processes_about(f"{tmp_path}/.socketboard-"), SECONDS)
    assert live.cancel(SECONDS)
    assert live.outcome == "given up"
    wait_until(lambda: not processes_about(str(tmp_path)), SECONDS)
    assert [*tmp_path.iterdir()] == []


def test_ended_by_a_signal_the_command_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "anew.socketboard"
    with started("recording", "--record-case", "unanswered", "-o", str(path)) as process:
        wait_until(lambda: processes_about(f"{tmp_path}/.socketboard-"), SECONDS)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 128 + signal.SIGTERM
    wait_until(lambda: not processes_about(str(tmp_path)), SECONDS)
    assert [*tmp_path.iterdir()] == []


def test_past_its_time_it_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.live_cases.live.MOST_SECONDS", 0.2)
    live = LiveCase("unanswered", tmp_path / "anew.socketboard")
    assert live.over_within(SECONDS)
    assert live.outcome == "it took more than 0.2 s"
    wait_until(lambda: not processes_about(str(tmp_path)), SECONDS)
    assert [*tmp_path.iterdir()] == []


def test_it_says_why_it_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not_live() == ""
    nothing = LiveCase("handshake", tmp_path / "missing" / "anew.socketboard")
    assert nothing.over_within(SECONDS)
    assert "No such file" in (nothing.outcome or "")
    monkeypatch.setattr(namespace, "PROGRAMS", ("unshare", "nft-of-nobody"))
    assert why_not_live() == "nft-of-nobody is missing"
    live = LiveCase("handshake", tmp_path / "anew.socketboard")
    assert live.over_within(SECONDS)
    assert live.outcome == "nft-of-nobody is missing"
    assert [*tmp_path.iterdir()] == []


def test_an_ordinary_user_records_it_as_well(tmp_path: Path) -> None:
    """In a user namespace in which we have no rights over the network that we came from."""
    path = tmp_path / "anew.socketboard"
    call = command("--lang", "en", "recording", "--record-case", "checksum", "-o", str(path))
    without_rights = ["setpriv", "--bounding-set=-net_admin,-net_raw", "--inh-caps=-all"]
    as_user = [*without_rights, "unshare", "--user", "--map-user=1000", "--map-group=1000", *call]
    result = subprocess.run(as_user, capture_output=True, timeout=SECONDS, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    PROOFS["checksum"](packets_of(path))
