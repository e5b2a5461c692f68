"""`--packets` of every command: the real packets are in the file, or it is said why not."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from netlib.events import Direction
from netlib.recording.reader import Recording
from netlib.segment import ACK, FIN, SYN, Segment, read_segment
from tests.command import PATIENCE_SECONDS, Finished, command, run, serving
from tests.fake_dumpcap import HEAD, install
from tests.peers import program
from tests.recordings import all_lines
from tests.rights import need_raw_sockets

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packet(7) is Linux's")


@pytest.fixture(autouse=True)
def _rights() -> None:
    need_raw_sockets()


def packets(file: Path) -> list[bytes]:
    with closing(Recording(file)) as recording:
        return [row.data for _id, row in recording.packets() if row.data is not None]


def segments(file: Path) -> list[Segment]:
    return [one for one in map(read_segment, packets(file)) if one is not None]


def notices(done: Finished) -> list[str]:
    """Return what was said that is no event, but not as it should be."""
    return [line for line in done.stderr.decode().splitlines() if line.startswith("! ")]


def run_without_rights(programs: Path, *arguments: str, lang: str = "en") -> Finished:
    """Run a command that may not capture, and finds programs in one folder only."""
    return subprocess.run(
        [
            *(program("setpriv"), "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"),
            *(program("env"), f"PATH={programs}", *command("--lang", lang, *arguments)),
        ],
        input=b"",
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_both_ends_record_the_same_segments(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "client", tmp_path / "server"
    with serving("echo", "--quiet", "--record", str(theirs), "--packets") as server:
        asked = (server.where, "--send", "hello", "--record", str(ours), "--packets")
        done = run("connect", *asked)
        assert done.returncode == 0, done.stderr
        assert notices(done) == []
        assert server.end()[0] == 0
    said = segments(ours)
    assert [one.flags for one in said[:3]] == [SYN, SYN | ACK, ACK]
    assert [one.data for one in said if one.data] == [b"hello\n", b"hello\n"]
    assert sum(one.flags & FIN for one in said) == 2
    assert packets(theirs) == packets(ours)


@pytest.mark.parametrize("name", ["http", "chat", "udp", "time", "doctor"])
def test_every_command_that_records_can_capture(name: str, tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    service = {"http": "web", "doctor": "echo", "udp": "time"}.get(name, name)
    with serving(service, "--quiet") as server:
        url = f"http://{server.where}/" if name == "http" else server.where
        said = ("--send", "now?") if name == "udp" else ()
        done = run(name, url, *said, "--record", str(file), "--packets")
    assert done.returncode == 0, done.stderr
    assert packets(file)


def test_the_demo_has_both_ends_and_each_packet_once(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    assert run("demo", "--record", str(file), "--packets").returncode == 0
    found = packets(file)
    assert len(found) == len(set(found)) > 10


def test_it_is_for_record_only() -> None:
    done = run("connect", "127.0.0.1:9", "--packets")
    assert done.returncode == 2
    assert b"--packets is for --record only" in done.stderr


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("en", "! No packets can be captured: Socketboard may not, and finds no dumpcap that"),
        ("zh", "! 无法抓包："),
    ],
)
def test_who_may_not_capture_is_told_and_nothing_else_changes(
    tmp_path: Path, lang: str, note: str
) -> None:
    file, programs = tmp_path / "lesson.socketboard", tmp_path / "none"
    with serving("echo", "--quiet") as server:
        asked = ("connect", server.where, "--send", "hello", "--record", str(file), "--packets")
        done = run_without_rights(programs, *asked, lang=lang)
    assert (done.returncode, done.stdout) == (0, b"hello\n")
    (told,) = notices(done)
    assert told.startswith(note)
    assert packets(file) == []
    assert [line.data for line in all_lines(file) if line.kind in tuple(Direction)] == [
        b"hello\n",
        b"hello\n",
    ]


def test_where_dumpcap_dies_that_is_said_and_the_conversation_goes_on(tmp_path: Path) -> None:
    install(tmp_path, writes=[HEAD], says="dumpcap: Out of luck.", code=2)
    file = tmp_path / "lesson.socketboard"
    with serving("echo", "--quiet") as server:
        asked = ("connect", server.where, "--send", "hello", "--record", str(file), "--packets")
        done = run_without_rights(tmp_path, *asked)
    assert (done.returncode, done.stdout) == (0, b"hello\n")
    (told,) = notices(done)
    assert told.startswith("! No more packets are captured; dumpcap has ended: Out of luck.")


def test_a_server_without_rights_records_the_syn_of_each_client(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    asked = ("demo", "--record", str(file), "--packets")
    done = run_without_rights(tmp_path / "none", *asked)
    assert done.returncode == 0
    assert "the SYN is recorded as it came" in done.stderr.decode()
    assert {one.flags for one in segments(file)} == {SYN}
