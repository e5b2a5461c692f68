"""A small lesson, and what plays one."""

from __future__ import annotations

from netlib import EventQueue, system_name
from netlib.lessons.player import Player
from netlib.teaching.lesson import Lesson
from netlib.teaching.lesson_reader import read_lesson
from tests.helpers import wait_until

SECONDS = 20.0

SMALL = """\
---
name: small
title: A small lesson
minutes: 5
---

What it is about. [run]

## One line

A client sends a line.

### Predict

What comes back?

- [x] The line, with a prefix.

  So does this server. [run]

- [ ] Nothing.

  It did. [run]

### Run

```
serve server acknowledge
connect client server
send client "hi\\n"
expect client received starts="已接收"
```

### What did you see?

How many lines came back?

- [=] 1 ±0 lines

  One for each. [run]

- [ ] any other number

  Count again. [run]

### Why

The server answers each line. [run]

### Not on loopback

How long it takes elsewhere. [RFC 9293 §3.8.1]

## A recorded case

Look at the recording.

### Predict

Two or three?

- [ ] Two.

  No. [case handshake]

- [x] Three.

  Yes. [case handshake]

### Run

```
case handshake
```

### What did you see?

Two or three?

- [ ] Two.

  No. [case handshake]

- [x] Three.

  Yes. [case handshake]

### Why

There are three. [RFC 9293 §3.5]
"""


def lesson(text: str = SMALL) -> Lesson:
    """Read a lesson in which there is nothing to complain of."""
    reading = read_lesson(text.encode())
    assert reading.complaints == ()
    assert reading.lesson is not None
    return reading.lesson


def scripted_text(*lines: str) -> str:
    """Return the small lesson with this script in its first step."""
    first = SMALL.index("serve server")
    end = SMALL.index("```\n\n### What", first)
    return SMALL[:first] + "".join(f"{line}\n" for line in lines) + SMALL[end:]


def scripted(*lines: str) -> Lesson:
    """Return a lesson whose first step has this script."""
    return lesson(scripted_text(*lines))


def proofs_here(lesson: Lesson) -> int:
    """Return how many proofs the runs of a lesson show: a recorded case stands for some steps."""
    here = [one for one in lesson.steps if not one.systems or system_name() in one.systems]
    return sum(line.verb == "expect" for one in here for line in one.script)


def play(player: Player, queue: EventQueue) -> str:
    """Run a step to its end; return why it was not proven, or nothing."""
    player.begin()
    run = player.run
    assert run is not None

    def over() -> bool:
        for item in queue.take():
            player.hear(item)
        player.turn()
        return run.over

    wait_until(over, SECONDS, "the end of the run")
    return run.why_not
