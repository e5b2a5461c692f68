"""The lesson in the window, without the window: moments, proofs, answers that are kept."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.models.backend import Backend
from gui.models.lesson import LessonModel
from gui.models.lesson_catalogue import GROUP_WORDS, OWN, Catalogue
from gui.models.lesson_files import GROUPS, KeptAnswers, Playable, own_lesson
from gui.models.lesson_text import Asked, Words, has_failed, page_of, so_far, waits_for
from netlib.i18n import set_language
from netlib.lessons.player import Player
from netlib.teaching.experiment_list import EXPERIMENTS
from netlib.teaching.lesson_list import LESSONS
from netlib.teaching.lesson_reader import KINDS
from tests.backends import live, open_backend, shown
from tests.helpers import free_port, wait_until
from tests.lessons import SMALL, scripted_text

WRONG, RIGHT = 1, 0
"""Choices of the first prediction of the small lesson."""


@pytest.fixture
def backend() -> Iterator[Backend]:
    with open_backend() as made:
        yield made


@pytest.fixture
def kept(tmp_path: Path) -> KeptAnswers:
    return KeptAnswers(tmp_path / "lessons")


@pytest.fixture
def small(tmp_path: Path) -> Playable:
    return written(tmp_path, SMALL)


@pytest.fixture
def model(backend: Backend, kept: KeptAnswers, small: Playable) -> LessonModel:
    made = LessonModel(backend, kept)
    made.open(small)
    return made


def written(folder: Path, text: str, name: str = "small.md") -> Playable:
    """Return a lesson of somebody's own."""
    (folder / name).write_text(text, encoding="utf-8")
    return own_lesson(folder / name)


def scripted(folder: Path, *lines: str) -> Playable:
    """Return the small lesson with another script in its first step."""
    return written(folder, scripted_text(*lines))


def playing(model: LessonModel) -> Player:
    """Return who plays."""
    assert model.player is not None
    return model.player


def run(backend: Backend, model: LessonModel, given: float | None = None) -> None:
    """Run the step to its end."""
    model.run(given)
    live(backend, lambda: not model.lesson_run.under_way)


def moment(model: LessonModel) -> str:
    """Return what is to be done now."""
    return model.moment


def read(model: LessonModel) -> str:
    """Return what is to be read."""
    return "\n".join(one.text for one in page_of(model) if isinstance(one, Words))


def test_a_step_goes_from_prediction_to_explanation_and_each_is_shown_in_its_turn(
    backend: Backend, model: LessonModel
) -> None:
    assert moment(model) == "predict"
    assert "What it is about." in read(model)
    assert "How many lines came back?" not in read(model)
    with pytest.raises(ValueError, match="prediction"):
        model.run()
    run(backend, model, WRONG)
    assert moment(model) == "see"
    assert "received" in read(model)
    assert "The server answers each line." not in read(model)
    model.see(1)
    assert moment(model) == "why"
    said = read(model)
    assert "Your prediction: Nothing.\nNot so. It did." in said
    assert "You saw: 1 lines\nRight. One for each." in said
    assert said.index("The server answers each line.") < said.index("How long it takes elsewhere.")
    told = "Proven: 1 of 2 steps. Predictions: 0 of 1 right. What was seen: 1 of 1 right."
    assert so_far(model) == told
    sources = {one.sources for one in page_of(model) if isinstance(one, Words)}
    assert {"seen in this run", "RFC 9293 §3.8.1"} <= sources


def test_what_was_right_is_shown_when_all_is_answered(backend: Backend, model: LessonModel) -> None:
    def asked() -> list[tuple[float | None, bool]]:
        return [(one.given, one.judged) for one in page_of(model) if isinstance(one, Asked)]

    assert asked() == [(None, False)]
    run(backend, model, RIGHT)
    assert asked() == [(RIGHT, False), (None, False)]
    model.see(7)
    assert asked() == [(RIGHT, True), (7, True)]


def test_the_traffic_is_that_of_the_steps_last_run(backend: Backend, model: LessonModel) -> None:
    run(backend, model, RIGHT)
    wait_until(lambda: "已接收" in shown(model.lesson_run.rows))
    first = model.lesson_run.activities(("own-small", 0))
    assert len(first) == 2
    assert model.lesson_run.sockets.looked_at().activity == first[1]  # the client
    assert model.lesson_run.sockets.looked_at().connection
    model.go_to(1)
    assert shown(model.lesson_run.rows) == ""
    model.go_to(0)
    assert "已接收" in shown(model.lesson_run.rows)
    run(backend, model)
    assert not {*model.lesson_run.activities(("own-small", 0))} & {*first}
    assert playing(model).state.runs == 2


