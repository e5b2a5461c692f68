"""Where a dialog begins, and under which name a file is offered."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs
import pytest

from gui.models.file_places import dated_name, documents


def test_without_documents_it_is_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_documents_dir", lambda: str(tmp_path))
    assert documents() == tmp_path
    monkeypatch.setattr(platformdirs, "user_documents_dir", lambda: str(tmp_path / "none"))
    assert documents() == Path.home()


def test_a_name_says_when(tmp_path: Path) -> None:
    form = r"socketboard-\d{4}-\d\d-\d\d-\d{4}\.socketboard"
    assert re.fullmatch(form, dated_name(".socketboard"))
    assert dated_name(".json", "messages").startswith("socketboard-messages-2")
