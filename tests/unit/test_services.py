"""The registry of services."""

from __future__ import annotations

import pytest

from netlib.events import Transport
from netlib.i18n import Language, set_language
from netlib.protocols.ntp import Mode, Packet
from netlib.services import SERVICES
from tests.samples import THERE, service_options

QUERIES = {"ntp": Packet(mode=Mode.CLIENT).encode()}
"""What is asked; others answer anything."""


@pytest.mark.parametrize("name", SERVICES)
def test_the_registry_tells_the_truth(name: str) -> None:
    info = SERVICES[name]
    service = info.make(service_options())
    assert info.name == service.name == name
    assert 1023 < info.default_port < 65536
    assert info.description
    if Transport.TCP in info.transports:
        assert service.handler(THERE).close_reason is None
    else:
        with pytest.raises(ValueError, match="does not speak TCP"):
            service.handler(THERE)
    if Transport.UDP in info.transports:
        answer = service.answer_to(THERE)
        assert isinstance(answer(QUERIES.get(name, b"?"), THERE), bytes)
    else:
        with pytest.raises(ValueError, match="does not speak UDP"):
            service.answer_to(THERE)(b"?", THERE)


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        (
            "en",
            [
                "line reply (acknowledge)",
                "echo",
                "chat room (chat)",
                "count",
                "time",
                "NTP time (ntp)",
                "web",
                "UDP pinger (pinger)",
                "capitals (uppercase)",
                "word server (words)",
                "mail (smtp)",
                "daytime",
            ],
        ),
        (
            "zh",
            [
                "按行回复（acknowledge）",
                "回显（echo）",
                "聊天室（chat）",
                "计数（count）",
                "时间（time）",
                "NTP 时间（ntp）",
                "网页（web）",
                "UDP Ping（pinger）",
                "转大写（uppercase）",
                "单词服务器（words）",
                "邮件（smtp）",
                "日期时间（daytime）",
            ],
        ),
    ],
)
def test_a_service_is_called_what_people_call_it_and_by_its_command_line_name(
    language: Language, labels: list[str]
) -> None:
    set_language(language)
    try:
        assert [info.label() for info in SERVICES.values()] == labels
    finally:
        set_language("en")
