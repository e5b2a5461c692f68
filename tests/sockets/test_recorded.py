"""`--record` of every command: each byte of the conversation is in the file, or it is said."""

from __future__ import annotations

import socket
import subprocess
import sys
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from netlib.cli import commands
from netlib.events import Direction
from netlib.recording.reader import Recording
from tests.certificates import Pair
from tests.command import PATIENCE_SECONDS, ask_to_end, command, objects, run, serving
from tests.helpers import wait_until
from tests.peers import socat
from tests.recordings import all_lines
from tests.sockets.conftest import PREFIX, unshared

IN, OUT = Direction
PLAYED = ("lesson", "experiment")
"""What is recorded though it has no timeout of its own: its lines have theirs."""
TYPED = "你好\nbye\n".encode()


def crossed(file: Path, kind: int, activity: int = 1) -> bytes:
    """Return what a recording holds of one activity and one kind."""
    with closing(Recording(file)) as recording:
        rows = recording.activities().get(activity, 0)
        lines = recording.read(activity, 0, rows)
        return b"".join(line.data for line in lines if line.kind == kind)


def opens(file: Path) -> list[int]:
    """Return which activities `recording` lists."""
    listed = run("recording", str(file), "--json")
    assert listed.returncode == 0, listed.stderr
    return [one["activity"] for one in objects(listed.stdout)]


def test_every_command_that_waits_for_the_network_records() -> None:
    for name, one in commands.load(*commands.names()).items():
        shown = run(name, "--help").stdout
        assert (b"--record FILE" in shown) is (bool(one.TIMEOUT_HELP) or name in PLAYED), name


def test_what_connect_says_and_hears_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    with serving("acknowledge", "--quiet") as server:
        done = run("connect", server.where, "--record", str(file), stdin=TYPED)
    assert done.returncode == 0
    assert opens(file) == [1]
    assert crossed(file, OUT) == TYPED
    assert (
        crossed(file, IN)
        == done.stdout
        == b"".join(PREFIX + line for line in TYPED.splitlines(keepends=True))
    )


def test_under_tls_the_ciphertext_and_the_plain_text_are_in_the_file(
    tmp_path: Path, authority: Path, good: Pair
) -> None:
    keys = ("--tls", "--cert", str(good.cert), "--key", str(good.key))
    ours, theirs = tmp_path / "client", tmp_path / "server"
    with serving("echo", "--quiet", *keys, "--record", str(theirs)) as server:
        where = f"localhost:{server.port}"
        trust = ("--tls", "--ca", str(authority))
        done = run("connect", where, *trust, "--record", str(ours), "--send", "secret")
        assert done.returncode == 0, done.stderr
        assert server.end()[0] == 0
    assert crossed(ours, OUT) == crossed(theirs, IN) == b"secret\n"
    assert crossed(ours, OUT + 2) == crossed(theirs, IN + 2)
    assert crossed(ours, IN + 2) == crossed(theirs, OUT + 2)
    assert b"secret" not in crossed(ours, OUT + 2)


@pytest.mark.parametrize("to_a_file", [False, True])
def test_a_response_is_in_the_file_whether_or_not_its_body_goes_to_another(
    tmp_path: Path, to_a_file: bool
) -> None:
    file, body = tmp_path / "lesson.socketboard", tmp_path / "body"
    where = ("-o", str(body)) if to_a_file else ()
    data = "x" * 300_000
    (tmp_path / "data").write_text(data)
    with serving("web", "--quiet") as server:
        url = f"http://{server.where}/echo"
        asked = (url, "-d", f"@{tmp_path / 'data'}", *where, "--record", str(file))
        done = run("http", *asked)
    assert done.returncode == 0, done.stderr
    shown = body.read_bytes() if to_a_file else done.stdout
    assert shown.endswith(data.encode())
    head, _blank, kept = crossed(file, IN).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert kept == shown
    assert crossed(file, OUT).endswith(b"\r\n\r\n" + data.encode())


def test_a_chat_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    with serving("chat", "--quiet") as server:
        asked = (server.where, "--name", "ann", "--wait", "0.3", "--record", str(file))
        done = run("chat", *asked, stdin=TYPED)
    assert done.returncode == 0
    assert crossed(file, OUT) == b"/name ann\n" + TYPED
    assert crossed(file, IN) == done.stdout != b""


