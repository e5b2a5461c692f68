"""Going through a recording in a thread: also while it is written, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from netlib.i18n import set_language
from netlib.recording.call_scan import CallScan
from netlib.recording.journal import Journal
from netlib.recording.ladder import LadderReader
from netlib.recording.reader import Recording
from tests.helpers import wait_until
from tests.ladders import both, received, sent
from tests.recordings import record
from tests.records import put


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "live.sqlite")
    yield made
    made.close()


def test_all_of_a_file_is_gone_through_once(tmp_path: Path) -> None:
    path = record(tmp_path / "r.sqlite", [*both(), sent(b"a"), received(b"a")])
    scan = CallScan(path)
    wait_until(lambda: scan.caught_up)
    assert scan.index.total == 6
    assert scan.outcome is None
    assert scan.cancel()
    assert scan.outcome == ""


def test_what_a_journal_writes_meanwhile_is_there_after_a_look(journal: Journal) -> None:
    put(journal, *both())
    scan = CallScan(journal.path)
    seen = 0
    for _turn in range(20):
        put(journal, sent(b"x" * 9), received(b"x" * 9))

        def more(before: int = seen) -> bool:
            scan.look()
            return scan.index.total > before

        wait_until(more)
        seen = scan.index.total

    def all_there() -> bool:
        scan.look()
        return scan.index.total == 44

    wait_until(all_there)
    with closing(Recording(journal.path)) as recording:
        reader = LadderReader(recording, scan.index)
        rungs = reader.rungs(reader.places())
    for rung in rungs[4:]:
        (arrow,) = rung.arrows
        assert (arrow.style, arrow.size) == ("seen", 9)
        assert arrow.other in range(4, 44)
    scan.cancel()


def test_who_looks_no_longer_costs_no_thread(journal: Journal) -> None:
    scan = CallScan(journal.path)
    wait_until(lambda: scan.caught_up)
    assert scan.cancel(5.0)
    put(journal, *both())
    assert scan.index.total == 0


@pytest.mark.parametrize("content", [b"", b"no recording at all" * 500])
def test_what_is_no_recording_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(content)
    scan = CallScan(path)
    wait_until(lambda: scan.outcome is not None)
    assert scan.outcome is not None
    assert scan.outcome.startswith("The recording cannot be read: ")
    assert scan.index.total == 0


def test_a_file_that_is_not_there_is_a_sentence_too(tmp_path: Path) -> None:
    scan = CallScan(tmp_path / "absent.sqlite")
    wait_until(lambda: scan.outcome is not None)
    assert scan.outcome is not None
    assert "cannot be read" in scan.outcome
    assert not (tmp_path / "absent.sqlite").exists()
