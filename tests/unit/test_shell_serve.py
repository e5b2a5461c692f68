"""Servers for a shell that are shown."""

from __future__ import annotations

import pytest

from netlib.teaching.code.shell_serve import program
from netlib.teaching.code.tasks import Identity, Serve


@pytest.mark.parametrize(
    ("task", "listens"),
    [
        (Serve("echo", "", 80), "TCP4-LISTEN:80,bind=0.0.0.0,fork"),
        (Serve("echo", "::1", 80), "TCP6-LISTEN:80,bind=[::1],fork"),
        (Serve("echo", "::1", 80, udp=True), "UDP6-RECVFROM:80,bind=[::1],fork"),
        (Serve("echo", "::1", 80, tls=Identity("c", "k")), "OPENSSL-LISTEN:80,pf=ip6,bind=[::1]"),
    ],
    ids=str,
)
def test_it_listens_where_it_was_asked_to(task: Serve, listens: str) -> None:
    assert listens in program(task)


@pytest.mark.parametrize(
    "task", [Serve("pinger", "", 1, udp=True), Serve("time", "", 1, udp=True, clock_offset=2)]
)
def test_what_posix_tools_cannot_do_is_refused(task: Serve) -> None:
    with pytest.raises(ValueError, match=task.service):
        program(task)
