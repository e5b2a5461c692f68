"""`doctor`: how far one gets on the path to a server, step by step."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from netlib import (
    N_,
    ActivityStopped,
    Crashed,
    Diagnosed,
    DoctorConfig,
    Item,
    NetPath,
)
from netlib.cli.arguments import add_address
from netlib.cli.console import Console
from netlib.cli.interrupt import interrupt_postponed
from netlib.cli.online import TICK_SECONDS, online
from netlib.cli.recorded import add_record
from netlib.teaching.doctor import Finding, State, findings, in_words

ORDER: Final = 65
SUMMARY: Final = N_("Say why a server cannot be reached: name, address, route, connect, reply.")
MORE: Final = N_(
    "Connects over TCP and sends nothing. Where nobody answers in the own network, it also tries "
    "whether the default router does (TCP ports 53, 80 and 443). Exit code 0: no step failed."
)
TIMEOUT: Final = 5.0
TIMEOUT_HELP: Final = N_("seconds for the name lookup, and again for connecting (default 5)")


def add_options(parser: ArgumentParser) -> None:
    """Whose path."""
    add_address(parser)
    add_record(parser)


def run(options: Namespace, console: Console) -> int:
    """Look at the path; return 0 if no step has failed."""
    report = _Report(options, console)
    with online(options, console) as (network, queue):
        network.diagnose(DoctorConfig(endpoint=options.address, timeout=options.timeout))
        while not report.is_over:
            queue.wait(TICK_SECONDS)
            with interrupt_postponed():  # what has been taken is shown
                for item in queue.take():
                    report.hear(item)
    return report.code()


class _Report:
    """Prints each step once it is over, and at the end those that were not reached."""

    def __init__(self, options: Namespace, console: Console) -> None:
        self._json, self._console = options.json, console
        self._path = NetPath(target=options.address)
        self._told = 0
        """How many steps have been printed."""
        self.is_over = False

    def hear(self, item: Item) -> None:
        """Print what is new."""
        match item:
            case Diagnosed(path=path):
                self._path = path
                self._tell(only_over=True)
                self.is_over = self.is_over or path.reply is not None
            case ActivityStopped():
                self.is_over = True
            case Crashed(traceback=trace):
                self._console.note(trace)
            case _:
                pass
        if self.is_over:
            self._tell(only_over=False)

    def code(self) -> int:
        """Return 1 if a step has failed, or a bug of ours has ended it all."""
        return int(any(one.state is not State.OK for one in findings(self._path)))

    def _tell(self, *, only_over: bool) -> None:
        for finding in findings(self._path)[self._told :]:
            if only_over and not finding.is_over:
                return
            self._told += 1
            if self._json:
                self._console.record(_fields(finding))
            else:
                self._console.line(in_words(finding))


def _fields(finding: Finding) -> dict[str, object]:
    """Return a finding as other programs read it."""
    return {
        "step": finding.step,
        "state": finding.state,
        "ms": round(finding.seconds * 1000, 3) if finding.is_over else None,
        "cause": finding.cause,
        "sentence": finding.sentence,
        "advice": finding.advice,
    }
