"""`export`: a recording for other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlib.engine.records import Item
from netlib.teaching.lines import FORMATS
from tests import captures
from tests.command import Finished, objects, run
from tests.recordings import OUT, accepted, chunk, record
from tests.samples import THERE


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "in").mkdir()
    items: list[Item] = [
        accepted(THERE),
        chunk("你好\nbye\n".encode()),
        chunk("已接收: 你好\n".encode(), OUT),
    ]
    return str(record(tmp_path / "in" / "lesson.sqlite", items))


def done(file: str, *options: str) -> Finished:
    ended = run("export", file, *options)
    assert ended.returncode == 0, ended.stderr
    return ended


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_what_recording_writes_too(file: str, tmp_path: Path, form: str) -> None:
    told = done(file, "--as", form, "-o", str(tmp_path / "a")).stderr.decode()
    words = {
        "pcapng": "7 packets written to",
        "raw": "3 rows written to",
        "svg": "3 calls drawn in",
    }
    assert told == f"{words.get(form, '4 rows written to')} {tmp_path / 'a'}\n"
    assert run("recording", file, "--export", form, "-o", str(tmp_path / "b")).returncode == 0
    written = {
        name: [place.read_bytes() for place in sorted(tmp_path.glob(f"{name}*"))]
        for name in ("a", "b")
    }
    assert written["a"] == written["b"] != []


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "raw"])
def test_one_stream_goes_to_standard_output_too(file: str, tmp_path: Path, form: str) -> None:
    done(file, "--as", form, "-o", str(tmp_path / "a"))
    ended = done(file, "--as", form, "-o", "-")
    assert ended.stdout == (tmp_path / "a").read_bytes() == done(file, "--as", form).stdout
    assert ended.stderr == b""


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_that_was_found_is_an_empty_file_and_said(
    file: str, tmp_path: Path, form: str
) -> None:
    told = done(file, "--as", form, "-o", str(tmp_path / "a"), "--search", "nowhere").stderr
    assert told.decode().endswith("\nNothing was found among 4 rows.\n")
    made = [place.read_bytes() for place in sorted(tmp_path.glob("a*"))]
    assert made
    if form == "pcapng":
        assert captures.packets(made[0]) == []
    elif form == "svg":
        assert b"127.0.0.1" not in made[0]
    else:
        assert all(data.count(b"\n") == (form == "csv") for data in made)


def test_an_empty_recording_is_said(tmp_path: Path) -> None:
    empty = record(tmp_path / "r", [])
    told = done(str(empty), "--as", "pcapng", "-o", str(tmp_path / "a")).stderr.decode()
    assert told.splitlines() == [
        f"0 packets written to {tmp_path / 'a'}",
        "The recording is empty.",
    ]


def test_a_search_chooses_calls_whole(file: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    shown = done(file, "--as", "pcapng", "-o", str(path), "--search", "bye", "--json")
    assert objects(shown.stdout) == [{"written": 2, "chosen": 1, "total": 4}]
    (one, acknowledged) = captures.packets(path.read_bytes())
    assert (one.data, acknowledged.data) == ("你好\nbye\n".encode(), b"")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--as"),
        (["--as", "pdf"], "choose from"),
        (["--as", "raw"], "--as raw writes two files"),
        (["--as", "raw", "-o", "-"], "--as raw writes two files"),
        (["--as", "csv", "--search", "hex:zz"], "--search: hex: "),
        (["--as", "pcapng", "-o", "no/such/folder"], "cannot be written"),
        (["--as", "pcapng", "-o", "."], "cannot be written"),
        (["--as", "raw", "-o", "."], '"." cannot be written: Is a directory.'),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    file: str, tmp_path: Path, options: list[str], words: str
) -> None:
    ended = run("export", file, *options)
    assert ended.returncode == 2
    assert words in ended.stderr.decode()
    assert [place.name for place in tmp_path.iterdir()] == ["in"]


def test_what_is_no_recording_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    out = tmp_path / "a.pcapng"
    ended = run("export", str(tmp_path / "notes.txt"), "--as", "pcapng", "-o", str(out))
    assert ended.returncode == 2
    assert b"notes.txt is not a Socketboard recording." in ended.stderr
    assert not out.exists()
