"""A ladder as shapes: each arrow once, nothing beyond the paper, the words of the text twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.events import Closed, CloseReason
from netlib.i18n import Language, set_language
from netlib.teaching.calls import SENT, Call
from netlib.teaching.ladder import Arrow, Rung, Site, sites
from netlib.teaching.ladder_picture import Picture, picture, row_tops
from netlib.teaching.ladder_svg import measure
from netlib.teaching.ladder_text import TextOptions, commentary, ladder_lines, note, words
from netlib.teaching.lifelines import Lifelines, Paper, lifelines, most_sites
from netlib.teaching.lines import short_time
from netlib.teaching.shapes import Dot, Font, Label, Plate, Shape, Stroke
from tests.conversations import DATA, Conversation, conversations

ROOMY = Paper(3000, 18, measure)
OPTIONS = TextOptions({})
CLIENT, SERVER = 0, 1
"""The ends of a conversation with one client."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def drawn(rows: Sequence[Rung], paper: Paper = ROOMY, chosen: Sequence[int] = ()) -> Picture:
    """Draw rows as a window does."""
    return picture(rows, lines_of(rows, paper), paper, chosen)


def lines_of(rows: Sequence[Rung], paper: Paper = ROOMY) -> Lifelines:
    """Return the lifelines of rows."""
    return lifelines(sites(rows, most_sites(paper)), paper)


def arrows(shapes: Sequence[Shape]) -> list[Stroke]:
    """Return what is an arrow: every line that is no lifeline."""
    return [one for one in shapes if isinstance(one, Stroke) and one.role != "edge"]


def labels(shapes: Sequence[Shape]) -> list[Label]:
    """Return the texts."""
    return [one for one in shapes if isinstance(one, Label) and one.text]


def texts(shapes: Sequence[Shape]) -> list[str]:
    """Return what the texts say."""
    return [one.text for one in labels(shapes)]


def known(rows: Sequence[Rung]) -> list[tuple[Rung, Arrow]]:
    """Return the arrows that are drawn: of one between two rows in sight only one of both."""
    shown = {rung.call.number for rung in rows}
    found: list[tuple[Rung, Arrow]] = []
    both: set[frozenset[int]] = set()
    for rung in rows:
        for arrow in rung.arrows:
            if arrow.style != "implied" and arrow.other in shown and arrow.other is not None:
                pair = frozenset((rung.call.number, arrow.other))
                if pair in both:
                    continue
                both.add(pair)
            found.append((rung, arrow))
    return found


def across(shape: Shape, measured: Callable[[str, Font], int]) -> tuple[float, float]:
    """Return from where to where a shape reaches."""
    match shape:
        case Stroke(x1=x1, x2=x2) | Plate(x1=x1, x2=x2):
            return min(x1, x2), max(x1, x2)
        case Dot(x=x, radius=radius):
            return x - radius, x + radius
        case Label(x=x, text=text, anchor=anchor, font=font):
            wide = measured(text, font)
            begin = x - {"w": 0.0, "center": wide / 2, "e": float(wide)}[anchor]
            return begin, begin + wide


# -- of any conversation -------------------------------------------------------------------------


@given(conversations(), st.data())
def test_every_arrow_is_drawn_once(rows: list[Rung], data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(rows)))
    some = rows[begin : data.draw(st.integers(begin, len(rows)))]
    wanted = Counter(arrow.style for _rung, arrow in known(some))
    found = arrows(drawn(some).shapes)
    assert len(found) == sum(wanted.values())
    assert sum(one.dashed for one in found) == wanted["implied"]
    assert sum(one.head for one in found) == wanted["implied"] + wanted["seen"]


@given(
    conversations(),
    st.integers(3, 40),
    st.builds(
        Paper,
        st.integers(300, 3000),
        st.just(18),
        st.just(measure),
        st.floats(0.7, 2.5),
        st.just("utf-8"),
        remarks=st.booleans(),
        breaking=st.none(),
    ),
    st.sampled_from(["en", "zh"]),
)
def test_nothing_reaches_beyond_the_paper(
    rows: list[Rung], size: int, paper: Paper, speaks: Language
) -> None:
    def measured(text: str, _font: Font) -> int:
        return round(sum(size * (1.7 if ord(one) > 0x2E80 else 1.0) for one in text))

    set_language(speaks)
    paper = paper._replace(line=2 * size, measure=measured)
    for shape in drawn(rows, paper, chosen=[0]).shapes:
        left, right = across(shape, measured)
        assert left >= 0, shape
        assert right <= paper.width, shape


