"""The experiments that come with the program: lessons of one step, of two minutes at most."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netlib.i18n import Language, _
from netlib.teaching.lesson import Lesson
from netlib.teaching.lesson_list import in_language, read_shipped

FOLDER: Final = Path(__file__).with_name("experiments")

EXPERIMENTS: Final = (
    "one-send-one-receive",
    "two-messages-in-one-receive",
    "accept-opens-no-port",
    "one-port-for-all-clients",
    "sent-is-not-received",
    "acknowledged-is-not-read",
    "pulled-cable",
    "refused-by-accept",
    "udp-connects-to-nobody",
    "udp-order",
    "who-keeps-time-wait",
    "where-a-server-listens",
    "refused-is-an-answer",
    "bytes-of-a-character",
    "response-and-connection",
    "ntp-one-way",
    "one-client-at-a-time",
    "both-ends-close",
    "packets-stay-below",
    "reset-by-close",
    "sent-before-close",
    "empty-datagram",
    "large-datagram",
    "who-sends-first",
    "byte-order",
    "one-port-two-servers",
    "localhost-is-two-addresses",
    "restarted-server",
    "port-in-use",
    "one-line-to-everybody",
    "two-requests-in-one-send",
    "hello-web-server",
)
"""Their names, in the order in which they are listed."""


def experiment_path(name: str, spoken: Language | None = None) -> Path:
    """Return the file of an experiment, in the language in use or another.

    ValueError with a sentence: there is none of this name.
    """
    if name not in EXPERIMENTS:
        raise ValueError(_("There is no such experiment; experiment --list shows them."))
    return in_language(FOLDER, name, spoken)


def shipped_experiment(name: str, spoken: Language | None = None) -> Lesson:
    """Read an experiment that comes with the program. ValueError with a sentence: there is none."""
    return read_shipped(experiment_path(name, spoken))
