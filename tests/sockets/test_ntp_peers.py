"""NTP as others speak it: chronyd asks our server, ours asks chronyd, tshark reads what crossed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import peers
from tests.command import objects, run, serving

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("ahead", [2.0, -3600.0])
def test_chronyd_finds_our_clock_wrong_by_what_it_was_set_to(ahead: float) -> None:
    with serving("ntp", "--quiet", "--clock-offset", f"{ahead}") as server:
        assert peers.chrony_offset(server.port) == pytest.approx(ahead, abs=0.1)


def test_our_query_finds_that_the_clock_of_chronyd_is_the_same() -> None:
    with peers.chronyd() as port:
        shown = objects(
            run("time", f"127.0.0.1:{port}", "--protocol", "ntp", "--count", "3", "--json").stdout
        )
    replies = [one for one in shown if one["event"] == "time_reply"]
    assert [reply["stratum"] for reply in replies] == [10, 10, 10]
    for reply in replies:
        assert abs(reply["offset_ms"]) <= reply["precision_ms"] + 0.1
        assert reply["precision_ms"] == pytest.approx(reply["rtt_ms"] / 2, abs=0.01)


def test_tshark_reads_query_and_reply_as_ntp_and_complains_of_nothing(tmp_path: Path) -> None:
    kept, packets = tmp_path / "ntp.socketboard", tmp_path / "ntp.pcapng"
    with serving("ntp", "--quiet", "--clock-offset", "2") as server:
        asked = run("time", server.where, "--protocol", "ntp", "--record", str(kept))
    assert asked.returncode == 0, asked.stderr
    assert run("export", str(kept), "--as", "pcapng", "-o", str(packets)).returncode == 0
    call = ["-r", str(packets), "-d", f"udp.port=={server.port},ntp", "-T", "json", "-J", "ntp"]
    done = subprocess.run(
        [peers.program("tshark"), "-n", *call], capture_output=True, check=True, timeout=60
    )
    query, reply = (one["_source"]["layers"]["ntp"] for one in json.loads(done.stdout))
    assert query["ntp.flags_tree"]["ntp.flags.mode"] == "3"
    assert reply["ntp.flags_tree"]["ntp.flags.mode"] == "4"
    assert (reply["ntp.stratum"], reply["ntp.refid"]) == ("1", "4c:4f:43:4c")
    assert reply["ntp.org"] == query["ntp.xmt"]
    assert b"_ws.malformed" not in done.stdout
