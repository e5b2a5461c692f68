"""The conversation: what two people would remember, whatever the reads were."""

from __future__ import annotations

import pytest

from gui.models.conversation import BEHIND, KEPT, LINES_A_TICK, Conversation
from gui.models.speakers import Speakers
from netlib.events import ActivityStopped, Closed, CloseReason, Idle, PeerFinished
from tests.backends import Script, Unreadable, texts


@pytest.fixture
def conversation(script: Script) -> Conversation:
    made = Conversation(script, Speakers())
    made.listen(1)
    return made


def said(conversation: Conversation) -> list[str]:
    """Return the rows without their times."""
    conversation.refresh()
    return [text[10:] for text in texts(conversation)]


def says_it_cannot_read(conversation: Conversation) -> bool:
    """Tell whether all that is said is that the recording cannot be read."""
    conversation.refresh()
    (row,) = texts(conversation)
    return "cannot be read" in row


def closed(reason: CloseReason = CloseReason.BY_PEER, activity: int = 1) -> Closed:
    return Closed(at=1.0, activity=activity, connection=activity, reason=reason)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_line_split_at_every_byte_is_shown_whole_and_once(
    script: Script, conversation: Conversation, encoding: str
) -> None:
    conversation.set_encoding(encoding)
    line = "你好，世界 hello\n".encode(encoding)
    script.receive(*(bytes([byte]) for byte in line))
    assert said(conversation) == ["← 你好，世界 hello"]


def test_several_lines_in_one_read_are_several_rows(
    script: Script, conversation: Conversation
) -> None:
    script.receive(b"one\r\ntwo\nth")
    assert said(conversation) == ["← one", "← two"]
    script.receive(b"ree\n")
    assert said(conversation) == ["← one", "← two", "← three"]


def test_lines_that_cannot_be_read_at_once_are_read_later_and_none_is_lost(
    script: Script, conversation: Conversation
) -> None:
    script.receive(b"one\n")
    with Unreadable(script.recording):
        assert says_it_cannot_read(conversation)
        script.receive(b"two\n")
        assert says_it_cannot_read(conversation)
    assert said(conversation) == ["← one", "← two"]


def test_what_we_say_has_the_other_arrow(script: Script, conversation: Conversation) -> None:
    script.send("你好\n".encode())
    script.receive("已接收: 你好\n".encode())
    assert said(conversation) == ["→ 你好", "← 已接收: 你好"]


@pytest.mark.parametrize("end", [PeerFinished(at=1.0, activity=1, connection=1), closed()])
def test_a_last_line_without_lf_is_shown_when_the_peer_ends(
    script: Script, conversation: Conversation, end: PeerFinished | Closed
) -> None:
    script.receive(b"bye")
    assert said(conversation) == []
    script.happen(end)
    assert said(conversation)[0] == "← bye"


def test_a_quiet_minute_and_the_end_are_told_between_the_lines(
    script: Script, conversation: Conversation
) -> None:
    script.happen(Idle(at=1.0, activity=1, connection=1, seconds=60.0), closed(CloseReason.RESET))
    rows = said(conversation)
    assert "60" in rows[0]
    assert len(rows) == 2


def test_a_new_connection_keeps_what_was_said(script: Script, conversation: Conversation) -> None:
    script.receive(b"before\n")
    assert said(conversation) == ["← before"]
    conversation.listen(2)
    script.receive(b"after\n", activity=2)
    assert said(conversation) == ["← before", "← after"]


def test_last_words_recorded_after_a_reconnect_are_not_lost(
    script: Script, conversation: Conversation
) -> None:
    script.receive(b"last wor")
    conversation.refresh()
    conversation.listen(2)
    script.receive(b"ds")
    script.happen(closed(), ActivityStopped(at=1.0, activity=1))
    assert "← last words" in said(conversation)


def test_what_comes_faster_than_anyone_reads_is_skipped_and_counted(
    script: Script, conversation: Conversation
) -> None:
    total = BEHIND + 1000
    script.receive(b"".join(b"%d\n" % number for number in range(total)))
    conversation.refresh()
    rows = texts(conversation)
    assert len(rows) == 1 + LINES_A_TICK
    assert f"{total - LINES_A_TICK:,}" in rows[0]
    assert rows[-1].endswith(f"← {total - 1}")


def test_nothing_is_skipped_while_the_window_keeps_up(
    script: Script, conversation: Conversation
) -> None:
    for batch in range(20):
        script.receive(b"".join(b"%d\n" % (batch * 300 + number) for number in range(300)))
        conversation.refresh()
    rows = texts(conversation)
    assert len(rows) == min(6000, KEPT)
    assert rows[-1].endswith("← 5999")
    assert not any("…" in row for row in rows)


def test_only_the_newest_rows_are_kept(script: Script, conversation: Conversation) -> None:
    for _batch in range(KEPT // LINES_A_TICK + 2):
        script.receive(b"x\n" * LINES_A_TICK)
        conversation.refresh()
    assert conversation.count() == KEPT


def test_clearing_begins_anew(script: Script, conversation: Conversation) -> None:
    script.receive(b"old\n")
    conversation.refresh()
    conversation.clear()
    script.receive(b"new\n")
    assert said(conversation) == ["← new"]


def test_what_was_cleared_comes_back_before_what_came_since(
    script: Script, conversation: Conversation
) -> None:
    script.receive(b"old\n")
    conversation.refresh()
    assert conversation.clear() == 1
    script.receive(b"new\n")
    conversation.refresh()
    conversation.restore()
    assert said(conversation) == ["← old", "← new"]
    conversation.restore()
    assert said(conversation) == ["← old", "← new"]


def test_the_bytes_of_messages_can_be_had(script: Script, conversation: Conversation) -> None:
    script.receive("你好\r\n".encode())
    conversation.refresh()
    assert conversation.data(0, 1) == ["你好\r\n".encode()]


def test_another_encoding_reads_the_old_rows_again(
    script: Script, conversation: Conversation
) -> None:
    script.receive("汉字\n".encode("gbk"))
    before = conversation.version()
    assert said(conversation) != ["← 汉字"]
    conversation.set_encoding("gbk")
    assert said(conversation) == ["← 汉字"]
    assert conversation.version() != before


def test_hostile_bytes_are_shown_escaped(script: Script, conversation: Conversation) -> None:
    script.receive(b"a\x00b\x1b[31m\xff" + "\u202e".encode() + b"\n")
    assert said(conversation) == [r"← a\x00b\x1b[31m\xff<U+202E>"]


def test_who_speaks_in_a_chat_room_is_known_and_has_one_number(
    script: Script, conversation: Conversation
) -> None:
    for line in ("Ada: hello: world\n", "* Bob joined\n", "小明: 你好\n", "Ada: again\n"):
        script.receive(line.encode())
    conversation.refresh()
    rows = conversation.rows(0, 4)
    assert [row.speaker for row in rows] == ["Ada", "", "小明", "Ada"]
    assert rows[0].client == rows[3].client > 0
    assert rows[1].client == 0
