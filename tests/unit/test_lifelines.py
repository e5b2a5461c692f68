"""Lifelines: clients left of servers, each under its name; for those without room there is one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from netlib.teaching.calls import EVENT, Call, End
from netlib.teaching.ladder import OTHERS, Seen, Site, rungs, sites
from netlib.teaching.ladder_picture import picture
from netlib.teaching.ladder_svg import measure
from netlib.teaching.lifelines import Lifelines, Paper, fitting, heads, lifelines, most_sites
from netlib.teaching.shapes import Label, Plate
from tests.conversations import Conversation

PAPER = Paper(1000, 18, measure)


def crowd(clients: int, paper: Paper = PAPER) -> Lifelines:
    """Return the lifelines of a server and some clients that have each said something."""
    talk = Conversation(clients, known=True)
    for client in range(clients):
        talk.send(client, b"hello\n")
    return lifelines(sites(talk.rungs(), most_sites(paper)), paper)


def names(lines: Lifelines, paper: Paper = PAPER) -> list[str]:
    """Return what stands over the lifelines, from left to right."""
    return [one.text for one in heads(lines, {}, paper) if isinstance(one, Label) and one.text]


def test_the_client_is_left_of_the_server() -> None:
    assert names(crowd(1)) == ["client 02", "server 01"]


def test_those_for_whom_there_is_no_room_share_a_line_beside_the_server() -> None:
    lines = crowd(30)
    assert len(lines.sites) == most_sites(PAPER)
    assert names(lines)[-2:] == ["others", "server 01"]
    assert lines.x(Site(31, "", serves=False)) == lines.at[-2]


@pytest.mark.parametrize("clients", [2, 3, 12, 26])
def test_every_arrow_leads_from_one_line_to_another_however_little_room_there_is(
    clients: int,
) -> None:
    talk = Conversation(clients, known=False)
    for client in range(clients):
        talk.send(client, b"hello\n")
    rows = talk.rungs()
    lines = lifelines(sites(rows, 2), PAPER)
    ends = [(lines.x(one.source), lines.x(one.target)) for row in rows for one in row.arrows]
    assert ends
    assert [pair for pair in ends if pair[0] == pair[1]] == []


def test_wider_paper_has_room_for_more() -> None:
    assert most_sites(PAPER._replace(width=3000)) > most_sites(PAPER) > 2
    assert most_sites(PAPER._replace(width=20)) == 2


def test_a_site_elsewhere_stands_under_its_address_and_harmless() -> None:
    site = Site(0, "evil\x1b[2J\u202e:1", serves=True)
    shown = names(lifelines([site], PAPER))
    assert shown[0] == "the peer"
    assert "evil" in shown[1]
    assert "\x1b" not in shown[1]
    assert "\u202e" not in shown[1]


def test_an_address_of_the_recording_stands_below_the_name() -> None:
    site = Site(1, "", serves=True)
    found = heads(lifelines([site], PAPER), {site: "127.0.0.1:8080"}, PAPER)
    assert [one.text for one in found if isinstance(one, Label)] == ["server 01", "127.0.0.1:8080"]


def test_a_head_of_one_line_has_the_address_where_there_is_room_for_it() -> None:
    known = {Site(1, "", serves=True): "127.0.0.1:8080"}
    for width, words in ((1400, "server 01  127.0.0.1:8080"), (300, "server 01")):
        paper = PAPER._replace(width=width)
        lines = crowd(1, paper)
        found = heads(lines, known, paper, low=True)
        assert words in [one.text for one in found if isinstance(one, Label)]
        assert all(one.y2 < 2 * paper.line for one in found if isinstance(one, Plate))


@pytest.mark.parametrize("clients", [1, 2, 5, 30])
def test_heads_do_not_overlap(clients: int) -> None:
    plates = [one for one in heads(crowd(clients), {}, PAPER) if isinstance(one, Plate)]
    assert all(one.x2 < other.x1 for one, other in pairwise(plates))
    assert plates[0].x1 >= 0
    assert plates[-1].x2 <= PAPER.width


def test_what_cannot_be_read_has_a_lifeline_though_nobody_knows_whose() -> None:
    call = Call(0, 1.0, 1.0, 0, EVENT, 0, lost="gone")
    rows = rungs([Seen(call)], [End(0, 0, 0)])
    lines = lifelines(sites(rows, 2), PAPER)
    assert names(lines) == ["others"]
    drawn = picture(rows, lines, PAPER)
    assert [one.text for one in drawn.shapes if isinstance(one, Label)] == ["? gone"]


def test_sentences_need_room() -> None:
    assert PAPER._replace(remarks=True).has_remarks
    assert not PAPER.has_remarks
    narrow = PAPER._replace(width=400, remarks=True)
    assert not narrow.has_remarks
    assert narrow.right == 400


@pytest.mark.parametrize("width", [1, 10, 39, 100])
def test_a_window_that_is_hardly_there_yet_has_lifelines_too(width: int) -> None:
    paper = PAPER._replace(width=width, remarks=True)
    assert lifelines([Site(2, "", serves=False), OTHERS], paper).at


def test_a_text_is_cut_where_its_room_ends() -> None:
    assert fitting("hello", PAPER, "mono", 1000) == "hello"
    cut = fitting("hello, world", PAPER, "mono", 60)
    assert cut.endswith("…")
    assert measure(cut, "mono") <= 60
    assert measure(cut[:-1] + "xx…", "mono") > 60
    assert fitting("hello", PAPER, "mono", 2) == ""
