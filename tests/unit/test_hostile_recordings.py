"""Recordings made to harm: each is refused or read, soon, in little memory, with a sentence."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.pages import Chunk, many_tables, same_rows_again, write_1, write_2

HERE = Path(__file__).resolve().parents[2]
ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
CHUNKS = [Chunk(b"one\n"), Chunk(b"two\n", 2), Chunk(b"three\n", activity=2)]
WRITERS = {"1": write_1, "2": write_2}

WATCHDOG_SECONDS = 60.0
"""Ten times what anything here takes."""

MEMORY = 200 << 20
"""Bytes that reading a recording may take, whatever it claims."""

MEASURED = """
import sys
from netlib.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
used = 0
if sys.platform == "linux":  # not ru_maxrss, which begins with what the parent has
    status = open("/proc/self/status").read()
    used = int(status.partition("VmHWM:")[2].split()[0]) * 1024
sys.stderr.write(f"\\nmemory {used}\\n")
sys.exit(code)
"""


def ended(
    path: Path, *options: str, command: Sequence[str] = ("recording",)
) -> tuple[int, str, int]:
    """Run the command line; return exit code, last words, and bytes of memory."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command, str(path), *options],
        cwd=HERE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=WATCHDOG_SECONDS,
        check=False,
    )
    words, _memory, used = done.stderr.decode().rpartition("memory ")
    assert "Traceback" not in words, words
    return done.returncode, words.strip(), int(used)


