"""dumpcap: found, asked, read while it captures, ended; and what it says when it cannot."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from netlib.system.dumpcap import ROOM_BYTES, Dumpcap, find_dumpcap, interfaces_in
from tests.fake_dumpcap import HEAD, install, packet
from tests.helpers import wait_until
from tests.peers import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")

ON_WINDOWS = """\
1. \\Device\\NPF_{A}\t\tWi-Fi\t0\t10.0.0.7,fe80::1\tnetwork\t
2. \\Device\\NPF_{B}\t\tUnplugged\t0\t\tnetwork\t
3. \\Device\\NPF_Loopback\t\tAdapter for loopback traffic capture\t0\t\tloopback\t
4. \\\\.\\USBPcap1\t\tUSBPcap1\t0\t\tnetwork\t
"""


@contextmanager
def running(folder: Path) -> Iterator[Dumpcap]:
    with closing(Dumpcap(folder / "dumpcap")) as dumpcap:
        yield dumpcap


def ended(dumpcap: Dumpcap) -> str:
    """Wait for its end; return what it said of that."""
    said: list[str] = []

    def has_ended() -> bool:
        try:
            dumpcap.read(1 << 16)
        except OSError as end:
            said.append(end.strerror or "")
        return bool(said)

    wait_until(has_ended)
    return said[0]


def test_it_is_found_on_the_path_but_not_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(tmp_path / "none")]))
    install(tmp_path)
    assert find_dumpcap() is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_dumpcap() == tmp_path / "dumpcap"


def test_one_that_we_may_not_start_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    install(tmp_path)
    (tmp_path / "dumpcap").chmod(0o600)
    assert find_dumpcap() is None
    (tmp_path / "dumpcap").unlink()
    (tmp_path / "dumpcap").mkdir()
    assert find_dumpcap() is None


def test_interfaces_are_those_with_addresses_and_loopback_or_the_one_that_is_all() -> None:
    assert interfaces_in(ON_WINDOWS) == ["\\Device\\NPF_{A}", "\\Device\\NPF_Loopback"]
    assert interfaces_in(ON_WINDOWS + "5. any\t\t\t0\t\tnetwork\t\n") == ["any"]
    assert interfaces_in("") == interfaces_in("rubbish\n1. \n2. eth0\t\n") == []


def test_what_it_writes_is_read_while_it_runs(tmp_path: Path) -> None:
    pid = install(tmp_path, writes=[HEAD, packet(b"E")], waits=True)
    with running(tmp_path) as dumpcap:
        got = bytearray()

        def complete() -> bool:
            got.extend(dumpcap.read(10))
            return len(got) == len(HEAD + packet(b"E"))

        wait_until(complete)
        assert got == HEAD + packet(b"E")
        assert dumpcap.read(10) == b""
        wait_until(pid.exists)
    assert not Path(f"/proc/{pid.read_text()}").exists(), "ended, and waited for"


def test_one_that_hears_no_signal_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = install(tmp_path, waits=True)
    script = tmp_path / "dumpcap"
    script.write_text(script.read_text().replace("signal.SIGTERM, end", "signal.SIGTERM, print"))
    monkeypatch.setattr("netlib.system.dumpcap._END_SECONDS", 0.2)
    with running(tmp_path):
        wait_until(pid.exists)
    assert not Path(f"/proc/{pid.read_text()}").exists()


@pytest.mark.parametrize(
    ("says", "code", "expected"),
    [
        ("Capturing on 'any'\ndumpcap: No rights.\nAsk somebody.\n", 2, "No rights."),
        ("", 3, "exit code 3"),
        ("\ufffdrubbish\0", 1, "\ufffdrubbish\0"),
    ],
)
def test_why_it_ended_is_what_it_says_or_its_exit_code(
    tmp_path: Path, says: str, code: int, expected: str
) -> None:
    install(tmp_path, says=says, code=code)
    with running(tmp_path) as dumpcap:
        assert ended(dumpcap) == expected


def test_one_that_writes_no_more_has_ended_even_if_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = install(tmp_path, waits=True)
    script = tmp_path / "dumpcap"
    script.write_text(script.read_text().replace("if True:", "os.close(1)\nif True:"))
    monkeypatch.setattr("netlib.system.dumpcap._END_SECONDS", 0.2)
    with running(tmp_path) as dumpcap:
        wait_until(pid.exists)
        assert ended(dumpcap) == "exit code None"


def test_one_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dumpcap").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "dumpcap").chmod(0o700)
    monkeypatch.setattr("netlib.system.dumpcap._LIST_SECONDS", 0.1)
    with pytest.raises(OSError, match="it does not answer"):
        Dumpcap(tmp_path / "dumpcap")


def test_where_it_finds_no_interface_that_is_said_at_once(tmp_path: Path) -> None:
    install(tmp_path, lists="", says="There are no interfaces.", code=2)
    with pytest.raises(OSError, match=r"There are no interfaces\.$"):
        Dumpcap(tmp_path / "dumpcap")


def test_what_nobody_reads_waits_in_the_program(tmp_path: Path) -> None:
    pid = install(tmp_path, writes=[bytes(1 << 20)] * 20, waits=True)
    with running(tmp_path) as dumpcap:
        wait_until(lambda: len(dumpcap._come) >= ROOM_BYTES)
        assert len(dumpcap._come) < ROOM_BYTES + (1 << 16)
        assert not pid.exists(), "it cannot write on"
        read = 0

        def all_read() -> bool:
            nonlocal read
            read += len(dumpcap.read(1 << 20))
            return read == 20 << 20

        wait_until(all_read)


def test_ctrl_c_at_our_terminal_does_not_end_it(tmp_path: Path) -> None:
    pid = install(tmp_path, waits=True)
    with running(tmp_path) as dumpcap:
        wait_until(pid.exists)
        assert os.getpgid(int(pid.read_text())) != os.getpgid(0)  # type: ignore[attr-defined,unused-ignore]
        os.kill(int(pid.read_text()), signal.SIGTERM)
        assert ended(dumpcap) == "exit code 0"


def test_the_real_one_begins_and_ends() -> None:
    with closing(Dumpcap(Path(program("dumpcap")))) as dumpcap:
        got = bytearray()

        def begun() -> bool:
            got.extend(dumpcap.read(1 << 16))
            return got.startswith(b"\n\r\r\n")

        wait_until(begun)
