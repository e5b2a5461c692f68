"""`connect` against our own servers and real peers."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netlib import Connected, Item
from netlib.cli import main
from netlib.cli.reports import TalkReport
from tests import peers
from tests.command import (
    ENDING_SIGNALS,
    PATIENCE_SECONDS,
    accepting,
    ask_to_end,
    command,
    events,
    objects,
    run,
    serving,
    started,
)
from tests.helpers import free_port, wait_until
from tests.sockets.conftest import dial, read_to_end, reset

PREFIX = "已接收: "
SHORT = ["--wait", "0.2"]


def test_connect_sends_texts_and_bytes_in_the_order_given() -> None:
    with serving("acknowledge", "--quiet") as server:
        said = ["--send", "你好", "--hex", "e4 bd a0 0a", "--send", "again"]
        result = run("connect", server.where, *said, *SHORT)
    assert result.returncode == 0
    assert result.stdout.decode() == f"{PREFIX}你好\n{PREFIX}你\n{PREFIX}again\n"
    assert b"connected from" in result.stderr


@pytest.mark.parametrize(("eol", "ending"), [("lf", b"\n"), ("crlf", b"\r\n"), ("none", b"")])
def test_the_line_ending_is_chosen(eol: str, ending: bytes) -> None:
    with serving("echo", "--quiet") as server:
        options = ["--eol", eol, *SHORT]
        assert run("connect", server.where, "--send", "a", *options).stdout == b"a" + ending
        typed = run("connect", server.where, *options, stdin=b"a\nb")
        assert typed.stdout == b"a" + ending + b"b" + ending


def test_typed_lines_of_any_length_and_number_go_out_whole() -> None:
    data = b"x" * 3_000_000 + b"\n" + b"\xff\x00\n" * 100_000
    with serving("echo", "--quiet") as server:
        result = run(
            "connect",
            server.where,
            *SHORT,
            stdin=data,
        )
    assert result.stdout.count(b"\n") == 100_001
    assert result.stdout == data.replace(b"\xff", rb"\xff")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_what_comes_late_through_a_pipe_that_does_not_block_is_sent() -> None:
    ours, theirs = os.pipe()
    if sys.platform != "win32":  # for the type checker
        os.set_blocking(ours, False)
    with serving("echo") as server, os.fdopen(theirs, "wb", buffering=0) as late:
        call = command("--lang", "en", "connect", server.where, "--raw", *SHORT)
        client = subprocess.Popen(call, stdin=ours, stdout=subprocess.PIPE)
        os.close(ours)
        with client:
            server.line_with("accepted")
            late.write(b"late")
            late.close()
            assert client.communicate(timeout=PATIENCE_SECONDS)[0] == b"late"
        assert client.returncode == 0


@pytest.mark.parametrize("options", [(), ("--raw",)])
def test_input_that_cannot_be_read_is_said_and_nothing_hangs(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    with serving("echo", "--quiet") as server, (tmp_path / "x").open("wb") as written_only:
        result = subprocess.run(
            command("--lang", "en", "connect", server.where, *options, *SHORT),
            stdin=written_only,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert result.returncode == 1
    assert b"Standard input cannot be read: " in result.stderr
    assert b"Traceback" not in result.stderr


def test_text_is_encoded_and_decoded_as_asked() -> None:
    with serving("echo", "--quiet") as server:
        options = ["--encoding", "gbk", *SHORT]
        said = run("connect", server.where, "--send", "你好", "--json", *options)
        received = [shown for shown in objects(said.stdout) if shown["event"] == "received"]
        assert [shown["text"] for shown in received] == ["你好\n"]
        assert [shown["data"] for shown in received] == ["xOO6wwo="]
        typed = run("connect", server.where, *options, stdin="再见\n".encode())
        assert typed.stdout.decode() == "再见\n"
        lacking = run("connect", server.where, *options, stdin="😀\n".encode())
        assert lacking.returncode == 2
        assert "😀".encode() in lacking.stderr


def test_a_character_split_between_two_reads_is_never_lost() -> None:
    with accepting() as (listener, where), started("connect", where, "--wait", "0") as client:
        conn, _ = listener.accept()
        with conn:
            for byte in "你".encode() + b"\xe4\xbd":
                conn.sendall(bytes([byte]))
        output, _ = client.communicate(timeout=10)
        assert client.returncode == 0
        assert output == "你\\xe4\\xbd".encode()


def test_it_ends_when_the_peer_closes_and_says_so() -> None:
    options = ["--send", "x", "--wait", "0", "--json"]
    with accepting() as (listener, where), started("connect", where, *options) as client:
        listener.accept()[0].close()
        output, _ = client.communicate(timeout=10)
    assert client.returncode in {0, 1}  # FIN, or RST if our line came too late for it
    names = events(output)
    assert names[-1] == "activity_stopped"
    assert names.count("closed") == 1


def test_a_reset_is_exit_code_1_in_words() -> None:
    with accepting() as (listener, where), started("connect", where, "--send", "x") as client:
        conn, _ = listener.accept()
        assert conn.recv(2) == b"x\n"
        reset(conn)
        _, errors = client.communicate(timeout=10)
        assert client.returncode == 1
        assert b"reset" in errors


def test_all_is_sent_though_the_peer_has_finished() -> None:
    for options, stdin in ((["--send", "one", "--send", "two"], b""), ([], b"one\ntwo\n")):
        with accepting() as (listener, where), started("connect", where, *options) as client:
            conn, _ = listener.accept()
            with conn:
                conn.shutdown(socket.SHUT_WR)
                client.communicate(stdin, timeout=10)
                assert client.returncode == 0
                assert read_to_end(conn) == b"one\ntwo\n"


@pytest.mark.peers
@pytest.mark.parametrize("wait", [[], ["--wait", "0"]])
def test_the_end_of_input_is_a_fin_and_the_answer_to_it_is_awaited(wait: list[str]) -> None:
    with peers.socat("sort") as port:
        result = run("connect", f"127.0.0.1:{port}", *wait, stdin=b"b\na\n")
    assert (result.returncode, result.stdout) == (0, b"a\nb\n")


@pytest.mark.peers
def test_what_nc_sends_and_hears_we_send_and_hear() -> None:
    port = free_port()
    call = [peers.nc(), "-l", "-N", "127.0.0.1", str(port)]
    nc = subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    with nc:
        wait_until(lambda: run("connect", f"127.0.0.1:{port}", stdin=b"one\ntwo\n").returncode == 0)
        assert nc.communicate(timeout=10)[0] == b"one\ntwo\n"


def test_a_peer_without_a_fin_is_not_waited_for_longer_than_asked() -> None:
    with accepting() as (listener, where):
        patient = run("connect", where, "--send", "x", "--wait", "0.3")
        conn, _ = listener.accept()
        with conn:
            assert read_to_end(conn) == b"x\n"
        silent = run("connect", where, "--send", "x", "--wait", "0.3", "--no-half-close")
    assert patient.returncode == 1
    assert "No FIN came from the peer, nor anything else for 0.3 s." in patient.stderr.decode()
    assert "we finished" in patient.stderr.decode() or "FIN sent" in patient.stderr.decode()
    assert silent.returncode == 0
    assert b"\xe2\x9c\x97" not in silent.stderr  # ✗


def test_without_half_close_the_peers_fin_is_the_end() -> None:
    options = ["--send", "x", "--wait", "0", "--no-half-close"]
    with accepting() as (listener, where), started("connect", where, *options) as client:
        conn, _ = listener.accept()
        with conn:
            assert conn.recv(10) == b"x\n"
            conn.sendall(b"bye\n")
        assert client.communicate(timeout=10)[0] == b"bye\n"
        assert client.returncode == 0


def test_a_client_over_the_limit_says_that_nobody_may_have_read_what_it_sent() -> None:
    limit = ["--max-clients", "1", "--quiet"]
    with serving("acknowledge", *limit) as server, dial(server.port) as first:
        first.sendall(b"here\n")
        assert first.recv(100)
        result = run("connect", server.where, "--send", "hi")
    assert (result.returncode, result.stdout) == (1, b"")
    assert "The peer may not have read all of the 3 bytes sent." in result.stderr.decode()


def test_what_never_left_is_counted(tmp_path: Path) -> None:
    much = tmp_path / "much"
    much.write_bytes(b"x" * 20_000_000)
    with (
        accepting() as (listener, where),
        much.open("rb") as data,
        subprocess.Popen(
            command("--lang", "en", "connect", "--raw", where), stdin=data, stderr=subprocess.PIPE
        ) as client,
    ):
        conn, _ = listener.accept()
        assert conn.recv(10)
        reset(conn)
        _, errors = client.communicate(timeout=10)
    assert client.returncode == 1
    assert re.search(r"✗ [\d,]+ bytes were not sent\.", errors.decode())


def test_raw_is_binary_both_ways() -> None:
    data = random.Random(7).randbytes(300_000)
    with serving("echo", "--quiet") as server:
        result = run("connect", server.where, "--raw", stdin=data)
        assert (result.returncode, result.stdout) == (0, data)
        assert (
            run("connect", server.where, "--raw", "--send", "a", "--hex", "ff").stdout == b"a\xff"
        )


@pytest.mark.parametrize("number", ENDING_SIGNALS)
def test_a_signal_ends_it_and_is_told_by_the_exit_code(number: signal.Signals) -> None:
    with accepting() as (listener, where), started("connect", where) as client:
        conn, _ = listener.accept()
        with conn:
            conn.sendall(b"hello\n")
            assert client.stdout is not None
            assert client.stdout.readline() == b"hello\n"
            ask_to_end(client, number)
            assert conn.recv(1) == b""
        assert client.wait(10) == 128 + number


def test_what_was_taken_when_the_signal_came_is_still_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = TalkReport.__call__

    def interrupted_show(report: TalkReport, item: Item) -> None:
        if isinstance(item, Connected):
            signal.raise_signal(signal.SIGINT)
        show(report, item)

    monkeypatch.setattr(TalkReport, "__call__", interrupted_show)
    with accepting() as (_listener, where):
        assert main(["--lang", "en", "connect", where, "--send", "x"]) == 130
    told = capsys.readouterr().err
    assert told.count("connected from") == 1
    assert "was stopped" in told
    assert told.endswith("✗ 2 bytes were not sent.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    with serving("echo", "--quiet") as server, Path("/dev/full").open("wb") as full:
        for options in ([], ["--raw"], ["--json"]):
            call = command("--lang", "en", "connect", server.where, "--send", "x", *options)
            ended = subprocess.run(
                call, stdout=full, stderr=subprocess.PIPE, timeout=20, check=False
            )
            assert ended.returncode == 1
            assert ended.stderr.decode().count("✗ Standard output cannot be written: ") == 1
            assert b"Traceback" not in ended.stderr
            assert b"Exception" not in ended.stderr


def test_failing_to_connect_is_told_in_json_and_in_words() -> None:
    result = run("connect", f"127.0.0.1:{free_port()}", "--send", "x", "--json", lang="zh")
    assert result.returncode == 1
    (failed,) = (shown for shown in objects(result.stdout) if shown["event"] == "failed")
    assert (failed["operation"], failed["cause"]) == ("connect", "refused")
    assert failed["message"] in result.stderr.decode()
