"""The parts of programs in Go that speak NTP (RFC 5905, sections 7.3 and 8)."""

from __future__ import annotations

from typing import Final

from netlib.teaching.code.python_ntp import EPOCH_SECONDS

STAMP: Final = f"""
func stamp(t time.Time) uint64 {{
\treturn uint64(t.Unix()+{EPOCH_SECONDS})<<32 | uint64(t.Nanosecond())<<32/1e9
}}
"""
"""The time as NTP counts it: since 1900, in 1/2^32 s."""


def query(deadline: list[str]) -> list[str]:
    """Return one query and what its reply tells; `conn` is connected."""
    return [
        "query := make([]byte, 48)",
        "query[0] = 0x23",
        "t1 := stamp(time.Now())",
        "binary.BigEndian.PutUint64(query[40:], t1)",
        "conn.Write(query)",
        *deadline,
        "if _, err := conn.Read(buffer); err != nil {",
        "\tfmt.Println(err)",
        "} else {",
        "\tt4 := stamp(time.Now())",
        "\tt2, t3 := binary.BigEndian.Uint64(buffer[32:]), binary.BigEndian.Uint64(buffer[40:])",
        "\tdelay := float64(int64(t4-t1)-int64(t3-t2)) / (1 << 32)",
        "\toffset := (float64(int64(t2-t1)) + float64(int64(t3-t4))) / 2 / (1 << 32)",
        '\tconst told = "stratum %d, delay %.2f ms, offset %+.6f s\\n"',
        "\tfmt.Printf(told, buffer[1], delay*1000, offset)",
        "}",
    ]


ANSWER: Final = (
    "if n >= 48 && buffer[0]&7 == 3 {",
    "\treply := make([]byte, 48)",
    "\tcopy(reply, []byte{buffer[0]&0x38 | 4, 1, buffer[2], 0xec, 12: 'L', 'O', 'C', 'L'})",
    "\tcopy(reply[24:], buffer[40:48])",
    "\tarrived := stamp(now())",
    "\tbinary.BigEndian.PutUint64(reply[16:], arrived)",
    "\tbinary.BigEndian.PutUint64(reply[32:], arrived)",
    "\tbinary.BigEndian.PutUint64(reply[40:], stamp(now()))",
    "\tconn.WriteTo(reply, peer)",
    "}",
)
"""What answers the first n bytes of `buffer` to `peer`."""
