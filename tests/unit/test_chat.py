"""The chat room."""

from __future__ import annotations

import re

import pytest

from netlib.address import Endpoint
from netlib.events import CloseReason
from netlib.protocols.handler import Handler
from netlib.services import Options
from netlib.services.chat import Chat


class Table:
    """A chat service with some clients, and what each of them was sent."""

    def __init__(self, clients: int, max_line: int = 1 << 20) -> None:
        self.chat = Chat(Options(now=lambda: 0.0, max_line=max_line))
        self.sent: dict[Handler, bytes] = {}
        self.clients = [self.enter() for _ in range(clients)]
        for handler in self.clients:
            self.sent[handler] = b""

    def enter(self) -> Handler:
        handler = self.chat.handler(Endpoint("127.0.0.1", 1))
        self.sent[handler] = handler.opened()
        self.announce()
        return handler

    def say(self, handler: Handler, data: bytes) -> None:
        self.sent[handler] += handler.received(data)
        self.deliver()
        while handler.unheard:
            self.sent[handler] += handler.proceed()
            self.deliver()

    def announce(self) -> None:
        self.chat.announce()
        self.deliver()

    def deliver(self) -> None:
        for handler, data in self.chat.take_broadcasts():
            self.sent[handler] += data

    def heard(self, handler: Handler) -> bytes:
        data, self.sent[handler] = self.sent[handler], b""
        return data


def test_a_line_goes_to_everybody_else_with_the_senders_name() -> None:
    table = Table(3)
    one, two, three = table.clients
    table.say(one, b"hello\n")
    assert [table.heard(client) for client in (one, two, three)] == [
        b"",
        b"guest1: hello\n",
        b"guest1: hello\n",
    ]
    assert one.messages == 1


def test_newcomers_are_announced_and_told_their_name() -> None:
    table = Table(1)
    newcomer = table.enter()
    assert table.heard(newcomer).startswith(b"* you are guest2 (")
    assert table.heard(table.clients[0]) == "* guest2 joined / guest2 加入了\n".encode()


def test_who_leaves_is_announced_once_and_hears_nothing_more() -> None:
    table = Table(2)
    one, two = table.clients
    two.closed()
    two.closed()
    table.announce()
    table.say(one, b"anybody?\n")
    assert table.heard(one) == "* guest2 left / guest2 离开了\n".encode()
    assert table.heard(two) == b""
    assert two.nickname == "guest2", "whoever keeps its figures still knows whose they are"


def test_a_member_takes_a_name() -> None:
    table = Table(2)
    one, two = table.clients
    table.say(one, b"/name alice\r\nhi\n")
    assert table.heard(one) == "* you are alice / 你是 alice\n".encode()
    assert table.heard(two) == "* guest1 is now alice / guest1 改名为 alice\nalice: hi\n".encode()
    table.say(two, b"/name alice\n")
    assert table.heard(two) == "* alice is taken / alice 已被占用\n".encode()
    table.say(two, b"/who\n")
    assert table.heard(two) == "* here: guest2, alice / 在线：guest2, alice\n".encode()


@pytest.mark.parametrize("name", ["ALICE", "ａｌｉｃｅ", "Alice"])
def test_a_name_that_reads_like_another_is_taken(name: str) -> None:
    table = Table(2)
    one, two = table.clients
    table.say(one, b"/name alice\n")
    table.heard(one)
    table.heard(two)
    table.say(two, f"/name {name}\n".encode())
    assert table.heard(two).decode() == f"* {name} is taken / {name} 已被占用\n"
    table.say(one, f"/name {name}\n".encode())
    assert table.heard(two).startswith(f"* alice is now {name}".encode())


def test_a_free_name_may_be_taken_again_and_a_guests_name_is_never_given_twice() -> None:
    table = Table(1)
    table.say(table.clients[0], b"/name guest2\n")
    newcomer = table.enter()
    assert table.heard(newcomer).startswith(b"* you are guest3 (")
    table.clients[0].closed()
    table.say(newcomer, b"/name guest2\n")
    assert b"* you are guest2 / " in table.heard(newcomer)


@pytest.mark.parametrize("name", ["爱丽丝", "O'Neil-2", "李" * 20])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_names_come_in_the_members_own_encoding(name: str, encoding: str) -> None:
    table = Table(2)
    one, two = table.clients
    table.say(one, f"/name {name}\n你好\n".encode(encoding))
    english, _chinese, said = re.split(b" / |\n", table.heard(two), maxsplit=2)
    assert english == f"* guest1 is now {name}".encode(encoding)
    assert said == f"{name}: 你好\n".encode(encoding)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a b",
        "a" * 21,
        "*",
        "a:b",
        "/who",
        "a,b",
        "a\x00",
        "\x1b[1m",
        "\u202ea",
        "a\u200bb",
    ],
)
def test_a_name_that_could_mislead_is_refused(name: str) -> None:
    table = Table(2)
    one, two = table.clients
    table.say(one, f"/name {name}\n".encode())
    assert table.heard(one).startswith(b"* a name has 1 to 20 visible characters")
    assert table.heard(two) == b""


