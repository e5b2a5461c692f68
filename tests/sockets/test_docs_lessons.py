"""docs/lessons.md tells all words of a lesson, and its example plays as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netlib import EventQueue, Network
from netlib.lessons.player import Player
from netlib.teaching.lesson_reader import HEADINGS, MOST_FILE_BYTES
from netlib.teaching.lesson_words import FACTS, SERVICES, SYSTEMS, VERBS
from tests.lessons import lesson, play

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in
         ("lessons.md", "lessons.zh-CN.md")}  # fmt: skip
each = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


def example(page: str) -> str:
    (found,) = re.findall(r"^````markdown\n(.*?)^````$", page, re.MULTILINE | re.DOTALL)
    assert isinstance(found, str)
    return found


@each
def test_the_example_plays(page: str) -> None:
    small = lesson(example(page))
    assert small.without_source() == []
    queue = EventQueue(1 << 20)
    network = Network(queue)
    player = Player(small, network)
    assert play(player, queue) == ""
    player.close()
    assert network.close(5.0)


@each
def test_every_word_stands_there(page: str) -> None:
    told = set(re.findall(r"[a-z][a-z0-9-]*", " ".join(re.findall(r"`([^`\n]+)`", page))))
    every = " ".join(name for verb in VERBS.values() for name in verb.options)
    options = set(re.split(r"[ .]", every))
    fields = {name for fact in FACTS.values() for name in fact.fields}
    assert {*VERBS, *FACTS, *SERVICES, *SYSTEMS, *options, *fields} - told == set()
    assert all(f"### {heading}" in page for pair in HEADINGS.values() for heading in pair)
    assert f"{MOST_FILE_BYTES >> 10} KiB" in page
