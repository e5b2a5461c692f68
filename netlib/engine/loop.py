"""The engine: one thread, one readiness loop, every socket.

What lives here: waiting, timers, deadlines' sweep, commands from other threads, back-pressure from
the recorder, and containment: a bug in one handler ends that handler's owner, never the loop.
What does not: any protocol, any knowledge of TCP or UDP.

A turn: wait; read the clock; if the recorder is full, leave the readable sockets alone; call each
ready handler (where much came in the last turn, not while somebody holds the engines); run commands
and timers; once a second (or at the next deadline, if that is sooner) sweep all deadlines, unless
nobody could be read; tell the recorder that the turn is over. Timers and deadlines are those of the
moment the wait began: what came in time was seen then, even if this program was suspended or the
computer asleep meanwhile.
"""

from __future__ import annotations

import errno
import heapq
import itertools
import os
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from netlib.engine.hold import Hold
from netlib.engine.outbox import NEVER, Outbox, Recorder
from netlib.engine.workers import Workers
from netlib.system.clock import microseconds, now
from netlib.system.logger import Logger, current_traceback
from netlib.system.poller import READ, WRITE, Poller, make_poller
from netlib.system.sockets import wakeup_pair

log = Logger(__name__)

T = TypeVar("T")

SWEEP_SECONDS = 1.0
SWEEP_GRAIN_SECONDS = 0.01
"""Shortest time between two sweeps: ten thousand deadlines in one second must not be that many."""

LULL_SECONDS = 0.5
PAUSE_SECONDS = 0.02
BUSY_BYTES = 4096
"""An engine that read as much in a turn lets itself be held: a moment more or less is nothing to
whoever pours, but to whoever measures how long an answer takes."""
SPARE_SOCKETS = 12
"""Room an engine keeps for listeners, attempts and its wake-up pair when it takes connections."""

FOREVER = float("inf")

Readiness = list[tuple[int, int]]
"""What is ready: descriptors and masks."""


class Owner(Protocol):
    """Whoever a call of the engine's belongs to: a bug in it is his to show, and his end."""

    def crashed(self, trace: str) -> None:
        """Show a bug of ours, and end."""


class Pollable(ABC):
    """Whatever owns a descriptor that the engine watches."""

    __slots__ = ()

    deadline = FOREVER
    """When `on_deadline` is due, by the engine's clock."""

    @abstractmethod
    def on_ready(self, mask: int) -> None:
        """Read or write: the descriptor is ready for it, or broken."""

    def on_deadline(self, now: float) -> None:  # noqa: B027 - many have no deadline
        """Do what is due."""

    def on_lull(self) -> None:  # noqa: B027 - most are not asked
        """Nothing has come for `LULL_SECONDS` since this one asked to be told: see `lulls`."""

    def see_if_ended(self) -> None:  # noqa: B027 - many have no end
        """Only the end is watched for, and the poller tells of none: ask for it."""

    def crashed(self, trace: str) -> None:  # noqa: B027 - the command queue has nobody to tell
        """Show a bug of ours in one of these, and end."""


class Timer:
    """A call planned for later; `cancel()` makes it nothing."""

    __slots__ = ("call", "owner")

    def __init__(self, owner: Owner, call: Callable[[], None]) -> None:
        self.owner = owner
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        """Forget the call; safe at any time."""
        self.call = None


class _Timers:
    """Planned calls, the soonest first."""

    def __init__(self) -> None:
        self.due = FOREVER
        """When the next one rings."""
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    def add(self, when: float, timer: Timer) -> None:
        """Plan a call."""
        heapq.heappush(self._heap, (when, next(self._order), timer))
        self.due = self._heap[0][0]

    def ring(self, now: float) -> None:
        """Make the calls that are due."""
        while self.due <= now:
            timer = heapq.heappop(self._heap)[2]
            self.due = self._heap[0][0] if self._heap else FOREVER
            if timer.call is not None:
                guard(timer.owner, timer.call)


Command = tuple[Owner | None, Callable[..., object], tuple[Any, ...]]
"""Whose it is, what to call, and with what."""


