"""What a tab does, as a task for a program that does the same: the values of its fields."""

from __future__ import annotations

from functools import singledispatch

from gui.models.connect import url_of
from gui.tabs.chat import ChatTab
from gui.tabs.connect import ConnectTab
from gui.tabs.page import Page
from gui.tabs.server import ServerTab
from gui.tabs.time import TimeTab
from netlib import N_, Endpoint, Transport, _, parse_port
from netlib.teaching.code.tasks import (
    Chat,
    Datagrams,
    Serve,
    Talk,
    Task,
    TimeQuery,
    fetch_of,
)

_HTTPS = N_(
    "This request has to be sent byte for byte: over https there is no short program for it."
)


@singledispatch
def task_of(_page: Page) -> Task:
    """Return what a tab does. ValueError with a translated sentence: nothing, or a wrong value."""
    raise ValueError(_("Go to the Connect, Server, Chat or Time tab: its code is shown here."))


@task_of.register
def _connect(tab: ConnectTab) -> Task:
    timeout = tab.timeout.number
    if tab.kind.key == "http":
        url, data = url_of(tab.address.text), tab.http.data()
        try:
            return fetch_of(url, data, verify=tab.model.verify, timeout=timeout)
        except ValueError:
            raise ValueError(_(_HTTPS)) from None
    peer, said = _peer(tab.address.text), tuple(tab.model.said) or None
    encoding = tab.model.rows.format.encoding
    if tab.kind.key == "udp":
        return Datagrams(peer, said, encoding)
    return Talk(peer, said, encoding, timeout)


@task_of.register
def _server(tab: ServerTab) -> Task:
    service, transport = tab.form.service.key.split("/")
    port = parse_port(tab.form.port.text, listening=True)
    host = {"localhost": "127.0.0.1", "*": ""}.get(tab.form.interface.key, tab.form.interface.key)
    return Serve(service, host, port, transport == Transport.UDP)


@task_of.register
def _chat(tab: ChatTab) -> Task:
    pane = tab.shown[0]
    return Chat(_peer(pane.address.text), pane.nickname.text.strip(), pane.encoding.get())


@task_of.register
def _time(tab: TimeTab) -> Task:
    if tab.protocol.key != "rfc3339":
        raise ValueError(_("There is no short program for this protocol yet."))
    number = {key: field.number for key, field in tab.fields.items()}
    return TimeQuery(
        _peer(tab.address.text), int(number["count"]), number["interval"], number["timeout"]
    )


def _peer(typed: str) -> Endpoint:
    return url_of(typed).endpoint
