"""What is set is in the file soon, and a file that cannot be written is said, once."""

from __future__ import annotations

import json
from pathlib import Path

from tests.gui.window import Window, told


def test_what_is_set_is_written_while_the_window_is_open(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    window.connect.address.text = "example.org:4242"
    window.app.switch_dark()
    window.wait(lambda: path.exists() and "4242" in path.read_text("utf-8"))
    assert json.loads(path.read_text("utf-8"))["window.dark"] is True


def test_what_has_not_changed_is_not_written_again(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    window.wait(path.exists)
    window.app.remembering.save()
    path.unlink()
    assert window.app.remembering.save()
    assert not path.exists()


def test_settings_that_cannot_be_written_are_told_once_in_the_page(
    window: Window, tmp_path: Path
) -> None:
    (tmp_path / "settings.json").unlink(missing_ok=True)
    (tmp_path / "settings.json").mkdir()
    window.app.switch_dark()
    banner = window.app.page.banner
    window.wait(lambda: "settings cannot be written" in told(banner))
    banner.clear()
    window.app.switch_dark()
    for _look in range(20):
        window.app.remembering.tick()
    assert told(banner) == ""
