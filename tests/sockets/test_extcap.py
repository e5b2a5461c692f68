"""`extcap`: Wireshark's questions answered, and packets while they come."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from netlib.cli.commands.extcap import SCRIPTS
from tests import captures
from tests.command import MAIN, PATIENCE_SECONDS, run, serving, started
from tests.peers import program
from tests.recordings import OUT, accepted, chunk, record
from tests.samples import THERE
from tests.sockets.conftest import unshared

pytestmark = pytest.mark.peers

CAPTURE = ("extcap", "--capture", "--extcap-interface", "socketboard")
AS_WIRESHARK = """\
folder=$(tshark -G folders 2>/dev/null | sed -n 's/^Extcap path:[[:space:]]*//p')
mount --bind "$1" "$folder" && shift && exec "$@"
"""
"""Runs a program where our script is in the folder that Wireshark looks through."""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    return record(tmp_path / "lesson", [accepted(THERE), chunk(b"hello\n"), chunk(b"bye\n", OUT)])


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)  # type: ignore[attr-defined,unused-ignore]  # Windows has none
    return path


def answers(*asked: str) -> list[str]:
    done = run("extcap", *asked)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines()


def test_each_question_has_its_answer() -> None:
    program_line, interface = answers("--extcap-interfaces", "--extcap-version=4.0")
    assert program_line.startswith("extcap {version=")
    assert interface == "interface {value=socketboard}{display=Socketboard}"
    asked = ("--extcap-interface", "socketboard")
    assert answers(*asked, "--extcap-dlts") == ["dlt {number=101}{name=RAW}{display=raw IP}"]
    (choice,) = answers(*asked, "--extcap-config")
    assert choice.startswith("arg {number=0}{call=--recording}{display=Recording}")
    assert "{type=fileselect}{mustexist=true}{required=true}" in choice


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], str(SCRIPTS)),
        (["--extcap-interface", "socketboard"], "Nothing was asked"),
        (["--extcap-interface", "eth0", "--extcap-dlts"], "choose from"),
        ([*CAPTURE[1:], "--fifo", "x"], "needs --fifo and --recording"),
        ([*CAPTURE[1:], "--fifo", "no/fifo", "--recording", str(MAIN)], "is not a Socketboard"),
        ([*CAPTURE[1:], "--extcap-capture-filter", "tcp"], "no capture filter"),
    ],
)
def test_what_cannot_be_answered_is_said(asked: list[str], words: str) -> None:
    done = run("extcap", *asked)
    assert done.returncode == 2
    assert words in done.stderr.decode()


def test_a_fifo_that_there_is_not_is_named(lesson: Path) -> None:
    done = run(*CAPTURE, "--fifo", "no/such/folder/fifo", "--recording", str(lesson))
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr


def test_a_complete_recording_is_captured_to_its_end(lesson: Path, fifo: Path) -> None:
    with started(*CAPTURE, "--fifo", str(fifo), "--recording", str(lesson)) as process:
        found = captures.packets(fifo.read_bytes())
        assert process.wait(PATIENCE_SECONDS) == 0
    assert [one.data for one in found if one.data] == [b"hello\n", b"bye\n"]


class Reader:
    """Reads a FIFO as Wireshark does, while packets come."""

    def __init__(self, fifo: Path) -> None:
        self.file = os.open(fifo, os.O_RDONLY)
        self.data = b""

    def until(self, words: bytes) -> None:
        """Read until these words, and the packet after them, have come."""
        while self.data.rfind(b"implied", self.data.find(words)) < 0 or words not in self.data:
            assert select.select([self.file], [], [], PATIENCE_SECONDS)[0], self.data
            piece = os.read(self.file, 1 << 16)
            assert piece, "it has ended"
            self.data += piece


@pytest.mark.parametrize("by_signal", [False, True])
def test_a_growing_recording_is_followed_until_nobody_reads(
    tmp_path: Path, fifo: Path, by_signal: bool
) -> None:
    file = tmp_path / "growing"
    with (
        serving("echo", "--quiet", "--record", str(file)) as server,
        socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as peer,
        started(*CAPTURE, "--fifo", str(fifo), "--recording", str(file)) as process,
    ):
        reader = Reader(fifo)
        for words in (b"the first words", b"and some more"):
            peer.sendall(words)
            reader.until(words)
        if by_signal:
            process.send_signal(signal.SIGTERM)
        os.close(reader.file)
        assert process.wait(PATIENCE_SECONDS) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_wireshark_lists_it_and_captures_from_it(tmp_path: Path, lesson: Path) -> None:
    folder, command = tmp_path / "extcap", tmp_path / "socketboard"
    folder.mkdir()
    shutil.copy(SCRIPTS / "socketboard-extcap", folder)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{MAIN}" "$@"\n')
    command.chmod(0o755)

    def tshark(*asked: str) -> str:
        done = subprocess.run(
            [
                *unshared("m"),
                "sh",
                "-c",
                AS_WIRESHARK,
                "sh",
                str(folder),
                program("tshark"),
                *asked,
            ],
            capture_output=True,
            timeout=60,
            check=False,
            env=os.environ | {"SOCKETBOARD": str(command)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    assert "socketboard (Socketboard)" in tshark("-D")
    chosen = ("-o", f"extcap.socketboard.recording:{lesson}")
    shown = tshark("-n", "-i", "socketboard", *chosen, "-T", "fields", "-e", "tcp.payload")
    assert shown.split() == [b"hello\n".hex(), b"bye\n".hex()]


def test_both_scripts_start_the_command() -> None:
    unix, windows = SCRIPTS / "socketboard-extcap", SCRIPTS / "socketboard-extcap.bat"
    assert unix.stat().st_mode & stat.S_IXOTH
    assert 'extcap "$@"' in unix.read_text()
    assert "extcap %*" in windows.read_text()
