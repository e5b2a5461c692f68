"""What peers sent reaches a terminal as it is in no command; a full disk is one sentence."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import PATIENCE_SECONDS, accepting, command, local, on_a_terminal
from tests.lessons import SMALL
from tests.recordings import chunk, record

SAID = "\x1b]52;c;cHdu\x07\x1b[2J\r\x7f\x9b2J\u202e\u200b\n".encode()
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals, no /dev/full")

RECORDING = [
    *([], ["--json"], ["--search", "2J"], ["--search", "2J", "--json"]),
    *(["--export", form] for form in ("text", "csv", "jsonl")),
]
STREAM = [
    *(["connect"], ["connect", "--raw"], ["connect", "--json"]),
    *(["connect", "--encoding", "latin-1"], ["chat"], ["chat", "--json"]),
]
HTTP = [["http"], ["http", "-o", "-"], ["http", "--json"]]
DATAGRAM = [["udp", "--send", "x"], ["udp", "--send", "x", "--json"]]


def harmless(shown: bytes) -> bool:
    return not HARMFUL.search(shown.decode().replace("\r\n", "\n"))


@pytest.mark.parametrize("how", STREAM, ids=" ".join)
def test_what_a_stream_brings(how: list[str]) -> None:
    with accepting() as (listener, where), on_a_terminal(*how, where) as screen:
        conn, _ = listener.accept()
        with conn:
            conn.sendall(SAID)
        shown = screen.to_the_end()
    assert b"2J" in shown
    assert harmless(shown)


@pytest.mark.parametrize("how", HTTP, ids=" ".join)
def test_what_a_web_server_answers(how: list[str]) -> None:
    with accepting() as (listener, where), on_a_terminal(*how, where) as screen:
        conn, _ = listener.accept()
        with conn:
            conn.recv(1 << 16)
            conn.sendall(b"HTTP/1.0 200 \x1b[2J\r\nX: \x9b2J\r\n\r\n" + SAID)
        shown = screen.to_the_end()
    assert b"2J" in shown
    assert harmless(shown)


@pytest.mark.parametrize("how", DATAGRAM, ids=" ".join)
def test_what_a_datagram_brings(how: list[str]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(PATIENCE_SECONDS)
        name, where, *more = how[0], local(peer), *how[1:]
        with on_a_terminal(name, where, *more) as screen:
            _asked, client = peer.recvfrom(100)
            peer.sendto(SAID, client)
            shown = screen.to_the_end()
    assert b"2J" in shown
    assert harmless(shown)


@pytest.mark.parametrize("how", RECORDING, ids=" ".join)
def test_what_a_recording_holds(tmp_path: Path, how: list[str]) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(SAID)])
    with on_a_terminal("recording", str(recording), *how) as screen:
        shown = screen.to_the_end()
    assert b"2J" in shown
    assert harmless(shown)


def test_what_is_written_in_a_lesson_of_a_stranger(tmp_path: Path) -> None:
    path, text = tmp_path / "theirs.md", SAID.decode().strip()
    wrong = SMALL.replace("A small lesson", f"A {text} lesson").replace("## One line", f"## {text}")
    path.write_text(wrong.replace("What it is about.", text), encoding="utf-8")
    for how in (["--check", str(path)], [str(path), "--auto"]):
        with on_a_terminal("lesson", *how) as screen:
            shown = screen.to_the_end()
        assert b"2J" in shown
        assert harmless(shown)


def test_no_packets_are_written_to_a_terminal(tmp_path: Path) -> None:
    file = str(record(tmp_path / "r.sqlite", [chunk(SAID)]))
    for how in (("export", file, "--as"), ("recording", file, "--export")):
        with on_a_terminal(*how, "pcapng") as screen:
            assert b"pcapng is not for a terminal; name a file with -o." in screen.to_the_end()
        assert screen.process.returncode == 2


@pytest.mark.parametrize("how", [[], ["--json"]], ids=" ".join)
def test_what_a_client_says_to_a_server(how: list[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        where = probe.getsockname()
    with on_a_terminal("serve", "echo", "--port", str(where[1]), *how) as screen:
        while True:
            try:
                client = socket.create_connection(where)
                break
            except ConnectionRefusedError:
                continue
        with client:
            client.sendall(SAID)
            client.recv(len(SAID), socket.MSG_WAITALL)
        screen.process.send_signal(signal.SIGTERM)
        shown = screen.to_the_end()
    assert b"2J" in shown
    assert harmless(shown)


@pytest.mark.parametrize("how", [["--help"], ["serve", "--help"], ["nonsense"]], ids=" ".join)
def test_our_own_words_have_no_colours(how: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with on_a_terminal(*how) as screen:
        assert b"\x1b" not in screen.to_the_end()


@pytest.mark.parametrize("how", RECORDING, ids=" ".join)
def test_a_full_disk_is_one_sentence(tmp_path: Path, how: list[str]) -> None:
    recording = record(tmp_path / "r.sqlite", [chunk(SAID)])
    call = command("--lang", "en", "recording", str(recording), *how)
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, timeout=20, check=False)
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith("✗ Standard output cannot be written: ")
    assert ended.stderr.count(b"\n") == 1


def test_a_full_disk_under_a_body_is_one_sentence() -> None:
    with accepting() as (listener, where), Path("/dev/full").open("wb") as full:
        call = command("--lang", "en", "http", where)
        with subprocess.Popen(call, stdout=full, stderr=subprocess.PIPE) as client:
            conn, _ = listener.accept()
            with conn:
                conn.recv(1 << 16)
                conn.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + SAID)
            _, told = client.communicate(timeout=PATIENCE_SECONDS)
    assert client.returncode == 1
    assert told.decode().count("✗ Standard output cannot be written: ") == 1
    assert b"Traceback" not in told
