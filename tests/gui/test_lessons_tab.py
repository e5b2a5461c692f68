"""The Lessons tab: what is locked, told, kept, shown and typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gui.tabs import lesson_foot
from gui.widgets.bubble import Bubble
from gui.widgets.tooltip import words_of
from netlib.system import namespace
from netlib.teaching.lesson_list import LESSONS
from tests.gui.lessons import Reader
from tests.gui.window import Window, cells, told
from tests.lessons import SMALL, scripted_text
from tests.processes import processes_about


@pytest.fixture
def reader(window: Window) -> Reader:
    window.go("lessons")
    return Reader(window)


@pytest.fixture
def small(reader: Reader, tmp_path: Path) -> Reader:
    """Somebody who has opened a file of his own."""
    reader.open_text(tmp_path, SMALL)
    return reader


def foot(reader: Reader) -> str:
    """Return what the foot says."""
    return str(reader.tab.foot.told.label.cget("text"))


def stages(reader: Reader) -> list[str]:
    """Return what the bars say."""
    return [str(label.cget("text")) for label in reader.tab.stages.labels]


def test_a_list_shows_every_lesson_and_enter_begins_the_first(reader: Reader) -> None:
    tab = reader.tab
    reader.window.wait(lambda: len(cells(tab.list.table)) == len(LESSONS))
    assert cells(tab.list.table)[0] == ("Four layers", "20", "0 of 5", "")
    reader.window.press(tab.list.table.tree, "<Return>")
    reader.window.settle()
    assert reader.player.lesson.name == "layers"
    assert reader.text.startswith("A network is built in layers") or "1. " in reader.text


def test_run_is_locked_until_a_prediction_was_given_and_says_why(small: Reader) -> None:
    assert small.main == "Run"
    assert small.locked
    assert foot(small) == words_of(small.tab.foot.main) == lesson_foot.LOCKED
    small.tab.foot.main.invoke()
    assert not small.tab.model.lesson_run.under_way
    small.tab.page.radios[1].invoke()
    assert not small.locked
    assert str(small.tab.foot.main.cget("style")) == "Accent.TButton"
    assert stages(small) == ["1 Predict", "2 The run", "3 See", "4 Understand"]
    small.run()
    assert small.main == "Answer"
    assert small.locked
    assert stages(small) == ["✓ Predict", "✓ The run", "3 See", "4 Understand"]


def test_it_is_played_by_the_keyboard_alone(small: Reader) -> None:
    window, page = small.window, small.tab.page
    assert window.root.focus_get() is page.radios[0]
    window.press(page.radios[0], "<Down>")
    assert window.root.focus_get() is page.radios[1]
    window.press(page.radios[1], "<space>")
    assert page.answer() == 1
    window.wait(lambda: small.tab.foot.main.ready)
    window.press(page.radios[1], "<Return>")
    window.wait(lambda: small.tab.model.moment == "see")
    window.settle()
    field = page.field
    assert field is not None
    assert window.root.focus_get() is field.entry
    field.entry.insert(0, "1")
    window.wait(lambda: small.tab.foot.main.ready)
    window.press(field.entry, "<Return>")
    window.settle()
    assert small.tab.model.moment == "why"
    assert window.root.focus_get() is page.text
    window.wait(lambda: small.tab.foot.main.ready)
    window.press(page.text, "<Return>")
    window.settle()
    assert small.player.number == 1


def test_a_key_brings_the_choice_it_leads_to_into_sight(small: Reader) -> None:
    window, text = small.window, small.tab.page.text
    first, second = small.tab.page.radios
    window.root.geometry("800x500")
    small.window.app.theme.dress(size=20)
    window.wait(lambda: text.bbox(str(second)) is None)
    window.press(first, "<Down>")
    second.event_generate("<KeyRelease-Down>")
    window.wait(lambda: text.bbox(str(second)) is not None)


NO_NUMBERS = {
    "": "Please type a number first.",
    "   ": "Please type a number first.",
    "3,5": "A point stands before the decimals: 3.5",
    "３，５": "A point stands before the decimals: 3.5",
    **dict.fromkeys(("three", "1e5", "nan", "٣", "9" * 20), "as in 12 or 3.5"),
}


def test_what_is_no_number_is_told_at_its_field(
    small: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.answer(small.player.step.prediction, rightly=True)
    small.run()
    field = small.tab.page.field
    assert field is not None
    assert small.locked
    shown: list[str] = []
    monkeypatch.setattr(Bubble, "show", lambda _self, text: shown.append(text))
    for typed, said in NO_NUMBERS.items():
        field.text = typed
        small.window.press(field.entry, "<Return>")
        assert said in shown.pop()
        assert field.entry.instate(["invalid"])
        assert small.player.state.seen is None
    field.text = " －１２．５"  # as an input method of Chinese writes it
    small.press()
    assert small.player.state.seen is not None
    assert small.player.state.seen.given == -12.5


def test_what_the_run_waits_for_is_told_and_a_proof_that_never_comes(
    reader: Reader, tmp_path: Path
) -> None:
    script = ("serve server echo", "expect server listening", "expect server accepted within=1")
    reader.open_text(tmp_path, scripted_text(*script))
    reader.answer(reader.player.step.prediction, rightly=True)
    reader.press()
    assert foot(reader) == "Waiting for: server: it has accepted a connection (within=1)"
    assert reader.main == "Stop"
    reader.window.wait(lambda: reader.main == "Run again")
    assert "✓ server: it listens" in reader.text
    assert "✗ This has not come within 1 s: server: it has accepted a connection" in reader.text
    assert foot(reader) == lesson_foot.FAILED
    reader.run()
    assert reader.player.state.runs == 2
    reader.tab.foot.without.invoke()
    reader.window.settle()
    reader.answer(reader.player.step.seen, rightly=False)
    reader.press()
    assert "The server answers each line." in reader.text
    assert foot(reader).startswith("Proven: 0 of 2 steps. Predictions: 1 of 1 right. ")


def test_escape_stops_the_run(reader: Reader, tmp_path: Path) -> None:
    reader.open_text(
        tmp_path, scripted_text("serve server echo", "expect server accepted within=30")
    )
    reader.answer(reader.player.step.prediction, rightly=True)
    reader.press()
    reader.window.press(reader.tab.page.text, "<Escape>")
    reader.window.settle()
    assert reader.main == "Run"
    assert not reader.locked  # the prediction is given, and stays


def test_a_run_goes_on_though_another_tab_is_in_sight(small: Reader) -> None:
    small.answer(small.player.step.prediction, rightly=True)
    small.tab.foot.main.invoke()
    small.window.go("connect")
    small.window.wait(lambda: small.player.state.proof)
    small.window.go("lessons")
    assert small.main == "Answer"


def test_the_ladder_of_the_run_stands_beside_the_text_and_the_other_views_are_there(
    small: Reader,
) -> None:
    pane = small.tab.picture.shown
    assert pane.view.key == "ladder"
    assert {"boundaries", "kernel", "log"} <= {*pane.view.offered}
    small.answer(small.player.step.prediction, rightly=True)
    small.run()
    small.window.wait(lambda: pane.calls.count() >= 6)
    rungs = pane.calls.rungs(0, pane.calls.count())
    assert b"hi\n" in [rung.call.data for rung in rungs]
    small.tab.model.go_to(1)
    small.window.wait(lambda: not pane.calls.count())


def test_a_recorded_case_stands_in_place_of_a_run_and_it_is_said(small: Reader) -> None:
    small.tab.model.go_to(1)
    small.window.settle()
    assert small.main == "Show the recorded case"
    small.answer(small.player.step.prediction, rightly=False)
    small.run()
    tab = small.tab
    small.window.wait(lambda: tab.picture.shown is not tab.picture.run)
    pane = tab.picture.shown
    small.window.wait(lambda: pane.calls.count() > 0)
    assert any(rung.packet is not None for rung in pane.calls.rungs(0, pane.calls.count()))
    assert "its recorded case is shown, The handshake." in small.text
    tab.model.go_to(0)
    small.window.wait(lambda: tab.picture.shown is tab.picture.run)


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_a_case_is_recorded_here_when_that_is_asked_for(small: Reader) -> None:
    tab, window = small.tab, small.window
    tab.model.go_to(1)
    window.settle()
    live = tab.foot.live
    assert words_of(live), "it says why it cannot be pressed"
    small.answer(small.player.step.prediction, rightly=True)
    window.wait(lambda: not live.instate(["disabled"]))
    live.invoke()
    window.wait(lambda: tab.model.moment == "see", 30.0)
    assert "Recorded on this computer just now: The handshake." in small.text
    assert small.player.state.proof == "live case handshake"
    window.wait(lambda: tab.picture.shown is not tab.picture.run)
    pane = tab.picture.shown
    window.wait(lambda: pane.calls.count() > 0)
    assert any(rung.packet is not None for rung in pane.calls.rungs(0, pane.calls.count()))
    recording = small.player.recordings[1]
    assert recording.exists()
    tab.model.lesson_run.close()
    assert not recording.parent.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces")
def test_a_case_that_is_being_recorded_can_be_given_up(reader: Reader, tmp_path: Path) -> None:
    reader.open_text(tmp_path, SMALL.replace("case handshake", "case unanswered"))
    tab, window = reader.tab, reader.window
    tab.model.go_to(1)
    window.settle()
    reader.answer(reader.player.step.prediction, rightly=True)
    window.wait(lambda: not tab.foot.live.instate(["disabled"]))
    tab.foot.live.invoke()  # takes five seconds
    window.wait(lambda: reader.main == "Stop")
    assert foot(reader) == "Waiting for: the case, which happens and is recorded now"
    assert not tab.foot.live.winfo_ismapped()
    recorder = f"{tab.model.lesson_run.live.folder}/.socketboard-"
    window.wait(lambda: processes_about(recorder))
    reader.press()
    window.wait(lambda: not processes_about(recorder))
    assert reader.main == "Show the recorded case"
    assert (reader.player.state.proof, reader.player.recordings) == ("", {})
    reader.run()
    assert reader.player.state.proof == "case unanswered"


def test_where_no_case_can_be_recorded_the_button_says_why(
    small: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespace, "PROGRAMS", ("nft-of-nobody",))
    tab = small.tab
    tab.model.go_to(1)
    why = "nft-of-nobody is missing" if sys.platform == "linux" else "this system is not Linux"
    small.window.wait(lambda: words_of(tab.foot.live) == f"Not recorded here: {why}.")
    assert tab.foot.live.instate(["disabled"])
    small.answer(small.player.step.prediction, rightly=True)
    small.run()
    assert small.player.state.proof == "case handshake"
    assert tab.foot.live.instate(["disabled"])


def test_begin_again_asks_first_and_forgets_all_answers(small: Reader) -> None:
    small.play_step(predicts_rightly=False, sees_rightly=True)
    small.press()
    small.tab.head.again.invoke()
    assert "would be forgotten" in told(small.tab.banner)
    assert small.player.progress.steps[0].done
    small.tab.banner.cure.invoke()
    small.window.settle()
    assert small.player.number == 0
    assert small.player.progress.next_step == 0
    assert small.locked


def test_back_shows_what_was_answered_and_the_steps_can_be_chosen(small: Reader) -> None:
    assert small.tab.foot.back.instate(["disabled"])
    small.play_step(predicts_rightly=False, sees_rightly=True)
    small.press()
    small.tab.foot.back.invoke()
    small.window.settle()
    assert "Your prediction: Nothing." in small.text
    assert "✗ Not so. It did." in small.text
    assert small.tab.head.step.get() == "1. One line ✓"
    small.tab.head.step.current(1)
    small.tab.head.step.event_generate("<<ComboboxSelected>>")
    small.window.settle()
    assert small.player.number == 1


def test_an_answer_is_never_taken_for_another_question(reader: Reader) -> None:
    reader.open("stream")
    reader.tab.page.radios[2].invoke()
    reader.tab.model.go_to(1)  # and nothing of it is shown yet
    reader.tab.foot.main.invoke()
    assert reader.player.state.prediction is None
    assert not reader.tab.model.lesson_run.under_way
