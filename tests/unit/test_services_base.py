"""What a service is unless it says otherwise."""

from __future__ import annotations

import pytest

from netlib.services import SERVICES, Service
from netlib.services.base import too_long
from netlib.services.echo import Echo
from tests.samples import THERE, service_options


def test_who_types_may_be_silent_and_only_the_chat_room_has_post_for_others() -> None:
    services = [info.make(service_options()) for info in SERVICES.values()]
    assert [service.name for service in services if not service.idle_closes] == ["chat", "smtp"]
    posting = [s for s in services if type(s).take_broadcasts is not Service.take_broadcasts]
    assert [service.name for service in posting] == ["chat"]
    assert not Echo(service_options()).take_broadcasts()


class Mute(Service):
    """Says nothing to anybody."""

    name = "mute"


def test_a_service_speaks_no_transport_that_it_does_not_say_it_speaks() -> None:
    mute = Mute(service_options())
    with pytest.raises(ValueError, match="mute does not speak TCP"):
        mute.handler(THERE)
    with pytest.raises(ValueError, match="mute does not speak UDP"):
        mute.datagram(b"?", THERE)


def test_who_sends_too_long_a_line_is_told_so_in_both_languages_in_one_line() -> None:
    told = too_long(1024).decode()
    assert "line too long (limit 1024 bytes)" in told
    assert "一行太长（上限 1024 字节）" in told
    assert told.index("\n") == len(told) - 1
