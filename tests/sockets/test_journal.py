"""The recording: everything that crossed the wire, in order, whatever happens to us."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.engine.outbox import Tee
from netlib.engine.records import EVENT
from netlib.events import ActivityStopped, Chunk, Direction
from netlib.network import Network
from netlib.recording.journal import Journal
from netlib.recording.page import Page
from netlib.recording.reader import Recording
from netlib.recording.store import Store
from netlib.system.clock import now
from netlib.teaching.lines import ROW_BYTES, Line
from tests.helpers import wait_until
from tests.records import put
from tests.sockets.conftest import PREFIX, SECONDS, Events, dial, read, read_to_end, serve

HOUSE = Path(__file__).resolve().parent.parent.parent
RECEIVED, SENT = Direction.RECEIVED, Direction.SENT


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "recording.db")
    yield journal
    assert journal.close()


def chunk(data: bytes, connection: int = 1, peer: Endpoint | None = None) -> Chunk:
    return Chunk(now(), 1, connection, RECEIVED, peer, data)


def lines(path: Path, activity: int = 1, first: int = 0, last: int = 1 << 30) -> list[Line]:
    recording = Recording(path)
    try:
        return recording.lines(activity, first, last)
    finally:
        recording.close()


def test_received_is_recorded_plus_dropped_and_the_bytes_are_those_of_the_wire(
    journal: Journal,
) -> None:
    events = Events()
    network = Network(Tee(journal, events))
    server = serve(network, events)
    said = b"".join(b"line %d\n" % number for number in range(50_000))
    with dial(server.port) as peer:
        feeder = threading.Thread(target=_feed, args=(peer, said))
        feeder.start()
        answer = read_to_end(peer)
        feeder.join()
    network.stop(server.number)
    events.wait_for(ActivityStopped)
    totals = network.totals(server.number)
    assert network.close()
    assert journal.flush()
    assert totals.received == journal.recorded[1] + journal.dropped[1] == len(said)
    assert totals.sent == journal.recorded[2] == len(answer)
    found = lines(journal.path, server.number)
    for direction, data in ((RECEIVED, said), (SENT, answer)):
        assert b"".join(line.data for line in found if line.kind == direction) == data
    assert len(found) == journal.lines[server.number]
    assert isinstance(found[-1].event, ActivityStopped)


def _feed(peer: socket.socket, data: bytes) -> None:
    peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("size", [100, 60_000])
def test_past_the_quota_the_oldest_go_and_only_they(tmp_path: Path, size: int) -> None:
    quota = 4 << 20
    journal = Journal(tmp_path / "small.db", quota=quota)
    rows = (12 << 20) // (size + 150)
    for number in range(rows):
        put(journal, chunk(b"%08d" % number + b"x" * (size - 8)))
        if number % (rows // 12) == 0:
            assert journal.flush()
    assert journal.flush()
    assert journal.close()
    kept = [int(line.data[:8]) for line in lines(journal.path)]
    assert kept == list(range(journal.trimmed, rows))
    assert journal.trimmed > 0
    assert sum(len(line.data) for line in lines(journal.path)) > quota // 3
    assert journal.path.stat().st_size < quota * 2
    assert journal.recorded[1] == size * rows


def test_nothing_ever_goes_without_a_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.recording.store.Store._used_bytes", lambda _store: 1 << 50)
    journal = Journal(tmp_path / "all.db")
    for number in range(3):
        put(journal, chunk(b"%d" % number))
        assert journal.flush()
    assert journal.close()
    assert [line.data for line in lines(journal.path)] == [b"0", b"1", b"2"]
    assert not journal.trimmed


if sys.platform != "win32":

    def test_a_recording_is_its_owners_alone(tmp_path: Path) -> None:
        before = os.umask(0o022)
        try:
            journal = Journal(tmp_path / "lesson.db")
        finally:
            os.umask(before)
        put(journal, chunk(b"x"))
        assert journal.flush()
        modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.glob("lesson.db*")}
        assert journal.close()
        assert modes == {0o600}


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        Journal(link)
    assert not (tmp_path / "elsewhere").exists()


def test_a_recording_is_never_written_over(journal: Journal) -> None:
    with pytest.raises(FileExistsError):
        Journal(journal.path)


def test_where_nothing_can_be_written_there_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Journal(tmp_path / "no such folder" / "recording.db")


RECORDER = """
import sys
from pathlib import Path
from netlib.events import Listening
from netlib.recording.journal import Journal
from netlib.recording.page import Page
from netlib.network import Network
from netlib.activities.serving import ServerConfig
from tests.records import put
segmented, *limit = sys.argv[2:]
if limit:
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = int(limit[0])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
journal = Journal(Path(sys.argv[1]), segmented=segmented == "True")
network = Network(journal)
number = network.serve(ServerConfig(service="acknowledge", host="127.0.0.1", port=0))
while not (seen := [one for one in network.poll() if isinstance(one, Listening)]):
    pass
