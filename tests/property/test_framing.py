"""The same messages, whatever the chunks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netlib.protocols.framing import (
    Framing,
    LineBuffer,
    LineSplitter,
    LineTooLong,
    message_ends,
)
from netlib.text import count_lf

streams = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b"\n", b"\r\n", b"a", b"bcd", b"\x00\x02"])).map(b"".join),
)
cuts = st.lists(st.integers(1, 40), max_size=40)


def chunks(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [piece for piece in (*pieces, data) if piece]


def feed_lines(limit: int, pieces: list[bytes]) -> tuple[bytes, bytes, bool]:
    """Return all lines, the rest, and whether a line was too long (then there is no rest)."""
    buffer, out = LineBuffer(limit), b""
    try:
        for piece in pieces:
            out += buffer.feed(piece)
            assert buffer.held <= limit
    except LineTooLong as error:
        return out + error.before, b"", True
    return out, buffer.rest(), False


@given(streams, cuts, st.integers(0, 12))
def test_lines_do_not_depend_on_chunks(data: bytes, sizes: list[int], limit: int) -> None:
    *lines, last = data.split(b"\n")
    too_long = next((at for at, line in enumerate(lines) if len(line) > limit), None)
    good = b"".join(line + b"\n" for line in lines[:too_long])
    expected = (
        (good, b"", True) if too_long is not None or len(last) > limit else (good, last, False)
    )
    assert feed_lines(limit, chunks(data, sizes)) == expected


def feed_prefixed(limit: int, pieces: list[bytes], prefix: bytes) -> list[bytes | str]:
    """Return what each piece brings, without the prefix that it must have where it brings lines."""
    buffer = LineBuffer(limit)
    out: list[bytes | str] = []
    try:
        for piece in pieces:
            lines = buffer.feed(piece, prefix)
            assert lines.startswith(prefix) == bool(lines) or not prefix
            out.append(lines[len(prefix) :])
    except LineTooLong as error:
        return [*out, error.before, "too long"]
    return out


@given(streams, cuts, st.integers(0, 12), st.binary(max_size=4))
def test_a_prefix_stands_before_the_same_lines(
    data: bytes, sizes: list[int], limit: int, prefix: bytes
) -> None:
    pieces = chunks(data, sizes)
    assert feed_prefixed(limit, pieces, prefix) == feed_prefixed(limit, pieces, b"")


@given(streams, cuts, st.integers(1, 40))
def test_pieces_of_lines_do_not_depend_on_chunks(data: bytes, sizes: list[int], limit: int) -> None:
    whole, parts = LineSplitter(limit), LineSplitter(limit)
    expected = whole.feed(data)
    assert [message for piece in chunks(data, sizes) for message in parts.feed(piece)] == expected
    assert parts.rest() == whole.rest()


@given(streams, cuts)
def test_lines_and_rest_are_the_stream(data: bytes, sizes: list[int]) -> None:
    splitter = LineSplitter(limit=5)
    messages = [message for piece in chunks(data, sizes) for message in splitter.feed(piece)]
    assert b"".join(messages) + splitter.rest() == data


messages = st.lists(st.binary(max_size=9).map(lambda some: some.replace(b"\n", b"")), max_size=12)
framings = st.sampled_from([Framing(lf=True), *(Framing(prefix=n) for n in (1, 2, 4))]) | st.builds(
    Framing, size=st.integers(9, 12)
)


@given(framings, messages, cuts, st.binary(max_size=8))
def test_messages_are_whole_again_whatever_the_cuts(
    framing: Framing, said: list[bytes], sizes: list[int], tail: bytes
) -> None:
    frames = [framing.frame(message) for message in said]
    stream = b"".join(frames) + tail.replace(b"\n", b"")
    ends = [*message_ends(framing, chunks(stream, sizes))]
    found = [stream[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert found[: len(frames)] == frames
    assert ends == [*message_ends(framing, [stream])]


@given(st.lists(st.integers(0, 5000), max_size=40), st.binary(max_size=3000))
def test_line_feeds_are_counted_whatever_the_length(gaps: list[int], tail: bytes) -> None:
    data = b"".join(b"x" * gap + b"\n" for gap in gaps) + tail
    assert count_lf(data) == data.count(b"\n")
