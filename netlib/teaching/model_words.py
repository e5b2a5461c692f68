"""What the models of a server show, in words: the figures of each, and what became of a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netlib.i18n import N_, _
from netlib.text import milliseconds

FIGURES: Final[dict[str, str]] = {
    "connected": N_("connected"),
    "served": N_("being served"),
    "answered": N_("answered"),
    "rate": N_("answers/s"),
    "longest": N_("longest wait"),
}
"""The figures in their order, with what each is called."""


def figure(name: str, number: float) -> str:
    """Return a figure as it is shown."""
    if name == "longest":
        return duration(number)
    return f"{number:.1f}" if name == "rate" and number < 10 else f"{number:,.0f}"


def duration(seconds: float) -> str:
    """Return a duration: 12.3 ms, 2.05 s."""
    if seconds < 0.9995:
        return milliseconds(seconds)
    return _("{number} s").format(number=f"{seconds:.2f}")


def in_one_line(model: str, figures: Mapping[str, float]) -> str:
    """Return the figures of a model as one line."""
    words = _(
        "{model}: {connected} connected, {served} being served, {answered} answered; "
        "{rate} answers a second; longest wait {longest}"
    )
    shown = {name: figure(name, figures[name]) for name in FIGURES}
    return words.format(model=model, **shown)


def in_queue(number: int, waited: float) -> str:
    """Return what a client is told by that is connected and not accepted, after some seconds."""
    words = _(
        "Client {number}: connected, and its question is sent; but the program has not accepted "
        "it: it has been in the accept queue for {waited}."
    )
    return words.format(number=number, waited=duration(waited))


def accepted(number: int, queued: float, answers: int, longest: float) -> str:
    """Return what a client is told by that was accepted after some seconds in the queue."""
    words = _(
        "Client {number}: accepted {queued} after it was connected; {answers} answers, longest "
        "wait {longest}."
    )
    shown = {"queued": duration(queued), "longest": duration(longest)}
    return words.format(number=number, answers=f"{answers:,}", **shown)
