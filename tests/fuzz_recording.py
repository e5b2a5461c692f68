"""Recordings damaged by chance, bytes and cells, read as the command line reads them.

    python -m tests.fuzz_recording [MUTATIONS [SEED]]

prints how the readings ended, the slowest and the most memory. None may end in a traceback.
"""

from __future__ import annotations

import contextlib
import io
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from netlib.cli import main
from netlib.events import Accepted, Closed, CloseReason, Listening, Named, Transport
from netlib.recording.event_json import to_json
from netlib.recording.page import column
from tests.pages import Chunk, write_1, write_2
from tests.samples import HERE, THERE

COMMANDS = (
    (),
    ("--json",),
    ("--export", "text"),
    ("--export", "csv"),
    ("--export", "jsonl"),
    ("--export", "pcapng"),
    ("--search", "e"),
    ("--search", "hex:0a peer:1 after:00:00"),
)
EVENTS = (
    Listening(at=1.0, activity=1, local=HERE, transport=Transport.TCP, service="acknowledge"),
    Accepted(at=1.0, activity=1, connection=1, local=HERE, peer=THERE),
    Named(at=1.0, activity=1, connection=1, name="Ada"),
    Closed(at=1.0, activity=1, connection=1, reason=CloseReason.BY_PEER),
)
VALUES: tuple[object, ...] = (
    *(None, "", "text", "9" * 30, b"", b"\xff" * 8, 0, 1, -1, 1.5, float("inf"), float("-inf")),
    *(
        1 << 31,
        1 << 32,
        1 << 40,
        1 << 53,
        (1 << 63) - 1,
        -(1 << 63),
        "\ud800".encode("utf-8", "surrogatepass"),
    ),
)


class Reading(NamedTuple):
    """How reading one damaged file ended."""

    code: int
    seconds: float
    what: str


def lesson() -> list[Chunk]:
    """Return a little of everything."""
    events = [to_json(event).encode() for event in EVENTS]
    peer = "127.0.0.1:53122"
    return [
        chunk._replace(at=at * 1000)
        for at, chunk in enumerate(
            [
                Chunk(events[0], 0, 1, 0),
                Chunk(events[1], 0, peer=peer),
                Chunk("你好\nline\n".encode(), peer=peer),
                *(Chunk(b"split \xe5\xa5", 2, peer=peer), Chunk(b"\xbd\n", 2, peer=peer)),
                Chunk(events[2], 0, peer=f"{peer} Ada"),
                Chunk(b"\x16\x03\x01", 3, peer=f"{peer} Ada"),
                Chunk(b"plain\n", 5, peer=f"{peer} Ada"),
                *(Chunk(f"datagram {number}".encode(), 1, 2, 0, "[::1]:7") for number in range(40)),
                Chunk(b"x" * 3000 + b"\n" * 40, 1, 3, 3),
                Chunk(events[3], 0, peer=f"{peer} Ada"),
            ]
        )
    ]


class Damage:
    """Files of both formats, and what is done to their copies."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._path = folder / "damaged"
        write_1(folder / "1", lesson())
        write_2(folder / "2", lesson(), lambda: 7)
        self._whole = [(folder / name).read_bytes() for name in ("1", "2")]

    def one(self) -> tuple[Path, str]:
        """Damage a copy; return it and what was done."""
        chance = self._chance
        data = bytearray(chance.choice(self._whole))
        self._path.write_bytes(data)
        if chance.random() < 0.4:
            told = self._bytes(data)
            self._path.write_bytes(data)
            return self._path, told
        cells = [self._cell() for _time in range(chance.choice([1, 1, 2, 4]))]
        return self._path, "; ".join(cells)

    def _bytes(self, data: bytearray) -> str:
        chance, told = self._chance, []
        for _time in range(chance.choice([1, 2, 5, 50])):
            at = chance.randrange(len(data))
            value = chance.choice([0, 255, chance.randrange(256)])
            told.append(f"{at}={value}")
            data[at] = value
        if chance.random() < 0.1:
            del data[chance.randrange(len(data)) :]
            told.append(f"cut at {len(data)}")
        return "bytes " + " ".join(told)

    def _cell(self) -> str:
        chance = self._chance
        with contextlib.closing(sqlite3.connect(self._path)) as db, db:
            tables = [
                name
                for (name,) in db.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
                )
            ]
            table = "meta" if chance.random() < 0.05 else chance.choice(tables[1:])
            names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            name, key = chance.choice(names), "key" if table == "meta" else "id"
            keys = [row[0] for row in db.execute(f"SELECT {key} FROM {table}")]
            which = chance.choice(keys) if keys else 0
            before = db.execute(f"SELECT {name} FROM {table} WHERE {key} = ?", (which,)).fetchone()
            value = self._value(before and before[0])
            with contextlib.suppress(sqlite3.Error, OverflowError):
                db.execute(f"UPDATE {table} SET {name} = ? WHERE {key} = ?", (value, which))
        return f"{table}.{name}[{which}] = {value!r}"[:200]

    def _value(self, before: object) -> object:
        chance = self._chance
        if isinstance(before, int) and chance.random() < 0.4:
            return before + chance.choice([-1, 1, 2, 1000])
        if isinstance(before, bytes) and before and chance.random() < 0.6:
            changed = bytearray(before)
            changed[chance.randrange(len(changed))] = chance.choice([0, 10, 255])
            if chance.random() < 0.2:
                return column([chance.randrange(1 << 20) for _number in range(len(before) // 4)])
            return bytes(changed)
        if isinstance(before, str) and before and chance.random() < 0.7:
            at = chance.randrange(len(before))
            more = chance.choice(["", "9", "-", "null", "[" * 2000, "1e999", "NaN", '"', "\x00"])
            return before[:at] + more + before[at + chance.randrange(3) :]
        return chance.choice(VALUES)


def readings(many: int, seed: int) -> Iterator[Reading]:
    """Damage and read so many times."""
    with tempfile.TemporaryDirectory() as folder:
        damage = Damage(Path(folder), seed)
        for number in range(many):
            path, what = damage.one()
            options = COMMANDS[number % len(COMMANDS)]
            began = time.perf_counter()
            with contextlib.redirect_stderr(io.StringIO()), _standard_output():
                try:
                    code = main(["recording", str(path), *options])
                except SystemExit as end:
                    code = int(end.code or 0)
                except Exception as bug:
                    raise AssertionError(f"{number}: {what} {options}") from bug
            yield Reading(code, time.perf_counter() - began, f"{number}: {what} {options}")


@contextlib.contextmanager
def _standard_output() -> Iterator[None]:
    """Take what is written, as text or as bytes."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")):
        yield


def _memory() -> int:
    """Return the most bytes this process has had; 0: it cannot be told here."""
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def run(many: int = 20_000, seed: int = 20261128) -> None:
    """Damage, read, and print what came of it."""
    codes: Counter[int] = Counter()
    slowest = Reading(0, 0.0, "")
    for reading in readings(many, seed):
        codes[reading.code] += 1
        slowest = max(slowest, reading, key=lambda one: one.seconds)
    print(f"seed {seed}: exit codes {dict(codes)}, most memory {_memory() >> 20} MB")
    print(f"slowest {slowest.seconds:.2f} s: {slowest.what}")


if __name__ == "__main__":
    run(*map(int, sys.argv[1:]))