print(seen[0].local.port, flush=True)
sys.stdin.readline()
network.close()
journal.flush()
print(network.totals(number).received, journal.recorded[1] + journal.dropped[1])
print(journal.dropped[1], journal.error and journal.error.operation, journal.close())
"""


def recorder(path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HOUSE,
        text=True,
    )


@pytest.mark.parametrize("segmented", [False, True])
def test_a_killed_program_loses_at_most_the_last_half_second(
    tmp_path: Path, segmented: bool
) -> None:
    path = tmp_path / "killed.db"
    with recorder(path, str(segmented)) as process:
        assert process.stdout is not None
        with dial(int(process.stdout.readline())) as peer:
            for number in range(100):
                peer.sendall(b"line %02d\n" % number)
                assert read(peer, len(PREFIX) + 8).endswith(b"%02d\n" % number)
            # While it is being written, another program reads it.
            answered = now()
            wait_until(lambda: any(one.data.endswith(b"99\n") for one in lines(path)))
            assert now() - answered < 0.5
            process.kill()
    received = [one.data for one in lines(path) if one.kind == RECEIVED]
    assert received == [b"line %02d\n" % number for number in range(100)]
    if not segmented:  # yesterday's SQL finds them too, in what is left
        with closing(sqlite3.connect(path)) as db:
            found = db.execute("SELECT data FROM chunk WHERE kind = 1 ORDER BY id").fetchall()
        assert [data for (data,) in found] == received


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("segmented", [False, True])
def test_a_full_disk_is_said_and_counted_and_the_server_goes_on(
    tmp_path: Path, segmented: bool
) -> None:
    with recorder(tmp_path / "full.db", str(segmented), str(1 << 20)) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        line = b"x" * 9_999 + b"\n"
        with dial(int(process.stdout.readline())) as peer:
            for _ in range(400):
                peer.sendall(line)
                assert read(peer, len(PREFIX) + len(line)) == PREFIX + line
        process.stdin.write("\n")
        process.stdin.flush()
        received, accounted = process.stdout.readline().split()
        dropped, operation, closed = process.stdout.readline().split()
        assert received == accounted == str(400 * len(line))
        assert int(dropped) > 0
        assert (operation, closed) == ("record", "True")
        assert process.wait(SECONDS) == 0


def test_pages_that_are_packed_together_are_all_counted_where_the_first_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("netlib.recording.store.Store.append", full)
    journal = Journal(tmp_path / "full.db")
    for number in range(5):
        put(journal, chunk(bytes([number]) * 400_000))
    journal.pack()
    wait_until(lambda: journal.dropped[1] == 5 * 400_000)
    assert journal.close()


def test_where_the_disk_fails_between_packs_all_are_counted_and_the_files_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "window.db"
    commit, begun, go_on = Store.commit, threading.Event(), threading.Event()

    def slow(store: Store, *rows: Any) -> None:
        begun.set()
        assert go_on.wait(SECONDS)
        commit(store, *rows)

    monkeypatch.setattr(Store, "commit", slow)
    journal = Journal(path, segmented=True)
    put(journal, chunk(b"first"))
    journal.pack()
    assert begun.wait(SECONDS)
    for number in range(5):  # packs that wait while the disk is slow
        put(journal, chunk(bytes([number]) * 100_000))
        journal.pack()
    append = Store.append

    def full(store: Store, page: Page, pieces: Sequence[bytes]) -> Page:
        if bytes(pieces[0][:1]) == b"\x02":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return append(store, page, pieces)

    monkeypatch.setattr(Store, "append", full)
    go_on.set()
    assert journal.flush()
    assert (journal.recorded[1], journal.dropped[1]) == (len(b"first"), 5 * 100_000)
    assert journal._packed_bytes == journal._released_bytes  # nothing takes room for ever
    put(journal, chunk(b"later"))
    assert journal.flush()
    assert journal.dropped[1] == 5 * 100_000 + len(b"later")
    assert journal.close()
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(("-wal", "-shm"))] == []


def test_the_newest_hundred_lines_stay_in_memory_and_no_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "window.db", segmented=True)
    for _page in range(15):
        put(journal, chunk((b"x" * 299 + b"\n") * 10))
        assert journal.flush()
    newest = journal.newest.pages(1)
    assert journal.close()
    assert [page.line for page in newest] == list(range(50, 150, 10))


def test_what_came_last_is_read_without_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    path = tmp_path / "window.db"
    with closing(Journal(path, segmented=True)) as journal:
        for number in range(60):
            put(journal, chunk(b"%02d " % number + b"x" * 100_000 + b"\n"))
        assert journal.flush()
        with closing(Recording(path, newest=journal.newest)) as recording:
            monkeypatch.setattr("netlib.recording.payload._open", refuse)
            recording._db.set_progress_handler(lambda: True, 1)
            shown = [*recording.read(1, 0, 60, ROW_BYTES)]
            assert [line.data[:4] for line in shown] == [b"%02d x" % number for number in range(60)]
            assert {(len(line.data), line.more) for line in shown} == {
                (ROW_BYTES, 100_004 - ROW_BYTES)
            }
            assert next(recording.read(1, 59, 60)).lost  # all of it: that is on the disk alone
            recording._db.set_progress_handler(None, 0)


def test_what_an_engine_that_hangs_has_put_is_written_all_the_same(journal: Journal) -> None:
    put(journal, chunk(b"last words\n"))  # and no turn ends any more
    wait_until(lambda: journal.lines == {1: 1})
    assert [line.data for line in lines(journal.path)] == [b"last words\n"]


def test_a_bug_in_the_journal_stops_the_recording_not_the_network(
    journal: Journal, logged_errors: list[object]
) -> None:
    put(journal, chunk(b"good\n"))
    assert journal.flush()
    journal.put((0, EVENT, b"no event"))
    put(journal, chunk(b"after\n"))
    assert journal.flush()
    assert journal.error is not None
    put(journal, chunk(b"later\n"))
    assert journal.flush()
    assert (journal.recorded[1], journal.dropped[1]) == (5, 12)
    logged_errors.clear()
