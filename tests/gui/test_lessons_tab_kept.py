"""The Lessons tab: what is kept from one day to the next, other languages, files, small windows."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest

from gui.app import App
from gui.tools import tabs_width
from netlib.i18n import set_language
from netlib.teaching.lesson_list import LESSONS
from tests.gui.conftest import settings_in
from tests.gui.lessons import Reader
from tests.gui.window import Window, cells, told
from tests.lessons import SMALL


@pytest.fixture
def reader(window: Window) -> Reader:
    window.go("lessons")
    return Reader(window)


@pytest.fixture
def small(reader: Reader, tmp_path: Path) -> Reader:
    """Somebody who has opened a file of his own."""
    reader.open_text(tmp_path, SMALL)
    return reader


def test_text_is_selected_and_copied_without_the_places_where_lines_break(
    reader: Reader, tmp_path: Path
) -> None:
    said = "服务器应答每一行，`ACK` 除外，**永远**如此。"
    reader.open_text(tmp_path, SMALL.replace("What it is about.", said))
    text = reader.tab.page.text
    assert "服务器应答每一行，ACK 除外，永远如此。" in reader.text
    text.tag_add("sel", "1.0", "2.0")
    reader.window.press(text, "<Control-c>")
    assert text.clipboard_get() == "服务器应答每一行，ACK 除外，永远如此。  seen in this run\n"
    before = reader.text
    reader.window.press(text, "<x>")
    assert reader.text == before


def test_the_language_changes_in_the_middle(reader: Reader) -> None:
    reader.open("stream")
    reader.tab.model.go_to(1)
    reader.window.settle()
    reader.tab.page.radios[1].invoke()
    reader.window.app.switch_language()
    reader.window.settle()
    assert "一次发送" in reader.text or "发送" in reader.text
    assert "Your prediction" not in reader.text
    assert reader.tab.page.answer() == 1  # what was chosen and not run yet
    reader.run()
    assert reader.main == "回答"
    reader.window.app.switch_language()
    reader.window.settle()
    assert "What did you see?" in reader.text
    assert (reader.main, reader.player.number) == ("Answer", 1)


def test_a_lesson_without_translation_stays_as_it_is_and_it_is_said(
    reader: Reader, tmp_path: Path
) -> None:
    reader.open_text(tmp_path, SMALL, "two.en.md")
    other = SMALL.replace("minutes: 5", "minutes: 6")
    (tmp_path / "two.zh.md").write_text(other, encoding="utf-8")
    reader.window.app.switch_language()
    reader.window.settle()
    assert "A client sends a line." in reader.text
    assert "没有译文" in told(reader.tab.banner)


def test_a_broken_file_is_complained_of_in_a_list_and_the_rest_is_played(
    reader: Reader, tmp_path: Path
) -> None:
    wrong = SMALL.replace("serve server acknowledge", "serv server acknowledge")
    reader.open_text(tmp_path, wrong)
    line = wrong.splitlines().index("serv server acknowledge") + 1
    assert "Something is wrong with this file; the other steps can be played." in reader.text
    assert f'! Line {line}: Found "serv"' in reader.text
    assert "1. A recorded case" in reader.text
    reader.play_step(predicts_rightly=True, sees_rightly=True)
    reader.open_text(tmp_path, "no lesson", "none.md")
    assert "There is nothing to play in this file." in reader.text
    assert "! Line 1: Expected a header" in reader.text
    assert not reader.tab.foot.main.winfo_ismapped()
    reader.tab.head.leave.invoke()
    reader.window.wait(lambda: len(cells(reader.tab.list.table)) == len(LESSONS))
    reader.tab.list.open_file(tmp_path / "missing.md")
    assert "missing.md cannot be opened: there is no such file" in told(reader.tab.banner)


def test_a_file_without_a_lesson_has_neither_title_nor_picture_of_another(
    reader: Reader, tmp_path: Path
) -> None:
    picture, rows = reader.tab.picture, reader.tab.model.lesson_run.rows
    reader.open_text(tmp_path, SMALL)
    reader.play_step(predicts_rightly=True, sees_rightly=True)
    assert rows.count() > 0
    reader.open_text(tmp_path, "no lesson", "none.md")
    assert reader.tab.head.title.cget("text") == "none.md"
    assert rows.count() == 0
    reader.open_text(tmp_path, SMALL)
    reader.tab.model.go_to(1)
    reader.window.settle()
    reader.play_step(predicts_rightly=True, sees_rightly=True)
    reader.window.wait(lambda: picture.shown is not picture.run)
    reader.open_text(tmp_path, "no lesson", "none.md")
    assert picture.shown is picture.run


def test_peers_of_the_eye_cannot_be_smuggled_into_the_text(reader: Reader, tmp_path: Path) -> None:
    reader.open_text(tmp_path, SMALL.replace("What it is about.", "a\u202eb\x00c\x1b[31m"))
    assert "\u202e" not in reader.text
    assert "<U+202E>" in reader.text
    assert r"\x1b" in reader.text


def test_a_window_closed_in_the_middle_goes_on_there(window: Window, tmp_path: Path) -> None:
    reader = Reader(window)
    reader.open("stream")
    reader.play_step(predicts_rightly=False, sees_rightly=True)
    reader.press()
    reader.answer(reader.player.step.prediction, rightly=True)
    reader.tab.foot.main.invoke()  # and no proof is waited for
    window.app.close()
    root = tk.Tk()
    app = App(root, settings_in(tmp_path))
    app.backend.packets.automatic = False
    again = Reader(Window(app))
    try:
        again.window.go("lessons")
        again.window.settle()
        assert (again.player.lesson.name, again.player.number) == ("stream", 1)
        first, second = again.player.progress.steps[:2]
        assert first.done
        assert second.prediction is not None
        assert second.prediction.right
        again.tab.model.go_to(0)
        again.window.settle()
        assert "Proven in an earlier run." in again.text
    finally:
        app.close()
        set_language("en")


def test_a_damaged_file_of_answers_is_told_and_kept_aside(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    file = tmp_path / "lessons" / "stream.json"
    file.write_bytes(b"\xff\x00")
    reader.open("stream")
    assert "Earlier answers cannot be read" in told(reader.tab.banner)
    assert file.with_name("stream.json.unreadable").read_bytes() == b"\xff\x00"
    reader.play_step(predicts_rightly=True, sees_rightly=True)
    assert file.exists()


def test_in_a_narrow_window_text_or_picture_is_shown(small: Reader) -> None:
    window, tab = small.window, small.tab
    assert not tab.head.part.winfo_ismapped()
    window.root.geometry("800x500")
    window.wait(tab.head.part.winfo_ismapped)
    assert tab.page.winfo_ismapped()
    assert not tab.picture.winfo_ismapped()
    small.answer(small.player.step.prediction, rightly=True)
    small.run()
    window.wait(tab.picture.winfo_ismapped)
    assert not tab.page.winfo_ismapped()
    tab.head.part.choose("text")
    window.wait(tab.page.winfo_ismapped)
    small.answer(small.player.step.seen, rightly=True)
    small.press()
    assert small.tab.model.moment == "why"


def test_control_5_goes_to_the_lessons(window: Window) -> None:
    window.press(window.connect.address.entry, "<Control-Key-5>")
    window.wait(lambda: window.app.tabs.shown_key == "lessons")


def test_the_projector_shows_the_traffic_of_the_run(small: Reader) -> None:
    small.answer(small.player.step.prediction, rightly=True)
    small.run()
    small.window.app.projector.toggle()
    small.window.settle()
    try:
        assert small.window.app.projector.on
        assert small.window.app.projector._line.address.cget("text") == "A small lesson"
    finally:
        small.window.app.projector.end()


def test_at_large_text_the_buttons_stay_in_sight_and_names_of_tabs_are_whole(
    small: Reader,
) -> None:
    window, root = small.window, small.window.root
    root.geometry("960x540")
    window.app.theme.dress(size=24)
    main = small.tab.foot.main
    window.wait(lambda: small.tab.composer_area.winfo_manager() == "place")
    window.settle()
    assert main.winfo_rooty() + main.winfo_height() <= root.winfo_rooty() + root.winfo_height()
    root.geometry("800x500")
    window.app.theme.dress(size=32)
    notebook = window.app.main_window.notebook
    window.wait(lambda: root.winfo_width() == 800)
    window.settle()
    assert tabs_width(notebook) <= notebook.winfo_width()