class _CommandQueue(Pollable):
    """Commands from other threads, and the byte that wakes a sleeping engine to them."""

    def __init__(self) -> None:
        self.commands: deque[Command] = deque()
        self._wakeup_receiver, self._wakeup_sender = wakeup_pair()
        self._wakeup_sent = False

    def fileno(self) -> int:
        """Return what becomes readable when a command was put."""
        return self._wakeup_receiver.fileno()

    def put(self, command: Command) -> None:
        """Add a command, from any thread; wake the engine, unless that is done already."""
        self.commands.append(command)
        if not self._wakeup_sent:
            self._wakeup_sent = True
            try:
                self._wakeup_sender.send(b"!")
            except OSError:
                return  # the pair is full, or the engine is gone: either way nothing to add

    def on_ready(self, _mask: int) -> None:
        """Take the wake-up byte; only then may the next one be sent, so that none gets lost."""
        try:
            self._wakeup_receiver.recv(4096)
        except BlockingIOError:
            return
        self._wakeup_sent = False

    def run_pending(self) -> None:
        """Run the commands that are here now."""
        for _ in range(len(self.commands)):
            owner, what, arguments = self.commands.popleft()
            guard(owner, what, *arguments)

    def wait_and_run(self) -> None:
        """Wait for commands without a poller, and run them."""
        self._wakeup_receiver.setblocking(True)
        self.on_ready(READ)
        self.run_pending()

    def close(self) -> None:
        """Give the pair back."""
        self._wakeup_receiver.close()
        self._wakeup_sender.close()


