"""The models of a server: which are tried, one after the other, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netlib import MODELS, N_, ModelSettings, ModelShown, ServerModel, _, replace
from netlib.teaching.model_words import accepted, in_one_line, in_queue

_LESSONS: Final[dict[str, str]] = {
    "one": N_(
        "One client at a time: the system completes the handshake of every client, and the program "
        "accepts the next one only when the first is gone."
    ),
    "threads": N_("A thread for each client: whoever asks keeps nobody else waiting."),
    "loop": N_(
        "One loop for all clients: it answers whoever has asked; while it works for one, all "
        "others wait."
    ),
}


class ServerModels:
    """At most one run at a time."""

    def __init__(self) -> None:
        """Begin none."""
        self.runs: dict[str, ServerModel] = {}
        """The last run of each model, all of them with the same settings."""
        self.changes = 0
        """Grows with each run that begins or ends."""
        self.refusal = ""
        """Why the last run could not be."""
        self._waiting: list[ModelSettings] = []
        self._run: ServerModel | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None

    @property
    def seconds(self) -> int:
        """How long each run takes; 0: there is none."""
        return next((run.settings.seconds for run in self.runs.values()), 0)

    def start(self, settings: Sequence[ModelSettings]) -> None:
        """Try them one after the other, unless a run is under way."""
        if self._run is not None:
            return
        wanted = [replace(one, model="one") for one in settings]
        if any(replace(run.settings, model="one") not in wanted for run in self.runs.values()):
            self.runs.clear()
        self.refusal, self._waiting = "", [*settings]
        self._next()

    def stop(self) -> None:
        """End the run under way, and begin no other; what has come of it stays."""
        self._waiting.clear()
        if self._run is not None:
            self._run.cancel(timeout=0.0)

    def tick(self) -> None:
        """Look whether the run has ended; then begin the next."""
        if self._run is None or self._run.outcome is None:
            return
        self.refusal = self._run.outcome
        self._run = None
        if self.refusal:
            self._waiting.clear()
        self._next()

    def shown(self) -> dict[str, ModelShown]:
        """Return what has come of each model by now."""
        return {model: self.runs[model].shown for model in MODELS if model in self.runs}

    def words(self) -> str:
        """Return what each model that was tried does."""
        return "\n".join(_(_LESSONS[model]) for model in MODELS if model in self.runs)

    def _next(self) -> None:
        if self._waiting:
            settings = self._waiting.pop(0)
            self._run = self.runs[settings.model] = ServerModel(settings)
        self.changes += 1


def of_client(shown: ModelShown, place: int) -> str:
    """Return what has become of a client, the first of which has place 0."""
    client, number = shown.clients[place], place + 1
    if client.connected is None:
        return _("Client {number}: not connected.").format(number=number)
    if client.accepted is None:
        return in_queue(number, shown.elapsed - client.connected)
    queued = max(client.accepted - client.connected, 0.0)
    return accepted(number, queued, client.answers, client.longest)


def as_text(shown: dict[str, ModelShown]) -> str:
    """Return all that is shown as lines of text."""
    lines = []
    for model, one in shown.items():
        lines.append(in_one_line(_(MODELS[model]), one.figures._asdict()))
        lines += (f"  {of_client(one, place)}" for place in range(len(one.clients)))
    return "\n".join(lines) + "\n"
