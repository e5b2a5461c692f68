"""The files: everything is in them, under one name, and always the same bytes."""

from __future__ import annotations

import calendar
import hashlib
import os
import sys
import tarfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from netlib import __version__
from tests.installed.conftest import call, copy_house, tracked

INFO = f"socketboard-{__version__}.dist-info"
FRONT = "gui/installed"
"""The folder that becomes `socketboard` itself."""
GENERATED = {"PKG-INFO", "setup.cfg"}


def _names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as packed:
        return set(packed.namelist())


def _contents(sdist: Path) -> dict[str, bytes]:
    """Return the files of a source archive by their names below its only folder."""
    contents = {}
    with tarfile.open(sdist) as packed:
        for member in packed:
            if (file := packed.extractfile(member)) is not None:
                contents[member.name.partition("/")[2]] = file.read()
    return contents


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as packed:
        return BytesParser().parsebytes(packed.read(f"{INFO}/METADATA"))


def test_nothing_but_socketboard_lies_at_the_top_of_the_wheel(wheel: Path) -> None:
    assert {name.partition("/")[0] for name in _names(wheel)} == {"socketboard", INFO}


def test_the_wheel_has_every_file_of_the_program_and_no_other(wheel: Path) -> None:
    expected = {
        "socketboard/" + name.removeprefix(f"{FRONT}/")
        for name in tracked()
        if name.startswith(("netlib/", "gui/")) and not name.endswith(".po")
    }
    assert {name for name in _names(wheel) if not name.startswith(INFO)} == expected


def test_the_source_archive_is_the_repository(sdist: Path) -> None:
    found = {name for name in _contents(sdist) if "socketboard.egg-info/" not in name}
    assert found - GENERATED == tracked()


def test_the_same_bytes_come_from_another_folder_umask_and_hour(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    with ZipFile(wheel) as packed:
        built = packed.infolist()[0].date_time
    old = os.umask(0o077)
    try:
        tree = copy_house(tmp_path / "another place")
        epoch = {**os.environ, "SOURCE_DATE_EPOCH": str(calendar.timegm(built))}
        build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path)
        call(*build, env=epoch, cwd=tree)
    finally:
        os.umask(old)
    assert _digest(tmp_path / wheel.name) == _digest(wheel)
    assert _contents(tmp_path / sdist.name) == _contents(sdist)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_metadata_say_all_that_is_known(wheel: Path) -> None:
    said = _metadata(wheel)
    assert (said["Name"], said["Version"]) == ("socketboard", __version__)
    assert (said["License-Expression"], said["License-File"]) == ("MIT", "LICENSE")
    assert said["Requires-Python"] == ">=3.11"
    assert said["Description-Content-Type"] == "text/markdown"
    assert all(said[field] for field in ("Summary", "Keywords", "Author"))
    assert "make run" in said.get_payload()
    classifiers = said.get_all("Classifier", [])
    assert "Programming Language :: Python :: 3.11" in classifiers
    assert [one for one in classifiers if one.startswith("License")] == []  # SPDX says it


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_the_checker_of_the_registry_finds_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    file = request.getfixturevalue(kind)
    twine = (sys.executable, "-m", "twine", "--no-color", "check", "--strict", file)
    assert "PASSED" in call(*twine, env=dict(os.environ), cwd=tmp_path)