def test_servers_of_a_lesson_are_offered_to_nobody_and_end_with_their_step(
    backend: Backend, model: LessonModel
) -> None:
    run(backend, model, RIGHT)
    assert backend.running == {}
    assert backend.under_way()[:3] == (0, 0, 0)
    model.go_to(1)
    live(backend, lambda: not backend._watched)


def test_another_lesson_ends_what_the_first_has_begun(
    backend: Backend, model: LessonModel, tmp_path: Path
) -> None:
    model.run(WRONG)
    model.open(written(tmp_path, SMALL.replace("name: small", "name: other"), "other.md"))
    assert not model.lesson_run.under_way
    assert moment(model) == "predict"
    live(backend, lambda: not backend._watched)


def test_a_proof_that_never_comes_says_what_was_waited_for_and_the_step_goes_on_without(
    backend: Backend, model: LessonModel, tmp_path: Path
) -> None:
    script = ("serve server echo", "expect server accepted within=0.3")
    model.open(scripted(tmp_path, *script))
    model.run(RIGHT)
    assert waits_for(model).startswith("server: it ")
    live(backend, lambda: not model.lesson_run.under_way)
    assert has_failed(model)
    assert "within 0.3 s: server: it has accepted a connection" in read(model)
    run(backend, model)
    assert has_failed(model)
    model.go_on()
    assert moment(model) == "see"
    model.see(1)
    assert moment(model) == "why"
    assert so_far(model).startswith("Proven: 0 of 2")


def test_a_port_that_is_taken_is_told(backend: Backend, model: LessonModel, tmp_path: Path) -> None:
    port = free_port()
    twice = [f"serve {name} echo port={port}" for name in ("one", "two")]
    model.open(scripted(tmp_path, *twice, "expect two listening"))
    run(backend, model, RIGHT)
    assert has_failed(model)
    assert "two: Cannot listen on" in read(model)
    assert "EADDRINUSE" in read(model) or sys.platform == "win32"


def test_a_run_can_be_stopped(backend: Backend, model: LessonModel, tmp_path: Path) -> None:
    model.open(scripted(tmp_path, "serve server echo", "expect server accepted within=30"))
    model.run(RIGHT)
    model.stop()
    assert moment(model) == "predict"
    assert playing(model).state.prediction is not None
    live(backend, lambda: not backend._watched)


def test_a_step_that_cannot_run_here_shows_its_recorded_case(
    backend: Backend, model: LessonModel
) -> None:
    model.go_to(1)
    run(backend, model, 0)
    assert moment(model) == "see"
    assert playing(model).state.proof == "case handshake"
    assert "its recorded case is shown, The handshake." in read(model)
    assert "Three segments open the connection" in read(model)


def test_answers_are_kept_at_once_and_nobody_else_reads_them(
    backend: Backend, model: LessonModel, kept: KeptAnswers, small: Playable, tmp_path: Path
) -> None:
    run(backend, model, WRONG)
    model.see(1)
    file = tmp_path / "lessons" / "own-small.json"
    assert json.loads(file.read_bytes())["steps"][0]["proof"] == "run"
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = LessonModel(backend, kept)
    again.open(small)
    assert playing(again).number == 1
    again.go_to(0)
    assert moment(again) == "why"
    assert "Proven in an earlier run." in read(again)


def test_a_proof_is_kept_though_the_tab_is_out_of_sight(
    backend: Backend, model: LessonModel, tmp_path: Path
) -> None:
    model.run(RIGHT)
    live(backend, lambda: b'"run"' in (tmp_path / "lessons" / "own-small.json").read_bytes())


def test_a_damaged_file_of_answers_is_told_and_kept_aside(
    model: LessonModel, small: Playable, tmp_path: Path
) -> None:
    model.begin_again()
    file = tmp_path / "lessons" / "own-small.json"
    file.write_bytes(b"{half")
    model.open(small)
    assert "cannot be read" in model.problem
    assert "own-small.json.unreadable" in model.problem
    assert file.with_name("own-small.json.unreadable").read_bytes() == b"{half"
    assert moment(model) == "predict"


