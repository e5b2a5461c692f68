"""The file of a recording, opened as what a stranger may have made: SQLite, kept on a short leash.

Nothing in it is run: what is read must be plain tables, a cell is no longer than `CELL_BYTES`, and
who waits for a screenful says how long (`within`).
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from netlib.i18n import _
from netlib.system.clock import now

Values = Sequence[object] | Mapping[str, object]
"""What stands for the ? or the :names of a statement."""

PATIENCE: Final = 2.0
"""Seconds that opening, listing or a screenful may take; also how long opening waits: a recording
just made is locked for a moment by its writer."""

CELL_BYTES: Final = 64 << 20
"""Longest cell that is read; more is no recording of ours."""

LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: CELL_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 16 << 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
}
"""SQL is also that of tables and views in the file: to read it takes sixty times as much memory."""

SCHEMA_BYTES: Final = 1 << 20
"""Longest row of the schema that is looked at; what is longer than SQL may be is refused then."""

SCHEMA_STEPS: Final = 1000
"""Steps in which the schema must be read: some 140 tables, indexes and views. What they say stays
in memory; a recording of ours has eight."""

STEPS: Final = 1000
"""Steps of SQLite's machine, some ten microseconds, between two looks whether to give up."""

PRIMARY_CODE: Final = 0xFF
"""What SQLite adds above these bits only says where it happened."""

NO_RECORDING: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""What SQLite says of other files, and of databases without our tables."""

_IN_WAL_MODE: Final = b"\2\2"
"""Bytes 18 and 19 of a file (sqlite.org/fileformat2.html, 1.3.3): versions to write and to read."""

_SAFETY: Final = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"

_TABLES: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
"""No view, which may compute without end; no virtual table, which runs code."""

_COLUMNS: Final = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"
"""Hidden ones are computed, too."""

_NUMBERED: Final = """
SELECT 1 FROM pragma_table_xinfo(?1) WHERE name = 'id' AND pk = 1
  AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')"""
"""Whether `id` is the number of a row (sqlite.org/lang_createtable.html, 5): then there is one of
each, and it is a number. Any other primary key has an index."""


class RecordingError(Exception):
    """A recording cannot be read now (busy), or no longer (damaged, gone); str() is why."""


class TooLongError(RecordingError):
    """Reading takes longer than somebody waits."""


class Database:
    """A connection to the file. What it cannot read raises RecordingError."""

    def __init__(
        self, path: Path, patience: float, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Open it; any one thread may use it at a time. ValueError: it is no file of SQLite's.

        `patience`: seconds to wait for a file that is busy before a read fails. `cancelled`: see
        `give_up_when`.
        """
        if path.exists() and not path.is_file():  # a FIFO would be waited for
            raise ValueError(str(path))
        self._until = math.inf
        self._cancelled = cancelled
        with self.reading():
            self.connection = sqlite3.connect(
                f"{file_uri(path.absolute())}?{_mode(path)}",
                uri=True,
                timeout=PATIENCE,
                isolation_level=None,
                check_same_thread=False,  # opened by one thread for another
            )
        for limit, most in LIMITS.items():
            self.connection.setlimit(limit, most)
        self.connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            with self.reading(), self.within(PATIENCE):
                self._begin(path)
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        except (ValueError, RecordingError):
            self.close()
            raise

    def _begin(self, path: Path) -> None:
        """Read for the first time: only now SQLite looks what the file is."""
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SCHEMA_BYTES)
        self.connection.set_progress_handler(lambda: True, SCHEMA_STEPS)
        try:
            self.connection.executescript(_SAFETY)
            self.connection.execute("SELECT name FROM sqlite_schema LIMIT 1").fetchone()
        except sqlite3.Error as refusal:
            code = getattr(refusal, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if code == sqlite3.SQLITE_INTERRUPT:
                self.check_time()
                if not self._cancelled():
                    raise RecordingError(_("it has too many tables")) from refusal
            if code & PRIMARY_CODE in NO_RECORDING:
                raise ValueError(str(path)) from refusal
            raise RecordingError(str(refusal)) from refusal
        self.connection.set_progress_handler(self._gives_up, STEPS)
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES)

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    def tables(self, wanted: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether there are these tables, each with at least these columns.

        A column `id` must be the number of its row, by which rows are told apart.
        """
        found = {name for (name,) in self.select(_TABLES)}
        return all(
            table in found
            and {name for (name,) in self.select(_COLUMNS, (table,))}.issuperset(columns)
            and ("id" not in columns or bool(self.select(_NUMBERED, (table,))))
            for table, columns in wanted.items()
        )

    def select(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Run a statement; it may also fail because it was given up."""
        with self.reading():
            return self.connection.execute(statement, values).fetchall()

    def rows(self, statement: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        """Run a statement and yield its rows one by one."""
        with self.reading():
            # "yield from" would close the cursor, perhaps after the connection.
            for row in self.connection.execute(statement, values):  # noqa: UP028
                yield row

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Fail what is not read after so many seconds."""
        before, self._until = self._until, min(self._until, now() + seconds)
        try:
            yield
        finally:
            self._until = before

    def give_up_when(self, cancelled: Callable[[], bool]) -> None:
        """End statements that take long when `cancelled()`; it is asked now and then."""
        self._cancelled = cancelled

    def check_time(self) -> None:
        """Fail if there is no time left: for work between statements."""
        if now() > self._until:
            raise TooLongError(_("reading takes too long"))

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Say what SQLite refused in our own exception: it must never pass for "nothing there"."""
        try:
            yield
        except sqlite3.Error as refusal:
            self.check_time()
            raise RecordingError(str(refusal)) from refusal
        except MemoryError as refusal:
            raise RecordingError(_("there is not enough memory for it")) from refusal

    def _gives_up(self) -> bool:
        return now() > self._until or self._cancelled()


def file_uri(path: PurePath) -> str:
    r"""Return a path as SQLite wants it in a URI. It must be absolute, and may be \\server\share\….

    SQLite knows no server in a URI: what begins with four slashes is a path that begins with two.
    Nobody may ask here for the real path: Windows would make one of these of each mapped drive.
    """
    posix = path.as_posix()
    return "file:" + quote("//" + posix) if posix.startswith("//") else path.as_uri()


def has_writer(path: Path) -> bool:
    """Tell whether somebody writes a recording, or was killed doing so.

    A writer has a WAL beside the file from before it is known until it is complete.
    """
    real = path.resolve()  # where SQLite, too, looks for it if this is a link
    return _in_wal_mode(path) and real.with_name(real.name + "-wal").exists()


def _mode(path: Path) -> str:
    """Return how SQLite is to open a file: nothing is written, nor left behind.

    A file in WAL mode that has no writer will not change any more; and SQLite, which would make a
    WAL, need not be asked: in a folder that may only be read it could not, elsewhere it would leave
    it there.
    """
    return "immutable=1" if _in_wal_mode(path) and not has_writer(path) else "mode=ro"


def _in_wal_mode(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(_IN_WAL_MODE) + 18)[18:] == _IN_WAL_MODE
    return False