def test_unknown_commands_are_not_passed_on() -> None:
    table = Table(2)
    table.say(table.clients[0], b"/help\n/name\n")
    assert table.heard(table.clients[0]).startswith(b"* commands: /name NAME, /who / ")
    assert table.heard(table.clients[1]) == b""


def test_lines_pass_byte_for_byte() -> None:
    table = Table(2)
    table.say(table.clients[0], b"\xc4\xe3\r\n\n a\tb /who\nhalf")
    assert table.heard(table.clients[1]) == b"guest1: \xc4\xe3\r\nguest1: \nguest1:  a\tb /who\n"
    table.say(table.clients[0], b" a line\n")
    assert table.heard(table.clients[1]) == b"guest1: half a line\n"


def test_commands_between_lines_keep_the_order() -> None:
    table = Table(2)
    table.say(table.clients[0], b"one\n/name bob\ntwo x\n")
    assert table.heard(table.clients[1]) == (
        "guest1: one\n* guest1 is now bob / guest1 改名为 bob\nbob: two x\n".encode()
    )


def test_a_line_too_long_ends_one_connection_only() -> None:
    table = Table(2, max_line=10)
    one, two = table.clients
    table.say(one, b"ok\n" + b"x" * 11)
    assert one.close_reason is CloseReason.LINE_TOO_LONG
    assert b"line too long" in table.heard(one)
    assert (table.heard(two), two.close_reason) == (b"guest1: ok\n", None)


def test_control_characters_are_spelt_out_so_that_nothing_is_written_over_the_name() -> None:
    table = Table(2)
    table.say(table.clients[0], b"hello\r* the exam is cancelled\n\x1b[2K\x08\x7f\x00\r\r\n")
    assert table.heard(table.clients[1]) == (
        b"guest1: hello^M* the exam is cancelled\nguest1: ^[[2K^H^?^@^M\r\n"
    )


def test_controls_in_utf8_are_spelt_out_and_double_byte_characters_are_not() -> None:
    table = Table(2)
    traditional = "一鲁囍".encode("gbk") + b"\xc2\x87\n"
    table.say(table.clients[0], "a\x9b1G* b\n".encode() + b"\xff\xc2\x85* c\n" + traditional)
    assert table.heard(table.clients[1]) == (
        b"guest1: a^[[1G* b\nguest1: \xff^[E* c\nguest1: " + traditional
    )


def test_who_lists_thirty_and_counts_the_others() -> None:
    table = Table(100)
    table.say(table.clients[0], b"/who\n")
    heard = table.heard(table.clients[0]).decode()
    assert heard.startswith("* here: guest1, guest2, ")
    assert "guest30 and 70 more / 在线：" in heard
    assert heard.endswith("guest30，另有 70 人\n")


def test_many_who_come_and_go_at_once_are_told_as_a_number() -> None:
    table = Table(1)
    (one,) = table.clients
    crowd = [table.chat.handler(Endpoint("127.0.0.1", 1)) for _ in range(12)]
    for handler in crowd:
        handler.opened()
        table.sent[handler] = b""
    assert table.chat.gathers
    table.announce()
    assert table.heard(one) == "* 12 joined / 12 人加入了\n".encode()
    assert table.heard(crowd[0]) == b""
    for handler in crowd:
        handler.closed()
    table.announce()
    assert table.heard(one) == "* 12 left / 12 人离开了\n".encode()
    assert table.chat.gathers is None


def test_who_is_gone_before_it_was_told_is_not_told() -> None:
    table = Table(1)
    newcomer = table.chat.handler(Endpoint("127.0.0.1", 1))
    newcomer.opened()
    newcomer.closed()
    table.announce()
    assert table.heard(table.clients[0]) == b""


def test_who_came_is_told_before_what_it_says() -> None:
    table = Table(1)
    newcomer = table.chat.handler(Endpoint("127.0.0.1", 1))
    table.sent[newcomer] = newcomer.opened()
    table.say(newcomer, b"hi\n")
    heard = table.heard(table.clients[0]).decode()
    assert heard == "* guest2 joined / guest2 加入了\nguest2: hi\n"


