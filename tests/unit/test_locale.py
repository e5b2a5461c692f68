"""The Chinese catalogue is complete and fits the sources; `make catalogue` brings it up to date."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
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


HAN = "[\u4e00-\u9fff]"
SAMPLE = re.compile(r"“[^”]*”|'[^']*'")
"""What a person types or a peer sends stands as it is."""

NO_LONGER_SAID = re.compile(
    r"\b([Cc]hosen|[Ll]ook-up|[Dd]eadlines?|Abort|turned away|every interface|our side|other side"
    r"|other end|by us|for ever|goodbye|in vain|round trip)\b|tutorial(?!'s request)"
)
NO_LONGER_SAID_IN_CHINESE = re.compile(
    "对方|我方|复位|强制断开|期限|页签|选定|谢绝|回报|答复|域名查询|流量(?!控制)|告别"
    "|(?<!Socketboard )插座板|数据包|真实报文|(?<!正确)答案|发送端|接收端|您|计算机|默认路由器"
)
"""Other words for what the glossary in CONTRIBUTING.md has one word for."""


def english() -> list[str]:
    return [form for message in chinese() if message.id for form in _forms(message.id)]


def _forms(forms: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms)


def offending(pattern: str | re.Pattern[str], said: Iterable[str]) -> list[str]:
    return [text for text in said if re.search(pattern, text)]


def test_chinese_is_punctuated_as_chinese() -> None:
    said = [SAMPLE.sub("…", text) for text in translations(chinese()).values()]
    assert offending(f"{HAN}[,;!?(]|[,;!?)]{HAN}|{HAN}[.](\\s|$)|{HAN}:(\\s|$)", said) == []


def test_what_was_typed_stands_in_chinese_quotes() -> None:
    assert offending(f'"{{\\w+}}" ?{HAN}|{HAN} ?"{{', translations(chinese()).values()) == []


def test_no_blank_stands_between_two_chinese_sentences() -> None:
    assert offending("[。！？；，] +[^ ]", translations(chinese()).values()) == []


def test_an_ellipsis_is_one_character_close_to_its_word() -> None:
    assert offending(r"……|\.\.\.|[^\s,] …$", [*english(), *translations(chinese()).values()]) == []


def test_units_are_words_in_a_chinese_sentence() -> None:
    assert offending(r"[}\d] ?(ms|s|B|bytes?)\b", translations(chinese()).values()) == []


def test_english_quotes_are_straight() -> None:
    """The curly ones are full-width in the fonts of Chinese systems."""
    assert offending("[“”‘’]", english()) == []


def test_one_thing_has_one_word() -> None:
    said = [re.sub(r"\{\w*\}", "", text) for text in english()]
    assert offending(NO_LONGER_SAID, said) == []
    assert offending(NO_LONGER_SAID_IN_CHINESE, translations(chinese()).values()) == []


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
