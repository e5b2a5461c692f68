"""`recording`: what a file holds, found and written for other programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlib.engine.records import Item
from netlib.teaching.cases import CASES, Case
from tests.command import Finished, objects, run
from tests.recordings import OUT, accepted, chunk, record
from tests.samples import THERE


@pytest.fixture
def file(tmp_path: Path) -> str:
    items: list[Item] = [
        accepted(THERE),
        chunk("你好\nbye\n".encode()),
        chunk("已接收: 你好\n".encode(), OUT),
        chunk(b"datagram", activity=2, connection=0, peer=THERE),
    ]
    return str(record(tmp_path / "lesson.sqlite", items))


def done(file: str, *options: str) -> Finished:
    ended = run("recording", file, *options)
    assert ended.returncode == 0, ended.stderr
    return ended


def test_activities_are_listed_with_their_counts(file: str) -> None:
    first, second = done(file).stdout.decode().splitlines()
    assert first.startswith("1  ")
    assert "4 rows, received 11 B, sent 18 B  ✓ accepted a connection from [::1]:53122" in first
    assert "1 rows, received 8 B, sent 0 B  ← datagram" in second


def test_activities_are_objects_too(file: str) -> None:
    first, second = objects(done(file, "--json").stdout)
    assert (first["activity"], first["rows"], first["received"]) == (1, 4, 11)
    assert second["begins"] == "← datagram"


def test_a_search_shows_its_rows_and_their_number(file: str) -> None:
    ended = done(file, "--search", "你好 dir:in")
    (row,) = ended.stdout.decode().splitlines()
    assert row.endswith(r"你好\n")
    assert ended.stderr.decode() == "1 of 5 rows\n"
    (shown,) = objects(done(file, "--search", "你好 dir:in", "--json").stdout)
    assert shown["text"] == "你好\n"


def test_rows_go_to_standard_output_or_to_files(file: str, tmp_path: Path) -> None:
    table = done(file, "--export", "csv").stdout
    assert table.count(b"\r\n") == 6
    done(file, "--export", "csv", "-o", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes() == table
    done(file, "--export", "raw", "-o", str(tmp_path / "a"), "--search", "dir:out")
    assert (tmp_path / "a.sent.bin").read_bytes() == "已接收: 你好\n".encode()
    assert (tmp_path / "a.received.bin").read_bytes() == b""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-o", "x"], "-o needs --export"),
        (["--export", "raw"], "with -o"),
        (["--export", "raw", "-o", "-"], "with -o"),
        (["--export", "pdf"], "choose from"),
        (["--search", "hex:zz"], "--search: hex: "),
        (["--export", "text", "-o", "no/such/folder"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(file: str, options: list[str], words: str) -> None:
    ended = run("recording", file, *options)
    assert ended.returncode == 2
    assert words in ended.stderr.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("notes.txt", "notes.txt is not a Socketboard recording."),
        ("absent", "absent does not exist."),
        ("folder", "folder cannot be opened: Is a directory"),
    ],
)
def test_what_is_no_recording_is_told_as_what_it_is(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "folder").mkdir()
    ended = run("recording", str(tmp_path / name))
    assert ended.returncode == 2
    assert words in ended.stderr.decode()


def test_a_folder_without_a_name_is_named_as_it_was_typed() -> None:
    assert b"error: . cannot be opened: " in run("recording", ".").stderr


def test_nothing_waits_so_there_is_no_timeout(file: str) -> None:
    assert "--timeout" not in run("recording", "--help").stdout.decode()
    ended = run("recording", file, "--timeout", "1")
    assert (ended.returncode, ended.stdout) == (2, b"")


def test_a_dash_is_standard_output_and_never_a_file(file: str, tmp_path: Path) -> None:
    assert done(file, "--export", "csv", "-o", "-").stdout == done(file, "--export", "csv").stdout
    assert not Path("-").exists()


def test_the_recorded_cases_are_listed_as_they_are_typed() -> None:
    ended = run("recording", "--cases", lang="zh")
    assert (ended.returncode, ended.stderr) == (0, b"")
    lines = ended.stdout.decode().splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == [f"case:{case.name}" for case in CASES]
    assert lines[0] == "case:handshake 三次握手"
    told = objects(run("recording", "--cases", "--json").stdout)
    assert [one["name"] for one in told] == [case.name for case in CASES]
    assert all(Path(one["path"]).is_file() and one["look"] and one["source"] for one in told)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_recorded_case_is_read_where_a_recording_is(case: Case, tmp_path: Path) -> None:
    server, *clients = objects(done(f"case:{case.name}", "--json").stdout)
    begun = re.search(r"listening on (\S+):8080", server["begins"])
    assert begun, server["begins"]  # on loopback, or behind a relay
    assert all(f"connecting to {begun[1]}:8080" in client["begins"] for client in clients)
    target = tmp_path / "case.jsonl"
    ended = run("export", f"case:{case.name}", "--as", "jsonl", "-o", str(target))
    assert ended.returncode == 0, ended.stderr
    assert len(objects(target.read_bytes())) == sum(one["rows"] for one in (server, *clients))


def test_a_case_there_is_none_of_and_no_recording_at_all_are_told() -> None:
    ended = run("recording", "case:nothing")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ", ".join(case.name for case in CASES) in ended.stderr.decode()
    ended = run("recording")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert "--cases" in ended.stderr.decode()
