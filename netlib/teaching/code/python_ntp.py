"""The parts of programs in Python that speak NTP (RFC 5905, sections 7.3 and 8)."""

from __future__ import annotations

from typing import Final

from netlib.teaching.code.literals import plus

EPOCH_SECONDS: Final = 2_208_988_800
"""From 1900 to 1970."""

QUERY: Final = (
    "t1 = time.time()",
    f"stamp = int((t1 + {EPOCH_SECONDS}) * 2**32)",
    'sock.send(struct.pack("!B39xQ", 0x23, stamp))',
    "try:",
    "    reply = sock.recv(65535)",
    "    t4 = time.time()",
    f'    t2, t3 = (x / 2**32 - {EPOCH_SECONDS} for x in struct.unpack_from("!2Q", reply, 32))',
    "    delay, offset = (t4 - t1) - (t3 - t2), ((t2 - t1) + (t3 - t4)) / 2",
    '    print(f"stratum {reply[1]}, delay {delay * 1000:.2f} ms, offset {offset:+.6f} s")',
    "except TimeoutError:",
    '    print("timed out")',
)
"""One query and what its reply tells; `sock` is connected."""


def answer(clock_offset: float) -> tuple[list[str], list[str]]:
    """Return what stands before the loop of a server, and what answers `data` of `peer` in it.

    `clock_offset`: seconds that its clock is ahead.
    """
    ahead = plus(clock_offset)
    before = [
        "",
        "def stamp():",
        f"    return int((time.time() + {EPOCH_SECONDS}{ahead}) * 2**32)",
        "",
        "",
    ]
    return before, [
        "if len(data) >= 48 and data[0] & 7 == 3:",
        "    asked, arrived = data[40:48], stamp()",
        "    first = data[0] & 0x38 | 4",
        '    head = struct.pack("!BBBbII4s", first, 1, data[2], -20, 0, 1 << 16, b"LOCL")',
        '    sock.sendto(head + struct.pack("!Q8sQQ", arrived, asked, arrived, stamp()), peer)',
    ]
