"""The recorded cases that ship: each is there, shows what it says, and nobody writes to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from netlib.i18n import LANGUAGES, Language, _, set_language
from netlib.live_cases.scenarios import SCENARIOS
from netlib.recording.opening import open_contents
from netlib.teaching.cases import CASES, FOLDER, Case, case_at, find_case
from tests.cases.proofs import PROOFS, packets_of
from tests.ladders import opened

each = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def test_what_is_listed_is_made_is_looked_at_and_lies_there() -> None:
    names = [case.name for case in CASES]
    assert names == [*SCENARIOS] == [*PROOFS]
    assert {path.name for path in FOLDER.iterdir()} == {case.path.name for case in CASES}
    assert all(re.fullmatch("[a-z-]+", name) for name in names)


@each
def test_the_packets_of_the_shipped_recording_show_what_it_is_about(case: Case) -> None:
    PROOFS[case.name](packets_of(case.path))


@each
def test_server_and_client_are_both_in_it_so_that_each_send_finds_its_receive(case: Case) -> None:
    with opened(case.path) as ladder:
        matched = [
            arrow
            for rung in ladder.rungs
            for arrow in rung.arrows
            if rung.name == "send" and arrow.other is not None
        ]
    assert matched
    sites = {site for arrow in matched for site in (arrow.source, arrow.target)}
    assert {site.serves for site in sites} == {True, False}
    assert all(site.activity for site in sites), "nobody is missing"


@each
def test_it_is_small_and_one_plain_file(case: Case) -> None:
    assert case.path.stat().st_size < 200_000
    assert case.path.read_bytes()[18:20] == b"\1\1", "not in WAL mode (sqlite.org/fileformat2.html)"


def test_opening_leaves_the_folder_as_it_was() -> None:
    before = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    for case in CASES:
        with closing(open_contents(case.path).recording) as recording:
            assert len(recording.activities()) >= 2
            names = {path.name for path in FOLDER.iterdir()}
            assert names == before.keys()
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == before


@each
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_two_to_four_sentences_say_what_to_look_at_in_both_languages(
    case: Case, spoken: Language
) -> None:
    set_language(spoken)
    end = r"[.](?: |$)" if spoken == "en" else "。"
    assert 2 <= len(re.findall(end, _(case.look))) <= 4
    assert (_(case.title) != case.title) is (spoken != "en")
    assert re.match(r"RFC \d{4}", _(case.source))


def test_a_case_is_found_by_its_name_and_by_its_place() -> None:
    case = find_case("zero-window")
    assert case_at(case.path) is case
    assert case_at(case.path.with_name("another.socketboard")) is None


def test_who_names_none_of_them_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="handshake, segmentation, close"):
        find_case("handshakes")


@each
def test_the_ladder_tells_what_the_path_did_and_nothing_that_it_did_not(case: Case) -> None:
    with opened(case.path) as ladder:
        lines = ladder.lines()
    wanted = {"checksum": "checksum wrong", "reordering": "fills a gap"}
    for name, word in wanted.items():
        assert sum(word in line for line in lines) == (case.name == name)
    sent_again = {"retransmission", "checksum", "duplicate", "time-wait", "unanswered"}
    assert any("  again" in line for line in lines) is (case.name in sent_again)