def test_what_can_neither_be_read_nor_put_aside_is_not_written_over(
    model: LessonModel, small: Playable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.begin_again()
    file = tmp_path / "lessons" / "own-small.json"
    file.write_bytes(b"{half")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("gui.models.lesson_files.put_aside", refuse)
    model.open(small)
    assert "new ones are not kept" in model.problem
    model.begin_again()
    assert file.read_bytes() == b"{half"


def test_answers_that_cannot_be_written_are_told(
    backend: Backend, small: Playable, tmp_path: Path
) -> None:
    (tmp_path / "no folder").touch()
    model = LessonModel(backend, KeptAnswers(tmp_path / "no folder"))
    model.open(small)
    run(backend, model, RIGHT)
    assert model.problem.startswith("The answers cannot be kept")
    assert moment(model) == "see"


def test_begin_again_forgets_all_answers(
    backend: Backend, model: LessonModel, small: Playable
) -> None:
    run(backend, model, RIGHT)
    model.see(1)
    model.go_to(1)
    model.begin_again()
    assert (playing(model).number, moment(model)) == (0, "predict")
    assert shown(model.lesson_run.rows) == ""
    model.open(small)
    assert playing(model).progress.next_step == 0


def test_the_language_changes_in_the_middle_and_answers_stay(
    backend: Backend, kept: KeptAnswers
) -> None:
    model = LessonModel(backend, kept)
    model.open(GROUPS["lessons"].playables()[2])
    model.go_to(1)
    run(backend, model, 0)
    try:
        set_language("zh")
        model.translate()
        assert moment(model) == "see"
        assert playing(model).number == 1
        assert playing(model).lesson.title == "字节流没有消息边界"
        assert "你看到了什么？" in read(model)
    finally:
        set_language("en")
    model.translate()
    assert playing(model).lesson.title == "A stream has no messages"


def test_without_a_translation_the_text_stays_and_one_that_differs_is_refused(
    model: LessonModel, tmp_path: Path
) -> None:
    model.translate()
    assert playing(model).lesson.title == "A small lesson"
    english = written(tmp_path, SMALL, "two.en.md")
    written(tmp_path, SMALL.replace("minutes: 5", "minutes: 6"), "two.zh.md")
    model.open(english)
    try:
        set_language("zh")
        with pytest.raises(ValueError, match="translation"):
            model.translate()
    finally:
        set_language("en")
    assert playing(model).lesson.minutes == 5


def test_a_broken_file_is_complained_of_by_lines_and_the_rest_is_played(
    model: LessonModel, tmp_path: Path
) -> None:
    text = SMALL.replace("expect client received", "expect client recieved")
    model.open(written(tmp_path, text))
    assert "the other steps can be played" in read(model)
    line = next(n for n, line in enumerate(text.splitlines(), 1) if "recieved" in line)
    assert f'Line {line}: Found "recieved"' in read(model)
    assert playing(model).step.title == "A recorded case"
    model.open(written(tmp_path, "no header"))
    assert model.player is None
    assert "nothing to play" in read(model)
    assert "Line 1: Expected a header" in read(model)
    with pytest.raises(ValueError, match=r"missing\.md cannot be opened: there is no such file"):
        model.open(own_lesson(tmp_path / "missing.md"))


def test_the_list_tells_how_far_one_has_come(
    backend: Backend, model: LessonModel, kept: KeptAnswers, small: Playable, tmp_path: Path
) -> None:
    assert small.path is not None
    catalogue = Catalogue(kept, [str(tmp_path / "gone.md"), str(small.path)])
    for group in GROUP_WORDS:
        while catalogue.read_next(group):
            pass
    assert [one.playable.key for one in catalogue.entries("lessons")] == [*LESSONS]
    assert {(one.come[:5], one.right) for one in catalogue.entries("lessons")} == {("0 of ", "")}
    experiments = [one for kind in KINDS for one in catalogue.entries(kind)]
    assert {one.playable.key for one in experiments} == {
        f"experiment-{name}" for name in EXPERIMENTS
    }
    first, second = catalogue.entries(OWN)
    assert first[1:] == ("A small lesson", "5", "0 of 2", "", "", False)
    assert "gone.md cannot be opened" in second.title
    assert second.broken
    run(backend, model, WRONG)
    model.see(1)
    catalogue.forget("own-small")
    catalogue.read_next(OWN)
    assert catalogue.entries(OWN)[0][2:5] == ("5", "1 of 2", "0 of 1")
    assert catalogue.add_own(tmp_path / "gone.md").key == "own-gone"
    assert catalogue.own == [str(small.path), str(tmp_path / "gone.md")]
    assert catalogue.find("flow") is not None
    assert catalogue.find("nothing") is None
