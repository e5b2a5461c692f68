"""Files the command line writes: whole, or not at all and a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netlib.cli.console import UsageError
from netlib.cli.files import Output, cannot_write


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "reply.html"
    with Output(place) as output:
        output.write(b"one ")
        output.write(b"two")
        assert not place.exists()
        output.commit()
    assert place.read_bytes() == b"one two"
    assert [one.name for one in tmp_path.iterdir()] == ["reply.html"]


def test_what_was_there_stays_when_the_new_one_is_not_finished(tmp_path: Path) -> None:
    place = tmp_path / "reply.html"
    place.write_bytes(b"old")
    with Output(place) as output:
        output.write(b"half of the n")
    assert place.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["reply.html"]


@pytest.mark.parametrize("name", ["missing/a", "."])
def test_a_place_where_nothing_can_be_written_is_named_before_anything_is_sent(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(UsageError, match=r"cannot be written: ") as refusal:
        Output(tmp_path / name)
    assert (tmp_path / name).name in str(refusal.value)


def test_the_name_of_a_file_cannot_play_with_the_terminal() -> None:
    told = str(cannot_write(Path("a\x1b[2J"), OSError(28, "No space left on device")))
    assert "\x1b" not in told
    assert "No space left on device" in told


def test_what_is_poured_is_written_and_a_refusal_is_kept_for_who_asks(tmp_path: Path) -> None:
    place = tmp_path / "body"
    with Output(place) as output:
        output.write(b"<")
        output.pour(memoryview(b"x" * 200_000))
        output.pour(b">")
        output.check()
        output.commit()
    assert place.read_bytes() == b"<" + b"x" * 200_000 + b">"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is full")
def test_a_full_disk_is_told_by_check_and_by_commit_not_while_pouring() -> None:
    with Output(Path("/dev/full")) as output:
        output.pour(b"x" * 200_000)
        output.pour(b"and the rest is dropped")
        for asked in (output.check, output.commit):
            with pytest.raises(UsageError, match='"/dev/full" cannot be written: No space left'):
                asked()


def test_pouring_into_what_was_given_up_is_harmless(tmp_path: Path) -> None:
    with Output(tmp_path / "body") as output:
        pass
    output.pour(b"late")
    with pytest.raises(UsageError, match="closed"):
        output.check()
