"""What the models of a server show, in words."""

from __future__ import annotations

from netlib.teaching.model_words import accepted, duration, figure, in_one_line, in_queue


def test_the_figures_stand_in_one_line() -> None:
    figures = {"connected": 4, "served": 1, "answered": 1, "rate": 6172.5, "longest": 2.0}
    assert in_one_line("one client at a time", figures) == (
        "one client at a time: 4 connected, 1 being served, 1 answered; 6,172 answers a second; "
        "longest wait 2.00 s"
    )


def test_a_slow_server_does_not_seem_to_stand_still() -> None:
    assert (figure("rate", 0.5), figure("rate", 9999.6)) == ("0.5", "10,000")


def test_a_client_is_told_by_how_far_it_came() -> None:
    waits = in_queue(2, 2.5)
    assert "has not accepted it" in waits
    assert waits.endswith("in the accept queue for 2.50 s.")
    assert accepted(1, 0.0023, 1234, 0.1) == (
        "Client 1: accepted 2.3 ms after it was connected; 1,234 answers, longest wait 100 ms."
    )


def test_a_duration_is_told_in_what_suits_it() -> None:
    assert (duration(0.9996), duration(0.0123)) == ("1.00 s", "12.3 ms")
