"""What was heard is waited for by what it is, not by when it comes."""

from __future__ import annotations

import pytest

from netlib import Direction, Listening, Network, ServerConfig
from netlib.live_cases import heard as module
from netlib.live_cases.heard import Heard


def test_it_waits_for_an_event_with_the_fields_that_are_wanted() -> None:
    heard = Heard()
    network = Network(heard.queue)
    try:
        config = ServerConfig(service="echo", host="127.0.0.1", port=0)
        servers = [network.serve(config) for _one in range(2)]
        found = [heard.wait_for(Listening, activity=server) for server in servers]
        assert [one.activity for one in found] == servers
        assert heard.wait_for(Listening, activity=servers[0]) == found[0], "once more"
        assert heard.data(Direction.RECEIVED, activity=servers[0]) == b""
    finally:
        assert network.close(5.0)


def test_what_does_not_come_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    with pytest.raises(TimeoutError, match=r"has not come within 0\.01 s"):
        Heard().wait_until(lambda: False)
