"""SMTP by hand, without a socket (RFC 5321)."""

from __future__ import annotations

import pytest

from netlib.events import CloseReason
from netlib.protocols.handler import Handler
from netlib.services.smtp import COMMAND_BYTES, COMMANDS, MAIL_BYTES, RECIPIENTS, Smtp
from netlib.silence import Awaited
from tests.samples import THERE, service_options

ENVELOPE = b"HELO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"


def client(max_line: int = 4096) -> Handler:
    handler = Smtp(service_options(max_line)).handler(THERE)
    assert handler.opened().startswith(b"220 ")
    return handler


def codes(answer: bytes) -> list[str]:
    """Return the code of each reply; lines before the last of one are left out."""
    assert not answer or answer.endswith(b"\r\n")
    lines = answer.decode().split("\r\n")[:-1]
    assert all(line[3] in " -" for line in lines)
    return [line[:3] for line in lines if line[3] == " "]


def test_a_mail_is_accepted_and_shown_line_by_line() -> None:
    handler = client()
    assert codes(handler.received(ENVELOPE)) == ["250", "250", "250", "354"]
    assert handler.received(b"Subject: hi\r\n\r\nhello\r\n") == b""
    assert handler.received(b".\r\n").decode().split("\r\n") == [
        "250-This mail arrived: 3 lines, 22 bytes",
        "250-  from a@b",
        "250-  to c@d",
        "250-  | Subject: hi",
        "250-  | ",
        "250-  | hello",
        "250 It was accepted and shown; it is never sent",
        "",
    ]
    assert codes(handler.received(b"QUIT\r\n")) == ["221"]
    assert handler.close_reason is CloseReason.BY_US
    assert handler.messages == 6


def test_a_dot_before_a_line_that_begins_with_one_is_taken_away() -> None:
    handler = client()
    handler.received(ENVELOPE)
    shown = handler.received(b"..\r\n...two\r\n.x\r\na.\r\n.\r\n").decode()
    assert [line[8:] for line in shown.split("\r\n") if line.startswith("250-  |")] == [
        ".",
        "..two",
        "x",
        "a.",
    ]


def test_typed_by_hand_lines_may_end_with_lf_alone_and_come_letter_by_letter() -> None:
    whole = ENVELOPE + b"hi\r\n.\r\nQUIT\r\n"
    at_once = client().received(whole)
    handler = client()
    slowly = b"".join(
        handler.received(bytes([byte])) for byte in whole.replace(b"\r\n", b"\n").strip()
    )
    slowly += handler.received(b"\n")
    assert slowly == at_once.replace(b"1 lines, 4 bytes", b"1 lines, 3 bytes")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"EHLO me\r\n", ["250"]),
        (b"HELO\r\n", ["501"]),
        (b"MAIL FROM:<a@b>\r\n", ["503"]),
        (b"HELO me\r\nRCPT TO:<a@b>\r\n", ["250", "503"]),
        (b"HELO me\r\nMAIL FROM:<a@b>\r\nDATA\r\n", ["250", "250", "503"]),
        (b"HELO me\r\nMAIL a@b\r\n", ["250", "501"]),
        (b"HELO me\r\nMAIL TO:<a@b>\r\n", ["250", "501"]),
        (b"HELO me\r\nMAIL FROM:<>\r\nMAIL FROM:<x>\r\n", ["250", "250", "503"]),
        (b"helo me\r\nmail from: <a@b> BODY=8BITMIME\r\nrcpt to: <>\r\n", ["250", "250", "501"]),
        (b"HELO me\r\nMAIL FROM:<a@b> SIZE=%d\r\n" % (MAIL_BYTES + 1), ["250", "552"]),
        (b"HELO me\r\nMAIL FROM:<a@b>\r\nRSET\r\nRCPT TO:<c@d>\r\n", ["250", "250", "250", "503"]),
        (b"NOOP\r\nHELP\r\nVRFY x\r\nEXPN x\r\n", ["250", "214", "252", "502"]),
        (b"STARTTLS\r\nAUTH PLAIN\r\n", ["502", "502"]),
        (b"\r\nGET / HTTP/1.1\r\n\xff\xfe\r\n", ["500", "500", "500"]),
        (b"NOOP" + b" " * COMMAND_BYTES + b"\r\n", ["500"]),
    ],
)
def test_every_command_has_its_reply(said: bytes, expected: list[str]) -> None:
    assert codes(client().received(said)) == expected


def test_a_mail_that_is_too_big_is_refused_at_its_end_and_not_kept() -> None:
    handler = client()
    handler.received(ENVELOPE)
    for _ in range(40):
        handler.received((b"x" * 1000 + b"\n") * 60)
        assert handler.unfinished <= MAIL_BYTES + 4096
    assert codes(handler.received(b".\r\n")) == ["552"]
    assert handler.unfinished == 0
    assert codes(handler.received(ENVELOPE[9:])) == ["250", "250", "354"]


def test_there_may_be_so_many_recipients_and_no_more() -> None:
    handler = client()
    handler.received(b"HELO me\r\nMAIL FROM:<a@b>\r\n")
    found = codes(handler.received(b"RCPT TO:<c@d>\r\n" * (RECIPIENTS + 1)))
    assert found == ["250"] * RECIPIENTS + ["452"]


def test_a_line_that_is_too_long_is_told_and_closed() -> None:
    handler = client(max_line=100)
    assert codes(handler.received(b"NOOP\r\n" + b"x" * 200)) == ["250", "421"]
    assert handler.close_reason is CloseReason.LINE_TOO_LONG
    assert handler.unfinished == 0


def test_who_sends_many_commands_and_no_mail_is_told_and_closed() -> None:
    handler = client()
    found = codes(handler.received(b"NOOP\r\n" * 1000))
    assert found == ["250"] * COMMANDS + ["421"]
    assert handler.close_reason is CloseReason.BY_US
    many = client()
    for _ in range(COMMANDS):
        assert codes(many.received(ENVELOPE + b".\r\n"))[-1] == "250"
    assert many.close_reason is None


def test_what_is_not_whole_is_told_and_counted() -> None:
    handler = client()
    handler.received(b"HEL")
    assert handler.pending == (Awaited.LINE_END, 3)
    handler.received(b"O me\r\n" + ENVELOPE[9:] + b"hello\r\nwor")
    assert handler.pending == (Awaited.MAIL_END, 10)
    assert handler.unfinished == 10 + len("a@b" + "c@d")
    assert codes(handler.give_up(1000)) == ["421"]
    assert handler.close_reason is CloseReason.TOO_MUCH_UNFINISHED
    assert handler.unfinished == 0
    assert handler.pending is None


def test_a_long_mail_is_shown_in_part_and_nothing_in_it_moves_a_cursor() -> None:
    handler = client()
    handler.received(ENVELOPE)
    handler.received(b"\x1b[2J" + b"y" * 1000 + b"\r\n" + b"line\r\n" * 99)
    shown = handler.received(b".\r\n")
    assert b"\x1b" not in shown
    assert b"(70 lines more)" in shown
    assert max(map(len, shown.split(b"\r\n"))) < 512
