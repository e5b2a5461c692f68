"""Scripts of lessons, line by line: what each says, or what was expected instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from netlib.i18n import _
from netlib.teaching.lesson_words import (
    FACTS,
    MOST_BYTES,
    OF_TCP,
    OF_UDP,
    SERVICES,
    USUAL_SECONDS,
    VERBS,
    WITHIN,
    Convert,
    Reference,
    Value,
    Verb,
    a_fact,
    a_name,
)
from netlib.text import visible
from netlib.value import value

_WORD: Final = r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+'


@value()
class Condition:
    """What a field must be."""

    field: str
    relation: str
    """One of RELATIONS."""
    wanted: Value


@value(kw_only=True)
class Line:
    """One line of a script."""

    number: int
    """In its file, from 1."""
    text: str
    """As it is written."""
    verb: str
    actor: str = ""
    operand: Value = ""
    """What the verb is about: service, server, data or fact."""
    options: Mapping[str, Value] = {}
    conditions: tuple[Condition, ...] = ()
    within: float = USUAL_SECONDS
    """How long it is waited for, in seconds."""


RELATIONS: Final = (">=", "<=", "=")


def parse_line(text: str, number: int, actors: set[str]) -> Line:
    """Read a line; a new name goes into `actors`. ValueError with a sentence: what was expected."""
    tokens = re.findall(_WORD, text)
    if "".join(tokens) != re.sub(r'("(?:[^"\\]|\\.)*")|\s', r"\1", text):
        raise ValueError(_("Expected a closing quote."))
    word, *rest = tokens
    if word not in VERBS:
        raise _expected(word, _("one of: {words}").format(words=", ".join(VERBS)))
    verb = VERBS[word]
    actor = _take_actor(verb, rest, actors)
    operand = _take_operand(verb, rest)
    if verb.operand is a_name:
        _check_known(str(operand), actors)
    facts = FACTS[str(operand)].fields if verb.operand is a_fact else {}
    conditions, options = _take_fields(rest, facts, verb.options)
    for named in (*(one.wanted for one in conditions), *options.values()):
        if isinstance(named, Reference):
            _check_known(named.actor, actors)
    _check_transport(word, str(operand), options)
    _check_total(operand, options)
    if verb.actor == "new":
        actors.add(actor)
    within = options.pop("within", USUAL_SECONDS)
    assert isinstance(within, float)
    return Line(
        number=number,
        text=text.strip(),
        verb=word,
        actor=actor,
        operand=operand,
        options=options,
        conditions=conditions,
        within=within,
    )


def in_words(line: Line) -> str:
    """Return in words what a line waits for, or does."""
    if line.verb == "cannot-send":
        return _("{actor}: it cannot send").format(actor=line.actor)
    if line.verb not in {"expect", "not-yet"}:
        return line.text
    told = _(FACTS[str(line.operand)].words)
    asked = line.text.split(maxsplit=3)[3:]
    if line.verb == "not-yet":
        told = _("not yet: {fact}").format(fact=told)
    if asked:
        told = _("{fact} ({fields})").format(fact=told, fields=asked[0])
    return _("{actor}: {fact}").format(actor=line.actor, fact=told)


def _take_actor(verb: Verb, rest: list[str], actors: set[str]) -> str:
    if not verb.actor:
        return ""
    if not rest:
        raise _expected("", _("a name of small letters, digits and hyphens"))
    actor = rest.pop(0)
    try:
        a_name(actor)
    except ValueError as wrong:
        raise _expected(actor, str(wrong)) from None
    if verb.actor == "known":
        _check_known(actor, actors)
    elif actor in actors:
        raise _expected(actor, _("a new name"))
    return actor


def _check_known(actor: str, actors: set[str]) -> None:
    if actor not in actors:
        told = _("a name that a line before has given: {words}")
        raise _expected(actor, told.format(words=", ".join(sorted(actors)) or "–"))


def _check_transport(verb: str, operand: str, options: Mapping[str, Value]) -> None:
    """See that a service speaks its transport, and that of each no more is asked than it can."""
    over = str(options.get("over", "tcp"))
    if verb == "serve" and over not in SERVICES[operand]:
        wanted = " ".join(f"over={one}" for one in SERVICES[operand])
        raise _expected(f"over={over}", _("one of: {words}").format(words=wanted))
    if over == "udp" and (wrong := sorted(OF_TCP.get(verb, frozenset()) & options.keys())):
        raise _expected(f"{wrong[0]}=", _("over=tcp for that"))
    if verb == "relay" and over == "tcp" and (wrong := sorted(OF_UDP & options.keys())):
        raise _expected(f"{wrong[0]}=", _("over=udp for that"))


def _check_total(operand: Value, options: Mapping[str, Value]) -> None:
    """See that a line that sends several times does not send too much."""
    times = options.get("times", 1.0)
    if (
        isinstance(operand, bytes)
        and isinstance(times, float)
        and len(operand) * times > MOST_BYTES
    ):
        told = _("at most {count:,} bytes in all").format(count=MOST_BYTES)
        raise _expected(f"times={times:g}", told)


def _take_operand(verb: Verb, rest: list[str]) -> Value:
    if verb.operand is None:
        return ""
    word = rest.pop(0) if rest else ""
    try:
        if not word:
            raise _expected("", _(verb.expected))
        return verb.operand(word)
    except ValueError as wrong:
        raise _expected(word, str(wrong)) if word else wrong from None


def _take_fields(
    rest: list[str],
    facts: Mapping[str, Convert],
    options: Mapping[str, Convert],
) -> tuple[tuple[Condition, ...], dict[str, Value]]:
    """Read what stands behind: conditions of a fact, options of a verb, `within`."""
    conditions, taken = [], {}
    known = {**facts, **options, "within": WITHIN}
    for token in rest:
        found = re.match(r"([a-z.-]+)(>=|<=|=)", token)
        if found is None or found[1] not in known or (found[1] not in facts and found[2] != "="):
            words = ", ".join(f"{name}=" for name in known)
            raise _expected(token, _("one of: {words}").format(words=words))
        try:
            read = known[found[1]](token[found.end() :])
        except ValueError as wrong:
            raise _expected(token, str(wrong)) from None
        if found[1] in facts:
            conditions.append(Condition(found[1], found[2], read))
        else:
            taken[found[1]] = read
    return tuple(conditions), taken


def _expected(found: str, wanted: str) -> ValueError:
    if not found:
        return ValueError(_("Expected {wanted}.").format(wanted=wanted))
    told = _('Found "{found}"; expected {wanted}.')
    return ValueError(told.format(found=visible(found, limit=60), wanted=wanted))
