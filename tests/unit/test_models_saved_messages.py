"""Messages with names: kept in a file that a person may write, and told which line is wrong."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.models import saved_messages
from gui.models.saved_messages import (
    FILE_BYTES,
    MESSAGE_BYTES,
    MESSAGES,
    SavedMessage,
    SavedMessages,
    open_file,
    parse,
    write,
)
from gui.models.typed import Typed

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(str.strip)
texts = st.text(st.characters(codec="utf-8"), max_size=50)
typed = st.one_of(
    st.builds(Typed, texts, st.just("text"), st.sampled_from(["lf", "crlf", "none"])),
    st.binary(max_size=20).map(lambda data: Typed(data.hex(" "), "hex")),
)
targets = st.sampled_from(["", "tcp localhost:8080", "udp [::1]:8123"])
every = st.one_of(st.just(0.0), st.floats(0.1, 3600))
messages = st.builds(
    SavedMessage, name=names, typed=typed, target=targets, every=every
) | st.builds(SavedMessage, name=names, file=texts.filter(bool), target=targets, every=every)


@given(st.lists(messages, max_size=8))
def test_what_is_written_is_read_again(kept: list[SavedMessage]) -> None:
    assert parse(write(kept)) == (kept, [])
    assert len(json.loads(write(kept))["messages"]) == len(kept)


@given(st.text(max_size=300))
def test_a_file_of_anything_is_read_without_harm(text: str) -> None:
    opened = parse('{"messages": [' + text)
    assert len(opened.messages) + len(opened.problems) >= 0
    assert parse(text).messages == []


HAND = """{"socketboard": "messages-1", "messages": [
{"name": "one", "text": "你好"},
{"name": "two", "text": "x",
{"name": "three", "hex": "zz"},
{"name": "four", "hex": "0d 0a", "colour": "red"},
{"name": "five", "text": 5},
{"name": "six"},
{"name": "", "text": "x"},
{"name": "eight", "text": "x", "target": "localhost:8080"},
{"name": "nine", "text": "x", "every": 0.01},
{"name": "ten", "text": "x", "eol": "cr"},
["eleven"],
{"name": "twelve", "text": "x", "encoding": "klingon"},
{"name": "last", "file": "/tmp/x"}
]}
"""


def test_what_is_wrong_is_told_with_its_line_and_the_rest_opens() -> None:
    opened = parse(HAND)
    assert [message.name for message in opened.messages] == ["one", "four", "last"]
    told = {int(one.split(":")[0].removeprefix("line ")): one for one in opened.problems}
    assert sorted(told) == [*range(3, 14)]
    assert "not written as JSON" in told[3]
    assert '"colour" is not known' in told[5]
    assert '"text" must be a text' in told[6]
    assert "one of text, hex and file" in told[7]
    assert "needs a name" in told[8]
    assert "tcp or udp" in told[9]
    assert "from 0.1 to 3600" in told[10]
    assert '"eol" must be one of' in told[11]
    assert "braces" in told[12]
    assert "klingon" in told[13]


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00" * 100, '{"messages": 5}'])
def test_what_is_no_list_is_told(text: str) -> None:
    assert parse(text).messages == []
    assert "no list of messages" in parse(text).problems[0]


def test_hostile_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse('{"messages": [' + "[" * 100_000).messages == []
    many = parse('{"messages": [' + "5,\n" * 5000)
    assert len(many.problems) == saved_messages.PROBLEMS + 1
    assert "4,980 more" in many.problems[-1]
    one = SavedMessage(name="x", typed=Typed("x"))
    opened = parse(write([one] * (MESSAGES + 1)))
    assert len(opened.messages) == MESSAGES
    assert "line 1002: there may be 1,000 messages" in opened.problems
    monkeypatch.setattr(saved_messages, "FILE_BYTES", 10)
    (tmp_path / "large.json").write_text(write([one]))
    with pytest.raises(ValueError, match="too large"):
        open_file(tmp_path / "large.json")


def test_a_message_is_no_larger_than_it_may_be(tmp_path: Path) -> None:
    SavedMessage(name="x", typed=Typed("x" * (MESSAGE_BYTES - 1)))
    with pytest.raises(ValueError, match="at most 65,536 bytes"):
        SavedMessage(name="x", typed=Typed("x" * MESSAGE_BYTES))
    (tmp_path / "large").write_bytes(b"x" * (MESSAGE_BYTES + 1))
    with pytest.raises(ValueError, match="at most 65,536 bytes"):
        SavedMessage(name="x", file=str(tmp_path / "large")).data()
    with pytest.raises(ValueError, match="gone cannot be opened"):
        SavedMessage(name="x", file=str(tmp_path / "gone")).data()


def test_messages_are_kept_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "messages.json"
    kept = SavedMessages(path)
    assert kept.messages == ()
    hello, bye = SavedMessage(name="hello", typed=Typed("hello")), SavedMessage(name="bye")
    kept.put(hello)
    kept.put(bye)
    kept.put(SavedMessage(name="good day", typed=Typed("hello")), instead="hello")
    assert [one.name for one in SavedMessages(path).messages] == ["good day", "bye"]
    with pytest.raises(ValueError, match="another message has this name"):
        kept.put(SavedMessage(name="bye"), instead="good day")
    kept.remove("bye")
    assert [one.name for one in SavedMessages(path).messages] == ["good day"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_read_is_told_once_and_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "messages.json"
    path.write_bytes(b" " * (FILE_BYTES + 1))
    large = SavedMessages(path)
    with pytest.raises(ValueError, match="too large"):
        large.put(SavedMessage(name="new", typed=Typed("x")))
    large.put(SavedMessage(name="new", typed=Typed("x")))
    assert (tmp_path / "messages.json.unreadable").stat().st_size == FILE_BYTES + 1
    assert [one.name for one in SavedMessages(path).messages] == ["new"]


def test_two_windows_keep_each_others_messages(tmp_path: Path) -> None:
    path = tmp_path / "messages.json"
    ours, theirs = SavedMessages(path), SavedMessages(path)
    assert [*ours.messages, *theirs.messages] == []
    ours.put(SavedMessage(name="ours"))
    theirs.put(SavedMessage(name="theirs"))
    assert [one.name for one in theirs.messages] == ["ours", "theirs"]
    ours.remove("ours")
    assert [one.name for one in SavedMessages(path).messages] == ["theirs"]


def test_what_a_later_version_wrote_is_kept_in_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "messages.json"
    later = '{"messages": [{"name": "a", "text": "x", "colour": 1}, {"name": "b", "morse": "."}]}'
    path.write_text(later, "utf-8")
    kept = SavedMessages(path)
    kept.put(SavedMessage(name="c"))
    kept.put(SavedMessage(name="d"))
    assert [one.name for one in SavedMessages(path).messages] == ["a", "c", "d"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["messages-1.json", "messages.json"]
    assert (tmp_path / "messages-1.json").read_text("utf-8") == later
    path.write_text(later, "utf-8")
    kept.remove("a")
    assert (tmp_path / "messages-2.json").read_text("utf-8") == later


def test_a_file_prepared_at_home_is_taken_in(tmp_path: Path) -> None:
    kept = SavedMessages(tmp_path / "messages.json")
    kept.put(SavedMessage(name="one", typed=Typed("old")))
    (tmp_path / "home.json").write_text(HAND, "utf-8")
    assert kept.add_file(tmp_path / "home.json").problems
    assert [one.name for one in kept.messages] == ["one", "four", "last"]
    assert kept.messages[0].data() == "你好\n".encode()
    with pytest.raises(ValueError, match="absent cannot be opened"):
        kept.add_file(tmp_path / "absent")


def test_what_cannot_be_written_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "messages.json").mkdir()
    with pytest.raises(ValueError, match=r"messages\.json could not be written"):
        saved_messages.save_file(tmp_path / "messages.json", [], private=False)