EVIL = [
    b"\n" * 16_384,
    b"/x\n" + b"a\n" * 8000,
    b"/name a\n/name b\n" * 1000,
    b"/who\n" * 3000,
    (b"/who\n" + b"a\n" * 3) * 1000,
    (b"x" * 4095 + b"\n") * 4,
]


@pytest.mark.parametrize("data", EVIL, ids=range(len(EVIL)))
def test_a_turn_of_one_member_is_bounded_and_the_rest_is_dealt_with_in_order(data: bytes) -> None:
    table = Table(100, max_line=4096)
    evil, other = table.clients[0], table.clients[1]
    table.say(evil, ("/name " + "\U0001f600" * 20 + "\n").encode())
    table.heard(other)
    answer, turns, heard = evil.received(data), 1, []
    while True:
        posts = list(table.chat.take_broadcasts())
        assert all(len(post) <= 64 * 1024 for _to, post in posts)
        one_line = 99 * 4200  # is more than a turn may be, and passes
        assert len(answer) + sum(len(post) for _to, post in posts) <= max(256 * 1024, one_line)
        assert answer.count(b"* ") <= 32
        heard += [post for to, post in posts if to is other]
        if not evil.unheard:
            break
        answer, turns = evil.proceed(), turns + 1
    assert b"".join(heard).count(b": ") == data.count(b"\n") - data.count(b"/")
    assert evil.messages == data.count(b"\n") + 1
    assert turns > 1


def test_who_speaks_up_while_others_are_served_waits_for_its_turn() -> None:
    table = Table(2)
    one, two = table.clients
    table.chat.set_busy(True)
    assert one.received(b"/x\nhello\nhalf") == b""
    assert table.chat.take_broadcasts() == []
    assert (one.unheard, one.messages, one.unfinished) == (9, 2, 4)
    assert two.received(b"half") == b""  # nothing that could wait
    assert two.unheard == 0
    assert b"commands:" in one.proceed()
    assert [(to, data) for to, data in table.chat.take_broadcasts()] == [(two, b"guest1: hello\n")]
    assert one.unheard == 0


def test_unheard_lines_come_before_the_word_that_one_is_too_long() -> None:
    table = Table(2, max_line=10)
    one, two = table.clients
    table.say(one, b"/x\n" * 100 + b"last\n" + b"x" * 11)
    heard = table.heard(one).splitlines()
    assert [b"commands:" in line for line in heard] == [True] * 100 + [False]
    assert heard[-1].startswith(b"* line too long (limit 10 bytes), closing / ")
    assert table.heard(two) == b"guest1: last\n"
    assert one.close_reason is CloseReason.LINE_TOO_LONG


def test_a_member_that_gives_up_half_a_line_is_heard_to_its_last_whole_one() -> None:
    table = Table(2)
    one, two = table.clients
    one.received(b"/x\n" * 100 + b"last\nhalf")
    assert one.unfinished == 4
    answers = one.give_up(1000)
    assert (one.unfinished, one.close_reason) == (0, None)  # there are lines to deal with
    while one.unheard:
        answers += one.proceed()
    assert answers.splitlines()[-1].startswith(b"* the clients' unfinished messages together are")
    assert one.close_reason is CloseReason.TOO_MUCH_UNFINISHED
    assert [data for to, data in table.chat.take_broadcasts() if to is two] == [b"guest1: last\n"]


@pytest.mark.parametrize(
    "said",
    [b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x00\x9c\x01\x00\x00\x98\x03\x03\n"],
)
@pytest.mark.parametrize("pieces", [1, 40])
def test_a_browser_is_told_and_nothing_of_it_reaches_the_room(pieces: int, said: bytes) -> None:
    table = Table(1)
    browser = table.chat.handler(Endpoint("127.0.0.1", 1))
    table.sent[browser] = browser.opened()
    request = said + b"/name Teacher\nThe exam is cancelled\n"
    step = len(request) // pieces
    for at in range(0, len(request), step):
        table.say(browser, request[at : at + step])
    assert table.heard(browser).count(b"* this is a chat room, not a web server") == 1
    assert browser.close_reason is CloseReason.WRONG_PROTOCOL
    table.announce()
    assert table.heard(table.clients[0]) == b""
    browser.closed()


def test_only_the_first_line_is_taken_for_a_browsers() -> None:
    table = Table(2)
    table.say(table.clients[0], b"look:\nGET / HTTP/1.1\r\n")
    assert table.heard(table.clients[1]) == b"guest1: look:\nguest1: GET / HTTP/1.1\r\n"
    assert table.clients[0].close_reason is None