@given(conversations())
def test_the_picture_says_what_the_text_says(rows: list[Rung]) -> None:
    said = texts(drawn(rows).shapes)
    twin = ladder_lines(rows, OPTIONS)
    shown = known(rows)
    for state in ("implied", "not received yet", "lost: never received"):
        assert said.count(state) == sum(state in line for line in twin)
    for rung, arrow in shown:
        whole = next(one for one in rows if one.call.number == rung.call.number)
        line = next(line for line in twin if line.startswith(f"{'#' + str(rung.call.number):>7} "))
        if arrow.label:
            assert arrow.label in said
            assert any(arrow.label in line for line in twin)
        else:
            assert f"{whole.call.size:,} B" in said
            shown_words = words(whole, "utf-8")
            assert any(shown_words.startswith(text.rstrip("…")) for text in said)
            assert shown_words in line
    for rung in rows:
        if rung.delta is not None:
            assert short_time(rung.delta) in said
            assert short_time(rung.delta) in "\n".join(twin)
        if not rung.arrows:
            assert note(rung, "utf-8") in said


@given(conversations(), st.sampled_from([0.75, 1.0, 2.4]))
def test_rows_follow_each_other_and_keep_their_arrows_apart(rows: list[Rung], zoom: float) -> None:
    tops = row_tops(rows, ROOMY._replace(zoom=zoom))
    assert len(tops) == len(rows) + 1
    assert all(after - before >= ROOMY.line for before, after in pairwise(tops))


# -- what is seen --------------------------------------------------------------------------------


def talk(clients: int = 1, *, known: bool = True) -> Conversation:
    """Return a conversation in which nothing was said."""
    return Conversation(clients, known=known)


def test_an_arrow_between_two_rows_leads_from_one_to_the_other() -> None:
    said = talk()
    said.send(CLIENT, b"hello\n")
    said.receive(SERVER, 100)
    rows = said.rungs()
    found = drawn(rows)
    lines = lines_of(rows)
    (arrow,) = arrows(found.shapes)
    assert abs(arrow.x1 - lines.at[0]) < 10
    assert abs(arrow.x2 - lines.at[1]) < 10
    assert found.tops[0] < arrow.y1 < found.tops[1] < arrow.y2 < found.tops[2]
    dots = [one for one in found.shapes if isinstance(one, Dot)]
    assert [(one.x, one.filled) for one in dots] == [(lines.at[0], True), (lines.at[1], False)]


def test_an_arrow_to_a_row_out_of_sight_leads_over_the_edge() -> None:
    said = talk()
    said.send(CLIENT, b"hello\n")
    said.receive(SERVER, 100)
    (down,) = arrows(drawn(said.rungs()[:1]).shapes)
    assert down.y2 > drawn(said.rungs()[:1]).tops[-1]
    (up,) = arrows(drawn(said.rungs()[1:]).shapes)
    assert up.y1 < 0 < up.y2


def test_what_was_lost_ends_at_six_tenths_of_the_way() -> None:
    said = talk()
    said.lose(CLIENT, b"never\n")
    rows = said.rungs()
    first, last = lines_of(rows).at
    found = drawn(rows).shapes
    (arrow,) = arrows(found)
    assert arrow.x2 == first + round((last - first) * 0.6)
    assert not arrow.head
    assert {"✗", "lost: never received", "6 B"} <= {*texts(found)}


def test_what_waits_does_not_arrive_either() -> None:
    said = talk()
    said.send(SERVER, b"later\n")
    rows = said.rungs()
    first, last = lines_of(rows).at
    (arrow,) = arrows(drawn(rows).shapes)
    assert arrow.x2 == last - round((last - first) * 0.6)
    assert {"…", "not received yet"} <= {*texts(drawn(rows).shapes)}