def test_datagrams_both_ways_are_in_the_file(tmp_path: Path) -> None:
    files = tmp_path / "udp", tmp_path / "time"
    with serving("time", "--quiet") as server:
        done = run(
            "udp", server.where, "--send", "now?", "--wait", "0.3", "--record", str(files[0])
        )
        assert done.returncode == 0
        asked = run(
            "time",
            server.where,
            "--count",
            "2",
            "--interval",
            "0",
            "--json",
            "--record",
            str(files[1]),
        )
        assert asked.returncode == 0
    assert crossed(files[0], OUT) == b"now?"
    assert crossed(files[0], IN) == done.stdout.rstrip(b"\n")
    replies = [one["text"] for one in objects(asked.stdout) if one["event"] == "time_reply"]
    assert len(replies) == 2
    assert crossed(files[1], IN).decode() == "".join(replies)


def test_both_ends_of_the_demo_are_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    done = run("demo", "--json", "--record", str(file))
    assert done.returncode == 0
    told = [one for one in objects(done.stdout) if one["event"] in {"sent", "received"}]
    for number in opens(file):
        for kind, name in ((IN, "received"), (OUT, "sent")):
            mine = [one for one in told if (one["activity"], one["event"]) == (number, name)]
            assert crossed(file, kind, number) == b"".join(b64decode(one["data"]) for one in mine)
    assert crossed(file, OUT, 2) == crossed(file, IN, 1) != b""


@pytest.mark.peers
def test_a_refused_connection_is_recorded_as_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "lesson.socketboard"
    with socat("close") as port:
        pass
    done = run("connect", f"127.0.0.1:{port}", "--send", "x", "--record", str(file))
    assert done.returncode == 1
    names = [type(line.event).__name__ for line in all_lines(file)]
    assert names == ["Connecting", "Failed", "ActivityStopped"]


@pytest.mark.parametrize("name", ["connect", "chat", "http", "time", "udp"])
def test_a_file_that_cannot_be_made_is_refused_before_anything_is_opened(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "there").write_bytes(b"all my work")
    for place, reason in (("there", b"exists already"), ("no/folder", b"cannot be written")):
        done = run(name, "127.0.0.1:9", "--record", str(tmp_path / place))
        assert (done.returncode, done.stdout) == (2, b"")
        assert reason in done.stderr
        assert done.stderr.count(b"\n") == 1
    assert (tmp_path / "there").read_bytes() == b"all my work"
    assert [one.name for one in tmp_path.iterdir()] == ["there"]


def test_a_limit_needs_a_recording_everywhere() -> None:
    done = run("udp", "127.0.0.1:9", "--record-limit", "2M")
    assert done.returncode == 2
    assert b"--record-limit is for --record only" in done.stderr


def test_a_limit_is_said_at_once_and_at_the_end(tmp_path: Path) -> None:
    with serving("echo", "--quiet") as server:
        asked = (server.where, "--record", str(tmp_path / "lesson"), "--record-limit", "1M")
        done = run("connect", *asked, stdin=(b"x" * 99 + b"\n") * 40_000)
    told = done.stderr.decode()
    assert done.returncode == 1
    assert "has reached --record-limit" in told
    assert "were removed from the recording" in told