def changed(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.executescript(statement)
    return path


@pytest.mark.parametrize("version", WRITERS)
@pytest.mark.parametrize("table", ["meta", "chunk", "page", "flow"])
def test_a_view_that_never_ends_is_no_table(tmp_path: Path, table: str, version: str) -> None:
    if (table == "chunk") == (version == "2") and table != "meta":
        return
    path = WRITERS[version](tmp_path / "r", CHUNKS)
    columns = f"'format' AS key, 'socketboard-{version}' AS value"
    if table != "meta":
        with closing(sqlite3.connect(path)) as db:
            names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        columns = ", ".join(f"n AS {name}" for name in names)
    changed(
        path,
        "DROP VIEW IF EXISTS chunk" if version == "2" else "SELECT 1",
        f"DROP TABLE {table}; CREATE VIEW {table} AS {ENDLESS} SELECT {columns} FROM r",
    )
    for options in ([], ["--export", "csv"], ["--search", "x"]):
        code, words, _memory = ended(path, *options)
        assert code == 2
        assert "is not a Socketboard recording." in words


def triggers(path: Path, many: int, size: int) -> None:
    """Add triggers whose SQL is so long: SQLite reads and keeps it all."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        for number in range(many):
            begun = f"CREATE TRIGGER t{number} AFTER INSERT ON meta BEGIN SELECT 1 IN ("
            script = begun + "1," * ((size - len(begun)) // 2 - 4) + "1); END"
            values = (f"t{number}", script)
            db.execute("INSERT INTO sqlite_schema VALUES ('trigger', ?, 'meta', 0, ?)", values)


PAGE_REST = (
    *("line", "lines", "chunks", "number + n", "last + n", "at", "until", "wall", "received"),
    *("sent", "times", "codes", "ends", "line_ends", "numbers", "size", "segment", "offset"),
    "data",
)

HARM: dict[str, tuple[str, Callable[[Path], object]]] = {
    "lines without end, 1": ("1", lambda path: changed(path, "UPDATE chunk SET lines = 1 << 40")),
    "lines without end, 2": ("2", lambda path: changed(path, "UPDATE page SET lines = 1 << 40")),
    "negative lines": ("1", lambda path: changed(path, "UPDATE chunk SET lines = -5, line = -9")),
    "a huge value in meta": (
        "2",
        lambda path: changed(path, "UPDATE meta SET value = hex(zeroblob(100000000))"),
    ),
    "a huge blob, 1": (
        "1",
        lambda path: changed(path, "UPDATE chunk SET data = zeroblob(300000000) WHERE id = 2"),
    ),
    "a huge blob, 2": (
        "2",
        lambda path: changed(path, "UPDATE page SET data = zeroblob(300000000) WHERE id = 1"),
    ),
    "a payload of line feeds": (
        "2",
        lambda path: changed(
            path,
            "UPDATE page SET lines = 30000000, chunks = 1, last = number, line_ends = x'80c3c901',"
            "times = zeroblob(4), codes = x'09000000', ends = x'80c3c901', size = 30000000,"
            "received = 0, sent = 0, until = at,"
            "data = CAST(replace(hex(zeroblob(15000000)), '0', char(10)) AS BLOB) WHERE id = 1",
        ),
    ),
    "wide columns": (
        "2",
        lambda path: changed(path, "UPDATE page SET chunks = 10000000, times = zeroblob(40000000)"),
    ),
    "long names": (
        "1",
        lambda path: changed(
            path,
            "INSERT INTO chunk SELECT n + 9, 1.0, 1.0, 1, 1, 1, '', n + 9, 1, x'0a'"
            f" FROM ({ENDLESS} SELECT n FROM r LIMIT 30)",
            "UPDATE chunk SET peer = hex(zeroblob(10000000))",
        ),
    ),
    "many tables": ("2", lambda path: many_tables(path, 300_000)),
    "a long trigger": ("2", lambda path: triggers(path, 1, 40 << 20)),
    "many triggers": ("2", lambda path: triggers(path, 1000, 16_300)),
    "many activities, 1": (
        "1",
        lambda path: changed(
            path,
            f"INSERT INTO chunk SELECT n + 9, 1.0, 1.0, n, 1, 1, NULL, 0, 1, x'0a' FROM ({ENDLESS}"
            " SELECT n FROM r LIMIT 5000)",
        ),
    ),
    "many activities, 2": (
        "2",
        lambda path: changed(
            path,
            "CREATE TEMP TABLE one AS SELECT * FROM page WHERE id = 2;"
            f"INSERT INTO page SELECT n + 9, n, {', '.join(PAGE_REST)} FROM one JOIN ({ENDLESS}"
            " SELECT n FROM r LIMIT 5000)",
        ),
    ),
}


@pytest.mark.parametrize("harm", HARM)
def test_nothing_takes_for_ever_or_all_the_memory(tmp_path: Path, harm: str) -> None:
    version, do = HARM[harm]
    path = WRITERS[version](tmp_path / "r", CHUNKS)
    do(path)
    searches = (["--search", typed] for typed in ("x", "hex:0a", "dir:in"))
    for options in ([], *searches, ["--search", "hex:00", "--export", "csv"]):
        code, words, memory = ended(path, *options)
        assert code in (0, 1, 2)
        assert code == 0 or words
        assert memory < MEMORY, f"{memory >> 20} MB {options}"


@pytest.mark.parametrize("id", ["'a' || id", "id + 0.5", "x'00'", "1e300", "NULL", "1"])
@pytest.mark.parametrize("version", WRITERS)
def test_rows_without_numbers_of_their_own_are_no_recording(
    tmp_path: Path, version: str, id: str
) -> None:
    table = "page" if version == "2" else "chunk"
    path = changed(
        WRITERS[version](tmp_path / "r", CHUNKS),
        "DROP VIEW chunk" if version == "2" else "SELECT 1",
        f"ALTER TABLE {table} RENAME TO z; CREATE TABLE {table} AS SELECT * FROM z; DROP TABLE z;"
        f"UPDATE {table} SET id = {id}",
    )
    for command in (["recording"], ["export", "--as", "text", "-o", "-"], ["ladder"]):
        code, words, _memory = ended(path, command=command)
        assert (code, words.count("is not a Socketboard recording.")) == (2, 1)


@pytest.mark.parametrize("version", WRITERS)
def test_rows_that_come_again_without_end_are_not_in_order(tmp_path: Path, version: str) -> None:
    table = "page" if version == "2" else "chunk"
    path = same_rows_again(WRITERS[version](tmp_path / "r", CHUNKS), table)
    export = ["export", "--as", "text", "-o", "-"]
    for command in (["recording", "--search", "one"], export, ["ladder"]):
        code, words, _memory = ended(path, command=command)
        assert (code, words.count("its rows are not in order")) == (2, 1), words


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fifo", "fifo is not a Socketboard recording."),
        ("loop", "loop cannot be opened: Too many levels of symbolic links"),
        ("folder", "folder cannot be opened: Is a directory"),
    ],
)
def test_what_is_no_file_is_told(tmp_path: Path, name: str, words: str) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    code, told, _memory = ended(tmp_path / name)
    assert code == 2
    assert words in told
