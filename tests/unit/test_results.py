"""What is handed in: a page that needs nothing else, true to the answers, and harmless."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.i18n import LANGUAGES, Language, set_language
from netlib.lessons.ladders import step_ladders
from netlib.lessons.progress import Answer, Progress, read_progress
from netlib.lessons.results import results_page, write_results
from netlib.teaching.cases import find_case
from netlib.teaching.lesson import Lesson, Question
from netlib.teaching.lesson_list import shipped_lesson
from netlib.teaching.lesson_reader import read_lesson
from tests.lessons import SMALL, lesson
from tests.peers import program

AT = "2026-11-29T13:00:00+00:00"
SECONDS = 120.0
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "section", "div", "h1", "h2", "h3", "p"),
    *("span", "ul", "li", "pre", "strong", "code", "figure"),
    *("svg", "rect", "text", "g", "line", "polygon", "circle"),
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(document)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and data.strip():
            self.texts.append(data.strip())

    @property
    def text(self) -> str:
        """All its text, without what surrounds it."""
        return "\n".join(self.texts)


def done() -> Progress:
    """Return the answers to the first step of a small lesson, one wrong; the second is not done."""
    progress = Progress("small", 2)
    progress.student = "Han Meimei"
    progress.set(0, prediction=Answer(given=1, right=False, at=AT), runs=2)
    progress.set(0, proof="run", proven_at=AT, seen=Answer(given=1, right=True, at=AT))
    return progress


def test_it_tells_who_answered_what_and_when_and_what_was_proven() -> None:
    text = Page(results_page(lesson(), done(), {})).text
    assert "A small lesson" in text
    assert "Han Meimei" in text
    for told in ("Proven: 1 of 2 steps.", "Predictions: 0 of 1 right.", "What was seen: 1 of 1"):
        assert told in text
    first, second = text.split("2. A recorded case")
    assert "○ The line, with a prefix." in first
    assert "● Nothing. –\nwrong" in first
    assert "● 1 lines –\nright" in first
    assert "Proven by a run on real sockets." in first
    assert re.search(r"2026-11-(28|29|30) \d\d:\d\d:\d\d [+-]\d{4}", first)
    assert second.count("Not answered.") == 2
    assert "Not run." in second
    assert "●" not in second


def test_a_run_without_proof_is_told_and_a_ladder_that_was_not_kept() -> None:
    progress = done()
    progress.set(1, runs=3)
    text = Page(results_page(lesson(), progress, {})).text
    assert "Run 3 times, not proven." in text
    assert "Its ladder was not recorded." in text


def test_the_ladders_stand_in_it_as_pictures() -> None:
    progress = done()
    progress.set(1, runs=1, proof="case handshake", proven_at=AT)
    page = Page(results_page(lesson(), progress, step_ladders(progress, {}, None, {})))
    assert "Proven by the recorded case handshake (The handshake)." in page.text
    assert {"svg", "polygon"} <= page.tags
    assert any(text.startswith("SYN, ACK") for text in page.texts)
    assert page.tags <= TAGS


HOSTILE = "<script>alert(1)</script> & \" ' \x00\x1b[2J \u202e --> ]]> </style></svg>"


def test_nothing_that_others_wrote_is_markup() -> None:
    told = HOSTILE.replace("\x00", "").replace("\x1b", "")
    text = (
        SMALL.replace("A small lesson", f"{told} **bold** ")
        .replace("A client sends a line.", f"So: {told} `code` [x](javascript:alert(1))")
        .replace("Nothing.", f"<img src=http://example.com/ onerror=alert(1)> {told}")
        .replace("±0 lines", "±0 <b onclick=x>")
        .replace('send client "hi', 'send client "<i>hi')
    )
    hostile = read_lesson(text.encode()).lesson
    assert hostile is not None
    progress = done()
    progress.student = HOSTILE
    progress.set(0, proof=HOSTILE, proven_at=HOSTILE)
    page = Page(results_page(hostile, progress, {}))
    assert page.tags <= TAGS
    assert not [name for name, _value in page.attributes if name.startswith(("on", "src", "href"))]
    assert not re.search("[\x00\x1b\u202e]", page.text)
    assert "<script>alert(1)</script>" in page.text
    assert "<img src=http://example.com/ onerror=alert(1)>" in page.text


@given(st.text(), st.text(), st.text())
def test_any_text_leaves_it_a_page(student: str, at: str, proof: str) -> None:
    progress = done()
    progress.student = student
    progress.set(0, proof=proof, proven_at=at, seen=Answer(given=1e300, right=False, at=at))
    assert Page(results_page(lesson(), progress, {})).tags <= TAGS


def test_it_needs_nothing_from_elsewhere() -> None:
    progress = done()
    progress.set(1, proof="case handshake", proven_at=AT)
    document = results_page(lesson(), progress, step_ladders(progress, {}, None, {}))
    links = set(re.findall(r"https?://[^\s\"']+", document))
    assert links == {"http://www.w3.org/2000/svg"}, "a namespace, which is not fetched"
    assert "url(" not in document
    assert "@import" not in document
    assert "default-src 'none'" in document


def test_as_json_it_is_what_answers_are_kept_in(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write_results(path, lesson(), done(), {})
    kept = read_progress(path.read_bytes(), lesson())
    assert (kept.student, kept.steps) == ("Han Meimei", done().steps)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.html.*\.json"):
        write_results(tmp_path / "results.pdf", lesson(), done(), {})
    assert not [*tmp_path.iterdir()]
    write_results(tmp_path / "results.HTM", lesson(), done(), {})
    assert (tmp_path / "results.HTM").read_bytes().startswith(b"<!DOCTYPE html>")


def shipped(spoken: Language) -> tuple[Lesson, Progress]:
    """Return a lesson of ours, all of it answered, and proven by its case where it has one."""
    found = shipped_lesson("refused", spoken)
    progress = Progress("refused", len(found.steps))
    progress.student = "韩梅梅"
    for number, step in enumerate(found.steps):
        prediction, seen = rightly(step.prediction), rightly(step.seen)
        proof = f"case {step.case or 'reset'}"
        progress.set(number, prediction=prediction, runs=1, proof=proof, proven_at=AT, seen=seen)
    return found, progress


def rightly(question: Question) -> Answer:
    """Return the right answer to a question with choices."""
    given = next(place for place, one in enumerate(question.choices) if one.right)
    return Answer(given=given, right=True, at=AT)


@pytest.mark.peers
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_chromium_prints_it_with_every_word(spoken: Language, tmp_path: Path) -> None:
    set_language(spoken)
    found, progress = shipped(spoken)
    page, printed = tmp_path / "results.html", tmp_path / "results.pdf"
    write_results(page, found, progress, step_ladders(progress, {}, None, {}))
    subprocess.run(
        [
            program("chromium"),
            *("--headless", "--disable-gpu", "--no-pdf-header-footer"),
            "--no-sandbox",  # the tests run as root
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    text = printed_text(printed)
    case = find_case("unanswered")
    wanted = [found.title, "韩梅梅", "SYN", "RST"]
    for step in found.steps:
        wanted += [step.title, *(choice.text for choice in step.prediction.choices)]
    missing = [one for one in wanted if bare(one) not in bare(text)]
    assert missing == []
    assert case.name in text
    assert text.count("●") == 2 * len(found.steps)


def printed_text(path: Path) -> str:
    """Return the text of a PDF."""
    done = subprocess.run(
        [program("pdftotext"), "-enc", "UTF-8", str(path), "-"],
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return done.stdout.decode()


def bare(text: str) -> str:
    """Return text without blanks, which a printed line has elsewhere, and marks of Markdown."""
    return re.sub(r"\s|\*\*|`", "", text)