class Engine:
    """The network thread. `call_soon_threadsafe` is for every thread; all else is the engine's."""

    def __init__(
        self,
        outbox: Outbox,
        poller: Poller | None = None,
        workers: Workers | None = None,
        hold: Hold | None = None,
    ) -> None:
        self.outbox = outbox
        self._hold = hold or Hold()
        self._workers = workers or Workers()
        self.us = microseconds()
        """The engine's clock when a turn began; `now` is the same in seconds."""
        self.now = self.us / 1e6
        self.lent = 0
        """Connections lent by another engine, which alone writes this; open or about to be."""
        self.put_bytes = 0
        """Bytes of the chunks given to the recorder in this turn."""
        self.lulls: dict[Pollable, float] = {}
        """Who is told when nothing follows what came at this time; by the sweep, once."""
        self._poller = poller or make_poller()
        self._watched: dict[int, Pollable] = {}
        self._asked: set[Pollable] = set()
        """Watched for their end only, of which the poller does not tell: the sweep asks."""
        self._timers = _Timers()
        self.sweep_due = self.now + SWEEP_SECONDS
        """When deadlines are looked at next; whoever has an earlier one moves it."""
        self._commands = _CommandQueue()
        self._stopping = False
        self.died: Callable[[str], None] = lambda _trace: None
        """Told the traceback when the loop itself breaks; on this thread, where commands go on."""
        self.register(self._commands.fileno(), READ, self._commands)
        self._thread = threading.Thread(target=self._run, name="socketboard-engine", daemon=True)

    # -- any thread ------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to turn. RuntimeError: the system has no more threads."""
        try:
            self._thread.start()
        except RuntimeError:
            self._poller.close()
            self._commands.close()
            raise

    def call_soon_threadsafe(
        self, owner: Owner | None, what: Callable[..., object], *arguments: Any
    ) -> None:
        """Have the engine run `what(*arguments)` soon: one append, and one byte if it sleeps.

        A bug in it is the end of `owner`, never of the loop; None: it is only logged.
        """
        self._commands.put((owner, what, arguments))

    def run(self, owner: Owner | None, what: Callable[..., object], *arguments: Any) -> None:
        """Run `what(*arguments)` at once on this engine, or soon from elsewhere.

        A bug in it is the end of its owner, not of the caller.
        """
        if threading.current_thread() is self._thread:
            guard(owner, what, *arguments)
        else:
            self.call_soon_threadsafe(owner, what, *arguments)

    def in_thread(self, owner: Owner, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do what blocks in a worker's thread; `done` gets what it returned, on the engine.

        Nobody can cancel it: whoever no longer wants the outcome must not listen. `work` returns
        what went wrong as a value; a bug in it is logged, and the end of `owner`.
        """

        def run() -> None:
            try:
                outcome = work()
            except Exception:  # noqa: BLE001 - as in guard(), in a thread of its own
                self.call_soon_threadsafe(owner, _contain, owner, work, current_traceback())
                return
            self.call_soon_threadsafe(owner, done, outcome)

        try:
            self._workers.run(run)
        except RuntimeError:
            self.call_soon_threadsafe(owner, _contain, owner, work, current_traceback())

    def stop(self, timeout: float) -> bool:
        """End the loop and wait up to `timeout` seconds for it; True: the thread is gone."""
        self.call_soon_threadsafe(None, setattr, self, "_stopping", True)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def has_room(self) -> bool:
        """Tell whether one more connection can be taken; exact on the engine that gives it."""
        capacity = self._poller.capacity
        if capacity is None:
            return True
        return max(len(self._watched), self.lent) < capacity - SPARE_SOCKETS

    # -- the engine thread -----------------------------------------------------------------------

    def register(self, fd: int, mask: int, one: Pollable) -> None:
        """Call `one.on_ready` whenever `fd` is ready. Raises OSError when there is no room."""
        capacity = self._poller.capacity
        if capacity is not None and len(self._watched) >= capacity:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        self._poller.register(fd, mask)
        self._watched[fd] = one

    def modify(self, fd: int, mask: int) -> None:
        """Watch `fd` for something else; 0: for its end only."""
        self._poller.modify(fd, mask)
        if not self._poller.tells_ends:
            (self._asked.discard if mask else self._asked.add)(self._watched[fd])

    def unregister(self, fd: int, *, closing: bool = False) -> None:
        """Stop watching `fd`, before it is closed. `closing`: that is next, which may be enough."""
        if (one := self._watched.pop(fd, None)) is not None:
            self._asked.discard(one)
            if closing:
                self._poller.closing(fd)
            else:
                self._poller.unregister(fd)

    def call_later(self, seconds: float, owner: Owner, call: Callable[[], None]) -> Timer:
        """Run `call` after `seconds`, never before; a bug in it is the end of `owner`."""
        timer = Timer(owner, call)
        self._timers.add(now() + seconds, timer)
        return timer

    # -- the loop --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._turn_until_stopped()
        except Exception:  # noqa: BLE001 - the outermost frame of this thread
            trace = current_traceback()
            log.critical("the engine died\n%s", trace)
            self._watched.clear()  # whoever is closed asks no poller, and nobody can begin anew
            self._poller.close()
            guard(None, self.died, trace)
            while not self._stopping:
                self._commands.wait_and_run()
        finally:
            self._poller.close()
            self._commands.close()

    def _turn_until_stopped(self) -> None:
        poll, commands = self._poller.poll, self._commands.commands
        outbox, full, busy = self.outbox, False, False
        while not self._stopping:
            begun, recorder = now(), outbox.recorder  # another one where somebody listens
            due = min(self.sweep_due, self._timers.due, NEVER if recorder is None else recorder.due)
            ready = poll(0.0 if commands else max(0.0, due - begun))
            self.us = us = microseconds()
            self.now = us / 1e6
            if full and recorder is not None:
                ready, full = _pause(recorder, ready, self._commands.fileno())
            self._serve(ready, busy)
            # Sockets first: what came in time was seen before a timer may call it late.
            if commands:
                self._commands.run_pending()
            self._timers.ring(begun)
            if begun >= self.sweep_due and not full:  # who is not read may have spoken in time
                self._sweep(begun)
            busy = self.put_bytes >= BUSY_BYTES
            full = outbox.end_turn(self.put_bytes)
            self.put_bytes = 0

    def _serve(self, ready: Readiness, busy: bool) -> None:
        watched, hold = self._watched, self._hold
        for fd, mask in ready:
            if busy and hold.on:
                hold.wait()
                self.us = us = microseconds()
                self.now = us / 1e6
            one = watched.get(fd)
            if one is not None:
                try:
                    one.on_ready(mask)
                except Exception:  # noqa: BLE001 - as in guard(), without a call a chunk
                    _contain(one, one.on_ready)

    def _sweep(self, now: float) -> None:
        due = self.sweep_due = now + SWEEP_SECONDS
        for one, since in tuple(self.lulls.items()):
            if since + LULL_SECONDS <= now:
                del self.lulls[one]
                guard(one, one.on_lull)
        for one in tuple(self._asked):
            guard(one, one.see_if_ended)
        for one in tuple(self._watched.values()):
            if one.deadline <= now:
                guard(one, one.on_deadline, now)
            due = min(due, one.deadline)
        self.sweep_due = max(min(self.sweep_due, due), now + SWEEP_GRAIN_SECONDS)


def guard(owner: Owner | None, what: Callable[..., object], *arguments: Any) -> None:
    """Run `what(*arguments)`; a bug in it is logged, and `owner` ends itself (`crashed`)."""
    try:
        what(*arguments)
    except Exception:  # noqa: BLE001 - containment is what this is for
        _contain(owner, what)


def _pause(recorder: Recorder, ready: Readiness, wakeup: int) -> tuple[Readiness, bool]:
    """The recorder is full: give it time; if it still is (True), read nothing but commands."""
    recorder.wait_for_room(PAUSE_SECONDS)
    if not recorder.full():
        return ready, False
    kept = ((fd, mask & (READ if fd == wakeup else WRITE)) for fd, mask in ready)
    return [(fd, mask) for fd, mask in kept if mask], True


def _contain(owner: Owner | None, what: Callable[..., object], trace: str = "") -> None:
    """A bug, just caught: log it, and let whoever it belongs to end itself."""
    trace = trace or current_traceback()
    log.error("bug in %r\n%s", what, trace)
    if owner is not None:
        owner.crashed(trace)
