"""What projector mode shows of each tab: whose it is, what it is, how many, and which rows."""

from __future__ import annotations

from gui.models.chat import ChatState
from gui.models.connect import OPEN
from gui.models.rows import RowSource
from gui.models.server import others_type
from gui.tabs.chat import ChatTab
from gui.tabs.connect import ConnectTab
from gui.tabs.lessons import LessonsTab
from gui.tabs.page import Page
from gui.tabs.server import ServerTab
from gui.tabs.time import TimeTab
from gui.translated import translate
from netlib import N_, SERVICES, ngettext, visible_text
from netlib.value import NamedTuple


class Projected(NamedTuple):
    """One line of state, and the rows below it."""

    rows: RowSource
    address: str
    what: str = ""
    number: str = ""
    running: bool = False


def projected(page: Page) -> Projected | None:
    """Return what a class is shown of the tab in sight; None: it has no rows."""
    match page:
        case ServerTab():
            return _server(page)
        case ChatTab():
            return _chat(page)
        case ConnectTab():
            model = page.model
            address = str(model.connected.peer) if model.connected else page.address.text
            words = translate(model.state.value)
            return Projected(model.rows, address, words, running=model.state in OPEN)
        case TimeTab():
            local, answers = page.server.local, len(page.client.round_trips())
            words = ngettext("{count} reply", "{count} replies", answers)
            count = words.format(count=f"{answers:,}") if answers else ""
            address = str(local) if page.server.running and local else page.address.text
            what = translate(N_("Time server (UDP)"))
            return Projected(page.client.rows, address, what, count, page.server.running)
        case LessonsTab() if page.model.player is not None:
            player = page.model.player
            lesson, step = (visible_text(one.title, 80) for one in (player.lesson, player.step))
            running = page.model.lesson_run.under_way
            return Projected(page.traffic.rows, lesson, step, running=running)
        case _:
            return None


def _server(page: ServerTab) -> Projected:
    rows, chosen = page.model.rows, page.model.chosen
    if chosen is None:
        return Projected(rows, translate(N_("No server yet: press Start.")))
    address = next(iter(others_type(chosen)), chosen.address)
    clients = chosen.totals.clients
    count = ngettext("{count} client", "{count} clients", clients).format(count=f"{clients:,}")
    title = translate(SERVICES[chosen.config.service].title)
    return Projected(rows, address, title, count, chosen.running)


def _chat(page: ChatTab) -> Projected:
    connected = [one for one in page.panes if one.model.state is ChatState.CONNECTED]
    pane = (connected or page.panes)[0]
    words = translate(pane.model.state.value)
    return Projected(pane.model.conversation, pane.address.text, words, running=bool(connected))
