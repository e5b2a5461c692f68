"""What a network error means to somebody who meets it for the first time.

Every cause is told in four parts: what happened, what crossed the network, likely reasons, and
something to try. Where the same cause means different things to different operations, or where more
is known (`error_words.words.Variant`), it has words of its own. Translated when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from netlib.errors import Cause, NetError, code_name
from netlib.i18n import _, language
from netlib.text import visible_text
from netlib.value import NamedTuple

if TYPE_CHECKING:
    from netlib.teaching.error_words.words import Variant, Words

SHORT_SECONDS: Final = 3.0
"""A limit below this hides a refusal on Windows, which repeats a refused SYN for about 2 s."""

_LAST_PRIVILEGED: Final = 1023


class Explanation(NamedTuple):
    """An error in words, in the language in use; every part is one line, safe to show."""

    sentence: str
    """What happened, at every address that was tried."""
    wire: str
    """What is known to have crossed the network; empty: nothing is."""
    reasons: tuple[str, ...]
    """What may be behind it, most likely first; sentences."""
    advice: str
    """What to try; empty: nothing need be."""


def explain(error: NetError) -> Explanation:
    """Return the error in words, in the language in use."""
    words = _words(error)
    groups = list(_groups(error))
    return Explanation(
        beside(*(_filled(_words(first).what, first, where) for first, where in groups)),
        _filled(words.wire, *groups[0]),
        tuple(_filled(reason, *groups[0]) for reason in words.reasons),
        _filled(words.advice, *groups[0]),
    )


def code_words(error: NetError) -> str:
    """Return symbol and number, `ECONNREFUSED 111`, the same in all languages; empty: neither."""
    if error.code is None:
        return ""
    return f"{code_name(error)} {error.code}".lstrip()


def numbered(reasons: Sequence[str]) -> str:
    """Return reasons as one line: numbered, where there is more than one."""
    if len(reasons) == 1:
        return reasons[0]
    return beside(*(f"{number}. {reason}" for number, reason in enumerate(reasons, 1)))


def in_words(error: NetError) -> str:
    """Return the lines What, On the wire, Likely reasons, Try; without those that are empty."""
    words = explain(error)
    lines = [_("What: {text}").format(text=in_short(error))]
    if words.wire:
        lines.append(_("On the wire: {text}").format(text=words.wire))
    lines.append(_("Likely reasons: {text}").format(text=numbered(words.reasons)))
    if words.advice:
        lines.append(_("Try: {text}").format(text=words.advice))
    return "\n  ".join(lines)


def in_short(error: NetError) -> str:
    """Return one short line: what happened, what else is known, and symbol and number."""
    return beside(*(_in_short(first, where) for first, where in _groups(error)))


def _in_short(error: NetError, where: str) -> str:
    template = _words(error).what
    line = _filled(template, error, where)
    detail = "" if "{detail}" in template else visible_text(error.detail, 200)
    known = tuple(filter(None, (detail, code_words(error))))
    if not known:
        return line
    with_known = _("{line} ({system}).")
    return with_known.format(line=line.rstrip(".。"), system=_(", ").join(known))


def load_words() -> None:
    """Load the words now: a program that has no more files to open cannot do so when it must."""
    import netlib.teaching.error_words  # noqa: F401


def _words(error: NetError) -> Words:
    """Return the row of the table that fits best."""
    from netlib.teaching.error_words import TABLE  # only now: few programs' first picture is one

    keys = [
        (operation, error.cause, variant)
        for operation in (error.operation, None)
        for variant in _variants(error)
    ]
    return next(TABLE[key] for key in keys if key in TABLE)


def _variants(error: NetError) -> Iterator[Variant]:
    """Say what else is known, most telling first."""
    seconds, endpoint = error.seconds, error.endpoint
    known: dict[Variant, bool] = {
        "service": bool(error.service),
        "program": bool(error.detail),
        "short": seconds is not None and seconds < SHORT_SECONDS,
        "ours": seconds is not None,
        "windows": code_name(error).startswith("WSA"),
        "low port": endpoint is not None and endpoint.port <= _LAST_PRIVILEGED,
        "ipv6": endpoint is not None and ":" in endpoint.host,
        "": True,
    }
    return (variant for variant, holds in known.items() if holds)


def _groups(error: NetError) -> Iterator[tuple[NetError, str]]:
    """Put together the addresses that said the same; name them."""
    by_cause: dict[Cause, list[NetError]] = {}
    for one in (error, *error.others):
        by_cause.setdefault(one.cause, []).append(one)
    for group in by_cause.values():
        places = (visible_text(str(one.endpoint), 300) for one in group if one.endpoint)
        yield group[0], _(", ").join(dict.fromkeys(places))


def _filled(sentence: str, error: NetError, where: str) -> str:
    """Translate a sentence, and put in what is known."""
    template = _(sentence)
    if not where and language() == "zh":  # no blanks round a Chinese word
        template = re.sub(r" ?(\{where\}) ?", r"\1", template)
    return template.format(
        where=where or _("the peer"),
        host=visible_text(error.endpoint.host, 200) if error.endpoint else "?",
        seconds="" if error.seconds is None else f"{error.seconds:g}",
        detail=visible_text(error.detail, 200),
        service=visible_text(error.service, 60),
    )


def beside(*sentences: str) -> str:
    """Return sentences one after another: in Chinese nothing stands between them."""
    return ("" if language() == "zh" else " ").join(sentences)
