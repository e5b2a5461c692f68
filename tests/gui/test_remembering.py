"""What is set is in the file soon, and a file that cannot be written is said, once."""

from __future__ import annotations

import json
from pathlib import Path

from gui.theme.screens import is_maximised, show
from netlib.recording.reader import Recording
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


def test_a_maximised_window_is_maximised_again_and_knows_what_it_was_before(
    window: Window, tmp_path: Path
) -> None:
    root, remembering = window.root, window.app.remembering
    remembering.save()
    before = window.app.settings.get("window.geometry", "")
    show(root, maximised=True)
    window.wait(lambda: is_maximised(root))
    remembering.save()
    kept = json.loads((tmp_path / "settings.json").read_text("utf-8"))
    assert (kept["window.maximised"], kept["window.geometry"]) == (True, before)
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.wm_attributes("-zoomed", False)
    else:
        root.wm_state("normal")
    window.wait(lambda: not is_maximised(root))
    remembering.save()
    assert window.app.settings.get("window.maximised", True) is False


def test_at_log_off_all_is_written_and_the_recording_stays_for_the_next_start(
    window: Window, tmp_path: Path
) -> None:
    """Windows calls what stands behind WM_SAVE_YOURSELF, and may end us at once after that."""
    port = window.start_server()
    window.connect.address.text = f"127.0.0.1:{port}"
    handler = window.root.tk.call("wm", "protocol", ".", "WM_SAVE_YOURSELF")
    window.root.tk.eval(handler)
    kept = json.loads((tmp_path / "settings.json").read_text("utf-8"))
    assert str(port) in kept["connect.address"]
    left = Recording(window.app.backend.recording.path)  # as the next start would find it
    assert sum(left.activities().values()) == sum(window.app.backend.under_way()[3:])
    left.close()
    assert window.app.pump.running  # somebody else may have stopped the log-off
