"""The services that textbooks use, asked by the clients that textbooks print, and by others."""

from __future__ import annotations

import smtplib
import socket
import struct
import subprocess
from email.message import EmailMessage

import pytest

from netlib.protocols.daytime import is_daytime
from netlib.services.words import WORDS
from tests import peers
from tests.command import objects, run, serving
from tests.sockets.conftest import read_to_end

SECONDS = 10.0
HOST = "127.0.0.1"


def ping(port: int, count: int) -> list[bool]:
    """Return which pings were answered: Kurose and Ross, UDP pinger, with their second of wait."""
    answered = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        for number in range(1, count + 1):
            message = f"Ping {number} 12:00"
            client.sendto(message.encode(), (HOST, port))
            try:
                data, _server = client.recvfrom(1024)
            except TimeoutError:
                answered.append(False)
            else:
                assert data.decode() == message.upper()
                answered.append(True)
    return answered


def test_the_textbooks_pinger_loses_three_of_ten_the_same_ones_after_every_start() -> None:
    for _start in range(2):
        with serving("pinger", "--port", "0") as server:
            answered = ping(server.port, 10)
            _code, log = server.end()
        assert [number for number, good in enumerate(answered, 1) if not good] == [4, 6, 7]
        assert "lost on purpose" in log


@pytest.mark.parametrize(("loss", "answered"), [("0", [True] * 3), ("1", [False] * 3)])
def test_how_much_is_lost_can_be_set(loss: str, answered: list[bool]) -> None:
    with serving("pinger", "--port", "0", "--quiet", "--loss", loss, "--seed", "7") as server:
        assert ping(server.port, 3) == answered


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_the_textbooks_client_gets_its_sentence_in_capitals(kind: socket.SocketKind) -> None:
    udp = ["--udp"] if kind is socket.SOCK_DGRAM else []
    with (
        serving("uppercase", "--port", "0", "--quiet", *udp) as server,
        socket.socket(socket.AF_INET, kind) as client,
    ):
        client.settimeout(SECONDS)
        client.connect((HOST, server.port))
        client.send(b"hello, world")
        assert client.recv(1024).decode() == "HELLO, WORLD"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 4096])
def test_beejs_client_reads_whole_words_whatever_one_receive_brings(size: int) -> None:
    """A buffer, a length, a word: bgnet0, project "The Word Server"."""
    words, buffer = [], b""
    with (
        serving("words", "--port", "0", "--quiet") as server,
        socket.create_connection((HOST, server.port), SECONDS) as client,
    ):
        while data := client.recv(size):
            buffer += data
            while len(buffer) >= 2 and len(buffer) >= 2 + struct.unpack("!H", buffer[:2])[0]:
                (length,) = struct.unpack("!H", buffer[:2])
                words.append(buffer[2 : 2 + length].decode())
                buffer = buffer[2 + length :]
    assert buffer == b""
    assert words
    assert set(words) <= set(WORDS)


@pytest.mark.peers
def test_nc_is_told_the_time_and_closed() -> None:
    with serving("daytime", "--port", "0", "--quiet") as server:
        command = [peers.nc(), HOST, str(server.port)]
        told = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True
        )
    assert is_daytime(told.stdout.decode())


def test_who_sends_to_daytime_before_it_reads_is_told_the_time_all_the_same() -> None:
    with (
        serving("daytime", "--port", "0", "--quiet") as server,
        socket.create_connection((HOST, server.port), SECONDS) as client,
    ):
        client.sendall(b"what time is it?\n")
        assert is_daytime(read_to_end(client).decode())


def test_time_asks_a_daytime_server_whose_clock_is_wrong_by_an_hour() -> None:
    with serving("daytime", "--udp", "--port", "0", "--quiet", "--clock-offset=-3600") as server:
        shown = objects(run("time", server.where, "--protocol", "daytime", "--json").stdout)
    (reply,) = (one for one in shown if one["event"] == "time_reply")
    assert is_daytime(reply["text"])
    assert abs(reply["offset_ms"] + 3_600_000) <= reply["precision_ms"]


def mail(text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@example.org", "bob@example.org", "hi"
    message.set_content(text)
    return message


def test_smtplib_delivers_a_mail_and_is_shown_it_dots_and_all() -> None:
    with (
        serving("smtp", "--port", "0", "--quiet") as server,
        smtplib.SMTP(HOST, server.port, timeout=SECONDS) as client,
    ):
        client.ehlo()
        assert client.has_extn("size")
        client.mail("ada@example.org")
        client.rcpt("bob@example.org")
        code, shown = client.data(mail(".\n..two\n世界\n").as_bytes())
        assert code == 250
        lines = shown.decode().split("\n")
        assert lines[-1] == "It was accepted and shown; it is never sent"
        assert [line for line in lines if line in {"| .", "| ..two", "| 世界"}] == [
            "| .",
            "| ..two",
            "| 世界",
        ]
        assert client.sendmail("a@b", ["c@d"], "second mail") == {}
        with pytest.raises(smtplib.SMTPSenderRefused, match="552"):
            client.sendmail("a@b", ["c@d"], "x" * 2_000_000)


def test_a_mail_typed_into_nc_gets_a_reply_a_command_and_ends_with_quit() -> None:
    typed = b"HELO me\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\nhello\n.\nQUIT\n"
    with (
        serving("smtp", "--port", "0") as server,
        socket.create_connection((HOST, server.port), SECONDS) as client,
    ):
        client.sendall(typed)
        heard = read_to_end(client).decode()
        line = server.line_with("| hello")
    assert [line[:4] for line in heard.splitlines() if line[3] == " "] == [
        *("220 ", "250 ", "250 ", "250 ", "354 ", "250 ", "221 ")
    ]
    assert "hello" in line


def test_a_mail_without_its_dot_is_told_of_in_the_log() -> None:
    with (
        serving("smtp", "--port", "0") as server,
        socket.create_connection((HOST, server.port), SECONDS) as client,
    ):
        client.sendall(b"HELO me\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\nhello\n")
        assert "the server waits for a line" in server.line_with("mail has not ended")
        client.shutdown(socket.SHUT_WR)
        assert "is none" in server.line_with("FIN received")
        read_to_end(client)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["echo", "--loss", "0.3"], b'--loss: the service "echo" has no such setting'),
        (["pinger", "--clock-offset", "1"], b'--clock-offset: the service "pinger"'),
        (["web", "--seed", "1"], b'--seed: the service "web"'),
        (["pinger", "--loss", "30"], b'"30" is not a number from 0 to 1'),
        (["words", "--udp"], b'"words" is TCP only'),
    ],
)
def test_what_a_service_does_not_have_cannot_be_set(options: list[str], words: bytes) -> None:
    refused = run("serve", *options)
    assert refused.returncode == 2
    assert words in refused.stderr
