"""When a signal that asks us to end does so."""

from __future__ import annotations

import signal

import pytest

from netlib.cli.interrupt import interrupt_postponed, signals_end_us


def test_a_signal_ends_what_waits_at_once_and_afterwards_its_old_handler_is_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), signals_end_us():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_postponed_signal_ends_it_after_the_block_once() -> None:
    done = []

    def asked_while_it_shows() -> None:
        with interrupt_postponed():
            signal.raise_signal(signal.SIGINT)
            done.append("shown")
        done.append("went on")

    with pytest.raises(KeyboardInterrupt), signals_end_us():
        asked_while_it_shows()
    with signals_end_us(), interrupt_postponed():
        done.append("anew")
    assert done == ["shown", "anew"]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_closed_terminal_ends_it_unless_that_was_ignored_before() -> None:
    number = getattr(signal, "SIGHUP")  # noqa: B009
    before = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may have it ignored
    try:
        with pytest.raises(KeyboardInterrupt) as ended, signals_end_us():
            signal.raise_signal(number)
        assert getattr(ended.value, "code", None) == 128 + number
        signal.signal(number, signal.SIG_IGN)  # nohup
        with signals_end_us():
            signal.raise_signal(number)
            assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
