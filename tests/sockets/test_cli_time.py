"""`time` and a server that answers, or does not."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import local, objects, run, serving

HOUSE = Path(__file__).resolve().parents[2]


def test_time_tells_clock_round_trip_and_offset_of_every_query() -> None:
    with serving("time", "--quiet") as server:
        result = run("time", server.where, "--count", "3", "--interval", "0.01")
        assert result.returncode == 0
        assert len(result.stdout.splitlines()) == 3
        assert b"round-trip time" in result.stdout
        # One clock on both sides: nothing but the half second that whole seconds leave open.
        assert len(re.findall(r"within ± 0\.[56] s: the", result.stdout.decode())) == 3
        shown = objects(run("time", server.where, "--json").stdout)
        (reply,) = (one for one in shown if one["event"] == "time_reply")
        assert reply["text"][10] == "T"
        assert 0 < reply["rtt_ms"] < 1000
        assert abs(reply["offset_ms"]) <= reply["precision_ms"]
        assert reply["precision_ms"] == pytest.approx(500 + reply["rtt_ms"] / 2, abs=0.01)


def test_the_median_of_two_round_trips_lies_midway() -> None:
    with serving("time", "--quiet") as server:
        told = run("time", server.where, "--count", "2", "--interval", "0").stderr.decode()
    found = re.search(r"shortest ([\d.]+) ms, median ([\d.]+) ms, longest ([\d.]+) ms", told)
    assert found, told
    shortest, median, longest = map(float, found.groups())
    assert median == pytest.approx((shortest + longest) / 2, abs=0.06)  # three rounded numbers


def test_time_without_any_reply_is_exit_code_1() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        where = local(deaf)
        result = run("time", where, "--timeout", "0.05", "--count", "2", "--interval", "0")
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.count(b"no reply") == 2


def test_a_query_loads_nothing_that_it_does_not_need() -> None:
    unwanted = {"logging", "traceback", "shutil", "encodings.idna", "sqlite3", "ssl", "ctypes"}
    with serving("time", "--quiet") as server:
        code = f"import sys; from netlib.cli import main; main(['time', {server.where!r}])"
        asked = [sys.executable, "-c", f"{code}; print(*sys.modules)"]
        result = subprocess.run(asked, cwd=HOUSE, capture_output=True, encoding="utf-8", check=True)
    clock, loaded = result.stdout.splitlines()
    assert "round-trip time" in clock
    assert set(loaded.split()) & unwanted == set()
