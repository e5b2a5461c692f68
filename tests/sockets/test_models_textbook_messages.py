"""What textbooks' clients send: every message is answered by the service it is for."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gui.models.saved_messages import SavedMessage, SavedMessages, check_target
from gui.models.textbook_messages import textbook_messages
from gui.models.typed import Typed
from netlib import SERVICES, parse_endpoint, set_language
from netlib.network import Network
from tests.sockets.conftest import HOST, SECONDS, Events, serve

OF_PORTS = {info.default_port: info.name for info in SERVICES.values()}
SAID = {"pinger": b"PING", "uppercase": b"HELLO, WORLD", "daytime": b"-UTC\r\n", "ntp": b"LOCL"}


def target(message: SavedMessage) -> tuple[str, str]:
    transport, address = check_target(message.target)
    return transport, OF_PORTS[parse_endpoint(address).port]


@pytest.mark.parametrize("number", range(5))
def test_a_message_is_answered_by_the_service_that_it_is_for(
    network: Network, events: Events, number: int
) -> None:
    message = textbook_messages()[number]
    transport, service = target(message)
    udp = transport == "udp"
    server = serve(network, events, service, udp=udp)
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as client:
        client.settimeout(SECONDS)
        client.connect((HOST, server.port))
        client.send(message.data())
        assert SAID[service] in client.recv(1000)


def test_the_mails_messages_one_after_the_other_are_a_mail(
    network: Network, events: Events
) -> None:
    mail = textbook_messages()[5:]
    assert {target(message) for message in mail} == {("tcp", "smtp")}
    server = serve(network, events, "smtp")
    with socket.create_connection((HOST, server.port), SECONDS) as client:
        replies = client.makefile("rb")
        assert replies.readline().startswith(b"220 ")
        for message, code in zip(mail, (250, 250, 250, 354, None, 250, 221), strict=True):
            client.sendall(message.data())
            while code is not None:
                line = replies.readline()
                assert line.startswith(b"%d" % code)
                if line[3:4] == b" ":
                    break


def test_they_are_added_once_and_what_was_changed_stays(tmp_path: Path) -> None:
    kept = SavedMessages(tmp_path / "messages.json")
    kept.add_missing(textbook_messages())
    first = kept.messages
    changed = SavedMessage(name=first[0].name, typed=Typed("PING"), target="udp localhost:9")
    kept.put(changed)
    kept.add_missing(textbook_messages())
    assert kept.messages == (changed, *first[1:])


def test_their_names_are_in_the_language_in_use() -> None:
    english = [message.name for message in textbook_messages()]
    set_language("zh")
    try:
        chinese = [message.name for message in textbook_messages()]
    finally:
        set_language("en")
    assert not set(english) & set(chinese)
    assert len(set(chinese)) == len(english) == 12
