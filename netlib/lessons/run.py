"""One run of a step: its script, line by line, on real sockets of this computer.

Whoever owns the network calls `hear` with all that happens, and `turn` often; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netlib import (
    LOCAL_HOST,
    ClientConfig,
    CloseMode,
    ConnectionOptions,
    Endpoint,
    Impairment,
    Item,
    Network,
    Pair,
    RelayConfig,
    ServerConfig,
    TimeConfig,
    Transport,
    _,
    now,
)
from netlib.lessons.stage import Stage
from netlib.lessons.witness import meets
from netlib.teaching.lesson_script import Line, in_words
from netlib.teaching.lesson_words import Reference

if TYPE_CHECKING:
    from netlib import Kernel

_AFTER_FAILURE: Final = frozenset({"failed", "stopped", "closed", "kernel"})
"""Facts that may come after a failure; no other is waited for then."""


class NotProvenError(Exception):
    """What a line waits for has not come; str() is the sentence to show."""


class Run:
    """A script under way. `close` ends its servers and clients."""

    def __init__(self, network: Network, script: Sequence[Line]) -> None:
        self.script = script
        self._stage = Stage(network)
        self._began: float | None = None
        """When the line that is under way was first tried."""
        self.done = 0
        """How many lines are done."""
        self.why_not = ""
        """Why it has ended without its proofs; empty: it has not."""
        self.recording: Path | None = None
        """Into which a case is recorded here and now; None: no case is."""

    @property
    def proven(self) -> bool:
        """Whether every line is done."""
        return self.done == len(self.script)

    @property
    def over(self) -> bool:
        """Whether no line waits any more."""
        return self.proven or bool(self.why_not)

    @property
    def names(self) -> dict[int, str]:
        """Who is who, by activity."""
        witnesses = self._stage.witnesses.items()
        return {activity: name for name, one in witnesses for activity in one.activities}

    def hear(self, item: Item) -> None:
        """Take what happened to anybody."""
        self._stage.hear(item)

    def turn(self) -> None:
        """Go on as far as what has happened allows."""
        self._stage.go_on()
        while not self.over:
            line = self.script[self.done]
            if self._began is None:
                self._began = now()
            try:
                waited = now() - self._began
                if not _DO[line.verb](self._stage, line):
                    self._see_if_it_can_come(line, waited)
                    return
            except (NotProvenError, ValueError) as why:
                self.why_not = str(why)
                return
            if waited < float(str(line.options.get("for", 0.0))):
                return
            self.done += 1
            self._began = None

    def close(self) -> None:
        """Stop whatever it has begun."""
        self._stage.close()

    def _see_if_it_can_come(self, line: Line, waited: float) -> None:
        """Give up what cannot come any more, or has not come within its time."""
        if line.operand not in _AFTER_FAILURE:
            for name in (line.actor, str(line.operand)):
                if name in self._stage.witnesses and (why := self._stage.witnesses[name].failure()):
                    raise NotProvenError(_("{actor}: {fact}").format(actor=name, fact=why))
        if waited > line.within:
            told = _("This has not come within {seconds:g} s: {what}")
            raise NotProvenError(told.format(seconds=line.within, what=in_words(line)))


WRITE_SECONDS: Final = 10.0
"""The write timeout of a client whose line says none."""
_SETTINGS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "address": ("host", str),
    "rate": ("max_accepts", int),
    "buffer": ("receive_buffer", int),
    "backlog": ("backlog", int),
    "receive": ("receive_size", int),
    "clock": ("clock_offset", float),
    "loss": ("loss", float),
    "seed": ("seed", int),
}
"""What a server may be set to: the field of its configuration, by the option of a script."""


# -- what a line does; False: not yet --------------------------------------------------------------


def _serve(stage: Stage, line: Line) -> bool:
    options = dict[str, Any](line.options)
    port = options.get("port", 0)
    if isinstance(port, Reference):
        if (other := stage.address(port)) is None:
            return False
        port = other.port
    config = ServerConfig(
        service=str(line.operand),
        port=int(port),
        transport=Transport(options.get("over", "tcp")),
        accepting_paused="accepting" in options,
        reading_paused="reading" in options,
        **{
            field: kind(options[name])
            for name, (field, kind) in _SETTINGS.items()
            if name in options
        },
    )
    stage.add(line.actor, stage.network.serve(config))
    return True


def _relay(stage: Stage, line: Line) -> bool:
    if (server := _server(stage, line)) is None:
        return False
    options = dict[str, Any](line.options)
    config = RelayConfig(
        endpoint=server,
        transport=Transport(options.get("over", "tcp")),
        up=_impairment(options, "up"),
        down=_impairment(options, "down"),
        seed=int(options.get("seed", 0)),
    )
    stage.add(line.actor, stage.network.serve(config))
    return True


def _impair(stage: Stage, line: Line) -> bool:
    up, down = (_impairment(line.options, way) for way in ("up", "down"))
    stage.network.kernel.impair(stage.activity(line), up, down)
    return True


def _impairment(options: Mapping[str, Any], way: str) -> Impairment:
    """Return what is asked for in one direction."""
    faults = {
        fault.replace("-", "_"): found == "on" or found
        for name, found in options.items()
        for direction, dot, fault in [name.partition(".")]
        if dot and direction == way
    }
    return Impairment(**faults)


def _connect(stage: Stage, line: Line) -> bool:
    if (server := _server(stage, line)) is None:
        return False
    options = dict[str, Any](line.options)
    by_name = options.get("by") == "name"
    host = options.get("address", LOCAL_HOST if by_name else server.host)
    receive = options.get("receive")
    config = ClientConfig(
        endpoint=Endpoint(host, server.port),
        transport=Transport(options.get("over", "tcp")),
        timeout=options.get("timeout", line.within),
        options=ConnectionOptions(
            duplex=True,
            stays_open=True,
            receive_size=None if receive is None else int(receive),
            write_timeout=options.get("write-timeout", WRITE_SECONDS),
        ),
        reading_paused="reading" in options,
    )
    times = int(options.get("times", 1))
    stage.add(line.actor, *(stage.network.connect(config) for _number in range(times)))
    return True


def _ask_time(stage: Stage, line: Line) -> bool:
    if (server := _server(stage, line)) is None:
        return False
    options = dict[str, Any](line.options)
    config = TimeConfig(
        endpoint=server,
        protocol=options.get("protocol", "rfc3339"),
        count=int(options.get("times", 1)),
        interval=0.0,
        timeout=options.get("timeout", line.within),
        retries=int(options.get("retries", 0)),
    )
    stage.add(line.actor, stage.network.query_time(config))
    return True


def _server(stage: Stage, line: Line) -> Endpoint | None:
    return stage.witnesses[str(line.operand)].address("local")


def _send(stage: Stage, line: Line) -> bool:
    assert isinstance(line.operand, bytes)
    options = dict[str, Any](line.options)
    return stage.send(stage.activity(line), line.operand, int(options.get("times", 1)))


def _cannot_send(stage: Stage, line: Line) -> bool:
    assert isinstance(line.operand, bytes)
    if stage.send(stage.activity(line), line.operand):
        raise NotProvenError(_("This is not so: {what}").format(what=in_words(line)))
    return True


def _expect(stage: Stage, line: Line) -> bool:
    witness = stage.witnesses[line.actor]
    if line.operand != "kernel":
        return witness.has(str(line.operand), line.conditions, stage.address)
    if (first := witness.first) is None:
        return False
    kernel = stage.network.kernel
    facts = kernel.connection(first.activity, first.connection)
    if facts is not None:
        return meets(facts, line.conditions, stage.address)
    pair = Pair(first.local, first.peer)  # the program has closed it: what the kernel keeps
    known = kernel.pairs([pair])
    left = known.states.get(pair) if known is not None else None
    return left is not None and meets(left, line.conditions, stage.address)


def _not_yet(stage: Stage, line: Line) -> bool:
    if _expect(stage, line):
        raise NotProvenError(_("This is not so: {what}").format(what=in_words(line)))
    return True


def _end(how: CloseMode) -> Callable[[Stage, Line], bool]:
    def do(stage: Stage, line: Line) -> bool:
        if stage.witnesses[line.actor].first is None:
            return False  # there is nothing yet that could end
        stage.network.end(stage.activity(line), how)
        return True

    return do


def _set(what: Callable[[Kernel, int], None]) -> Callable[[Stage, Line], bool]:
    def do(stage: Stage, line: Line) -> bool:
        what(stage.network.kernel, stage.activity(line))
        return True

    return do


def _stop(stage: Stage, line: Line) -> bool:
    stage.network.stop(stage.activity(line))
    return True


_DO: Final[Mapping[str, Callable[[Stage, Line], bool]]] = {
    "serve": _serve,
    "relay": _relay,
    "impair": _impair,
    "connect": _connect,
    "ask-time": _ask_time,
    "send": _send,
    "cannot-send": _cannot_send,
    "half-close": _end(CloseMode.FINISH),
    "close": _end(CloseMode.CLOSE),
    "reset": _end(CloseMode.ABORT),
    "stop": _stop,
    "pause-reading": _set(lambda kernel, number: kernel.pause_reading(number)),
    "resume-reading": _set(lambda kernel, number: kernel.resume_reading(number)),
    "pause-accepting": _set(lambda kernel, number: kernel.pause_accepting(number)),
    "resume-accepting": _set(lambda kernel, number: kernel.resume_accepting(number)),
    "expect": _expect,
    "not-yet": _not_yet,
}
"""What is done for each verb of a script."""
