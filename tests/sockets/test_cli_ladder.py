"""`ladder`: a recording as arrows, on the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from netlib.address import Endpoint
from netlib.engine.records import Item
from tests.command import Finished, events, objects, run, serving
from tests.ladders import (
    HEAD,
    both,
    closed,
    connected,
    finished,
    opened,
    peer_finished,
    received,
    sent,
)
from tests.pages import Chunk, write_1
from tests.recordings import record

LESSON: list[Item] = [
    *both(),
    *(sent("你好\n".encode()), sent(b"bye\n"), received("你好\nbye\n".encode())),
    *(sent(b"OK\n", serves=True), received(b"OK\n", serves=False)),
    *(finished(), peer_finished(), closed(serves=True), closed()),
]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(record(tmp_path / "lesson.sqlite", LESSON))


def done(file: str, *options: str, lang: str = "en") -> Finished:
    ended = run("ladder", file, *options, lang=lang)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended


def said(ended: Finished) -> list[str]:
    return ended.stdout.decode().splitlines()


def refused(*arguments: str, lang: str = "en") -> str:
    ended = run("ladder", *arguments, lang=lang)
    assert (ended.returncode, ended.stdout) == (2, b"")
    return ended.stderr.decode()


def test_each_arrow_is_a_line_and_what_was_not_seen_is_implied(file: str) -> None:
    lines = said(done(file))
    with opened(Path(file)) as ladder:
        assert lines == ladder.lines()
    client, server = "127.0.0.1:50000", "127.0.0.1:8080"
    assert [line[HEAD:] for line in lines[:6]] == [
        f"{server}  ✓ listening on {server}",
        f"{client} ╌╌▶ {server}  SYN  implied",
        f"{server} ╌╌▶ {client}  SYN, ACK  implied",
        f"{client} ╌╌▶ {server}  ACK  implied",
        f"{server}  ✓ accepted a connection from {client}",
        rf"{client} ──▶ {server}  send  7 B  你好\n  arrives in #6",
    ]
    (fin,) = [line for line in lines if "FIN" in line and line[:HEAD].split()[0] == "#9"]
    assert fin.endswith(f"{client} ──▶ {server}  FIN  arrives in #10")


def test_the_words_are_those_of_the_language(file: str) -> None:
    assert [line for line in said(done(file, lang="zh")) if line.endswith("SYN  推断")]


def test_commentary_is_a_sentence_below_its_row(file: str) -> None:
    lines = said(done(file, "--commentary"))
    row = next(place for place, line in enumerate(lines) if line.lstrip().startswith("#6"))
    assert "recv" in lines[row]
    assert lines[row + 2].strip().startswith("Bytes of 2 send calls arrived in this one receive")


def test_json_is_an_object_for_each_arrow(file: str) -> None:
    records = objects(done(file, "--json").stdout)
    assert len(records) == len(said(done(file)))
    (first,) = [one for one in records if one["call"] == 4]
    assert (first["other_call"], first["bytes"], first["state"]) == (6, 7, "seen")
    assert {one["state"] for one in records if one.get("segment") == "SYN"} == {"implied"}
    (told,) = [
        one for one in objects(done(file, "--json", "--commentary").stdout) if one["call"] == 4
    ]
    assert told["commentary"] == "All of it was received by one call of the peer."


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("send send receive", [[4, 5, 6]]),
        ("发送 发送 接收", [[4, 5, 6]]),
        ("send receive", [[5, 6], [7, 8]]),
        ("accept", [[3]]),
        ("接受", [[3]]),
        ("rst", []),
        ("timeout", []),
        ("fin", [[9], [11], [12]]),
    ],
)
def test_a_pattern_shows_where_it_is(file: str, typed: str, numbers: list[list[int]]) -> None:
    ended = done(file, "--find", typed)
    groups = [group for group in ended.stdout.decode().strip("\n").split("\n\n") if group]
    shown = [
        [int(line.split()[0][1:]) for line in group.splitlines() if line[:HEAD].strip()]
        for group in groups
    ]
    assert shown == numbers
    many = len(numbers)
    assert ended.stderr.decode() == f"{many} place{'' if many == 1 else 's'}\n"
    calls = [one["call"] for one in objects(done(file, "--find", typed, "--json").stdout)]
    assert {*calls} == {number for place in numbers for number in place}


def test_a_search_shows_the_calls_in_which_it_is(file: str) -> None:
    (line,) = said(done(file, "--search", "你好 dir:out"))
    assert line.lstrip().startswith("#4")
    assert {one["call"] for one in objects(done(file, "--search", "bye", "--json").stdout)} == {
        5,
        6,
    }
    assert said(done(file, "--search", "nowhere")) == []


def test_between_rows_found_the_time_since_the_one_above_is_told(tmp_path: Path) -> None:
    """More of them than are read at once."""
    items: list[Item] = [*both()]
    for second in range(300):
        items += [sent(b"a", at=2.0 + second), received(b"a", at=2.5 + second)]
    path = str(record(tmp_path / "long.sqlite", items))
    found = objects(done(path, "--search", "dir:out", "--json").stdout)
    assert {one["delta_ms"] for one in found[1:]} == {1000.0}


def test_a_run_beside_itself_differs_in_nothing(file: str) -> None:
    ended = done(file, "--compare", file)
    assert {line[:2] for line in said(ended)} == {"= "}
    assert [line[2:] for line in said(ended)] == said(done(file))
    assert ended.stderr.decode() == "0 rows differ\n"


def test_what_only_one_of_two_runs_has_is_marked(file: str, tmp_path: Path) -> None:
    other = [*LESSON[:7], sent(b"more\n"), received(b"more\n"), *LESSON[9:]]
    second = str(record(tmp_path / "second.sqlite", other))
    ended = done(file, "--compare", second)
    marked = [(line[0], line[2 + HEAD :].split("  ")[1:4:2]) for line in said(ended)]
    assert [(sign, words) for sign, words in marked if sign != "="] == [
        *(("-", ["send", "OK\\n"]), ("-", ["recv", "OK\\n"])),
        *(("+", ["send", "more\\n"]), ("+", ["recv", "more\\n"])),
    ]
    assert ended.stderr.decode() == "4 rows differ\n"
    records = objects(done(file, "--compare", second, "--json").stdout)
    assert [(one["side"], one["text"]) for one in records if one["side"] != "="] == [
        *(("-", "OK\\n"), ("-", "OK\\n"), ("+", "more\\n"), ("+", "more\\n"))
    ]


def test_an_empty_recording_has_no_arrows(tmp_path: Path) -> None:
    empty = str(record(tmp_path / "empty.sqlite", []))
    assert said(done(empty)) == ["The recording is empty."]
    assert said(done(empty, "--json")) == []
    assert said(done(empty, "--find", "send")) == []
    assert done(empty, "--compare", empty).stderr.decode() == "0 rows differ\n"


def test_two_hundred_activities_are_all_there(tmp_path: Path) -> None:
    items: list[Item] = [
        connected(Endpoint("127.0.0.1", 40000 + one), connection=one, activity=one)
        for one in range(1, 201)
    ]
    lines = said(done(str(record(tmp_path / "many.sqlite", items))))
    assert len(lines) == 400
    assert all(f"127.0.0.1:{40000 + one} ╌╌▶" in "\n".join(lines) for one in range(1, 201))


def test_a_recording_of_version_1_has_its_ladder(tmp_path: Path) -> None:
    chunks = [Chunk(b"hello\nclass\n", 2), Chunk(b"reply\n", 1)]
    lines = said(done(str(write_1(tmp_path / "old.db", chunks))))
    assert [line[HEAD:].partition("  ")[2] for line in lines] == [
        *(r"send  12 B  hello\nclass\n", r"recv  6 B  reply\n")
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--find", "send banana"], '--find: "banana" is no pattern'),
        (["--find", ""], "--find"),
        (["--search", "hex:zz"], "--search: hex: "),
        (["--compare", "absent"], "absent does not exist."),
        (["--timeout", "1"], "--timeout"),
    ],
)
def test_what_cannot_be_done_is_said(file: str, options: list[str], words: str) -> None:
    assert words in refused(file, *options)


def test_a_wrong_word_is_said_in_chinese_too(file: str) -> None:
    assert "“香蕉”不是调用模式" in refused(file, "--find", "发送 香蕉", lang="zh")


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
    assert words in refused(str(tmp_path / name))


def test_a_damaged_page_is_a_row_that_says_so(file: str) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE page SET codes = NULL WHERE activity = 1")
    lines = said(done(file))
    assert [line for line in lines if "? rows that cannot be read" in line]
    assert not [line for line in lines if "arrives in" in line]


def test_what_a_peer_sent_is_harmless(tmp_path: Path) -> None:
    nasty = b"\x1b]0;gone\x07" + "\u202e".encode()
    path = str(record(tmp_path / "nasty.sqlite", [*both(), sent(nasty), received(nasty)]))
    for options in ([], ["--json"], ["--commentary"], ["--compare", path]):
        shown = done(path, *options).stdout.decode()
        assert all(line.isprintable() for line in shown.splitlines())
        if "--json" in options:
            assert [json.loads(line) for line in shown.splitlines()]


def test_what_crossed_a_real_connection_is_matched(tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite"
    with serving("echo") as server:
        where = f"127.0.0.1:{server.port}"
        ended = run("connect", where, "--send", "hello", "--json", "--record", str(path))
    assert ended.returncode == 0, ended.stderr.decode()
    assert "closed" in events(ended.stdout)
    lines = said(done(str(path)))
    assert [line for line in lines if f"──▶ {where}  send  6 B" in line]
    assert [
        line for line in lines if line[HEAD:].startswith(f"{where} ──▶") and "recv  6 B" in line
    ]
    assert [line for line in lines if line.endswith("FIN")]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_a_recorded_case_is_said_what_to_look_at_and_standard_output_is_the_ladder(
    lang: str,
) -> None:
    ended = done("case:zero-window", lang=lang)
    title, look, source = ended.stderr.decode().splitlines()
    assert (
        title == {"en": "Window 0: the receiver does not read", "zh": "零窗口：接收方不读取"}[lang]
    )
    assert {"en": "a window of 0", "zh": "窗口为 0"}[lang] in look
    assert source.startswith("RFC 9293")
    first, *_others = said(ended)
    assert first.strip().startswith("#0")
    assert done("case:zero-window", "--json").stderr == b""


def test_two_recorded_cases_can_be_compared() -> None:
    ended = done("case:handshake", "--compare", "case:reset")
    assert {line[0] for line in said(ended)} == {"=", "-", "+"}
