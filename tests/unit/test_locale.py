"""The Chinese catalogue is complete and fits the sources; `make catalogue` brings it up to date."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from netlib.cli import parser
from netlib.i18n import DOMAIN, LOCALE_FOLDER

HOUSE = Path(__file__).resolve().parents[2]
CATALOGUE = LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / DOMAIN
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
PLACES = re.compile(r"%\(\w+\)[-+# 0-9.,]*[a-z]|%%|\{\w*[^{}]*\}")
"""What is filled in later: %(name)s and {name:,}."""


@cache
def chinese() -> Catalog:
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        return read_po(file)


@cache
def sentences() -> frozenset[str]:
    """Return every sentence in the sources that is to be translated (of plurals the first form)."""

    def found() -> Iterator[str | tuple[str, ...]]:
        for folder in ("netlib", "gui"):
            for _file, _line, message, _notes, _context in extract_from_dir(
                HOUSE / folder, keywords=KEYWORDS
            ):
                yield message
        for _line, message, _notes, _context in extract_from_file(
            "python", HOUSE / "main.py", keywords=KEYWORDS
        ):
            yield message

    return frozenset(_first(message) for message in found())


def entries(catalogue: Catalog) -> dict[str, Message]:
    return {_first(message.id): message for message in catalogue if message.id}


def translations(catalogue: Catalog) -> dict[str, str]:
    return {
        text: said for text, entry in entries(catalogue).items() if (said := _first(entry.string))
    }


def _first(forms: str | list[str] | tuple[str, ...] | None) -> str:
    return forms if isinstance(forms, str) else (forms or [""])[0]


def _last(forms: str | list[str] | tuple[str, ...]) -> str:
    return forms if isinstance(forms, str) else forms[-1]


def test_every_sentence_has_its_chinese() -> None:
    assert sorted(sentences() - translations(chinese()).keys()) == []


def test_no_translation_is_left_over_or_uncertain() -> None:
    assert sorted(entries(chinese()).keys() - sentences()) == []
    assert not chinese().obsolete
    assert [text for text, message in entries(chinese()).items() if message.fuzzy] == []


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    messages = entries(chinese())
    differing = [
        text
        for text, said in translations(chinese()).items()
        if set(PLACES.findall(said)) != set(PLACES.findall(_last(messages[text].id)))
    ]
    assert differing == []


def test_chinese_is_punctuated_as_chinese() -> None:
    han = "[\u4e00-\u9fff]"
    latin = re.compile(f"{han}[,;!?]|[,;!?]{han}|{han}[.](\\s|$)|{han}:$")
    said = translations(chinese()).values()
    assert [text for text in said if latin.search(text)] == []


def test_the_compiled_catalogue_is_not_stale() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert translations(read_mo(file)) == translations(chinese())


def test_places_are_written_in_braces_but_in_the_sentences_of_argparse() -> None:
    percent = {text for text in sentences() if re.search(r"%\(\w+\)", text)}
    assert percent <= set(parser.ARGPARSE)


def test_no_sentence_stands_inside_an_f_string_where_it_would_not_be_found() -> None:
    sources = [HOUSE / "main.py", *(HOUSE / "netlib").rglob("*.py"), *(HOUSE / "gui").rglob("*.py")]
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in sources
        for text in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