def test_a_send_that_arrives_in_three_calls_has_three_arrows_and_its_words_once() -> None:
    said = talk()
    said.send(CLIENT, b"abc\n")
    for _call in range(4):
        said.receive(SERVER, 1)
    found = drawn(said.rungs()).shapes
    assert len(arrows(found)) == 4
    assert texts(found).count("4 B") == 1
    assert texts(found).count("recv 1 B") == 4
    assert [one.text for one in labels(found) if one.font == "mono"] == [r"abc\n"]


def test_a_pause_is_a_band_across_dashed_lifelines() -> None:
    said = talk()
    said.send(CLIENT, b"a")
    said.wait(12.5)
    said.send(CLIENT, b"b")
    found = drawn(said.rungs())
    (band,) = [one for one in found.shapes if isinstance(one, Plate) and one.fill == "stripe"]
    assert found.tops[1] < band.y1 < band.y2 < found.tops[2]
    assert any("without a call" in text for text in texts(found.shapes))
    dashed = [
        one for one in found.shapes if isinstance(one, Stroke) and one.role == "edge" and one.dashed
    ]
    assert {(one.y1, one.y2) for one in dashed} == {(band.y1, band.y2)}
    assert len(dashed) == 2


def test_the_chosen_row_is_marked_and_no_other() -> None:
    said = talk()
    for data in DATA:
        said.send(CLIENT, data)
    found = drawn(said.rungs(), chosen=[2])
    (mark,) = [
        one for one in found.shapes if isinstance(one, Plate) and one.fill == "hot" and one.edge
    ]
    assert (mark.y1, mark.y2) == (found.tops[2], found.tops[3])


def test_a_sentence_stands_beside_a_row_and_within_its_height() -> None:
    said = talk()
    said.send(CLIENT, b"abc")
    said.receive(SERVER, 1)
    said.receive(SERVER, 2)
    rows = said.rungs()
    paper = Paper(700, 18, measure, remarks=True)
    found = drawn(rows, paper)
    beside = [one for one in labels(found.shapes) if one.x > paper.right]
    assert " ".join(one.text for one in beside) == commentary(rows[0])
    assert all(0 < one.y < found.tops[1] for one in beside)
    without = drawn(rows, paper._replace(width=400))
    assert commentary(rows[0])[:20] not in " ".join(texts(without.shapes))


def test_rows_put_further_apart_stay_where_they_are_put() -> None:
    said = talk()
    said.send(CLIENT, b"a")
    said.send(CLIENT, b"b")
    rows = said.rungs()
    found = picture(rows, lines_of(rows), ROOMY, tops=[0, 500, 600])
    assert found.tops == [0, 500, 600]
    first, second = arrows(found.shapes)
    assert first.y1 < 60
    assert 500 < second.y1 < 600


def test_close_says_what_it_sent() -> None:
    said = talk()
    said.happen(CLIENT, Closed(at=1.0, activity=2, connection=2, reason=CloseReason.ABORTED))
    found = drawn(said.rungs()).shapes
    assert {"RST", "close"} <= {*texts(found)}
    assert [one.role for one in arrows(found)] == ["bad"]


def test_of_a_peer_elsewhere_its_data_arrives_in_this_row() -> None:
    said = talk(known=False)
    said.send(CLIENT, b"hello")
    rows = said.rungs()
    assert rows[0].call.kind == SENT
    (arrow,) = arrows(drawn(rows).shapes)
    assert arrow.head
    assert arrow.y2 < drawn(rows).tops[-1]


def test_what_a_server_says_has_a_colour_of_its_own() -> None:
    def role(serves: bool) -> str:
        here, there = Site(1, "", serves), Site(2, "", not serves)
        call = Call(0, 0.0, 0.0, 0, SENT, 0, size=1, data=b"x")
        arrow = Arrow(here, there, "data", "seen", size=1)
        paper = ROOMY
        rung = Rung(call, here, "send", (arrow,), None, 1)
        shapes = picture([rung], lifelines([here, there], paper), paper).shapes
        (line,) = (one for one in shapes if isinstance(one, Stroke) and one.head)
        return line.role

    assert (role(serves=False), role(serves=True)) == ("sent", "received")