@pytest.mark.peers
def test_a_full_disk_is_said_and_costs_the_conversation_nothing(tmp_path: Path) -> None:
    small = f'mount -t tmpfs -o size=1m small "{tmp_path}" && exec "$@"'
    data = b"x" * 9_999 + b"\n"
    with serving("echo", "--quiet") as server:
        asked = command("--lang", "en", "connect", server.where, "--record", str(tmp_path / "full"))
        done = subprocess.run(
            [*unshared("m"), "sh", "-c", small, "sh", *asked],
            input=data * 300,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.stdout == data * 300
    assert done.returncode == 1
    assert b"The disk is full (" in done.stderr
    assert b"bytes are missing in the recording" in done.stderr


@pytest.mark.peers
@pytest.mark.parametrize("kilobytes", [0, 20, 32, 40, 64, 96, 128])
def test_a_nearly_full_disk_is_told_as_full_at_the_start_and_nothing_is_left_on_it(
    tmp_path: Path, kilobytes: int
) -> None:
    small = (
        f'mount -t tmpfs -o size=1m small "{tmp_path}" || exit 9; cd "{tmp_path}"; '
        f'head -c {(1024 - kilobytes) << 10} /dev/zero > filler; "$@"; code=$?; ls; exit $code'
    )
    asked = command("--lang", "en", "serve", "echo", "--port", "0", "--record", "full")
    done = subprocess.run(
        [*unshared("m"), "sh", "-c", small, "sh", *asked],
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert b"No space left on device" in done.stderr or b"disk is full" in done.stderr
    assert done.stdout == b"filler\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("blocks", [0, 1, 8, 32, 39, 64])
@pytest.mark.parametrize("given", [False, True])
def test_a_limit_of_a_files_size_is_told_at_the_start_and_nothing_is_left(
    tmp_path: Path, blocks: int, given: bool
) -> None:
    file = tmp_path / "lesson"
    if given:
        file.touch(0o600)
    asked = command("--lang", "en", "serve", "echo", "--port", "0", "--record", str(file))
    limited = ["sh", "-c", f'ulimit -f {blocks} && exec "$@"', "sh", *asked]
    done = subprocess.run(limited, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 2, done.stderr
    assert b"File too large" in done.stderr
    assert [(one.name, one.stat().st_size) for one in tmp_path.iterdir()] == [("lesson", 0)] * given


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
def test_a_limit_of_a_files_size_is_told_when_it_is_reached(tmp_path: Path) -> None:
    data = b"x" * 9_999 + b"\n"
    with serving("echo", "--quiet") as server:
        asked = command("--lang", "en", "connect", server.where, "--record", str(tmp_path / "r"))
        limited = ["sh", "-c", 'ulimit -f 2048 && exec "$@"', "sh", *asked]
        done = subprocess.run(
            limited, input=data * 300, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    assert done.stdout == data * 300
    assert done.returncode == 1
    assert b"The file may not grow any further" in done.stderr
    assert b"bytes are missing in the recording" in done.stderr


@pytest.mark.peers
def test_where_the_end_has_no_room_for_one_file_it_is_said_which_others_belong_to_it(
    tmp_path: Path,
) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    kept.mkdir()
    small = (
        f'mount -t tmpfs -o size=12m small "{disk}" || exit 9; "$@"; code=$?; '
        f'cp "{disk}"/* "{kept}"; exit $code'
    )
    data = b"x" * 9_999 + b"\n"
    with serving("echo", "--quiet") as server:
        asked = command("--lang", "en", "connect", server.where, "--record", str(disk / "full"))
        done = subprocess.run(
            [*unshared("m"), "sh", "-c", small, "sh", *asked],
            input=data * 420,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.stdout == data * 420
    assert done.returncode == 1, done.stderr
    assert done.stderr.count(b"The disk is full (") == 1
    assert f'"{disk / "full"}-wal" belongs to the recording'.encode() in done.stderr
    assert b"bytes are missing" not in done.stderr
    assert crossed(kept / "full", OUT) == crossed(kept / "full", IN) == data * 420


def taken_away(file: Path, how: str) -> None:
    """Remove, rename or replace a file that is being written."""
    if how == "renamed":
        file.rename(file.with_name("renamed"))
    elif how == "removed":
        file.unlink()
    else:
        other = file.with_name("other")
        other.write_bytes(b"of somebody else")
        other.replace(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take an open file away")
@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("how", ["removed", "renamed", "replaced"])
def test_a_file_that_is_taken_away_while_it_is_written_is_said_and_the_server_goes_on(
    tmp_path: Path, how: str, goes_on: bool
) -> None:
    file = tmp_path / "lesson"
    with serving("echo", "--quiet", "--record", str(file)) as server:
        with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as peer:
            peer.sendall(b"one\n")
            wait_until(lambda: crossed(file, OUT) == b"one\n")
            taken_away(file, how)
            if goes_on:
                peer.sendall(b"two\n")
                assert peer.makefile("rb").readline() == b"one\n"
        ask_to_end(server.process)
        told = server.process.communicate(timeout=PATIENCE_SECONDS)[1].decode()
    assert server.process.returncode == 1, told
    assert told.count("has been removed, renamed or replaced") == 1
    left = {"removed": [], "renamed": ["renamed"], "replaced": ["lesson"]}[how]
    assert [one.name for one in tmp_path.iterdir()] == left
    if how == "renamed":
        assert crossed(tmp_path / "renamed", OUT) == b"one\n"
    if how == "replaced":
        assert file.read_bytes() == b"of somebody else"


@pytest.mark.skipif(sys.platform == "win32", reason="no names of files there")
@pytest.mark.parametrize("name", ["file:r", ":memory:", "file:r?mode=memory", "a b%20c#d"])
def test_a_name_that_sqlite_knows_another_meaning_of_is_a_name(tmp_path: Path, name: str) -> None:
    asked = command("connect", "127.0.0.1:9", "--record", name)
    subprocess.run(
        asked, cwd=tmp_path, capture_output=True, timeout=PATIENCE_SECONDS, check=False, input=b""
    )
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert [line.event for line in all_lines(tmp_path / name)]
